/* SPDX-License-Identifier: MIT */
#include "claims.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/mem.h"
#include "edge/database.h"

enum {
    /* Old rows that go with each transaction, beside one for each new row: so
     * many that there are ever fewer, so few that nobody has to wait. */
    OLD_ROWS = 4,
    /* Rows that go at once where there is no room. */
    SLICE_ROWS = 64,
};

enum statement {
    READ_SIZE,
    WRITE_SIZE,
    FIND,
    INSERT,
    SET_REPLY,
    DELETE,
    DELETE_OLD,
    DELETE_DONE,
    STATEMENT_COUNT,
};

enum row_state { ROW_BEGUN = 0, ROW_DONE = 1 };

/* Numbers grow, so that the least is the oldest. The length of a reply is
 * known without a look at it. */
static const char *const STATEMENTS[STATEMENT_COUNT] = {
    [READ_SIZE] = "SELECT rows, bytes FROM once_size",
    [WRITE_SIZE] = "UPDATE once_size SET rows = ?, bytes = ?",
    [FIND] = "SELECT number, state, begun_ms, digest, length(reply), reply"
             " FROM once WHERE key = ?",
    [INSERT] = "INSERT INTO once (key, digest, state, begun_ms)"
               " VALUES (?, ?, 0, ?)",
    [SET_REPLY] = "UPDATE once SET state = 1, reply = ? WHERE number = ?",
    [DELETE] = "DELETE FROM once WHERE number = ? RETURNING length(reply)",
    [DELETE_OLD] = "DELETE FROM once WHERE number IN"
                   " (SELECT number FROM once ORDER BY number LIMIT ?)"
                   " AND begun_ms <= ? RETURNING length(reply)",
    [DELETE_DONE] = "DELETE FROM once WHERE number IN"
                    " (SELECT number FROM once WHERE state = 1"
                    " ORDER BY number LIMIT ?) RETURNING length(reply)",
};

struct claims {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct claims_limits limits;
    int64_t rows, bytes;
    int64_t new_rows;  /* since the last transaction ended */
    bool is_changed;   /* too */
    uint64_t wall_ms;  /* of the last claim */
    const char *fault; /* NULL: SQLite says why */
};

struct row {
    sqlite3_int64 number;
    enum row_state state;
    uint64_t begun_ms;
    bool is_same; /* the digest */
    int64_t reply_bytes;
};

/* ---- life ---------------------------------------------------------------- */

static bool read_size(struct claims *claims)
{
    sqlite3_stmt *query = claims->statements[READ_SIZE];
    bool is_there = sqlite3_step(query) == SQLITE_ROW;
    if (is_there) {
        claims->rows = sqlite3_column_int64(query, 0);
        claims->bytes = sqlite3_column_int64(query, 1);
    }
    sqlite3_reset(query);
    return is_there;
}

struct claims *claims_create(sqlite3 *db, const struct claims_limits *limits)
{
    struct claims *claims = mem_zalloc(1, sizeof(*claims));
    claims->db = db;
    claims->limits = *limits;
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        claims->statements[i] = database_prepare(db, STATEMENTS[i]);
        if (claims->statements[i] != NULL)
            continue;
        claims_destroy(claims);
        return NULL;
    }
    if (read_size(claims))
        return claims;
    claims_destroy(claims);
    return NULL;
}

void claims_destroy(struct claims *claims)
{
    if (claims == NULL)
        return;
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(claims->statements[i]);
    free(claims);
}

const char *claims_fault(const struct claims *claims)
{
    return claims->fault != NULL ? claims->fault : sqlite3_errmsg(claims->db);
}

static bool refuse(struct claims *claims, const char *fault)
{
    claims->fault = fault;
    return false;
}

/* ---- rows ---------------------------------------------------------------- */

static void bind_bytes(sqlite3_stmt *statement, int index, const void *data,
                       size_t size)
{
    /* NULL would be the value NULL, even for no bytes. */
    sqlite3_bind_blob64(statement, index, size == 0 ? "" : data, size,
                        SQLITE_STATIC);
}

static bool run(struct claims *claims, enum statement which)
{
    sqlite3_stmt *statement = claims->statements[which];
    bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return is_done;
}

/* The rows that such a statement deletes, or -1. */
static int64_t run_delete(struct claims *claims, enum statement which)
{
    sqlite3_stmt *statement = claims->statements[which];
    int64_t rows = 0, bytes = 0;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        bytes += sqlite3_column_int64(statement, 0);
        rows++;
    }
    sqlite3_reset(statement);
    if (result != SQLITE_DONE)
        return -1;
    claims->rows -= rows;
    claims->bytes -= bytes;
    claims->is_changed = claims->is_changed || rows > 0;
    return rows;
}

static bool delete_row(struct claims *claims, const struct row *row)
{
    sqlite3_bind_int64(claims->statements[DELETE], 1, row->number);
    return run_delete(claims, DELETE) >= 0;
}

static bool holds(sqlite3_stmt *query, int column, const unsigned char *digest)
{
    return sqlite3_column_bytes(query, column) == CLAIMS_DIGEST_SIZE &&
           memcmp(sqlite3_column_blob(query, column), digest,
                  CLAIMS_DIGEST_SIZE) == 0;
}

static void copy_reply(sqlite3_stmt *query, int column, struct buffer *reply)
{
    const void *data = sqlite3_column_blob(query, column);
    buffer_append(reply, data, (size_t)sqlite3_column_bytes(query, column));
}

