/* SPDX-License-Identifier: MIT */
#include "segment_form.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json_write.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/segment_type.h"

bool segment_fault(char fault[static REQUEST_FAULT_SIZE], const char *path,
                   const char *format, ...)
{
    char what[REQUEST_FAULT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    int size = snprintf(fault, REQUEST_FAULT_SIZE, "%s%s", path, what);
    (void)size; /* cut off if it is too long */
    return false;
}

/* ---- entries ----------------------------------------------------------- */

/* The last one counts if there are several, as elsewhere. */
static struct segment_entry *find(const struct segment_form *form,
                                  const char *key)
{
    for (size_t i = form->count; i > 0; i--)
        if (slice_equals(form->entries[i - 1].key, key))
            return (struct segment_entry *)&form->entries[i - 1];
    return NULL;
}

bool segment_form_has(const struct segment_form *form, const char *key)
{
    return find(form, key) != NULL;
}

bool segment_form_text(const struct segment_form *form, const char *key,
                       struct slice *text)
{
    const struct segment_entry *entry = find(form, key);
    if (entry == NULL)
        return false;
    if (!entry->is_text)
        return mp_read_str(entry->value, text);
    *text = entry->value;
    return true;
}

bool segment_form_value(const struct segment_form *form, const char *key,
                        struct slice *value)
{
    const struct segment_entry *entry = find(form, key);
    if (entry == NULL || entry->is_text)
        return false;
    *value = entry->value;
    return true;
}

static bool read_digits(struct slice text, int64_t *number)
{
    enum { DIGITS_MAX = 18 };
    if (text.size == 0 || text.size > DIGITS_MAX)
        return false;
    *number = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *number = *number * 10 + (text.data[i] - '0');
    }
    return true;
}

bool segment_form_number(const struct segment_form *form, const char *key,
                         int64_t *number)
{
    struct slice text;
    struct slice value;
    if (segment_form_text(form, key, &text))
        return read_digits(text, number);
    return segment_form_value(form, key, &value) &&
           mp_read_int(value, number) && *number >= 0;
}

static void set(struct segment_form *form, const char *key,
                struct segment_entry entry)
{
    struct segment_entry *old = find(form, key);
    form->is_changed = true;
    if (old == NULL) {
        assert(form->count < SEGMENT_ENTRIES_MAX);
        old = &form->entries[form->count++];
    }
    *old = entry;
}

void segment_form_set_text(struct segment_form *form, const char *key,
                           struct slice text)
{
    set(form, key, (struct segment_entry){slice_of(key), text, true});
}

void segment_form_set_value(struct segment_form *form, const char *key,
                            struct slice pack)
{
    set(form, key, (struct segment_entry){slice_of(key), pack, false});
}

/* Room for a number that goes with the form. */
static char *number_room(struct segment_form *form)
{
    assert(form->number_count < SEGMENT_NUMBERS_MAX);
    return form->numbers[form->number_count++];
}

void segment_form_set_number(struct segment_form *form, const char *key,
                             int64_t number)
{
    char *room = number_room(form);
    snprintf(room, SEGMENT_NUMBER_SIZE, "%" PRId64, number);
    segment_form_set_text(form, key, slice_of(room));
}

void segment_form_rename(struct segment_form *form, const char *key,
                         const char *name)
{
    struct segment_entry *entry = find(form, key);
    if (entry == NULL)
        return;
    entry->key = slice_of(name);
    form->is_changed = true;
}

static void remove_at(struct segment_form *form, size_t i)
{
    form->count--;
    memmove(&form->entries[i], &form->entries[i + 1],
            (form->count - i) * sizeof(form->entries[0]));
    form->is_changed = true;
}

void segment_form_remove(struct segment_form *form, const char *key)
{
    for (size_t i = form->count; i > 0; i--)
        if (slice_equals(form->entries[i - 1].key, key))
            remove_at(form, i - 1);
}

void segment_form_become(struct segment_form *form, const char *type)
{
    form->type = segment_type_find(slice_of(type));
    form->name = slice_of(type);
    form->count = 0;
    form->is_changed = true;
}

/* ---- one parameter ------------------------------------------------------ */

