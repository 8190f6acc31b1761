/* SPDX-License-Identifier: MIT */
#include "field.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/ids.h"
#include "base/mem.h"
#include "config_faults.h"
#include "environment.h"
#include "origin.h"
#include "quantity.h"
#include "wording.h"

enum {
    SECRET_FILE_BYTES_MAX = 64 * 1024,
    REASON_SIZE = 160,
};

/* One value being read. */
struct value {
    const struct field *field;
    const cJSON *json;
    const char *text; /* NULL if it is none */
    bool loose;       /* text of which any type may be read */
    void *place;
    char reason[REASON_SIZE]; /* why it is refused */
    char *const *environment;
    const struct origin *origin;
    struct config_faults *faults;
};

static void *place_of(const struct field *field, void *base)
{
    return (char *)base + field->offset;
}

static const void *place_in(const struct field *field, const void *base)
{
    return (const char *)base + field->offset;
}

static bool refuse(struct value *value, const char *reason)
{
    snprintf(value->reason, sizeof(value->reason), "%s", reason);
    return false;
}

/* -- Single values --------------------------------------------------------- */

/* cJSON's `valueint` stops at INT_MAX, and a double is whole but wrong above
 * FIELD_ID_MAX. */
static bool whole(double number, int64_t *out)
{
    if (!(number >= -(double)FIELD_ID_MAX && number <= (double)FIELD_ID_MAX))
        return false;
    *out = (int64_t)number;
    return (double)*out == number;
}

static bool parse_with(struct value *value,
                       bool (*parse)(const char *text, int64_t *number),
                       bool any_text, int64_t *number)
{
    if (cJSON_IsNumber(value->json))
        return whole(value->json->valuedouble, number);
    bool readable = value->text != NULL && (any_text || value->loose);
    return readable && parse(value->text, number);
}

static bool is_number(struct value *value, int64_t *number)
{
    switch (value->field->type) {
    case FIELD_TIME:
        return parse_with(value, quantity_parse_time, true, number);
    case FIELD_SIZE:
        return parse_with(value, quantity_parse_size, true, number);
    case FIELD_ID:
        return parse_with(value, quantity_parse_number, true, number);
    default:
        return parse_with(value, quantity_parse_number, false, number);
    }
}

static const char *not_a_number(enum field_type type)
{
    switch (type) {
    case FIELD_TIME:
        return "is no duration";
    case FIELD_SIZE:
        return "is no size";
    case FIELD_ID:
        return "is no QQ number";
    default:
        return "is no whole number";
    }
}

static void store_number(struct value *value, int64_t number)
{
    switch (value->field->type) {
    case FIELD_TIME:
        *(uint64_t *)value->place = (uint64_t)number;
        break;
    case FIELD_SIZE:
        *(size_t *)value->place = (size_t)number;
        break;
    case FIELD_ID:
        *(int64_t *)value->place = number;
        break;
    default:
        *(int *)value->place = (int)number;
    }
}

static bool take_number(struct value *value)
{
    int64_t number;
    if (!is_number(value, &number))
        return refuse(value, not_a_number(value->field->type));
    if (number < value->field->least || number > value->field->most)
        return refuse(value, "is out of range");
    store_number(value, number);
    return true;
}

static bool take_bool(struct value *value)
{
    bool *place = value->place;
    const char *text = value->loose ? value->text : "";
    if (cJSON_IsTrue(value->json) || strcmp(text, "true") == 0)
        *place = true;
    else if (cJSON_IsFalse(value->json) || strcmp(text, "false") == 0)
        *place = false;
    else
        return refuse(value, "is no boolean");
    return true;
}

static bool take_real(struct value *value)
{
    char *end = NULL;
    double number = 0;
    bool is_number = value->json != NULL && cJSON_IsNumber(value->json);
    if (is_number) {
        number = value->json->valuedouble;
    } else if (value->loose && value->text != NULL) {
        number = strtod(value->text, &end);
        is_number = end != value->text && *end == '\0';
    }
    if (!is_number)
        return refuse(value, "is no number");
    if (!(number >= (double)value->field->least &&
          number <= (double)value->field->most))
        return refuse(value, "is out of range");
    *(double *)value->place = number;
    return true;
}

