/* SPDX-License-Identifier: MIT */
#include "journal_file.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/schema.h"
#include "edge/database.h"
#include "edge/journal_mover.h"

enum {
    PATH_SIZE = 512,
    PRAGMAS_SIZE = 256,
    /* Large ones take less to write where events come in crowds, and more where
     * each comes alone; with a small bound, what is half empty of them would be
     * too much of it. */
    PAGE_BYTES = 8192,
    SMALL_PAGE_BYTES = 4096,
    LARGE_FILE_BYTES = 128 << 20,
    /* A transaction, and what SQLite keeps beside the file until it is moved
     * to its place. */
    SLICE_BYTES_MAX = 1 << 20,
    WAL_BYTES_MAX = 16 << 20,
    /* The mover is asked for a part at a time; what it leaves. */
    MOVED_PARTS = 4,
    REST_PARTS = 32,
    SHM_BYTES = 64 << 10,
    TIDY_EVENTS_MAX = 512,
    VACUUM_PAGES = 64,
};

static const char *const MIGRATIONS[] = {
    "CREATE TABLE event ("
    " seq INTEGER PRIMARY KEY,"
    " time_ms INTEGER NOT NULL,"
    " topic TEXT NOT NULL,"
    " envelope BLOB NOT NULL);"
    "CREATE TABLE block (id INTEGER PRIMARY KEY, chats BLOB NOT NULL);"
    "CREATE TABLE gap (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);"
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)"
    " WITHOUT ROWID",
};

static_assert(sizeof(MIGRATIONS) / sizeof(MIGRATIONS[0]) == SCHEMA_JOURNAL,
              "as everybody knows it");

enum statement {
    BEGIN,
    COMMIT,
    ADD_EVENT,
    ADD_BLOCK,
    ADD_GAP,
    DROP_EVENTS,
    DROP_BLOCKS,
    DROP_GAPS,
    OLDEST,
    FIRST_SINCE,
    COUNT_PAGES,
    COUNT_FREE,
    STATEMENT_COUNT,
};

static const char *const STATEMENTS[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ADD_EVENT] = "INSERT INTO event VALUES (?, ?, ?, ?)",
    [ADD_BLOCK] = "INSERT OR REPLACE INTO block VALUES (?, ?)",
    [ADD_GAP] = "INSERT OR REPLACE INTO gap VALUES (?, ?)",
    [DROP_EVENTS] = "DELETE FROM event WHERE seq < ?",
    [DROP_BLOCKS] = "DELETE FROM block WHERE id < ?",
    [DROP_GAPS] = "DELETE FROM gap WHERE last < ?",
    [OLDEST] = "SELECT min(seq) FROM event",
    [FIRST_SINCE] = ("SELECT seq FROM event WHERE seq < ? AND time_ms >= ?"
                     " ORDER BY seq LIMIT 1"),
    [COUNT_PAGES] = "PRAGMA page_count",
    [COUNT_FREE] = "PRAGMA freelist_count",
};

/* The block that is being filled: it is written once the next one begins. */
struct block {
    uint64_t id;
    uint32_t chats[JOURNAL_BLOCK_EVENTS];
};

/* What a transaction changes beside the file. */
struct extent {
    uint64_t oldest, newest;
    struct block block;
};

struct journal_file {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    char path[PATH_SIZE];
    ino_t inode;
    char epoch[JOURNAL_EPOCH_SIZE];
    char boot[JOURNAL_BOOT_SIZE];
    struct extent now, committed;
    uint64_t page_bytes;
    size_t bytes_max, slice_bytes, wal_bytes_max;
    struct journal_mover *mover;
    size_t wal_pages, asked_pages; /* beside the file; when it was last asked */
    uint64_t used_bytes;
    size_t unmeasured; /* bytes of messages added since that was found out */
    int error;         /* of the last function that gave false */
    char fault[JOURNAL_FAULT_SIZE];
};

/* ---- chats ------------------------------------------------------------- */

uint32_t journal_chat(struct slice chat)
{
    uint32_t hash = 2166136261;
    for (size_t i = 0; i < chat.size; i++)
        hash = (hash ^ (unsigned char)chat.data[i]) * 16777619;
    return hash == 0 ? 1 : hash;
}

