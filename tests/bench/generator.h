/* SPDX-License-Identifier: MIT */
/* Events to send, each with its mark, and when: as fast as they go, at a
 * fixed rate, or with a window of them on their way (progress.h).
 *
 *   probing ──▶ sending ──▶ draining ──▶ done
 *
 * Probing: one event numbered 0 every few milliseconds until the subscriber
 * has seen one, for nothing else tells that its subscription has reached the
 * bridge. The events that count are numbered from 1. Without a subscriber that
 * tells its progress there is neither probing nor draining. */
#ifndef ONEBUS_BENCH_GENERATOR_H
#define ONEBUS_BENCH_GENERATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "sample.h"

enum generator_state {
    GENERATOR_PROBING,
    GENERATOR_SENDING,
    GENERATOR_DRAINING,
    GENERATOR_DONE,
};

struct generator {
    enum generator_state state;
    struct sample sample;
    struct buffer frame; /* the sample as a masked frame */
    size_t payload_at;

    uint64_t events; /* to send */
    uint64_t rate;   /* a second; 0: as fast as they go */
    uint64_t window; /* on their way at most; 0: no bound */
    bool followed;   /* a subscriber tells its progress */
    /* A full window that has not moved for so long lost its newest events; for
     * the last of all it is twice as long. */
    uint64_t patience_ns;

    uint64_t sent;
    uint64_t seen; /* by the subscriber, the probe not counted */
    uint64_t stalls;
    uint64_t probed_ns, started_ns, sent_ns, progress_ns;
};

/* `events`, `rate`, `window`, `followed`, `patience_ns` and `sample` are set,
 * all else 0. */
void generator_init(struct generator *generator);
void generator_finish(struct generator *generator);

/* Append to `out` what may be sent at `now_ns`. */
void generator_fill(struct generator *generator, uint64_t now_ns,
                    struct buffer *out);

/* The subscriber has come further by `events`. */
void generator_on_progress(struct generator *generator, uint64_t now_ns,
                           uint64_t events);

/* When to call generator_fill() again, progress or not. UINT64_MAX: never. */
uint64_t generator_due(const struct generator *generator);

#endif
