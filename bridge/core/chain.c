/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
    /* What a stream on this machine is kept busy with; doubled by each window
     * that is stored whole, until the first refusal. */
    WINDOW_FIRST = 64,
    SLOTS = CHAIN_WINDOW_MAX,
};

enum slot_state { SLOT_UNANSWERED, SLOT_STORED, SLOT_REFUSED, SLOT_UNFIT };

struct slot {
    struct chain_event event;
    uint64_t sent_ms;
    enum slot_state state;
};

/* A ring: the slot of a ticket is at ticket % SLOTS. Something that is passed
 * over has a slot too, and with it a ticket that nobody is told. */
struct chain {
    struct slot slots[SLOTS];
    uint64_t first, next; /* tickets */
    size_t bytes;         /* of what is on its way */
    uint64_t stored;
    enum chain_order order;
    uint64_t last_sent;  /* of this run; 0: none */
    uint64_t last_place; /* that it has, or will have; 0: not known */
    bool is_broken; /* some were refused: nothing is sent until it is mended */
    size_t window;
    size_t threshold; /* above it the window grows by one, not by as much */
    size_t credit;    /* stored since it last grew */
};

struct chain *chain_create(uint64_t stored)
{
    struct chain *chain = mem_zalloc(1, sizeof(*chain));
    chain->stored = stored;
    chain->order = CHAIN_ALONE;
    chain->window = WINDOW_FIRST;
    chain->threshold = CHAIN_WINDOW_MAX;
    return chain;
}

void chain_destroy(struct chain *chain)
{
    free(chain);
}

void chain_restart(struct chain *chain, uint64_t stored)
{
    chain->first = chain->next;
    chain->stored = stored;
    chain->last_sent = 0;
    chain->last_place = 0;
    chain->bytes = 0;
    chain->is_broken = false;
}

/* A run does not go on in another order. */
void chain_order(struct chain *chain, enum chain_order order)
{
    if (order == chain->order)
        return;
    chain->order = order;
    chain->last_sent = 0;
    chain->last_place = 0;
}

static struct slot *slot_of(struct chain *chain, uint64_t ticket)
{
    return &chain->slots[ticket % SLOTS];
}

/* Behind an event that it cannot name nothing is sent. */
static bool can_follow(const struct chain *chain)
{
    if (chain->first == chain->next)
        return true;
    return chain->order == CHAIN_BY_PLACE ? chain->last_place != 0
                                          : chain->last_sent != 0;
}

bool chain_has_room(const struct chain *chain)
{
    return !chain->is_broken && chain_count(chain) < chain_window(chain) &&
           chain->bytes < CHAIN_BYTES_MAX && can_follow(chain);
}

/* A run by place goes on when all of it is stored: nobody else writes. */
static struct chain_link next_link(struct chain *chain)
{
    struct chain_link link = {.ticket = chain->next};
    if (chain->order == CHAIN_BY_PLACE)
        link.place = chain->last_place;
    else if (chain->order == CHAIN_BY_ID && chain->first != chain->next)
        link.behind = chain->last_sent;
    return link;
}

struct chain_link chain_send(struct chain *chain,
                             const struct chain_event *event, uint64_t now_ms)
{
    assert(chain_has_room(chain) && event->seq > chain->stored);
    const struct chain_link link = next_link(chain);
    *slot_of(chain, chain->next++) =
        (struct slot){.event = *event, .sent_ms = now_ms};
    chain->last_sent = event->seq;
    chain->last_place = link.place == 0 ? 0 : link.place + 1;
    chain->bytes += event->bytes;
    return link;
}

/* ---- answers ------------------------------------------------------------- */

static void grow(struct chain *chain)
{
    if (++chain->credit < chain->window || chain->window == CHAIN_WINDOW_MAX)
        return;
    chain->credit = 0;
    size_t wider = chain->window < chain->threshold ? 2 * chain->window
                                                    : chain->window + 1;
    chain->window = wider < CHAIN_WINDOW_MAX ? wider : CHAIN_WINDOW_MAX;
}

static void shrink(struct chain *chain)
{
    chain->window = chain->window > 1 ? chain->window / 2 : 1;
    chain->threshold = chain->window;
    chain->credit = 0;
}

/* What is settled at the beginning leaves. */
static void settle(struct chain *chain)
{
    while (chain->first < chain->next) {
        const struct slot *slot = slot_of(chain, chain->first);
        if (slot->state != SLOT_STORED && slot->state != SLOT_UNFIT)
            return;
        chain->stored = slot->event.seq;
        chain->bytes -= slot->event.bytes;
        chain->first++;
    }
}

void chain_pass(struct chain *chain, uint64_t seq)
{
    assert(chain_has_room(chain) && seq > chain->stored);
    *slot_of(chain, chain->next++) =
        (struct slot){.event.seq = seq, .state = SLOT_UNFIT};
    settle(chain);
}

/* Of the last one the place is known from what it named, but for a head. */
static void note_place(struct chain *chain, enum chain_answer answer,
                       uint64_t place)
{
    if (answer == CHAIN_STORED && chain->last_place == 0)
        chain->last_place = place;
    else if (answer == CHAIN_UNFIT && chain->last_place != 0)
        chain->last_place--; /* it has none */
}

uint64_t chain_on_answer(struct chain *chain, uint64_t ticket,
                         enum chain_answer answer, uint64_t place)
{
    static const enum slot_state states[] = {
        [CHAIN_STORED] = SLOT_STORED,
        [CHAIN_REFUSED] = SLOT_REFUSED,
        [CHAIN_UNFIT] = SLOT_UNFIT,
    };
    if (ticket < chain->first || ticket >= chain->next ||
        slot_of(chain, ticket)->state != SLOT_UNANSWERED)
        return 0;
    uint64_t seq = slot_of(chain, ticket)->event.seq;
    slot_of(chain, ticket)->state = states[answer];
    if (answer == CHAIN_REFUSED)
        chain->is_broken = true;
    if (answer == CHAIN_STORED)
        grow(chain);
    if (ticket + 1 == chain->next)
        note_place(chain, answer, place);
    settle(chain);
    return seq;
}

bool chain_mend(struct chain *chain)
{
    if (!chain->is_broken || chain_waits_since_ms(chain) != UINT64_MAX)
        return false;
    shrink(chain);
    chain_restart(chain, chain->stored);
    return true;
}

/* ---- looking --------------------------------------------------------------
 */

uint64_t chain_stored(const struct chain *chain)
{
    return chain->stored;
}

uint64_t chain_oldest_ms(const struct chain *chain)
{
    return chain->first == chain->next
               ? 0
               : chain->slots[chain->first % SLOTS].event.time_ms;
}

/* Usually the first slot; more are looked at only where a refusal has come
 * before the answers to those in front of it. */
uint64_t chain_waits_since_ms(const struct chain *chain)
{
    for (uint64_t i = chain->first; i < chain->next; i++)
        if (chain->slots[i % SLOTS].state == SLOT_UNANSWERED)
            return chain->slots[i % SLOTS].sent_ms;
    return UINT64_MAX;
}

size_t chain_count(const struct chain *chain)
{
    return (size_t)(chain->next - chain->first);
}

size_t chain_window(const struct chain *chain)
{
    return chain->order == CHAIN_ALONE ? 1 : chain->window;
}