/* Behind the next dot; NULL if there is none. */
static const char *after_dot(const char *at, const char *end)
{
    const char *dot =
        at == NULL || at == end ? NULL : memchr(at, '.', (size_t)(end - at));
    return dot == NULL ? NULL : dot + 1;
}

struct slice journal_chat_of(struct slice topic)
{
    const char *end = topic.data + topic.size;
    const char *chat = after_dot(topic.data, end);
    const char *id = after_dot(chat, end);
    const char *rest = after_dot(id, end);
    if (id == NULL)
        return (struct slice){0};
    return (struct slice){chat,
                          (size_t)((rest == NULL ? end : rest - 1) - chat)};
}

struct slice journal_topic_of(struct slice message)
{
    const char *nul = memchr(message.data, '\0', message.size);
    return (struct slice){message.data, nul == NULL
                                            ? message.size
                                            : (size_t)(nul - message.data)};
}

/* ---- outcomes ---------------------------------------------------------- */

static bool note(struct journal_file *file, bool is_done)
{
    if (is_done)
        return true;
    file->error = sqlite3_errcode(file->db);
    snprintf(file->fault, sizeof(file->fault), "%.200s: %.120s%s", file->path,
             sqlite3_errmsg(file->db), database_hint(file->error));
    return false;
}

static bool run(struct journal_file *file, enum statement which)
{
    sqlite3_stmt *statement = file->statements[which];
    bool is_done = note(file, sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_reset(statement);
    return is_done;
}

static bool run_with(struct journal_file *file, enum statement which,
                     uint64_t number)
{
    sqlite3_bind_int64(file->statements[which], 1, (sqlite3_int64)number);
    return run(file, which);
}

static uint64_t number_of(struct journal_file *file, enum statement which)
{
    sqlite3_stmt *query = file->statements[which];
    uint64_t number = 0;
    if (sqlite3_step(query) == SQLITE_ROW)
        number = (uint64_t)sqlite3_column_int64(query, 0);
    sqlite3_reset(query);
    return number;
}

/* As number_of(), of a query that is needed once and must not fail. */
static bool ask_once(struct journal_file *file, const char *sql,
                     uint64_t *number)
{
    sqlite3_stmt *query = database_prepare(file->db, sql);
    bool is_done = note(file, sqlite3_step(query) == SQLITE_ROW);
    *number = (uint64_t)sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return is_done;
}

const char *journal_file_fault(const struct journal_file *file)
{
    return file->fault;
}

bool journal_file_is_damaged(const struct journal_file *file)
{
    return database_is_damaged(file->error);
}

/* ---- opening ----------------------------------------------------------- */

static size_t smaller(size_t one, size_t other)
{
    return one < other ? one : other;
}

static int on_wal(void *ctx, sqlite3 *db, const char *name, int pages)
{
    struct journal_file *file = ctx;
    (void)db;
    (void)name;
    if ((size_t)pages < file->wal_pages) /* it has started anew */
        file->asked_pages = 0;
    file->wal_pages = (size_t)pages;
    return SQLITE_OK;
}

/* A text of `meta`; empty if there is none. */
static bool read_meta(struct journal_file *file, const char *key, char *text,
                      size_t size)
{
    sqlite3_stmt *query =
        database_prepare(file->db, "SELECT value FROM meta WHERE key = ?");
    sqlite3_bind_text(query, 1, key, -1, SQLITE_STATIC);
    int result = sqlite3_step(query);
    bool is_done = note(file, result == SQLITE_ROW || result == SQLITE_DONE);
    const char *value = (const char *)sqlite3_column_text(query, 0);
    snprintf(text, size, "%s", value == NULL ? "" : value);
    sqlite3_finalize(query);
    return is_done;
}

static bool write_meta(struct journal_file *file, const char *key,
                       const char *text)
{
    sqlite3_stmt *statement =
        database_prepare(file->db, "INSERT OR REPLACE INTO meta VALUES (?, ?)");
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
    bool is_done = note(file, sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_finalize(statement);
    return is_done;
}

static bool read_names(struct journal_file *file)
{
    return read_meta(file, "epoch", file->epoch, sizeof(file->epoch)) &&
           read_meta(file, "boot", file->boot, sizeof(file->boot));
}

/* The newest event there is, and the highest seq that was ever given. */
static bool read_newest(struct journal_file *file, uint64_t *event,
                        uint64_t *newest)
{
    uint64_t lost = 0;
    bool is_done = ask_once(file, "SELECT max(seq) FROM event", event) &&
                   ask_once(file, "SELECT max(last) FROM gap", &lost);
    *newest = *event > lost ? *event : lost;
    return is_done;
}

static void note_chat(struct block *block, uint64_t seq, struct slice topic)
{
    block->chats[seq % JOURNAL_BLOCK_EVENTS] =
        journal_chat(journal_chat_of(topic));
}

/* What the block that was being filled had in it. */
static bool read_block(struct journal_file *file, uint64_t newest_event)
{
    struct block *block = &file->now.block;
    block->id = newest_event / JOURNAL_BLOCK_EVENTS;
    sqlite3_stmt *query = database_prepare(
        file->db, "SELECT seq, topic FROM event WHERE seq >= ?");
    uint64_t first = block->id * JOURNAL_BLOCK_EVENTS;
    sqlite3_bind_int64(query, 1, (sqlite3_int64)first);
    int result;
    while ((result = sqlite3_step(query)) == SQLITE_ROW)
        note_chat(block, (uint64_t)sqlite3_column_int64(query, 0),
                  (struct slice){sqlite3_column_blob(query, 1),
                                 (size_t)sqlite3_column_bytes(query, 1)});
    bool is_done = note(file, result == SQLITE_DONE);
    sqlite3_finalize(query);
    return is_done;
}

/* One that cannot be read is not one that is empty: its numbers would be given
 * once more. */
static bool read_extent(struct journal_file *file)
{
    uint64_t event;
    if (!read_newest(file, &event, &file->now.newest) ||
        !ask_once(file, "SELECT min(seq) FROM event", &file->now.oldest) ||
        !read_block(file, event))
        return false;
    file->committed = file->now;
    return true;
}

static void measure(struct journal_file *file)
{
    uint64_t pages = number_of(file, COUNT_PAGES);
    uint64_t unused = number_of(file, COUNT_FREE);
    file->used_bytes = (pages - unused) * file->page_bytes;
    file->unmeasured = 0;
}

static bool prepare(struct journal_file *file)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        file->statements[i] = database_prepare(file->db, STATEMENTS[i]);
        if (!note(file, file->statements[i] != NULL))
            return false;
    }
    sqlite3_wal_hook(file->db, on_wal, file);
    if (!ask_once(file, "PRAGMA page_size", &file->page_bytes) ||
        !read_names(file) || !read_extent(file))
        return false;
    measure(file);
    return true;
}

