/* SPDX-License-Identifier: MIT */
#include "journal_keeper.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

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
    /* More than can have been written without being synced. */
    CUT_OFF_EVENTS = 1 << 20,
    TIDY_EVENTS = 512,
    FOLDER_BYTES_MAX = 380,
};

static_assert((int)JOURNAL_REASON_SIZE == (int)JOURNAL_FAULT_SIZE &&
                  (int)JOURNAL_REASON_SIZE == (int)DATABASE_FAULT_SIZE,
              "one is handed on as the other");

struct journal_keeper {
    struct journal_options options;
    char *folder;
    char epoch[JOURNAL_EPOCH_SIZE];
    char boot[JOURNAL_BOOT_SIZE]; /* of the machine */
    uint64_t first_seq, given_seq;
    _Atomic enum journal_mode mode;
    _Atomic uint64_t lost;
    _Atomic uint64_t write_errors;
    pthread_mutex_t fault_mutex;
    char fault[JOURNAL_REASON_SIZE];
    struct journal_tail *tail;
    struct journal_file *file; /* NULL: it is not open */
    struct journal_mark *mark;
    uint64_t marked_seq;
    uint64_t missing; /* what the transaction gives up */
    bool is_known;    /* the epoch is on disk: a restart goes on with it */
    bool is_foreign;  /* the file is another epoch's: leave it alone */
    uint64_t retry_ms, housekeeping_ms, look_ms;
    struct complaints complaints;
};

/* ---- what others see ---------------------------------------------------- */

static void note_file(struct journal_keeper *keeper)
{
    const struct journal_extent file = {
        .oldest = journal_file_oldest(keeper->file),
        .newest = journal_file_newest(keeper->file),
        .bytes = journal_file_bytes(keeper->file),
    };
    journal_tail_note_file(keeper->tail, &file);
}

static void note_fault(struct journal_keeper *keeper, const char *fault)
{
    pthread_mutex_lock(&keeper->fault_mutex);
    snprintf(keeper->fault, sizeof(keeper->fault), "%s", fault);
    pthread_mutex_unlock(&keeper->fault_mutex);
}

static void set_mode(struct journal_keeper *keeper, enum journal_mode mode)
{
    keeper->mode = mode;
    keeper->options.wake(keeper->options.ctx);
}

/* ---- when it fails ------------------------------------------------------ */

static void fail(struct journal_keeper *keeper, const char *fault)
{
    keeper->write_errors++;
    note_fault(keeper, fault);
    if (keeper->options.stops_on_error) {
        log_error("journal: cannot write, so the bridge stops: %s "
                  "hint=\"onebus doctor says what is wrong with the disk\"",
                  fault);
        set_mode(keeper, JOURNAL_STOPPED);
        return;
    }
    log_error("journal: cannot write: %s; events go on, the last %d MiB of "
              "them are kept in memory%s hint=\"onebus doctor says what is "
              "wrong with the disk\"",
              fault, JOURNAL_TAIL_BYTES >> 20,
              keeper->is_foreign ? "" : ", and it is tried again");
    keeper->retry_ms = clock_now().mono_ms + RETRY_MS;
    set_mode(keeper, JOURNAL_FAILS);
}

/* So that no number is given twice, whatever becomes of the process. An epoch
 * that no file has ends with it, and must not wipe out another one's mark. */
static void mark(struct journal_keeper *keeper, uint64_t seq)
{
    /* It is tried again with each event. */
    static const char reason[] = "the mark cannot be written either; if the "
                                 "bridge is killed now, numbers may come twice";
    if (!keeper->is_known || seq <= keeper->marked_seq)
        return;
    if (journal_mark_write(keeper->mark, keeper->epoch, seq + MARK_AHEAD))
        keeper->marked_seq = seq + MARK_AHEAD;
    else if (complaint_count(&keeper->complaints, reason, clock_now().mono_ms) >
             0)
        log_error("journal: %s", reason);
}

static void unmark(struct journal_keeper *keeper)
{
    if (keeper->marked_seq == 0)
        return;
    keeper->marked_seq = 0;
    (void)journal_mark_write(keeper->mark, keeper->epoch, 0);
}

/* ---- opening ------------------------------------------------------------ */

