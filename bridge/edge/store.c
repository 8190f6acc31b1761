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

enum {
    WHY_SIZE = 128,
    /* What a claim has begun can be ended, however many claims there are. */
    ENDS_MAX = 2 * STORE_QUEUE_MAX,
};

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
    CLAIMS_SCHEMA,
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

enum change_of {
    CHANGE_OF_PERSON = 0,
    CHANGE_OF_CURSOR = 2,
    CHANGE_CLAIM = STATEMENT_COUNT,
    CHANGE_END,
    CHANGE_FORGET,
};

/* A request id, and what is asked or told of it. */
struct claimed {
    char key[STORE_KEY_BYTES_MAX];
    size_t key_bytes;
    unsigned char digest[CLAIMS_DIGEST_SIZE];
    uint64_t wall_ms;
    enum claims_state state;
    struct buffer reply; /* either way */
};

/* One change, on its way there and back. */
struct change {
    struct mailbox_item item; /* first: the item is the change */
    enum change_of of;
    union {
        struct store_person person;
        struct store_cursor cursor;
        struct claimed claimed;
    };
    bool forget;
    uint64_t cookie;
    bool is_kept;
    char why[WHY_SIZE];
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct claims *claims;
    struct worker worker;
    struct mailbox back;
    size_t waiting; /* the loop's */
};

/* ---- the file ---------------------------------------------------------- */

static bool prepare(struct store *store)
{
    const struct claims_limits limits = {.rows_max = STORE_CLAIMS_MAX,
                                         .bytes_max = STORE_REPLIES_BYTES_MAX};
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        store->statements[i] = database_prepare(store->db, STATEMENTS[i]);
        if (store->statements[i] == NULL)
            return false;
    }
    store->claims = claims_create(store->db, &limits);
    return store->claims != NULL;
}

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
    if (store->db == NULL)
        return false;
    if (prepare(store))
        return true;
    snprintf(fault, STORE_FAULT_SIZE, "onebus.db: %.200s",
             sqlite3_errmsg(store->db));
    return false;
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

/* What a claim has found is there, whatever cannot be written. */
static void fail(struct change *change, const char *why)
{
    if (change->of == CHANGE_CLAIM && change->claimed.state != CLAIMS_NEW)
        return;
    change->is_kept = false;
    snprintf(change->why, sizeof(change->why), "%s", why);
}

static void carry_out_simple(struct store *store, struct change *change)
{
    sqlite3_stmt *statement =
        store->statements[(int)change->of + (int)change->forget];
    if (change->of == CHANGE_OF_PERSON)
        bind_person(statement, &change->person, change->forget);
    else
        bind_cursor(statement, &change->cursor, change->forget);
    change->is_kept = sqlite3_step(statement) == SQLITE_DONE;
    if (!change->is_kept)
        fail(change, sqlite3_errmsg(store->db));
    sqlite3_reset(statement);
}

static void carry_out_claim(struct store *store, struct change *change)
{
    struct claimed *claimed = &change->claimed;
    struct slice key = {claimed->key, claimed->key_bytes};
    if (change->of == CHANGE_CLAIM)
        change->is_kept =
            claims_begin(store->claims, key, claimed->digest, claimed->wall_ms,
                         &claimed->state, &claimed->reply);
    else if (change->of == CHANGE_END)
        change->is_kept =
            claims_end(store->claims, key, buffer_slice(&claimed->reply));
    else
        change->is_kept = claims_forget(store->claims, key);
    if (!change->is_kept)
        fail(change, claims_fault(store->claims));
}

static void carry_out(struct store *store, struct change *change)
{
    if (change->of < CHANGE_CLAIM)
        carry_out_simple(store, change);
    else
        carry_out_claim(store, change);
}

static void fail_all(struct mailbox_item *items, const char *why)
{
    for (struct mailbox_item *item = items; item != NULL; item = item->next)
        fail((struct change *)item, why);
}

