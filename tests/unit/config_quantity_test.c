/* SPDX-License-Identifier: MIT */
#include "config/quantity.h"

#include "check.h"

enum { NONE = -12345 };

TEST(times_are_read_in_ms)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"0", 0},
        {"1500", 1500},
        {"500ms", 500},
        {"30s", 30000},
        {"5m", 300000},
        {"2h", 7200000},
        {"7d", 604800000},
        {"-1", -1},
        {"-5s", -5000},
        {"", NONE},
        {"s", NONE},
        {"-", NONE},
        {"5 s", NONE},
        {" 5s", NONE},
        {"5S", NONE},
        {"1.5s", NONE},
        {"5ss", NONE},
        {"+5", NONE},
        {"5 parsecs", NONE},
        {"0x10", NONE},
        {"5MiB", NONE},
        {"9223372036854775807", INT64_MAX},
        {"9223372036854775808", INT64_MAX},
        {"99999999999999999999999999s", INT64_MAX},
        {"9223372036854775807d", INT64_MAX},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t ms = NONE;
        bool is_one = quantity_parse_time(rows[i].text, &ms);
        CHECK_EQ(is_one, rows[i].ms != NONE);
        CHECK_EQ(ms, rows[i].ms);
    }
}

TEST(sizes_are_read_in_bytes)
{
    static const struct {
        const char *text;
        int64_t bytes;
    } rows[] = {
        {"1024", 1024},
        {"64KiB", 65536},
        {"50MiB", 52428800},
        {"1GiB", 1073741824},
        {"64KB", 64000},
        {"50MB", 50000000},
        {"2GB", 2000000000},
        {"7B", 7},
        {"64K", NONE},
        {"64kib", NONE},
        {"64 MiB", NONE},
        {"5s", NONE},
        {"99999999999999GiB", INT64_MAX},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t bytes = NONE;
        bool is_one = quantity_parse_size(rows[i].text, &bytes);
        CHECK_EQ(is_one, rows[i].bytes != NONE);
        CHECK_EQ(bytes, rows[i].bytes);
    }
}

TEST(numbers_have_no_unit)
{
    int64_t number = NONE;
    CHECK(quantity_parse_number("10001", &number));
    CHECK_EQ(number, 10001);
    CHECK(!quantity_parse_number("10001ms", &number));
    CHECK(!quantity_parse_number("", &number));
    CHECK_EQ(number, 10001);
}

TEST(they_are_shown_in_the_largest_whole_unit)
{
    static const struct {
        int64_t value;
        const char *time, *size;
    } rows[] = {
        {0, "0 ms", "0 bytes"},
        {1, "1 ms", "1 bytes"},
        {1024, "1024 ms", "1 KiB"},
        {1000, "1 s", "1000 bytes"},
        {1800000, "30 min", "1800000 bytes"},
        {3600000, "1 h", "3600000 bytes"},
        {604800000, "7 days", "590625 KiB"},
        {1073741824, "1073741824 ms", "1 GiB"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[QUANTITY_TEXT_SIZE];
        quantity_format_time(rows[i].value, text);
        CHECK_STR(text, rows[i].time);
        quantity_format_size(rows[i].value, text);
        CHECK_STR(text, rows[i].size);
    }
}

SUITE(config_quantity, times_are_read_in_ms, sizes_are_read_in_bytes,
      numbers_have_no_unit, they_are_shown_in_the_largest_whole_unit)
