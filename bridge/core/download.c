/* SPDX-License-Identifier: MIT */
#include "download.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/visible.h"
#include "core/mp.h"
#include "core/pack.h"

enum {
    IMAGE = 1 << DOWNLOAD_IMAGE,
    RECORD = 1 << DOWNLOAD_RECORD,
    VIDEO = 1 << DOWNLOAD_VIDEO,
    A_FILE = 1 << DOWNLOAD_FILE,
    ANY_KIND = IMAGE | RECORD | VIDEO | A_FILE,
};

/* What an action wants to be told. */
enum {
    WANTS_FILE = 1, /* `file`, and `file_id` where it is known */
    WANTS_FORMAT = 2,
    WANTS_FILE_ID = 4,
    WANTS_GROUP = 8,
    WANTS_NO_GROUP = 16,
};

struct way {
    const char *action;
    unsigned kinds, wants;
};

/* The whole at once before the stream: older peers know the former alone, and
 * where an address comes of it, it does not go through the link at all. A
 * record is asked for only where it is converted: nobody plays silk. */
static const struct way WAYS[] = {
    {"get_image", IMAGE, WANTS_FILE},
    {"get_record", RECORD, WANTS_FILE | WANTS_FORMAT},
    {"get_file", IMAGE | VIDEO | A_FILE, WANTS_FILE},
    {"get_group_file_url", A_FILE, WANTS_FILE_ID | WANTS_GROUP},
    {"get_private_file_url", A_FILE, WANTS_FILE_ID | WANTS_NO_GROUP},
    {"download_file_image_stream", IMAGE, WANTS_FILE},
    {"download_file_record_stream", RECORD, WANTS_FILE | WANTS_FORMAT},
    {"download_file_stream", VIDEO | A_FILE, WANTS_FILE},
};
enum { WAY_COUNT = sizeof(WAYS) / sizeof(WAYS[0]) };

struct download {
    enum download_kind kind;
    char *file, *file_id, *first_url, *out_format; /* "" if not known */
    int64_t group_id;
    size_t bytes_max;
    size_t way; /* of WAYS; WAY_COUNT: `first_url`; above: none is left */
    char *url;  /* that is being loaded */
    struct buffer bytes, name;
    enum reply_error error;
    struct buffer fault; /* with a NUL */
};

/* ---- why not ----------------------------------------------------------- */

static const char *way_name(const struct download *download)
{
    return download->way < WAY_COUNT ? WAYS[download->way].action
                                     : "the address in the message";
}

/* How many bytes of `text` make whole characters within `most`. */
static size_t whole_characters(struct slice text, size_t most)
{
    size_t end = 0;
    while (end < text.size) {
        size_t width = utf8_width(text.data + end, text.size - end);
        width = width == 0 ? 1 : width;
        if (end + width > most)
            break;
        end += width;
    }
    return end;
}

/* Append "get_image: why", and as much as fits of `what`. */
static void add_fault(struct download *download, const char *why,
                      struct slice what)
{
    struct buffer line = {0};
    struct buffer *fault = &download->fault;
    if (fault->size > 1)
        buffer_append_string(&line, "; ");
    buffer_append_string(&line, way_name(download));
    buffer_append_string(&line, ": ");
    buffer_append_string(&line, why);
    visible_append(&line, what);
    fault->size--; /* the NUL */
    buffer_append(fault, line.data,
                  whole_characters(buffer_slice(&line),
                                   DOWNLOAD_FAULT_SIZE - 1 - fault->size));
    buffer_append(fault, "", 1);
    buffer_finish(&line);
}

static enum download_step give_up(struct download *download,
                                  enum reply_error error, const char *why)
{
    add_fault(download, why, (struct slice){0});
    download->error = error;
    return DOWNLOAD_FAILED;
}

/* ---- an object's life -------------------------------------------------- */

static char *copy(struct slice text)
{
    return mem_dup(text.size == 0 ? "" : text.data, text.size);
}

struct download *download_create(const struct download_options *options)
{
    struct download *download = mem_zalloc(1, sizeof(*download));
    download->kind = options->kind;
    download->file = copy(options->file);
    download->file_id = copy(options->file_id);
    download->first_url = copy(options->url);
    download->out_format = copy(
        options->out_format.size > 0 ? options->out_format : slice_of("mp3"));
    download->group_id = options->group_id;
    download->bytes_max = options->bytes_max;
    buffer_append(&download->fault, "", 1);
    return download;
}

