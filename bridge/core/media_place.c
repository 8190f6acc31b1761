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
    bool had_enough;
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

/* False: stop, be it that the visitor had enough. */
static bool show(struct visit *visit, struct slice value, struct slice name,
                 enum media_form form)
{
    const struct media_place place = {value, name, form};
    if (is_given(value) && !visit->visitor(visit->ctx, &place))
        visit->had_enough = true;
    return !visit->had_enough;
}

/* The string at `reader`; passes over what is none and leaves `text` empty. */
static bool take_string(struct mp_reader *reader, struct slice *text)
{
    struct mp_reader ahead = *reader;
    struct mp_token token;
    *text = (struct slice){0};
    if (!mp_next(&ahead, &token) || token.kind != MP_STR)
        return mp_skip(reader, NULL);
    *text = token.bytes;
    *reader = ahead;
    return true;
}

/* Enter the map or array at `reader`, or pass over what is neither: `head`
 * then counts nothing. */
static bool enter(struct mp_reader *reader, struct mp_token *head)
{
    struct mp_reader ahead = *reader;
    if (!mp_next(&ahead, head))
        return false;
    if (head->kind != MP_MAP && head->kind != MP_ARRAY) {
        head->kind = MP_NIL;
        head->count = 0;
        return mp_skip(reader, NULL);
    }
    *reader = ahead;
    return true;
}

/* ---- segments ---------------------------------------------------------- */

static bool is_medium(struct slice type)
{
    return slice_equals(type, "image") || slice_equals(type, "record") ||
           slice_equals(type, "video") || slice_equals(type, "file") ||
           slice_equals(type, "voice") || slice_equals(type, "cardimage");
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
        if (!take_string(&reader, &key) || !mp_skip(&reader, &value))
            return false;
        enum data_key which = key_of(key);
        if (which != DATA_KEYS)
            values[which] = value;
    }
    return true;
}

static bool visit_medium(struct visit *visit, struct slice data)
{
    struct slice values[DATA_KEYS] = {0};
    if (!find_values(data, values))
        return true;
    if (is_given(values[KEY_URL]) || is_given(values[KEY_FILE]))
        values[KEY_PATH] = (struct slice){0};
    for (size_t i = 0; i < MEDIA_KEYS; i++)
        if (!show(visit, values[i], text_of(values[KEY_NAME]), MEDIA_ANY))
            return false;
    return true;
}

static bool visit_message(struct visit *visit, struct mp_reader *reader,
                          unsigned depth);

static bool visit_content(struct visit *visit, struct slice data,
                          unsigned depth)
{
    struct slice content;
    if (!mp_find(data, "content", &content))
        return true;
    struct mp_reader reader = mp_reader_of(content);
    return visit_message(visit, &reader, depth + 1);
}

/* Behind the head of the map that it is. */
static bool visit_segment(struct visit *visit, struct mp_reader *reader,
                          uint32_t count, unsigned depth)
{
    struct slice type = {0};
    struct slice data = {0};
    for (uint32_t i = 0; i < count; i++) {
        struct slice key;
        if (!take_string(reader, &key))
            return false;
        bool is_sound = slice_equals(key, "type")   ? take_string(reader, &type)
                        : slice_equals(key, "data") ? mp_skip(reader, &data)
                                                    : mp_skip(reader, NULL);
        if (!is_sound)
            return false;
    }
    if (is_medium(type))
        return visit_medium(visit, data);
    if (slice_equals(type, "node") || slice_equals(type, "forward"))
        return visit_content(visit, data, depth);
    return true;
}

/* What is in an array that is no map is passed over. */
static bool visit_element(struct visit *visit, struct mp_reader *reader,
                          unsigned depth)
{
    struct mp_reader ahead = *reader;
    struct mp_token head;
    if (!mp_next(&ahead, &head) || head.kind != MP_MAP)
        return mp_skip(reader, NULL);
    *reader = ahead;
    return visit_segment(visit, reader, head.count, depth);
}

/* A message is an array of segments, or one of them. */
static bool visit_message(struct visit *visit, struct mp_reader *reader,
                          unsigned depth)
{
    struct mp_token head;
    if (depth > NODE_DEPTH_MAX) {
        visit->had_enough = true;
        return false;
    }
    if (!enter(reader, &head))
        return false;
    if (head.kind == MP_MAP)
        return visit_segment(visit, reader, head.count, depth);
    for (uint32_t i = 0; i < head.count; i++)
        if (!visit_element(visit, reader, depth))
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

static bool visit_row(struct visit *visit, struct slice params,
                      const struct row *row)
{
    struct slice value;
    struct slice name = {0};
    if (!mp_find(params, row->param, &value))
        return true;
    if (row->name != NULL && mp_find(params, row->name, &name))
        name = text_of(name);
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token head;
    if (!mp_next(&reader, &head) || head.kind != MP_ARRAY)
        return show(visit, value, name, row->form);
    while (mp_skip(&reader, &value))
        if (!show(visit, value, name, row->form))
            return false;
    return true;
}

static bool is_of(const struct row *row, struct slice action)
{
    return row->action.size == action.size &&
           memcmp(row->action.data, action.data, action.size) == 0;
}

static void visit_rows(struct visit *visit, struct slice action,
                       struct slice params)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (is_of(&ROWS[i], action) && !visit_row(visit, params, &ROWS[i]))
            return;
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

static void visit_speech(struct visit *visit, struct slice params)
{
    struct mp_reader reader = mp_reader_of(params);
    struct mp_token head;
    struct slice key;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return;
    for (uint32_t i = 0; i < head.count && take_string(&reader, &key); i++) {
        bool is_message =
            slice_equals(key, "message") || slice_equals(key, "messages");
        if (!(is_message ? visit_message(visit, &reader, 0)
                         : mp_skip(&reader, NULL)))
            return;
    }
}

/* What is answered to an event: {"operation": {"reply": message}}. */
static void visit_operation(struct visit *visit, struct slice params)
{
    struct slice operation;
    struct slice reply;
    if (!mp_find(params, "operation", &operation) ||
        !mp_find(operation, "reply", &reply))
        return;
    struct mp_reader reader = mp_reader_of(reply);
    (void)visit_message(visit, &reader, 0);
}

bool media_visit(struct slice action, struct slice params,
                 media_visitor *visitor, void *ctx)
{
    struct visit visit = {.visitor = visitor, .ctx = ctx};
    action = plain_action(action);
    if (is_speech(action))
        visit_speech(&visit, params);
    if (slice_equals(action, ".handle_quick_operation"))
        visit_operation(&visit, params);
    if (!visit.had_enough)
        visit_rows(&visit, action, params);
    return !visit.had_enough;
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
