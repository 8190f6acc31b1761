/* SPDX-License-Identifier: MIT */
#include "grants.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A token, zeros behind it, so that each is compared over the whole length. No
 * token has a zero in it. */
struct padded {
    uint64_t words[GRANTS_TOKEN_BYTES_MAX / sizeof(uint64_t)];
    uint64_t size;
};

enum { WORDS = sizeof(((struct padded *)NULL)->words) / sizeof(uint64_t) };

struct grants {
    struct grant *items;
    struct padded *tokens;
    size_t count;
};

static void pad(struct padded *padded, struct slice token)
{
    *padded = (struct padded){.size = token.size};
    if (token.size > 0 && token.size <= GRANTS_TOKEN_BYTES_MAX)
        memcpy(padded->words, token.data, token.size);
}

struct grants *grants_create(const struct grant_options *options, size_t count)
{
    struct grants *grants = mem_zalloc(1, sizeof(*grants));
    grants->count = count;
    grants->items = mem_zalloc(count, sizeof(struct grant));
    grants->tokens = mem_zalloc(count, sizeof(struct padded));
    for (size_t i = 0; i < count; i++) {
        assert(options[i].token[0] != '\0');
        pad(&grants->tokens[i], slice_of(options[i].token));
        grants->items[i] = (struct grant){
            .name = options[i].name,
            .events = options[i].events,
            .accounts = options[i].accounts,
            .actions = options[i].actions,
            .chats = options[i].chats,
        };
    }
    return grants;
}

void grants_destroy(struct grants *grants)
{
    if (grants == NULL)
        return;
    free(grants->items);
    free(grants->tokens);
    free(grants);
}

static void keep_counts_of(struct grant *grant, const struct grants *before)
{
    for (size_t i = 0; i < before->count; i++) {
        if (strcmp(grant->name, before->items[i].name) != 0)
            continue;
        grant->calls = before->items[i].calls;
        grant->denied = before->items[i].denied;
        grant->refusals = before->items[i].refusals;
    }
}

void grants_keep_counts(struct grants *grants, const struct grants *before)
{
    for (size_t i = 0; before != NULL && i < grants->count; i++)
        keep_counts_of(&grants->items[i], before);
}

size_t grants_count(const struct grants *grants)
{
    return grants == NULL ? 0 : grants->count;
}

struct grant *grants_at(const struct grants *grants, size_t index)
{
    return &grants->items[index];
}

/* All zero if they are the same. */
static uint64_t difference(const struct padded *one, const struct padded *other)
{
    uint64_t bits = one->size ^ other->size;
    for (size_t i = 0; i < WORDS; i++)
        bits |= one->words[i] ^ other->words[i];
    return bits;
}

/* 0 for 0, else all ones, without a branch. */
static uint64_t mask_of(uint64_t bits)
{
    return 0 - ((bits | (0 - bits)) >> 63);
}

struct grant *grants_find(struct grants *grants, struct slice token)
{
    struct padded asked;
    uint64_t found = 0; /* its index and one */
    pad(&asked, token);
    for (size_t i = 0; i < grants->count; i++)
        found |= (i + 1) & ~mask_of(difference(&grants->tokens[i], &asked));
    return found == 0 ? NULL : &grants->items[found - 1];
}

bool grant_allows_action(const struct grant *grant, struct slice action)
{
    return globs_match(&grant->actions, action);
}

bool grant_allows_account(const struct grant *grant, struct slice account)
{
    return globs_match(&grant->accounts, account);
}

bool grant_allows_chat(const struct grant *grant, struct slice chat)
{
    return globs_match(&grant->chats, chat);
}
