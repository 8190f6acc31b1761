/* SPDX-License-Identifier: MIT */
#include "media_place.h"

#include <stdint.h>
#include <stdio.h>

#include "base/visible.h"
#include "core/mp.h"

/* Nodes in nodes: NapCat follows three, and stops. */
enum { NODE_DEPTH_MAX = 16 };

struct visit {
    media_visitor *visitor;
    void *ctx;
};

static bool starts_with(struct slice text, struct slice prefix)
{
    return text.size >= prefix.size &&
           memcmp(text.data, prefix.data, prefix.size) == 0;
}

#define STARTS_WITH(text, prefix)                                              \
    starts_with((text), (struct slice){(prefix), sizeof(prefix) - 1})

static struct mp_token token_of(struct slice value)
{
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token token = {.kind = MP_NIL};
    (void)mp_next(&reader, &token);
    return token;
}

/* The string in `value`; empty if it is none. */
static struct slice text_of(struct slice value)
{
    struct mp_token token = token_of(value);
    return token.kind == MP_STR ? token.bytes : (struct slice){0};
}

static bool is_given(struct slice value)
{
    if (value.size == 0)
        return false;
    struct mp_token token = token_of(value);
    return token.kind != MP_NIL &&
           !(token.kind == MP_STR && token.bytes.size == 0);
}

static bool show(const struct visit *visit, struct slice value,
                 struct slice name, enum media_form form)
{
    const struct media_place place = {value, name, form};
    return !is_given(value) || visit->visitor(visit->ctx, &place);
}

static bool take_entry(struct mp_reader *reader, struct slice *key,
                       struct slice *value)
{
    struct slice pack;
    if (!mp_skip(reader, &pack) || !mp_skip(reader, value))
        return false;
    *key = text_of(pack);
    return true;
}

/* ---- segments ---------------------------------------------------------- */

static bool is_medium(struct slice type)
{
    static const char *const TYPES[] = {
        "image", "record", "video", "file", "voice", "cardimage",
    };
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
        if (slice_equals(type, TYPES[i]))
            return true;
    return false;
}

enum data_key {
    KEY_URL,
    KEY_FILE,
    KEY_PATH,
    KEY_THUMB,
    KEY_COVER,
    MEDIA_KEYS,
    KEY_NAME = MEDIA_KEYS,
    DATA_KEYS,
};

static enum data_key key_of(struct slice name)
{
    static const char *const NAMES[] = {
        [KEY_URL] = "url",     [KEY_FILE] = "file",   [KEY_PATH] = "path",
        [KEY_THUMB] = "thumb", [KEY_COVER] = "cover", [KEY_NAME] = "name",
    };
    for (size_t i = 0; i < DATA_KEYS; i++)
        if (slice_equals(name, NAMES[i]))
            return (enum data_key)i;
    return DATA_KEYS;
}

/* Of two values under one key the last counts, as in JSON. */
static bool find_values(struct slice data, struct slice values[DATA_KEYS])
{
    struct mp_reader reader = mp_reader_of(data);
    struct mp_token head;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return false;
    for (uint32_t i = 0; i < head.count; i++) {
        struct slice key;
        struct slice value;
        if (!take_entry(&reader, &key, &value))
            return false;
        enum data_key which = key_of(key);
        if (which != DATA_KEYS)
            values[which] = value;
    }
    return true;
}

/* In the order in which they stand, whatever that is. */
static bool show_in_order(const struct visit *visit,
                          struct slice values[MEDIA_KEYS], struct slice name)
{
    for (;;) {
        struct slice *next = NULL;
        for (size_t i = 0; i < MEDIA_KEYS; i++)
            if (values[i].size > 0 &&
                (next == NULL || values[i].data < next->data))
                next = &values[i];
        if (next == NULL)
            return true;
        if (!show(visit, *next, name, MEDIA_ANY))
            return false;
        *next = (struct slice){0};
    }
}