static void set_as_text(struct segment_form *form, struct segment_entry *entry,
                        struct slice text)
{
    *entry = (struct segment_entry){entry->key, text, true};
    form->is_changed = true;
}

/* The text of the number that the entry is. */
static void number_to_text(struct segment_form *form,
                           struct segment_entry *entry)
{
    const struct json_writer_options options = {0};
    struct buffer text = {0};
    struct json_error error;
    char *room = number_room(form);
    if (json_from_msgpack(entry->value, &options, &text, &error) == STATUS_OK &&
        text.size <= SEGMENT_NUMBER_SIZE) {
        memcpy(room, text.data, text.size);
        set_as_text(form, entry, (struct slice){room, text.size});
    }
    buffer_finish(&text);
}

static bool is_number(const struct mp_token *token)
{
    return token->kind == MP_INT || token->kind == MP_UINT ||
           token->kind == MP_DOUBLE;
}

/* A text, or a number that then is one. */
static bool take_text(struct segment_form *form, struct segment_entry *entry,
                      struct slice *text)
{
    struct mp_reader reader = mp_reader_of(entry->value);
    struct mp_token token;
    if (!mp_next(&reader, &token))
        return false;
    if (token.kind == MP_STR) {
        *text = token.bytes;
        return true;
    }
    if (is_number(&token))
        number_to_text(form, entry);
    *text = entry->value;
    return entry->is_text;
}

static bool is_who(struct slice text)
{
    int64_t number;
    return slice_equals(text, "all") ||
           (read_digits(text, &number) && number > 0);
}

/* Between -most and most, in decimals. */
static bool is_degrees(struct slice text, int most)
{
    char digits[SEGMENT_NUMBER_SIZE + 1];
    char *end;
    if (text.size == 0 || text.size > SEGMENT_NUMBER_SIZE)
        return false;
    memcpy(digits, text.data, text.size);
    digits[text.size] = '\0';
    if (strspn(digits, "0123456789.+-eE") != text.size)
        return false;
    double degrees = strtod(digits, &end);
    return *end == '\0' && degrees >= -most && degrees <= most;
}

/* An integer as such. */
static bool take_integer(struct segment_form *form, struct segment_entry *entry)
{
    struct slice text;
    int64_t integer;
    if (mp_read_int(entry->value, &integer))
        return true;
    if (!mp_read_str(entry->value, &text) || !read_digits(text, &integer))
        return false;
    struct buffer pack = {0};
    struct msgpack_packer packer = pack_into(&pack);
    msgpack_pack_int64(&packer, integer);
    char *room = number_room(form);
    memcpy(room, pack.data, pack.size);
    entry->value = (struct slice){room, pack.size};
    form->is_changed = true;
    buffer_finish(&pack);
    return true;
}

static bool is_text_or(enum mp_kind kind, struct slice value)
{
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token token;
    return mp_next(&reader, &token) &&
           (token.kind == MP_STR || token.kind == kind);
}

/* What the form takes, for people. */
static const char *allowed_of(const struct segment_param *param)
{
    switch (param->form) {
    case PARAM_WHO:
        return "a QQ number, or \"all\"";
    case PARAM_INTEGER:
        return "an integer";
    case PARAM_DEGREES:
        return param->most == 90 ? "a number from -90 to 90"
                                 : "a number from -180 to 180";
    case PARAM_JSON:
        return "JSON as a text, or a map";
    case PARAM_FILE:
        return "a text, or bytes";
    default:
        return "a text";
    }
}

static bool refuse(char *fault, const char *path,
                   const struct segment_param *param)
{
    return segment_fault(fault, path, ".data.%s: %s: %s", param->name,
                         param->is_required ? "required" : "allowed",
                         allowed_of(param));
}

static bool takes(struct segment_form *form, struct segment_entry *entry,
                  const struct segment_param *param)
{
    struct slice text;
    switch (param->form) {
    case PARAM_TEXT:
        return take_text(form, entry, &text);
    case PARAM_WHO:
        return take_text(form, entry, &text) && is_who(text);
    case PARAM_INTEGER:
        return take_integer(form, entry);
    case PARAM_DEGREES:
        return take_text(form, entry, &text) && is_degrees(text, param->most);
    case PARAM_JSON:
        return is_text_or(MP_MAP, entry->value);
    case PARAM_FILE:
        return is_text_or(MP_BIN, entry->value);
    default:
        return true;
    }
}