static struct journal_file *open_file(const struct journal_keeper *keeper,
                                      char fault[static JOURNAL_REASON_SIZE],
                                      bool *is_damaged)
{
    const struct journal_file_options options = {
        .folder = keeper->folder,
        .syncs_fully = keeper->options.syncs_fully,
        .bytes_max = keeper->options.bytes_max,
    };
    return journal_file_open(&options, fault, is_damaged);
}

/* A damaged file is kept for whoever wants to look at it. */
static bool set_aside(const struct journal_keeper *keeper,
                      char fault[static JOURNAL_REASON_SIZE])
{
    char name[JOURNAL_FAULT_SIZE];
    if (!journal_file_set_aside(keeper->folder, clock_now().wall_ms, name))
        return false;
    log_error("journal: the file is damaged: %s; it is kept as %s, and a new "
              "one begun",
              fault, name);
    return true;
}

static bool open_mark(struct journal_keeper *keeper,
                      char fault[static JOURNAL_REASON_SIZE])
{
    if (keeper->mark == NULL && database_make_folder(keeper->folder, fault))
        keeper->mark =
            journal_mark_open(keeper->folder, fault, JOURNAL_REASON_SIZE);
    return keeper->mark != NULL;
}

/* False: `fault` says why there is no file that can be written. */
static bool open_all(struct journal_keeper *keeper,
                     char fault[static JOURNAL_REASON_SIZE])
{
    bool is_damaged = false;
    if (strlen(keeper->folder) > FOLDER_BYTES_MAX) {
        snprintf(fault, JOURNAL_REASON_SIZE,
                 "bridge.stateDir is too long; allowed: %d bytes",
                 FOLDER_BYTES_MAX);
        return false;
    }
    if (!open_mark(keeper, fault))
        return false;
    keeper->file = open_file(keeper, fault, &is_damaged);
    if (keeper->file == NULL && is_damaged && !keeper->options.stops_on_error &&
        set_aside(keeper, fault))
        keeper->file = open_file(keeper, fault, &is_damaged);
    else if (keeper->file == NULL && is_damaged)
        strncat(fault, "; move it away to begin anew",
                JOURNAL_REASON_SIZE - strlen(fault) - 1);
    return keeper->file != NULL;
}

static void close_file(struct journal_keeper *keeper)
{
    journal_file_close(keeper->file);
    keeper->file = NULL;
}

/* A new file gets the epoch; what has been given of it is marked first. */
static bool name_file(struct journal_keeper *keeper,
                      char fault[static JOURNAL_REASON_SIZE])
{
    if (journal_file_epoch(keeper->file)[0] != '\0')
        return true;
    keeper->is_known = true;
    mark(keeper, keeper->given_seq);
    if (journal_file_set_epoch(keeper->file, keeper->epoch))
        return true;
    memcpy(fault, journal_file_fault(keeper->file), JOURNAL_REASON_SIZE);
    return false;
}

static bool note_boot(struct journal_keeper *keeper,
                      char fault[static JOURNAL_REASON_SIZE])
{
    const char *boot = keeper->options.syncs_fully ? "" : keeper->boot;
    if (journal_file_set_boot(keeper->file, boot))
        return true;
    memcpy(fault, journal_file_fault(keeper->file), JOURNAL_REASON_SIZE);
    return false;
}

/* The file is this run's, or becomes so. False: it is not. */
static bool adopt(struct journal_keeper *keeper,
                  char fault[static JOURNAL_REASON_SIZE])
{
    const char *epoch = journal_file_epoch(keeper->file);
    if (!name_file(keeper, fault))
        return false;
    if (strcmp(journal_file_epoch(keeper->file), keeper->epoch) != 0) {
        snprintf(fault, JOURNAL_REASON_SIZE,
                 "the journal there is another one (epoch %s); restart the "
                 "bridge to go on with it",
                 epoch);
        keeper->is_foreign = true;
        return false;
    }
    keeper->is_known = true;
    note_file(keeper);
    journal_tail_note_opened(keeper->tail);
    return note_boot(keeper, fault);
}

/* ---- writing ------------------------------------------------------------ */

/* Begin a transaction whose first event is this one. What lies between it and
 * the file's newest the file never got. */
