/* SPDX-License-Identifier: MIT */
/* Which send goes out when: QQ freezes accounts that send too fast.
 *
 *     pacing_join ──▶ the chat's line ── ready, first in it ──▶ its turn
 *                                                               pacing_next
 *
 * A chat is a line: what joins later leaves later, whatever else holds. The
 * first of each line takes one token of its chat and one of its account. Of
 * the chats of an account those go first in which somebody has spoken within
 * the last 30 s, for an answer is worth more than bulk; among equals the one
 * that joined first. Answers pass over bulk for 10 s at most: then one of the
 * bulk goes. Accounts do not wait for each other.
 *
 * Who has to wait for a token waits up to `jitter_ms` more, so that what the
 * bot says does not come by the clock. Who need not wait leaves at once.
 *
 * Bounded: so many items wait at a time, and so many chats are remembered of
 * which nobody waits; beyond that the one that has rested longest is forgotten,
 * and with it what it had sent. Times are mono ms. Pure. One thread. */
#ifndef ONEBUS_PACING_H
#define ONEBUS_PACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACING_HEARD_MS = 30 * 1000,
    PACING_PASS_OVER_MS = 10 * 1000,
    /* Remembered though nobody waits there. */
    PACING_CHATS_MAX = 65536,
    PACING_CAPACITY_MAX = 1 << 20,
};

/* A rate of 0 is no limit; a burst of 0 is one of 1. */
struct pacing_options {
    double account_per_second, chat_per_second;
    unsigned account_burst, chat_burst;
    uint64_t jitter_ms;
};

/* Where something is sent. */
struct pacing_chat {
    size_t account; /* account->index */
    bool is_group;
    int64_t id; /* of the group, or the user; 0: none, a line of its own, and
                   only the account's tokens count */
};

struct pacing;
struct pacing_item; /* one send */

/* `seed`: any number that peers do not know. No limits until
 * pacing_set_options(). */
struct pacing *pacing_create(uint64_t seed, size_t capacity);
void pacing_destroy(struct pacing *pacing);

/* Those that wait are paced by the new ones from now on. */
void pacing_set_options(struct pacing *pacing,
                        const struct pacing_options *options, uint64_t now_ms);

/* One send joins its chat's line. It holds back what joins later until it
 * leaves. NULL: `capacity` items wait. */
struct pacing_item *pacing_join(struct pacing *pacing,
                                const struct pacing_chat *chat, void *ctx,
                                uint64_t now_ms);

/* How long an item that joined now would wait. Too low by no more than the
 * jitter, as long as those before it are ready when their turn comes, leave as
 * soon as they are out, and no answers pass it over that join later. */
uint64_t pacing_wait_ms(const struct pacing *pacing,
                        const struct pacing_chat *chat, uint64_t now_ms);

/* It may go out as soon as it is its turn: its media are there; or, once it
 * is out, its next part is. */
void pacing_make_ready(struct pacing *pacing, struct pacing_item *item,
                       uint64_t now_ms);

/* The next one whose turn it is, and that goes out now; it has taken its
 * tokens. It stays first in its chat's line until pacing_leave(). NULL: it is
 * nobody's turn. */
struct pacing_item *pacing_next(struct pacing *pacing, uint64_t now_ms);

void *pacing_ctx(const struct pacing_item *item);

/* Sent, or given up; at any time. */
void pacing_leave(struct pacing *pacing, struct pacing_item *item);

/* When pacing_next() has something: `now_ms` or later; UINT64_MAX: never, as it
 * is. */
uint64_t pacing_due(const struct pacing *pacing, uint64_t now_ms);

/* Somebody has spoken there. */
void pacing_heard(struct pacing *pacing, const struct pacing_chat *chat,
                  uint64_t now_ms);

/* Items that have not left; of all accounts, of one. */
size_t pacing_waiting(const struct pacing *pacing);
size_t pacing_waiting_of(const struct pacing *pacing, size_t account);

/* Chats that are remembered, those with items too. */
size_t pacing_chats(const struct pacing *pacing);

/* There is no such account any more, and nothing of it waits. */
void pacing_forget_account(struct pacing *pacing, size_t account);

#endif
