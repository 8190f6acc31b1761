/* SPDX-License-Identifier: MIT */
/* A key-value bucket of JetStream, as far as leases need one: its entries are
 * forgotten some time after they were written, and a write says which revision
 * it is to take the place of. What other clients know as the bucket NAME is a
 * stream KV_NAME. The thread that owns the link, which must be up. */
#ifndef ONEBUS_NATS_BUCKET_H
#define ONEBUS_NATS_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct nats_bucket;
struct nats_link;

struct nats_bucket_options {
    const char *name;
    const char *description; /* for people who look at it */
    int replicas;
    uint64_t ttl_ms; /* entries live so long; in a bucket that is there they
                        may live longer, but not for ever */
};

struct nats_bucket_put {
    const char *key;
    struct slice value; /* empty: the entry is deleted */
    uint64_t revision;  /* that it takes the place of; 0: there must be none */
};

struct nats_bucket_entry {
    uint64_t revision;   /* 0: there is none */
    struct buffer value; /* empty: it was deleted */
};

/* Copied, but for `link`, which outlives it. */
struct nats_bucket *
nats_bucket_create(struct nats_link *link,
                   const struct nats_bucket_options *options);
/* NULL is fine. */
void nats_bucket_destroy(struct nats_bucket *bucket);

/* All of these take until `until_ms` (mono) at most. If they fail, the fault
 * says why, in plain words. */

/* Look whether it is there and of use; make it if it is not there. Once that
 * was so it is looked at again only after something has failed. */
bool nats_bucket_open(struct nats_bucket *bucket, uint64_t until_ms);

/* The entry's value is replaced. */
bool nats_bucket_get(struct nats_bucket *bucket, const char *key,
                     uint64_t until_ms, struct nats_bucket_entry *entry);

/* How many entries there are, the deleted that are not forgotten yet counted
 * in. */
bool nats_bucket_count(struct nats_bucket *bucket, uint64_t until_ms,
                       size_t *entries);

/* All of them at a time; `on_answer` is called, before this returns, with the
 * publish acknowledgement of each that has one. False: not each has. */
bool nats_bucket_put(
    struct nats_bucket *bucket, const struct nats_bucket_put *puts,
    size_t count, uint64_t until_ms,
    void (*on_answer)(void *ctx, size_t index, struct slice answer), void *ctx);

/* The stream behind it: acknowledgements name it. */
const char *nats_bucket_stream(const struct nats_bucket *bucket);

/* Why the last one failed. */
const char *nats_bucket_fault(const struct nats_bucket *bucket);

#endif
