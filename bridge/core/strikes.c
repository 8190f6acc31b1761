/* SPDX-License-Identifier: MIT */
#include "strikes.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    HOST_SIZE = 48, /* an IPv6 address, in text */
    NETWORK_GROUPS = 4,
};

/* It has paid back all at `clear_ms`; each failure puts that off. */
struct offender {
    char host[HOST_SIZE];
    uint64_t clear_ms;
};

struct strikes {
    struct offender offenders[STRIKES_ADDRESSES];
};

struct strikes *strikes_create(void)
{
    return mem_zalloc(1, sizeof(struct strikes));
}

void strikes_destroy(struct strikes *strikes)
{
    free(strikes);
}

/* The first four groups of an IPv6 address: whoever has one has them all. An
 * address that is shorter for its "::" is cut there. */
static size_t network_size(const char *host, size_t size)
{
    size_t groups = 0;
    for (size_t i = 0; i < size; i++) {
        if (host[i] != ':')
            continue;
        if (++groups == NETWORK_GROUPS || (i + 1 < size && host[i + 1] == ':'))
            return i + 1;
    }
    return size;
}

/* Peers of the same host, or network, under one name. */
static void host_of(const char *address, char host[HOST_SIZE])
{
    size_t size = strlen(address);
    bool is_ipv6 = strchr(address, ':') != NULL;
    bool is_mapped = is_ipv6 && strchr(address, '.') != NULL;
    if (is_ipv6 && !is_mapped)
        size = network_size(address, size);
    snprintf(host, HOST_SIZE, "%.*s", (int)size, address);
}

static const struct offender *find(const struct strikes *strikes,
                                   const char *host)
{
    for (size_t i = 0; i < STRIKES_ADDRESSES; i++)
        if (strcmp(strikes->offenders[i].host, host) == 0)
            return &strikes->offenders[i];
    return NULL;
}

uint64_t strikes_wait_ms(const struct strikes *strikes, const char *address,
                         uint64_t now_ms)
{
    const uint64_t allowed_ms = STRIKES_AT_ONCE * STRIKES_EVERY_MS;
    char host[HOST_SIZE];
    host_of(address, host);
    const struct offender *offender = find(strikes, host);
    if (offender == NULL || offender->clear_ms <= now_ms + allowed_ms)
        return 0;
    return offender->clear_ms - now_ms - allowed_ms;
}

static struct offender *least(struct strikes *strikes)
{
    struct offender *found = &strikes->offenders[0];
    for (size_t i = 1; i < STRIKES_ADDRESSES; i++)
        if (strikes->offenders[i].clear_ms < found->clear_ms)
            found = &strikes->offenders[i];
    return found;
}

void strikes_add(struct strikes *strikes, const char *address, uint64_t now_ms)
{
    char host[HOST_SIZE];
    host_of(address, host);
    struct offender *offender = (struct offender *)find(strikes, host);
    if (offender == NULL) {
        offender = least(strikes);
        snprintf(offender->host, HOST_SIZE, "%s", host);
        offender->clear_ms = now_ms;
    }
    if (offender->clear_ms < now_ms)
        offender->clear_ms = now_ms;
    offender->clear_ms += STRIKES_EVERY_MS;
}