/* It is checked as JSON, whichever way it came. */
static bool take_json(struct value *value)
{
    cJSON *parsed = value->loose ? cJSON_Parse(value->text) : NULL;
    const cJSON *json = value->loose ? parsed : value->json;
    const char *reason =
        json == NULL ? "is no JSON" : value->field->check_json(json);
    char *text = reason == NULL ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(parsed);
    if (text == NULL)
        return refuse(value, reason);
    char **place = value->place;
    free(*place);
    *place = mem_strdup(text);
    cJSON_free(text);
    return true;
}

static bool take_enum(struct value *value)
{
    if (value->text == NULL)
        return refuse(value, "is no text");
    const struct field *field = value->field;
    for (int i = 0; field->names[i] != NULL; i++) {
        if (strcmp(value->text, field->names[i]) != 0)
            continue;
        *(int *)value->place = i;
        return true;
    }
    if (field->alias == NULL || strcmp(value->text, field->alias) != 0)
        return refuse(value, "is not known");
    *(int *)value->place = field->alias_value;
    return true;
}

/* Takes `text` over. */
static bool put_string(struct value *value, char *text)
{
    const char *reason = value->field->check(text);
    if (reason != NULL) {
        free(text);
        return refuse(value, reason);
    }
    char **place = value->place;
    free(*place);
    *place = text;
    return true;
}

static bool take_string(struct value *value)
{
    if (value->text == NULL)
        return refuse(value, "is no text");
    return put_string(value, mem_strdup(value->text));
}

/* An editor's last newline is not part of the secret. */
static void drop_newline(struct buffer *buffer)
{
    if (buffer->size > 0 && buffer->data[buffer->size - 1] == '\n')
        buffer->size--;
    if (buffer->size > 0 && buffer->data[buffer->size - 1] == '\r')
        buffer->size--;
}

/* The reasons leave the file's name out: who mistakes this key for the secret's
 * own has put the secret there. */
static bool take_file(struct value *value)
{
    if (value->text == NULL)
        return refuse(value, "is no text");
    struct buffer content = {0};
    int error = file_read(value->text, SECRET_FILE_BYTES_MAX, &content);
    if (error != 0) {
        snprintf(value->reason, sizeof(value->reason),
                 "names a file that cannot be read: %s", strerror(error));
        buffer_finish(&content);
        return false;
    }
    drop_newline(&content);
    char *secret = mem_dup(content.data, content.size);
    if (strlen(secret) != content.size)
        secret[0] = '\0'; /* a NUL in it: not the half before it, but none */
    buffer_finish(&content);
    return put_string(value, secret) ||
           refuse(value, "names a file that holds no sound secret");
}

static bool take(struct value *value)
{
    switch (value->field->type) {
    case FIELD_BOOL:
        return take_bool(value);
    case FIELD_ENUM:
        return take_enum(value);
    case FIELD_REAL:
        return take_real(value);
    case FIELD_JSON:
        return take_json(value);
    case FIELD_STRING:
    case FIELD_SECRET:
        return take_string(value);
    case FIELD_FILE:
        return take_file(value);
    default:
        return take_number(value);
    }
}

/* -- Faults ---------------------------------------------------------------- */

static bool is_secret(const struct field *field)
{
    return field->type == FIELD_SECRET || field->type == FIELD_FILE;
}

/* A URL may hold one: ws://me:secret@host, ?token=secret. All of it is looked
 * at: what is shown may be cut short before the sign. */
static bool may_hold_secret(const struct value *value)
{
    const char *text =
        value->json == NULL ? value->text : value->json->valuestring;
    bool is_url = value->field->show != NULL ||
                  (text != NULL && strstr(text, "://") != NULL);
    return is_secret(value->field) ||
           (text != NULL && (strstr(text, "access_token=") != NULL ||
                             (is_url && strpbrk(text, "@?") != NULL)));
}

static void complain(const struct value *value)
{
    char shown[WORDING_VALUE_SIZE] = "the value";
    char allowed[WORDING_ALLOWED_SIZE];
    wording_allowed(value->field, allowed);
    if (!may_hold_secret(value) && value->json != NULL)
        wording_json(value->json, shown);
    else if (!may_hold_secret(value))
        wording_text(value->text, shown);
    origin_fault(value->origin, value->faults, "%s %s; allowed: %s", shown,
                 value->reason, allowed);
}

