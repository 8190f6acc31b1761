/* SPDX-License-Identifier: MIT */
/* How far a stream has our journal's events: found out by looking into it, from
 * where the position in the state folder says that it was. One thread. */
#ifndef ONEBUS_PROGRESS_H
#define ONEBUS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "edge/nats_stream.h"

struct progress;

/* Copied. */
struct progress_options {
    const char *folder; /* NULL: nothing can be written down */
    const char *stream;
    const char *epoch; /* of the journal */
    /* Where to begin if there is no position: it is one. */
    uint64_t began;
    /* Whether to break off. */
    bool (*breaks_off)(void *ctx);
    void *ctx;
};

struct progress *progress_create(const struct progress_options *options);

/* What is not written down yet is. NULL is fine. */
void progress_destroy(struct progress *progress);

/* What it had when last heard of: all up to this seq. */
uint64_t progress_stored(const struct progress *progress);

/* Look into the stream, which is open: it has all up to `stored`. False:
 * `fault` says why that cannot be found out. */
bool progress_find(struct progress *progress, struct nats_stream *stream,
                   const struct nats_extent *extent, uint64_t *stored,
                   char fault[static NATS_FAULT_SIZE]);

/* The last that is told of as stored next is at this place. */
void progress_place(struct progress *progress, uint64_t place);

/* All up to `stored` is there; written down once a second. `now_ms`: mono. */
void progress_note(struct progress *progress, uint64_t stored, uint64_t now_ms);

/* When progress_note() has something to write: mono ms; UINT64_MAX: never. */
uint64_t progress_due_ms(const struct progress *progress);

#endif
