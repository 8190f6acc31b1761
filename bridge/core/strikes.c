/* SPDX-License-Identifier: MIT */
#include "strikes.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    NAME_SIZE = 48, /* an IPv6 address, in text */
};

/* It has paid back all at `clear_ms`; each failure puts that off. */
struct offender {
    char network[NAME_SIZE];
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

static const struct offender *find(const struct strikes *strikes,
                                   const char *network)
{
    for (size_t i = 0; i < STRIKES_ADDRESSES; i++)
        if (strcmp(strikes->offenders[i].network, network) == 0)
            return &strikes->offenders[i];
    return NULL;
}

uint64_t strikes_wait_ms(const struct strikes *strikes, const char *network,
                         uint64_t now_ms)
{
    const uint64_t allowed_ms =
        UINT64_C(1) * STRIKES_AT_ONCE * STRIKES_EVERY_MS;
    const struct offender *offender = find(strikes, network);
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

void strikes_add(struct strikes *strikes, const char *network, uint64_t now_ms)
{
    struct offender *offender = (struct offender *)find(strikes, network);
    if (offender == NULL) {
        offender = least(strikes);
        snprintf(offender->network, NAME_SIZE, "%s", network);
        offender->clear_ms = now_ms;
    }
    if (offender->clear_ms < now_ms)
        offender->clear_ms = now_ms;
    offender->clear_ms += STRIKES_EVERY_MS;
}
