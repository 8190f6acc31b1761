/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/database.h"
#include "edge/journal_file.h"
#include "edge/journal_mark.h"
#include "edge/journal_tail.h"

enum {
    RETRY_MS = 1000,
    HOUSEKEEPING_MS = 30 * 1000,
    /* Where there is more to drop than a slice. */
    HOUSEKEEPING_SOON_MS = 20,
    /* Whether the file is still there; what is written meanwhile is not. */
    LOOK_MS = 1000,
    /* How far ahead of what is given the mark is set. */
    MARK_AHEAD = 4096,
    TIDY_EVENTS = 512,
    KEPT_ROOM = 1 << 20,
};

static_assert((int)JOURNAL_REASON_SIZE == (int)JOURNAL_FAULT_SIZE &&
                  (int)JOURNAL_REASON_SIZE == (int)DATABASE_FAULT_SIZE,
              "one is handed on as the other");

/* An event in the queue; its message follows. */
struct record {
    uint64_t seq, time_ms;
    size_t size;
};

/* Events one behind the other. */
struct batch {
    struct buffer bytes;
    size_t count;
};

struct journal {
    struct journal_options options;
    char *folder;
    char epoch[JOURNAL_EPOCH_SIZE];
    uint64_t first_seq;
    pthread_t thread;
    bool runs;

    pthread_mutex_t mutex; /* of the queue: */
    pthread_cond_t has_work;
    struct batch queue;
    bool is_waiting, is_closing;

    _Atomic bool is_full;
    _Atomic uint64_t kept_seq;    /* all up to here may be published */
    _Atomic uint64_t awaited_seq; /* 0: nobody waits */
    _Atomic enum journal_mode mode;
    _Atomic uint64_t lost;

    pthread_mutex_t fault_mutex;
    char fault[JOURNAL_REASON_SIZE];

    /* The thread's own; others read the tail. */
    struct journal_tail *tail;
    struct batch batch;
    struct journal_file *file; /* NULL: it is not open */
    struct journal_mark *mark;
    uint64_t marked_seq;
    uint64_t missing; /* what the transaction gives up */
    bool is_known;    /* the epoch is on disk: a restart goes on with it */
    bool is_foreign;  /* the file is another epoch's: leave it alone */
    uint64_t retry_ms, housekeeping_ms, look_ms;
    struct complaints complaints;
};

/* ---- batches ------------------------------------------------------------ */

static void batch_add(struct batch *batch, const struct ring_event *event)
{
    const struct record record = {event->seq, event->time_ms,
                                  event->message.size};
    buffer_reserve(&batch->bytes, sizeof(record) + record.size);
    buffer_append(&batch->bytes, &record, sizeof(record));
    buffer_append(&batch->bytes, event->message.data, record.size);
    batch->count++;
}

/* The event that begins at `at`; returns where the next one does. */
static size_t batch_read(const struct batch *batch, size_t at,
                         struct ring_event *event)
{
    struct record record;
    memcpy(&record, batch->bytes.data + at, sizeof(record));
    *event = (struct ring_event){
        .seq = record.seq,
        .time_ms = record.time_ms,
        .message = {batch->bytes.data + at + sizeof(record), record.size},
    };
    return at + sizeof(record) + record.size;
}

static void batch_clear(struct batch *batch)
{
    buffer_clear(&batch->bytes, KEPT_ROOM);
    batch->count = 0;
}

/* ---- what others see ---------------------------------------------------- */

static void note_file(struct journal *journal)
{
    const struct journal_extent file = {
        .oldest = journal_file_oldest(journal->file),
        .newest = journal_file_newest(journal->file),
        .bytes = journal_file_bytes(journal->file),
    };
    journal_tail_note_file(journal->tail, &file);
}

static void note_fault(struct journal *journal, const char *fault)
{
    pthread_mutex_lock(&journal->fault_mutex);
    snprintf(journal->fault, sizeof(journal->fault), "%s", fault);
    pthread_mutex_unlock(&journal->fault_mutex);
}

static void set_mode(struct journal *journal, enum journal_mode mode)
{
    journal->mode = mode;
    journal->options.wake(journal->options.ctx);
}

/* ---- when it fails ------------------------------------------------------ */

