/* SPDX-License-Identifier: MIT */
#include "breaker.h"

#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/mem.h"
#include "core/chat_table.h"

/* Sends of a chat, or of an account, that were refused in a row. */
struct row {
    unsigned length;
    uint64_t failed_ms;      /* the last of them */
    uint64_t pause_ms;       /* the last pause; 0: none yet */
    uint64_t pause_until_ms; /* 0: none runs */
    uint64_t try_until_ms;   /* somebody is trying; 0: nobody is */
    /* Of an account: the first different ones. */
    struct pacing_chat chats[BREAKER_ACCOUNT_CHATS];
    size_t chat_count;
};

/* A chat, or an account: id 0. */
struct entry {
    struct chat_node node;
    struct heap_node due;
    struct entry *older, *newer; /* by their last change */
    uint64_t muted_until_ms;     /* 0: it is not */
    bool is_banned, is_ban_felt; /* with all of the group */
    bool is_removed;
    uint64_t told_ms; /* when the peer told of one of these */
    struct row row;
};

struct breaker {
    struct chat_table *entries;
    struct heap due;
    struct entry *oldest, *newest;
};

static const char *const WHY_NAMES[] = {
    [BREAKER_CLOSED] = "",
    [BREAKER_REMOVED] = "removed",
    [BREAKER_MUTED] = "muted",
    [BREAKER_WHOLE_BAN] = "whole_ban",
    [BREAKER_FAILING_CHAT] = "failing",
    [BREAKER_FAILING_ACCOUNT] = "failing",
};

const char *breaker_why_name(enum breaker_why why)
{
    return WHY_NAMES[why];
}

struct breaker *breaker_create(uint64_t seed)
{
    struct breaker *breaker = mem_zalloc(1, sizeof(*breaker));
    breaker->entries = chat_table_create(seed);
    return breaker;
}

/* ---- entries ---------------------------------------------------------- */

static void unlink_entry(struct breaker *breaker, struct entry *entry)
{
    if (entry->older != NULL)
        entry->older->newer = entry->newer;
    else
        breaker->oldest = entry->newer;
    if (entry->newer != NULL)
        entry->newer->older = entry->older;
    else
        breaker->newest = entry->older;
}

static void link_newest(struct breaker *breaker, struct entry *entry)
{
    entry->older = breaker->newest;
    entry->newer = NULL;
    if (breaker->newest != NULL)
        breaker->newest->newer = entry;
    else
        breaker->oldest = entry;
    breaker->newest = entry;
}

static void drop(struct breaker *breaker, struct entry *entry)
{
    if (entry == NULL)
        return;
    heap_remove(&breaker->due, &entry->due);
    unlink_entry(breaker, entry);
    chat_table_remove(breaker->entries, &entry->node);
    free(entry);
}

void breaker_destroy(struct breaker *breaker)
{
    if (breaker == NULL)
        return;
    while (breaker->oldest != NULL)
        drop(breaker, breaker->oldest);
    heap_finish(&breaker->due);
    chat_table_destroy(breaker->entries);
    free(breaker);
}

static struct entry *find(const struct breaker *breaker,
                          const struct pacing_chat *chat)
{
    return breaker->entries->count == 0
               ? NULL
               : chat_table_find(breaker->entries, chat);
}

static struct entry *need(struct breaker *breaker,
                          const struct pacing_chat *chat)
{
    struct entry *entry = find(breaker, chat);
    if (entry != NULL)
        return entry;
    if (breaker->entries->count >= BREAKER_CHATS_MAX)
        drop(breaker, breaker->oldest);
    entry = mem_zalloc(1, sizeof(*entry));
    entry->due.thing = entry;
    chat_table_add(breaker->entries, &entry->node, chat, entry);
    link_newest(breaker, entry);
    return entry;
}

/* What the account is called among the chats. */
static struct pacing_chat account_of(const struct pacing_chat *chat)
{
    return (struct pacing_chat){.account = chat->account};
}

