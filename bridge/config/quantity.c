/* SPDX-License-Identifier: MIT */
#include "quantity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct unit {
    const char *name;  /* as written */
    const char *shown; /* to people; NULL: never */
    int64_t factor;
};

/* Smallest first; the first is meant when none is written. */
static const struct unit times[] = {
    {"ms", "ms", 1},
    {"s", "s", 1000},
    {"m", "min", INT64_C(60) * 1000},
    {"h", "h", INT64_C(60) * 60 * 1000},
    {"d", "days", INT64_C(24) * 60 * 60 * 1000},
};

static const struct unit sizes[] = {
    {"B", "bytes", 1},
    {"KB", NULL, 1000},
    {"KiB", "KiB", 1024},
    {"MB", NULL, INT64_C(1000) * 1000},
    {"MiB", "MiB", INT64_C(1024) * 1024},
    {"GB", NULL, INT64_C(1000) * 1000 * 1000},
    {"GiB", "GiB", INT64_C(1024) * 1024 * 1024},
};

enum {
    TIMES = sizeof(times) / sizeof(times[0]),
    SIZES = sizeof(sizes) / sizeof(sizes[0]),
};

static int64_t multiply(int64_t number, int64_t factor)
{
    int64_t product;
    if (!__builtin_mul_overflow(number, factor, &product))
        return product;
    return number < 0 ? INT64_MIN : INT64_MAX;
}

/* Digits, with their rest in `rest`; false if there are none. */
static bool parse_digits(const char *text, int64_t *value, const char **rest)
{
    bool negative = *text == '-';
    text += negative ? 1 : 0;
    size_t count = strspn(text, "0123456789");
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum = multiply(sum, 10);
        if (__builtin_add_overflow(sum, text[i] - '0', &sum))
            sum = INT64_MAX;
    }
    *value = negative ? -sum : sum;
    *rest = text + count;
    return count != 0;
}

static bool parse(const char *text, const struct unit *units, size_t count,
                  int64_t *value)
{
    int64_t number;
    const char *rest;
    if (!parse_digits(text, &number, &rest))
        return false;
    if (*rest == '\0')
        rest = units[0].name;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rest, units[i].name) != 0)
            continue;
        *value = multiply(number, units[i].factor);
        return true;
    }
    return false;
}

bool quantity_parse_number(const char *text, int64_t *value)
{
    int64_t number;
    const char *rest;
    if (!parse_digits(text, &number, &rest) || *rest != '\0')
        return false;
    *value = number;
    return true;
}

bool quantity_parse_time(const char *text, int64_t *ms)
{
    return parse(text, times, TIMES, ms);
}

bool quantity_parse_size(const char *text, int64_t *bytes)
{
    return parse(text, sizes, SIZES, bytes);
}

static void format(int64_t value, const struct unit *units, size_t count,
                   char out[static QUANTITY_TEXT_SIZE])
{
    const struct unit *best = &units[0];
    for (size_t i = 1; i < count; i++)
        if (units[i].shown != NULL && value != 0 &&
            value % units[i].factor == 0)
            best = &units[i];
    snprintf(out, QUANTITY_TEXT_SIZE, "%" PRId64 " %s", value / best->factor,
             best->shown);
}

void quantity_format_time(int64_t ms, char out[static QUANTITY_TEXT_SIZE])
{
    format(ms, times, TIMES, out);
}

void quantity_format_size(int64_t bytes, char out[static QUANTITY_TEXT_SIZE])
{
    format(bytes, sizes, SIZES, out);
}
