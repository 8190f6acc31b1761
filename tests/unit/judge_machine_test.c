/* SPDX-License-Identifier: MIT */
#include "cli/judge_machine.h"

#include "found.h"

#define NOW INT64_C(1795000000000)

TEST(a_clock_is_judged_by_the_year_and_the_journal)
{
    static const struct {
        struct clock_facts facts;
        const char *found;
    } rows[] = {
        {{.now_ms = 0}, "fault:clock-wrong"},
        {{.now_ms = INT64_C(1767225599999)}, "fault:clock-wrong"},
        {{.now_ms = NOW}, "ok:clock"},
        {{.now_ms = NOW, .newest_ms = NOW - 1}, "ok:clock"},
        {{.now_ms = NOW, .newest_ms = NOW + 60000}, "ok:clock"},
        {{.now_ms = NOW, .newest_ms = NOW + 60001},
         "warn:clock-behind-journal"},
        {{.now_ms = NOW, .is_known = true, .is_unsynchronised = true},
         "note:clock-unsynchronised"},
        {{.now_ms = NOW, .is_unsynchronised = true}, "ok:clock"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "clock"};
        judge_clock(&rows[i].facts, &findings);
        check_found(&findings, rows[i].found, rows[i].found);
    }
}

TEST(limits_are_judged_by_what_is_needed)
{
    enum { MIB = 1 << 20 };
    static const struct {
        const char *label;
        struct limit_facts facts;
        const char *found;
    } rows[] = {
        {"usual", {1024, 1, UINT64_MAX, 64 * MIB, false}, "ok:files"},
        {"just enough", {132, 1, UINT64_MAX, 64 * MIB, false}, "ok:files"},
        {"few", {131, 1, UINT64_MAX, 64 * MIB, false}, "warn:few-files"},
        {"a hand full",
         {64, 1, UINT64_MAX, 64 * MIB, false},
         "fault:few-files"},
        {"many accounts",
         {1024, 1000, UINT64_MAX, 64 * MIB, false},
         "fault:few-files"},
        {"memory", {1024, 1, 192 * MIB, 64 * MIB, false}, "ok:files ok:memory"},
        {"little memory",
         {1024, 1, 191 * MIB, 64 * MIB, false},
         "ok:files warn:little-memory"},
        {"small frames",
         {1024, 1, 100 * MIB, 8 * MIB, false},
         "ok:files ok:memory"},
        {"container",
         {1024, 1, UINT64_MAX, 64 * MIB, true},
         "ok:files ok:container"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "limits"};
        judge_limits(&rows[i].facts, &findings);
        check_found(&findings, rows[i].found, rows[i].label);
    }
}

SUITE(judge_machine, a_clock_is_judged_by_the_year_and_the_journal,
      limits_are_judged_by_what_is_needed)