static bool visit_medium(const struct visit *visit, struct slice data)
{
    struct slice values[DATA_KEYS] = {0};
    if (!find_values(data, values))
        return true;
    if (is_given(values[KEY_URL]) || is_given(values[KEY_FILE]))
        values[KEY_PATH] = (struct slice){0};
    return show_in_order(visit, values, text_of(values[KEY_NAME]));
}

static bool visit_message(const struct visit *visit, struct slice message,
                          unsigned depth);

static bool visit_segment(const struct visit *visit, struct slice segment,
                          unsigned depth)
{
    struct mp_reader reader = mp_reader_of(segment);
    struct mp_token head;
    struct slice type = {0};
    struct slice data = {0};
    struct slice content;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return true;
    for (uint32_t i = 0; i < head.count; i++) {
        struct slice key;
        struct slice value;
        if (!take_entry(&reader, &key, &value))
            return true;
        if (slice_equals(key, "type"))
            type = text_of(value);
        else if (slice_equals(key, "data"))
            data = value;
    }
    if (is_medium(type))
        return visit_medium(visit, data);
    if ((slice_equals(type, "node") || slice_equals(type, "forward")) &&
        mp_find(data, "content", &content))
        return visit_message(visit, content, depth + 1);
    return true;
}

/* A message is an array of segments, or one of them. */
static bool visit_message(const struct visit *visit, struct slice message,
                          unsigned depth)
{
    struct mp_reader reader = mp_reader_of(message);
    struct mp_token head;
    struct slice segment;
    if (depth > NODE_DEPTH_MAX)
        return false;
    if (!mp_next(&reader, &head))
        return true;
    if (head.kind == MP_MAP)
        return visit_segment(visit, message, depth);
    if (head.kind != MP_ARRAY)
        return true;
    while (mp_skip(&reader, &segment))
        if (!visit_segment(visit, segment, depth))
            return false;
    return true;
}

/* ---- other parameters -------------------------------------------------- */

struct row {
    struct slice action;
    const char *param, *name;
    enum media_form form;
};

#define ACTION(text)                                                           \
    {                                                                          \
        text, sizeof(text) - 1                                                 \
    }

static const struct row ROWS[] = {
    {ACTION("upload_group_file"), "file", "name", MEDIA_ANY},
    {ACTION("upload_private_file"), "file", "name", MEDIA_ANY},
    {ACTION("upload_image"), "file", NULL, MEDIA_ANY},
    {ACTION("upload_image_to_qun_album"), "file", NULL, MEDIA_ANY},
    {ACTION("upload_group_album"), "files", NULL, MEDIA_ANY},
    {ACTION("upload_flash_file"), "paths", NULL, MEDIA_DISK},
    {ACTION("set_qq_avatar"), "file", NULL, MEDIA_ANY},
    {ACTION("set_group_portrait"), "file", NULL, MEDIA_ANY},
    {ACTION("_send_group_notice"), "image", NULL, MEDIA_ANY},
    {ACTION("ocr_image"), "image", NULL, MEDIA_ANY},
    {ACTION(".ocr_image"), "image", NULL, MEDIA_ANY},
    {ACTION("add_custom_face"), "file", "file_name", MEDIA_ANY},
    {ACTION("send_online_file"), "file_path", "file_name", MEDIA_DISK},
    {ACTION("send_online_folder"), "folder_path", NULL, MEDIA_FOLDER},
    {ACTION("create_flash_task"), "files", NULL, MEDIA_DISK},
    {ACTION("create_flash_task"), "thumb_path", NULL, MEDIA_DISK},
    {ACTION("download_file"), "base64", "name", MEDIA_BARE},
    {ACTION("send_qzone_msg"), "images", NULL, MEDIA_ANY},
};
enum { ROW_COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };

static bool visit_row(const struct visit *visit, struct slice params,
                      const struct row *row)
{
    struct slice value;
    struct slice name = {0};
    struct slice element;
    if (!mp_find(params, row->param, &value))
        return true;
    if (row->name != NULL && mp_find(params, row->name, &name))
        name = text_of(name);
    if (token_of(value).kind != MP_ARRAY)
        return show(visit, value, name, row->form);
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token head;
    for (bool more = mp_next(&reader, &head); more;) {
        more = mp_skip(&reader, &element);
        if (more && !show(visit, element, name, row->form))
            return false;
    }
    return true;
}

