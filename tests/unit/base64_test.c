/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <stdint.h>
#include <stdlib.h>

#include "check.h"

TEST(bytes_become_text_and_come_back)
{
    static const struct {
        const char *label, *bytes, *text;
    } rows[] = {
        /* RFC 4648, section 10 */
        {"nothing", "", ""},
        {"one", "f", "Zg=="},
        {"two", "fo", "Zm8="},
        {"three", "foo", "Zm9v"},
        {"four", "foob", "Zm9vYg=="},
        {"five", "fooba", "Zm9vYmE="},
        {"six", "foobar", "Zm9vYmFy"},
        {"the last two digits", "\xff\xef\xbe", "/+++"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer text = {0};
        struct buffer bytes = {0};
        size_t size = 99;
        base64_append(&text, slice_of(rows[i].bytes));
        CHECK_ROW(buffer_slice(&text), slice_of(rows[i].text), rows[i].label);
        CHECK_EQ(text.size, base64_text_size(strlen(rows[i].bytes)));
        CHECK_EQ(base64_bytes_size(buffer_slice(&text), &size), STATUS_OK);
        CHECK_EQ(size, strlen(rows[i].bytes));
        CHECK(base64_is_valid(buffer_slice(&text)));
        CHECK_EQ(base64_decode(buffer_slice(&text), &bytes), STATUS_OK);
        CHECK_ROW(buffer_slice(&bytes), slice_of(rows[i].bytes), rows[i].label);
        buffer_finish(&text);
        buffer_finish(&bytes);
    }
}

TEST(both_append)
{
    struct buffer out = {0};
    buffer_append_string(&out, "before:");
    base64_append(&out, slice_of("foo"));
    CHECK_EQ(base64_decode(slice_of("Zm9v"), &out), STATUS_OK);
    CHECK_SLICE(buffer_slice(&out), slice_of("before:Zm9vfoo"));
    buffer_finish(&out);
}

TEST(what_is_no_base64_is_refused)
{
    static const char *const rows[] = {
        "Z",        "Zg",           "Zg=",     "=",        "==",
        "===",      "====",         "Z===",    "Zm9v=",    "Zm9vZ===",
        "Zg==Zm9v", "Zm=v",         "Zm9\n",   "Zm9v\r\n", " Zm9",
        "Zm9-",     "Zm9_",         "Zm9\x80", "Zh==",     "Zm9=",
        "Zm8=Zm9v", "Zg==\n\n\n\n",
    };
    struct buffer out = {0};
    buffer_append_string(&out, "kept");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (base64_is_valid(slice_of(rows[i])))
            CHECK_STR(rows[i], "refused");
        CHECK_EQ(base64_decode(slice_of(rows[i]), &out), STATUS_INVALID);
        CHECK_ROW(buffer_slice(&out), slice_of("kept"), rows[i]);
    }
    CHECK_EQ(base64_decode((struct slice){"Zm\0v", 4}, &out), STATUS_INVALID);
    buffer_finish(&out);
}

TEST(every_pair_of_bytes_comes_back)
{
    struct buffer text = {0};
    struct buffer back = {0};
    for (unsigned i = 0; i <= UINT16_MAX; i++) {
        const char bytes[] = {(char)(i >> 8), (char)(i & 0xff)};
        buffer_clear(&text, SIZE_MAX);
        buffer_clear(&back, SIZE_MAX);
        base64_append(&text, (struct slice){bytes, 2});
        if (base64_decode(buffer_slice(&text), &back) != STATUS_OK ||
            back.size != 2 || memcmp(back.data, bytes, 2) != 0)
            CHECK_EQ(i, -1);
    }
    buffer_finish(&text);
    buffer_finish(&back);
}

TEST(what_others_write_is_tidied)
{
    static const struct {
        const char *given, *tidy;
    } rows[] = {
        {"Zm9v", "Zm9v"},
        {"Zm9vYg", "Zm9vYg=="},
        {"Zm9vYmE", "Zm9vYmE="},
        {"Zm9vYg=", "Zm9vYg=="},
        {"Zm9v\nYmFy\n", "Zm9vYmFy"},
        {" Zm9v\r\n\tYmFy\r\n", "Zm9vYmFy"},
        {"-_-_", "+/+/"},
        {"-_8", "+/8="},
        {"\n", ""},
        /* and what is nothing stays that */
        {"Zm9vY", "Zm9vY"},
        {"Zm9.Yg", "Zm9.Yg=="},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out = {0};
        base64_tidy(slice_of(rows[i].given), &out);
        CHECK_ROW(buffer_slice(&out), slice_of(rows[i].tidy), rows[i].given);
        CHECK_EQ(base64_is_tidy(slice_of(rows[i].given)),
                 strcmp(rows[i].given, rows[i].tidy) == 0 &&
                     strlen(rows[i].given) % 4 == 0);
        buffer_finish(&out);
    }
    CHECK(base64_is_tidy(slice_of("")));
}

SUITE(base64, bytes_become_text_and_come_back, both_append,
      what_is_no_base64_is_refused, every_pair_of_bytes_comes_back,
      what_others_write_is_tidied)
