/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/mem.h"

/* A bridge that is just ending lets go soon; another one never does. */
enum { BUSY_MS = 200, WHY_SIZE = 128 };

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
};

enum { SCHEMA_VERSION = sizeof(MIGRATIONS) / sizeof(MIGRATIONS[0]) };

/* One change, on its way there and back. */
struct change {
    struct mailbox_item item; /* first: the item is the change */
    struct store_person person;
    bool forget;
    uint64_t cookie;
    bool is_kept;
    char why[WHY_SIZE];
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *put, *forget;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t has_work;
    bool has_changes, is_closing; /* under the mutex */
    bool runs;
    struct mailbox there, back;
    size_t waiting; /* the loop's */
};

/* ---- the file ---------------------------------------------------------- */

/* Each folder of the path, as mkdir -p; 0700: it holds who talks to whom. */
static bool make_folders(const char *folder)
{
    char *path = mem_strdup(folder);
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        (void)mkdir(path, 0700);
        *at = '/';
    }
    bool is_there = mkdir(path, 0700) == 0 || errno == EEXIST;
    free(path);
    return is_there;
}

static bool run_sql(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static int schema_version(sqlite3 *db)
{
    sqlite3_stmt *query = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &query, NULL) ==
            SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW)
        version = sqlite3_column_int(query, 0);
    sqlite3_finalize(query);
    return version;
}

static bool migrate(sqlite3 *db, int version)
{
    char set_version[64];
    snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %d",
             SCHEMA_VERSION);
    if (!run_sql(db, "BEGIN IMMEDIATE"))
        return false;
    for (int i = version; i < SCHEMA_VERSION; i++)
        if (!run_sql(db, MIGRATIONS[i]))
            return false;
    return run_sql(db, set_version) && run_sql(db, "COMMIT");
}

static const char *const PUT =
    "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
static const char *const FORGET =
    "DELETE FROM person WHERE account = ? AND user_id = ?";

/* Nobody else may write while we do: two bridges on one state would undo each
 * other's work. */
static bool prepare(struct store *store, char fault[static STORE_FAULT_SIZE])
{
    sqlite3 *db = store->db;
    sqlite3_busy_timeout(db, BUSY_MS);
    if (!run_sql(db, "PRAGMA locking_mode = EXCLUSIVE") ||
        !run_sql(db, "PRAGMA journal_mode = WAL") ||
        !run_sql(db, "PRAGMA synchronous = FULL"))
        return false;
    int version = schema_version(db);
    if (version > SCHEMA_VERSION) {
        snprintf(fault, STORE_FAULT_SIZE,
                 "it is of a newer onebus (schema %d, this one knows %d)",
                 version, SCHEMA_VERSION);
        return false;
    }
    return version >= 0 && migrate(db, version) &&
           sqlite3_prepare_v2(db, PUT, -1, &store->put, NULL) == SQLITE_OK &&
           sqlite3_prepare_v2(db, FORGET, -1, &store->forget, NULL) ==
               SQLITE_OK;
}

static const char *hint_of(int error)
{
    switch (error & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "; another onebus has it open: give each its own "
               "bridge.stateDir";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "; move it away to begin anew: who is paired has to be approved "
               "again";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
        return "; the bridge's user must be able to write it and its folder";
    default:
        return "";
    }
}

static bool open_file(struct store *store, const char *folder,
                      char fault[static STORE_FAULT_SIZE])
{
    struct buffer path = {0};
    char reason[STORE_FAULT_SIZE] = "";
    buffer_append_string(&path, folder);
    buffer_append(&path, "/onebus.db", sizeof("/onebus.db"));
    mode_t before = umask(077);
    bool is_open = sqlite3_open_v2(path.data, &store->db,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                       SQLITE_OPEN_NOMUTEX,
                                   NULL) == SQLITE_OK &&
                   prepare(store, reason);
    umask(before);
    (void)chmod(path.data, 0600); /* it may have been made by somebody else */
    if (!is_open)
        snprintf(fault, STORE_FAULT_SIZE, "%.200s: %.120s%s", path.data,
                 reason[0] != '\0' ? reason : sqlite3_errmsg(store->db),
                 hint_of(sqlite3_errcode(store->db)));
    buffer_finish(&path);
    return is_open;
}

