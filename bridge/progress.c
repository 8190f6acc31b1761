/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "edge/nats_position.h"

enum {
    WRITE_MS = 1000,
    DIGITS_SIZE = 21, /* of a seq */
};

struct progress {
    char *folder;
    char epoch[NATS_EPOCH_SIZE];
    char stream[NATS_STREAM_NAME_SIZE];
    bool (*breaks_off)(void *ctx);
    void *ctx;
    struct nats_position known;
    uint64_t due_ms;    /* to write it; mono; UINT64_MAX: it is written */
    bool is_unwritable; /* so it has been said */
};

static void write_down(struct progress *progress)
{
    progress->due_ms = UINT64_MAX;
    if (progress->folder == NULL ||
        nats_position_write(progress->folder, &progress->known)) {
        progress->is_unwritable = false;
        return;
    }
    if (!progress->is_unwritable)
        log_warn("nats: cannot write %s/%s: %s; after a restart the whole "
                 "stream is looked through",
                 progress->folder, NATS_POSITION_FILE_NAME, strerror(errno));
    progress->is_unwritable = true;
}

/* Of no stream yet. Written at once, so that it holds whenever NATS is there at
 * last. */
static void begin(struct progress *progress, uint64_t began)
{
    progress->known = (struct nats_position){.seq = began};
    memcpy(progress->known.epoch, progress->epoch, sizeof(progress->epoch));
    memcpy(progress->known.stream, progress->stream, sizeof(progress->stream));
    write_down(progress);
}

struct progress *progress_create(const struct progress_options *options)
{
    struct progress *progress = mem_zalloc(1, sizeof(*progress));
    progress->folder = mem_strdup(options->folder);
    snprintf(progress->epoch, sizeof(progress->epoch), "%s", options->epoch);
    snprintf(progress->stream, sizeof(progress->stream), "%s", options->stream);
    progress->breaks_off = options->breaks_off;
    progress->ctx = options->ctx;
    progress->due_ms = UINT64_MAX;
    if (progress->folder == NULL ||
        !nats_position_read(progress->folder, &progress->known))
        begin(progress, options->began);
    return progress;
}

void progress_destroy(struct progress *progress)
{
    if (progress == NULL)
        return;
    if (progress->due_ms != UINT64_MAX)
        write_down(progress);
    free(progress->folder);
    free(progress);
}

uint64_t progress_stored(const struct progress *progress)
{
    return strcmp(progress->known.epoch, progress->epoch) == 0
               ? progress->known.seq
               : 0;
}

/* ---- looking ----------------------------------------------------------------
 */

/* The stream from one place on. */
struct scan {
    const struct progress *progress;
    uint64_t anchor;  /* the place that has to be as it was; 0: none */
    bool is_other;    /* it is not */
    uint64_t highest; /* seq of ours; 0: none */
    uint64_t place;   /* of it */
    bool is_broken_off;
};

/* The seq in an id of that epoch; 0: it is none. */
static uint64_t seq_of(struct slice id, const char *epoch)
{
    char digits[DIGITS_SIZE];
    char *end;
    size_t size = strlen(epoch);
    if (size == 0 || id.size < size + 2 || id.size - size > DIGITS_SIZE ||
        memcmp(id.data, epoch, size) != 0 || id.data[size] != '-')
        return 0;
    snprintf(digits, sizeof(digits), "%.*s", (int)(id.size - size - 1),
             id.data + size + 1);
    uint64_t seq = strtoull(digits, &end, 10);
    return *end == '\0' ? seq : 0;
}

static bool on_stored(void *ctx, const struct nats_stored *stored)
{
    struct scan *scan = ctx;
    const struct progress *progress = scan->progress;
    const struct nats_position *known = &progress->known;
    if (stored->place == scan->anchor) {
        uint64_t before = seq_of(stored->id, known->epoch);
        scan->is_other = before == 0 || before > known->seq;
    }
    uint64_t seq = seq_of(stored->id, progress->epoch);
    if (seq > scan->highest) {
        scan->highest = seq;
        scan->place = stored->place;
    }
    scan->is_broken_off = progress->breaks_off(progress->ctx);
    return !scan->is_other && !scan->is_broken_off;
}

