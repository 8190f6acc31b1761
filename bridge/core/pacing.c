/* SPDX-License-Identifier: MIT */
#include "pacing.h"

#include <assert.h>
#include <stdlib.h>

#include "base/heap.h"
#include "base/mem.h"
#include "core/bucket.h"
#include "core/chat_table.h"
#include "core/crowd.h"

/* A line whose first item is ready is in one of three heaps of its sender:
 *
 *     closed ── its bucket has a token again ──▶ answers │ bulk
 *                                                    │      │
 *                  the sender's bucket has a token ──▶ pacing_next
 *
 * and the sender is in the heap `due`, by when that is. The delay that jitter
 * adds is drawn for each token that somebody waits for. */

enum {
    /* Lines looked at for each that is added, so that none is kept long. */
    SWEEP = 2,
    /* Steps towards an estimate before a coarser one has to do. */
    STEPS_MAX = 16,
};

struct pacing_item {
    struct pacing_item *before, *behind; /* in its line; free: `behind` */
    struct line *line;
    void *ctx;
    uint64_t number; /* 1, 2, 3 … as they join */
    bool is_ready;
    bool is_out;
};

/* A chat: those that wait for it, or what is remembered of it. */
struct line {
    struct chat_node node; /* in the table, if the chat has an id */
    struct sender *sender;
    struct bucket bucket;
    uint64_t heard_until_ms;
    struct pacing_item *first, *last;
    size_t waiting;    /* items that are not out */
    bool is_answer;    /* as it is counted */
    struct heap *heap; /* that it is in; NULL: none */
    struct heap_node turn;
    struct line *rested_longer, *rested_less;
};

/* An account. */
struct sender {
    size_t account;
    struct bucket bucket;
    uint64_t jitter_ms; /* of the next token */
    struct heap closed, answers, bulk;
    uint64_t since_ms;      /* when the first of the last two came */
    uint64_t bulk_since_ms; /* when the first bulk came, or the last went */
    bool is_passed_over;    /* an answer has gone since then */
    struct crowd answer_crowd, bulk_crowd;
    size_t items;
    struct heap_node due;
};

struct pacing {
    uint64_t random;
    uint64_t now_ms; /* as told last */
    struct pacing_options options;
    struct bucket_rate account_rate, chat_rate;
    struct pacing_item *items; /* room for all */
    struct pacing_item *free_items;
    size_t capacity, items_used, waiting;
    uint64_t joined;
    struct chat_table *lines;
    struct line *rested_longest, *rested_least;
    size_t resting;
    struct sender **senders; /* by account; NULL: none yet */
    size_t sender_room;
    struct heap due;
};

static const struct bucket_rate NO_LIMIT = {.burst = 1};

/* ---- life ------------------------------------------------------------- */

struct pacing *pacing_create(uint64_t seed, size_t capacity)
{
    struct pacing *pacing = mem_zalloc(1, sizeof(*pacing));
    assert(capacity <= PACING_CAPACITY_MAX);
    pacing->random = seed;
    pacing->capacity = capacity;
    pacing->items = mem_zalloc(capacity, sizeof(struct pacing_item));
    pacing->lines = chat_table_create(seed);
    pacing->account_rate = NO_LIMIT;
    pacing->chat_rate = NO_LIMIT;
    return pacing;
}

static void free_lines(struct pacing *pacing)
{
    for (size_t i = 0; i < pacing->items_used; i++)
        if (pacing->items[i].line != NULL)
            pacing_leave(pacing, &pacing->items[i]);
    for (size_t i = 0; i < CHAT_TABLE_PLACES; i++)
        for (struct chat_node *node = pacing->lines->places[i], *next;
             node != NULL; node = next) {
            next = node->next;
            free(node->thing);
        }
}

static void free_sender(struct sender *sender)
{
    if (sender == NULL)
        return;
    heap_finish(&sender->closed);
    heap_finish(&sender->answers);
    heap_finish(&sender->bulk);
    free(sender);
}

