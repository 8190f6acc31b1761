/* SPDX-License-Identifier: MIT */
#include "verdicts.h"

#include <stdlib.h>

#include "base/mem.h"

struct verdicts {
    struct verdict_note notes[VERDICTS_KEPT];
    size_t count; /* over all time */
};

struct verdicts *verdicts_create(void)
{
    return mem_zalloc(1, sizeof(struct verdicts));
}

void verdicts_destroy(struct verdicts *verdicts)
{
    free(verdicts);
}

struct verdict_note *verdicts_add(struct verdicts *verdicts)
{
    return &verdicts->notes[verdicts->count++ % VERDICTS_KEPT];
}

const struct verdict_note *verdicts_at(const struct verdicts *verdicts,
                                       size_t age)
{
    if (age >= verdicts->count || age >= VERDICTS_KEPT)
        return NULL;
    return &verdicts->notes[(verdicts->count - 1 - age) % VERDICTS_KEPT];
}