static bool is_worth_keeping(const struct entry *entry)
{
    return entry->muted_until_ms != 0 || entry->is_banned ||
           entry->is_removed || entry->row.length > 0;
}

static uint64_t next_end(const struct entry *entry)
{
    uint64_t muted_ms =
        entry->muted_until_ms == 0 ? UINT64_MAX : entry->muted_until_ms;
    uint64_t pause_ms =
        entry->row.pause_until_ms == 0 ? UINT64_MAX : entry->row.pause_until_ms;
    return muted_ms < pause_ms ? muted_ms : pause_ms;
}

/* It has changed: it may have an end, or be done with. */
static void settle(struct breaker *breaker, struct entry *entry)
{
    uint64_t end_ms = next_end(entry);
    if (!is_worth_keeping(entry)) {
        drop(breaker, entry);
        return;
    }
    unlink_entry(breaker, entry);
    link_newest(breaker, entry);
    if (end_ms == UINT64_MAX)
        heap_remove(&breaker->due, &entry->due);
    else
        heap_put(&breaker->due, &entry->due, end_ms, 0);
}

/* ---- verdicts --------------------------------------------------------- */

static struct breaker_verdict until(enum breaker_why why, uint64_t end_ms,
                                    uint64_t now_ms)
{
    return (struct breaker_verdict){
        .why = why,
        .retry_after_ms = end_ms == UINT64_MAX ? 0 : end_ms - now_ms,
    };
}

static enum breaker_why failing(const struct entry *entry)
{
    return entry->node.chat.id == 0 ? BREAKER_FAILING_ACCOUNT
                                    : BREAKER_FAILING_CHAT;
}

static struct breaker_verdict judge(const struct entry *entry, uint64_t now_ms)
{
    if (entry == NULL)
        return (struct breaker_verdict){.why = BREAKER_CLOSED};
    if (entry->is_removed)
        return (struct breaker_verdict){.why = BREAKER_REMOVED};
    if (entry->muted_until_ms > now_ms)
        return until(BREAKER_MUTED, entry->muted_until_ms, now_ms);
    if (entry->is_ban_felt)
        return (struct breaker_verdict){.why = BREAKER_WHOLE_BAN};
    if (entry->row.pause_until_ms > now_ms)
        return until(failing(entry), entry->row.pause_until_ms, now_ms);
    return (struct breaker_verdict){.why = BREAKER_CLOSED};
}

struct breaker_verdict breaker_look(const struct breaker *breaker,
                                    const struct pacing_chat *chat,
                                    uint64_t now_ms)
{
    return judge(find(breaker, chat), now_ms);
}

/* There has been a pause, and no send has succeeded since. */
static bool is_doubtful(const struct entry *entry)
{
    return entry != NULL && entry->row.pause_ms != 0;
}

/* What is against it beyond judge(): that somebody else is trying. */
static struct breaker_verdict judge_asker(const struct entry *entry,
                                          uint64_t now_ms)
{
    struct breaker_verdict verdict = judge(entry, now_ms);
    if (verdict.why == BREAKER_CLOSED && is_doubtful(entry) &&
        entry->row.try_until_ms > now_ms)
        verdict = (struct breaker_verdict){failing(entry), BREAKER_RETRY_MS};
    return verdict;
}

static void let_try(struct entry *entry, uint64_t now_ms)
{
    if (is_doubtful(entry))
        entry->row.try_until_ms = now_ms + BREAKER_TRY_MS;
}

struct breaker_verdict breaker_ask(struct breaker *breaker,
                                   const struct pacing_chat *chat,
                                   uint64_t now_ms)
{
    const struct pacing_chat account = account_of(chat);
    struct entry *one = chat->id == 0 ? NULL : find(breaker, chat);
    struct entry *all = find(breaker, &account);
    struct breaker_verdict verdict = judge_asker(one, now_ms);
    if (verdict.why == BREAKER_CLOSED)
        verdict = judge_asker(all, now_ms);
    if (verdict.why == BREAKER_CLOSED) {
        let_try(one, now_ms);
        let_try(all, now_ms);
    }
    return verdict;
}

