/* SPDX-License-Identifier: MIT */
#include "database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/mem.h"

/* A bridge that is just ending lets go soon; another one never does. */
enum { BUSY_MS = 200, STATEMENT_SIZE = 64 };

bool database_run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

sqlite3_stmt *database_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    (void)sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                             NULL);
    return statement;
}

bool database_is_damaged(int error)
{
    int primary = error & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

const char *database_hint(int error)
{
    switch (error & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "; another onebus has it open: give each its own "
               "bridge.stateDir";
    case SQLITE_FULL:
        return "; make room on the disk";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
        return "; the bridge's user must be able to write it and its folder";
    default:
        return "";
    }
}

/* Each folder of the path, as mkdir -p; 0700: it holds who talks to whom. */
bool database_make_folder(const char *folder,
                          char fault[static DATABASE_FAULT_SIZE])
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
    if (!is_there)
        snprintf(fault, DATABASE_FAULT_SIZE,
                 "cannot make the folder %.200s: %s; the bridge's user must be "
                 "able to",
                 folder, strerror(errno));
    return is_there;
}

static int schema_version(sqlite3 *db)
{
    int version = -1;
    sqlite3_stmt *query = database_prepare(db, "PRAGMA user_version");
    if (sqlite3_step(query) == SQLITE_ROW)
        version = sqlite3_column_int(query, 0);
    sqlite3_finalize(query);
    return version;
}

static bool migrate(sqlite3 *db, const struct database_schema *schema,
                    int version)
{
    char set_version[STATEMENT_SIZE];
    snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %d",
             schema->version);
    if (version == schema->version)
        return true;
    if (!database_run(db, "BEGIN IMMEDIATE"))
        return false;
    for (int i = version; i < schema->version; i++)
        if (!database_run(db, schema->migrations[i]))
            return false;
    return database_run(db, set_version) && database_run(db, "COMMIT");
}

static bool prepare(sqlite3 *db, const struct database_options *options,
                    char reason[static DATABASE_FAULT_SIZE])
{
    sqlite3_busy_timeout(db, BUSY_MS);
    if (options->pragmas != NULL && !database_run(db, options->pragmas))
        return false;
    if (!database_run(db, "PRAGMA journal_mode = WAL"))
        return false;
    int version = schema_version(db);
    if (version <= options->schema.version)
        return version >= 0 && migrate(db, &options->schema, version);
    snprintf(reason, DATABASE_FAULT_SIZE,
             "it is of a newer onebus (schema %d, this one knows %d)", version,
             options->schema.version);
    return false;
}

static void path_of(const char *folder, const char *name, struct buffer *path)
{
    buffer_append_string(path, folder);
    buffer_append_string(path, "/");
    buffer_append(path, name, strlen(name) + 1);
}

static sqlite3 *open_path(const char *path, int flags)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK)
        sqlite3_extended_result_codes(db, 1);
    return db;
}

static void describe(sqlite3 *db, const struct database_options *options,
                     const char *path, const char *reason,
                     char fault[static DATABASE_FAULT_SIZE])
{
    int error = sqlite3_errcode(db);
    snprintf(fault, DATABASE_FAULT_SIZE, "%.200s: %.120s%s", path,
             reason[0] != '\0' ? reason : sqlite3_errmsg(db),
             database_is_damaged(error) ? options->damaged
                                        : database_hint(error));
}

sqlite3 *database_open(const struct database_options *options,
                       char fault[static DATABASE_FAULT_SIZE], int *error)
{
    struct buffer path = {0};
    char reason[DATABASE_FAULT_SIZE] = "";
    int unused;
    error = error == NULL ? &unused : error;
    *error = SQLITE_CANTOPEN;
    if (!database_make_folder(options->folder, fault))
        return NULL;
    path_of(options->folder, options->name, &path);
    mode_t before = umask(077);
    sqlite3 *db =
        open_path(path.data, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    bool is_open = prepare(db, options, reason);
    umask(before);
    (void)chmod(path.data, 0600); /* it may have been made by somebody else */
    *error = is_open ? SQLITE_OK : sqlite3_errcode(db) & 0xff;
    if (!is_open) {
        describe(db, options, path.data, reason, fault);
        sqlite3_close(db);
    }
    buffer_finish(&path);
    return is_open ? db : NULL;
}

static sqlite3 *open_again(const char *folder, const char *name, int flags)
{
    struct buffer path = {0};
    path_of(folder, name, &path);
    sqlite3 *db = open_path(path.data, flags);
    buffer_finish(&path);
    if (sqlite3_errcode(db) == SQLITE_OK) {
        sqlite3_busy_timeout(db, BUSY_MS);
        return db;
    }
    sqlite3_close(db);
    return NULL;
}

sqlite3 *database_open_reader(const char *folder, const char *name)
{
    return open_again(folder, name, SQLITE_OPEN_READONLY);
}

sqlite3 *database_open_mover(const char *folder, const char *name)
{
    sqlite3 *db = open_again(folder, name, SQLITE_OPEN_READWRITE);
    /* One that has never read knows of no log, and would move nothing. */
    if (db == NULL || schema_version(db) >= 0)
        return db;
    sqlite3_close(db);
    return NULL;
}
