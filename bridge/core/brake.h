/* SPDX-License-Identifier: MIT */
/* A brake on bots that answer each other for ever.
 *
 * Somebody in a chat and the bot take turns: the bot says something, they say
 * something that the bot would answer. Twenty turns within a minute are more
 * than people take; then the bot is not to answer until the last minute has had
 * fewer. Who only talks fast takes no turns. Of somebody known to be a bot
 * every word counts as a turn.
 *
 * Bounded: so many pairs and chats at a time, the longest quiet goes first.
 * Pure; times are mono ms. One thread. */
#ifndef ONEBUS_BRAKE_H
#define ONEBUS_BRAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BRAKE_TURNS = 20,
    BRAKE_MS = 60 * 1000,
    BRAKE_PAIRS = 1024,
};

struct brake;

/* Where something is said, and by whom. */
struct brake_pair {
    size_t account;
    bool is_group;
    int64_t chat_id; /* of the group, or the user */
    int64_t user_id;
};

/* `seed`: any number that peers do not know. */
struct brake *brake_create(uint64_t seed);
void brake_destroy(struct brake *brake);

/* The bot says something in the pair's chat, to whomever. */
void brake_on_said(struct brake *brake, const struct brake_pair *pair);

/* They say something that the bot would answer. True: it had better not. */
bool brake_on_message(struct brake *brake, const struct brake_pair *pair,
                      bool is_bot, uint64_t now_ms);

#endif
