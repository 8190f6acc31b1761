/* SPDX-License-Identifier: MIT */
#include "judge_state.h"

#include <stdio.h>

#include "config/quantity.h"

enum {
    /* Less, and the next minutes may fill it. */
    FREE_BYTES_LEAST = 16 << 20,
    FREE_INODES_LEAST = 64,
};

static void format_size(uint64_t bytes, char text[static QUANTITY_TEXT_SIZE])
{
    static const uint64_t units[] = {UINT64_C(1) << 30, 1 << 20, 1 << 10, 1};
    size_t i = 0;
    while (units[i] > 1 && bytes < 10 * units[i])
        i++;
    quantity_format_size((int64_t)(bytes / units[i] * units[i]), text);
}

/* ---- the folder ---------------------------------------------------------- */

static void judge_missing(const struct state_facts *facts,
                          struct findings *findings)
{
    struct finding *finding;
    if (facts->is_writable) {
        findings_add(findings, FINDING_OK, "state-dir", NULL,
                     "%s is not there yet; the bridge will make it",
                     facts->folder);
        return;
    }
    finding = findings_add(findings, FINDING_FAULT, "state-dir-missing", NULL,
                           "%s is not there, and this user cannot make it",
                           facts->folder);
    finding_why(finding, "journal, cursors and who is paired live there");
    finding_remedy(finding,
                   "install -d -m 700 -o onebus %s (the bridge's "
                   "user), or set bridge.stateDir to a folder of its",
                   facts->folder);
}

static void judge_owner(const struct state_facts *facts,
                        struct findings *findings)
{
    struct finding *finding;
    if (facts->uid != facts->own_uid) {
        finding = findings_add(
            findings, facts->own_uid == 0 ? FINDING_NOTE : FINDING_WARN,
            "state-dir-owner", NULL, "%s is of uid %ld, the doctor of uid %ld",
            facts->folder, facts->uid, facts->own_uid);
        finding_why(finding, "what is said here of reading and writing is true "
                             "of this user, not of the bridge's");
        finding_remedy(finding,
                       "run it as the bridge's user: sudo -u '#%ld' "
                       "onebus doctor",
                       facts->uid);
    }
    if (facts->is_open_to_others) {
        finding = findings_add(findings, FINDING_NOTE, "state-dir-open", NULL,
                               "%s may be entered by others", facts->folder);
        finding_why(finding,
                    "the files in it are the bridge's alone, but their "
                    "names and sizes are for all to see");
        finding_remedy(finding, "chmod 700 %s", facts->folder);
    }
}

static void judge_disk_kind(const struct state_facts *facts,
                            struct findings *findings)
{
    struct finding *finding;
    switch (facts->disk) {
    case STATE_DISK_LOCAL:
        return;
    case STATE_DISK_NETWORK:
        finding = findings_add(findings, FINDING_WARN, "network-disk", NULL,
                               "%s is on %s", facts->folder, facts->disk_name);
        finding_why(finding, "SQLite's log needs memory that all readers share "
                             "and locks that hold; over a network neither is "
                             "sure, and the journal may be damaged");
        break;
    case STATE_DISK_MEMORY:
        finding = findings_add(findings, FINDING_NOTE, "memory-disk", NULL,
                               "%s is on %s", facts->folder, facts->disk_name);
        finding_why(finding, "journal, cursors and who is paired go when the "
                             "machine does");
        break;
    default:
        finding = findings_add(findings, FINDING_NOTE, "container-disk", NULL,
                               "%s is in the container's own layer (%s)",
                               facts->folder, facts->disk_name);
        finding_why(finding, "journal, cursors and who is paired go when the "
                             "container is made anew");
        finding_remedy(finding, "mount a volume there: -v onebus:%s",
                       facts->folder);
        return;
    }
    finding_remedy(finding, "set bridge.stateDir to a folder on a disk of this "
                            "machine");
}

static void judge_room(const struct state_facts *facts,
                       struct findings *findings)
{
    char room[QUANTITY_TEXT_SIZE], wanted_text[QUANTITY_TEXT_SIZE];
    uint64_t wanted = facts->journal_bytes_max > facts->journal_bytes
                          ? facts->journal_bytes_max - facts->journal_bytes
                          : 0;
    struct finding *finding;
    format_size(facts->free_bytes, room);
    format_size(wanted, wanted_text);
    if (facts->free_bytes < FREE_BYTES_LEAST ||
        facts->free_inodes < FREE_INODES_LEAST) {
        finding = findings_add(
            findings, FINDING_FAULT, "disk-full", NULL, "%s: %s free%s",
            facts->folder, room,
            facts->free_inodes < FREE_INODES_LEAST ? ", and no inodes" : "");
        finding_why(finding, "the journal cannot be written: what comes now is "
                             "published, and lost to whoever is away");
        finding_remedy(finding,
                       "make room (du -xh %s | sort -h | tail), or set "
                       "bridge.stateDir to a larger disk",
                       facts->folder);
    } else if (facts->is_journal_on && facts->free_bytes < wanted) {
        finding = findings_add(findings, FINDING_WARN, "disk-small", NULL,
                               "%s: %s free, and the journal may grow by %s",
                               facts->folder, room, wanted_text);
        finding_why(finding, "the disk will be full before the journal is");
        finding_remedy(finding, "make room, or set bridge.journal.maxBytes so "
                                "low that it fits");
    } else {
        findings_add(findings, FINDING_OK, "disk", NULL, "%s: %s free",
                     facts->folder, room);
    }
}

