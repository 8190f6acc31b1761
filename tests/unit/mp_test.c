/* SPDX-License-Identifier: MIT */
#include "core/mp.h"

#include <math.h>
#include <msgpack.h>
#include <stdlib.h>

#include "check.h"

#define BYTES(literal)                                                         \
    (struct slice)                                                             \
    {                                                                          \
        (literal), sizeof(literal) - 1                                         \
    }

/* A copy that ends where its memory does, so that a sanitizer sees one byte
 * read too many. Freed by the caller. */
static char *exact_copy(struct slice bytes, size_t size)
{
    char *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL)
        abort();
    if (size > 0)
        memcpy(copy, bytes.data, size);
    return copy;
}

static struct mp_token only_token(struct slice pack, const char *label)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token = {.kind = MP_NIL};
    if (!mp_next(&reader, &token) || reader.at != reader.end)
        check_int(1, 0, label, __FILE__, __LINE__);
    return token;
}

TEST(integers_keep_their_value)
{
    static const struct {
        struct slice pack;
        int64_t value;
    } rows[] = {
        {{"\x00", 1}, 0},
        {{"\x7f", 1}, 127},
        {{"\xff", 1}, -1},
        {{"\xe0", 1}, -32},
        {{"\xcc\x80", 2}, 128},
        {{"\xcc\xff", 2}, 255},
        {{"\xcd\x01\x00", 3}, 256},
        {{"\xce\xff\xff\xff\xff", 5}, UINT32_MAX},
        {{"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff", 9}, INT64_MAX},
        {{"\xd0\x7f", 2}, 127},
        {{"\xd0\x80", 2}, -128},
        {{"\xd1\x80\x00", 3}, INT16_MIN},
        {{"\xd1\xff\x7f", 3}, -129},
        {{"\xd2\x80\x00\x00\x00", 5}, INT32_MIN},
        {{"\xd3\x80\x00\x00\x00\x00\x00\x00\x00", 9}, INT64_MIN},
        {{"\xd3\xff\xff\xff\xff\xff\xff\xff\xff", 9}, -1},
        {{"\xcf\x00\x00\x00\x00\x00\x00\x00\x01", 9}, 1}, /* not shortest */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mp_token token = only_token(rows[i].pack, "an integer");
        int64_t integer = 42;
        CHECK_EQ(token.kind, MP_INT);
        CHECK_EQ(token.integer, rows[i].value);
        CHECK(mp_read_int(rows[i].pack, &integer));
        CHECK_EQ(integer, rows[i].value);
    }
}

TEST(what_is_above_int64_is_a_natural_number)
{
    struct slice least = BYTES("\xcf\x80\0\0\0\0\0\0\0");
    struct slice most = BYTES("\xcf\xff\xff\xff\xff\xff\xff\xff\xff");
    int64_t integer = 42;
    CHECK_EQ(only_token(least, "2^63").kind, MP_UINT);
    CHECK(only_token(least, "2^63").natural == UINT64_C(1) << 63);
    CHECK(only_token(most, "2^64-1").natural == UINT64_MAX);
    CHECK(!mp_read_int(most, &integer));
    CHECK_EQ(integer, 42);
}

TEST(nil_booleans_and_floats_are_read)
{
    CHECK_EQ(only_token(BYTES("\xc0"), "nil").kind, MP_NIL);
    CHECK_EQ(only_token(BYTES("\xc2"), "false").kind, MP_BOOL);
    CHECK(!only_token(BYTES("\xc2"), "false").boolean);
    CHECK(only_token(BYTES("\xc3"), "true").boolean);

    struct mp_token token = only_token(BYTES("\xca\x3f\xc0\0\0"), "float 32");
    CHECK_EQ(token.kind, MP_DOUBLE);
    CHECK(token.real == 1.5);
    token = only_token(BYTES("\xca\x80\0\0\0"), "-0 in 32 bits");
    CHECK(token.real == 0 && signbit(token.real));
    token = only_token(BYTES("\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"), "0.1");
    CHECK_EQ(token.kind, MP_DOUBLE);
    CHECK(token.real == 0.1);
    CHECK(isnan(only_token(BYTES("\xca\x7f\xc0\0\0"), "NaN").real));
}

