/* SPDX-License-Identifier: MIT */
/* First all media are found, then each is judged: only when it is known what
 * will leave the parameters does it show what has room in the frame. */
#include "media.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/visible.h"
#include "core/media_place.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/warnings.h"

static const char BASE64[] = "base64://";

enum {
    BASE64_SIZE = sizeof(BASE64) - 1,
    PATH_ROOM = 1024, /* for the peer's path in place of a medium */
    SHOWN_MAX = 150,  /* bytes of a name or a path that an error shows */
};

struct finder {
    struct slice params;
    const struct media_options *options;
    struct media_list *list;
    struct warnings *warnings;
    char *fault;
    enum reply_error error; /* of on_place() */
};

/* ---- errors ------------------------------------------------------------ */

/* Cut off what is above `most` bytes, not within a character. */
static void shorten(struct buffer *text, size_t most)
{
    size_t end = 0;
    if (text->size <= most)
        return;
    while (end < most) {
        size_t width = utf8_width(text->data + end, text->size - end);
        width = width == 0 ? 1 : width;
        if (end + width > most)
            break;
        end += width;
    }
    text->size = end;
    buffer_append_string(text, "...");
}

__attribute__((format(printf, 4, 5))) static enum reply_error
refuse(const struct finder *finder, enum reply_error error, const char *at,
       const char *format, ...)
{
    struct buffer name = {0};
    va_list arguments;
    media_append_name(&name, finder->params, at);
    shorten(&name, SHOWN_MAX);
    int size = snprintf(finder->fault, MEDIA_FAULT_SIZE,
                        "%.*s: ", (int)name.size, name.data);
    buffer_finish(&name);
    va_start(arguments, format);
    vsnprintf(finder->fault + size, MEDIA_FAULT_SIZE - (size_t)size, format,
              arguments);
    va_end(arguments);
    return error;
}

static enum reply_error refuse_path(const struct finder *finder,
                                    const struct media_item *item)
{
    struct buffer path = {0};
    visible_append(&path, item->text);
    shorten(&path, SHOWN_MAX);
    enum reply_error error = refuse(
        finder, REPLY_DENIED, item->value.data,
        "no entry of bridge.media.paths maps \"%.*s\", and the peer may live "
        "elsewhere; send the bytes (bin or base64://) or an http(s) URL, or "
        "map a folder that both can reach",
        (int)path.size, path.data);
    buffer_finish(&path);
    return error;
}

/* ---- bytes ------------------------------------------------------------- */

static size_t text_room(size_t bytes)
{
    return base64_text_size(bytes) + BASE64_SIZE;
}

/* Takes the medium the place in the frame, if it has any? */
static bool take_room(struct media_list *list, size_t bytes)
{
    size_t wanted = text_room(bytes);
    if (wanted > MEDIA_FRAME_BYTES_MAX ||
        list->frame_bytes > MEDIA_FRAME_BYTES_MAX - wanted)
        return false;
    list->frame_bytes += wanted;
    return true;
}

static void need(struct media_item *item, struct media_list *list,
                 enum media_need what)
{
    item->need = what;
    list->frame_bytes += PATH_ROOM;
}

static enum reply_error send_whole(const struct finder *finder,
                                   struct media_item *item, size_t size)
{
    if (item->form == MEDIA_DISK)
        return refuse(finder, REPLY_UNSUPPORTED_BY_PEER, item->value.data,
                      "the action takes only a file on the peer's disk, and "
                      "this peer takes no uploads (upload_file_stream); send a "
                      "path that bridge.media.paths maps");
    if (!take_room(finder->list, size))
        return refuse(finder, REPLY_TOO_LARGE, item->value.data,
                      "%zu bytes, with what else is in the request, are more "
                      "than the peer takes in one frame, and this one takes no "
                      "files in parts (upload_file_stream)",
                      size);
    if (size > finder->options->inline_max)
        warnings_add(finder->warnings,
                     "%zu bytes of media are above bridge.media.inlineMax, and "
                     "went in one frame: the peer takes no files in parts "
                     "(upload_file_stream)",
                     size);
    item->need = MEDIA_READY;
    return REPLY_FINE;
}

