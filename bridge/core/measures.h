/* SPDX-License-Identifier: MIT */
/* A list of samples: what the parts have counted, copied to be shown elsewhere.
 *
 * Filling it is cheap, for that happens between two turns of the loop: of a
 * label with known words one sample holds all numbers, and a name is copied
 * once. Plain data of one owner; whoever fills it may hand it to another
 * thread, as exposition.h wants it. */
#ifndef ONEBUS_MEASURES_H
#define ONEBUS_MEASURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/family.h"

enum { MEASURES_NAMED_MAX = 3 };

/* One sample, or one for each word of its family's last label. */
struct measure {
    enum family family;
    uint32_t name;   /* of the first label: where it is in `names` */
    uint32_t number; /* the first one: where it is in `numbers` */
    const char *words[MEASURES_NAMED_MAX - 1]; /* of the labels behind it */
};

/* Zero-initialised is empty. */
struct measures {
    struct buffer names; /* each with its NUL */
    struct measure *samples;
    size_t count, capacity;
    uint64_t *numbers;
    size_t number_count, number_capacity;
};

/* Copy a name that the samples put next can be given; it is no literal. */
uint32_t measures_name(struct measures *measures, const char *name);

/* Add a sample with its numbers: one, one for each word of the family, or a
 * whole struct histogram. The labels that have no words are `name` and then the
 * literals `first`, `second`, as far as there are such labels. */
void measures_put(struct measures *measures, enum family family, uint32_t name,
                  const char *first, const char *second,
                  const uint64_t *numbers);

/* The same of a family with one label or none, and one number. */
void measures_put_number(struct measures *measures, enum family family,
                         uint32_t name, uint64_t number);

void measures_put_histogram(struct measures *measures, enum family family,
                            uint32_t name, const struct histogram *histogram);

/* A queue: what waits in it, and its bound. `queue` is copied. */
void measures_put_queue(struct measures *measures, const char *queue,
                        uint64_t items, uint64_t items_max);
void measures_put_queue_bytes(struct measures *measures, const char *queue,
                              uint64_t bytes, uint64_t bytes_max);

/* Forget the samples and keep the room for those of the next time. */
void measures_clear(struct measures *measures);

void measures_finish(struct measures *measures);

#endif