TEST(bytes_are_found_where_they_lie)
{
    static const struct {
        struct slice pack;
        enum mp_kind kind;
        struct slice bytes;
    } rows[] = {
        {{"\xa0", 1}, MP_STR, {"", 0}},
        {{"\xa3yes", 4}, MP_STR, {"yes", 3}},
        {{"\xd9\x02hi", 4}, MP_STR, {"hi", 2}},
        {{"\xda\0\x02hi", 5}, MP_STR, {"hi", 2}},
        {{"\xdb\0\0\0\x02hi", 7}, MP_STR, {"hi", 2}},
        {{"\xa2\0\xff", 3}, MP_STR, {"\0\xff", 2}}, /* not for us to judge */
        {{"\xc4\0", 2}, MP_BIN, {"", 0}},
        {{"\xc4\x02hi", 4}, MP_BIN, {"hi", 2}},
        {{"\xc5\0\x02hi", 5}, MP_BIN, {"hi", 2}},
        {{"\xc6\0\0\0\x02hi", 7}, MP_BIN, {"hi", 2}},
        {{"\xd4\x07x", 3}, MP_EXT, {"x", 1}},
        {{"\xd5\x07xy", 4}, MP_EXT, {"xy", 2}},
        {{"\xd6\x07xyzw", 6}, MP_EXT, {"xyzw", 4}},
        {{"\xd7\xff"
          "12345678",
          10},
         MP_EXT,
         {"12345678", 8}},
        {{"\xd8\x01"
          "0123456789abcdef",
          18},
         MP_EXT,
         {"0123456789abcdef", 16}},
        {{"\xc7\0\x07", 3}, MP_EXT, {"", 0}},
        {{"\xc7\x02\x07hi", 5}, MP_EXT, {"hi", 2}},
        {{"\xc8\0\x02\x07hi", 6}, MP_EXT, {"hi", 2}},
        {{"\xc9\0\0\0\x02\x07hi", 8}, MP_EXT, {"hi", 2}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mp_token token = only_token(rows[i].pack, "some bytes");
        CHECK_EQ(token.kind, rows[i].kind);
        CHECK_SLICE(token.bytes, rows[i].bytes);
        CHECK(token.bytes.data ==
              rows[i].pack.data + rows[i].pack.size - token.bytes.size);
    }
}

TEST(of_arrays_and_maps_only_the_head_is_taken)
{
    static const struct {
        struct slice pack;
        enum mp_kind kind;
        uint32_t count;
    } rows[] = {
        {{"\x90", 1}, MP_ARRAY, 0},
        {{"\x9f", 1}, MP_ARRAY, 15},
        {{"\xdc\x01\x02", 3}, MP_ARRAY, 0x0102},
        {{"\xdd\xff\xff\xff\xff", 5}, MP_ARRAY, UINT32_MAX},
        {{"\x80", 1}, MP_MAP, 0},
        {{"\x8f", 1}, MP_MAP, 15},
        {{"\xde\x01\x02", 3}, MP_MAP, 0x0102},
        {{"\xdf\xff\xff\xff\xff", 5}, MP_MAP, UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mp_token token = only_token(rows[i].pack, "a head");
        CHECK_EQ(token.kind, rows[i].kind);
        CHECK_EQ(token.count, rows[i].count);
    }
}

/* Every format, some nested. */
static const struct slice SAMPLES[] = {
    {"\xcc\x80", 2},
    {"\xcd\x01\0", 3},
    {"\xce\0\x01\0\0", 5},
    {"\xcf\0\0\0\x01\0\0\0\0", 9},
    {"\xd0\x80", 2},
    {"\xd1\x80\0", 3},
    {"\xd2\x80\0\0\0", 5},
    {"\xd3\x80\0\0\0\0\0\0\0", 9},
    {"\xca\x3f\xc0\0\0", 5},
    {"\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a", 9},
    {"\xa3yes", 4},
    {"\xd9\x02hi", 4},
    {"\xda\0\x02hi", 5},
    {"\xdb\0\0\0\x02hi", 7},
    {"\xc4\x02hi", 4},
    {"\xc5\0\x02hi", 5},
    {"\xc6\0\0\0\x02hi", 7},
    {"\xd4\x07x", 3},
    {"\xd5\x07xy", 4},
    {"\xd6\x07xyzw", 6},
    {"\xd7\x07xyzwxyzw", 10},
    {"\xd8\x07xyzwxyzwxyzwxyzw", 18},
    {"\xc7\x02\x07hi", 5},
    {"\xc8\0\x02\x07hi", 6},
    {"\xc9\0\0\0\x02\x07hi", 8},
    {"\x92\xc0\xc3", 3},
    {"\xdc\0\x02\x01\x02", 5},
    {"\xdd\0\0\0\x02\x01\x02", 7},
    {"\x81\xa1k\x91\x90", 5},
    {"\xde\0\x01\xa1k\x80", 6},
    {"\xdf\0\0\0\x01\xa1k\xd9\x01v", 10},
};

enum { SAMPLE_COUNT = sizeof(SAMPLES) / sizeof(SAMPLES[0]) };

TEST(a_value_is_passed_over_as_a_whole)
{
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct buffer two = {0};
        struct slice value = {NULL, 0};
        buffer_append(&two, SAMPLES[i].data, SAMPLES[i].size);
        buffer_append(&two, "\xc0", 1);
        struct mp_reader reader = mp_reader_of(buffer_slice(&two));
        CHECK(mp_skip(&reader, &value));
        CHECK_SLICE(value, SAMPLES[i]);
        CHECK(mp_skip(&reader, NULL));
        CHECK(reader.at == reader.end);
        CHECK(!mp_skip(&reader, NULL));
        buffer_finish(&two);
    }
}

TEST(what_is_cut_off_leaves_the_reader_where_it_was)
{
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        for (size_t size = 0; size < SAMPLES[i].size; size++) {
            char *cut = exact_copy(SAMPLES[i], size);
            struct slice pack = {cut, size};
            struct mp_reader reader = mp_reader_of(pack);
            struct mp_reader start = reader;
            struct mp_token token;
            struct slice value = BYTES("before");
            CHECK(!mp_skip(&reader, &value));
            CHECK(reader.at == start.at);
            CHECK_SLICE(value, BYTES("before"));
            while (mp_next(&reader, &token))
                start = reader;
            CHECK(reader.at == start.at);
            free(cut);
        }
    }
    struct mp_reader empty = mp_reader_of((struct slice){NULL, 0});
    struct mp_token token;
    CHECK(!mp_next(&empty, &token));
    CHECK(!mp_skip(&empty, NULL));
}

