/* SPDX-License-Identifier: MIT */
#include "edge/nats_link.h"

#include <stdlib.h>

#include "check.h"

static const char *const rows[][2] = {
    {"(conn.c:1905): Authorization Violation", "Authorization Violation"},
    {"(nats_kv2.c:7): no (such) bucket: x", "no (such) bucket: x"},
    {"Authorization Violation", "Authorization Violation"},
    {"(conn.c:1905)", "(conn.c:1905)"},
    {"(it is away): try main.c: later", "(it is away): try main.c: later"},
    {"(", "("},
    {"", ""},
};

TEST(what_libnats_says_is_told_without_where_in_its_source)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_STR(nats_link_plain(rows[i][0]), rows[i][1]);
}

SUITE(nats_link, what_libnats_says_is_told_without_where_in_its_source)