static bool begin_at(struct journal_keeper *keeper, uint64_t seq)
{
    uint64_t newest = journal_file_newest(keeper->file);
    keeper->missing = seq - 1 - newest;
    return journal_file_begin(keeper->file) &&
           (keeper->missing == 0 ||
            journal_file_lose(keeper->file, newest + 1, seq - 1));
}

static bool commit(struct journal_keeper *keeper)
{
    if (!journal_file_commit(keeper->file))
        return false;
    keeper->lost += keeper->missing;
    return true;
}

static bool write_range(struct journal_keeper *keeper,
                        const struct journal_batch *batch, size_t from,
                        size_t to)
{
    struct ring_event event;
    journal_batch_read(batch, from, &event);
    if (!begin_at(keeper, event.seq))
        return false;
    while (from < to) {
        from = journal_batch_read(batch, from, &event);
        if (!journal_file_add(keeper->file, &event))
            return false;
    }
    if (!commit(keeper))
        return false;
    keeper->given_seq = event.seq;
    return true;
}

/* Events of the tail, a transaction of them. */
static bool write_tail(struct journal_keeper *keeper)
{
    size_t bytes = 0, bytes_max = journal_file_slice_bytes(keeper->file);
    const struct ring *ring = journal_tail_ring(keeper->tail);
    struct ring_event event;
    uint64_t seq = ring_oldest(ring);
    if (!begin_at(keeper, seq))
        return false;
    for (; bytes < bytes_max && ring_find(ring, seq, &event); seq++) {
        if (!journal_file_add(keeper->file, &event))
            return false;
        bytes += event.message.size;
    }
    return commit(keeper);
}

static void keep_in_memory(struct journal_keeper *keeper,
                           const struct journal_batch *batch, size_t from,
                           size_t to)
{
    struct ring_event event;
    while (from < to) {
        from = journal_batch_read(batch, from, &event);
        /* First: whoever reads the tail is given the number. */
        if (keeper->mode == JOURNAL_FAILS)
            mark(keeper, event.seq);
        journal_tail_add(keeper->tail, &event);
        keeper->given_seq = event.seq;
    }
}

/* Where it cannot be, and may go on without. */
static void do_without(struct journal_keeper *keeper,
                       const struct journal_batch *batch, size_t from,
                       size_t to)
{
    journal_file_undo(keeper->file);
    fail(keeper, journal_file_fault(keeper->file));
    if (keeper->mode == JOURNAL_FAILS)
        keep_in_memory(keeper, batch, from, to);
}

void journal_keeper_keep(struct journal_keeper *keeper,
                         const struct journal_batch *batch, size_t from,
                         size_t to)
{
    if (keeper->mode == JOURNAL_STOPPED)
        return;
    if (keeper->mode != JOURNAL_WRITES) {
        keep_in_memory(keeper, batch, from, to);
    } else if (write_range(keeper, batch, from, to)) {
        unmark(keeper);
        note_file(keeper);
    } else {
        do_without(keeper, batch, from, to);
    }
}

/* ---- when it can be written again ---------------------------------------- */

/* A file that is broken, or no longer there, is no file. */
static void drop_bad_file(struct journal_keeper *keeper)
{
    char fault[JOURNAL_REASON_SIZE];
    if (keeper->file == NULL)
        return;
    bool is_damaged = journal_file_is_damaged(keeper->file);
    if (!is_damaged && journal_file_is_there(keeper->file))
        return;
    memcpy(fault, journal_file_fault(keeper->file), sizeof(fault));
    close_file(keeper);
    if (is_damaged)
        (void)set_aside(keeper, fault);
}

static bool reopen(struct journal_keeper *keeper)
{
    char fault[JOURNAL_REASON_SIZE];
    drop_bad_file(keeper);
    if (keeper->file != NULL)
        return true;
    if (open_all(keeper, fault) && adopt(keeper, fault))
        return true;
    close_file(keeper);
    if (keeper->is_foreign)
        log_error("journal: %s", fault);
    note_fault(keeper, fault);
    return false;
}

