/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/worker.h"
#include "edge/database.h"

enum { WHY_SIZE = 128 };

static_assert((int)STORE_FAULT_SIZE == (int)DATABASE_FAULT_SIZE,
              "one is handed on as the other");

/* Each makes the next version of the schema out of the one before. */
static const char *const MIGRATIONS[] = {
    "CREATE TABLE person ("
    " account TEXT NOT NULL,"
    " user_id INTEGER NOT NULL,"
    " code TEXT NOT NULL,"
    " nickname TEXT NOT NULL,"
    " state INTEGER NOT NULL,"
    " asked_ms INTEGER NOT NULL,"
    " expires_ms INTEGER NOT NULL,"
    " decided_ms INTEGER NOT NULL,"
    " PRIMARY KEY (account, user_id)) WITHOUT ROWID",
    "CREATE TABLE cursor ("
    " consumer TEXT NOT NULL PRIMARY KEY,"
    " epoch TEXT NOT NULL,"
    " seq INTEGER NOT NULL) WITHOUT ROWID",
};

/* Nobody else may write while we do: two bridges on one state would undo each
 * other's work. */
static const char PRAGMAS[] = "PRAGMA locking_mode = EXCLUSIVE;"
                              "PRAGMA synchronous = FULL";

enum { STATEMENT_COUNT = 4 };

/* By what a change is of, and whether it is forgotten. */
static const char *const STATEMENTS[STATEMENT_COUNT] = {
    "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "DELETE FROM person WHERE account = ? AND user_id = ?",
    "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)",
    "DELETE FROM cursor WHERE consumer = ?",
};

enum change_of { CHANGE_OF_PERSON = 0, CHANGE_OF_CURSOR = 2 };

/* One change, on its way there and back. */
struct change {
    struct mailbox_item item; /* first: the item is the change */
    enum change_of of;
    union {
        struct store_person person;
        struct store_cursor cursor;
    };
    bool forget;
    uint64_t cookie;
    bool is_kept;
    char why[WHY_SIZE];
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct worker worker;
    struct mailbox back;
    size_t waiting; /* the loop's */
};

/* ---- the file ---------------------------------------------------------- */

static bool open_file(struct store *store, const char *folder,
                      char fault[static STORE_FAULT_SIZE])
{
    const struct database_options options = {
        .folder = folder,
        .name = "onebus.db",
        .schema = {MIGRATIONS, sizeof(MIGRATIONS) / sizeof(MIGRATIONS[0])},
        .pragmas = PRAGMAS,
        .damaged = "; move it away to begin anew: who is paired has to be "
                   "approved again",
    };
    store->db = database_open(&options, fault, NULL);
    for (size_t i = 0; i < STATEMENT_COUNT && store->db != NULL; i++) {
        store->statements[i] = database_prepare(store->db, STATEMENTS[i]);
        if (store->statements[i] != NULL)
            continue;
        snprintf(fault, STORE_FAULT_SIZE, "onebus.db: %.200s",
                 sqlite3_errmsg(store->db));
        return false;
    }
    return store->db != NULL;
}

/* ---- the thread -------------------------------------------------------- */

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void bind_person(sqlite3_stmt *statement,
                        const struct store_person *person, bool forget)
{
    bind_text(statement, 1, person->account);
    sqlite3_bind_int64(statement, 2, person->user_id);
    if (forget)
        return;
    bind_text(statement, 3, person->code);
    bind_text(statement, 4, person->nickname);
    sqlite3_bind_int(statement, 5, person->state);
    sqlite3_bind_int64(statement, 6, (sqlite3_int64)person->asked_ms);
    sqlite3_bind_int64(statement, 7, (sqlite3_int64)person->expires_ms);
    sqlite3_bind_int64(statement, 8, (sqlite3_int64)person->decided_ms);
}

static void bind_cursor(sqlite3_stmt *statement,
                        const struct store_cursor *cursor, bool forget)
{
    bind_text(statement, 1, cursor->consumer);
    if (forget)
        return;
    bind_text(statement, 2, cursor->epoch);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)cursor->seq);
}

static void fail(struct store *store, struct change *change)
{
    change->is_kept = false;
    snprintf(change->why, sizeof(change->why), "%s", sqlite3_errmsg(store->db));
}

static void carry_out(struct store *store, struct change *change)
{
    sqlite3_stmt *statement =
        store->statements[(int)change->of + (int)change->forget];
    if (change->of == CHANGE_OF_PERSON)
        bind_person(statement, &change->person, change->forget);
    else
        bind_cursor(statement, &change->cursor, change->forget);
    change->is_kept = sqlite3_step(statement) == SQLITE_DONE;
    if (!change->is_kept)
        fail(store, change);
    sqlite3_reset(statement);
}

