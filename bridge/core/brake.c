/* SPDX-License-Identifier: MIT */
#include "brake.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

/* Neighbours of a pair's place, among which the longest quiet one goes. */
enum { WAYS = 4 };

/* One chat: how often the bot has spoken there. */
struct chat {
    uint64_t hash;
    uint64_t said;
};

/* One pair: when the last turns were, in a ring. */
struct turns {
    uint64_t hash;
    uint64_t said_then; /* how often the bot had spoken at the last turn */
    uint64_t last_ms;
    uint64_t at_ms[BRAKE_TURNS];
    size_t next;
};

struct brake {
    uint64_t seed;
    struct chat chats[BRAKE_PAIRS];
    struct turns pairs[BRAKE_PAIRS];
};

struct brake *brake_create(uint64_t seed)
{
    struct brake *brake = mem_zalloc(1, sizeof(*brake));
    brake->seed = seed;
    return brake;
}

void brake_destroy(struct brake *brake)
{
    free(brake);
}

static uint64_t hash_of(const struct brake *brake,
                        const struct brake_pair *pair, bool with_user)
{
    const int64_t numbers[] = {(int64_t)pair->account, pair->is_group,
                               pair->chat_id, with_user ? pair->user_id : 0};
    uint64_t hash = hash_bytes(
        (struct slice){(const char *)numbers, sizeof(numbers)}, brake->seed);
    return hash == 0 ? 1 : hash;
}

/* A chat that shares its place with another takes it over: at worst a turn is
 * not counted. */
static struct chat *chat_of(struct brake *brake, const struct brake_pair *pair)
{
    uint64_t hash = hash_of(brake, pair, false);
    struct chat *chat = &brake->chats[hash % BRAKE_PAIRS];
    if (chat->hash != hash)
        *chat = (struct chat){.hash = hash};
    return chat;
}

void brake_on_said(struct brake *brake, const struct brake_pair *pair)
{
    chat_of(brake, pair)->said++;
}

static struct turns *turns_of(struct brake *brake,
                              const struct brake_pair *pair)
{
    uint64_t hash = hash_of(brake, pair, true);
    struct turns *oldest = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        struct turns *turns = &brake->pairs[(hash + i) % BRAKE_PAIRS];
        if (turns->hash == hash)
            return turns;
        if (oldest == NULL || turns->last_ms < oldest->last_ms)
            oldest = turns;
    }
    *oldest = (struct turns){.hash = hash};
    return oldest;
}

static void take_turn(struct turns *turns, uint64_t said, uint64_t now_ms)
{
    turns->said_then = said;
    turns->at_ms[turns->next] = now_ms;
    turns->next = (turns->next + 1) % BRAKE_TURNS;
}

bool brake_on_message(struct brake *brake, const struct brake_pair *pair,
                      bool is_bot, uint64_t now_ms)
{
    uint64_t said = chat_of(brake, pair)->said;
    struct turns *turns = turns_of(brake, pair);
    uint64_t oldest_ms = turns->at_ms[turns->next];
    bool is_braked = oldest_ms != 0 && now_ms - oldest_ms < BRAKE_MS;
    turns->last_ms = now_ms;
    if (!is_braked && (is_bot || said != turns->said_then))
        take_turn(turns, said, now_ms);
    return is_braked;
}
