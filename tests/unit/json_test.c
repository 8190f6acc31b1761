/* SPDX-License-Identifier: MIT */
#include "core/json_read.h"
#include "core/json_write.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <msgpack.h>
#include <stdlib.h>

#include "check.h"
#include "core/mp.h"

#define BYTES(literal)                                                         \
    (struct slice)                                                             \
    {                                                                          \
        (literal), sizeof(literal) - 1                                         \
    }

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct json_reader_options READ = {0};
static const struct json_writer_options WRITE = {0};

/* A copy that ends where its memory does, so that a sanitizer sees one byte
 * read too many. Freed by the caller. */
static char *exact_copy(struct slice bytes)
{
    char *copy = malloc(bytes.size == 0 ? 1 : bytes.size);
    if (copy == NULL)
        abort();
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return copy;
}

static enum status to_pack(struct slice text,
                           const struct json_reader_options *options,
                           struct buffer *out, struct json_error *error)
{
    char *copy = exact_copy(text);
    struct slice whole = {copy, text.size};
    enum status status = json_to_msgpack(whole, options, out, error);
    free(copy);
    return status;
}

static enum status to_text(struct slice pack,
                           const struct json_writer_options *options,
                           struct buffer *out, struct json_error *error)
{
    char *copy = exact_copy(pack);
    struct slice whole = {copy, pack.size};
    enum status status = json_from_msgpack(whole, options, out, error);
    free(copy);
    return status;
}

/* What a failed check is shown with: the input, as a string of bounded size. */
struct label {
    char text[100];
};

static struct label label_of(struct slice input)
{
    struct label label;
    size_t size = input.size < 60 ? input.size : 60;
    snprintf(label.text, sizeof(label.text), "from %.*s", (int)size,
             input.size == 0 ? "" : input.data);
    return label;
}

static void check_pack(struct slice text, struct slice pack)
{
    struct buffer out = {0};
    struct json_error error;
    CHECK_EQ(to_pack(text, &READ, &out, &error), STATUS_OK);
    CHECK_ROW(buffer_slice(&out), pack, label_of(text).text);
    buffer_finish(&out);
}

static void check_text(struct slice pack, struct slice text)
{
    struct buffer out = {0};
    struct json_error error;
    CHECK_EQ(to_text(pack, &WRITE, &out, &error), STATUS_OK);
    CHECK_ROW(buffer_slice(&out), text, label_of(text).text);
    buffer_finish(&out);
}

static void check_error(const struct json_error *error, size_t offset,
                        const char *reason, struct slice input)
{
    struct label label = label_of(input);
    CHECK_ROW(slice_of(error->reason), slice_of(reason), label.text);
    check_int((intmax_t)error->offset, (intmax_t)offset, label.text, __FILE__,
              __LINE__);
}

/* Refused there and for that, with what `out` had before still in it. */
static void check_refused(struct slice text, unsigned depth_max, size_t offset,
                          const char *reason)
{
    struct json_reader_options options = {.depth_max = depth_max};
    struct json_error error = {0, "no reason"};
    struct buffer out = {0};
    CHECK_EQ(to_pack(text, &options, &out, &error), STATUS_INVALID);
    CHECK_EQ(out.size, 0);
    check_error(&error, offset, reason, text);
    buffer_append_string(&out, "before");
    CHECK_EQ(to_pack(text, &options, &out, &error), STATUS_INVALID);
    CHECK_SLICE(buffer_slice(&out), BYTES("before"));
    buffer_finish(&out);
}

static void append_repeated(struct buffer *out, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_string(out, piece);
}

/* ---- text to MessagePack ---- */

