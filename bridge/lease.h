/* SPDX-License-Identifier: MIT */
/* The leases on our accounts' names, kept in a key-value bucket of NATS: what
 * core/leasing.h decides, done by edge/nats_bucket.h. The sink's thread. */
#ifndef ONEBUS_LEASE_H
#define ONEBUS_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/leasing.h"

struct lease;
struct nats_link;

enum { LEASE_ROUND_MS = 2000 };

/* Copied. */
struct lease_options {
    const char *stream;          /* the bucket is <stream>_accounts */
    int replicas;                /* of the bucket, where it is to be made */
    const char *const *accounts; /* their names, as in the settings */
    size_t account_count;
    const char *epoch; /* of our journal */
    const char *run;   /* names this process */
};

/* `link` outlives it. */
struct lease *lease_create(struct nats_link *link,
                           const struct lease_options *options);
/* Nothing is given back: see lease_release(). NULL is fine. */
void lease_destroy(struct lease *lease);

/* As leasing_renew(), with the link up: takes LEASE_ROUND_MS at most. The
 * bucket is made if it is missing. */
enum lease_verdict lease_renew(struct lease *lease,
                               char fault[static LEASING_FAULT_SIZE],
                               uint64_t *alive_ms);

/* When to renew next: mono ms. */
uint64_t lease_due_ms(const struct lease *lease);

/* As leasing_is_shared() and leasing_heard_ms(). */
bool lease_is_shared(const struct lease *lease, uint64_t now_ms);
uint64_t lease_heard_ms(const struct lease *lease);

/* As leasing_rename(). */
void lease_rename(struct lease *lease, const char *const *accounts,
                  size_t account_count);

/* Give the names back, with the link up; LEASE_ROUND_MS at most. */
void lease_release(struct lease *lease);

/* As leasing_name(). */
size_t lease_name_count(const struct lease *lease);
const char *lease_name(const struct lease *lease, size_t index);

#endif
