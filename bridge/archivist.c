/* SPDX-License-Identifier: MIT */
#include "archivist.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/bridge.h"
#include "edge/journal_file.h"
#include "edge/loop.h"
#include "edge/replayer.h"

struct archivist {
    struct journal *journal;
    struct replayer *replayer;
    struct journal_state state; /* that was described last */
    struct bridge *bridge;      /* that takes pages */
    struct complaints complaints;
    char read_fault[sizeof(((struct journal_page *)0)->fault)]; /* or "" */
};

struct archivist *archivist_create(struct journal *journal, const char *folder,
                                   struct loop *loop)
{
    struct archivist *archivist = mem_zalloc(1, sizeof(*archivist));
    archivist->journal = journal;
    archivist->replayer =
        replayer_create(folder, journal_tail(journal), loop_wake, loop);
    if (archivist->replayer != NULL)
        return archivist;
    free(archivist);
    return NULL;
}

void archivist_destroy(struct archivist *archivist)
{
    if (archivist == NULL)
        return;
    replayer_destroy(archivist->replayer);
    free(archivist);
}

/* ---- there --------------------------------------------------------------- */

static bool wants(void *filter, struct slice topic)
{
    return archive_filter_wants(filter, topic);
}

static bool accepts(void *filter, struct slice envelope)
{
    return archive_filter_accepts(filter, envelope);
}

/* The chats that the filter is about, if it is about a few and nothing else:
 * then they need not be looked for among all events. */
static void name_chats(struct journal_query *query,
                       const struct archive_filter *filter)
{
    if (filter->pattern_count > JOURNAL_CHATS_MAX)
        return;
    for (size_t i = 0; i < filter->pattern_count; i++) {
        struct slice chat = archive_filter_chat(filter, i);
        if (chat.size == 0) {
            query->chat_count = 0;
            return;
        }
        query->chats[query->chat_count++] = journal_chat(chat);
    }
}

enum status archivist_ask(struct archivist *archivist,
                          const struct archive_query *query,
                          struct archive_filter *filter, uint64_t cookie)
{
    struct journal_query asked = {
        .epoch = journal_epoch(archivist->journal),
        .is_backward = query->is_backward,
        .after = query->after,
        .before = query->before,
        .since_ms = query->since_ms,
        .misses_start = query->misses_start,
        .events_max = query->events_max,
        .bytes_max = query->bytes_max,
        .wants = wants,
        .accepts = accepts,
        .ctx = filter,
    };
    name_chats(&asked, filter);
    return replayer_ask(archivist->replayer, &asked, cookie);
}

/* ---- back ---------------------------------------------------------------- */

static struct slice *list_events(const struct journal_page *page)
{
    struct slice *events = mem_zalloc(page->count + 1, sizeof(*events));
    for (size_t i = 0; i < page->count; i++)
        events[i] = journal_page_at(page, i);
    return events;
}

static struct archive_range *list_lost(const struct journal_page *page)
{
    struct archive_range *lost =
        mem_zalloc(page->lost_count + 1, sizeof(*lost));
    for (size_t i = 0; i < page->lost_count; i++)
        lost[i] =
            (struct archive_range){page->lost[i].first, page->lost[i].last};
    return lost;
}

static void complain(struct archivist *archivist, const char *fault)
{
    static const char reason[] = "it cannot be read";
    uint64_t count =
        complaint_count(&archivist->complaints, reason, clock_now().mono_ms);
    if (count > 0)
        log_error("journal: %s: %s count=%" PRIu64
                  "; if that stays so, move the file away: what was in it is "
                  "told as lost, and a new one begun",
                  reason, fault, count);
}

static void on_page(void *ctx, uint64_t cookie,
                    const struct journal_query *query,
                    const struct journal_page *page)
{
    struct archivist *archivist = ctx;
    struct slice *events = list_events(page);
    struct archive_range *lost = list_lost(page);
    const struct archive_page told = {
        .is_backward = query->is_backward,
        .fault = page->fault[0] == '\0' ? NULL : page->fault,
        .events = events,
        .event_count = page->count,
        .lost = lost,
        .lost_count = page->lost_count,
        .next = page->next,
        .oldest = page->oldest,
        .newest = page->newest,
        .is_cut = page->is_cut,
    };
    memcpy(archivist->read_fault, page->fault, sizeof(archivist->read_fault));
    if (told.fault != NULL)
        complain(archivist, told.fault);
    bridge_on_page(archivist->bridge, cookie, &told, clock_now());
    free(events);
    free(lost);
}

void archivist_take(struct archivist *archivist, struct bridge *bridge)
{
    archivist->bridge = bridge;
    replayer_take(archivist->replayer, on_page, archivist);
}

size_t archivist_waiting(const struct archivist *archivist)
{
    return replayer_waiting(archivist->replayer);
}

void archivist_describe(struct archivist *archivist,
                        struct archive_state *state)
{
    static const char *const modes[] = {
        [JOURNAL_WRITES] = "ok",
        [JOURNAL_FAILS] = "failing",
        [JOURNAL_IN_MEMORY] = "memory",
        [JOURNAL_STOPPED] = "stopped",
    };
    journal_look(archivist->journal, &archivist->state);
    *state = (struct archive_state){
        .mode = modes[archivist->state.mode],
        .fault = archivist->state.fault[0] != '\0' ? archivist->state.fault
                                                   : archivist->read_fault,
        .oldest = archivist->state.oldest,
        .newest = archivist->state.newest,
        .bytes = archivist->state.bytes,
        .lost = archivist->state.lost,
        .queued = archivist->state.queue_events,
        .queue_max = JOURNAL_QUEUE_EVENTS,
    };
}
