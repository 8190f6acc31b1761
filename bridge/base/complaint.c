/* SPDX-License-Identifier: MIT */
#include "complaint.h"

#include <stdbool.h>
#include <stddef.h>

static struct complaint_row *row_of(struct complaints *complaints,
                                    const char *reason)
{
    size_t i = 0;
    while (i < COMPLAINT_ROWS - 1 && complaints->rows[i].reason != NULL &&
           complaints->rows[i].reason != reason)
        i++;
    return &complaints->rows[i];
}

uint64_t complaint_count_own(struct complaint_row *row, const char *reason,
                             uint64_t now_ms)
{
    bool is_new = row->reason == NULL;
    row->reason = reason;
    row->unsaid++;
    row->count++;
    row->last_ms = now_ms;
    if (!is_new && now_ms - row->said_ms < COMPLAINT_EVERY_MS)
        return 0;
    uint64_t count = row->unsaid;
    row->unsaid = 0;
    row->said_ms = now_ms;
    return count;
}

uint64_t complaint_count(struct complaints *complaints, const char *reason,
                         uint64_t now_ms)
{
    complaints->total++;
    return complaint_count_own(row_of(complaints, reason), reason, now_ms);
}
