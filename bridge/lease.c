/* SPDX-License-Identifier: MIT */
#include "lease.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/lease_card.h"
#include "core/puback.h"
#include "edge/nats_bucket.h"

enum { NAME_SIZE = 300 };

struct lease {
    struct nats_bucket *bucket;
    struct leasing *leasing;
    struct nats_bucket_entry entry; /* that was read last */
    bool is_open;                   /* the bucket, in this round */
    uint64_t until_ms;              /* mono; when the round has to end */
    struct leasing_put *puts;       /* of this round */
};

/* ---- ports ------------------------------------------------------------ */

static void on_answer(void *ctx, size_t index, struct slice answer)
{
    struct lease *lease = ctx;
    struct leasing_put *put = &lease->puts[index];
    struct puback puback;
    puback_read(answer, nats_bucket_stream(lease->bucket), &puback);
    if (puback.kind == PUBACK_STORED) {
        put->revision = puback.place;
        put->answer = LEASING_DONE;
    } else if (puback.kind == PUBACK_REFUSED) {
        put->answer = LEASING_REFUSED;
    }
}

static void port_put(void *ctx, struct leasing_put *puts, size_t count)
{
    struct lease *lease = ctx;
    if (!lease->is_open)
        return; /* silent, as they came */
    struct nats_bucket_put *asked = mem_zalloc(count, sizeof(*asked));
    for (size_t i = 0; i < count; i++)
        asked[i] = (struct nats_bucket_put){
            .key = puts[i].key,
            .value = puts[i].value,
            .revision = puts[i].revision,
        };
    lease->puts = puts;
    (void)nats_bucket_put(lease->bucket, asked, count, lease->until_ms,
                          on_answer, lease);
    free(asked);
}

static enum leasing_answer port_get(void *ctx, const char *key,
                                    struct leasing_entry *entry)
{
    struct lease *lease = ctx;
    if (!lease->is_open ||
        !nats_bucket_get(lease->bucket, key, lease->until_ms, &lease->entry))
        return LEASING_SILENT;
    entry->revision = lease->entry.revision;
    entry->value = buffer_slice(&lease->entry.value);
    return LEASING_DONE;
}

static enum leasing_answer port_count(void *ctx, size_t *entries)
{
    struct lease *lease = ctx;
    return nats_bucket_count(lease->bucket, lease->until_ms, entries)
               ? LEASING_DONE
               : LEASING_SILENT;
}

/* ---- life ------------------------------------------------------------- */

static struct nats_bucket *create_bucket(struct nats_link *link,
                                         const struct lease_options *options)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof(name), "%s_accounts", options->stream);
    const struct nats_bucket_options bucket = {
        .name = name,
        .description = "which bridge has which account: leases of onebus",
        .replicas = options->replicas,
        .ttl_ms = LEASING_TTL_MS,
    };
    return nats_bucket_create(link, &bucket);
}

static struct leasing *create_leasing(struct lease *lease,
                                      const struct lease_options *options)
{
    char host[LEASE_WORD_SIZE] = "";
    const struct leasing_ports ports = {
        .ctx = lease,
        .put = port_put,
        .get = port_get,
        .count = port_count,
    };
    (void)gethostname(host, sizeof(host) - 1); /* cut, and all right */
    const struct leasing_options own = {
        .accounts = options->accounts,
        .account_count = options->account_count,
        .epoch = options->epoch,
        .run = options->run,
        .host = host,
        .version = ONEBUS_VERSION,
        .pid = getpid(),
    };
    return leasing_create(&own, &ports, clock_now());
}

struct lease *lease_create(struct nats_link *link,
                           const struct lease_options *options)
{
    struct lease *lease = mem_zalloc(1, sizeof(*lease));
    lease->bucket = create_bucket(link, options);
    lease->leasing = create_leasing(lease, options);
    return lease;
}

void lease_destroy(struct lease *lease)
{
    if (lease == NULL)
        return;
    leasing_destroy(lease->leasing);
    nats_bucket_destroy(lease->bucket);
    buffer_finish(&lease->entry.value);
    free(lease);
}

/* ---- rounds ----------------------------------------------------------- */

enum lease_verdict lease_renew(struct lease *lease,
                               char fault[static LEASING_FAULT_SIZE],
                               uint64_t *alive_ms)
{
    struct instant now = clock_now();
    lease->until_ms = now.mono_ms + LEASE_ROUND_MS;
    lease->is_open = nats_bucket_open(lease->bucket, lease->until_ms);
    enum lease_verdict verdict =
        leasing_renew(lease->leasing, now, fault, alive_ms);
    if (verdict == LEASE_UNKNOWN)
        snprintf(fault, LEASING_FAULT_SIZE, "%s",
                 nats_bucket_fault(lease->bucket));
    return verdict;
}

uint64_t lease_due_ms(const struct lease *lease)
{
    return leasing_due(lease->leasing);
}

bool lease_is_shared(const struct lease *lease, uint64_t now_ms)
{
    return leasing_is_shared(lease->leasing, now_ms);
}

uint64_t lease_heard_ms(const struct lease *lease)
{
    return leasing_heard_ms(lease->leasing);
}

void lease_rename(struct lease *lease, const char *const *accounts,
                  size_t account_count)
{
    leasing_rename(lease->leasing, accounts, account_count);
}

void lease_release(struct lease *lease)
{
    lease->until_ms = clock_now().mono_ms + LEASE_ROUND_MS;
    leasing_release(lease->leasing);
}

size_t lease_name_count(const struct lease *lease)
{
    return leasing_name_count(lease->leasing);
}

const char *lease_name(const struct lease *lease, size_t index)
{
    return leasing_name(lease->leasing, index);
}