static bool open_mover(struct journal_file *file, const char *folder)
{
    file->mover = journal_mover_open(folder);
    if (file->mover == NULL)
        snprintf(file->fault, sizeof(file->fault),
                 "%.200s: it cannot be opened once more, to move events to "
                 "their place",
                 file->path);
    return file->mover != NULL;
}

static bool open_database(struct journal_file *file,
                          const struct journal_file_options *options)
{
    char pragmas[PRAGMAS_SIZE];
    snprintf(pragmas, sizeof(pragmas),
             "PRAGMA page_size = %d;"
             "PRAGMA auto_vacuum = INCREMENTAL;"
             "PRAGMA secure_delete = FAST;"
             "PRAGMA synchronous = %s;"
             "PRAGMA wal_autocheckpoint = 0;"
             "PRAGMA journal_size_limit = %zu",
             options->bytes_max < LARGE_FILE_BYTES ? SMALL_PAGE_BYTES
                                                   : PAGE_BYTES,
             options->syncs_fully ? "FULL" : "NORMAL", file->wal_bytes_max);
    const struct database_options database = {
        .folder = options->folder,
        .name = JOURNAL_FILE_NAME,
        .schema = {MIGRATIONS, sizeof(MIGRATIONS) / sizeof(MIGRATIONS[0])},
        .pragmas = pragmas,
        .damaged = "",
    };
    file->db = database_open(&database, file->fault, &file->error);
    return file->db != NULL;
}

