/* SPDX-License-Identifier: MIT */
#include "journal_page.h"

#include <stdlib.h>

#include "base/mem.h"
#include "edge/journal_file.h"

void journal_page_finish(struct journal_page *page)
{
    buffer_finish(&page->messages);
    free(page->entries);
    free(page->lost);
    *page = (struct journal_page){0};
}

struct slice journal_page_at(const struct journal_page *page, size_t index)
{
    size_t begin = index == 0 ? 0 : page->entries[index - 1].end;
    return (struct slice){page->messages.data + begin,
                          page->entries[index].end - begin};
}

bool journal_page_is_full(const struct journal_page *page,
                          const struct journal_query *query, size_t more)
{
    return page->count == query->events_max ||
           (page->count > 0 && page->messages.size + more > query->bytes_max);
}

/* Room grows by doubling: at each power of two. */
static bool needs_room(size_t count)
{
    return (count & (count - 1)) == 0;
}

void journal_page_add(struct journal_page *page, uint64_t seq, uint64_t time_ms,
                      struct slice topic, struct slice envelope)
{
    if (needs_room(page->count))
        page->entries =
            mem_realloc(page->entries,
                        (2 * page->count + 1) * sizeof(struct journal_entry));
    buffer_reserve(&page->messages, topic.size + 1 + envelope.size);
    buffer_append(&page->messages, topic.data, topic.size);
    buffer_append(&page->messages, "", 1);
    buffer_append(&page->messages, envelope.data, envelope.size);
    page->entries[page->count++] =
        (struct journal_entry){seq, time_ms, page->messages.size};
}

void journal_page_lose(struct journal_page *page, uint64_t first, uint64_t last)
{
    if (first > last)
        return;
    if (needs_room(page->lost_count))
        page->lost = mem_realloc(page->lost, (2 * page->lost_count + 1) *
                                                 sizeof(struct journal_range));
    page->lost[page->lost_count++] = (struct journal_range){first, last};
}

bool journal_query_has(const struct journal_query *query, uint32_t chat)
{
    for (size_t i = 0; i < query->chat_count; i++)
        if (query->chats[i] == chat)
            return true;
    return false;
}

bool journal_query_names(const struct journal_query *query, struct slice topic)
{
    return query->chat_count == 0 ||
           journal_query_has(query, journal_chat(journal_chat_of(topic)));
}