/* ---- the thread -------------------------------------------------------- */

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static sqlite3_stmt *bind(const struct store *store,
                          const struct change *change)
{
    const struct store_person *person = &change->person;
    sqlite3_stmt *statement = change->forget ? store->forget : store->put;
    bind_text(statement, 1, person->account);
    sqlite3_bind_int64(statement, 2, person->user_id);
    if (change->forget)
        return statement;
    bind_text(statement, 3, person->code);
    bind_text(statement, 4, person->nickname);
    sqlite3_bind_int(statement, 5, person->state);
    sqlite3_bind_int64(statement, 6, (sqlite3_int64)person->asked_ms);
    sqlite3_bind_int64(statement, 7, (sqlite3_int64)person->expires_ms);
    sqlite3_bind_int64(statement, 8, (sqlite3_int64)person->decided_ms);
    return statement;
}

static void carry_out(struct store *store, struct change *change)
{
    sqlite3_stmt *statement = bind(store, change);
    change->is_kept = sqlite3_step(statement) == SQLITE_DONE;
    if (!change->is_kept)
        snprintf(change->why, sizeof(change->why), "%s",
                 sqlite3_errmsg(store->db));
    sqlite3_reset(statement);
}

/* False: it is the end. */
static bool wait_for_work(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    while (!store->has_changes && !store->is_closing)
        pthread_cond_wait(&store->has_work, &store->mutex);
    bool goes_on = store->has_changes;
    store->has_changes = false;
    pthread_mutex_unlock(&store->mutex);
    return goes_on;
}

static void *run(void *ctx)
{
    struct store *store = ctx;
    while (wait_for_work(store)) {
        struct mailbox_item *next;
        for (struct mailbox_item *item = mailbox_take_all(&store->there);
             item != NULL; item = next) {
            next = item->next;
            carry_out(store, (struct change *)item);
            mailbox_put(&store->back, item);
        }
    }
    return NULL;
}

static void wake_thread(void *ctx)
{
    struct store *store = ctx;
    pthread_mutex_lock(&store->mutex);
    store->has_changes = true;
    pthread_cond_signal(&store->has_work);
    pthread_mutex_unlock(&store->mutex);
}

/* ---- the loop's side --------------------------------------------------- */

struct store *store_open(const char *folder, void (*wake)(void *ctx), void *ctx,
                         char fault[static STORE_FAULT_SIZE])
{
    struct store *store = mem_zalloc(1, sizeof(*store));
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->has_work, NULL);
    mailbox_init(&store->there, wake_thread, store);
    mailbox_init(&store->back, wake, ctx);
    if (!make_folders(folder))
        snprintf(fault, STORE_FAULT_SIZE, "cannot make the folder %.200s: %s",
                 folder, strerror(errno));
    else if (open_file(store, folder, fault)) {
        store->runs = pthread_create(&store->thread, NULL, run, store) == 0;
        if (store->runs)
            return store;
        snprintf(fault, STORE_FAULT_SIZE, "there is no thread for it");
    }
    store_close(store);
    return NULL;
}

static void end_thread(struct store *store)
{
    if (!store->runs)
        return;
    pthread_mutex_lock(&store->mutex);
    store->is_closing = true;
    pthread_cond_signal(&store->has_work);
    pthread_mutex_unlock(&store->mutex);
    pthread_join(store->thread, NULL);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    end_thread(store);
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&store->back);
         item != NULL; item = next) {
        next = item->next;
        free(item);
    }
    sqlite3_finalize(store->put);
    sqlite3_finalize(store->forget);
    sqlite3_close(store->db);
    mailbox_finish(&store->there);
    mailbox_finish(&store->back);
    pthread_mutex_destroy(&store->mutex);
    pthread_cond_destroy(&store->has_work);
    free(store);
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

void store_each(struct store *store,
                void (*on_person)(void *ctx, const struct store_person *person),
                void *ctx)
{
    sqlite3_stmt *query = NULL;
    if (sqlite3_prepare_v2(store->db, "SELECT * FROM person", -1, &query,
                           NULL) == SQLITE_OK)
        while (sqlite3_step(query) == SQLITE_ROW) {
            struct store_person person;
            read_person(query, &person);
            on_person(ctx, &person);
        }
    else
        log_error("store: cannot read who is paired: %s",
                  sqlite3_errmsg(store->db));
    sqlite3_finalize(query);
}

enum status store_put(struct store *store, const struct store_person *person,
                      bool forget, uint64_t cookie)
{
    if (store->waiting == STORE_QUEUE_MAX)
        return STATUS_FULL;
    struct change *change = mem_zalloc(1, sizeof(*change));
    change->person = *person;
    change->forget = forget;
    change->cookie = cookie;
    store->waiting++;
    mailbox_put(&store->there, &change->item);
    return STATUS_OK;
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