static void note_inode(struct journal_file *file)
{
    struct stat status;
    if (stat(file->path, &status) == 0)
        file->inode = status.st_ino;
}

struct journal_file *
journal_file_open(const struct journal_file_options *options,
                  char fault[static JOURNAL_FAULT_SIZE], bool *is_damaged)
{
    struct journal_file *file = mem_zalloc(1, sizeof(*file));
    file->bytes_max = options->bytes_max;
    file->slice_bytes = smaller(SLICE_BYTES_MAX, options->bytes_max / 32);
    file->wal_bytes_max = smaller(WAL_BYTES_MAX, options->bytes_max / 16);
    snprintf(file->path, sizeof(file->path), "%s/%s", options->folder,
             JOURNAL_FILE_NAME);
    if (open_database(file, options) && prepare(file) &&
        open_mover(file, options->folder)) {
        note_inode(file);
        return file;
    }
    memcpy(fault, file->fault, sizeof(file->fault));
    *is_damaged = database_is_damaged(file->error);
    journal_file_close(file);
    return NULL;
}

void journal_file_close(struct journal_file *file)
{
    if (file == NULL)
        return;
    journal_mover_close(file->mover);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(file->statements[i]);
    sqlite3_close(file->db);
    free(file);
}

/* What WAL mode keeps for several connections takes room on the disk; one that
 * is alone keeps it in memory. Without a log there is nothing to keep, and one
 * that believes nobody writes takes no room at all. */
static bool open_to_peek(struct journal_file *file)
{
    char name[PATH_SIZE + 32];
    snprintf(name, sizeof(name), "%s-wal", file->path);
    bool has_log = access(name, F_OK) == 0 ||
                   strpbrk(file->path, "%?#") != NULL; /* a URI's own */
    snprintf(name, sizeof(name), "file:%s%s", file->path,
             has_log ? "" : "?immutable=1");
    int flags = has_log ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    return sqlite3_open_v2(has_log ? file->path : name, &file->db,
                           flags | SQLITE_OPEN_URI, NULL) == SQLITE_OK &&
           database_run(file->db, "PRAGMA locking_mode = EXCLUSIVE");
}

bool journal_file_peek(const char *folder,
                       char epoch[static JOURNAL_EPOCH_SIZE], uint64_t *newest)
{
    struct journal_file *file = mem_zalloc(1, sizeof(*file));
    uint64_t event = 0;
    snprintf(file->path, sizeof(file->path), "%.400s/%s", folder,
             JOURNAL_FILE_NAME);
    bool is_read = open_to_peek(file) && read_names(file) &&
                   read_newest(file, &event, newest);
    sqlite3_db_config(file->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    memcpy(epoch, file->epoch, sizeof(file->epoch));
    journal_file_close(file);
    return is_read && epoch[0] != '\0';
}

bool journal_file_set_aside(const char *folder, uint64_t time_ms,
                            char name[static JOURNAL_FAULT_SIZE])
{
    static const char *const suffixes[] = {"-wal", "-shm", ""};
    char from[PATH_SIZE], to[PATH_SIZE];
    bool is_done = true;
    snprintf(name, JOURNAL_FAULT_SIZE, "%.400s/%s.damaged-%" PRIu64, folder,
             JOURNAL_FILE_NAME, time_ms);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        snprintf(from, sizeof(from), "%.400s/%s%s", folder, JOURNAL_FILE_NAME,
                 suffixes[i]);
        snprintf(to, sizeof(to), "%.500s%s", name, suffixes[i]);
        is_done = rename(from, to) == 0;
    }
    return is_done;
}

bool journal_file_is_there(const struct journal_file *file)
{
    struct stat status;
    return stat(file->path, &status) == 0 && status.st_ino == file->inode;
}

/* ---- what it knows ------------------------------------------------------ */

const char *journal_file_epoch(const struct journal_file *file)
{
    return file->epoch;
}

bool journal_file_set_epoch(struct journal_file *file, const char *epoch)
{
    if (!write_meta(file, "epoch", epoch))
        return false;
    snprintf(file->epoch, sizeof(file->epoch), "%s", epoch);
    return true;
}