static void fail(struct journal *journal, const char *fault)
{
    note_fault(journal, fault);
    if (journal->options.stops_on_error) {
        log_error("journal: cannot write, so the bridge stops: %s", fault);
        set_mode(journal, JOURNAL_STOPPED);
        return;
    }
    log_error("journal: cannot write: %s; events go on without being kept, "
              "but for the last ones, and it is tried again",
              fault);
    journal->retry_ms = clock_now().mono_ms + RETRY_MS;
    set_mode(journal, JOURNAL_FAILS);
}

/* So that no number is given twice, whatever becomes of the process. An epoch
 * that no file has ends with it, and must not wipe out another one's mark. */
static void mark(struct journal *journal, uint64_t seq)
{
    static const char reason[] = "the mark cannot be written either; if the "
                                 "bridge is killed now, numbers may come twice";
    if (!journal->is_known || seq <= journal->marked_seq)
        return;
    journal->marked_seq = seq + MARK_AHEAD;
    if (!journal_mark_write(journal->mark, journal->epoch,
                            journal->marked_seq) &&
        complaint_count(&journal->complaints, reason, clock_now().mono_ms) > 0)
        log_error("journal: %s", reason);
}

static void unmark(struct journal *journal)
{
    if (journal->marked_seq == 0)
        return;
    journal->marked_seq = 0;
    (void)journal_mark_write(journal->mark, journal->epoch, 0);
}

/* ---- opening ------------------------------------------------------------ */

static struct journal_file *open_file(const struct journal *journal,
                                      char fault[static JOURNAL_REASON_SIZE],
                                      bool *is_damaged)
{
    const struct journal_file_options options = {
        .folder = journal->folder,
        .syncs_fully = journal->options.syncs_fully,
        .bytes_max = journal->options.bytes_max,
    };
    return journal_file_open(&options, fault, is_damaged);
}

/* A damaged file is kept for whoever wants to look at it. */
static bool set_aside(const struct journal *journal,
                      char fault[static JOURNAL_REASON_SIZE])
{
    char name[JOURNAL_FAULT_SIZE];
    if (!journal_file_set_aside(journal->folder, clock_now().wall_ms, name))
        return false;
    log_error("journal: the file is damaged: %s; it is kept as %s, and a new "
              "one begun",
              fault, name);
    return true;
}

static bool open_mark(struct journal *journal,
                      char fault[static JOURNAL_REASON_SIZE])
{
    if (journal->mark == NULL && database_make_folder(journal->folder, fault))
        journal->mark =
            journal_mark_open(journal->folder, fault, JOURNAL_REASON_SIZE);
    return journal->mark != NULL;
}

/* False: `fault` says why there is no file that can be written. */
static bool open_all(struct journal *journal,
                     char fault[static JOURNAL_REASON_SIZE])
{
    bool is_damaged = false;
    if (!open_mark(journal, fault))
        return false;
    journal->file = open_file(journal, fault, &is_damaged);
    if (journal->file == NULL && is_damaged &&
        !journal->options.stops_on_error && set_aside(journal, fault))
        journal->file = open_file(journal, fault, &is_damaged);
    else if (journal->file == NULL && is_damaged)
        strncat(fault, "; move it away to begin anew",
                JOURNAL_REASON_SIZE - strlen(fault) - 1);
    return journal->file != NULL;
}

static void close_file(struct journal *journal)
{
    journal_file_close(journal->file);
    journal->file = NULL;
}

/* A new file gets the epoch; what has been given of it is marked first. */
static bool name_file(struct journal *journal,
                      char fault[static JOURNAL_REASON_SIZE])
{
    if (journal_file_epoch(journal->file)[0] != '\0')
        return true;
    journal->is_known = true;
    mark(journal, journal->kept_seq);
    if (journal_file_set_epoch(journal->file, journal->epoch))
        return true;
    memcpy(fault, journal_file_fault(journal->file), JOURNAL_REASON_SIZE);
    return false;
}

/* The file is this run's, or becomes so. False: it is not. */
static bool adopt(struct journal *journal,
                  char fault[static JOURNAL_REASON_SIZE])
{
    const char *epoch = journal_file_epoch(journal->file);
    if (!name_file(journal, fault))
        return false;
    if (strcmp(journal_file_epoch(journal->file), journal->epoch) != 0) {
        snprintf(fault, JOURNAL_REASON_SIZE,
                 "the journal there is another one (epoch %s); restart the "
                 "bridge to go on with it",
                 epoch);
        journal->is_foreign = true;
        return false;
    }
    journal->is_known = true;
    note_file(journal);
    journal_tail_note_opened(journal->tail);
    return true;
}

