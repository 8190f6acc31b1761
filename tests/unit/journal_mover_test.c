/* SPDX-License-Identifier: MIT */
#include "edge/journal_mover.h"

#include "check.h"
#include "edge/database.h"
#include "edge/journal_file.h"
#include "folder.h"

/* A file in WAL mode that somebody writes. */
static sqlite3 *open_writer(const char *folder)
{
    static const char *const migrations[] = {"CREATE TABLE t (x)"};
    const struct database_options options = {
        .folder = folder,
        .name = JOURNAL_FILE_NAME,
        .schema = {migrations, 1},
        .pragmas = "PRAGMA wal_autocheckpoint = 0",
        .damaged = "",
    };
    char fault[DATABASE_FAULT_SIZE] = "";
    sqlite3 *db = database_open(&options, fault, NULL);
    CHECK_STR(fault, "");
    return db;
}

static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    *(int *)ctx = pages;
    return SQLITE_OK;
}

/* Returns how many pages the log has then. */
static size_t write_some(sqlite3 *db)
{
    int pages = 0;
    sqlite3_wal_hook(db, on_commit, &pages);
    CHECK(database_run(db, "INSERT INTO t VALUES (zeroblob(50000))"));
    return (size_t)pages;
}

TEST(a_mover_moves_what_another_connection_has_written)
{
    char folder[FOLDER_SIZE];
    size_t moved;
    folder_make(folder);
    sqlite3 *db = open_writer(folder);
    struct journal_mover *mover = journal_mover_open(folder);
    CHECK(mover != NULL);
    CHECK(!journal_mover_has_moved(mover, &moved));
    size_t pages = write_some(db);
    journal_mover_start(mover);
    journal_mover_wait(mover);
    CHECK(journal_mover_has_moved(mover, &moved));
    CHECK_EQ(moved, pages);
    CHECK(!journal_mover_has_moved(mover, &moved));
    /* All is in its place, so the log starts anew. */
    CHECK(write_some(db) <= pages);
    journal_mover_close(mover);
    sqlite3_close(db);
    folder_remove(folder);
}

TEST(a_mover_ends_while_it_moves)
{
    char folder[FOLDER_SIZE];
    folder_make(folder);
    sqlite3 *db = open_writer(folder);
    struct journal_mover *mover = journal_mover_open(folder);
    write_some(db);
    journal_mover_start(mover);
    journal_mover_start(mover);
    journal_mover_close(mover);
    sqlite3_close(db);
    folder_remove(folder);
}

TEST(where_there_is_no_file_there_is_no_mover)
{
    char folder[FOLDER_SIZE];
    folder_make(folder);
    CHECK(journal_mover_open(folder) == NULL);
    folder_remove(folder);
}

SUITE(journal_mover, a_mover_moves_what_another_connection_has_written,
      a_mover_ends_while_it_moves, where_there_is_no_file_there_is_no_mover)