static void complain_of_variable(const struct value *value, struct slice name)
{
    if (name.size != 0)
        origin_fault(value->origin, value->faults,
                     "the environment variable %.*s is not set",
                     name.size < 100 ? (int)name.size : 100, name.data);
    else
        origin_fault(value->origin, value->faults,
                     "\"${\" opens no variable; allowed: \"${NAME}\", and "
                     "\"$${\" for \"${\" itself");
}

/* -- Text ------------------------------------------------------------------ */

/* Find the text of a string in the file, its variables put in; `room` keeps
 * it. False if that is a fault. */
static bool expand(struct value *value, struct buffer *room)
{
    struct slice missing;
    if (value->json == NULL || !cJSON_IsString(value->json))
        return true;
    const char *written = value->json->valuestring;
    if (environment_expand(value->environment, written, room, &missing) !=
        STATUS_OK) {
        complain_of_variable(value, missing);
        return false;
    }
    buffer_append(room, "", 1);
    value->text = room->data;
    value->loose = strstr(written, "${") != NULL;
    return true;
}

/* -- Lists ----------------------------------------------------------------- */

static bool take_element(struct value *value)
{
    struct buffer room = {0};
    bool expanded = expand(value, &room);
    bool sound = expanded && take_string(value);
    if (expanded && !sound)
        complain(value);
    buffer_finish(&room);
    return sound;
}

/* No further than one beyond the most: that is one fault, not a million. */
static bool has_room(const struct value *value, const struct field_list *list)
{
    return (int64_t)list->count <= value->field->most;
}

static bool take_array(const struct value *value, struct field_list *list)
{
    bool sound = true;
    struct origin origin = *value->origin;
    struct value element = *value;
    element.origin = &origin;
    cJSON_ArrayForEach(element.json, value->json)
    {
        if (!has_room(value, list))
            break;
        origin.item = element.json;
        element.text = NULL;
        element.place = field_list_push(list);
        sound = take_element(&element) && sound;
    }
    return sound;
}

static char *next_of(const char **rest)
{
    const char *start = *rest + strspn(*rest, " \t");
    size_t size = strcspn(start, ",");
    *rest = start + size + (start[size] == ',' ? 1 : 0);
    while (size > 0 && strchr(" \t", start[size - 1]) != NULL)
        size--;
    return mem_dup(start, size);
}

static bool take_commas(const struct value *value, struct field_list *list)
{
    bool sound = true;
    struct value element = *value;
    const char *rest = value->text;
    while (*rest != '\0' && has_room(value, list)) {
        char *text = next_of(&rest);
        element.text = text;
        element.place = field_list_push(list);
        if (!take_string(&element)) {
            complain(&element);
            sound = false;
        }
        free(text);
    }
    return sound;
}

static bool take_one(const struct value *value, struct field_list *list)
{
    struct value element = *value;
    element.place = field_list_push(list);
    if (take_string(&element))
        return true;
    complain(&element);
    return false;
}

static bool take_elements(struct value *value, struct field_list *list)
{
    if (cJSON_IsArray(value->json))
        return take_array(value, list);
    if (value->loose)
        return take_commas(value, list);
    if (value->field->one_will_do && value->text != NULL)
        return take_one(value, list);
    refuse(value, "is no list");
    complain(value);
    return false;
}

static bool has_right_count(const struct value *value,
                            const struct field_list *list)
{
    const struct field *field = value->field;
    int64_t count = (int64_t)list->count;
    if (count >= field->least && count <= field->most)
        return true;
    origin_fault(value->origin, value->faults,
                 "too %s elements; allowed: %" PRId64 " to %" PRId64,
                 count < field->least ? "few" : "many", field->least,
                 field->most);
    return false;
}

static void read_list(struct value *value)
{
    struct field_list list = {0};
    if (!take_elements(value, &list) || !has_right_count(value, &list)) {
        field_list_finish(&list);
        return;
    }
    field_list_finish(value->place);
    *(struct field_list *)value->place = list;
}

/* -- Ids ------------------------------------------------------------------- */

static bool skip(const char **text, const char *prefix)
{
    size_t size = strlen(prefix);
    bool has_it = strncmp(*text, prefix, size) == 0;
    *text += has_it ? size : 0;
    return has_it;
}

/* Where the number belongs that follows; NULL: there is none for it here. A
 * user is what any is in a list that has no groups in it. */