/* ---- writing ------------------------------------------------------------ */

/* Begin a transaction whose first event is this one. What lies between it and
 * the file's newest the file never got. */
static bool begin_at(struct journal *journal, uint64_t seq)
{
    uint64_t newest = journal_file_newest(journal->file);
    journal->missing = seq - 1 - newest;
    return journal_file_begin(journal->file) &&
           (journal->missing == 0 ||
            journal_file_lose(journal->file, newest + 1, seq - 1));
}

static bool commit(struct journal *journal)
{
    if (!journal_file_commit(journal->file))
        return false;
    journal->lost += journal->missing;
    return true;
}

static bool write_range(struct journal *journal, size_t from, size_t to)
{
    struct ring_event event;
    batch_read(&journal->batch, from, &event);
    if (!begin_at(journal, event.seq))
        return false;
    while (from < to) {
        from = batch_read(&journal->batch, from, &event);
        if (!journal_file_add(journal->file, &event))
            return false;
    }
    return commit(journal);
}

/* Events of the tail, a transaction of them. */
static bool write_tail(struct journal *journal)
{
    size_t bytes = 0, bytes_max = journal_file_slice_bytes(journal->file);
    const struct ring *ring = journal_tail_ring(journal->tail);
    struct ring_event event;
    uint64_t seq = ring_oldest(ring);
    if (!begin_at(journal, seq))
        return false;
    for (; bytes < bytes_max && ring_find(ring, seq, &event); seq++) {
        if (!journal_file_add(journal->file, &event))
            return false;
        bytes += event.message.size;
    }
    return commit(journal);
}

static void keep_in_memory(struct journal *journal, size_t from, size_t to)
{
    struct ring_event event;
    while (from < to) {
        from = batch_read(&journal->batch, from, &event);
        journal_tail_add(journal->tail, &event);
        if (journal->mode == JOURNAL_FAILS)
            mark(journal, event.seq);
    }
}

static void keep(struct journal *journal, size_t from, size_t to)
{
    if (journal->mode == JOURNAL_WRITES) {
        if (write_range(journal, from, to)) {
            unmark(journal);
            note_file(journal);
            return;
        }
        journal_file_undo(journal->file);
        fail(journal, journal_file_fault(journal->file));
    }
    if (journal->mode != JOURNAL_STOPPED)
        keep_in_memory(journal, from, to);
}

/* ---- when it can be written again ---------------------------------------- */

/* A file that is broken, or no longer there, is no file. */
static void drop_bad_file(struct journal *journal)
{
    char fault[JOURNAL_REASON_SIZE];
    if (journal->file == NULL)
        return;
    bool is_damaged = journal_file_is_damaged(journal->file);
    if (!is_damaged && journal_file_is_there(journal->file))
        return;
    memcpy(fault, journal_file_fault(journal->file), sizeof(fault));
    close_file(journal);
    if (is_damaged)
        (void)set_aside(journal, fault);
}

static bool reopen(struct journal *journal)
{
    char fault[JOURNAL_REASON_SIZE];
    drop_bad_file(journal);
    if (journal->file != NULL)
        return true;
    if (open_all(journal, fault) && adopt(journal, fault))
        return true;
    close_file(journal);
    if (journal->is_foreign)
        log_error("journal: %s", fault);
    note_fault(journal, fault);
    return false;
}

static void say_recovered(struct journal *journal, uint64_t lost_before)
{
    uint64_t lost = journal->lost - lost_before;
    note_fault(journal, "");
    if (lost > 0)
        log_warn("journal: writes again; it never got %" PRIu64
                 " events, and says so to whoever asks for them",
                 lost);
    else
        log_info("journal: writes again, and has missed nothing");
}

/* A new file knows nothing of what was given before it. */
static bool write_given(struct journal *journal)
{
    uint64_t given = journal->kept_seq;
    return journal_file_newest(journal->file) >= given ||
           (begin_at(journal, given + 1) && commit(journal));
}

/* The bound is kept meanwhile: what was missed may be more than it. */
static bool catch_up(struct journal *journal)
{
    while (ring_oldest(journal_tail_ring(journal->tail)) > 0) {
        if (!write_tail(journal) ||
            !journal_file_tidy(journal->file, 0, SIZE_MAX) ||
            !journal_file_checkpoint(journal->file))
            return false;
        note_file(journal);
    }
    return write_given(journal);
}