/* All that has gathered: one transaction, one sync. */
static void carry_out_all(void *ctx, struct mailbox_item *items)
{
    struct store *store = ctx;
    struct mailbox_item *next;
    bool is_begun = database_run(store->db, "BEGIN IMMEDIATE");
    for (struct mailbox_item *item = items; item != NULL; item = item->next)
        carry_out(store, (struct change *)item);
    bool is_done = is_begun && database_run(store->db, "COMMIT");
    for (struct mailbox_item *item = items; item != NULL; item = next) {
        next = item->next;
        if (is_begun && !is_done)
            fail(store, (struct change *)item);
        mailbox_put(&store->back, item);
    }
    if (is_begun && !is_done)
        (void)database_run(store->db, "ROLLBACK");
}

/* ---- the loop's side --------------------------------------------------- */

/* The worker has been started. */
static void destroy(struct store *store)
{
    worker_stop(&store->worker);
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&store->back);
         item != NULL; item = next) {
        next = item->next;
        free(item);
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    mailbox_finish(&store->back);
    free(store);
}

struct store *store_open(const char *folder, void (*wake)(void *ctx), void *ctx,
                         char fault[static STORE_FAULT_SIZE])
{
    struct store *store = mem_zalloc(1, sizeof(*store));
    mailbox_init(&store->back, wake, ctx);
    bool is_open = open_file(store, folder, fault);
    bool runs = worker_start(&store->worker, "store", carry_out_all, store);
    if (is_open && runs)
        return store;
    if (is_open)
        snprintf(fault, STORE_FAULT_SIZE, "there is no thread for it");
    destroy(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store != NULL)
        destroy(store);
}

static void copy_column(sqlite3_stmt *query, int column, char *text,
                        size_t size)
{
    const unsigned char *value = sqlite3_column_text(query, column);
    snprintf(text, size, "%s", value == NULL ? "" : (const char *)value);
}

static void read_person(sqlite3_stmt *query, struct store_person *person)
{
    copy_column(query, 0, person->account, sizeof(person->account));
    person->user_id = sqlite3_column_int64(query, 1);
    copy_column(query, 2, person->code, sizeof(person->code));
    copy_column(query, 3, person->nickname, sizeof(person->nickname));
    person->state = sqlite3_column_int(query, 4);
    person->asked_ms = (uint64_t)sqlite3_column_int64(query, 5);
    person->expires_ms = (uint64_t)sqlite3_column_int64(query, 6);
    person->decided_ms = (uint64_t)sqlite3_column_int64(query, 7);
}

void store_each_person(struct store *store,
                       void (*on_person)(void *ctx,
                                         const struct store_person *person),
                       void *ctx)
{
    sqlite3_stmt *query = database_prepare(store->db, "SELECT * FROM person");
    while (sqlite3_step(query) == SQLITE_ROW) {
        struct store_person person;
        read_person(query, &person);
        on_person(ctx, &person);
    }
    if (sqlite3_errcode(store->db) != SQLITE_DONE)
        log_error("store: cannot read who is paired: %s",
                  sqlite3_errmsg(store->db));
    sqlite3_finalize(query);
}

void store_each_cursor(struct store *store,
                       void (*on_cursor)(void *ctx,
                                         const struct store_cursor *cursor),
                       void *ctx)
{
    sqlite3_stmt *query = database_prepare(store->db, "SELECT * FROM cursor");
    while (sqlite3_step(query) == SQLITE_ROW) {
        struct store_cursor cursor = {
            .seq = (uint64_t)sqlite3_column_int64(query, 2)};
        copy_column(query, 0, cursor.consumer, sizeof(cursor.consumer));
        copy_column(query, 1, cursor.epoch, sizeof(cursor.epoch));
        on_cursor(ctx, &cursor);
    }
    if (sqlite3_errcode(store->db) != SQLITE_DONE)
        log_error("store: cannot read the consumers' cursors: %s",
                  sqlite3_errmsg(store->db));
    sqlite3_finalize(query);
}

static enum status put(struct store *store, const struct change *change)
{
    if (store->waiting == STORE_QUEUE_MAX)
        return STATUS_FULL;
    struct change *copy = mem_alloc(sizeof(*copy));
    *copy = *change;
    store->waiting++;
    worker_put(&store->worker, &copy->item);
    return STATUS_OK;
}

enum status store_put_person(struct store *store,
                             const struct store_person *person, bool forget,
                             uint64_t cookie)
{
    const struct change change = {.of = CHANGE_OF_PERSON,
                                  .person = *person,
                                  .forget = forget,
                                  .cookie = cookie};
    return put(store, &change);
}

enum status store_put_cursor(struct store *store,
                             const struct store_cursor *cursor, bool forget,
                             uint64_t cookie)
{
    const struct change change = {.of = CHANGE_OF_CURSOR,
                                  .cursor = *cursor,
                                  .forget = forget,
                                  .cookie = cookie};
    return put(store, &change);
}

void store_take(struct store *store,
                void (*on_done)(void *ctx, uint64_t cookie, bool is_kept,
                                const char *why),
                void *ctx)
{
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&store->back);
         item != NULL; item = next) {
        struct change *change = (struct change *)item;
        next = item->next;
        store->waiting--;
        on_done(ctx, change->cookie, change->is_kept, change->why);
        free(change);
    }
}

size_t store_waiting(const struct store *store)
{
    return store->waiting;
}