/* ---- the whole ---------------------------------------------------------- */

/* `value` must be a number from `least` to `most`, if it is there. */
static bool check_choice(const struct segment_form *form, const char *key,
                         int least, int most, const char *path, char *fault)
{
    int64_t number;
    if (!segment_form_has(form, key) ||
        (segment_form_number(form, key, &number) && number >= least &&
         number <= most))
        return true;
    return segment_fault(fault, path,
                         ".data.%s: allowed: an integer from %d to %d", key,
                         least, most);
}

static bool check_rps(const struct segment_form *form, const char *path,
                      char *fault)
{
    return check_choice(form, "result", 1, 3, path, fault) &&
           check_choice(form, "value", 0, 2, path, fault);
}

static bool check_dice(const struct segment_form *form, const char *path,
                       char *fault)
{
    return check_choice(form, "result", 1, 6, path, fault) &&
           check_choice(form, "value", 1, 6, path, fault);
}

/* An empty text names no file. */
static bool has_file(const struct segment_form *form, const char *key)
{
    struct slice text = {0};
    return segment_form_has(form, key) &&
           (!segment_form_text(form, key, &text) || text.size > 0);
}

static bool check_media(const struct segment_form *form, const char *path,
                        char *fault)
{
    return has_file(form, "file") || has_file(form, "url") ||
           has_file(form, "path") ||
           segment_fault(fault, path,
                         ".data.file: required: a file, or its url or path");
}

static bool check_reply(const struct segment_form *form, const char *path,
                        char *fault)
{
    return segment_form_has(form, "id") || segment_form_has(form, "seq") ||
           segment_fault(fault, path, ".data.id: required: a message_id");
}

static bool check_contact(const struct segment_form *form, const char *path,
                          char *fault)
{
    struct slice type;
    return (segment_form_text(form, "type", &type) &&
            (slice_equals(type, "qq") || slice_equals(type, "group"))) ||
           segment_fault(fault, path,
                         ".data.type: required: \"qq\" or \"group\"");
}

static bool is_song_service(struct slice type)
{
    static const char *const SERVICES[] = {"qq",    "163",  "xm",
                                           "kugou", "migu", "kuwo"};
    for (size_t i = 0; i < sizeof(SERVICES) / sizeof(SERVICES[0]); i++)
        if (slice_equals(type, SERVICES[i]))
            return true;
    return false;
}

static bool check_custom_music(const struct segment_form *form,
                               const char *path, char *fault)
{
    static const char *const NEEDED[] = {"url", "audio", "title"};
    for (size_t i = 0; i < sizeof(NEEDED) / sizeof(NEEDED[0]); i++)
        if (!segment_form_has(form, NEEDED[i]))
            return segment_fault(fault, path,
                                 ".data.%s: required: a text, with type custom",
                                 NEEDED[i]);
    return true;
}

static bool check_music(const struct segment_form *form, const char *path,
                        char *fault)
{
    struct slice type = {0};
    (void)segment_form_text(form, "type", &type);
    if (slice_equals(type, "custom"))
        return check_custom_music(form, path, fault);
    if (!is_song_service(type))
        return segment_fault(fault, path,
                             ".data.type: required: \"qq\", \"163\", \"xm\", "
                             "\"kugou\", \"migu\", \"kuwo\" or \"custom\"");
    return segment_form_has(form, "id") ||
           segment_fault(fault, path, ".data.id: required: the song's id");
}

static bool check_node(const struct segment_form *form, const char *path,
                       char *fault)
{
    return segment_form_has(form, "id") || segment_form_has(form, "content") ||
           segment_fault(fault, path,
                         ".data.content: required: a message, or the id of one "
                         "in data.id");
}

/* What the table of parameters cannot say. */
static const struct {
    const char *type;
    bool (*check)(const struct segment_form *form, const char *path,
                  char *fault);
} CHECKS[] = {
    {"image", check_media},     {"record", check_media}, {"video", check_media},
    {"file", check_media},      {"reply", check_reply},  {"rps", check_rps},
    {"dice", check_dice},       {"node", check_node},    {"music", check_music},
    {"contact", check_contact},
};

