/* SPDX-License-Identifier: MIT */
#include "cli/finding.h"

#include <stdlib.h>

#include "check.h"

TEST(findings_keep_their_order_and_subject)
{
    struct findings findings = {.subject = "clock"};
    findings_add(&findings, FINDING_WARN, "one", "bot1", "seen %d", 1);
    findings.subject = "disk";
    struct finding *finding =
        findings_add(&findings, FINDING_FAULT, "two", NULL, "seen");
    finding_why(finding, "for %s", "this");
    finding_remedy(finding, "do %s", "that");
    CHECK_EQ(findings.count, 2);
    CHECK_STR(findings.items[0].subject, "clock");
    CHECK_STR(findings.items[0].account, "bot1");
    CHECK_STR(findings.items[0].seen, "seen 1");
    CHECK(findings.items[0].why == NULL);
    CHECK_STR(findings.items[1].subject, "disk");
    CHECK_STR(findings.items[1].why, "for this");
    CHECK_STR(findings.items[1].remedy, "do that");
    CHECK_EQ(findings_of(&findings, FINDING_FAULT), 1);
    CHECK_EQ(findings_of(&findings, FINDING_NOTE), 0);
    findings_finish(&findings);
    CHECK_EQ(findings.count, 0);
}

TEST(strangers_words_are_one_visible_line)
{
    struct findings findings = {.subject = "x"};
    findings_add(&findings, FINDING_NOTE, "x", NULL, "a%sb", "\n\x1b[31m");
    CHECK_STR(findings.items[0].seen, "a\\n\\x1b[31mb");
    findings_finish(&findings);
}

TEST(a_text_without_end_is_cut)
{
    struct findings findings = {.subject = "x"};
    char *text = malloc(100001);
    memset(text, 'a', 100000);
    text[100000] = '\0';
    findings_add(&findings, FINDING_NOTE, "x", NULL, "%s", text);
    CHECK(strlen(findings.items[0].seen) < 2000);
    findings_finish(&findings);
    free(text);
}

SUITE(finding, findings_keep_their_order_and_subject,
      strangers_words_are_one_visible_line, a_text_without_end_is_cut)