static struct id_set *set_of(const struct field *field, const char **text,
                             struct id_list *list)
{
    while (skip(text, "napcatqq:") || skip(text, "qq:"))
        ;
    if (skip(text, "user:"))
        return field->tells_kinds ? &list->users : &list->bare;
    if (skip(text, "group:"))
        return field->tells_kinds ? &list->groups : NULL;
    return &list->bare;
}

static bool take_id_text(struct value *value, struct id_list *list)
{
    int64_t id;
    const char *text = value->text;
    if (strcmp(text, "*") == 0) {
        list->any = true;
        return true;
    }
    struct id_set *set = set_of(value->field, &text, list);
    if (set == NULL)
        return refuse(value, "is no user");
    if (!quantity_parse_number(text, &id))
        return refuse(value, "is no QQ number");
    if (id < 1 || id > FIELD_ID_MAX)
        return refuse(value, "is out of range");
    id_set_add(set, id);
    return true;
}

static bool take_id(struct value *value, struct id_list *list)
{
    int64_t id;
    if (!cJSON_IsNumber(value->json))
        return value->text != NULL ? take_id_text(value, list)
                                   : refuse(value, "is no QQ number");
    if (!whole(value->json->valuedouble, &id) || id < 1)
        return refuse(value, "is no QQ number");
    ids_add(list, id);
    return true;
}

static bool take_id_array(const struct value *value, struct id_list *list)
{
    bool sound = true;
    struct origin origin = *value->origin;
    struct value element = *value;
    element.origin = &origin;
    cJSON_ArrayForEach(element.json, value->json)
    {
        struct buffer room = {0};
        origin.item = element.json;
        element.text = NULL;
        bool expanded = expand(&element, &room);
        bool taken = expanded && take_id(&element, list);
        if (expanded && !taken)
            complain(&element);
        sound = taken && sound;
        buffer_finish(&room);
    }
    return sound;
}

static bool take_id_commas(const struct value *value, struct id_list *list)
{
    bool sound = true;
    struct value element = *value;
    const char *rest = value->text;
    while (*rest != '\0') {
        char *text = next_of(&rest);
        element.text = text;
        if (!take_id_text(&element, list)) {
            complain(&element);
            sound = false;
        }
        free(text);
    }
    return sound;
}

static void read_ids(struct value *value)
{
    struct id_list list = {0};
    bool sound = false;
    if (cJSON_IsArray(value->json)) {
        sound = take_id_array(value, &list);
    } else if (value->loose) {
        sound = take_id_commas(value, &list);
    } else {
        refuse(value, "is no list");
        complain(value);
    }
    if (!sound) {
        ids_finish(&list);
        return;
    }
    ids_finish(value->place);
    *(struct id_list *)value->place = list;
}

/* -- The rows -------------------------------------------------------------- */

static void read_value(struct value *value)
{
    struct buffer room = {0};
    if (expand(value, &room)) {
        if (value->field->type == FIELD_LIST)
            read_list(value);
        else if (value->field->type == FIELD_IDS)
            read_ids(value);
        else if (!take(value))
            complain(value);
    }
    buffer_finish(&room);
}

void field_read(const struct field *field, const struct field_input *input,
                const struct origin *origin, void *base,
                struct config_faults *faults)
{
    struct value value = {
        .field = field,
        .json = input->json,
        .text = input->text,
        .loose = input->json == NULL,
        .place = place_of(field, base),
        .environment = input->environment,
        .origin = origin,
        .faults = faults,
    };
    read_value(&value);
}

void field_init(const struct field *field, void *base)
{
    struct config_faults faults = {0};
    struct origin origin = {.place = "default", .key = field->key};
    struct field_input input = {.text = field->initial};
    if (field->initial != NULL)
        field_read(field, &input, &origin, base, &faults);
    assert(faults.count == 0);
}

static size_t size_of(enum field_type type)
{
    switch (type) {
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_TIME:
        return sizeof(uint64_t);
    case FIELD_SIZE:
        return sizeof(size_t);
    case FIELD_ID:
        return sizeof(int64_t);
    case FIELD_REAL:
        return sizeof(double);
    default:
        return sizeof(int);
    }
}