bool journal_file_set_boot(struct journal_file *file, const char *boot)
{
    if (strcmp(file->boot, boot) == 0)
        return true;
    if (!write_meta(file, "boot", boot))
        return false;
    snprintf(file->boot, sizeof(file->boot), "%s", boot);
    return true;
}

bool journal_file_is_cut_off(const struct journal_file *file, const char *boot)
{
    return file->boot[0] != '\0' && strcmp(file->boot, boot) != 0;
}

uint64_t journal_file_oldest(const struct journal_file *file)
{
    return file->committed.oldest;
}

uint64_t journal_file_newest(const struct journal_file *file)
{
    return file->committed.newest;
}

uint64_t journal_file_bytes(const struct journal_file *file)
{
    return file->used_bytes;
}

size_t journal_file_slice_bytes(const struct journal_file *file)
{
    return file->slice_bytes;
}

/* ---- writing ------------------------------------------------------------ */

bool journal_file_begin(struct journal_file *file)
{
    return run(file, BEGIN);
}

static bool write_block(struct journal_file *file)
{
    const struct block *block = &file->now.block;
    sqlite3_stmt *statement = file->statements[ADD_BLOCK];
    sqlite3_bind_blob(statement, 2, block->chats, sizeof(block->chats),
                      SQLITE_STATIC);
    return run_with(file, ADD_BLOCK, block->id);
}

static bool enter_block(struct journal_file *file, uint64_t seq)
{
    struct block *block = &file->now.block;
    uint64_t id = seq / JOURNAL_BLOCK_EVENTS;
    if (id == block->id)
        return true;
    if (file->now.newest > 0 && !write_block(file))
        return false;
    *block = (struct block){.id = id};
    return true;
}

static bool insert(struct journal_file *file, const struct ring_event *event,
                   struct slice topic)
{
    sqlite3_stmt *statement = file->statements[ADD_EVENT];
    size_t head = topic.size + 1; /* and the NUL */
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)event->time_ms);
    sqlite3_bind_text(statement, 3, topic.data, (int)topic.size, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 4, event->message.data + head,
                        event->message.size - head, SQLITE_STATIC);
    return run_with(file, ADD_EVENT, event->seq);
}

bool journal_file_add(struct journal_file *file, const struct ring_event *event)
{
    struct slice topic = journal_topic_of(event->message);
    if (!enter_block(file, event->seq) || !insert(file, event, topic))
        return false;
    note_chat(&file->now.block, event->seq, topic);
    file->unmeasured += event->message.size;
    if (file->now.oldest == 0)
        file->now.oldest = event->seq;
    file->now.newest = event->seq;
    return true;
}

bool journal_file_lose(struct journal_file *file, uint64_t first, uint64_t last)
{
    sqlite3_bind_int64(file->statements[ADD_GAP], 2, (sqlite3_int64)last);
    if (!run_with(file, ADD_GAP, first))
        return false;
    file->now.newest = last;
    return true;
}

bool journal_file_commit(struct journal_file *file)
{
    if (!run(file, COMMIT))
        return false;
    file->committed = file->now;
    return true;
}

void journal_file_undo(struct journal_file *file)
{
    if (sqlite3_get_autocommit(file->db) == 0)
        (void)database_run(file->db, "ROLLBACK");
    file->now = file->committed;
}

/* ---- dropping the oldest ------------------------------------------------ */

/* What may lie beside the file: a transaction, which may take two pages for
 * one, and one that drops, on top of what is about to be moved. */
static uint64_t beside(const struct journal_file *file)
{
    return SHM_BYTES + file->wal_bytes_max + 3 * file->slice_bytes;
}

/* Room is left for what is written until it is looked at again. */
static bool is_too_large(struct journal_file *file)
{
    measure(file);
    return file->used_bytes + 3 * file->slice_bytes + beside(file) >
           file->bytes_max;
}

/* How many events make up a slice of work. */
static uint64_t slice_events(const struct journal_file *file)
{
    uint64_t count = file->committed.newest - file->committed.oldest + 1;
    uint64_t each = file->used_bytes / count + 1;
    uint64_t events = file->slice_bytes / each + 1;
    return events < TIDY_EVENTS_MAX ? events : TIDY_EVENTS_MAX;
}