void download_destroy(struct download *download)
{
    if (download == NULL)
        return;
    free(download->file);
    free(download->file_id);
    free(download->first_url);
    free(download->out_format);
    free(download->url);
    buffer_finish(&download->bytes);
    buffer_finish(&download->name);
    buffer_finish(&download->fault);
    free(download);
}

/* ---- the ways ---------------------------------------------------------- */

static bool is_known(const char *text)
{
    return text[0] != '\0';
}

static bool is_open(const struct download *download, const struct way *way)
{
    unsigned wants = way->wants;
    if ((way->kinds & 1U << download->kind) == 0)
        return false;
    if ((wants & WANTS_FILE) != 0 && !is_known(download->file) &&
        !is_known(download->file_id))
        return false;
    if ((wants & WANTS_FILE_ID) != 0 && !is_known(download->file_id))
        return false;
    return ((wants & WANTS_GROUP) == 0 || download->group_id != 0) &&
           ((wants & WANTS_NO_GROUP) == 0 || download->group_id == 0);
}

static bool is_url(struct slice text)
{
    return (text.size > 7 && strncasecmp(text.data, "http://", 7) == 0) ||
           (text.size > 8 && strncasecmp(text.data, "https://", 8) == 0);
}

static enum download_step fetch(struct download *download, struct slice url)
{
    free(download->url);
    download->url = copy(url);
    return DOWNLOAD_FETCH;
}

/* The first way from the present one on that can be tried. */
static enum download_step try_from(struct download *download, size_t way)
{
    for (; way < WAY_COUNT; way++)
        if (is_open(download, &WAYS[way])) {
            download->way = way;
            return DOWNLOAD_ASK;
        }
    if (way == WAY_COUNT && is_url(slice_of(download->first_url))) {
        download->way = way;
        return fetch(download, slice_of(download->first_url));
    }
    download->way = WAY_COUNT + 1;
    download->error = REPLY_PEER_ERROR;
    return DOWNLOAD_FAILED;
}

static enum download_step try_next(struct download *download, const char *why,
                                   struct slice what)
{
    add_fault(download, why, what);
    return try_from(download, download->way + 1);
}

enum download_step download_begin(struct download *download)
{
    return try_from(download, 0);
}

const char *download_action(const struct download *download)
{
    assert(download->way < WAY_COUNT);
    return WAYS[download->way].action;
}

/* An entry for a text that is known; the other way round it only counts. */
static void add_entry(struct buffer *out, uint32_t *count, const char *key,
                      const char *text)
{
    struct msgpack_packer packer = pack_into(out);
    if (!is_known(text))
        return;
    pack_word(&packer, key, text);
    ++*count;
}

void download_pack_params(const struct download *download, struct buffer *out)
{
    const struct way *way = &WAYS[download->way];
    struct buffer entries = {0};
    struct msgpack_packer packer = pack_into(&entries);
    uint32_t count = 0;
    if ((way->wants & WANTS_GROUP) != 0) {
        pack_string(&packer, "group_id");
        msgpack_pack_int64(&packer, download->group_id);
        count++;
    }
    /* The standard has `file` only; where only an id is known, it is that. */
    if ((way->wants & WANTS_FILE) != 0)
        add_entry(&entries, &count, "file",
                  is_known(download->file) ? download->file
                                           : download->file_id);
    add_entry(&entries, &count, "file_id", download->file_id);
    if ((way->wants & WANTS_FORMAT) != 0)
        add_entry(&entries, &count, "out_format", download->out_format);
    packer = pack_into(out);
    msgpack_pack_map(&packer, count);
    pack_raw(&packer, buffer_slice(&entries));
    buffer_finish(&entries);
}

/* ---- answers ----------------------------------------------------------- */

static struct slice string_in(struct slice data, const char *key)
{
    struct slice value;
    struct slice text = {0};
    if (mp_find(data, key, &value))
        (void)mp_read_str(value, &text);
    return text;
}

static struct slice bin_in(struct slice data, const char *key)
{
    struct slice value;
    struct mp_token token;
    if (!mp_find(data, key, &value))
        return (struct slice){0};
    struct mp_reader reader = mp_reader_of(value);
    return mp_next(&reader, &token) && token.kind == MP_BIN ? token.bytes
                                                            : (struct slice){0};
}

static enum download_step too_large(struct download *download)
{
    return give_up(download, REPLY_TOO_LARGE,
                   "the file is larger than mediaMaxMb allows");
}