static void judge_writable(const struct state_facts *facts,
                           struct findings *findings)
{
    struct finding *finding;
    if (facts->is_read_only) {
        finding =
            findings_add(findings, FINDING_FAULT, "disk-read-only", NULL,
                         "%s: the disk is mounted read-only", facts->folder);
        finding_remedy(finding, "see why (dmesg | tail): a disk with errors "
                                "becomes read-only; then mount -o remount,rw; "
                                "in a container give it a volume that is not "
                                ":ro");
    } else if (!facts->is_writable) {
        finding = findings_add(
            findings, FINDING_FAULT, "state-dir-not-writable", NULL,
            "%s: this user may not write there", facts->folder);
        finding_remedy(finding,
                       "chown -R the bridge's user %s; in a container "
                       "the volume must be of the image's user",
                       facts->folder);
    }
}

/* ---- the journal --------------------------------------------------------- */

static void judge_holder(const struct state_facts *facts,
                         struct findings *findings)
{
    const struct occupant *holder = &facts->holder;
    bool is_another = holder->kind != OCCUPANT_NONE &&
                      (!facts->is_running || holder->kind == OCCUPANT_OTHER);
    if (!is_another) {
        findings_add(findings, FINDING_OK, "journal", NULL,
                     holder->kind == OCCUPANT_NONE ? "the journal is sound"
                                                   : "the journal is open");
        return;
    }
    struct finding *finding = findings_add(
        findings, FINDING_FAULT, "journal-held", NULL,
        "%s/journal.db is open in %s (pid %ld)", facts->folder,
        holder->name[0] == '\0' ? "a process" : holder->name, holder->pid);
    finding_why(finding, holder->kind == OCCUPANT_ONEBUS
                             ? "an onebus with other settings has this "
                               "stateDir; two cannot share one"
                             : "the bridge cannot start while another has it");
    finding_remedy(finding,
                   "end it (kill %ld), or give each its own: set "
                   "bridge.stateDir",
                   holder->pid);
}

static void judge_journal(const struct state_facts *facts,
                          struct findings *findings)
{
    struct finding *finding;
    switch (facts->journal) {
    case STATE_JOURNAL_NONE:
        return;
    case STATE_JOURNAL_SOUND:
        judge_holder(facts, findings);
        return;
    case STATE_JOURNAL_UNREADABLE:
        finding =
            findings_add(findings, FINDING_FAULT, "journal-unreadable", NULL,
                         "%s/journal.db cannot be read", facts->folder);
        finding_remedy(finding, "chown it to the bridge's user, or run the "
                                "doctor as that one");
        return;
    case STATE_JOURNAL_FOREIGN:
        finding =
            findings_add(findings, FINDING_WARN, "journal-damaged", NULL,
                         "%s/journal.db is no journal any more", facts->folder);
        finding_why(finding, "the bridge will put it aside as "
                             "journal.db.damaged-… and begin a new one: "
                             "consumers see a new epoch");
        finding_remedy(finding, "if you have a copy, put it back before the "
                                "bridge starts");
        return;
    default:
        finding = findings_add(findings, FINDING_FAULT, "journal-newer", NULL,
                               "%s/journal.db is of a newer onebus (schema %d, "
                               "this one knows %d)",
                               facts->folder, facts->journal_version,
                               facts->version_known);
        finding_remedy(finding, "run that version, or set bridge.stateDir to a "
                                "new folder");
    }
}

void judge_state(const struct state_facts *facts, struct findings *findings)
{
    struct finding *finding;
    if (facts->folder == NULL) {
        finding = findings_add(findings, FINDING_WARN, "no-state-dir", NULL,
                               "there is no place for what is to outlive a "
                               "restart: no bridge.stateDir, and no $HOME");
        finding_remedy(finding, "set bridge.stateDir to a folder");
        return;
    }
    if (!facts->is_journal_on) {
        finding = findings_add(findings, FINDING_NOTE, "journal-off", NULL,
                               "bridge.journal.enabled is false");
        finding_why(finding, "who is away for more than the last 16 MiB of "
                             "events misses them");
    }
    if (!facts->is_there) {
        judge_missing(facts, findings);
        return;
    }
    if (!facts->is_folder) {
        finding = findings_add(findings, FINDING_FAULT, "state-dir-no-folder",
                               NULL, "%s is no folder", facts->folder);
        finding_remedy(finding, "move it away, or set bridge.stateDir to "
                                "another place");
        return;
    }
    judge_writable(facts, findings);
    judge_owner(facts, findings);
    judge_disk_kind(facts, findings);
    judge_room(facts, findings);
    if (facts->is_journal_on)
        judge_journal(facts, findings);
}
