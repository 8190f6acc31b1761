/* SPDX-License-Identifier: MIT */
/* The request ids that have been used, with the replies to their calls: two
 * tables of `onebus.db`.
 *
 *     once (number, key, digest, state, begun_ms, reply)
 *     once_size (rows, bytes)     of `once`, so that nobody has to count
 *
 * A row is begun by a claim and done by its reply. CLAIMS_KEEP_MS after it was
 * begun it is as if it were not there, and goes when others come, a few at a
 * time. Where there is no room the oldest that are done go before that; those
 * that are begun do not, for their calls may be under way.
 *
 * The store's thread, within its transactions. Where a function gives false,
 * claims_fault() says why. */
#ifndef ONEBUS_CLAIMS_H
#define ONEBUS_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

enum { CLAIMS_KEEP_MS = 24 * 60 * 60 * 1000, CLAIMS_DIGEST_SIZE = 16 };

/* For the store's migrations. */
#define CLAIMS_SCHEMA                                                          \
    "CREATE TABLE once ("                                                      \
    " number INTEGER PRIMARY KEY,"                                             \
    " key BLOB NOT NULL UNIQUE,"                                               \
    " digest BLOB NOT NULL,"                                                   \
    " state INTEGER NOT NULL,"                                                 \
    " begun_ms INTEGER NOT NULL,"                                              \
    " reply BLOB);"                                                            \
    "CREATE TABLE once_size (rows INTEGER NOT NULL, bytes INTEGER NOT NULL);"  \
    "INSERT INTO once_size VALUES (0, 0)"

struct claims_limits {
    int64_t rows_max;
    int64_t bytes_max; /* of replies */
};

/* What was found where an id was claimed. */
enum claims_state {
    CLAIMS_NEW,   /* nothing; it is begun from now on */
    CLAIMS_BEGUN, /* it is, and has no reply */
    CLAIMS_DONE,  /* it has one */
    CLAIMS_OTHER, /* it is, with another digest */
};

struct claims;
struct sqlite3;

/* NULL: SQLite says why. */
struct claims *claims_create(struct sqlite3 *db,
                             const struct claims_limits *limits);

/* Before the database is closed. NULL is fine. */
void claims_destroy(struct claims *claims);

/* Use the id, if nobody has. `digest` is of CLAIMS_DIGEST_SIZE bytes; `reply`,
 * which is empty, is filled if there is one. */
bool claims_begin(struct claims *claims, struct slice key,
                  const unsigned char *digest, uint64_t wall_ms,
                  enum claims_state *state, struct buffer *reply);

/* Keep the reply to a call whose id is begun, or a better one than before. */
bool claims_end(struct claims *claims, struct slice key, struct slice reply);

/* The id may be used again, if it has no reply. */
bool claims_forget(struct claims *claims, struct slice key);

/* The last thing in a transaction: what is too much goes. */
bool claims_settle(struct claims *claims);

/* The transaction came to nothing. */
void claims_revert(struct claims *claims);

const char *claims_fault(const struct claims *claims);

#endif