void pacing_destroy(struct pacing *pacing)
{
    if (pacing == NULL)
        return;
    free_lines(pacing);
    for (size_t i = 0; i < pacing->sender_room; i++)
        free_sender(pacing->senders[i]);
    free(pacing->senders);
    heap_finish(&pacing->due);
    chat_table_destroy(pacing->lines);
    free(pacing->items);
    free(pacing);
}

/* ---- small things ----------------------------------------------------- */

static uint64_t later(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

/* splitmix64, Steele, Lea and Flood 2014. */
static uint64_t draw(struct pacing *pacing)
{
    uint64_t bits = pacing->random += 0x9e3779b97f4a7c15;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

static uint64_t draw_jitter(struct pacing *pacing)
{
    uint64_t most = pacing->options.jitter_ms;
    return most == 0 ? 0 : draw(pacing) % (most + 1);
}

static const struct bucket_rate *rate_of(const struct pacing *pacing,
                                         const struct line *line)
{
    return line->node.chat.id == 0 ? &NO_LIMIT : &pacing->chat_rate;
}

static bool is_heard(const struct line *line, uint64_t now_ms)
{
    return line->heard_until_ms > now_ms;
}

/* ---- senders ---------------------------------------------------------- */

static struct sender *find_sender(const struct pacing *pacing, size_t account)
{
    return account < pacing->sender_room ? pacing->senders[account] : NULL;
}

static void make_sender_room(struct pacing *pacing, size_t account)
{
    size_t room = pacing->sender_room;
    if (account < room)
        return;
    pacing->sender_room = account + 1;
    pacing->senders = mem_realloc(pacing->senders, pacing->sender_room *
                                                       sizeof(struct sender *));
    while (room < pacing->sender_room)
        pacing->senders[room++] = NULL;
}

static struct sender *need_sender(struct pacing *pacing, size_t account)
{
    make_sender_room(pacing, account);
    struct sender *sender = pacing->senders[account];
    if (sender == NULL) {
        sender = mem_zalloc(1, sizeof(*sender));
        sender->account = account;
        sender->due.thing = sender;
        pacing->senders[account] = sender;
    }
    return sender;
}

static bool has_turns(const struct sender *sender)
{
    return sender->answers.count + sender->bulk.count > 0;
}

/* When what has waited since then goes out. */
static uint64_t sender_opens(const struct pacing *pacing,
                             const struct sender *sender, uint64_t since_ms)
{
    uint64_t opens_ms = bucket_opens_ms(&sender->bucket, &pacing->account_rate);
    return opens_ms > since_ms ? opens_ms + sender->jitter_ms : since_ms;
}

static void update_sender(struct pacing *pacing, struct sender *sender)
{
    const struct heap_node *closed = heap_first(&sender->closed);
    if (!has_turns(sender) && closed == NULL) {
        heap_remove(&pacing->due, &sender->due);
        return;
    }
    uint64_t since_ms = has_turns(sender) ? sender->since_ms : closed->key;
    heap_put(&pacing->due, &sender->due, sender_opens(pacing, sender, since_ms),
             sender->account);
}

/* ---- lines ------------------------------------------------------------ */

static struct line *create_line(struct pacing *pacing, size_t account)
{
    struct line *line = mem_zalloc(1, sizeof(*line));
    line->sender = need_sender(pacing, account);
    line->turn.thing = line;
    return line;
}

/* It is remembered, though nobody waits there. */
static void rest(struct pacing *pacing, struct line *line)
{
    line->rested_longer = pacing->rested_least;
    line->rested_less = NULL;
    if (pacing->rested_least != NULL)
        pacing->rested_least->rested_less = line;
    else
        pacing->rested_longest = line;
    pacing->rested_least = line;
    pacing->resting++;
}

static void wake(struct pacing *pacing, struct line *line)
{
    if (line->rested_longer != NULL)
        line->rested_longer->rested_less = line->rested_less;
    else
        pacing->rested_longest = line->rested_less;
    if (line->rested_less != NULL)
        line->rested_less->rested_longer = line->rested_longer;
    else
        pacing->rested_least = line->rested_longer;
    pacing->resting--;
}

static void drop_line(struct pacing *pacing, struct line *line)
{
    if (line->node.chat.id != 0)
        chat_table_remove(pacing->lines, &line->node);
    free(line);
}

/* There is nothing to remember of it. */
static bool is_idle(const struct line *line, uint64_t now_ms)
{
    return bucket_is_full(&line->bucket, now_ms) && !is_heard(line, now_ms);
}

/* The one that has rested longest is the first to be idle, or nearly. */
static void sweep(struct pacing *pacing)
{
    for (size_t i = 0; i < SWEEP && pacing->rested_longest != NULL; i++) {
        struct line *line = pacing->rested_longest;
        if (pacing->resting <= PACING_CHATS_MAX &&
            !is_idle(line, pacing->now_ms))
            return;
        assert(line->rested_longer == NULL);
        wake(pacing, line);
        drop_line(pacing, line);
    }
}

/* The chat's line, awake. */
static struct line *need_line(struct pacing *pacing,
                              const struct pacing_chat *chat)
{
    struct line *line =
        chat->id == 0 ? NULL : chat_table_find(pacing->lines, chat);
    if (line != NULL) {
        if (line->first == NULL)
            wake(pacing, line);
        return line;
    }
    sweep(pacing);
    line = create_line(pacing, chat->account);
    if (chat->id != 0)
        chat_table_add(pacing->lines, &line->node, chat, line);
    return line;
}

/* Nobody waits there any more. */
static void let_rest(struct pacing *pacing, struct line *line)
{
    if (line->node.chat.id == 0 || is_idle(line, pacing->now_ms)) {
        drop_line(pacing, line);
        return;
    }
    rest(pacing, line);
    if (pacing->resting > PACING_CHATS_MAX)
        sweep(pacing);
}

static struct crowd *crowd_of(struct line *line)
{
    return line->is_answer ? &line->sender->answer_crowd
                           : &line->sender->bulk_crowd;
}

static void recount(struct line *line, size_t waiting, uint64_t now_ms)
{
    crowd_change(crowd_of(line), line->waiting, 0);
    line->waiting = waiting;
    line->is_answer = is_heard(line, now_ms);
    crowd_change(crowd_of(line), 0, line->waiting);
}

/* ---- whose turn it is -------------------------------------------------- */

static void put_turn(struct line *line, uint64_t since_ms)
{
    struct sender *sender = line->sender;
    line->heap = is_heard(line, since_ms) ? &sender->answers : &sender->bulk;
    if (!has_turns(sender))
        sender->since_ms = since_ms;
    if (line->heap == &sender->bulk && sender->bulk.count == 0)
        sender->bulk_since_ms = since_ms;
    heap_put(line->heap, &line->turn, line->first->number, 0);
}

static void take_out(struct line *line)
{
    if (line->heap != NULL)
        heap_remove(line->heap, &line->turn);
    line->heap = NULL;
}

/* If the first of the line is ready, it waits for its turn since now. */
static void line_up(struct pacing *pacing, struct line *line)
{
    const struct pacing_item *item = line->first;
    if (item != NULL && item->is_ready && line->heap == NULL) {
        uint64_t opens_ms =
            bucket_opens_ms(&line->bucket, rate_of(pacing, line));
        if (opens_ms > pacing->now_ms) {
            line->heap = &line->sender->closed;
            heap_put(line->heap, &line->turn, opens_ms + draw_jitter(pacing),
                     item->number);
        } else {
            put_turn(line, pacing->now_ms);
        }
    }
    update_sender(pacing, line->sender);
}

/* Lines whose bucket has a token by now. */
static void open_lines(struct sender *sender, uint64_t now_ms)
{
    struct heap_node *node;
    while ((node = heap_first(&sender->closed)) != NULL &&
           node->key <= now_ms) {
        struct line *line = node->thing;
        uint64_t since_ms = node->key;
        take_out(line);
        put_turn(line, since_ms);
    }
}

/* Where somebody had spoken, but too long ago by now. */
static void demote(struct sender *sender, uint64_t now_ms)
{
    struct heap_node *node;
    while ((node = heap_first(&sender->answers)) != NULL &&
           !is_heard(node->thing, now_ms)) {
        struct line *line = node->thing;
        take_out(line);
        put_turn(line, now_ms);
        recount(line, line->waiting, now_ms);
    }
}

/* An account so slow that a token takes longer than bulk has to wait sends both
 * in turn. */
static struct line *choose(const struct sender *sender, uint64_t now_ms)
{
    const struct heap_node *answer = heap_first(&sender->answers);
    const struct heap_node *bulk = heap_first(&sender->bulk);
    if (answer == NULL)
        return bulk->thing;
    if (bulk != NULL && sender->is_passed_over &&
        now_ms - sender->bulk_since_ms >= PACING_PASS_OVER_MS)
        return bulk->thing;
    return answer->thing;
}

static void note_choice(struct sender *sender, const struct line *line,
                        uint64_t now_ms)
{
    sender->is_passed_over = line->heap == &sender->answers;
    if (!sender->is_passed_over)
        sender->bulk_since_ms = now_ms;
}

/* The first of the line goes out. */
static struct pacing_item *send_first(struct pacing *pacing, struct line *line)
{
    struct sender *sender = line->sender;
    struct pacing_item *item = line->first;
    uint64_t now_ms = pacing->now_ms;
    note_choice(sender, line, now_ms);
    take_out(line);
    bucket_take(&line->bucket, rate_of(pacing, line), now_ms);
    bucket_take(&sender->bucket, &pacing->account_rate, now_ms);
    sender->jitter_ms = draw_jitter(pacing);
    sender->since_ms = now_ms;
    item->is_ready = false;
    item->is_out = true;
    recount(line, line->waiting - 1, now_ms);
    update_sender(pacing, sender);
    return item;
}

/* ---- items ------------------------------------------------------------ */

static struct pacing_item *take_item(struct pacing *pacing)
{
    struct pacing_item *item = pacing->free_items;
    if (item != NULL)
        pacing->free_items = item->behind;
    else
        item = &pacing->items[pacing->items_used++];
    return item;
}

static void append(struct line *line, struct pacing_item *item)
{
    item->before = line->last;
    if (line->last != NULL)
        line->last->behind = item;
    else
        line->first = item;
    line->last = item;
}

static void unlink_item(struct line *line, struct pacing_item *item)
{
    if (item->before != NULL)
        item->before->behind = item->behind;
    else
        line->first = item->behind;
    if (item->behind != NULL)
        item->behind->before = item->before;
    else
        line->last = item->before;
}

struct pacing_item *pacing_join(struct pacing *pacing,
                                const struct pacing_chat *chat, void *ctx,
                                uint64_t now_ms)
{
    if (pacing->waiting == pacing->capacity)
        return NULL;
    pacing->now_ms = now_ms;
    struct line *line = need_line(pacing, chat);
    struct pacing_item *item = take_item(pacing);
    *item = (struct pacing_item){
        .line = line, .ctx = ctx, .number = ++pacing->joined};
    append(line, item);
    recount(line, line->waiting + 1, now_ms);
    line->sender->items++;
    pacing->waiting++;
    return item;
}

void pacing_make_ready(struct pacing *pacing, struct pacing_item *item,
                       uint64_t now_ms)
{
    struct line *line = item->line;
    pacing->now_ms = now_ms;
    if (item->is_out)
        recount(line, line->waiting + 1, now_ms);
    item->is_out = false;
    item->is_ready = true;
    line_up(pacing, line);
}

struct pacing_item *pacing_next(struct pacing *pacing, uint64_t now_ms)
{
    const struct heap_node *due = heap_first(&pacing->due);
    pacing->now_ms = now_ms;
    if (due == NULL || due->key > now_ms)
        return NULL;
    struct sender *sender = due->thing;
    open_lines(sender, now_ms);
    demote(sender, now_ms);
    return send_first(pacing, choose(sender, now_ms));
}

void *pacing_ctx(const struct pacing_item *item)
{
    return item->ctx;
}

void pacing_leave(struct pacing *pacing, struct pacing_item *item)
{
    struct line *line = item->line;
    bool was_first = item == line->first;
    if (was_first)
        take_out(line);
    unlink_item(line, item);
    if (!item->is_out)
        recount(line, line->waiting - 1, pacing->now_ms);
    line->sender->items--;
    pacing->waiting--;
    *item = (struct pacing_item){.behind = pacing->free_items};
    pacing->free_items = item;
    if (was_first)
        line_up(pacing, line);
    if (line->first == NULL)
        let_rest(pacing, line);
}

uint64_t pacing_due(const struct pacing *pacing, uint64_t now_ms)
{
    const struct heap_node *due = heap_first(&pacing->due);
    return due == NULL ? UINT64_MAX : later(due->key, now_ms);
}

/* Without a limit for accounts nobody waits for anybody else's chat. */
void pacing_heard(struct pacing *pacing, const struct pacing_chat *chat,
                  uint64_t now_ms)
{
    pacing->now_ms = now_ms;
    if (pacing->account_rate.token_us == 0 || chat->id == 0)
        return;
    struct line *line = need_line(pacing, chat);
    bool is_in_bulk = line->heap == &line->sender->bulk;
    line->heard_until_ms = now_ms + PACING_HEARD_MS;
    recount(line, line->waiting, now_ms);
    if (is_in_bulk) {
        take_out(line);
        line->heap = &line->sender->answers;
        heap_put(line->heap, &line->turn, line->first->number, 0);
    }
    if (line->first == NULL)
        let_rest(pacing, line);
}

/* ---- how long it would take -------------------------------------------- */

/* Tokens that are taken before one's own until then. */
static uint64_t ahead_until(const struct pacing *pacing,
                            const struct sender *sender, bool is_answer,
                            uint64_t wait_ms)
{
    const struct bucket_rate *rate = &pacing->chat_rate;
    uint64_t of_each = UINT32_MAX;
    if (rate->token_us != 0)
        of_each = rate->burst + wait_ms * 1000 / rate->token_us;
    size_t bulk = crowd_front(&sender->bulk_crowd, of_each);
    uint64_t passed_over = 1 + wait_ms / PACING_PASS_OVER_MS;
    if (is_answer && bulk > passed_over)
        bulk = passed_over;
    return crowd_front(&sender->answer_crowd, of_each) + bulk;
}

static uint64_t all_ahead(const struct sender *sender)
{
    return crowd_front(&sender->bulk_crowd, UINT32_MAX) +
           crowd_front(&sender->answer_crowd, UINT32_MAX);
}

/* The account is busy with others, or the chat has no token: the sum of both is
 * enough. Who is ahead depends on how long it takes, so go there step by
 * step. */
static uint64_t estimate(const struct pacing *pacing,
                         const struct sender *sender, bool is_answer,
                         uint64_t own_ms, uint64_t now_ms)
{
    uint64_t jitter_ms = pacing->options.jitter_ms, wait_ms = own_ms;
    for (size_t i = 0; i < STEPS_MAX; i++) {
        uint64_t ahead = ahead_until(pacing, sender, is_answer, wait_ms);
        uint64_t next_ms =
            own_ms + bucket_wait_ms(&sender->bucket, &pacing->account_rate,
                                    ahead + 1, jitter_ms, now_ms);
        if (next_ms <= wait_ms)
            return wait_ms;
        wait_ms = next_ms;
    }
    return own_ms + bucket_wait_ms(&sender->bucket, &pacing->account_rate,
                                   all_ahead(sender) + 1, jitter_ms, now_ms);
}

uint64_t pacing_wait_ms(const struct pacing *pacing,
                        const struct pacing_chat *chat, uint64_t now_ms)
{
    const struct sender *sender = find_sender(pacing, chat->account);
    const struct line *line =
        chat->id == 0 ? NULL : chat_table_find(pacing->lines, chat);
    uint64_t jitter_ms = pacing->options.jitter_ms, own_ms = 0;
    if (sender == NULL)
        return 0;
    if (line != NULL)
        own_ms = bucket_wait_ms(&line->bucket, &pacing->chat_rate,
                                line->waiting + 1, jitter_ms, now_ms);
    uint64_t wait_ms = estimate(
        pacing, sender, line != NULL && is_heard(line, now_ms), own_ms, now_ms);
    return wait_ms == 0 ? 0 : wait_ms + jitter_ms;
}

/* ---- all of them ------------------------------------------------------- */

static bool is_same(const struct pacing_options *one,
                    const struct pacing_options *other)
{
    return one->account_per_second == other->account_per_second &&
           one->chat_per_second == other->chat_per_second &&
           one->account_burst == other->account_burst &&
           one->chat_burst == other->chat_burst &&
           one->jitter_ms == other->jitter_ms;
}

static void change_senders(struct pacing *pacing,
                           const struct bucket_rate *before)
{
    for (size_t i = 0; i < pacing->sender_room; i++) {
        struct sender *sender = pacing->senders[i];
        if (sender == NULL)
            continue;
        bucket_change_rate(&sender->bucket, before, &pacing->account_rate,
                           pacing->now_ms);
        sender->jitter_ms = 0;
        update_sender(pacing, sender);
    }
}

static void change_lines(struct pacing *pacing,
                         const struct bucket_rate *before)
{
    for (size_t i = 0; i < CHAT_TABLE_PLACES; i++)
        for (struct chat_node *node = pacing->lines->places[i]; node != NULL;
             node = node->next) {
            struct line *line = node->thing;
            bucket_change_rate(&line->bucket, before, &pacing->chat_rate,
                               pacing->now_ms);
            take_out(line);
            line_up(pacing, line);
        }
}

void pacing_set_options(struct pacing *pacing,
                        const struct pacing_options *options, uint64_t now_ms)
{
    const struct bucket_rate account_before = pacing->account_rate;
    const struct bucket_rate chat_before = pacing->chat_rate;
    pacing->now_ms = now_ms;
    if (is_same(&pacing->options, options))
        return;
    pacing->options = *options;
    pacing->account_rate =
        bucket_rate_of(options->account_per_second, options->account_burst);
    pacing->chat_rate =
        bucket_rate_of(options->chat_per_second, options->chat_burst);
    change_senders(pacing, &account_before);
    change_lines(pacing, &chat_before);
}

size_t pacing_waiting(const struct pacing *pacing)
{
    return pacing->waiting;
}

size_t pacing_waiting_of(const struct pacing *pacing, size_t account)
{
    const struct sender *sender = find_sender(pacing, account);
    return sender == NULL ? 0 : sender->items;
}

size_t pacing_chats(const struct pacing *pacing)
{
    return pacing->lines->count;
}

void pacing_forget_account(struct pacing *pacing, size_t account)
{
    struct sender *sender = find_sender(pacing, account);
    if (sender == NULL || sender->items > 0)
        return;
    for (struct line *line = pacing->rested_longest, *next; line != NULL;
         line = next) {
        next = line->rested_less;
        if (line->sender != sender)
            continue;
        wake(pacing, line);
        drop_line(pacing, line);
    }
    pacing->senders[account] = NULL;
    free_sender(sender);
}