static void say_recovered(struct journal_keeper *keeper, uint64_t lost_before)
{
    uint64_t lost = keeper->lost - lost_before;
    note_fault(keeper, "");
    if (lost > 0)
        log_warn("journal: writes again; it never got %" PRIu64
                 " events, and says so to whoever asks for them",
                 lost);
    else
        log_info("journal: writes again, and has missed nothing");
}

/* A new file knows nothing of what was given before it. */
static bool write_given(struct journal_keeper *keeper)
{
    uint64_t given = keeper->given_seq;
    return journal_file_newest(keeper->file) >= given ||
           (begin_at(keeper, given + 1) && commit(keeper));
}

/* The bound is kept meanwhile: what was missed may be more than it. */
static bool catch_up(struct journal_keeper *keeper)
{
    while (ring_oldest(journal_tail_ring(keeper->tail)) > 0) {
        if (!write_tail(keeper) ||
            !journal_file_tidy(keeper->file, 0, SIZE_MAX) ||
            !journal_file_checkpoint(keeper->file))
            return false;
        note_file(keeper);
    }
    return write_given(keeper);
}

static void recover(struct journal_keeper *keeper)
{
    uint64_t lost_before = keeper->lost;
    keeper->retry_ms = clock_now().mono_ms + RETRY_MS;
    if (keeper->is_foreign || !reopen(keeper))
        return;
    if (!catch_up(keeper)) {
        journal_file_undo(keeper->file);
        keeper->write_errors++;
        note_fault(keeper, journal_file_fault(keeper->file));
        return;
    }
    unmark(keeper);
    say_recovered(keeper, lost_before);
    set_mode(keeper, JOURNAL_WRITES);
}

void journal_keeper_try_now(struct journal_keeper *keeper)
{
    if (keeper->mode == JOURNAL_FAILS)
        recover(keeper);
}

void journal_keeper_try(struct journal_keeper *keeper)
{
    if (clock_now().mono_ms >= keeper->retry_ms)
        journal_keeper_try_now(keeper);
}

/* ---- tidying ------------------------------------------------------------- */

static void complain(struct journal_keeper *keeper, const char *what)
{
    uint64_t count =
        complaint_count(&keeper->complaints, what, clock_now().mono_ms);
    if (count > 0)
        log_warn("journal: %s: %s count=%" PRIu64, what,
                 journal_file_fault(keeper->file), count);
}

/* It may go by itself. A file that is broken does not get well, and would grow
 * beyond its bound. */
static void on_untidy(struct journal_keeper *keeper, const char *what)
{
    if (journal_file_is_damaged(keeper->file))
        fail(keeper, journal_file_fault(keeper->file));
    else
        complain(keeper, what);
}

static void tidy_file(struct journal_keeper *keeper, uint64_t expired_ms,
                      size_t events_max)
{
    uint64_t oldest = journal_file_oldest(keeper->file);
    if (!journal_file_tidy(keeper->file, expired_ms, events_max))
        on_untidy(keeper, "cannot drop its oldest events");
    else if (journal_file_oldest(keeper->file) - oldest >= events_max)
        keeper->housekeeping_ms = clock_now().mono_ms + HOUSEKEEPING_SOON_MS;
    if (keeper->mode == JOURNAL_WRITES &&
        !journal_file_checkpoint(keeper->file))
        on_untidy(keeper, "cannot move events to their place");
    note_file(keeper);
}

static void look_for_file(struct journal_keeper *keeper, uint64_t now_ms)
{
    if (keeper->mode != JOURNAL_WRITES || now_ms < keeper->look_ms)
        return;
    keeper->look_ms = now_ms + LOOK_MS;
    if (!journal_file_is_there(keeper->file))
        fail(keeper, "the file has been removed");
}

/* Age is looked at now and then, size each time. */
void journal_keeper_tidy(struct journal_keeper *keeper, size_t events)
{
    struct instant now = clock_now();
    uint64_t expired_ms = 0;
    if (now.mono_ms >= keeper->housekeeping_ms) {
        keeper->housekeeping_ms = now.mono_ms + HOUSEKEEPING_MS;
        if (now.wall_ms > keeper->options.age_max_ms)
            expired_ms = now.wall_ms - keeper->options.age_max_ms;
    }
    look_for_file(keeper, now.mono_ms);
    if (keeper->mode == JOURNAL_WRITES)
        tidy_file(keeper, expired_ms, 2 * events + TIDY_EVENTS);
    else if (expired_ms > 0)
        journal_tail_drop_expired(keeper->tail, expired_ms);
}

