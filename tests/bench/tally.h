/* SPDX-License-Identifier: MIT */
/* What a taker of events has got of those that onebus_bench_peer sends: how
 * many came, how many did not, and how long they took. Events are numbered from
 * 1; 0 is the generator's probe. */
#ifndef ONEBUS_BENCH_TALLY_H
#define ONEBUS_BENCH_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "histogram.h"

struct tally {
    uint64_t next; /* number */
    uint64_t received, repeated, skipped, bytes;
    uint64_t first_ns, last_ns;
    uint64_t told; /* of `next`, to the generator */
    struct histogram latency;
};

/* Count a message. Those without a mark are none of ours: the bridge tells of
 * itself. */
void tally_add(struct tally *tally, struct slice message);

/* Whether the last of so many has come. */
bool tally_is_whole(const struct tally *tally, uint64_t events);

/* Tell the generator how far it has come, now and then and at the end;
 * `progress` 0: nobody asks. */
void tally_tell(struct tally *tally, uint64_t events, int progress);

/* All of it, as a line of JSON on stdout. */
void tally_print(const struct tally *tally, uint64_t events);

#endif