static void recover(struct journal *journal)
{
    uint64_t lost_before = journal->lost;
    journal->retry_ms = clock_now().mono_ms + RETRY_MS;
    if (journal->is_foreign || !reopen(journal))
        return;
    if (!catch_up(journal)) {
        journal_file_undo(journal->file);
        note_fault(journal, journal_file_fault(journal->file));
        return;
    }
    unmark(journal);
    say_recovered(journal, lost_before);
    set_mode(journal, JOURNAL_WRITES);
}

/* ---- the thread --------------------------------------------------------- */

static void announce(struct journal *journal, uint64_t seq)
{
    journal->kept_seq = seq;
    uint64_t awaited = journal->awaited_seq;
    if (awaited == 0 || awaited > seq)
        return;
    (void)atomic_compare_exchange_strong(&journal->awaited_seq, &awaited, 0);
    journal->options.wake(journal->options.ctx);
}

static void publish(struct journal *journal, size_t from, size_t to)
{
    struct ring_event event;
    while (from < to) {
        from = batch_read(&journal->batch, from, &event);
        journal->options.publish(journal->options.ctx, event.message);
    }
}

/* Where a slice that begins at `from` ends: what is one transaction. */
static size_t slice_end(const struct journal *journal, size_t from,
                        uint64_t *last_seq)
{
    const struct batch *batch = &journal->batch;
    size_t bytes_max = journal->file == NULL
                           ? SIZE_MAX
                           : journal_file_slice_bytes(journal->file);
    struct ring_event event;
    size_t at = from;
    do {
        at = batch_read(batch, at, &event);
        *last_seq = event.seq;
    } while (at < batch->bytes.size && at - from < bytes_max);
    return at;
}

static void complain(struct journal *journal, const char *what)
{
    uint64_t count =
        complaint_count(&journal->complaints, what, clock_now().mono_ms);
    if (count > 0)
        log_warn("journal: %s: %s count=%" PRIu64, what,
                 journal_file_fault(journal->file), count);
}

static void tidy_file(struct journal *journal, uint64_t expired_ms)
{
    size_t events_max = 2 * journal->batch.count + TIDY_EVENTS;
    uint64_t oldest = journal_file_oldest(journal->file);
    if (!journal_file_tidy(journal->file, expired_ms, events_max))
        complain(journal, "cannot drop its oldest events");
    else if (journal_file_oldest(journal->file) - oldest >= events_max)
        journal->housekeeping_ms = clock_now().mono_ms + HOUSEKEEPING_SOON_MS;
    if (!journal_file_checkpoint(journal->file))
        complain(journal, "cannot move events to their place");
    note_file(journal);
}

static void look_for_file(struct journal *journal, uint64_t now_ms)
{
    if (journal->mode != JOURNAL_WRITES || now_ms < journal->look_ms)
        return;
    journal->look_ms = now_ms + LOOK_MS;
    if (!journal_file_is_there(journal->file))
        fail(journal, "the file has been removed");
}

/* Age is looked at now and then, size each time. */
static void tidy(struct journal *journal)
{
    struct instant now = clock_now();
    uint64_t expired_ms = 0;
    if (now.mono_ms >= journal->housekeeping_ms) {
        journal->housekeeping_ms = now.mono_ms + HOUSEKEEPING_MS;
        if (now.wall_ms > journal->options.age_max_ms)
            expired_ms = now.wall_ms - journal->options.age_max_ms;
    }
    look_for_file(journal, now.mono_ms);
    if (journal->mode == JOURNAL_WRITES)
        tidy_file(journal, expired_ms);
    else if (expired_ms > 0)
        journal_tail_drop_expired(journal->tail, expired_ms);
}

static void write_batch(struct journal *journal)
{
    uint64_t last_seq;
    size_t to;
    for (size_t from = 0; from < journal->batch.bytes.size; from = to) {
        to = slice_end(journal, from, &last_seq);
        keep(journal, from, to);
        if (journal->mode == JOURNAL_STOPPED)
            return;
        announce(journal, last_seq);
        publish(journal, from, to);
        tidy(journal);
    }
}