/* ---- what came of sends ------------------------------------------------ */

void breaker_on_success(struct breaker *breaker, const struct pacing_chat *chat,
                        uint64_t asked_ms)
{
    const struct pacing_chat account = account_of(chat);
    struct entry *entry = find(breaker, chat);
    drop(breaker, find(breaker, &account));
    if (entry == NULL || entry->told_ms <= asked_ms) {
        drop(breaker, entry);
        return;
    }
    entry->row = (struct row){0};
    settle(breaker, entry);
}

static void end_try(struct entry *entry)
{
    if (entry != NULL)
        entry->row.try_until_ms = 0;
}

void breaker_on_unknown(struct breaker *breaker, const struct pacing_chat *chat)
{
    const struct pacing_chat account = account_of(chat);
    end_try(find(breaker, chat));
    end_try(find(breaker, &account));
}

static void begin_pause(struct row *row, uint64_t now_ms)
{
    uint64_t twice_ms = 2 * row->pause_ms;
    if (row->pause_ms == 0)
        row->pause_ms = BREAKER_PAUSE_MS;
    else
        row->pause_ms =
            twice_ms < BREAKER_PAUSE_MAX_MS ? twice_ms : BREAKER_PAUSE_MAX_MS;
    row->pause_until_ms = now_ms + row->pause_ms;
}

static void note_chat(struct row *row, const struct pacing_chat *chat)
{
    for (size_t i = 0; i < row->chat_count; i++)
        if (row->chats[i].id == chat->id &&
            row->chats[i].is_group == chat->is_group)
            return;
    if (row->chat_count < BREAKER_ACCOUNT_CHATS)
        row->chats[row->chat_count++] = *chat;
}

/* One that was on its way when the pause began tells nothing new. */
static void count_failure(struct entry *entry, const struct pacing_chat *chat,
                          uint64_t now_ms)
{
    struct row *row = &entry->row;
    bool is_account = entry->node.chat.id == 0;
    if (row->pause_until_ms > now_ms)
        return;
    if (row->length > 0 &&
        now_ms - row->failed_ms > row->pause_ms + BREAKER_ROW_MS)
        *row = (struct row){0};
    row->length++;
    row->failed_ms = now_ms;
    row->try_until_ms = 0;
    note_chat(row, chat);
    if (row->pause_ms != 0 ||
        (is_account ? row->length >= BREAKER_ACCOUNT_FAILURES &&
                          row->chat_count >= BREAKER_ACCOUNT_CHATS
                    : row->length >= BREAKER_CHAT_FAILURES))
        begin_pause(row, now_ms);
}

/* What is known of the chat explains it. */
static bool explains(struct entry *entry, uint64_t now_ms)
{
    if (entry->is_removed || entry->muted_until_ms > now_ms)
        return true;
    if (entry->is_banned)
        entry->is_ban_felt = true;
    return entry->is_banned;
}

void breaker_on_failure(struct breaker *breaker, const struct pacing_chat *chat,
                        uint64_t now_ms)
{
    const struct pacing_chat account = account_of(chat);
    if (chat->id != 0) {
        struct entry *one = need(breaker, chat);
        if (explains(one, now_ms))
            return;
        count_failure(one, chat, now_ms);
        settle(breaker, one);
    }
    struct entry *all = need(breaker, &account);
    count_failure(all, chat, now_ms);
    settle(breaker, all);
}

/* ---- what the peers tell ----------------------------------------------- */

void breaker_set_muted(struct breaker *breaker, const struct pacing_chat *chat,
                       uint64_t until_ms, uint64_t now_ms)
{
    struct entry *entry = need(breaker, chat);
    entry->muted_until_ms = until_ms > now_ms ? until_ms : 0;
    entry->told_ms = now_ms;
    settle(breaker, entry);
}