void field_copy(const struct field *field, const void *from, void *to)
{
    switch (field->type) {
    case FIELD_STRING:
    case FIELD_SECRET:
    case FIELD_JSON:
        *(char **)place_of(field, to) =
            mem_strdup(*(char *const *)place_in(field, from));
        break;
    case FIELD_FILE: /* its secret's row has done it */
        break;
    case FIELD_LIST:
        field_list_copy(place_in(field, from), place_of(field, to));
        break;
    case FIELD_IDS:
        ids_copy(place_in(field, from), place_of(field, to));
        break;
    default:
        memcpy(place_of(field, to), place_in(field, from),
               size_of(field->type));
    }
}

static cJSON *show_number(int64_t number)
{
    char text[32];
    snprintf(text, sizeof(text), "%" PRId64, number);
    return cJSON_CreateRaw(text); /* never 1e+15 */
}

/* As the file would have it: "${" is written "$${", or it would name a
 * variable there. */
static cJSON *show_string(const char *text)
{
    struct buffer shown = {0};
    if (text == NULL)
        return NULL;
    for (; *text != '\0'; text++) {
        if (strncmp(text, "${", 2) == 0)
            buffer_append_string(&shown, "$");
        buffer_append(&shown, text, 1);
    }
    buffer_append(&shown, "", 1);
    cJSON *string = cJSON_CreateString(shown.data);
    buffer_finish(&shown);
    return string;
}

/* The same of one that may have a secret in it. */
static cJSON *show_text(const struct field *field, const char *text)
{
    if (text == NULL || field->show == NULL)
        return show_string(text);
    char *shown = field->show(text);
    cJSON *json = show_string(shown);
    free(shown);
    return json;
}

/* One that must have elements and has none is not there. */
static cJSON *show_list(const struct field *field,
                        const struct field_list *list)
{
    if (list->count == 0 && field->least > 0)
        return NULL;
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; i < list->count; i++)
        cJSON_AddItemToArray(array, show_text(field, list->items[i]));
    return array;
}

static void show_kind(cJSON *array, const struct id_set *set, const char *kind)
{
    char text[48];
    for (size_t i = 0; i < set->count; i++) {
        snprintf(text, sizeof(text), "%s:%" PRId64, kind, set->ids[i]);
        cJSON_AddItemToArray(array, cJSON_CreateString(text));
    }
}

static cJSON *show_ids(const struct id_list *list)
{
    cJSON *array = cJSON_CreateArray();
    if (list->any)
        cJSON_AddItemToArray(array, cJSON_CreateString("*"));
    for (size_t i = 0; i < list->bare.count; i++)
        cJSON_AddItemToArray(array, show_number(list->bare.ids[i]));
    show_kind(array, &list->users, "user");
    show_kind(array, &list->groups, "group");
    return array;
}

/* As cJSON_CreateRaw(), which copies. */
static cJSON *show_json(const char *text)
{
    return text == NULL ? NULL : cJSON_Parse(text);
}

cJSON *field_show(const struct field *field, const void *base)
{
    const void *place = place_in(field, base);
    switch (field->type) {
    case FIELD_BOOL:
        return cJSON_CreateBool(*(const bool *)place);
    case FIELD_INT:
        return show_number(*(const int *)place);
    case FIELD_TIME:
        return show_number((int64_t) * (const uint64_t *)place);
    case FIELD_SIZE:
        return show_number((int64_t) * (const size_t *)place);
    case FIELD_ID:
        return *(const int64_t *)place == 0
                   ? NULL
                   : show_number(*(const int64_t *)place);
    case FIELD_ENUM:
        return show_string(field->names[*(const int *)place]);
    case FIELD_STRING:
        return show_text(field, *(char *const *)place);
    case FIELD_SECRET:
        return show_string(*(char *const *)place == NULL ? NULL : "***");
    case FIELD_LIST:
        return show_list(field, place);
    case FIELD_IDS:
        return show_ids(place);
    case FIELD_REAL:
        return cJSON_CreateNumber(*(const double *)place);
    case FIELD_JSON:
        return show_json(*(char *const *)place);
    case FIELD_FILE:
        break;
    }
    return NULL;
}

void field_finish(const struct field *field, void *base)
{
    char **string = place_of(field, base);
    if (field->type == FIELD_LIST) {
        field_list_finish(place_of(field, base));
    } else if (field->type == FIELD_IDS) {
        ids_finish(place_of(field, base));
    } else if (field->type == FIELD_STRING || field->type == FIELD_SECRET ||
               field->type == FIELD_JSON) {
        free(*string);
        *string = NULL;
    }
}
