/* SPDX-License-Identifier: MIT */
/* An SQLite file in the state folder: made if need be, readable for its owner
 * alone, in WAL mode, brought to this version's schema.
 *
 * The schema's version is the file's `user_version`; each migration makes the
 * next one out of the one before. A connection belongs to one thread. */
#ifndef ONEBUS_DATABASE_H
#define ONEBUS_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>

enum { DATABASE_FAULT_SIZE = 512 };

struct database_schema {
    const char *const *migrations;
    int version; /* how many of them there are */
};

struct database_options {
    const char *folder; /* made if it is not there */
    const char *name;
    struct database_schema schema;
    const char *pragmas; /* run before anything else; may be NULL */
    const char *damaged; /* what to do about a damaged file, for `fault` */
};

/* Make the folder, and those above it, for our eyes only, if need be. */
bool database_make_folder(const char *folder,
                          char fault[static DATABASE_FAULT_SIZE]);

/* NULL: `fault` says why, and what to do; `error`, if not NULL, is SQLite's
 * primary result code. */
sqlite3 *database_open(const struct database_options *options,
                       char fault[static DATABASE_FAULT_SIZE], int *error);

/* The same file once more, only to read; it must be there. NULL: it cannot be
 * read now. */
sqlite3 *database_open_reader(const char *folder, const char *name);

/* As that, to checkpoint it alone. */
sqlite3 *database_open_mover(const char *folder, const char *name);

bool database_run(sqlite3 *db, const char *sql);

/* A statement for the life of the connection; NULL if it cannot be made. */
sqlite3_stmt *database_prepare(sqlite3 *db, const char *sql);

/* Whether SQLite's result code says that the file itself is broken. */
bool database_is_damaged(int error);

/* What an operator can do about a result code; "" if there is no more to say
 * than what it is. */
const char *database_hint(int error);

#endif