/* ---- its life ------------------------------------------------------------ */

/* Names this boot of the machine; "" where it has no name. */
static void read_boot(char boot[static JOURNAL_BOOT_SIZE])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (file == NULL || fgets(boot, JOURNAL_BOOT_SIZE, file) == NULL)
        boot[0] = '\0';
    boot[strcspn(boot, "\n")] = '\0';
    if (file != NULL)
        fclose(file);
}

static struct journal_keeper *create(const struct journal_options *options,
                                     const char *epoch)
{
    struct journal_keeper *keeper = mem_zalloc(1, sizeof(*keeper));
    size_t tail_bytes = options->bytes_max < JOURNAL_TAIL_BYTES
                            ? options->bytes_max
                            : JOURNAL_TAIL_BYTES;
    keeper->options = *options;
    keeper->folder = mem_strdup(options->folder);
    keeper->tail = journal_tail_create(tail_bytes);
    snprintf(keeper->epoch, sizeof(keeper->epoch), "%s", epoch);
    read_boot(keeper->boot);
    pthread_mutex_init(&keeper->fault_mutex, NULL);
    return keeper;
}

/* The machine went down while events were written that nothing had synced. The
 * last of them may have been published, and be gone: their numbers must not
 * come again. */
static void mark_cut_off(struct journal_keeper *keeper, uint64_t newest)
{
    log_warn("journal: the machine went down while the bridge ran; what was "
             "published in the last moments may be lost, and is told as such "
             "(bridge.journal.sync=full keeps it)");
    keeper->marked_seq = newest + CUT_OFF_EVENTS;
    (void)journal_mark_write(keeper->mark, keeper->epoch, keeper->marked_seq);
}

/* Go on with the journal of this epoch behind its newest seq. */
static void go_on(struct journal_keeper *keeper, const char *epoch,
                  uint64_t newest)
{
    keeper->is_known = epoch[0] != '\0';
    if (keeper->is_known)
        snprintf(keeper->epoch, sizeof(keeper->epoch), "%s", epoch);
    keeper->marked_seq = journal_mark_read(keeper->mark, keeper->epoch);
    if (keeper->file != NULL &&
        journal_file_is_cut_off(keeper->file, keeper->boot) &&
        keeper->marked_seq <= newest)
        mark_cut_off(keeper, newest);
    keeper->first_seq = newest;
    if (keeper->marked_seq <= newest)
        return;
    log_warn("journal: it may not have got all that was published before; "
             "events %" PRIu64 " to %" PRIu64 ", if there were so many, are "
             "lost, and whoever asks for them is told",
             newest + 1, keeper->marked_seq);
    keeper->first_seq = keeper->marked_seq;
}

/* It cannot be written now; it will be gone on with once it can. */
static void go_on_without(struct journal_keeper *keeper)
{
    char epoch[JOURNAL_EPOCH_SIZE];
    uint64_t newest = 0;
    if (keeper->mark == NULL ||
        !journal_file_peek(keeper->folder, epoch, &newest))
        return;
    go_on(keeper, epoch, newest);
    /* It is not lost, it only cannot be read now. */
    const struct journal_extent file = {.oldest = newest, .newest = newest};
    journal_tail_note_file(keeper->tail, &file);
}

/* What may have been given and is not there is told from now on. */
static bool begin_behind(struct journal_keeper *keeper,
                         char fault[static JOURNAL_REASON_SIZE])
{
    keeper->given_seq = keeper->first_seq;
    if (write_given(keeper)) {
        unmark(keeper);
        note_file(keeper);
        return true;
    }
    journal_file_undo(keeper->file);
    memcpy(fault, journal_file_fault(keeper->file), JOURNAL_REASON_SIZE);
    return false;
}

static void say_begun(const struct journal_keeper *keeper)
{
    uint64_t oldest = journal_file_oldest(keeper->file);
    if (oldest == 0)
        log_info("journal: begins in %s", keeper->folder);
    else
        log_info("journal: goes on in %s oldest=%" PRIu64 " newest=%" PRIu64,
                 keeper->folder, oldest, journal_file_newest(keeper->file));
}