static bool drop_before(struct journal_file *file, uint64_t seq)
{
    if (!run(file, BEGIN))
        return false;
    bool is_done = run_with(file, DROP_EVENTS, seq) &&
                   run_with(file, DROP_BLOCKS, seq / JOURNAL_BLOCK_EVENTS) &&
                   run_with(file, DROP_GAPS, seq) && run(file, COMMIT);
    if (!is_done) {
        journal_file_undo(file);
        return false;
    }
    file->now.oldest = file->committed.oldest = number_of(file, OLDEST);
    return true;
}

/* The file itself only shrinks when the bound has been lowered: to move pages
 * about for each event would cost more than writing it. */
static bool shrink(struct journal_file *file)
{
    uint64_t pages = number_of(file, COUNT_PAGES);
    char sql[PRAGMAS_SIZE];
    if (pages * file->page_bytes + beside(file) <= file->bytes_max ||
        number_of(file, COUNT_FREE) < VACUUM_PAGES)
        return true;
    snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%d)", VACUUM_PAGES);
    return note(file, database_run(file->db, sql));
}

/* Up to where the next slice of events goes; the oldest's seq: none has to. */
static uint64_t slice_end(struct journal_file *file, uint64_t expired_ms)
{
    const struct extent *extent = &file->committed;
    uint64_t end = extent->oldest + slice_events(file);
    if (end > extent->newest)
        end = extent->newest;
    if (is_too_large(file))
        return end;
    sqlite3_stmt *query = file->statements[FIRST_SINCE];
    sqlite3_bind_int64(query, 1, (sqlite3_int64)end);
    sqlite3_bind_int64(query, 2, (sqlite3_int64)expired_ms);
    int result = sqlite3_step(query);
    if (result != SQLITE_DONE)
        end = result == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(query, 0)
                                   : extent->oldest;
    sqlite3_reset(query);
    return end;
}

bool journal_file_tidy(struct journal_file *file, uint64_t expired_ms,
                       size_t events_max)
{
    const struct extent *extent = &file->committed;
    /* To look each time would cost as much as to write an event. */
    if (expired_ms == 0 && file->unmeasured < file->slice_bytes / 4)
        return true;
    for (uint64_t dropped = 0; dropped < events_max && extent->oldest > 0;) {
        uint64_t oldest = extent->oldest;
        uint64_t end = slice_end(file, expired_ms);
        if (end <= oldest)
            break;
        if (!drop_before(file, end) || !journal_file_checkpoint(file))
            return false;
        dropped += end - oldest;
    }
    return shrink(file);
}

/* ---- moving to its place ------------------------------------------------ */

/* The log starts anew once all of it is in its place and nobody reads it. With
 * a full one whoever reads is waited for, though not long: where one page is
 * read after the other, that moment never comes by itself. */
static bool move_rest(struct journal_file *file, size_t pages_max)
{
    int how = file->wal_pages >= pages_max ? SQLITE_CHECKPOINT_RESTART
                                           : SQLITE_CHECKPOINT_PASSIVE;
    int error = sqlite3_wal_checkpoint_v2(file->db, NULL, how, NULL, NULL);
    return note(file, error == SQLITE_OK || error == SQLITE_BUSY);
}

/* Whether the mover has left so little that to move it here holds up nobody;
 * with a full log it is no longer a question. */
static bool is_rest(struct journal_file *file, size_t pages_max)
{
    size_t moved;
    if (!journal_mover_has_moved(file->mover, &moved) ||
        file->wal_pages < pages_max / 2)
        return false;
    return file->wal_pages >= pages_max ||
           file->wal_pages - moved <= pages_max / REST_PARTS;
}

bool journal_file_checkpoint(struct journal_file *file)
{
    size_t pages_max = file->wal_bytes_max / file->page_bytes;
    if (file->wal_pages >= pages_max)
        journal_mover_wait(file->mover);
    if (is_rest(file, pages_max))
        return move_rest(file, pages_max);
    if (file->wal_pages - file->asked_pages < pages_max / MOVED_PARTS)
        return true;
    file->asked_pages = file->wal_pages;
    journal_mover_start(file->mover);
    return true;
}