static bool visit_rows(const struct visit *visit, struct slice action,
                       struct slice params)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].action.size == action.size &&
            memcmp(ROWS[i].action.data, action.data, action.size) == 0 &&
            !visit_row(visit, params, &ROWS[i]))
            return false;
    return true;
}

/* ---- actions ----------------------------------------------------------- */

/* The action without what says how it is done. */
static struct slice plain_action(struct slice action)
{
    static const struct slice SUFFIXES[] = {
        ACTION("_async"),
        ACTION("_rate_limited"),
    };
    for (size_t i = 0; i < sizeof(SUFFIXES) / sizeof(SUFFIXES[0]); i++) {
        size_t size = SUFFIXES[i].size;
        if (action.size > size && memcmp(action.data + action.size - size,
                                         SUFFIXES[i].data, size) == 0)
            return (struct slice){action.data, action.size - size};
    }
    return action;
}

/* send_msg, send_group_forward_msg … */
static bool is_speech(struct slice action)
{
    static const char SUFFIX[] = "_msg";
    size_t size = sizeof(SUFFIX) - 1;
    return STARTS_WITH(action, "send_") && action.size >= size + 4 &&
           memcmp(action.data + action.size - size, SUFFIX, size) == 0;
}

static bool visit_entries(const struct visit *visit, struct slice params)
{
    struct mp_reader reader = mp_reader_of(params);
    struct mp_token head;
    struct slice key;
    struct slice value;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return true;
    for (uint32_t i = 0; i < head.count && take_entry(&reader, &key, &value);
         i++)
        if ((slice_equals(key, "message") || slice_equals(key, "messages")) &&
            !visit_message(visit, value, 0))
            return false;
    return true;
}

/* What is answered to an event: {"operation": {"reply": message}}. */
static bool visit_operation(const struct visit *visit, struct slice params)
{
    struct slice operation;
    struct slice reply;
    return !mp_find(params, "operation", &operation) ||
           !mp_find(operation, "reply", &reply) ||
           visit_message(visit, reply, 0);
}

bool media_visit(struct slice action, struct slice params,
                 media_visitor *visitor, void *ctx)
{
    const struct visit visit = {visitor, ctx};
    action = plain_action(action);
    if (is_speech(action) && !visit_entries(&visit, params))
        return false;
    if (slice_equals(action, ".handle_quick_operation"))
        return visit_operation(&visit, params);
    return visit_rows(&visit, action, params);
}

/* ---- names ------------------------------------------------------------- */

static bool holds(struct slice value, const char *at)
{
    return at >= value.data && at < value.data + value.size;
}

static void append_key(struct buffer *out, struct slice key)
{
    buffer_append_string(out, ".");
    visible_append(out, text_of(key));
}

/* Append the name of the child of `value` that holds `at`, and make it
 * `value`. False: there is none. */
static bool descend(struct buffer *out, struct slice *value, const char *at)
{
    struct mp_reader reader = mp_reader_of(*value);
    struct mp_token head;
    char index[24];
    struct slice key;
    if (!mp_next(&reader, &head) || at == value->data ||
        (head.kind != MP_MAP && head.kind != MP_ARRAY))
        return false;
    for (uint32_t i = 0; i < head.count; i++) {
        if ((head.kind == MP_MAP && !mp_skip(&reader, &key)) ||
            !mp_skip(&reader, value))
            return false;
        if (!holds(*value, at))
            continue;
        snprintf(index, sizeof(index), "[%u]", i);
        if (head.kind == MP_MAP)
            append_key(out, key);
        else
            buffer_append_string(out, index);
        return true;
    }
    return false;
}

void media_append_name(struct buffer *out, struct slice params, const char *at)
{
    buffer_append_string(out, "params");
    while (descend(out, &params, at))
        continue;
}