static enum reply_error judge_size(const struct finder *finder,
                                   struct media_item *item, size_t size)
{
    const struct media_options *options = finder->options;
    if (size == 0)
        return refuse(finder, REPLY_BAD_PARAMS, item->value.data,
                      "the file is empty");
    if (size > options->bytes_max)
        return refuse(finder, REPLY_TOO_LARGE, item->value.data,
                      "%zu bytes are more than mediaMaxMb allows: %zu", size,
                      options->bytes_max);
    if (size <= options->inline_max && item->form != MEDIA_DISK &&
        take_room(finder->list, size)) {
        item->need = MEDIA_READY;
        return REPLY_FINE;
    }
    if (!options->may_upload || item->form == MEDIA_BARE)
        return send_whole(finder, item, size);
    need(item, finder->list, MEDIA_UPLOAD);
    return REPLY_FINE;
}

/* Text that is going to be uploaded is checked on the way: the longer it is,
 * the longer the loop would stand still here. */
static enum reply_error judge_base64(const struct finder *finder,
                                     struct media_item *item)
{
    size_t size;
    if (!base64_is_tidy(item->text)) {
        base64_tidy(item->text, &item->loaded);
        item->text = buffer_slice(&item->loaded);
    }
    if (base64_bytes_size(item->text, &size) == STATUS_OK) {
        enum reply_error error = judge_size(finder, item, size);
        if (error != REPLY_FINE || item->need == MEDIA_UPLOAD ||
            base64_is_valid(item->text))
            return error;
    }
    return refuse(finder, REPLY_BAD_PARAMS, item->value.data,
                  "this is no base64; allowed: letters, digits, + and /, or - "
                  "and _");
}

/* ---- text -------------------------------------------------------------- */

static bool starts_with(struct slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && strncasecmp(text.data, prefix, size) == 0;
}

static struct slice behind(struct slice text, size_t size)
{
    return (struct slice){text.data + size, text.size - size};
}

/* Of data:image/png;base64,… what is behind the comma. */
static bool read_data_url(struct slice url, struct slice *digits)
{
    static const char MARK[] = ";base64";
    size_t size = sizeof(MARK) - 1;
    const char *comma = memchr(url.data, ',', url.size);
    if (comma == NULL || (size_t)(comma - url.data) < size ||
        strncasecmp(comma - size, MARK, size) != 0)
        return false;
    *digits = behind(url, (size_t)(comma - url.data) + 1);
    return true;
}

/* ftp://…, and whatever else is before `://`. */
static bool has_scheme(struct slice text)
{
    size_t i = 0;
    while (i < text.size && text.data[i] != ':' && text.data[i] != '/' &&
           text.data[i] != '\\')
        i++;
    return i > 1 && starts_with(behind(text, i), "://");
}

static enum reply_error judge_path(const struct finder *finder,
                                   struct media_item *item)
{
    struct buffer mapped = {0};
    enum path_verdict verdict = path_map(item->text, finder->options->paths,
                                         finder->options->path_count, &mapped);
    item->source = MEDIA_PATH;
    if (verdict == PATH_MAPPED) {
        struct msgpack_packer packer = pack_into(&item->replacement);
        pack_text(&packer, buffer_slice(&mapped));
        finder->list->frame_bytes += item->replacement.size;
    }
    buffer_finish(&mapped);
    if (verdict == PATH_MAPPED)
        return REPLY_FINE;
    if (verdict == PATH_UNMAPPED)
        return refuse_path(finder, item);
    return refuse(finder, REPLY_BAD_PARAMS, item->value.data,
                  "this is no path: there is a percent sign without two "
                  "hexadecimal digits, a NUL, or a name of dots and blanks");
}

static enum reply_error judge_url(const struct finder *finder,
                                  struct media_item *item)
{
    item->source = MEDIA_URL;
    if (item->form == MEDIA_DISK && !finder->options->fetches)
        return refuse(finder, REPLY_BAD_PARAMS, item->value.data,
                      "the action takes only a file on the peer's disk; send "
                      "the bytes (bin or base64://), or a path that "
                      "bridge.media.paths maps, or set bridge.media.fetch to "
                      "\"bridge\"");
    if (finder->options->fetches)
        need(item, finder->list, MEDIA_FETCH);
    else
        finder->list->frame_bytes += item->value.size;
    return REPLY_FINE;
}

static enum reply_error judge_data_url(const struct finder *finder,
                                       struct media_item *item)
{
    if (!read_data_url(item->text, &item->text))
        return refuse(finder, REPLY_BAD_PARAMS, item->value.data,
                      "of data: addresses only those of base64 are taken: "
                      "data:image/png;base64,...");
    item->source = MEDIA_BASE64;
    return judge_base64(finder, item);
}

