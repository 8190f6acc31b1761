/* SPDX-License-Identifier: MIT */
#include "edge/nats_subject.h"

#include <stdlib.h>

#include "check.h"

struct row {
    const char *pattern, *subject;
    bool covers, meets;
};

static const struct row rows[] = {
    {"qq.group.>", "qq.group.>", true, true},
    {"qq.>", "qq.group.>", true, true},
    {">", "qq.group.>", true, true},
    {"qq.group.>", "qq.>", false, true},
    {"qq.*.>", "qq.group.>", true, true},
    {"qq.group.*", "qq.group.>", false, true},
    {"qq.group.>", "qq.group", false, false},
    {"qq.group", "qq.group", true, true},
    {"qq.group.>", "qq.groups.>", false, false},
    {"qq.>", "qq.action.*", true, true},
    {"*.*.*", "qq.action.*", true, true},
    {"qq.action.default", "qq.action.*", false, true},
    {"qq.*.default", "qq.action.*", false, true},
    {"qq.group.>", "qq.action.*", false, false},
    {"qq.action", "qq.action.*", false, false},
    {"qq.action.*.x", "qq.action.*", false, false},
    {"x.qq.group.>", "x.qq.group.>", true, true},
    {"qq.group.>", "x.qq.group.>", false, false},
};

TEST(what_covers_and_meets_what)
{
    char label[128];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        snprintf(label, sizeof(label), "%s and %s", row->pattern, row->subject);
        CHECK_ROW(slice_of(nats_subject_covers(row->pattern, row->subject)
                               ? "covers"
                               : "no"),
                  slice_of(row->covers ? "covers" : "no"), label);
        CHECK_ROW(slice_of(nats_subject_meets(row->pattern, row->subject)
                               ? "meets"
                               : "no"),
                  slice_of(row->meets ? "meets" : "no"), label);
        CHECK(nats_subject_meets(row->subject, row->pattern) == row->meets);
    }
}

static void check_under(const char *prefix, const char *wanted)
{
    char *under = nats_subject_under(prefix, "qq.group.>");
    CHECK_STR(under, wanted);
    free(under);
}

TEST(a_prefix_goes_before_and_may_be_none)
{
    check_under(NULL, "qq.group.>");
    check_under("", "qq.group.>");
    check_under("a.b", "a.b.qq.group.>");
}

SUITE(nats_subject, what_covers_and_meets_what,
      a_prefix_goes_before_and_may_be_none)