TEST(hostile_claims_are_refused)
{
    static const struct slice rows[] = {
        {"\xc1", 1},
        {"\x91\xc1", 2},
        {"\xdb\xff\xff\xff\xffx", 6},
        {"\xc6\xff\xff\xff\xffx", 6},
        {"\xc9\xff\xff\xff\xff\x01x", 7},
        {"\xdd\xff\xff\xff\xff\xc0", 6},
        {"\xdf\xff\xff\xff\xff\xc0\xc0", 7},
        {"\xdf\x80\0\0\0", 5}, /* 2^31 pairs are 2^32 values, not none */
        /* Each promises as many inside each of its own. */
        {"\xdf\xff\xff\xff\xff\xdf\xff\xff\xff\xff\xdf\xff\xff\xff\xff", 15},
        {"\x92\xdd\xff\xff\xff\xff", 6},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *copy = exact_copy(rows[i], rows[i].size);
        struct mp_reader reader =
            mp_reader_of((struct slice){copy, rows[i].size});
        CHECK(!mp_skip(&reader, NULL));
        CHECK(reader.at == (const unsigned char *)copy);
        free(copy);
    }
}

TEST(nesting_costs_no_stack)
{
    enum { DEPTH = 1000000 };
    struct buffer deep = {0};
    struct slice value;
    buffer_reserve(&deep, DEPTH);
    memset(deep.data, 0x91, DEPTH);
    deep.data[DEPTH - 1] = '\x90';
    deep.size = DEPTH;
    struct mp_reader reader = mp_reader_of(buffer_slice(&deep));
    CHECK(mp_skip(&reader, &value));
    CHECK_EQ(value.size, DEPTH);
    deep.data[DEPTH - 1] = '\x91';
    reader = mp_reader_of(buffer_slice(&deep));
    CHECK(!mp_skip(&reader, &value));
    buffer_finish(&deep);
}

