/* SPDX-License-Identifier: MIT */
#include "cli/judge_state.h"

#include "found.h"

enum { MIB = 1 << 20 };

/* All is well. */
static struct state_facts well(void)
{
    return (struct state_facts){
        .folder = "/var/lib/onebus",
        .is_journal_on = true,
        .is_there = true,
        .is_folder = true,
        .is_writable = true,
        .free_bytes = UINT64_C(4096) * MIB,
        .free_inodes = UINT64_MAX,
        .journal_bytes_max = UINT64_C(1024) * MIB,
        .disk_name = "NFS",
    };
}

static void check(struct state_facts facts, const char *found)
{
    struct findings findings = {.subject = "state"};
    judge_state(&facts, &findings);
    check_found(&findings, found, found);
}

TEST(a_folder_is_judged_before_what_is_in_it)
{
    struct state_facts facts = well();
    check(facts, "ok:disk");
    facts.is_there = false;
    check(facts, "ok:state-dir");
    facts.is_writable = false;
    check(facts, "fault:state-dir-missing");
    facts.folder = NULL;
    check(facts, "warn:no-state-dir");
    facts = well();
    facts.is_folder = false;
    check(facts, "fault:state-dir-no-folder");
    facts = well();
    facts.is_writable = false;
    check(facts, "fault:state-dir-not-writable ok:disk");
    facts.is_read_only = true;
    check(facts, "fault:disk-read-only ok:disk");
    facts = well();
    facts.uid = 1000;
    check(facts, "note:state-dir-owner ok:disk");
    facts.own_uid = 7;
    check(facts, "warn:state-dir-owner ok:disk");
    facts = well();
    facts.is_open_to_others = true;
    check(facts, "note:state-dir-open ok:disk");
}

TEST(a_disk_is_judged_by_its_kind_and_its_room)
{
    struct state_facts facts = well();
    facts.disk = STATE_DISK_NETWORK;
    check(facts, "warn:network-disk ok:disk");
    facts.disk = STATE_DISK_MEMORY;
    check(facts, "note:memory-disk ok:disk");
    facts.disk = STATE_DISK_CONTAINER;
    check(facts, "note:container-disk ok:disk");
    facts = well();
    facts.free_bytes = UINT64_C(1023) * MIB;
    check(facts, "warn:disk-small");
    facts.journal_bytes = UINT64_C(500) * MIB;
    check(facts, "ok:disk");
    facts.journal_bytes = UINT64_C(1025) * MIB;
    check(facts, "ok:disk");
    facts.free_bytes = 15 * MIB;
    check(facts, "fault:disk-full");
    facts = well();
    facts.free_inodes = 3;
    check(facts, "fault:disk-full");
    facts = well();
    facts.free_bytes = UINT64_C(500) * MIB;
    facts.is_journal_on = false;
    check(facts, "note:journal-off ok:disk");
}

TEST(a_journal_is_judged_by_who_has_it)
{
    struct state_facts facts = well();
    facts.journal = STATE_JOURNAL_SOUND;
    check(facts, "ok:disk ok:journal");
    facts.holder.kind = OCCUPANT_ONEBUS;
    check(facts, "ok:disk fault:journal-held");
    facts.is_running = true;
    check(facts, "ok:disk ok:journal");
    facts.holder.kind = OCCUPANT_OTHER;
    check(facts, "ok:disk fault:journal-held");
    facts.journal = STATE_JOURNAL_UNREADABLE;
    check(facts, "ok:disk fault:journal-unreadable");
    facts.journal = STATE_JOURNAL_FOREIGN;
    check(facts, "ok:disk warn:journal-damaged");
    facts.journal = STATE_JOURNAL_NEWER;
    check(facts, "ok:disk fault:journal-newer");
}

SUITE(judge_state, a_folder_is_judged_before_what_is_in_it,
      a_disk_is_judged_by_its_kind_and_its_room,
      a_journal_is_judged_by_who_has_it)