static enum reply_error judge_text(const struct finder *finder,
                                   struct media_item *item)
{
    struct slice text = item->text;
    if (item->form == MEDIA_FOLDER)
        return judge_path(finder, item);
    if (starts_with(text, BASE64) || item->form == MEDIA_BARE) {
        if (starts_with(text, BASE64))
            item->text = behind(text, BASE64_SIZE);
        item->source = MEDIA_BASE64;
        return judge_base64(finder, item);
    }
    if (starts_with(text, "data:"))
        return judge_data_url(finder, item);
    if (starts_with(text, "http://") || starts_with(text, "https://"))
        return judge_url(finder, item);
    if (has_scheme(text) && !starts_with(text, "file://"))
        return refuse(finder, REPLY_BAD_PARAMS, item->value.data,
                      "allowed: bin, base64://, data:, http://, https://, "
                      "file:// or the id of a received file");
    if (path_is_one(text))
        return judge_path(finder, item);
    item->source = MEDIA_NAME;
    finder->list->frame_bytes += item->value.size;
    return REPLY_FINE;
}

static enum reply_error judge(const struct finder *finder,
                              struct media_item *item)
{
    struct mp_reader reader = mp_reader_of(item->value);
    struct mp_token token = {.kind = MP_NIL};
    if (mp_next(&reader, &token) && token.kind == MP_BIN &&
        item->form != MEDIA_FOLDER) {
        item->source = MEDIA_BYTES;
        item->bytes = token.bytes;
        return judge_size(finder, item, token.bytes.size);
    }
    if (token.kind != MP_STR)
        return refuse(finder, REPLY_BAD_PARAMS, item->value.data,
                      item->form == MEDIA_FOLDER ? "allowed: a path"
                                                 : "allowed: a string or bin");
    item->text = token.bytes;
    return judge_text(finder, item);
}

/* ---- the list ---------------------------------------------------------- */

static bool on_place(void *ctx, const struct media_place *place)
{
    struct finder *finder = ctx;
    struct media_list *list = finder->list;
    if (list->count == MEDIA_ITEMS_MAX) {
        finder->error = refuse(finder, REPLY_BAD_PARAMS, place->value.data,
                               "one call may have %d files", MEDIA_ITEMS_MAX);
        return false;
    }
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 4 : 2 * list->capacity;
        list->items =
            mem_realloc(list->items, list->capacity * sizeof(list->items[0]));
    }
    /* They come nearly in order: messages do, parameters stand as they like. */
    size_t at = list->count++;
    for (; at > 0 && list->items[at - 1].value.data > place->value.data; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = (struct media_item){
        .value = place->value,
        .name = place->name,
        .form = place->form,
    };
    list->frame_bytes -= place->value.size;
    return true;
}

static bool is_found(const struct media_list *list, const char *bin)
{
    for (size_t i = 0; i < list->count; i++)
        if (bin >= list->items[i].value.data &&
            bin < list->items[i].value.data + list->items[i].value.size)
            return true;
    return false;
}

/* The first byte of each bin: text has them rarely, Chinese text never. */
static bool may_have_bin(struct slice pack)
{
    static const unsigned char FIRST[] = {0xc4, 0xc5, 0xc6};
    for (size_t i = 0; i < sizeof(FIRST); i++)
        if (pack.size > 0 && memchr(pack.data, FIRST[i], pack.size) != NULL)
            return true;
    return false;
}

/* JSON, which the peer gets, has no bin: elsewhere it is a mistake. */
static enum reply_error refuse_other_bin(const struct finder *finder)
{
    if (!may_have_bin(finder->params))
        return REPLY_FINE;
    struct mp_reader reader = mp_reader_of(finder->params);
    struct mp_token token;
    for (const char *at = finder->params.data; mp_next(&reader, &token);
         at = (const char *)reader.at)
        if (token.kind == MP_BIN && !is_found(finder->list, at))
            return refuse(finder, REPLY_BAD_PARAMS, at,
                          "bin is allowed only where a file is, and of `url`, "
                          "`file` and `path` in one only");
    return REPLY_FINE;
}

static enum reply_error find(struct finder *finder, struct slice action)
{
    finder->list->frame_bytes = finder->params.size;
    if (!media_visit(action, finder->params, on_place, finder))
        return finder->error != REPLY_FINE
                   ? finder->error
                   : refuse(finder, REPLY_BAD_PARAMS, finder->params.data,
                            "nodes are nested too deep");
    enum reply_error error = refuse_other_bin(finder);
    for (size_t i = 0; error == REPLY_FINE && i < finder->list->count; i++)
        error = judge(finder, &finder->list->items[i]);
    return error;
}