static bool open_at_start(struct journal_keeper *keeper,
                          char fault[static JOURNAL_REASON_SIZE])
{
    snprintf(fault, JOURNAL_REASON_SIZE,
             "no place for it: set bridge.stateDir, $STATE_DIRECTORY or $HOME");
    keeper->is_foreign = keeper->folder == NULL;
    if (keeper->folder == NULL)
        return false;
    if (!open_all(keeper, fault)) {
        go_on_without(keeper);
        return false;
    }
    go_on(keeper, journal_file_epoch(keeper->file),
          journal_file_newest(keeper->file));
    if (adopt(keeper, fault) && begin_behind(keeper, fault)) {
        say_begun(keeper);
        return true;
    }
    close_file(keeper);
    return false;
}

/* False: it must not go on without a file. */
static bool start(struct journal_keeper *keeper,
                  char fault[static JOURNAL_REASON_SIZE])
{
    bool is_enabled = keeper->options.is_enabled;
    keeper->mode = is_enabled ? JOURNAL_WRITES : JOURNAL_IN_MEMORY;
    bool is_good = !is_enabled || open_at_start(keeper, fault);
    if (!is_good && keeper->options.stops_on_error) {
        strncat(fault,
                "; the bridge does not start without it "
                "(bridge.journal.onError)",
                JOURNAL_REASON_SIZE - strlen(fault) - 1);
        return false;
    }
    if (!is_good)
        fail(keeper, fault);
    keeper->given_seq = keeper->first_seq;
    return true;
}

struct journal_keeper *
journal_keeper_create(const struct journal_options *options, const char *epoch,
                      char fault[static JOURNAL_REASON_SIZE])
{
    struct journal_keeper *keeper = create(options, epoch);
    if (start(keeper, fault))
        return keeper;
    journal_keeper_destroy(keeper);
    return NULL;
}

void journal_keeper_destroy(struct journal_keeper *keeper)
{
    if (keeper == NULL)
        return;
    if (keeper->mode == JOURNAL_FAILS && keeper->is_known)
        (void)journal_mark_write(keeper->mark, keeper->epoch,
                                 keeper->given_seq);
    if (keeper->mode == JOURNAL_WRITES && keeper->file != NULL)
        (void)journal_file_set_boot(keeper->file, "");
    journal_file_close(keeper->file);
    journal_mark_close(keeper->mark);
    journal_tail_destroy(keeper->tail);
    pthread_mutex_destroy(&keeper->fault_mutex);
    free(keeper->folder);
    free(keeper);
}

/* ---- looking ------------------------------------------------------------- */

size_t journal_keeper_slice_bytes(const struct journal_keeper *keeper)
{
    return keeper->file == NULL ? SIZE_MAX
                                : journal_file_slice_bytes(keeper->file);
}

uint64_t journal_keeper_due_ms(const struct journal_keeper *keeper)
{
    return keeper->mode == JOURNAL_FAILS && !keeper->is_foreign
               ? keeper->retry_ms
               : keeper->housekeeping_ms;
}

const char *journal_keeper_epoch(const struct journal_keeper *keeper)
{
    return keeper->epoch;
}

uint64_t journal_keeper_first_seq(const struct journal_keeper *keeper)
{
    return keeper->first_seq;
}

struct journal_tail *journal_keeper_tail(struct journal_keeper *keeper)
{
    return keeper->tail;
}

enum journal_mode journal_keeper_mode(const struct journal_keeper *keeper)
{
    return keeper->mode;
}

uint64_t journal_keeper_write_errors(const struct journal_keeper *keeper)
{
    return keeper->write_errors;
}

void journal_keeper_look(struct journal_keeper *keeper,
                         struct journal_state *state)
{
    struct journal_extent extent = journal_tail_extent(keeper->tail);
    state->mode = keeper->mode;
    state->oldest = extent.oldest;
    state->newest = extent.newest;
    state->bytes = extent.bytes;
    state->lost = keeper->lost;
    pthread_mutex_lock(&keeper->fault_mutex);
    memcpy(state->fault, keeper->fault, sizeof(state->fault));
    pthread_mutex_unlock(&keeper->fault_mutex);
}
