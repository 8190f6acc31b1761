/* SPDX-License-Identifier: MIT */
/* Chunks are decoded as they come and lie behind one another in the order of
 * their coming; a list says where, and is put in order at the end. */
#include "gathering.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/mem.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/pack.h"

enum {
    FAULT_SIZE = 128,
    /* Of what is told of a file: each is looked for among the others. */
    FIELDS_MAX = 256,
};

/* Where the bytes of one chunk lie. */
struct chunk {
    int64_t index;
    size_t offset, size;
};

struct gathering {
    size_t bytes_max;
    struct buffer info;   /* of a file: its file_info */
    struct buffer bytes;  /* of a file: its chunks, as they came */
    struct chunk *chunks; /* in order, each once, when all have come */
    size_t chunk_count, chunk_capacity;
    struct buffer frames; /* other answers before the last one */
    size_t frame_count;
    struct buffer last;
    char fault[FAULT_SIZE];
};

struct gathering *gathering_create(size_t bytes_max)
{
    struct gathering *gathering = mem_zalloc(1, sizeof(*gathering));
    gathering->bytes_max = bytes_max;
    return gathering;
}

static void forget(struct gathering *gathering)
{
    buffer_finish(&gathering->info);
    buffer_finish(&gathering->bytes);
    buffer_finish(&gathering->frames);
    buffer_finish(&gathering->last);
    free(gathering->chunks);
    gathering->chunks = NULL;
    gathering->chunk_count = gathering->chunk_capacity = 0;
    gathering->frame_count = 0;
}

void gathering_destroy(struct gathering *gathering)
{
    if (gathering == NULL)
        return;
    forget(gathering);
    free(gathering);
}

const char *gathering_fault(const struct gathering *gathering)
{
    return gathering->fault;
}

