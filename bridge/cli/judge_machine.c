/* SPDX-License-Identifier: MIT */
#include "judge_machine.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/ago.h"
#include "config/quantity.h"

/* 2026-01-01: this version is younger. */
static const int64_t PLAUSIBLE_MS = INT64_C(1767225600000);

enum {
    MINUTE_MS = 60 * 1000,
    /* What the bridge has open besides the links: its sockets and those of the
     * programs on the bus, the journal, loads of media. */
    FILES_BESIDE = 128,
    FILES_AN_ACCOUNT = 4,
    /* What it takes without a large frame on its way. */
    MEMORY_BESIDE = 64 << 20,
};

void judge_clock(const struct clock_facts *facts, struct findings *findings)
{
    struct finding *finding;
    char ahead[AGO_SIZE];
    if (facts->now_ms < PLAUSIBLE_MS) {
        finding = findings_add(findings, FINDING_FAULT, "clock-wrong", NULL,
                               "the clock says a time before 2026");
        finding_why(finding, "events get wrong times, certificates are not "
                             "valid yet, and the journal's age is counted "
                             "wrongly");
        finding_remedy(finding, "timedatectl set-ntp true, and wait until "
                                "timedatectl says it is synchronised");
    } else if (facts->newest_ms > facts->now_ms + MINUTE_MS) {
        ago_format_span(facts->newest_ms - facts->now_ms, ahead);
        finding = findings_add(
            findings, FINDING_WARN, "clock-behind-journal", NULL,
            "the journal's newest event is %s in the future", ahead);
        finding_why(finding, "the clock is wrong now or was wrong then: "
                             "--since 10m and maxAge count wrongly until it "
                             "has caught up");
        finding_remedy(finding, "timedatectl set-ntp true; seq is right "
                                "either way: use --since SEQ");
    } else if (facts->is_known && facts->is_unsynchronised) {
        finding =
            findings_add(findings, FINDING_NOTE, "clock-unsynchronised", NULL,
                         "the kernel does not call its clock "
                         "synchronised");
        finding_remedy(finding, "timedatectl set-ntp true; in a container it "
                                "is the host that keeps the time");
    } else {
        findings_add(findings, FINDING_OK, "clock", NULL,
                     "the clock is "
                     "plausible");
    }
}

static void judge_files(const struct limit_facts *facts,
                        struct findings *findings)
{
    uint64_t wanted =
        FILES_BESIDE + FILES_AN_ACCOUNT * (uint64_t)facts->account_count;
    if (facts->files_max >= wanted) {
        findings_add(findings, FINDING_OK, "files", NULL,
                     "up to %" PRIu64 " open files", facts->files_max);
        return;
    }
    struct finding *finding = findings_add(
        findings,
        facts->files_max < FILES_BESIDE / 2 + facts->account_count
            ? FINDING_FAULT
            : FINDING_WARN,
        "few-files", NULL,
        "up to %" PRIu64 " open files; %zu account%s and the programs on the "
        "bus take some %" PRIu64,
        facts->files_max, facts->account_count,
        facts->account_count == 1 ? "" : "s", wanted);
    finding_why(finding, "beyond, peers and programs are not let in");
    finding_remedy(finding, "systemd: LimitNOFILE=65536; docker: --ulimit "
                            "nofile=65536; a shell: ulimit -n 65536");
}

static void judge_memory(const struct limit_facts *facts,
                         struct findings *findings)
{
    char limit[QUANTITY_TEXT_SIZE], wanted_text[QUANTITY_TEXT_SIZE];
    uint64_t wanted = 2 * facts->frame_bytes_max + MEMORY_BESIDE;
    if (facts->memory_max == UINT64_MAX)
        return;
    quantity_format_size((int64_t)(facts->memory_max >> 20 << 20), limit);
    quantity_format_size((int64_t)wanted, wanted_text);
    if (facts->memory_max >= wanted) {
        findings_add(findings, FINDING_OK, "memory", NULL, "up to %s of memory",
                     limit);
        return;
    }
    struct finding *finding =
        findings_add(findings, FINDING_WARN, "little-memory", NULL,
                     "up to %s of memory; a frame of bridge.media.maxFrame "
                     "makes it %s for a moment",
                     limit, wanted_text);
    finding_why(finding, "the kernel kills what takes more, without a word");
    finding_remedy(finding, "raise the limit (docker: --memory; systemd: "
                            "MemoryMax=), or set bridge.media.maxFrame lower");
}

void judge_limits(const struct limit_facts *facts, struct findings *findings)
{
    judge_files(facts, findings);
    judge_memory(facts, findings);
    if (facts->is_in_container)
        findings_add(findings, FINDING_OK, "container", NULL,
                     "this is inside a container");
}
