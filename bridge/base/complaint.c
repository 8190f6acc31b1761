/* SPDX-License-Identifier: MIT */
#include "complaint.h"

#include <stdbool.h>
#include <stddef.h>

enum { SAID_ALL = UINT32_MAX }; /* no more in this minute */

struct complaint_row *complaint_row_of(struct complaints *complaints,
                                       const char *reason)
{
    size_t i = 0;
    while (i < COMPLAINT_ROWS - 1 && complaints->rows[i].reason != NULL &&
           complaints->rows[i].reason != reason)
        i++;
    return &complaints->rows[i];
}

static uint64_t take_unsaid(struct complaint_row *row)
{
    uint64_t count = row->unsaid;
    row->unsaid = 0;
    return count;
}

static void begin_minute(struct complaint_row *row, uint32_t said,
                         uint64_t now_ms)
{
    row->said_ms = now_ms;
    row->said = said;
}

uint64_t complaint_count_few(struct complaint_row *row, const char *reason,
                             uint32_t few, uint64_t now_ms)
{
    bool is_new = row->reason == NULL;
    row->reason = reason;
    row->unsaid++;
    row->count++;
    row->last_ms = now_ms;
    if (is_new || now_ms - row->said_ms >= COMPLAINT_EVERY_MS)
        begin_minute(row, row->unsaid > 1 ? SAID_ALL : 1, now_ms);
    else if (row->said >= few)
        return 0;
    else
        row->said++;
    return take_unsaid(row);
}

uint64_t complaint_count_own(struct complaint_row *row, const char *reason,
                             uint64_t now_ms)
{
    return complaint_count_few(row, reason, 1, now_ms);
}

uint64_t complaint_count(struct complaints *complaints, const char *reason,
                         uint64_t now_ms)
{
    complaints->total++;
    return complaint_count_own(complaint_row_of(complaints, reason), reason,
                               now_ms);
}

uint64_t complaint_due(const struct complaint_row *row)
{
    return row->unsaid == 0 ? UINT64_MAX : row->said_ms + COMPLAINT_OVERDUE_MS;
}

uint64_t complaint_overdue(struct complaint_row *row, uint64_t now_ms)
{
    if (now_ms < complaint_due(row))
        return 0;
    begin_minute(row, 1, now_ms);
    return take_unsaid(row);
}