static void read_row(sqlite3_stmt *query, const unsigned char *digest,
                     struct row *row, struct buffer *reply)
{
    row->number = sqlite3_column_int64(query, 0);
    row->state =
        sqlite3_column_int(query, 1) == ROW_DONE ? ROW_DONE : ROW_BEGUN;
    row->begun_ms = (uint64_t)sqlite3_column_int64(query, 2);
    row->is_same = digest != NULL && holds(query, 3, digest);
    row->reply_bytes = sqlite3_column_int64(query, 4);
    if (row->is_same && row->state == ROW_DONE)
        copy_reply(query, 5, reply);
}

/* Without a digest, `reply` is not looked at. */
static bool find(struct claims *claims, struct slice key,
                 const unsigned char *digest, bool *is_there, struct row *row,
                 struct buffer *reply)
{
    sqlite3_stmt *query = claims->statements[FIND];
    claims->fault = NULL;
    bind_bytes(query, 1, key.data, key.size);
    int result = sqlite3_step(query);
    *is_there = result == SQLITE_ROW;
    if (*is_there)
        read_row(query, digest, row, reply);
    sqlite3_reset(query);
    return *is_there || result == SQLITE_DONE;
}

/* A clock that is set back makes no row old. */
static bool is_old(const struct row *row, uint64_t wall_ms)
{
    return wall_ms >= row->begun_ms &&
           wall_ms - row->begun_ms >= CLAIMS_KEEP_MS;
}

static bool insert(struct claims *claims, struct slice key,
                   const unsigned char *digest, uint64_t wall_ms)
{
    sqlite3_stmt *statement = claims->statements[INSERT];
    bind_bytes(statement, 1, key.data, key.size);
    bind_bytes(statement, 2, digest, CLAIMS_DIGEST_SIZE);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)wall_ms);
    if (!run(claims, INSERT))
        return false;
    claims->rows++;
    claims->new_rows++;
    claims->is_changed = true;
    return true;
}

/* ---- from outside -------------------------------------------------------- */

bool claims_begin(struct claims *claims, struct slice key,
                  const unsigned char *digest, uint64_t wall_ms,
                  enum claims_state *state, struct buffer *reply)
{
    struct row row;
    bool is_there;
    claims->wall_ms = wall_ms;
    *state = CLAIMS_NEW;
    if (!find(claims, key, digest, &is_there, &row, reply))
        return false;
    if (is_there && !is_old(&row, wall_ms)) {
        *state = !row.is_same            ? CLAIMS_OTHER
                 : row.state == ROW_DONE ? CLAIMS_DONE
                                         : CLAIMS_BEGUN;
        return true;
    }
    buffer_clear(reply, 0);
    if (is_there && !delete_row(claims, &row))
        return false;
    /* After the last transaction no room could be made. */
    if (claims->rows - claims->new_rows > claims->limits.rows_max)
        return refuse(claims, "too many request ids wait for their reply");
    return insert(claims, key, digest, wall_ms);
}

bool claims_end(struct claims *claims, struct slice key, struct slice reply)
{
    sqlite3_stmt *statement = claims->statements[SET_REPLY];
    struct row row;
    bool is_there;
    if (!find(claims, key, NULL, &is_there, &row, NULL))
        return false;
    if (!is_there)
        return refuse(claims, "that its call was begun is not kept");
    bind_bytes(statement, 1, reply.data, reply.size);
    sqlite3_bind_int64(statement, 2, row.number);
    if (!run(claims, SET_REPLY))
        return false;
    claims->bytes += (int64_t)reply.size - row.reply_bytes;
    claims->is_changed = true;
    return true;
}

bool claims_forget(struct claims *claims, struct slice key)
{
    struct row row;
    bool is_there;
    if (!find(claims, key, NULL, &is_there, &row, NULL))
        return false;
    return !is_there || row.state == ROW_DONE || delete_row(claims, &row);
}

static bool delete_old(struct claims *claims)
{
    sqlite3_stmt *statement = claims->statements[DELETE_OLD];
    if (claims->wall_ms < CLAIMS_KEEP_MS)
        return true;
    sqlite3_bind_int64(statement, 1, OLD_ROWS + claims->new_rows);
    sqlite3_bind_int64(statement, 2,
                       (sqlite3_int64)(claims->wall_ms - CLAIMS_KEEP_MS));
    return run_delete(claims, DELETE_OLD) >= 0;
}

static bool is_too_much(const struct claims *claims)
{
    return claims->rows > claims->limits.rows_max ||
           claims->bytes > claims->limits.bytes_max;
}

static bool make_room(struct claims *claims)
{
    int64_t gone = 1;
    while (is_too_much(claims) && gone > 0) {
        int64_t more = claims->rows - claims->limits.rows_max;
        sqlite3_bind_int64(claims->statements[DELETE_DONE], 1,
                           more > 0 && more < SLICE_ROWS ? more : SLICE_ROWS);
        gone = run_delete(claims, DELETE_DONE);
    }
    return gone >= 0;
}

static bool write_size(struct claims *claims)
{
    sqlite3_stmt *statement = claims->statements[WRITE_SIZE];
    sqlite3_bind_int64(statement, 1, claims->rows);
    sqlite3_bind_int64(statement, 2, claims->bytes);
    return run(claims, WRITE_SIZE);
}

bool claims_settle(struct claims *claims)
{
    claims->fault = NULL;
    if (!claims->is_changed)
        return true;
    bool is_done = (claims->new_rows == 0 || delete_old(claims)) &&
                   make_room(claims) && write_size(claims);
    claims->new_rows = 0;
    claims->is_changed = false;
    return is_done;
}

void claims_revert(struct claims *claims)
{
    claims->new_rows = 0;
    claims->is_changed = false;
    (void)read_size(claims);
}