/* All that has gathered: one transaction, one sync. */
static void carry_out_all(void *ctx, struct mailbox_item *items)
{
    struct store *store = ctx;
    struct mailbox_item *next;
    bool is_begun = database_run(store->db, "BEGIN IMMEDIATE");
    for (struct mailbox_item *item = items; item != NULL; item = item->next)
        carry_out(store, (struct change *)item);
    bool is_done = is_begun && claims_settle(store->claims) &&
                   database_run(store->db, "COMMIT");
    if (is_begun && !is_done) {
        fail_all(items, sqlite3_errmsg(store->db));
        (void)database_run(store->db, "ROLLBACK");
    }
    if (!is_done)
        claims_revert(store->claims);
    for (struct mailbox_item *item = items; item != NULL; item = next) {
        next = item->next;
        mailbox_put(&store->back, item);
    }
}

/* ---- the loop's side --------------------------------------------------- */

static void free_change(struct change *change)
{
    if (change->of >= CHANGE_CLAIM)
        buffer_finish(&change->claimed.reply);
    free(change);
}

/* The worker has been started. */
static void destroy(struct store *store)
{
    worker_stop(&store->worker);
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&store->back);
         item != NULL; item = next) {
        next = item->next;
        free_change((struct change *)item);
    }
    claims_destroy(store->claims);
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

static void send(struct store *store, struct change *change)
{
    store->waiting++;
    worker_put(&store->worker, &change->item);
}

static enum status put(struct store *store, const struct change *change)
{
    if (store->waiting >= STORE_QUEUE_MAX)
        return STATUS_FULL;
    struct change *copy = mem_alloc(sizeof(*copy));
    *copy = *change;
    send(store, copy);
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

static struct change *change_of_claim(enum change_of of, struct slice key,
                                      uint64_t cookie)
{
    struct change *change = mem_zalloc(1, sizeof(*change));
    assert(key.size <= STORE_KEY_BYTES_MAX);
    change->of = of;
    change->cookie = cookie;
    change->claimed.key_bytes = key.size;
    memcpy(change->claimed.key, key.data, key.size);
    return change;
}

enum status store_claim(struct store *store, struct slice key,
                        const unsigned char *digest, uint64_t wall_ms,
                        uint64_t cookie)
{
    if (store->waiting >= STORE_QUEUE_MAX)
        return STATUS_FULL;
    struct change *change = change_of_claim(CHANGE_CLAIM, key, cookie);
    memcpy(change->claimed.digest, digest, CLAIMS_DIGEST_SIZE);
    change->claimed.wall_ms = wall_ms;
    send(store, change);
    return STATUS_OK;
}

enum status store_end_claim(struct store *store, struct slice key,
                            struct slice reply, uint64_t cookie)
{
    if (store->waiting >= ENDS_MAX)
        return STATUS_FULL;
    struct change *change = change_of_claim(CHANGE_END, key, cookie);
    buffer_append(&change->claimed.reply, reply.data, reply.size);
    send(store, change);
    return STATUS_OK;
}

void store_forget_claim(struct store *store, struct slice key)
{
    send(store, change_of_claim(CHANGE_FORGET, key, 0));
}

static void tell(const struct change *change,
                 const struct store_listener *listener)
{
    const struct store_found found = {
        .state = change->claimed.state,
        .reply = buffer_slice(&change->claimed.reply),
        .is_kept = change->is_kept,
        .why = change->why,
    };
    if (change->of == CHANGE_CLAIM)
        listener->on_claimed(listener->ctx, change->cookie, &found);
    else if (change->of != CHANGE_FORGET)
        listener->on_done(listener->ctx, change->cookie, change->is_kept,
                          change->why);
}

void store_take(struct store *store, const struct store_listener *listener)
{
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&store->back);
         item != NULL; item = next) {
        struct change *change = (struct change *)item;
        next = item->next;
        store->waiting--;
        tell(change, listener);
        free_change(change);
    }
}

size_t store_waiting(const struct store *store)
{
    return store->waiting;
}
