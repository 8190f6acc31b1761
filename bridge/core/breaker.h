/* SPDX-License-Identifier: MIT */
/* Does sending there make sense now? What the peers have told of it, and how
 * the last sends went.
 *
 *   muted        the bot itself is: until the time is up, or it is lifted
 *   whole ban    all of the group are. It does not bind an admin, and nobody
 *                says whether the bot is one: so it is tried, and the first
 *                send that fails stops the others until it is lifted
 *   removed      the bot is no longer in the group, or the group is no more;
 *                until the bot has joined, or somebody is heard there
 *   failing      so many sends in a row were refused, in the chat or by the
 *                account: a pause of 30 s, then one send may try; if it fails
 *                too, a pause of twice as long, up to 10 min
 *
 * A send that succeeds disproves all of them. Bounded: so many chats with
 * something against them; beyond that the one longest unchanged goes, and
 * sends there find out anew. Pure; times are mono ms. One thread. */
#ifndef ONEBUS_BREAKER_H
#define ONEBUS_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pacing.h"

enum {
    /* In a row, for a pause of the chat. */
    BREAKER_CHAT_FAILURES = 3,
    /* For a pause of the account they must be of more chats than the two that
     * come to as many by themselves. */
    BREAKER_ACCOUNT_FAILURES = 6,
    BREAKER_ACCOUNT_CHATS = 3,
    /* Two that are further apart are not in a row. */
    BREAKER_ROW_MS = 10 * 60 * 1000,
    BREAKER_PAUSE_MS = 30 * 1000,
    BREAKER_PAUSE_MAX_MS = 10 * 60 * 1000,
    /* One who may try and says no more is given up after this. */
    BREAKER_TRY_MS = 60 * 1000,
    /* What the others are told meanwhile. */
    BREAKER_RETRY_MS = 1000,
    BREAKER_CHATS_MAX = 4096,
};

/* The worst first. */
enum breaker_why {
    BREAKER_CLOSED, /* the circuit: nothing is against it */
    BREAKER_REMOVED,
    BREAKER_MUTED,
    BREAKER_WHOLE_BAN,
    BREAKER_FAILING_CHAT,
    BREAKER_FAILING_ACCOUNT,
};

enum { BREAKER_WHYS = BREAKER_FAILING_ACCOUNT + 1 };

struct breaker_verdict {
    enum breaker_why why;
    uint64_t retry_after_ms; /* 0: not known */
};

/* One chat, or account if the id is 0, and what is against it. */
struct breaker_entry {
    struct pacing_chat chat;
    struct breaker_verdict verdict;
};

struct breaker;

/* The public word: "muted", "failing"; "" if nothing is against it. */
const char *breaker_why_name(enum breaker_why why);

/* `seed`: any number that peers do not know. */
struct breaker *breaker_create(uint64_t seed);
void breaker_destroy(struct breaker *breaker);

/* May a send go there now? After a pause the first who asks is the one to try,
 * and the others wait until it has told what came of it. */
struct breaker_verdict breaker_ask(struct breaker *breaker,
                                   const struct pacing_chat *chat,
                                   uint64_t now_ms);

/* What is against the chat itself, or the account if the id is 0. After a
 * pause: nothing. */
struct breaker_verdict breaker_look(const struct breaker *breaker,
                                    const struct pacing_chat *chat,
                                    uint64_t now_ms);

/* What came of a send: it arrived; the peer refused it; nobody knows, or it
 * was never sent. One that was asked for before the peer told of a mute or a
 * removal says nothing of that. */
void breaker_on_success(struct breaker *breaker, const struct pacing_chat *chat,
                        uint64_t asked_ms);
void breaker_on_failure(struct breaker *breaker, const struct pacing_chat *chat,
                        uint64_t now_ms);
void breaker_on_unknown(struct breaker *breaker,
                        const struct pacing_chat *chat);

/* What a peer tells of a group. `until_ms` UINT64_MAX: until it is lifted; 0:
 * it is lifted. */
void breaker_set_muted(struct breaker *breaker, const struct pacing_chat *chat,
                       uint64_t until_ms, uint64_t now_ms);
void breaker_set_whole_ban(struct breaker *breaker,
                           const struct pacing_chat *chat, bool is_banned,
                           uint64_t now_ms);
void breaker_set_removed(struct breaker *breaker,
                         const struct pacing_chat *chat, bool is_removed,
                         uint64_t now_ms);

/* Take one mute or pause that is over out of those that run; `over` is what
 * was against that chat or account until now. False: there is none. */
bool breaker_expire(struct breaker *breaker, uint64_t now_ms,
                    struct breaker_entry *over);

/* The peer was away, and the end of what it had told may have come meanwhile:
 * take one of these of the account out; `over` is what was against that chat
 * until now. False: there is none. */
bool breaker_doubt(struct breaker *breaker, size_t account, uint64_t now_ms,
                   struct breaker_entry *over);

/* When one is over next; UINT64_MAX if none runs. */
uint64_t breaker_due(const struct breaker *breaker);

/* The first of what is against the account and its chats, and how many there
 * are in all. */
size_t breaker_list(const struct breaker *breaker, size_t account,
                    struct breaker_entry *entries, size_t entries_max,
                    uint64_t now_ms);

/* How many chats and accounts have what against them, by enum breaker_why. */
void breaker_tally(const struct breaker *breaker, uint64_t counts[BREAKER_WHYS],
                   uint64_t now_ms);

/* Chats and accounts of which something is remembered. */
size_t breaker_count(const struct breaker *breaker);

void breaker_forget_account(struct breaker *breaker, size_t account);

#endif
