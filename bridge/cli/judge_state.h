/* SPDX-License-Identifier: MIT */
/* bridge.stateDir and the journal in it, judged. Pure. One thread. */
#ifndef ONEBUS_JUDGE_STATE_H
#define ONEBUS_JUDGE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/finding.h"
#include "cli/occupant.h"

/* What kinds of file system there are to tell apart. */
enum state_disk {
    STATE_DISK_LOCAL,
    STATE_DISK_NETWORK,   /* another machine's: NFS, SMB, 9p, FUSE … */
    STATE_DISK_MEMORY,    /* gone with the machine: tmpfs */
    STATE_DISK_CONTAINER, /* gone with the container: overlay */
};

enum state_journal {
    STATE_JOURNAL_NONE, /* not yet */
    STATE_JOURNAL_SOUND,
    STATE_JOURNAL_UNREADABLE,
    STATE_JOURNAL_FOREIGN, /* the file is no SQLite database */
    STATE_JOURNAL_NEWER,   /* of a newer onebus */
};

/* Strings are borrowed. */
struct state_facts {
    const char *folder; /* NULL: there is no place for one */
    bool is_journal_on;
    bool is_there;
    bool is_folder;   /* or something else */
    bool is_writable; /* for this user; where it is not there: whether it can
                         be made */
    bool is_read_only;
    bool is_open_to_others; /* its mode lets others look in */
    long uid, own_uid;
    enum state_disk disk;
    const char *disk_name;
    uint64_t free_bytes, free_inodes; /* inodes: UINT64_MAX if not counted */
    uint64_t journal_bytes_max, journal_bytes;
    enum state_journal journal;
    struct occupant holder; /* who has the journal open */
    int journal_version, version_known;
    bool is_running; /* a bridge answers where the settings have it */
};

void judge_state(const struct state_facts *facts, struct findings *findings);

#endif