enum reply_error media_find(struct slice action, struct slice params,
                            const struct media_options *options,
                            struct media_list *list, struct warnings *warnings,
                            char fault[static MEDIA_FAULT_SIZE])
{
    struct finder finder = {
        .params = params,
        .options = options,
        .list = list,
        .warnings = warnings,
        .fault = fault,
    };
    enum reply_error error = find(&finder, action);
    if (error != REPLY_FINE)
        media_finish(list);
    return error;
}

static void move(struct slice *part, struct slice from, struct slice to)
{
    if (part->size > 0)
        part->data = to.data + (part->data - from.data);
}

void media_move(struct media_list *list, struct slice from, struct slice to)
{
    for (size_t i = 0; i < list->count; i++) {
        struct media_item *item = &list->items[i];
        move(&item->value, from, to);
        move(&item->name, from, to);
        if (item->loaded.size > 0)
            continue;
        move(&item->text, from, to);
        move(&item->bytes, from, to);
    }
}

size_t media_waiting(const struct media_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->items[i].need != MEDIA_READY;
    return count;
}

void media_set_path(struct media_item *item, struct slice path)
{
    struct msgpack_packer packer = pack_into(&item->replacement);
    item->replacement.size = 0;
    pack_text(&packer, path);
    item->need = MEDIA_READY;
}

enum reply_error media_set_bytes(struct media_list *list,
                                 struct media_item *item, struct buffer *bytes,
                                 struct slice params,
                                 const struct media_options *options,
                                 struct warnings *warnings,
                                 char fault[static MEDIA_FAULT_SIZE])
{
    const struct finder finder = {
        .params = params,
        .options = options,
        .list = list,
        .warnings = warnings,
        .fault = fault,
    };
    buffer_finish(&item->loaded);
    item->loaded = *bytes;
    *bytes = (struct buffer){0};
    item->source = MEDIA_BYTES;
    item->bytes = buffer_slice(&item->loaded);
    list->frame_bytes -= PATH_ROOM;
    return judge_size(&finder, item, item->bytes.size);
}

enum reply_error media_refuse(const struct media_item *item,
                              struct slice params, enum reply_error error,
                              const char *why,
                              char fault[static MEDIA_FAULT_SIZE])
{
    const struct finder finder = {.params = params, .fault = fault};
    return refuse(&finder, error, item->value.data, "%s", why);
}

enum reply_error media_send_whole(struct media_list *list,
                                  struct media_item *item, struct slice params,
                                  const struct media_options *options,
                                  struct warnings *warnings,
                                  char fault[static MEDIA_FAULT_SIZE])
{
    const struct finder finder = {
        .params = params,
        .options = options,
        .list = list,
        .warnings = warnings,
        .fault = fault,
    };
    size_t size = item->bytes.size;
    if (item->source == MEDIA_BASE64 &&
        base64_bytes_size(item->text, &size) != STATUS_OK)
        size = 0;
    list->frame_bytes -= PATH_ROOM;
    return send_whole(&finder, item, size);
}

/* ---- writing ----------------------------------------------------------- */

static void append_slice(struct buffer *out, struct slice bytes)
{
    buffer_append(out, bytes.data, bytes.size);
}

static void write_base64(const struct media_item *item, struct buffer *out)
{
    bool is_text = item->source == MEDIA_BASE64;
    size_t prefix = item->form == MEDIA_BARE ? 0 : BASE64_SIZE;
    size_t size =
        is_text ? item->text.size : base64_text_size(item->bytes.size);
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_str(&packer, prefix + size);
    buffer_append(out, BASE64, prefix);
    if (is_text)
        append_slice(out, item->text);
    else
        base64_append(out, item->bytes);
}

static void write_item(const struct media_item *item, struct buffer *out)
{
    if (item->replacement.size > 0)
        append_slice(out, buffer_slice(&item->replacement));
    else if (item->source == MEDIA_BYTES || item->source == MEDIA_BASE64)
        write_base64(item, out);
    else
        append_slice(out, item->value);
}

void media_write(struct slice params, const struct media_list *list,
                 struct buffer *out)
{
    const char *at = params.data;
    for (size_t i = 0; i < list->count; i++) {
        struct slice value = list->items[i].value;
        buffer_append(out, at, (size_t)(value.data - at));
        write_item(&list->items[i], out);
        at = value.data + value.size;
    }
    size_t done = params.size == 0 ? 0 : (size_t)(at - params.data);
    buffer_append(out, at, params.size - done);
}

void media_finish(struct media_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        buffer_finish(&list->items[i].loaded);
        buffer_finish(&list->items[i].replacement);
    }
    free(list->items);
    *list = (struct media_list){0};
}
