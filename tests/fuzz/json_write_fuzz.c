/* SPDX-License-Identifier: MIT */
/* MessagePack to text, and reading MessagePack at all. The input is the bytes.
 *
 *   - what has a text is one sound value; the text is strict JSON and reads
 *     back as the same values;
 *   - what is refused leaves the output alone and says where and why;
 *   - mp_find() finds what a plain walk finds, and whatever is found lies in
 *     the input. */
#include "fuzz.h"

#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "strict_json.h"

static const char BEFORE[] = "before";
enum { BEFORE_SIZE = sizeof(BEFORE) - 1 };

/* The text in `out`, behind what was there before. False if there is none. */
static bool write(struct slice pack, bool bin_as_base64, struct buffer *out,
                  struct slice *text)
{
    const struct json_writer_options options = {
        .depth_max = JSON_DEPTH_MAX,
        .bin_as_base64 = bin_as_base64,
    };
    struct json_error error = {SIZE_MAX, NULL};
    buffer_append(out, BEFORE, BEFORE_SIZE);
    bool is_taken = json_from_msgpack(pack, &options, out, &error) == STATUS_OK;
    ENSURE(out->size >= BEFORE_SIZE);
    ENSURE(memcmp(out->data, BEFORE, BEFORE_SIZE) == 0);
    *text = (struct slice){out->data + BEFORE_SIZE, out->size - BEFORE_SIZE};
    if (!is_taken) {
        ENSURE(text->size == 0);
        ENSURE(error.offset <= pack.size && error.reason != NULL);
    }
    return is_taken;
}

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits with this number among all those in `bytes`. */
static unsigned sextet(struct slice bytes, size_t number)
{
    unsigned value = 0;
    for (size_t bit = number * 6; bit < number * 6 + 6; bit++) {
        unsigned byte =
            bit / 8 < bytes.size ? (unsigned char)bytes.data[bit / 8] : 0;
        value = value << 1 | (byte >> (7 - bit % 8) & 1);
    }
    return value;
}

static bool is_base64_of(struct slice text, struct slice bytes)
{
    if (text.size != (bytes.size + 2) / 3 * 4)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char wanted = i * 6 < bytes.size * 8 ? BASE64[sextet(bytes, i)] : '=';
        if (text.data[i] != wanted)
            return false;
    }
    return true;
}

static bool is_same_token(const struct mp_token *was, const struct mp_token *is)
{
    if (was->kind == MP_BIN)
        return is->kind == MP_STR && is_base64_of(is->bytes, was->bytes);
    if (was->kind != is->kind)
        return false;
    switch (was->kind) {
    case MP_NIL:
        return true;
    case MP_BOOL:
        return was->boolean == is->boolean;
    case MP_INT:
        return was->integer == is->integer;
    case MP_UINT:
        return was->natural == is->natural;
    case MP_DOUBLE:
        return memcmp(&was->real, &is->real, sizeof(was->real)) == 0;
    case MP_STR:
        return fuzz_same(was->bytes, is->bytes);
    case MP_ARRAY:
    case MP_MAP:
        return was->count == is->count;
    default:
        return false;
    }
}

static void ensure_same_values(struct slice was, struct slice is)
{
    struct mp_reader reader_was = mp_reader_of(was);
    struct mp_reader reader_is = mp_reader_of(is);
    struct mp_token token_was;
    struct mp_token token_is;
    while (mp_next(&reader_was, &token_was)) {
        ENSURE(mp_next(&reader_is, &token_is));
        ENSURE(is_same_token(&token_was, &token_is));
    }
    ENSURE(reader_was.at == reader_was.end);
    ENSURE(reader_is.at == reader_is.end);
}

static void ensure_reads_back(struct slice text, struct slice pack)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct strict_json strict = strict_json_read(text);
    struct buffer back = {0};
    struct json_error error;
    ENSURE(strict.is_good);
    ENSURE(json_to_msgpack(text, &options, &back, &error) == STATUS_OK);
    ensure_same_values(pack, buffer_slice(&back));
    buffer_finish(&back);
    strict_json_finish(&strict);
}

static void ensure_text(struct slice pack)
{
    struct buffer out = {0};
    struct buffer out_base64 = {0};
    struct slice text;
    struct slice text_base64;
    bool has_text = write(pack, false, &out, &text);
    bool has_base64 = write(pack, true, &out_base64, &text_base64);
    ENSURE(!has_text || has_base64);
    ENSURE(!has_text || fuzz_same(text, text_base64));
    ENSURE(!has_base64 || fuzz_is_whole(pack));
    if (has_base64)
        ensure_reads_back(text_base64, pack);
    buffer_finish(&out);
    buffer_finish(&out_base64);
}

/* ---- reading where it lies ---- */

static void ensure_reads_in_bounds(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct slice text;
    struct slice value;
    int64_t integer;
    struct mp_token token;
    if (mp_read_str(pack, &text))
        ENSURE(fuzz_is_inside(text, pack) && text.size < pack.size);
    if (mp_read_int(pack, &integer))
        ENSURE(pack.size <= 9);
    while (mp_next(&reader, &token))
        if (token.kind == MP_STR || token.kind == MP_BIN ||
            token.kind == MP_EXT)
            ENSURE(fuzz_is_inside(token.bytes, pack));
    struct mp_reader again = reader;
    ENSURE(!mp_next(&again, &token) && again.at == reader.at);
    reader = mp_reader_of(pack);
    while (mp_skip(&reader, &value)) {
        ENSURE(value.size > 0 && fuzz_is_inside(value, pack));
        fuzz_ensure_pack(value, false);
    }
}

/* A value that lacks its last byte is none. */
static void ensure_cut_is_refused(struct slice pack)
{
    if (!fuzz_is_whole(pack))
        return;
    fuzz_ensure_pack(pack, false);
    ENSURE(!fuzz_is_whole((struct slice){pack.data, pack.size - 1}));
    ENSURE(!fuzz_is_whole((struct slice){pack.data, pack.size / 2}));
}

/* The value under `key` in a map that is whole, by the book. */
static struct slice find_last(struct slice map, const char *key)
{
    struct mp_reader reader = mp_reader_of(map);
    struct slice found = {0};
    struct mp_token head;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return found;
    for (uint32_t i = 0; i < head.count; i++) {
        struct slice name = {0};
        struct slice value = {0};
        struct slice text;
        ENSURE(mp_skip(&reader, &name) && mp_skip(&reader, &value));
        if (mp_read_str(name, &text) && slice_equals(text, key))
            found = value;
    }
    return found;
}

static void ensure_find(struct slice pack, const char *key)
{
    struct slice value = {0};
    bool is_found = mp_find(pack, key, &value);
    ENSURE(is_found == (value.size > 0));
    if (!fuzz_is_whole(pack)) {
        ENSURE(!is_found);
        return;
    }
    struct slice wanted = find_last(pack, key);
    ENSURE(wanted.size == value.size && wanted.data == value.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice pack = {(const char *)data, size};
    ensure_text(pack);
    ensure_reads_in_bounds(pack);
    ensure_cut_is_refused(pack);
    ensure_find(pack, "");
    ensure_find(pack, "a");
    ensure_find(pack, "type");
    return 0;
}
