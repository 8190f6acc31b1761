/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include "check.h"

static struct findings some(void)
{
    struct findings findings = {.subject = "disk"};
    finding_remedy(
        findings_add(&findings, FINDING_FAULT, "full", NULL, "no room"),
        "make \"room\"");
    findings_add(&findings, FINDING_OK, "there", NULL, "is there");
    findings.subject = "clock";
    finding_why(findings_add(&findings, FINDING_NOTE, "slow", "bot1", "slow"),
                "so what");
    return findings;
}

static void check_text(const struct report *report, struct surface surface,
                       const char *expected)
{
    struct buffer text = {0};
    report_append_text(report, &surface, &text);
    CHECK_SLICE(buffer_slice(&text), slice_of(expected));
    buffer_finish(&text);
}

TEST(the_worst_comes_last)
{
    struct findings findings = some();
    const struct report report = {.findings = &findings, .is_running = true};
    check_text(&report, (struct surface){0},
               "clock\n"
               "  note   bot1: slow\n"
               "         why  so what\n"
               "\n"
               "disk\n"
               "  ok     is there\n"
               "  fault  no room\n"
               "         do   make \"room\"\n"
               "\n"
               "1 fault, 0 warnings, 1 note; the bridge runs\n");
    findings_finish(&findings);
}

TEST(a_terminal_gets_colours)
{
    struct findings findings = {.subject = "disk"};
    findings_add(&findings, FINDING_WARN, "full", NULL, "no room");
    const struct report report = {.findings = &findings};
    check_text(&report, (struct surface){.has_colours = true},
               "\x1b[1mdisk\x1b[0m\n"
               "  \x1b[33mwarn\x1b[0m   no room\n"
               "\n"
               "0 faults, 1 warning, 0 notes; no bridge answers here\n");
    findings_finish(&findings);
}

TEST(lines_are_broken_where_a_terminal_ends)
{
    struct findings findings = {.subject = "disk"};
    finding_remedy(findings_add(&findings, FINDING_WARN, "full", "bot1",
                                "a text that is longer than that"),
                   "and another one that is");
    const struct report report = {.findings = &findings};
    check_text(&report, (struct surface){.columns = 40},
               "disk\n"
               "  warn   bot1: a text that is longer\n"
               "         than that\n"
               "         do   and another one that is\n"
               "\n"
               "0 faults, 1 warning, 0 notes; no bridge answers here\n");
    findings_finish(&findings);
}

TEST(a_program_gets_all_of_it)
{
    struct findings findings = some();
    struct buffer text = {0};
    const struct report report = {
        .findings = &findings,
        .version = "1.2",
        .file = "a\"b",
        .are_settings_usable = true,
    };
    report_append_json(&report, &text);
    CHECK_SLICE(
        buffer_slice(&text),
        slice_of("{\"version\":\"1.2\",\"settings\":\"a\\\"b\","
                 "\"settings_usable\":true,\"running\":false,\"ok\":false,"
                 "\"faults\":1,\"warnings\":0,\"notes\":1,\"findings\":["
                 "{\"severity\":\"fault\",\"subject\":\"disk\","
                 "\"code\":\"full\",\"account\":null,\"seen\":\"no room\","
                 "\"why\":null,\"remedy\":\"make \\\"room\\\"\"},"
                 "{\"severity\":\"ok\",\"subject\":\"disk\","
                 "\"code\":\"there\",\"account\":null,\"seen\":\"is there\","
                 "\"why\":null,\"remedy\":null},"
                 "{\"severity\":\"note\",\"subject\":\"clock\","
                 "\"code\":\"slow\",\"account\":\"bot1\",\"seen\":\"slow\","
                 "\"why\":\"so what\",\"remedy\":null}]}"));
    buffer_finish(&text);
    findings_finish(&findings);
}

SUITE(report, the_worst_comes_last, a_terminal_gets_colours,
      lines_are_broken_where_a_terminal_ends, a_program_gets_all_of_it)
