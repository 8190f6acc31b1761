/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <stdio.h>

#include "mark.h"
#include "nanos.h"
#include "progress.h"

static void count_event(struct tally *tally, const struct mark *mark,
                        size_t bytes)
{
    tally->last_ns = nanos_now();
    if (tally->received == 0)
        tally->first_ns = tally->last_ns;
    tally->received++;
    tally->skipped += mark->number - tally->next;
    tally->bytes += bytes;
    histogram_add(&tally->latency, tally->last_ns - mark->sent_ns);
}

void tally_add(struct tally *tally, struct slice message)
{
    struct mark mark;
    if (!mark_find(message, &mark))
        return;
    if (mark.number < tally->next) {
        if (mark.number != 0)
            tally->repeated++;
        return;
    }
    if (mark.number != 0) {
        if (tally->next == 0)
            tally->next = 1;
        count_event(tally, &mark, message.size);
    }
    tally->next = mark.number + 1;
}

bool tally_is_whole(const struct tally *tally, uint64_t events)
{
    return tally->next > events;
}

void tally_tell(struct tally *tally, uint64_t events, int progress)
{
    bool is_due = tally->next - tally->told >= PROGRESS_STEP ||
                  tally->told == 0 || tally_is_whole(tally, events);
    if (progress == 0 || !is_due)
        return;
    progress_tell(progress, tally->next - tally->told);
    tally->told = tally->next;
}

static double rate(const struct tally *tally)
{
    uint64_t nanos = tally->last_ns - tally->first_ns;
    if (nanos == 0)
        return 0;
    return (double)(tally->received - 1) / nanos_to_seconds(nanos);
}

void tally_print(const struct tally *tally, uint64_t events)
{
    printf("{\"events\":%ju,\"received\":%ju,\"lost\":%ju,\"skipped\":%ju,"
           "\"repeated\":%ju,\"bytes_per_event\":%.0f,"
           "\"seconds\":%.6f,\"events_per_second\":%.0f,\"latency_us\":",
           (uintmax_t)events, (uintmax_t)tally->received,
           (uintmax_t)(events - tally->received), (uintmax_t)tally->skipped,
           (uintmax_t)tally->repeated,
           tally->received == 0
               ? 0
               : (double)tally->bytes / (double)tally->received,
           nanos_to_seconds(tally->last_ns - tally->first_ns), rate(tally));
    histogram_print(&tally->latency, stdout);
    printf("}\n");
}
