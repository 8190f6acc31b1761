/* SPDX-License-Identifier: MIT */
#include "cli/since.h"

#include "check.h"

/* What is refused says so on stderr; that is tested with the commands. */
TEST(digits_are_a_seq_and_with_a_unit_a_time)
{
    static const struct {
        const char *text;
        enum since_kind kind;
        uint64_t value;
    } rows[] = {
        {"0", SINCE_SEQ, 0},
        {"1042", SINCE_SEQ, 1042},
        {"9223372036854775806", SINCE_SEQ, UINT64_C(9223372036854775806)},
        {"1500ms", SINCE_AGE, 1500},
        {"30s", SINCE_AGE, 30000},
        {"10m", SINCE_AGE, 600000},
        {"2h", SINCE_AGE, 7200000},
        {"7d", SINCE_AGE, 604800000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct since since = {0};
        CHECK(since_parse(rows[i].text, &since));
        check_int(since.kind, rows[i].kind, rows[i].text, __FILE__, __LINE__);
        check_int((intmax_t)since.value, (intmax_t)rows[i].value, rows[i].text,
                  __FILE__, __LINE__);
    }
}

SUITE(since, digits_are_a_seq_and_with_a_unit_a_time)