TEST(a_key_is_found_and_the_last_of_several_counts)
{
    struct slice map = BYTES("\x85\xa1"
                             "a\x01\x05\xa3int\xa1"
                             "b\x92\x02\x03\xa0\x04\xa1"
                             "a\xa1z");
    struct slice value = {NULL, 0};
    CHECK(mp_find(map, "a", &value));
    CHECK_SLICE(value, BYTES("\xa1z"));
    CHECK(mp_find(map, "b", &value));
    CHECK_SLICE(value, BYTES("\x92\x02\x03"));
    CHECK(mp_find(map, "", &value));
    CHECK_SLICE(value, BYTES("\x04"));
    CHECK(!mp_find(map, "int", &value)); /* a value, not a key */
    CHECK(!mp_find(map, "ab", &value));
    CHECK_SLICE(value, BYTES("\x04")); /* untouched */
}

TEST(several_keys_are_found_at_once)
{
    static const char *const keys[] = {"b", "none", "a", ""};
    static const struct slice map = {"\x85\xa1"
                                     "a\x01\x05\xa3int\xd9\x01"
                                     "b\x92\x02\x03\xa0\x04\xa1"
                                     "a\xa1z",
                                     21};
    struct slice values[4];
    CHECK(mp_find_all(map, keys, 4, values));
    CHECK_SLICE(values[0], BYTES("\x92\x02\x03"));
    CHECK(values[1].size == 0);
    CHECK_SLICE(values[2], BYTES("\xa1z"));
    CHECK_SLICE(values[3], BYTES("\x04"));
    CHECK(
        !mp_find_all((struct slice){map.data, map.size - 1}, keys, 4, values));
    CHECK(values[0].size == 0 && values[3].size == 0);
}

TEST(nothing_is_found_in_what_is_no_map)
{
    static const struct slice rows[] = {
        {"", 0},
        {"\xc0", 1},
        {"\x92\xa1k\x01", 4},     /* an array of the same */
        {"\x82\xa1k\x01", 4},     /* a pair is missing */
        {"\x82\xa1k\x01\xa1", 5}, /* cut off behind the key */
        {"\x81\xa1k\x01\x01", 5}, /* bytes behind it */
        {"\x82\xa1k\x01\xc1\x01", 6},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice value;
        CHECK(!mp_find(rows[i], "k", &value));
    }
    struct slice value;
    CHECK(mp_find(BYTES("\x81\xa1k\x01"), "k", &value));
}

TEST(a_string_or_an_integer_must_be_the_whole_value)
{
    struct slice text = BYTES("before");
    int64_t integer = 42;
    CHECK(!mp_read_str(BYTES("\xa1k\xc0"), &text));
    CHECK(!mp_read_str(BYTES("\xa2k"), &text));
    CHECK(!mp_read_str(BYTES("\xc4\x01k"), &text));
    CHECK(!mp_read_str(BYTES(""), &text));
    CHECK_SLICE(text, BYTES("before"));
    CHECK(mp_read_str(BYTES("\xa1k"), &text));
    CHECK_SLICE(text, BYTES("k"));
    CHECK(!mp_read_int(BYTES("\x01\x01"), &integer));
    CHECK(!mp_read_int(BYTES("\xcd\x01"), &integer));
    CHECK(!mp_read_int(BYTES("\xcb\x3f\xf0\0\0\0\0\0\0"), &integer));
    CHECK(!mp_read_int(BYTES(""), &integer));
    CHECK_EQ(integer, 42);
}

/* ---- against msgpack-c's unpacker ---- */

static bool same_bytes(const struct mp_token *token, const void *data,
                       size_t size)
{
    return token->bytes.size == size &&
           (size == 0 || memcmp(token->bytes.data, data, size) == 0);
}

static bool same_scalar(const struct mp_token *token,
                        const msgpack_object *object)
{
    switch (token->kind) {
    case MP_NIL:
        return object->type == MSGPACK_OBJECT_NIL;
    case MP_BOOL:
        return object->type == MSGPACK_OBJECT_BOOLEAN &&
               object->via.boolean == token->boolean;
    case MP_INT:
        return (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER ||
                object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER) &&
               object->via.i64 == token->integer;
    case MP_UINT:
        return object->type == MSGPACK_OBJECT_POSITIVE_INTEGER &&
               object->via.u64 == token->natural;
    case MP_DOUBLE:
        return (object->type == MSGPACK_OBJECT_FLOAT32 ||
                object->type == MSGPACK_OBJECT_FLOAT64) &&
               object->via.u64 == token->natural; /* bit for bit */
    case MP_STR:
        return object->type == MSGPACK_OBJECT_STR &&
               same_bytes(token, object->via.str.ptr, object->via.str.size);
    case MP_BIN:
        return object->type == MSGPACK_OBJECT_BIN &&
               same_bytes(token, object->via.bin.ptr, object->via.bin.size);
    case MP_EXT:
        return object->type == MSGPACK_OBJECT_EXT &&
               same_bytes(token, object->via.ext.ptr, object->via.ext.size);
    default:
        return false;
    }
}