static enum gathering_step broken(struct gathering *gathering,
                                  const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum gathering_step broken(struct gathering *gathering,
                                  const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(gathering->fault, FAULT_SIZE, format, arguments);
    va_end(arguments);
    return GATHERING_BROKEN;
}

/* The string under `key`; empty if there is none. */
static struct slice text_at(struct slice data, const char *key)
{
    struct slice value;
    struct slice text;
    if (mp_find(data, key, &value) && mp_read_str(value, &text))
        return text;
    return (struct slice){0};
}

/* The number under `key`, which may be text; -1 if there is none. */
static int64_t number_at(struct slice data, const char *key)
{
    struct slice value;
    struct slice text;
    int64_t number;
    if (!mp_find(data, key, &value))
        return -1;
    if (mp_read_int(value, &number))
        return number;
    if (!mp_read_str(value, &text))
        return -1;
    number = onebot_id_of_text(text);
    return number == 0 && !slice_equals(text, "0") ? -1 : number;
}

/* ---- while they come -------------------------------------------------- */

size_t gathering_bytes(const struct gathering *gathering)
{
    return gathering->info.size + gathering->bytes.size +
           gathering->chunk_count * sizeof(struct chunk) +
           gathering->frames.size + gathering->last.size;
}

static enum gathering_step check_size(struct gathering *gathering,
                                      enum gathering_step step)
{
    if (gathering_bytes(gathering) <= gathering->bytes_max)
        return step;
    forget(gathering);
    return GATHERING_TOO_LARGE;
}

static enum gathering_step add_chunk(struct gathering *gathering,
                                     struct slice data)
{
    int64_t index = number_at(data, "index");
    size_t offset = gathering->bytes.size;
    if (index < 0)
        return broken(gathering, "a chunk of the file has no index");
    if (base64_decode(text_at(data, "data"), &gathering->bytes) != STATUS_OK)
        return broken(gathering, "chunk %" PRId64 " is not base64", index);
    if (gathering->chunk_count == gathering->chunk_capacity) {
        gathering->chunk_capacity = gathering->chunk_capacity * 2 + 16;
        gathering->chunks =
            mem_realloc(gathering->chunks,
                        gathering->chunk_capacity * sizeof(struct chunk));
    }
    gathering->chunks[gathering->chunk_count++] =
        (struct chunk){index, offset, gathering->bytes.size - offset};
    return GATHERING_MORE;
}

static enum gathering_step add_more(struct gathering *gathering,
                                    struct slice data)
{
    struct slice kind = text_at(data, "data_type");
    if (slice_equals(kind, "file_chunk"))
        return add_chunk(gathering, data);
    if (slice_equals(kind, "file_info")) {
        buffer_clear(&gathering->info, SIZE_MAX);
        buffer_append(&gathering->info, data.data, data.size);
        return GATHERING_MORE;
    }
    buffer_append(&gathering->frames, data.data, data.size);
    gathering->frame_count++;
    return GATHERING_MORE;
}

/* ---- when all have come ----------------------------------------------- */

static bool is_file(const struct gathering *gathering)
{
    return gathering->info.size > 0 || gathering->chunk_count > 0;
}

/* By index, and those of one index as they came. */
static int compare_chunks(const void *left, const void *right)
{
    const struct chunk *one = left;
    const struct chunk *other = right;
    if (one->index != other->index)
        return one->index < other->index ? -1 : 1;
    return one->offset < other->offset ? -1 : one->offset > other->offset;
}

/* Put them in order; of those that came twice the first counts. */
static void sort_chunks(struct gathering *gathering)
{
    struct chunk *chunks = gathering->chunks;
    size_t kept = 0;
    if (gathering->chunk_count == 0)
        return;
    qsort(chunks, gathering->chunk_count, sizeof(struct chunk), compare_chunks);
    for (size_t i = 0; i < gathering->chunk_count; i++)
        if (kept == 0 || chunks[i].index != chunks[kept - 1].index)
            chunks[kept++] = chunks[i];
    gathering->chunk_count = kept;
}

static size_t file_size(const struct gathering *gathering)
{
    size_t size = 0;
    for (size_t i = 0; i < gathering->chunk_count; i++)
        size += gathering->chunks[i].size;
    return size;
}

/* Does what was announced under `key` hold? */
static bool holds(struct slice data, const char *key, size_t actual)
{
    int64_t said = number_at(data, key);
    return said < 0 || (uint64_t)said == actual;
}

static bool has_too_many_fields(struct slice map)
{
    struct mp_reader reader = mp_reader_of(map);
    struct mp_token head;
    return mp_next(&reader, &head) && head.kind == MP_MAP &&
           head.count > FIELDS_MAX;
}

static enum gathering_step finish_file(struct gathering *gathering)
{
    struct slice info = buffer_slice(&gathering->info);
    struct slice last = buffer_slice(&gathering->last);
    if (has_too_many_fields(info) || has_too_many_fields(last))
        return broken(gathering, "more than %d fields tell of the file",
                      FIELDS_MAX);
    sort_chunks(gathering);
    size_t count = gathering->chunk_count;
    size_t size = file_size(gathering);
    for (size_t i = 0; i < count; i++)
        if (gathering->chunks[i].index != (int64_t)i)
            return broken(gathering, "chunk %zu of the file never came", i);
    if (!holds(last, "total_chunks", count))
        return broken(gathering, "%zu of %" PRId64 " chunks of the file came",
                      count, number_at(last, "total_chunks"));
    if (!holds(last, "total_bytes", size))
        return broken(gathering, "%zu of %" PRId64 " bytes of the file came",
                      size, number_at(last, "total_bytes"));
    if (!holds(info, "file_size", size))
        return broken(gathering, "%zu of %" PRId64 " bytes of the file came",
                      size, number_at(info, "file_size"));
    return GATHERING_DONE;
}

static enum gathering_step add_last(struct gathering *gathering,
                                    struct slice data)
{
    buffer_append(&gathering->last, data.data, data.size);
    enum gathering_step step = check_size(gathering, GATHERING_DONE);
    return step == GATHERING_DONE && is_file(gathering) ? finish_file(gathering)
                                                        : step;
}

enum gathering_step gathering_add(struct gathering *gathering, bool is_ok,
                                  struct slice data)
{
    if (!is_ok) /* half a file is none */
        forget(gathering);
    if (!is_ok || !slice_equals(text_at(data, "type"), "stream"))
        return add_last(gathering, data);
    return check_size(gathering, add_more(gathering, data));
}

/* ---- the one answer --------------------------------------------------- */

/* A walk over the fields of a map, for counting and for packing. */
struct fields {
    struct mp_reader reader;
    uint32_t left;
};

static struct fields fields_of(struct slice map)
{
    struct fields fields = {.reader = mp_reader_of(map)};
    struct mp_token head;
    if (mp_next(&fields.reader, &head) && head.kind == MP_MAP)
        fields.left = head.count;
    return fields;
}

/* The next field as it is, key and value; `key` is its key. */
static bool next_field(struct fields *fields, struct slice *key,
                       struct slice *field)
{
    struct slice name;
    struct slice value;
    if (fields->left == 0 || !mp_skip(&fields->reader, &name) ||
        !mp_skip(&fields->reader, &value))
        return false;
    fields->left--;
    *key = (struct slice){0};
    (void)mp_read_str(name, key);
    *field = (struct slice){name.data, name.size + value.size};
    return true;
}

/* Does something of the gathering's own, or of `above`, take its place? */
static bool is_covered(const struct gathering *gathering, struct slice key,
                       struct slice above)
{
    struct slice name;
    struct slice field;
    if (slice_equals(key, "data") && is_file(gathering))
        return true;
    if (slice_equals(key, "frames") && gathering->frame_count > 0)
        return true;
    for (struct fields fields = fields_of(above);
         next_field(&fields, &name, &field);)
        if (slice_is_same(name, key))
            return true;
    return false;
}

/* Append the fields of `map` that nothing covers; returns how many. */
static uint32_t append_fields(const struct gathering *gathering,
                              struct slice map, struct slice above,
                              struct buffer *out)
{
    struct slice key;
    struct slice field;
    uint32_t count = 0;
    for (struct fields fields = fields_of(map);
         next_field(&fields, &key, &field);) {
        if (is_covered(gathering, key, above))
            continue;
        buffer_append(out, field.data, field.size);
        count++;
    }
    return count;
}

static void pack_bytes(const struct gathering *gathering,
                       struct msgpack_packer *packer)
{
    pack_string(packer, "data");
    msgpack_pack_bin(packer, file_size(gathering));
    for (size_t i = 0; i < gathering->chunk_count; i++)
        msgpack_pack_bin_body(
            packer, gathering->bytes.data + gathering->chunks[i].offset,
            gathering->chunks[i].size);
}

static void pack_frames(const struct gathering *gathering,
                        struct msgpack_packer *packer)
{
    pack_string(packer, "frames");
    msgpack_pack_array(packer, gathering->frame_count);
    pack_raw(packer, buffer_slice(&gathering->frames));
}

void gathering_pack(const struct gathering *gathering, struct buffer *out)
{
    const struct slice nothing = {0};
    struct slice last = buffer_slice(&gathering->last);
    struct buffer fields = {0};
    struct msgpack_packer packer = pack_into(out);
    if (!is_file(gathering) && gathering->frame_count == 0) {
        pack_raw(&packer, last);
        return;
    }
    uint32_t count =
        append_fields(gathering, buffer_slice(&gathering->info), last, &fields);
    count += append_fields(gathering, last, nothing, &fields);
    msgpack_pack_map(&packer, count + (uint32_t)is_file(gathering) +
                                  (uint32_t)(gathering->frame_count > 0));
    pack_raw(&packer, buffer_slice(&fields));
    if (is_file(gathering))
        pack_bytes(gathering, &packer);
    if (gathering->frame_count > 0)
        pack_frames(gathering, &packer);
    buffer_finish(&fields);
}