static uint64_t next_ms(const struct journal *journal)
{
    return journal->mode == JOURNAL_FAILS && !journal->is_foreign
               ? journal->retry_ms
               : journal->housekeeping_ms;
}

/* With the mutex held: until there are events, or it is time. */
static void wait_for_events(struct journal *journal)
{
    uint64_t until_ms = next_ms(journal);
    const struct timespec until = {
        .tv_sec = (time_t)(until_ms / 1000),
        .tv_nsec = (long)(until_ms % 1000) * 1000 * 1000,
    };
    int result = 0;
    journal->is_waiting = true;
    while (journal->queue.count == 0 && !journal->is_closing && result == 0)
        result =
            pthread_cond_timedwait(&journal->has_work, &journal->mutex, &until);
    journal->is_waiting = false;
}

/* What has gathered becomes the batch. False: it is the end. */
static bool take_batch(struct journal *journal)
{
    batch_clear(&journal->batch);
    pthread_mutex_lock(&journal->mutex);
    if (journal->queue.count == 0)
        wait_for_events(journal);
    struct batch empty = journal->batch;
    journal->batch = journal->queue;
    journal->queue = empty;
    bool goes_on = journal->batch.count > 0 || !journal->is_closing;
    pthread_mutex_unlock(&journal->mutex);
    if (atomic_exchange(&journal->is_full, false))
        journal->options.wake(journal->options.ctx);
    return goes_on;
}

/* As the bus's threads (SCHED_BATCH): where the core is busy, events gather
 * and are one transaction. */
static void *run(void *ctx)
{
    struct journal *journal = ctx;
    const struct sched_param param = {0};
    (void)sched_setscheduler(0, SCHED_BATCH, &param);
    while (take_batch(journal)) {
        write_batch(journal);
        if (journal->mode == JOURNAL_FAILS &&
            clock_now().mono_ms >= journal->retry_ms)
            recover(journal);
        if (journal->batch.count == 0)
            tidy(journal);
    }
    if (journal->mode == JOURNAL_FAILS)
        recover(journal);
    return NULL;
}

/* ---- its life ------------------------------------------------------------ */

static size_t tail_bytes(const struct journal_options *options)
{
    return options->bytes_max < JOURNAL_TAIL_BYTES ? options->bytes_max
                                                   : JOURNAL_TAIL_BYTES;
}

static struct journal *create(const struct journal_options *options,
                              const char *epoch)
{
    struct journal *journal = mem_zalloc(1, sizeof(*journal));
    pthread_condattr_t attributes;
    journal->options = *options;
    journal->folder = mem_strdup(options->folder);
    journal->tail = journal_tail_create(tail_bytes(options));
    snprintf(journal->epoch, sizeof(journal->epoch), "%s", epoch);
    pthread_mutex_init(&journal->mutex, NULL);
    pthread_mutex_init(&journal->fault_mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&journal->has_work, &attributes);
    pthread_condattr_destroy(&attributes);
    return journal;
}

/* Go on with the journal of this epoch behind its newest seq. */
static void go_on(struct journal *journal, const char *epoch, uint64_t newest)
{
    journal->is_known = epoch[0] != '\0';
    if (journal->is_known)
        snprintf(journal->epoch, sizeof(journal->epoch), "%s", epoch);
    journal->marked_seq = journal_mark_read(journal->mark, journal->epoch);
    journal->first_seq = newest;
    if (journal->marked_seq <= newest)
        return;
    log_warn("journal: the bridge was killed while it could not be written; "
             "events %" PRIu64 " to %" PRIu64 ", if there were so many, are "
             "lost, and whoever asks for them is told",
             newest + 1, journal->marked_seq);
    journal->first_seq = journal->marked_seq;
}

/* It cannot be written now; it will be gone on with once it can. */
static void go_on_without(struct journal *journal)
{
    char epoch[JOURNAL_EPOCH_SIZE];
    uint64_t newest = 0;
    if (journal->mark != NULL &&
        journal_file_peek(journal->folder, epoch, &newest))
        go_on(journal, epoch, newest);
}

static bool open_at_start(struct journal *journal,
                          char fault[static JOURNAL_REASON_SIZE])
{
    snprintf(fault, JOURNAL_REASON_SIZE,
             "no place for it: set bridge.stateDir, $STATE_DIRECTORY or $HOME");
    if (journal->folder == NULL) {
        journal->is_foreign = true;
        return false;
    }
    if (!open_all(journal, fault)) {
        go_on_without(journal);
        return false;
    }
    go_on(journal, journal_file_epoch(journal->file),
          journal_file_newest(journal->file));
    if (adopt(journal, fault))
        return true;
    close_file(journal);
    return false;
}