static enum download_step keep(struct download *download, struct slice bytes)
{
    if (bytes.size > download->bytes_max)
        return too_large(download);
    buffer_append(&download->bytes, bytes.data, bytes.size);
    return DOWNLOAD_DONE;
}

static enum download_step keep_base64(struct download *download,
                                      struct slice text)
{
    size_t size;
    if (text.size >= 9 && memcmp(text.data, "base64://", 9) == 0)
        text = (struct slice){text.data + 9, text.size - 9};
    if (base64_bytes_size(text, &size) == STATUS_OK &&
        size > download->bytes_max)
        return too_large(download);
    if (base64_decode(text, &download->bytes) != STATUS_OK)
        return try_next(download, "its base64 is broken", (struct slice){0});
    return DOWNLOAD_DONE;
}

/* A number, or its digits as a string. */
static uint64_t size_in(struct slice data)
{
    struct slice value;
    int64_t number;
    uint64_t size = 0;
    if (mp_find(data, "file_size", &value) && mp_read_int(value, &number))
        return number < 0 ? 0 : (uint64_t)number;
    struct slice text = string_in(data, "file_size");
    for (size_t i = 0; i < text.size && i < 18; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        size = 10 * size + (uint64_t)(text.data[i] - '0');
    }
    return size;
}

static void learn_name(struct download *download, struct slice data)
{
    struct slice name = string_in(data, "file_name");
    if (name.size == 0)
        name = string_in(data, "filename");
    if (name.size == 0)
        return;
    buffer_clear(&download->name, SIZE_MAX);
    buffer_append(&download->name, name.data, name.size);
}

static enum download_step on_answer(struct download *download,
                                    struct slice data)
{
    struct slice bytes = bin_in(data, "data");
    struct slice text = string_in(data, "base64");
    struct slice url = string_in(data, "url");
    struct slice file = string_in(data, "file");
    learn_name(download, data);
    if (bytes.size > 0)
        return keep(download, bytes);
    if (size_in(data) > download->bytes_max)
        return too_large(download);
    if (text.size > 0)
        return keep_base64(download, text);
    if (is_url(url))
        return fetch(download, url);
    if (is_url(file))
        return fetch(download, file);
    if (file.size >= 9 && memcmp(file.data, "base64://", 9) == 0)
        return keep_base64(download, file);
    if (file.size > 0)
        return try_next(download, "it lies on the peer's own disk: ", file);
    return try_next(download, "the answer has neither bytes nor an address",
                    (struct slice){0});
}

enum download_step download_on_end(struct download *download,
                                   enum reply_error error, struct slice data,
                                   struct slice message)
{
    struct slice text = {0};
    switch (error) {
    case REPLY_FINE:
        return on_answer(download, data);
    case REPLY_UNKNOWN_ACTION:
        return try_next(download, "the peer does not know it", text);
    case REPLY_PEER_ERROR:
        (void)mp_read_str(message, &text);
        return try_next(download, "the peer says: ", text);
    case REPLY_TOO_LARGE:
        return too_large(download);
    default: /* it is not there to be asked for anything else */
        return give_up(download, error, "no answer");
    }
}

enum download_step download_on_loaded(struct download *download,
                                      struct buffer *bytes, const char *why)
{
    if (bytes == NULL)
        return try_next(download, why, (struct slice){0});
    buffer_finish(&download->bytes);
    download->bytes = *bytes;
    *bytes = (struct buffer){0};
    return download->bytes.size > download->bytes_max ? too_large(download)
                                                      : DOWNLOAD_DONE;
}

const char *download_url(const struct download *download)
{
    return download->url;
}

void download_take(struct download *download, struct buffer *bytes)
{
    *bytes = download->bytes;
    download->bytes = (struct buffer){0};
}

struct slice download_name(const struct download *download)
{
    return buffer_slice(&download->name);
}

enum reply_error download_error(const struct download *download)
{
    return download->error;
}

const char *download_fault(const struct download *download)
{
    return download->fault.data;
}

bool download_kind_of(struct slice type, enum download_kind *kind)
{
    static const char *const NAMES[DOWNLOAD_KINDS] = {
        [DOWNLOAD_IMAGE] = "image",
        [DOWNLOAD_RECORD] = "record",
        [DOWNLOAD_VIDEO] = "video",
        [DOWNLOAD_FILE] = "file",
    };
    for (size_t i = 0; i < DOWNLOAD_KINDS; i++)
        if (slice_equals(type, NAMES[i])) {
            *kind = (enum download_kind)i;
            return true;
        }
    return false;
}