void breaker_set_whole_ban(struct breaker *breaker,
                           const struct pacing_chat *chat, bool is_banned,
                           uint64_t now_ms)
{
    struct entry *entry = need(breaker, chat);
    entry->told_ms = now_ms;
    entry->is_banned = is_banned;
    entry->is_ban_felt = is_banned && entry->is_ban_felt;
    settle(breaker, entry);
}

/* Who is out is not muted either: they say nothing of it to come back. */
void breaker_set_removed(struct breaker *breaker,
                         const struct pacing_chat *chat, bool is_removed,
                         uint64_t now_ms)
{
    struct entry *entry =
        is_removed ? need(breaker, chat) : find(breaker, chat);
    if (entry == NULL || entry->is_removed == is_removed)
        return;
    entry->told_ms = now_ms;
    entry->is_removed = is_removed;
    entry->is_banned = entry->is_ban_felt = false;
    entry->muted_until_ms = 0;
    entry->row = (struct row){0};
    settle(breaker, entry);
}

/* ---- time --------------------------------------------------------------- */

uint64_t breaker_due(const struct breaker *breaker)
{
    const struct heap_node *first = heap_first(&breaker->due);
    return first == NULL ? UINT64_MAX : first->key;
}

bool breaker_expire(struct breaker *breaker, uint64_t now_ms,
                    struct breaker_entry *over)
{
    const struct heap_node *first = heap_first(&breaker->due);
    if (first == NULL || first->key > now_ms)
        return false;
    struct entry *entry = first->thing;
    *over = (struct breaker_entry){
        .chat = entry->node.chat,
        .verdict = {.why = judge(entry, first->key - 1).why},
    };
    if (entry->muted_until_ms <= now_ms)
        entry->muted_until_ms = 0;
    if (entry->row.pause_until_ms <= now_ms)
        entry->row.pause_until_ms = 0;
    settle(breaker, entry);
    return true;
}

static bool is_told(const struct entry *entry)
{
    return entry->muted_until_ms != 0 || entry->is_banned || entry->is_removed;
}

bool breaker_doubt(struct breaker *breaker, size_t account, uint64_t now_ms,
                   struct breaker_entry *over)
{
    struct entry *entry = breaker->oldest;
    while (entry != NULL &&
           (entry->node.chat.account != account || !is_told(entry)))
        entry = entry->newer;
    if (entry == NULL)
        return false;
    *over = (struct breaker_entry){entry->node.chat, judge(entry, now_ms)};
    entry->muted_until_ms = 0;
    entry->is_banned = entry->is_ban_felt = entry->is_removed = false;
    settle(breaker, entry);
    return true;
}

/* ---- all of them ------------------------------------------------------- */

size_t breaker_list(const struct breaker *breaker, size_t account,
                    struct breaker_entry *entries, size_t entries_max,
                    uint64_t now_ms)
{
    size_t count = 0;
    for (const struct entry *entry = breaker->newest; entry != NULL;
         entry = entry->older) {
        struct breaker_verdict verdict = judge(entry, now_ms);
        if (entry->node.chat.account != account ||
            verdict.why == BREAKER_CLOSED)
            continue;
        if (count < entries_max)
            entries[count] = (struct breaker_entry){entry->node.chat, verdict};
        count++;
    }
    return count;
}

void breaker_tally(const struct breaker *breaker, uint64_t counts[BREAKER_WHYS],
                   uint64_t now_ms)
{
    memset(counts, 0, BREAKER_WHYS * sizeof(*counts));
    for (const struct entry *entry = breaker->newest; entry != NULL;
         entry = entry->older)
        counts[judge(entry, now_ms).why]++;
}

size_t breaker_count(const struct breaker *breaker)
{
    return breaker->entries->count;
}

void breaker_forget_account(struct breaker *breaker, size_t account)
{
    for (struct entry *entry = breaker->oldest, *newer; entry != NULL;
         entry = newer) {
        newer = entry->newer;
        if (entry->node.chat.account == account)
            drop(breaker, entry);
    }
}