static bool look_from(struct nats_stream *stream,
                      const struct nats_extent *extent, uint64_t from,
                      struct scan *scan, char fault[static NATS_FAULT_SIZE])
{
    if (from < extent->first)
        from = extent->first;
    if (from == 0)
        from = 1;
    if (from <= extent->last &&
        !nats_stream_scan(stream, from, extent->last, on_stored, scan, fault))
        return false;
    if (scan->is_broken_off)
        snprintf(fault, NATS_FAULT_SIZE,
                 "the look through the stream was broken off");
    return !scan->is_broken_off;
}

/* ---- where to go on ---------------------------------------------------------
 */

/* Whether it is the stream that the position is of, as far as its name and its
 * extent tell: one whose end is before our place has lost what came later. */
static bool is_known(const struct progress *progress,
                     const struct nats_extent *extent)
{
    const struct nats_position *known = &progress->known;
    return strcmp(known->stream, progress->stream) == 0 &&
           known->created_ns == extent->created_ns &&
           known->place <= extent->last;
}

/* Where the stream has nothing of this journal. */
static uint64_t stored_of_nothing(const struct progress *progress,
                                  const struct nats_extent *extent,
                                  bool is_same)
{
    const struct nats_position *known = &progress->known;
    if (strcmp(known->epoch, progress->epoch) != 0)
        return 0; /* of a new journal, or damaged: from the first on */
    /* Expired, purged or created anew: what was there is not sent again. But
     * one that was set back to what it was some time ago is filled up. */
    bool is_new = known->created_ns != extent->created_ns ||
                  strcmp(known->stream, progress->stream) != 0;
    return is_same || is_new ? known->seq : 0;
}

/* Events that could never be stored may have come behind the last that was. */
static uint64_t stored_of(const struct progress *progress,
                          const struct nats_extent *extent,
                          const struct scan *scan, bool is_same)
{
    const struct nats_position *known = &progress->known;
    if (scan->highest == 0)
        return stored_of_nothing(progress, extent, is_same);
    bool is_further = is_same && known->seq > scan->highest &&
                      strcmp(known->epoch, progress->epoch) == 0;
    return is_further ? known->seq : scan->highest;
}

bool progress_find(struct progress *progress, struct nats_stream *stream,
                   const struct nats_extent *extent, uint64_t *stored,
                   char fault[static NATS_FAULT_SIZE])
{
    struct nats_position *known = &progress->known;
    bool is_same = is_known(progress, extent);
    struct scan scan = {.progress = progress};
    if (is_same && known->place > 0) {
        scan.anchor = known->place;
        if (!look_from(stream, extent, known->place, &scan, fault))
            return false;
        is_same = !scan.is_other;
    }
    if (scan.anchor == 0 || scan.is_other) {
        scan = (struct scan){.progress = progress};
        if (!look_from(stream, extent, 1, &scan, fault))
            return false;
    }
    *stored = stored_of(progress, extent, &scan, is_same);
    *known = (struct nats_position){
        .seq = *stored,
        .created_ns = extent->created_ns,
        .place = scan.place,
    };
    memcpy(known->epoch, progress->epoch, sizeof(known->epoch));
    memcpy(known->stream, progress->stream, sizeof(known->stream));
    write_down(progress);
    return true;
}

/* ---- going on ---------------------------------------------------------------
 */

void progress_place(struct progress *progress, uint64_t place)
{
    progress->known.place = place;
}

void progress_note(struct progress *progress, uint64_t stored, uint64_t now_ms)
{
    if (stored != progress->known.seq && progress->due_ms == UINT64_MAX)
        progress->due_ms = now_ms + WRITE_MS;
    progress->known.seq = stored;
    if (now_ms >= progress->due_ms)
        write_down(progress);
}

uint64_t progress_due_ms(const struct progress *progress)
{
    return progress->due_ms;
}