static bool check_whole(const struct segment_form *form, const char *path,
                        char *fault)
{
    for (size_t i = 0; i < sizeof(CHECKS) / sizeof(CHECKS[0]); i++)
        if (slice_equals(form->name, CHECKS[i].type))
            return CHECKS[i].check(form, path, fault);
    return true;
}

static bool check_required(const struct segment_form *form, const char *path,
                           char *fault)
{
    for (const struct segment_param *param = form->type->params;
         param->form != PARAM_END; param++)
        if (param->is_required && !segment_form_has(form, param->name))
            return refuse(fault, path, param);
    return true;
}

static bool is_nil(struct slice value)
{
    return slice_equals(value, "\xc0");
}

/* Put the entries into the form that the type wants them in. */
static bool take_params(struct segment_form *form, const char *path,
                        char *fault)
{
    for (size_t i = 0; i < form->count;) {
        struct segment_entry *entry = &form->entries[i];
        const struct segment_param *param =
            segment_type_param(form->type, entry->key);
        if (param != NULL &&
            is_nil(entry->value)) { /* as if it was not there */
            remove_at(form, i);
            continue;
        }
        if (param != NULL && !slice_equals(entry->key, param->name) &&
            !segment_form_has(form, param->name)) {
            entry->key = slice_of(param->name);
            form->is_changed = true;
        }
        if (param != NULL && !takes(form, entry, param))
            return refuse(fault, path, param);
        i++;
    }
    return check_required(form, path, fault) && check_whole(form, path, fault);
}

static bool read_entry(struct mp_reader *reader, struct segment_form *form)
{
    struct mp_token key;
    struct slice value;
    if (!mp_next(reader, &key) || key.kind != MP_STR ||
        !mp_skip(reader, &value))
        return false;
    form->entries[form->count++] =
        (struct segment_entry){key.bytes, value, false};
    return true;
}

static bool read_data(struct segment_form *form, struct slice data,
                      const char *path, char *fault)
{
    struct mp_reader reader = mp_reader_of(data);
    struct mp_token head;
    if (data.size == 0 || is_nil(data)) {
        form->is_changed = true;
        return true;
    }
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return segment_fault(fault, path, ".data: allowed: a map");
    if (head.count > SEGMENT_ENTRIES_MAX)
        return segment_fault(fault, path, ".data: allowed: at most %d keys",
                             SEGMENT_ENTRIES_MAX);
    for (uint32_t i = 0; i < head.count; i++)
        if (!read_entry(&reader, form))
            return segment_fault(fault, path, ".data: allowed: texts as keys");
    return true;
}

static void set_type(struct segment_form *form, struct slice name)
{
    form->type = segment_type_find(name);
    form->name = name;
    if (form->type != NULL && !slice_equals(name, form->type->name)) {
        form->name = slice_of(form->type->name);
        form->is_changed = true;
    }
}

bool segment_form_read(struct segment_form *form, struct slice segment,
                       const char *path, char fault[static REQUEST_FAULT_SIZE])
{
    struct slice value;
    struct slice name;
    struct slice data = {0};
    form->text = (struct buffer){0};
    form->count = form->number_count = 0;
    form->is_changed = false;
    if (!mp_find(segment, "type", &value) || !mp_read_str(value, &name) ||
        name.size == 0)
        return segment_fault(fault, path, ".type: required: a text");
    set_type(form, name);
    (void)mp_find(segment, "data", &data);
    return read_data(form, data, path, fault) &&
           (form->type == NULL || take_params(form, path, fault));
}

void segment_form_finish(struct segment_form *form)
{
    buffer_finish(&form->text);
}

void segment_form_pack(const struct segment_form *form, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "type");
    pack_text(&packer, form->name);
    pack_string(&packer, "data");
    msgpack_pack_map(&packer, form->count);
    for (size_t i = 0; i < form->count; i++) {
        pack_text(&packer, form->entries[i].key);
        if (form->entries[i].is_text)
            pack_text(&packer, form->entries[i].value);
        else
            pack_raw(&packer, form->entries[i].value);
    }
}
