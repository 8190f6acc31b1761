/* SPDX-License-Identifier: MIT */
/* What the parts count, gathered for /metrics, in two steps, for the loop must
 * not wait for what takes time:
 *
 *     loop        gauges_fill()       copies what the parts have counted
 *        └─ measures ─▶ another thread
 *                    gauges_complete()   looks at the process and at NNG
 *                    exposition_print()  makes it text
 */
#ifndef ONEBUS_GAUGES_H
#define ONEBUS_GAUGES_H

#include <stdbool.h>
#include <stddef.h>

struct archivist;
struct bridge;
struct bus;
struct fetcher;
struct gauges;
struct kept;
struct measures;
struct outlet;

/* They must stay as long as the gauges do. */
struct gauges_parts {
    const struct bridge *bridge;
    const struct outlet *outlet;
    const struct archivist *archivist;
    const struct fetcher *fetcher; /* NULL: there is none */
    const struct kept *kept;
    struct bus *bus;
    size_t journal_bytes_max;
};

struct gauges *gauges_create(const struct gauges_parts *parts);

/* NULL is fine. */
void gauges_destroy(struct gauges *gauges);

/* Settings have been read again: are they in effect? The loop's thread. */
void gauges_on_settings(struct gauges *gauges, bool are_good);

/* The loop's thread. */
void gauges_fill(const struct gauges *gauges, struct measures *measures);

/* One thread at a time, any. */
void gauges_complete(struct gauges *gauges, struct measures *measures);

#endif
