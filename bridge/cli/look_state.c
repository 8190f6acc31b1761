/* SPDX-License-Identifier: MIT */
#include "look_state.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/schema.h"
#include "cli/judge_state.h"
#include "cli/look_machine.h"

enum {
    PATH_SIZE = 1024,
    HEADER_BYTES = 100,
    VERSION_OFFSET = 60, /* sqlite.org/fileformat2.html, 1.3 */
    /* Where SQLite locks: PENDING_BYTE of its os.h, and what follows. */
    LOCK_START = 0x40000000,
    LOCK_SIZE = 512,
};

static const char MAGIC[16] = "SQLite format 3";

/* ---- the disk ------------------------------------------------------------ */

/* linux/magic.h, and of those who are not in it their own sources. */
static const struct {
    unsigned long magic;
    enum state_disk disk;
    const char *name;
} DISKS[] = {
    {0x6969, STATE_DISK_NETWORK, "NFS"},
    {0x517B, STATE_DISK_NETWORK, "SMB"},
    {0xFF534D42, STATE_DISK_NETWORK, "SMB (CIFS)"},
    {0xFE534D42, STATE_DISK_NETWORK, "SMB"},
    {0x01021997, STATE_DISK_NETWORK, "9p"},
    {0x5346414F, STATE_DISK_NETWORK, "AFS"},
    {0x00C36400, STATE_DISK_NETWORK, "Ceph"},
    {0x65735546, STATE_DISK_NETWORK, "FUSE"},
    {0x786F4256, STATE_DISK_NETWORK, "a VirtualBox shared folder"},
    {0x01021994, STATE_DISK_MEMORY, "tmpfs"},
    {0x794C7630, STATE_DISK_CONTAINER, "overlayfs"},
};

static void look_at_disk(const char *path, struct state_facts *facts)
{
    struct statvfs disk;
    struct statfs kind;
    facts->free_inodes = UINT64_MAX;
    if (statvfs(path, &disk) == 0) {
        facts->free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
        facts->is_read_only = (disk.f_flag & ST_RDONLY) != 0;
        if (disk.f_files > 0)
            facts->free_inodes = disk.f_favail;
    }
    if (statfs(path, &kind) != 0)
        return;
    for (size_t i = 0; i < sizeof(DISKS) / sizeof(DISKS[0]); i++)
        if (DISKS[i].magic == ((unsigned long)kind.f_type & 0xFFFFFFFF)) {
            facts->disk = DISKS[i].disk;
            facts->disk_name = DISKS[i].name;
        }
    if (facts->disk == STATE_DISK_CONTAINER && !look_is_in_container())
        facts->disk = STATE_DISK_LOCAL;
}

/* Whether the folder could be made: in the nearest one above that is there. */
static bool can_be_made(const char *folder)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s", folder);
    while (access(path, F_OK) != 0) {
        char *slash = strrchr(path, '/');
        if (slash == NULL)
            return access(".", W_OK | X_OK) == 0;
        if (slash == path)
            return access("/", W_OK | X_OK) == 0;
        *slash = '\0';
    }
    return access(path, W_OK | X_OK) == 0;
}

static void look_at_folder(struct state_facts *facts)
{
    struct stat status;
    facts->own_uid = (long)geteuid();
    facts->is_there = stat(facts->folder, &status) == 0;
    if (!facts->is_there) {
        facts->is_writable = can_be_made(facts->folder);
        return;
    }
    facts->is_folder = S_ISDIR(status.st_mode);
    facts->is_open_to_others = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    facts->uid = (long)status.st_uid;
    facts->is_writable = access(facts->folder, W_OK | X_OK) == 0 ||
                         errno == EROFS; /* which is told by itself */
    look_at_disk(facts->folder, facts);
}

/* ---- the journal --------------------------------------------------------- */

/* Who has a lock on it: a connection has one as long as it is open. */
static struct occupant holder_of(int file)
{
    struct flock lock = {
        .l_type = F_WRLCK,
        .l_whence = SEEK_SET,
        .l_start = LOCK_START,
        .l_len = LOCK_SIZE,
    };
    if (fcntl(file, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
        return (struct occupant){.uid = -1};
    if (lock.l_pid <= 0) /* of another container */
        return (struct occupant){.kind = OCCUPANT_HIDDEN, .uid = -1};
    return occupant_of_pid(lock.l_pid);
}

static int version_in(const unsigned char header[HEADER_BYTES])
{
    const unsigned char *at = header + VERSION_OFFSET;
    return (int)((unsigned)at[0] << 24 | (unsigned)at[1] << 16 |
                 (unsigned)at[2] << 8 | at[3]);
}

static void read_header(int file, off_t size, struct state_facts *facts)
{
    unsigned char header[HEADER_BYTES] = {0};
    if (size == 0) { /* being made */
        facts->journal = STATE_JOURNAL_NONE;
        return;
    }
    if (pread(file, header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
        memcmp(header, MAGIC, sizeof(MAGIC)) != 0) {
        facts->journal = STATE_JOURNAL_FOREIGN;
        return;
    }
    facts->journal_version = version_in(header);
    facts->journal = facts->journal_version > SCHEMA_JOURNAL
                         ? STATE_JOURNAL_NEWER
                         : STATE_JOURNAL_SOUND;
}

/* When its newest event came. Only of a file that nobody writes and that has no
 * log beside it: that one can be read without a trace. */
static int64_t newest_of(const char *path)
{
    char uri[PATH_SIZE + 64];
    int64_t newest_ms = 0;
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    snprintf(uri, sizeof(uri), "%s-wal", path);
    if (access(uri, F_OK) == 0 || strpbrk(path, "%?#") != NULL)
        return 0;
    snprintf(uri, sizeof(uri), "file:%s?immutable=1", path);
    if (sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                        NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(
            db, "SELECT time_ms FROM event ORDER BY seq DESC LIMIT 1", -1,
            &query, NULL) == SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW)
        newest_ms = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(db);
    return newest_ms;
}

static void look_at_journal(struct state_facts *facts, int64_t *newest_ms)
{
    char path[PATH_SIZE];
    struct stat status = {0};
    snprintf(path, sizeof(path), "%.900s/journal.db", facts->folder);
    int file = open(path, O_RDWR | O_CLOEXEC); /* F_GETLK wants it so */
    if (file < 0)
        file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        facts->journal =
            errno == ENOENT ? STATE_JOURNAL_NONE : STATE_JOURNAL_UNREADABLE;
        return;
    }
    (void)fstat(file, &status);
    facts->journal_bytes = (uint64_t)status.st_size;
    facts->holder = holder_of(file);
    read_header(file, status.st_size, facts);
    close(file);
    if (facts->journal == STATE_JOURNAL_SOUND &&
        facts->holder.kind == OCCUPANT_NONE)
        *newest_ms = newest_of(path);
}

void look_at_state(const struct config *config, bool is_running,
                   struct look_state *state, struct findings *findings)
{
    struct state_facts facts = {
        .folder = config->state_dir,
        .is_journal_on = config->journal.enabled,
        .journal_bytes_max = config->journal.bytes_max,
        .version_known = SCHEMA_JOURNAL,
        .is_running = is_running,
    };
    if (facts.folder != NULL)
        look_at_folder(&facts);
    if (facts.is_folder)
        look_at_journal(&facts, &state->newest_ms);
    state->holder = facts.holder;
    judge_state(&facts, findings);
}