static bool start(struct journal *journal,
                  char fault[static JOURNAL_REASON_SIZE])
{
    journal->mode = JOURNAL_IN_MEMORY;
    if (journal->options.is_enabled && open_at_start(journal, fault))
        journal->mode = JOURNAL_WRITES;
    else if (journal->options.is_enabled && journal->options.stops_on_error)
        return false;
    else if (journal->options.is_enabled)
        fail(journal, fault);
    journal->kept_seq = journal->first_seq;
    journal->runs = pthread_create(&journal->thread, NULL, run, journal) == 0;
    if (!journal->runs)
        snprintf(fault, JOURNAL_REASON_SIZE, "there is no thread for it");
    return journal->runs;
}

struct journal *journal_open(const struct journal_options *options,
                             const char *epoch,
                             char fault[static JOURNAL_REASON_SIZE])
{
    struct journal *journal = create(options, epoch);
    if (start(journal, fault))
        return journal;
    journal_close(journal);
    return NULL;
}

static void end_thread(struct journal *journal)
{
    if (!journal->runs)
        return;
    pthread_mutex_lock(&journal->mutex);
    journal->is_closing = true;
    pthread_cond_signal(&journal->has_work);
    pthread_mutex_unlock(&journal->mutex);
    pthread_join(journal->thread, NULL);
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    end_thread(journal);
    if (journal->mode == JOURNAL_FAILS && journal->is_known)
        (void)journal_mark_write(journal->mark, journal->epoch,
                                 journal->kept_seq);
    journal_file_close(journal->file);
    journal_mark_close(journal->mark);
    journal_tail_destroy(journal->tail);
    buffer_finish(&journal->queue.bytes);
    buffer_finish(&journal->batch.bytes);
    pthread_cond_destroy(&journal->has_work);
    pthread_mutex_destroy(&journal->fault_mutex);
    pthread_mutex_destroy(&journal->mutex);
    free(journal->folder);
    free(journal);
}

const char *journal_epoch(const struct journal *journal)
{
    return journal->epoch;
}

uint64_t journal_first_seq(const struct journal *journal)
{
    return journal->first_seq;
}

/* ---- the loop's side ----------------------------------------------------- */

void journal_put(struct journal *journal, const struct ring_event *event)
{
    pthread_mutex_lock(&journal->mutex);
    batch_add(&journal->queue, event);
    if (journal->queue.count >= JOURNAL_QUEUE_EVENTS ||
        journal->queue.bytes.size >= JOURNAL_QUEUE_BYTES)
        journal->is_full = true;
    bool is_waiting = journal->is_waiting;
    pthread_mutex_unlock(&journal->mutex);
    if (is_waiting)
        pthread_cond_signal(&journal->has_work);
}

bool journal_is_full(struct journal *journal)
{
    return journal->is_full;
}

static bool has_kept(const struct journal *journal, uint64_t seq)
{
    return journal->kept_seq >= seq || journal->mode == JOURNAL_STOPPED;
}

bool journal_await(struct journal *journal, uint64_t seq)
{
    if (has_kept(journal, seq))
        return true;
    journal->awaited_seq = seq;
    /* It may have been kept just before it was known to be awaited. */
    return has_kept(journal, seq);
}

enum journal_mode journal_mode(const struct journal *journal)
{
    return journal->mode;
}

void journal_look(struct journal *journal, struct journal_state *state)
{
    struct journal_extent extent = journal_tail_extent(journal->tail);
    state->mode = journal->mode;
    state->oldest = extent.oldest;
    state->newest = extent.newest;
    state->bytes = extent.bytes;
    state->lost = journal->lost;
    pthread_mutex_lock(&journal->mutex);
    state->queue_events = journal->queue.count;
    pthread_mutex_unlock(&journal->mutex);
    pthread_mutex_lock(&journal->fault_mutex);
    memcpy(state->fault, journal->fault, sizeof(state->fault));
    pthread_mutex_unlock(&journal->fault_mutex);
}

struct journal_tail *journal_tail(struct journal *journal)
{
    return journal->tail;
}
