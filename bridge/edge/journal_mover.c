/* SPDX-License-Identifier: MIT */
#include "journal_mover.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/worker.h"
#include "edge/database.h"
#include "edge/journal_file.h"

struct journal_mover {
    sqlite3 *db;
    struct worker worker;
    struct mailbox_item work; /* there is one kind of it */
    pthread_mutex_t mutex;    /* of what follows */
    pthread_cond_t rests;
    bool is_moving, has_moved;
    size_t pages;
};

/* SQLite syncs the file once all has been moved, which a writer must do that
 * pauses meanwhile: what there is to sync then is to be little. */
static void sync_file(sqlite3 *db)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(db, NULL, SQLITE_FCNTL_FILE_POINTER, &file) ==
        SQLITE_OK)
        (void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

/* Where the disk fails, nothing has been moved: the writer comes upon it. */
static size_t move(sqlite3 *db)
{
    int in_log, in_place;
    if (sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log,
                                  &in_place) != SQLITE_OK ||
        in_place < 0)
        return 0;
    sync_file(db);
    return (size_t)in_place;
}

static void work(void *ctx, struct mailbox_item *items)
{
    struct journal_mover *mover = ctx;
    (void)items;
    size_t pages = move(mover->db);
    pthread_mutex_lock(&mover->mutex);
    mover->pages = pages;
    mover->is_moving = false;
    mover->has_moved = true;
    pthread_cond_signal(&mover->rests);
    pthread_mutex_unlock(&mover->mutex);
}

struct journal_mover *journal_mover_open(const char *folder)
{
    struct journal_mover *mover = mem_zalloc(1, sizeof(*mover));
    pthread_mutex_init(&mover->mutex, NULL);
    pthread_cond_init(&mover->rests, NULL);
    mover->db = database_open_mover(folder, JOURNAL_FILE_NAME);
    if (worker_start(&mover->worker, "journal:mover", work, mover) &&
        mover->db != NULL)
        return mover;
    journal_mover_close(mover);
    return NULL;
}

void journal_mover_close(struct journal_mover *mover)
{
    if (mover == NULL)
        return;
    worker_stop(&mover->worker);
    sqlite3_close(mover->db);
    pthread_cond_destroy(&mover->rests);
    pthread_mutex_destroy(&mover->mutex);
    free(mover);
}

void journal_mover_start(struct journal_mover *mover)
{
    pthread_mutex_lock(&mover->mutex);
    bool was_moving = mover->is_moving;
    mover->is_moving = true;
    pthread_mutex_unlock(&mover->mutex);
    if (!was_moving)
        worker_put(&mover->worker, &mover->work);
}

void journal_mover_wait(struct journal_mover *mover)
{
    pthread_mutex_lock(&mover->mutex);
    while (mover->is_moving)
        pthread_cond_wait(&mover->rests, &mover->mutex);
    pthread_mutex_unlock(&mover->mutex);
}

bool journal_mover_has_moved(struct journal_mover *mover, size_t *pages)
{
    pthread_mutex_lock(&mover->mutex);
    bool has_moved = mover->has_moved;
    mover->has_moved = false;
    *pages = mover->pages;
    pthread_mutex_unlock(&mover->mutex);
    return has_moved;
}