static bool same_value(struct mp_reader *reader, const msgpack_object *object)
{
    struct mp_token token;
    if (!mp_next(reader, &token))
        return false;
    if (token.kind == MP_ARRAY) {
        bool same = object->type == MSGPACK_OBJECT_ARRAY &&
                    object->via.array.size == token.count;
        for (uint32_t i = 0; same && i < token.count; i++)
            same = same_value(reader, &object->via.array.ptr[i]);
        return same;
    }
    if (token.kind == MP_MAP) {
        bool same = object->type == MSGPACK_OBJECT_MAP &&
                    object->via.map.size == token.count;
        for (uint32_t i = 0; same && i < token.count; i++)
            same = same_value(reader, &object->via.map.ptr[i].key) &&
                   same_value(reader, &object->via.map.ptr[i].val);
        return same;
    }
    return same_scalar(&token, object);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Formats more often than letters; without array 32 and map 32, for which
 * msgpack-c would try to allocate what they claim. */
static size_t random_bytes(uint64_t *state, char *bytes, size_t size_max)
{
    size_t size = 1 + (size_t)(next_random(state) % size_max);
    for (size_t i = 0; i < size; i++) {
        uint64_t random = next_random(state);
        unsigned byte = (unsigned)(random >> 8 & 0xff);
        if (random % 4 == 0)
            byte = 0xc0 | (byte & 0x1f);
        if (random % 4 == 1)
            byte = 0x80 | (byte & 0x13);
        if (byte == 0xdd || byte == 0xdf)
            byte = 0x01;
        bytes[i] = (char)byte;
    }
    return size;
}

TEST(random_bytes_are_judged_as_by_msgpack_c)
{
    enum { ROUNDS = 20000, SIZE_MAX_HERE = 24 };
    uint64_t state = 0x9e3779b97f4a7c15;
    int good = 0;
    for (int i = 0; i < ROUNDS; i++) {
        char bytes[SIZE_MAX_HERE];
        size_t size = random_bytes(&state, bytes, sizeof(bytes));
        char *copy = exact_copy((struct slice){bytes, size}, size);
        struct mp_reader reader = mp_reader_of((struct slice){copy, size});
        struct slice value = {NULL, 0};
        msgpack_unpacked theirs;
        msgpack_unpacked_init(&theirs);
        size_t offset = 0;
        int result = msgpack_unpack_next(&theirs, copy, size, &offset);
        bool is_good = result == MSGPACK_UNPACK_SUCCESS ||
                       result == MSGPACK_UNPACK_EXTRA_BYTES;
        CHECK_EQ(mp_skip(&reader, &value), is_good);
        if (is_good) {
            good++;
            CHECK_EQ(value.size, offset);
            reader = mp_reader_of(value);
            CHECK(same_value(&reader, &theirs.data));
        }
        msgpack_unpacked_destroy(&theirs);
        free(copy);
    }
    CHECK(good > ROUNDS / 10 && good < ROUNDS);
}

SUITE(mp, integers_keep_their_value, what_is_above_int64_is_a_natural_number,
      nil_booleans_and_floats_are_read, bytes_are_found_where_they_lie,
      of_arrays_and_maps_only_the_head_is_taken,
      a_value_is_passed_over_as_a_whole,
      what_is_cut_off_leaves_the_reader_where_it_was,
      hostile_claims_are_refused, nesting_costs_no_stack,
      a_key_is_found_and_the_last_of_several_counts,
      several_keys_are_found_at_once, nothing_is_found_in_what_is_no_map,
      a_string_or_an_integer_must_be_the_whole_value,
      random_bytes_are_judged_as_by_msgpack_c)
