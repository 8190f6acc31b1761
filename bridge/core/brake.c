/* SPDX-License-Identifier: MIT */
#include "brake.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

/* Neighbours of a pair's place, among which the longest quiet one goes. */
enum { WAYS = 4 };

/* One chat: when the bot spoke there last, by the clock below. */
struct chat {
    uint64_t hash;
    uint64_t said;
};

/* One pair: when the last turns were, in a ring. */
struct turns {
    uint64_t hash;
    uint64_t said_then; /* when the bot had spoken before the last turn */
    uint64_t used;      /* when it was last looked at, by the same clock */
    uint64_t at_ms[BRAKE_TURNS];
    size_t next;
};

struct brake {
    uint64_t seed;
    uint64_t clock; /* counts what is said */
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
void brake_on_said(struct brake *brake, const struct brake_pair *pair)
{
    uint64_t hash = hash_of(brake, pair, false);
    brake->chats[hash % BRAKE_PAIRS] =
        (struct chat){.hash = hash, .said = ++brake->clock};
}

/* When the bot last spoke there; 0: not that it is known. */
static uint64_t last_said(const struct brake *brake,
                          const struct brake_pair *pair)
{
    uint64_t hash = hash_of(brake, pair, false);
    const struct chat *chat = &brake->chats[hash % BRAKE_PAIRS];
    return chat->hash == hash ? chat->said : 0;
}

/* The pair's place, or the one that it would take: the longest quiet one. */
static struct turns *place_of(struct brake *brake, uint64_t hash)
{
    struct turns *oldest = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        struct turns *turns = &brake->pairs[(hash + i) % BRAKE_PAIRS];
        if (turns->hash == hash)
            return turns;
        if (oldest == NULL || turns->used < oldest->used)
            oldest = turns;
    }
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
    uint64_t hash = hash_of(brake, pair, true);
    uint64_t said = last_said(brake, pair);
    if (said == 0 && !is_bot)
        return false;
    struct turns *turns = place_of(brake, hash);
    /* What was said before it is known of is no answer to it. */
    if (turns->hash != hash)
        *turns = (struct turns){.hash = hash, .said_then = said};
    uint64_t oldest_ms = turns->at_ms[turns->next];
    turns->used = ++brake->clock;
    if (oldest_ms != 0 && now_ms - oldest_ms < BRAKE_MS)
        return true;
    if (is_bot || said > turns->said_then)
        take_turn(turns, said, now_ms);
    return false;
}
