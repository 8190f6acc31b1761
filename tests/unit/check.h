/* SPDX-License-Identifier: MIT */
/* A thin layer on CUnit: checks that print both sides and go on, and tests
 * whose names read as sentences.
 *
 *     TEST(an_empty_string_has_no_segments) { … }
 *     SUITE(cqcode, an_empty_string_has_no_segments, …)
 *
 * Each file ends in one SUITE; main.c lists the suites. */
#ifndef ONEBUS_CHECK_H
#define ONEBUS_CHECK_H

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

#define TEST(name) static void name(void)

#define CHECK(condition)                                                       \
    CU_assertImplementation((condition), __LINE__, #condition, __FILE__, "",   \
                            CU_FALSE)

#define CHECK_EQ(actual, expected)                                             \
    check_int((intmax_t)(actual), (intmax_t)(expected), #actual, __FILE__,     \
              __LINE__)

#define CHECK_STR(actual, expected)                                            \
    check_bytes(slice_of(actual), slice_of(expected), #actual, __FILE__,       \
                __LINE__)

/* Slices, shown as text. */
#define CHECK_SLICE(actual, expected)                                          \
    check_bytes((actual), (expected), #actual, __FILE__, __LINE__)

/* The same with a label: the row of a table. */
#define CHECK_ROW(actual, expected, label)                                     \
    check_bytes((actual), (expected), (label), __FILE__, __LINE__)

static inline void check_int(intmax_t actual, intmax_t expected,
                             const char *what, const char *file, int line)
{
    char text[256];
    snprintf(text, sizeof(text), "%.180s is %" PRIdMAX ", not %" PRIdMAX, what,
             actual, expected);
    CU_assertImplementation(actual == expected, (unsigned)line, text, file, "",
                            CU_FALSE);
}

static inline void check_bytes(struct slice actual, struct slice expected,
                               const char *what, const char *file, int line)
{
    char text[1024];
    snprintf(text, sizeof(text), "%.200s is \"%.*s\", not \"%.*s\"", what,
             (int)(actual.size < 300 ? actual.size : 300), actual.data,
             (int)(expected.size < 300 ? expected.size : 300), expected.data);
    CU_assertImplementation(
        actual.size == expected.size &&
            (actual.size == 0 ||
             memcmp(actual.data, expected.data, actual.size) == 0),
        (unsigned)line, text, file, "", CU_FALSE);
}

#define SUITE(name, ...)                                                       \
    void suite_##name(void);                                                   \
    void suite_##name(void)                                                    \
    {                                                                          \
        CU_pSuite suite = CU_add_suite(#name, NULL, NULL);                     \
        CU_TestFunc tests[] = {__VA_ARGS__};                                   \
        check_add(suite, tests, sizeof(tests) / sizeof(tests[0]),              \
                  #__VA_ARGS__);                                               \
    }

/* Add each test under its own name, cut from the list of them all. */
static inline void check_add(CU_pSuite suite, CU_TestFunc *tests, size_t count,
                             const char *names)
{
    for (size_t i = 0; i < count; i++) {
        char name[256];
        names += strspn(names, ", \n");
        size_t size = strcspn(names, ", \n");
        snprintf(name, sizeof(name), "%.*s", (int)size, names);
        CU_add_test(suite, name, tests[i]);
        names += size;
    }
}

#endif