TEST(each_kind_of_value_is_converted)
{
    static const struct {
        struct slice text;
        struct slice pack;
    } rows[] = {
        {{"null", 4}, {"\xc0", 1}},
        {{"false", 5}, {"\xc2", 1}},
        {{"true", 4}, {"\xc3", 1}},
        {{"\"\"", 2}, {"\xa0", 1}},
        {{"\"hi\"", 4}, {"\xa2hi", 3}},
        {{"[]", 2}, {"\x90", 1}},
        {{"{}", 2}, {"\x80", 1}},
        {{"[[],{},[[1]]]", 13}, {"\x93\x90\x80\x91\x91\x01", 6}},
        {{"{\"a\":{\"b\":[true]},\"c\":null}", 27},
         {"\x82\xa1"
          "a\x81\xa1"
          "b\x91\xc3\xa1"
          "c\xc0",
          11}},
        {{" \t\r\n[ \t1\r\n, 2 ] \n", 17}, {"\x92\x01\x02", 3}},
        {{" { \"a\" : 1 , \"b\" : 2 } ", 23},
         {"\x82\xa1"
          "a\x01\xa1"
          "b\x02",
          7}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_pack(rows[i].text, rows[i].pack);
}

TEST(integers_are_exact_and_short)
{
    static const struct {
        const char *text;
        struct slice pack;
    } rows[] = {
        {"0", {"\x00", 1}},
        {"127", {"\x7f", 1}},
        {"128", {"\xcc\x80", 2}},
        {"255", {"\xcc\xff", 2}},
        {"256", {"\xcd\x01\x00", 3}},
        {"65535", {"\xcd\xff\xff", 3}},
        {"65536", {"\xce\x00\x01\x00\x00", 5}},
        {"2147483648", {"\xce\x80\x00\x00\x00", 5}},
        {"4294967295", {"\xce\xff\xff\xff\xff", 5}},
        {"4294967296", {"\xcf\0\0\0\x01\0\0\0\0", 9}},
        {"9007199254740993", {"\xcf\x00\x20\0\0\0\0\0\x01", 9}},
        {"9223372036854775807", {"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff", 9}},
        {"9223372036854775808", {"\xcf\x80\0\0\0\0\0\0\0", 9}},
        {"9999999999999999999", {"\xcf\x8a\xc7\x23\x04\x89\xe7\xff\xff", 9}},
        {"10000000000000000000", {"\xcf\x8a\xc7\x23\x04\x89\xe8\x00\x00", 9}},
        {"18446744073709551615", {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9}},
        {"-1", {"\xff", 1}},
        {"-32", {"\xe0", 1}},
        {"-33", {"\xd0\xdf", 2}},
        {"-128", {"\xd0\x80", 2}},
        {"-129", {"\xd1\xff\x7f", 3}},
        {"-32768", {"\xd1\x80\x00", 3}},
        {"-32769", {"\xd2\xff\xff\x7f\xff", 5}},
        {"-2147483648", {"\xd2\x80\x00\x00\x00", 5}},
        {"-2147483649", {"\xd3\xff\xff\xff\xff\x7f\xff\xff\xff", 9}},
        {"-9007199254740993", {"\xd3\xff\xdf\xff\xff\xff\xff\xff\xff", 9}},
        {"-9223372036854775808", {"\xd3\x80\0\0\0\0\0\0\0", 9}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_pack(slice_of(rows[i].text), rows[i].pack);
        check_text(rows[i].pack, slice_of(rows[i].text));
    }
}

static uint64_t double_bits(double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof(bits));
    return bits;
}

TEST(other_numbers_become_doubles)
{
    static const struct {
        const char *text;
        double real;
        const char *back;
    } rows[] = {
        {"-0", -0.0, "-0.0"},
        {"-0.0", -0.0, "-0.0"},
        {"0.0", 0.0, "0.0"},
        {"0e0", 0.0, "0.0"},
        {"-0e-9", -0.0, "-0.0"},
        {"1.0", 1.0, "1.0"},
        {"1e1", 10.0, "10.0"},
        {"1E+1", 10.0, "10.0"},
        {"1.5e-1", 0.15, "0.15"},
        {"-2.5", -2.5, "-2.5"},
        {"0.1", 0.1, "0.1"},
        {"0.30000000000000004", 0.1 + 0.2, "0.30000000000000004"},
        {"1e300", 1e300, "1e+300"},
        {"1e22", 1e22, "1e+22"},
        {"123456789012345.0", 123456789012345.0, "123456789012345.0"},
        {"2251799813685249.5", 2251799813685249.5, "2251799813685249.5"},
        {"1.7976931348623157e308", 1.7976931348623157e308,
         "1.7976931348623157e+308"},
        {"2.2250738585072014e-308", 2.2250738585072014e-308,
         "2.2250738585072014e-308"},
        {"5e-324", 0x1p-1074, "4.94065645841247e-324"},
        {"1e-999", 0.0, "0.0"},
        {"-1e-999", -0.0, "-0.0"},
        /* halfway between two doubles: to the even one, and just above */
        {"9007199254740993.0", 9007199254740992.0, "9007199254740992.0"},
        {"9007199254740993.00000000000000000000000000000000000000000000000001",
         9007199254740994.0, "9007199254740994.0"},
        {"18446744073709551616", 18446744073709551616.0,
         "1.8446744073709552e+19"},
        {"20000000000000000000", 2e19, "2e+19"},
        {"30000000000000000000", 3e19, "3e+19"}, /* 1.2e19 modulo 2^64 */
        {"99999999999999999999", 1e20, "1e+20"},
        {"-9223372036854775809", -9223372036854775808.0,
         "-9.223372036854776e+18"},
        {"-18446744073709551615", -18446744073709551616.0,
         "-1.8446744073709552e+19"},
        {"100000000000000000000000000000000000000000", 1e41, "1e+41"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer pack = {0};
        struct json_error error;
        CHECK_EQ(to_pack(slice_of(rows[i].text), &READ, &pack, &error),
                 STATUS_OK);
        struct mp_reader reader = mp_reader_of(buffer_slice(&pack));
        struct mp_token token = {.kind = MP_NIL};
        CHECK(mp_next(&reader, &token) && reader.at == reader.end);
        CHECK_EQ(token.kind, MP_DOUBLE);
        check_int(double_bits(token.real) == double_bits(rows[i].real), true,
                  rows[i].text, __FILE__, __LINE__);
        CHECK_EQ(pack.size, 9);
        check_text(buffer_slice(&pack), slice_of(rows[i].back));
        buffer_finish(&pack);
    }
}

TEST(strings_lose_their_escapes)
{
    static const struct {
        struct slice text;
        struct slice content;
    } rows[] = {
        {{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", 18}, {"\"\\/\b\f\n\r\t", 8}},
        {{"\"\\u0000\"", 8}, {"\0", 1}},
        {{"\"a\\u0000b\"", 10}, {"a\0b", 3}},
        {{"\"\\u0041\\u007f\"", 14}, {"A\x7f", 2}},
        {{"\"\x7f\"", 3}, {"\x7f", 1}},
        {{"\"\\u0080\\u07FF\"", 14}, {"\xc2\x80\xdf\xbf", 4}},
        {{"\"\\u0800\\uffff\"", 14}, {"\xe0\xa0\x80\xef\xbf\xbf", 6}},
        {{"\"\\u4e2D\\u6587\"", 14}, {"\xe4\xb8\xad\xe6\x96\x87", 6}},
        {{"\"\\ud800\\udc00\"", 14}, {"\xf0\x90\x80\x80", 4}},
        {{"\"\\ud83d\\ude00\"", 14}, {"\xf0\x9f\x98\x80", 4}},
        {{"\"\\uDBFF\\uDFFF\"", 14}, {"\xf4\x8f\xbf\xbf", 4}},
        /* surrogates without a partner */
        {{"\"\\ud83d\"", 8}, {"\xef\xbf\xbd", 3}},
        {{"\"\\ude00\"", 8}, {"\xef\xbf\xbd", 3}},
        {{"\"\\ud83dx\"", 9}, {"\xef\xbf\xbdx", 4}},
        {{"\"\\ud83d\\n\"", 10}, {"\xef\xbf\xbd\n", 4}},
        {{"\"\\ude00\\ud83d\"", 14}, {"\xef\xbf\xbd\xef\xbf\xbd", 6}},
        {{"\"\\ud83d\\u0041\"", 14},
         {"\xef\xbf\xbd"
          "A",
          4}},
        {{"\"\\ud83d\\ud83d\\ude00\"", 20},
         {"\xef\xbf\xbd\xf0\x9f\x98\x80", 7}},
        /* as they are */
        {{"\"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80/\"", 12},
         {"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80/", 10}},
        {{"\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"", 15},
         {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", 13}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer out = {0};
        struct json_error error;
        struct slice content = {NULL, 0};
        CHECK_EQ(to_pack(rows[i].text, &READ, &out, &error), STATUS_OK);
        CHECK(mp_read_str(buffer_slice(&out), &content));
        CHECK_ROW(content, rows[i].content, label_of(rows[i].text).text);
        buffer_finish(&out);
    }
}

TEST(a_byte_order_mark_is_passed_once)
{
    check_pack(BYTES("\xef\xbb\xbf[1]"), BYTES("\x91\x01"));
    check_pack(BYTES("\xef\xbb\xbf 1"), BYTES("\x01"));
    check_pack(BYTES("\"\xef\xbb\xbf\""), BYTES("\xa3\xef\xbb\xbf"));
    check_refused(BYTES("\xef\xbb\xbf"), 0, 3, "empty document");
    check_refused(BYTES("\xef\xbb\xbf\xef\xbb\xbf[1]"), 0, 3, "value expected");
    check_refused(BYTES(" \xef\xbb\xbf[1]"), 0, 1, "value expected");
    check_refused(BYTES("\xef\xbb"), 0, 0, "value expected");
}

TEST(what_breaks_the_grammar_is_refused_where_it_does)
{
    static const struct {
        const char *text;
        size_t offset;
        const char *reason;
    } rows[] = {
        {"", 0, "empty document"},
        {" \n ", 3, "empty document"},
        {"]", 0, "value expected"},
        {",", 0, "value expected"},
        {"nul", 0, "unknown literal"},
        {" nuLl", 1, "unknown literal"},
        {"[tru]", 1, "unknown literal"},
        {"f", 0, "unknown literal"},
        {"NaN", 0, "value expected"},
        {"Infinity", 0, "value expected"},
        {"-Infinity", 1, "digit expected"},
        {"'a'", 0, "value expected"},
        {"/* */1", 0, "value expected"},
        {"\v1", 0, "value expected"},
        {"\xc2\xa0"
         "1",
         0, "value expected"},

        {"1 2", 2, "bytes behind the document"},
        {"{}]", 2, "bytes behind the document"},
        {"nullx", 4, "bytes behind the document"},
        {"0x10", 1, "bytes behind the document"},
        {"1_000", 1, "bytes behind the document"},

        {"[", 1, "cut off in an array"},
        {"[1", 2, "cut off in an array"},
        {"[1, ", 4, "cut off in an array"},
        {"[[1]", 4, "cut off in an array"},
        {"[,1]", 1, "value expected"},
        {"[1,,2]", 3, "value expected"},
        {"[1,]", 2, "trailing comma"},
        {"[1 , ]", 3, "trailing comma"},
        {"[1 2]", 3, "comma or ] expected"},
        {"[1}", 2, "comma or ] expected"},
        {"[}", 1, "value expected"},

        {"{", 1, "cut off in an object"},
        {"{\"a\"", 4, "cut off in an object"},
        {"{\"a\":", 5, "cut off in an object"},
        {"{\"a\":1", 6, "cut off in an object"},
        {"{\"a\":1,", 7, "cut off in an object"},
        {"{\"a\" 1}", 5, "colon expected"},
        {"{\"a\"}", 4, "colon expected"},
        {"{\"a\":}", 5, "value expected"},
        {"{\"a\":1,}", 6, "trailing comma"},
        {"{\"a\":1 \"b\":2}", 7, "comma or } expected"},
        {"{\"a\":1]", 6, "comma or } expected"},
        {"{,}", 1, "key expected"},
        {"{1:2}", 1, "key expected"},
        {"{a:2}", 1, "key expected"},
        {"{]", 1, "key expected"},
        {"{\"a\":1,,}", 7, "key expected"},

        {"-", 1, "digit expected"},
        {"+1", 0, "value expected"},
        {".5", 0, "value expected"},
        {"-.5", 1, "digit expected"},
        {"1.", 2, "digit expected"},
        {"[1.]", 3, "digit expected"},
        {"1.e5", 2, "digit expected"},
        {"1e", 2, "digit expected"},
        {"1e+", 3, "digit expected"},
        {"1e-x", 3, "digit expected"},
        {"1.5E", 4, "digit expected"},
        {"00", 0, "leading zero"},
        {"[01]", 1, "leading zero"},
        {"-01.5", 1, "leading zero"},
        {"1e999", 0, "number beyond a double's range"},
        {"[-1e309]", 1, "number beyond a double's range"},

        {"\"", 1, "cut off in a string"},
        {"\"abc", 4, "cut off in a string"},
        {"\"abcdefgh", 9, "cut off in a string"},
        {"\"a\\", 3, "cut off in a string"},
        {"\"a\\\"", 4, "cut off in a string"},
        {"{\"a", 3, "cut off in a string"},
        {"\"a\nb\"", 2, "control character in a string"},
        {"\"abcdefghij\x1fk\"", 11, "control character in a string"},
        {"\"\\x41\"", 1, "unknown escape"},
        {"\"\\U0041\"", 1, "unknown escape"},
        {"\"a\\'\"", 2, "unknown escape"},
        {"\"\\u12\"", 1, "\\u without four hex digits"},
        {"\"\\u12g4\"", 1, "\\u without four hex digits"},
        {"\"\\u+123\"", 1, "\\u without four hex digits"},
        {"\"ab\\u00", 3, "\\u without four hex digits"},
        {"\"\\ud83d\\u12\"", 7, "\\u without four hex digits"},
        {"\"\\ud83d\\x\"", 7, "unknown escape"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_refused(slice_of(rows[i].text), 0, rows[i].offset,
                      rows[i].reason);
    check_refused(BYTES("\0"), 0, 0, "value expected");
    check_refused(BYTES("1\0"), 0, 1, "bytes behind the document");
    check_refused(BYTES("[1\0]"), 0, 2, "comma or ] expected");
    check_refused(BYTES("\"a\0b\""), 0, 2, "control character in a string");
}

TEST(broken_utf8_is_refused_where_the_character_begins)
{
    static const char *const rows[] = {
        "\x80",                     /* a continuation alone */
        "\xbf",                     /* the same */
        "\xc0\x80",                 /* overlong NUL */
        "\xc1\xbf",                 /* overlong */
        "\xe0\x80\x80",             /* overlong */
        "\xe0\x9f\xbf",             /* overlong */
        "\xf0\x80\x80\x80",         /* overlong */
        "\xf0\x8f\xbf\xbf",         /* overlong */
        "\xed\xa0\x80",             /* a surrogate */
        "\xed\xbf\xbf",             /* a surrogate */
        "\xed\xa0\xbd\xed\xb8\x80", /* CESU-8 */
        "\xf4\x90\x80\x80",         /* above U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xfe",
        "\xff",
        "\xc3",         /* cut off */
        "\xe4\xb8",     /* cut off */
        "\xf0\x9f\x98", /* cut off */
        "\xc3(",
        "\xe4(\xad",
        "\xe4\xb8(",
        "\xf0(\x98\x80",
        "\xf0\x9f(\x80",
        "\xf0\x9f\x98(",
    };
    static const char *const before[] = {
        "", "x", "seven..", "eight...", "\xe4\xb8\xad", "\xc3\xa9",
    };
    static const char *const behind[] = {"", "\"", "x\"", "xxxxxxxx\""};
    for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(before); i++) {
        for (size_t j = 0; j < COUNT_OF(behind); j++) {
            const char *lead = before[i % COUNT_OF(before)];
            char text[64];
            snprintf(text, sizeof(text), "[\"%s%s%s", lead,
                     rows[i / COUNT_OF(before)], behind[j]);
            check_refused(slice_of(text), 0, 2 + strlen(lead), "broken UTF-8");
        }
    }
}

/* Each special byte at each place of the eight that are looked at together. */
TEST(a_special_byte_is_seen_at_every_place)
{
    for (size_t place = 0; place < 20; place++) {
        for (unsigned byte = 0; byte < 0x80; byte++) {
            char text[32] = "\"....................!!\"";
            struct buffer out = {0};
            struct json_error error = {0, ""};
            text[1 + place] = (char)byte;
            bool is_good = byte >= 0x20 && byte != '"' && byte != '\\';
            enum status status =
                to_pack((struct slice){text, 24}, &READ, &out, &error);
            CHECK_EQ(status == STATUS_OK, is_good);
            if (is_good) {
                CHECK_EQ(out.size, 23);
                CHECK(memcmp(out.data + 1, text + 1, 22) == 0);
                check_text(buffer_slice(&out), (struct slice){text, 24});
            } else {
                CHECK_EQ(error.offset, byte == '"' ? place + 2 : place + 1);
            }
            buffer_finish(&out);
        }
    }
}

static void nest(struct buffer *text, size_t depth, bool in_objects)
{
    text->size = 0;
    append_repeated(text, in_objects ? "{\"k\":" : "[", depth - 1);
    buffer_append_string(text, in_objects ? "{}" : "[]");
    append_repeated(text, in_objects ? "}" : "]", depth - 1);
}

TEST(nesting_is_bounded)
{
    static const unsigned limits[] = {1, 2, 15, 0, 128, JSON_DEPTH_MAX};
    struct buffer text = {0};
    for (size_t i = 0; i < 2 * COUNT_OF(limits); i++) {
        bool in_objects = i % 2 == 1;
        struct json_reader_options read = {.depth_max = limits[i / 2]};
        struct json_writer_options write = {.depth_max = limits[i / 2]};
        size_t depth = limits[i / 2] == 0 ? 128 : limits[i / 2];
        struct buffer pack = {0};
        struct buffer back = {0};
        struct json_error error;
        nest(&text, depth, in_objects);
        CHECK_EQ(to_pack(buffer_slice(&text), &read, &pack, &error), STATUS_OK);
        CHECK_EQ(to_text(buffer_slice(&pack), &write, &back, &error),
                 STATUS_OK);
        CHECK_SLICE(buffer_slice(&back), buffer_slice(&text));
        nest(&text, depth + 1, in_objects);
        check_refused(buffer_slice(&text), read.depth_max,
                      depth * (in_objects ? 5 : 1),
                      "nested deeper than the limit");
        buffer_finish(&pack);
        buffer_finish(&back);
    }
    buffer_finish(&text);
    check_pack(BYTES("[[],[[]],[]]"), BYTES("\x93\x90\x91\x90\x90"));
}

TEST(a_document_that_offsets_cannot_count_is_refused_unread)
{
    struct buffer out = {0};
    struct json_error error = {1, ""};
    struct slice text = {"[]", (size_t)UINT32_MAX + 1};
    CHECK_EQ(json_to_msgpack(text, &READ, &out, &error), STATUS_INVALID);
    check_error(&error, 0, "document too large", BYTES("[]"));
    CHECK_EQ(out.capacity, 0);
}

TEST(order_and_duplicates_of_keys_are_kept)
{
    struct slice text = BYTES("{\"z\":1,\"a\":2,\"z\":3,\"\":4,\"m\":[5]}");
    struct slice pack = BYTES("\x85\xa1z\x01\xa1"
                              "a\x02\xa1z\x03\xa0\x04\xa1m\x91\x05");
    check_pack(text, pack);
    check_text(pack, text);
}

/* ---- heads of every length, against msgpack-c ---- */

static const size_t SIZES[] = {0,     1,     15,    16,     17,    31,
                               32,    33,    255,   256,    65534, 65535,
                               65536, 65537, 70000, 100000, 200000};

static void check_both_ways(const struct buffer *text,
                            const msgpack_sbuffer *pack)
{
    struct slice bytes = {pack->data, pack->size};
    check_pack(buffer_slice(text), bytes);
    check_text(bytes, buffer_slice(text));
}

static void check_string_of(size_t size)
{
    struct buffer text = {0};
    msgpack_sbuffer pack;
    msgpack_packer packer;
    msgpack_sbuffer_init(&pack);
    msgpack_packer_init(&packer, &pack, msgpack_sbuffer_write);
    buffer_append_string(&text, "[\"");
    append_repeated(&text, "s", size);
    buffer_append_string(&text, "\",7]");
    msgpack_pack_array(&packer, 2);
    msgpack_pack_str(&packer, size);
    msgpack_pack_str_body(&packer, text.data + 2, size);
    msgpack_pack_int(&packer, 7);
    check_both_ways(&text, &pack);
    msgpack_sbuffer_destroy(&pack);
    buffer_finish(&text);
}

static void check_container_of(size_t count, bool is_map)
{
    struct buffer text = {0};
    msgpack_sbuffer pack;
    msgpack_packer packer;
    msgpack_sbuffer_init(&pack);
    msgpack_packer_init(&packer, &pack, msgpack_sbuffer_write);
    buffer_append_string(&text, is_map ? "[{" : "[[");
    msgpack_pack_array(&packer, 2);
    if (is_map)
        msgpack_pack_map(&packer, count);
    else
        msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < count; i++) {
        char item[40];
        snprintf(item, sizeof(item), is_map ? "%s\"k\":%zu" : "%s%zu",
                 i == 0 ? "" : ",", i);
        buffer_append_string(&text, item);
        if (is_map) {
            msgpack_pack_str(&packer, 1);
            msgpack_pack_str_body(&packer, "k", 1);
        }
        msgpack_pack_uint64(&packer, i);
    }
    buffer_append_string(&text, is_map ? "},7]" : "],7]");
    msgpack_pack_int(&packer, 7);
    check_both_ways(&text, &pack);
    msgpack_sbuffer_destroy(&pack);
    buffer_finish(&text);
}

TEST(lengths_and_counts_have_the_shortest_head)
{
    for (size_t i = 0; i < COUNT_OF(SIZES); i++) {
        check_string_of(SIZES[i]);
        check_container_of(SIZES[i], false);
        check_container_of(SIZES[i], true);
    }
}

/* What grows most: a sanitizer sees it if the room did not suffice. */
TEST(the_worst_cases_fit_the_room)
{
    static const struct {
        const char *open, *item, *close;
    } rows[] = {
        {"[", "-0", "]"},           {"[", "1e1", "]"},
        {"[", "[-0]", "]"},         {"[", "\"\\ud800\"", "]"},
        {"{", "\"\":-0", "}"},      {"{", "\"\":0", "}"},
        {"{", "\"k\":1e1", "}"},    {"{\"\":{", "\"\":-0", "}}"},
        {"[[[[[[", "-0", "]]]]]]"}, {"[-0,{", "\"\":-0", "}]"},
    };
    static const size_t counts[] = {1, 15, 16, 100, 65535, 65536, 65600};
    for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(counts); i++) {
        struct buffer text = {0};
        struct buffer pack = {0};
        struct buffer back = {0};
        struct json_error error;
        size_t count = counts[i % COUNT_OF(counts)];
        buffer_append_string(&text, rows[i / COUNT_OF(counts)].open);
        for (size_t j = 0; j < count; j++) {
            buffer_append_string(&text, j == 0 ? "" : ",");
            buffer_append_string(&text, rows[i / COUNT_OF(counts)].item);
        }
        buffer_append_string(&text, rows[i / COUNT_OF(counts)].close);
        CHECK_EQ(to_pack(buffer_slice(&text), &READ, &pack, &error), STATUS_OK);
        CHECK(pack.size <= pack.capacity);
        CHECK_EQ(to_text(buffer_slice(&pack), &WRITE, &back, &error),
                 STATUS_OK);
        buffer_finish(&text);
        buffer_finish(&pack);
        buffer_finish(&back);
    }
}

/* A number's text is copied where the output goes, before it shrinks. */
TEST(a_number_of_many_digits_is_read_to_its_end)
{
    enum { DIGITS = 100000 };
    struct buffer text = {0};
    struct buffer pack = {0};
    struct json_error error;
    buffer_append_string(&text, "0.");
    append_repeated(&text, "0", DIGITS);
    buffer_append_string(&text, "25e100001");
    CHECK_EQ(to_pack(buffer_slice(&text), &READ, &pack, &error), STATUS_OK);
    check_text(buffer_slice(&pack), BYTES("2.5"));
    text.size = 0;
    append_repeated(&text, "9", DIGITS);
    check_refused(buffer_slice(&text), 0, 0, "number beyond a double's range");
    buffer_finish(&text);
    buffer_finish(&pack);
}

/* ---- members ---- */

static const char *const ASKED[] = {"nil", "yes",  "no",   "int",
                                    "big", "real", "text", "list",
                                    "map", "most", ""};

static int member_of(struct slice key)
{
    for (size_t i = 0; i < COUNT_OF(ASKED); i++)
        if (slice_equals(key, ASKED[i]))
            return (int)i;
    return -1;
}

/* What has been found of the members asked for. */
struct found {
    struct buffer out;
    struct json_value members[JSON_MEMBERS_MAX];
};

static enum status find_members(struct slice text, json_member_of *asked,
                                struct found *found)
{
    struct json_error error;
    *found = (struct found){0};
    const struct json_reader_options options = {
        .member_of = asked,
        .members = found->members,
    };
    buffer_append_string(&found->out, "before");
    return to_pack(text, &options, &found->out, &error);
}

TEST(members_asked_for_are_found_with_what_is_known_of_them)
{
    struct slice text =
        BYTES("{\"nil\":null,\"yes\":true,\"other\":[0],\"no\":false,"
              "\"int\":-7,\"big\":9223372036854775808,\"real\":1.5,"
              "\"text\":\"\\u4e2d\\n\",\"list\":[1,{\"no\":9}],"
              "\"map\":{\"int\":1},\"most\":9223372036854775807,"
              "\"\":\"\"}");
    static const struct {
        enum json_kind kind;
        struct slice pack;
    } rows[] = {
        {JSON_NULL, {"\xc0", 1}},
        {JSON_BOOL, {"\xc3", 1}},
        {JSON_BOOL, {"\xc2", 1}},
        {JSON_INT, {"\xf9", 1}},
        {JSON_NUMBER, {"\xcf\x80\0\0\0\0\0\0\0", 9}},
        {JSON_NUMBER, {"\xcb\x3f\xf8\0\0\0\0\0\0", 9}},
        {JSON_STRING, {"\xa4\xe4\xb8\xad\n", 5}},
        {JSON_ARRAY, {"\x92\x01\x81\xa2no\x09", 7}},
        {JSON_OBJECT, {"\x81\xa3int\x01", 6}},
        {JSON_INT, {"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff", 9}},
        {JSON_STRING, {"\xa0", 1}},
    };
    struct found found;
    CHECK_EQ(find_members(text, member_of, &found), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_EQ(found.members[i].kind, rows[i].kind);
        CHECK_ROW(found.members[i].pack, rows[i].pack, ASKED[i]);
    }
    CHECK(found.members[1].boolean);
    CHECK(!found.members[2].boolean);
    CHECK_EQ(found.members[3].integer, -7);
    CHECK_SLICE(found.members[6].text, BYTES("\xe4\xb8\xad\n"));
    CHECK_EQ(found.members[9].integer, INT64_MAX);
    CHECK_SLICE(found.members[10].text, BYTES(""));
    CHECK_EQ(memcmp(found.out.data, "before", 6), 0);
    buffer_finish(&found.out);
}

/* key0 to key31 */
static int number_in(struct slice key)
{
    int number = -1;
    char text[8] = "";
    if (key.size < sizeof(text))
        memcpy(text, key.data, key.size);
    return sscanf(text, "key%d", &number) == 1 ? number : -1;
}

/* Sixteen members need a longer head, which moves them all. */
TEST(members_are_found_where_they_are_in_the_end)
{
    for (size_t count = 0; count <= JSON_MEMBERS_MAX; count++) {
        struct buffer text = {0};
        struct found found;
        buffer_append_string(&text, "{");
        for (size_t i = 0; i < count; i++) {
            char member[64];
            snprintf(member, sizeof(member), "%s\"key%zu\":[\"value%zu\"]",
                     i == 0 ? "" : ",", i, i);
            buffer_append_string(&text, member);
        }
        buffer_append_string(&text, "}");
        CHECK_EQ(find_members(buffer_slice(&text), number_in, &found),
                 STATUS_OK);
        struct slice pack = {found.out.data + 6, found.out.size - 6};
        for (size_t i = 0; i < JSON_MEMBERS_MAX; i++) {
            char key[16];
            char value[32];
            struct slice there = {NULL, 0};
            snprintf(key, sizeof(key), "key%zu", i);
            snprintf(value, sizeof(value), "[\"value%zu\"]", i);
            CHECK_EQ(mp_find(pack, key, &there), i < count);
            CHECK(there.data == found.members[i].pack.data);
            CHECK_EQ(there.size, found.members[i].pack.size);
            if (i < count)
                check_text(there, slice_of(value));
        }
        buffer_finish(&text);
        buffer_finish(&found.out);
    }
}

TEST(of_duplicate_members_the_last_is_found)
{
    struct found found;
    CHECK_EQ(find_members(BYTES("{\"int\":1,\"no\":2,\"int\":3,\"x\":4}"),
                          member_of, &found),
             STATUS_OK);
    CHECK_EQ(found.members[3].integer, 3);
    CHECK_EQ(found.members[2].integer, 2);
    buffer_finish(&found.out);
}

TEST(a_key_longer_than_any_asked_for_is_none)
{
    struct found found;
    CHECK_EQ(find_members(
                 BYTES("{\"0123456789012345678901234567890123\":1,\"int\":2}"),
                 member_of, &found),
             STATUS_OK);
    CHECK_EQ(found.members[3].integer, 2);
    buffer_finish(&found.out);
}

TEST(only_an_outermost_object_that_is_whole_has_members)
{
    static const char *const rows[] = {
        "[{\"int\":1}]",
        "\"int\"",
        "1",
        "{}",
        "{\"int\":1,}",
        "{\"int\":1} {}",
        "{\"int\":1",
        "[]",
        "{\"int\":1}}",
        "{\"no\":1,\"b\"",
        "{\"int\":1]}",
        "{\"a\":{\"int\":1}}",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct found found;
        (void)!find_members(slice_of(rows[i]), member_of, &found);
        for (size_t j = 0; j < JSON_MEMBERS_MAX; j++)
            CHECK_EQ(found.members[j].pack.size, 0);
        buffer_finish(&found.out);
    }
}

/* ---- MessagePack to text ---- */

TEST(values_have_their_compact_text)
{
    static const struct {
        struct slice pack;
        const char *text;
    } rows[] = {
        {{"\xc0", 1}, "null"},
        {{"\x92\xc2\xc3", 3}, "[false,true]"},
        {{"\x80", 1}, "{}"},
        {{"\x90", 1}, "[]"},
        {{"\x82\xa1"
          "a\x90\xa1"
          "b\x80",
          7},
         "{\"a\":[],\"b\":{}}"},
        {{"\xde\0\x01\xd9\x01k\xdc\0\x01\xd2\0\0\0\x01", 14}, "{\"k\":[1]}"},
        {{"\xca\x3f\xc0\0\0", 5}, "1.5"},
        {{"\xca\x3d\xcc\xcc\xcd", 5}, "0.10000000149011612"},
        {{"\xcb\x43\x40\0\0\0\0\0\0", 9}, "9007199254740992.0"},
        {{"\xa0", 1}, "\"\""},
        {{"\xa9\"\\/\b\f\n\r\t\x7f", 10}, "\"\\\"\\\\/\\b\\f\\n\\r\\t\x7f\""},
        {{"\xa4\0\x01\x0b\x1f", 5}, "\"\\u0000\\u0001\\u000b\\u001f\""},
        {{"\xad\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\xef\xbf\xbf"
          "a",
          14},
         "\"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\xef\xbf\xbf"
         "a\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_text(rows[i].pack, slice_of(rows[i].text));
}

TEST(what_has_no_json_form_is_refused_where_it_is)
{
    static const struct {
        struct slice pack;
        size_t offset;
        const char *reason;
    } rows[] = {
        {{"", 0}, 0, "cut off"},
        {{"\x92\x01", 2}, 2, "cut off"},
        {{"\x92\x01\xcd\x01", 4}, 2, "cut off"},
        {{"\x81\xa1k", 3}, 3, "cut off"},
        {{"\x81\xa2k", 3}, 1, "cut off"},
        {{"\xdd\xff\xff\xff\xff\xc0", 6}, 6, "cut off"},
        {{"\xdf\xff\xff\xff\xff", 5}, 5, "cut off"},
        {{"\x92\x01\xc1", 3}, 2, "0xc1 is no MessagePack"},
        {{"\x81\xc1\x01", 3}, 1, "0xc1 is no MessagePack"},
        {{"\xc0\xc0", 2}, 1, "bytes behind the value"},
        {{"\x90\x90", 2}, 1, "bytes behind the value"},
        {{"\x81\x01\x02", 3}, 1, "key is no string"},
        {{"\x81\xc4\x01k\x02", 5}, 1, "key is no string"},
        {{"\x81\x90\x02", 3}, 1, "key is no string"},
        {{"\x91\xc4\x01x", 4}, 1, "bin has no JSON form"},
        {{"\x92\x01\xd4\x07x", 5}, 2, "ext has no JSON form"},
        {{"\xca\x7f\xc0\0\0", 5}, 0, "NaN and infinity have no JSON form"},
        {{"\x91\xcb\x7f\xf0\0\0\0\0\0\0", 10},
         1,
         "NaN and infinity have no JSON form"},
        {{"\xcb\xff\xf0\0\0\0\0\0\0", 9},
         0,
         "NaN and infinity have no JSON form"},
        {{"\x91\xa3xy\xff", 5}, 4, "broken UTF-8"},
        {{"\xa3\xed\xa0\x80", 4}, 1, "broken UTF-8"},
        {{"\xa8\xe4\xb8\xad..\xe4\xb8.", 9}, 6, "broken UTF-8"},
        {{"\x81\xa2k\xc3\x01", 5}, 3, "broken UTF-8"},
        {{"\x92\xa2\xe4\xb8\xa1\xad", 6}, 2, "broken UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer out = {0};
        struct json_error error = {0, "no reason"};
        buffer_append_string(&out, "before");
        CHECK_EQ(to_text(rows[i].pack, &WRITE, &out, &error), STATUS_INVALID);
        CHECK_SLICE(buffer_slice(&out), BYTES("before"));
        check_error(&error, rows[i].offset, rows[i].reason, rows[i].pack);
        buffer_finish(&out);
    }
}

TEST(a_pack_nested_too_deep_is_refused)
{
    struct json_writer_options options = {.depth_max = 2};
    struct buffer out = {0};
    struct json_error error;
    struct slice good = BYTES("\x92\x80\x91\x01");
    struct slice deep = BYTES("\x92\x80\x91\x81\xa0\x01");
    CHECK_EQ(to_text(good, &options, &out, &error), STATUS_OK);
    CHECK_SLICE(buffer_slice(&out), BYTES("[{},[1]]"));
    CHECK_EQ(to_text(deep, &options, &out, &error), STATUS_INVALID);
    check_error(&error, 3, "nested deeper than the limit", deep);
    CHECK_SLICE(buffer_slice(&out), BYTES("[{},[1]]"));
    buffer_finish(&out);
}

TEST(bin_is_base64_where_asked)
{
    static const struct {
        struct slice pack;
        const char *text;
    } rows[] = {
        {{"\xc4\0", 2}, "\"\""},
        {{"\xc4\x01"
          "f",
          3},
         "\"Zg==\""},
        {{"\xc4\x02"
          "fo",
          4},
         "\"Zm8=\""},
        {{"\xc4\x03"
          "foo",
          5},
         "\"Zm9v\""},
        {{"\xc5\0\x06"
          "foobar",
          9},
         "\"Zm9vYmFy\""},
        {{"\x92\xc4\x03\xfb\xff\xbf\xc4\x01\xff", 9}, "[\"+/+/\",\"/w==\"]"},
    };
    struct json_writer_options options = {.bin_as_base64 = true};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer out = {0};
        struct json_error error;
        CHECK_EQ(to_text(rows[i].pack, &options, &out, &error), STATUS_OK);
        CHECK_SLICE(buffer_slice(&out), slice_of(rows[i].text));
        buffer_finish(&out);
    }
    struct buffer out = {0};
    struct json_error error;
    CHECK_EQ(to_text(BYTES("\x81\xc4\x01k\x02"), &options, &out, &error),
             STATUS_INVALID);
    check_error(&error, 1, "key is no string", BYTES("a bin"));
    buffer_finish(&out);
}

TEST(any_bytes_can_be_appended_as_a_string)
{
    static const struct {
        struct slice text;
        const char *string;
    } rows[] = {
        {{NULL, 0}, "\"\""},
        {{"plain \xe4\xb8\xad", 9}, "\"plain \xe4\xb8\xad\""},
        {{"a\"b\\c\n\0", 7}, "\"a\\\"b\\\\c\\n\\u0000\""},
        {{"\xff", 1}, "\"\xef\xbf\xbd\""},
        {{"a\xe4\xb8", 3}, "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
        {{"\xc3(\x80", 3}, "\"\xef\xbf\xbd(\xef\xbf\xbd\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer out = {0};
        buffer_append_string(&out, "x");
        json_append_string(&out, rows[i].text);
        CHECK(out.data[0] == 'x');
        CHECK_SLICE(((struct slice){out.data + 1, out.size - 1}),
                    slice_of(rows[i].string));
        buffer_finish(&out);
    }
}

TEST(both_ways_append)
{
    struct buffer out = {0};
    struct json_error error;
    CHECK_EQ(to_pack(BYTES("[1]"), &READ, &out, &error), STATUS_OK);
    CHECK_EQ(to_pack(BYTES("\"a\""), &READ, &out, &error), STATUS_OK);
    CHECK_SLICE(buffer_slice(&out), BYTES("\x91\x01\xa1"
                                          "a"));
    CHECK_EQ(to_text(BYTES("\xc3"), &WRITE, &out, &error), STATUS_OK);
    CHECK_SLICE(buffer_slice(&out), BYTES("\x91\x01\xa1"
                                          "atrue"));
    buffer_finish(&out);
}

/* ---- random documents ----
 *
 * One walk writes the same document three times: as canonical text, the form
 * that json_from_msgpack() writes; as loose text, with white space, escapes
 * and other ways to write a number; and with msgpack-c. */

struct generator {
    uint64_t state;
    struct buffer canonical;
    struct buffer loose;
    msgpack_sbuffer pack;
    msgpack_packer packer;
};

static uint64_t draw(struct generator *generator, uint64_t below)
{
    uint64_t *state = &generator->state;
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (*state >> 11) % below;
}

static void put_space(struct generator *generator)
{
    static const char *const spaces[] = {"", "", "", " ", "\n\t", "\r\n   "};
    buffer_append_string(&generator->loose,
                         spaces[draw(generator, COUNT_OF(spaces))]);
}

static void put_both(struct generator *generator, const char *text)
{
    buffer_append_string(&generator->canonical, text);
    buffer_append_string(&generator->loose, text);
}

static void put_integer(struct generator *generator)
{
    /* As many bits as drawn: every length is as likely. */
    uint64_t bits =
        draw(generator, UINT32_MAX) << 32 | draw(generator, UINT32_MAX);
    bits >>= draw(generator, 64);
    char text[32];
    if (draw(generator, 2) == 0) {
        snprintf(text, sizeof(text), "%" PRIu64, bits);
        msgpack_pack_uint64(&generator->packer, bits);
    } else {
        int64_t negative = -(int64_t)(bits >> 1) - 1;
        snprintf(text, sizeof(text), "%" PRId64, negative);
        msgpack_pack_int64(&generator->packer, negative);
    }
    put_both(generator, text);
}

static double draw_double(struct generator *generator)
{
    for (;;) {
        uint64_t bits =
            draw(generator, UINT32_MAX) << 32 | draw(generator, UINT32_MAX);
        double real;
        memcpy(&real, &bits, sizeof(real));
        if (draw(generator, 2) == 0)
            real = (double)(int64_t)(bits >> 40) / 64;
        if (isfinite(real))
            return real;
    }
}

static void put_double(struct generator *generator)
{
    double real = draw_double(generator);
    char text[64];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    buffer_append_string(&generator->canonical, text);
    if (strpbrk(text, ".e") == NULL)
        buffer_append_string(&generator->canonical, ".0");
    const char *form = draw(generator, 2) == 0 ? "%.17e" : "%.20E";
    snprintf(text, sizeof(text), form, real);
    buffer_append_string(&generator->loose, text);
    msgpack_pack_double(&generator->packer, real);
}

static void put_loose_character(struct generator *generator, unsigned character,
                                struct slice utf8, bool must_escape)
{
    char text[16];
    unsigned above = character - 0x10000;
    const char *form = draw(generator, 2) == 0 ? "\\u%04x" : "\\u%04X";
    if (!must_escape && draw(generator, 3) > 0) {
        buffer_append(&generator->loose, utf8.data, utf8.size);
    } else if (character < 0x10000) {
        snprintf(text, sizeof(text), form, character);
        buffer_append_string(&generator->loose, text);
    } else {
        snprintf(text, sizeof(text), form, 0xd800 + (above >> 10));
        buffer_append_string(&generator->loose, text);
        snprintf(text, sizeof(text), form, 0xdc00 + (above & 0x3ff));
        buffer_append_string(&generator->loose, text);
    }
}

static void put_character(struct generator *generator, struct buffer *content)
{
    static const struct {
        const char *utf8;
        const char *canonical; /* NULL: as it is */
        unsigned character;
    } rows[] = {
        {"a", NULL, 'a'},
        {"Z", NULL, 'Z'},
        {" ", NULL, ' '},
        {"/", NULL, '/'},
        {"\x7f", NULL, 0x7f},
        {"\"", "\\\"", '"'},
        {"\\", "\\\\", '\\'},
        {"\n", "\\n", '\n'},
        {"\b", "\\b", '\b'},
        {"\x01", "\\u0001", 1},
        {"\x1f", "\\u001f", 0x1f},
        {"\xc2\x80", NULL, 0x80},
        {"\xdf\xbf", NULL, 0x7ff},
        {"\xe0\xa0\x80", NULL, 0x800},
        {"\xe4\xb8\xad", NULL, 0x4e2d},
        {"\xe5\x9b\xbd", NULL, 0x56fd},
        {"\xed\x9f\xbf", NULL, 0xd7ff},
        {"\xee\x80\x80", NULL, 0xe000},
        {"\xf0\x90\x80\x80", NULL, 0x10000},
        {"\xf0\x9f\x98\x80", NULL, 0x1f600},
        {"\xf4\x8f\xbf\xbf", NULL, 0x10ffff},
    };
    size_t i = draw(generator, 3) > 0 ? draw(generator, 4)
                                      : draw(generator, COUNT_OF(rows));
    const char *canonical = rows[i].canonical;
    struct slice utf8 = slice_of(rows[i].utf8);
    buffer_append(content, utf8.data, utf8.size);
    buffer_append_string(&generator->canonical,
                         canonical == NULL ? utf8.data : canonical);
    put_loose_character(generator, rows[i].character, utf8, canonical != NULL);
}

/* `lead` makes keys differ. */
static void put_string(struct generator *generator, const char *lead)
{
    struct buffer content = {0};
    size_t size =
        draw(generator, 8) == 0 ? draw(generator, 400) : draw(generator, 24);
    put_both(generator, "\"");
    put_both(generator, lead);
    buffer_append_string(&content, lead);
    for (size_t i = 0; i < size; i++)
        put_character(generator, &content);
    put_both(generator, "\"");
    msgpack_pack_str(&generator->packer, content.size);
    msgpack_pack_str_body(&generator->packer, content.data, content.size);
    buffer_finish(&content);
}

static void put_constant(struct generator *generator)
{
    switch (draw(generator, 3)) {
    case 0:
        msgpack_pack_nil(&generator->packer);
        put_both(generator, "null");
        break;
    case 1:
        msgpack_pack_true(&generator->packer);
        put_both(generator, "true");
        break;
    default:
        msgpack_pack_false(&generator->packer);
        put_both(generator, "false");
        break;
    }
}

static void put_value(struct generator *generator, unsigned depth);

static void put_members(struct generator *generator, unsigned depth,
                        size_t count, bool is_map)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put_both(generator, ",");
        put_space(generator);
        if (is_map) {
            char lead[24];
            snprintf(lead, sizeof(lead), "%zu:", i);
            put_string(generator, lead);
            put_space(generator);
            put_both(generator, ":");
        }
        put_value(generator, depth);
    }
    put_space(generator);
}

static void put_container(struct generator *generator, unsigned depth)
{
    bool is_map = draw(generator, 2) == 0;
    size_t count =
        draw(generator, 10) == 0 ? draw(generator, 40) : draw(generator, 5);
    if (is_map)
        msgpack_pack_map(&generator->packer, count);
    else
        msgpack_pack_array(&generator->packer, count);
    put_both(generator, is_map ? "{" : "[");
    put_members(generator, depth, count, is_map);
    put_both(generator, is_map ? "}" : "]");
}

static void put_value(struct generator *generator, unsigned depth)
{
    put_space(generator);
    uint64_t kind = draw(generator, depth == 0 ? 5 : 9);
    if (kind >= 5)
        put_container(generator, depth - 1);
    else if (kind == 0)
        put_constant(generator);
    else if (kind == 1)
        put_double(generator);
    else if (kind == 2)
        put_integer(generator);
    else
        put_string(generator, "");
    put_space(generator);
}

static void generate(struct generator *generator)
{
    generator->canonical.size = 0;
    generator->loose.size = 0;
    msgpack_sbuffer_clear(&generator->pack);
    put_value(generator, 5);
}

static void generator_init(struct generator *generator, uint64_t seed)
{
    *generator = (struct generator){.state = seed};
    msgpack_sbuffer_init(&generator->pack);
    msgpack_packer_init(&generator->packer, &generator->pack,
                        msgpack_sbuffer_write);
}

static void generator_finish(struct generator *generator)
{
    buffer_finish(&generator->canonical);
    buffer_finish(&generator->loose);
    msgpack_sbuffer_destroy(&generator->pack);
}

static void check_readable(struct slice pack)
{
    msgpack_unpacked theirs;
    size_t offset = 0;
    msgpack_unpacked_init(&theirs);
    CHECK_EQ(msgpack_unpack_next(&theirs, pack.data, pack.size, &offset),
             MSGPACK_UNPACK_SUCCESS);
    CHECK_EQ(offset, pack.size);
    msgpack_unpacked_destroy(&theirs);
}

static void check_equal_to_cjson(struct slice one, struct slice other)
{
    cJSON *left = cJSON_ParseWithLength(one.data, one.size);
    cJSON *right = cJSON_ParseWithLength(other.data, other.size);
    CHECK(left != NULL && right != NULL && cJSON_Compare(left, right, true));
    cJSON_Delete(left);
    cJSON_Delete(right);
}

TEST(random_documents_are_packed_as_by_msgpack_c)
{
    enum { DOCUMENTS = 1500 };
    struct generator generator;
    generator_init(&generator, 0x2545f4914f6cdd1d);
    for (int i = 0; i < DOCUMENTS; i++) {
        generate(&generator);
        struct slice expected = {generator.pack.data, generator.pack.size};
        struct slice canonical = buffer_slice(&generator.canonical);
        struct slice loose = buffer_slice(&generator.loose);
        struct buffer back = {0};
        struct json_error error;
        check_pack(canonical, expected);
        check_pack(loose, expected);
        check_readable(expected);
        CHECK_EQ(to_text(expected, &WRITE, &back, &error), STATUS_OK);
        CHECK_SLICE(buffer_slice(&back), canonical);
        check_equal_to_cjson(loose, buffer_slice(&back));
        buffer_finish(&back);
    }
    generator_finish(&generator);
}

/* However it was written, it comes back in the canonical form, which is an
 * equal document for another reader too. */
static void check_comes_back(struct slice text, struct slice canonical)
{
    struct buffer pack = {0};
    struct buffer back = {0};
    struct json_error error;
    CHECK_EQ(to_pack(text, &READ, &pack, &error), STATUS_OK);
    CHECK_EQ(to_text(buffer_slice(&pack), &WRITE, &back, &error), STATUS_OK);
    CHECK_ROW(buffer_slice(&back), canonical, label_of(text).text);
    check_equal_to_cjson(text, buffer_slice(&back));
    buffer_finish(&pack);
    buffer_finish(&back);
}

TEST(random_documents_come_back_as_equal_ones)
{
    enum { DOCUMENTS = 10000 };
    struct generator generator;
    generator_init(&generator, 0x9e3779b97f4a7c15);
    for (int i = 0; i < DOCUMENTS; i++) {
        generate(&generator);
        check_comes_back(buffer_slice(&generator.loose),
                         buffer_slice(&generator.canonical));
    }
    generator_finish(&generator);
}

/* Cut off at every byte: no crash, and a reason that lies within. */
TEST(documents_cut_off_anywhere_are_survived)
{
    enum { DOCUMENTS = 40, SIZE_MAX_HERE = 2000 };
    struct generator generator;
    generator_init(&generator, 0x1234567890abcdef);
    struct buffer out = {0};
    for (int i = 0; i < DOCUMENTS; i++) {
        struct json_error error = {0, NULL};
        generate(&generator);
        struct slice text = buffer_slice(&generator.loose);
        for (size_t size = 0; size < text.size && size < SIZE_MAX_HERE;
             size++) {
            struct slice cut = {text.data, size};
            out.size = 0;
            if (to_pack(cut, &READ, &out, &error) != STATUS_OK)
                CHECK(error.offset <= size && error.reason != NULL);
        }
        struct slice pack = {generator.pack.data, generator.pack.size};
        for (size_t size = 0; size < pack.size && size < SIZE_MAX_HERE;
             size++) {
            struct slice cut = {pack.data, size};
            out.size = 0;
            CHECK_EQ(to_text(cut, &WRITE, &out, &error), STATUS_INVALID);
            CHECK(error.offset <= size);
        }
    }
    buffer_finish(&out);
    generator_finish(&generator);
}

/* What is taken can be written back, and taking that changes nothing more. */
static bool check_stable(struct slice text)
{
    struct buffer pack = {0};
    struct buffer back = {0};
    struct buffer again = {0};
    struct json_error error;
    bool is_good = to_pack(text, &READ, &pack, &error) == STATUS_OK;
    if (is_good) {
        CHECK_EQ(to_text(buffer_slice(&pack), &WRITE, &back, &error),
                 STATUS_OK);
        CHECK_EQ(to_pack(buffer_slice(&back), &READ, &again, &error),
                 STATUS_OK);
        CHECK_SLICE(buffer_slice(&again), buffer_slice(&pack));
    }
    buffer_finish(&pack);
    buffer_finish(&back);
    buffer_finish(&again);
    return is_good;
}

TEST(damaged_documents_are_survived)
{
    enum { DOCUMENTS = 300, DAMAGES = 20 };
    static const char favourites[] = "\"\\{}[],:0-e.u\x80\xe4\xff\n ";
    struct generator generator;
    generator_init(&generator, 0xfedcba0987654321);
    int good = 0;
    int bad = 0;
    for (int i = 0; i < DOCUMENTS * DAMAGES; i++) {
        if (i % DAMAGES == 0)
            generate(&generator);
        struct buffer *text = &generator.loose;
        if (text->size == 0 || text->size > 2000)
            continue;
        size_t at = draw(&generator, text->size);
        char kept = text->data[at];
        text->data[at] = favourites[draw(&generator, sizeof(favourites) - 1)];
        if (check_stable(buffer_slice(text)))
            good++;
        else
            bad++;
        text->data[at] = kept;
    }
    CHECK(good > 100 && bad > 100);
    generator_finish(&generator);
}

TEST(damaged_packs_are_survived)
{
    enum { DOCUMENTS = 300, DAMAGES = 20 };
    struct generator generator;
    generator_init(&generator, 0x0f1e2d3c4b5a6978);
    struct buffer text = {0};
    for (int i = 0; i < DOCUMENTS * DAMAGES; i++) {
        struct json_error error;
        if (i % DAMAGES == 0)
            generate(&generator);
        struct slice pack = {generator.pack.data, generator.pack.size};
        if (pack.size > 2000)
            continue;
        size_t at = draw(&generator, pack.size);
        char kept = generator.pack.data[at];
        generator.pack.data[at] = (char)draw(&generator, 256);
        text.size = 0;
        if (to_text(pack, &WRITE, &text, &error) == STATUS_OK)
            CHECK(check_stable(buffer_slice(&text)));
        generator.pack.data[at] = kept;
    }
    buffer_finish(&text);
    generator_finish(&generator);
}

SUITE(json, each_kind_of_value_is_converted, integers_are_exact_and_short,
      other_numbers_become_doubles, strings_lose_their_escapes,
      a_byte_order_mark_is_passed_once,
      what_breaks_the_grammar_is_refused_where_it_does,
      broken_utf8_is_refused_where_the_character_begins,
      a_special_byte_is_seen_at_every_place, nesting_is_bounded,
      a_document_that_offsets_cannot_count_is_refused_unread,
      order_and_duplicates_of_keys_are_kept,
      lengths_and_counts_have_the_shortest_head, the_worst_cases_fit_the_room,
      a_number_of_many_digits_is_read_to_its_end,
      members_asked_for_are_found_with_what_is_known_of_them,
      members_are_found_where_they_are_in_the_end,
      of_duplicate_members_the_last_is_found,
      a_key_longer_than_any_asked_for_is_none,
      only_an_outermost_object_that_is_whole_has_members,
      values_have_their_compact_text,
      what_has_no_json_form_is_refused_where_it_is,
      a_pack_nested_too_deep_is_refused, bin_is_base64_where_asked,
      any_bytes_can_be_appended_as_a_string, both_ways_append,
      random_documents_are_packed_as_by_msgpack_c,
      random_documents_come_back_as_equal_ones,
      documents_cut_off_anywhere_are_survived, damaged_documents_are_survived,
      damaged_packs_are_survived)
