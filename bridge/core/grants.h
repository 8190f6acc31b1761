/* SPDX-License-Identifier: MIT */
/* Who may ask what of the bridge: a grant is a token and what it covers.
 *
 *     accounts    by their keys in the settings
 *     actions     OneBot's and the bridge's own, by name
 *     chats       group.<group id>, private.<user id>
 *
 * Each is a list of patterns (glob.h). Pure. One thread. */
#ifndef ONEBUS_GRANTS_H
#define ONEBUS_GRANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/complaint.h"
#include "core/glob.h"

enum {
    /* A longer one is nobody's. */
    GRANTS_TOKEN_BYTES_MAX = 1024,
};

/* Strings and lists are borrowed. */
struct grant_options {
    const char *name;
    const char *token; /* a secret, at most GRANTS_TOKEN_BYTES_MAX bytes */
    bool events;       /* may read what was published */
    struct globs accounts, actions, chats;
};

struct grant {
    const char *name;
    bool events;
    struct globs accounts, actions, chats;
    uint64_t calls, denied;        /* with its token; those it did not cover */
    struct complaint_row refusals; /* of those, in the log */
};

struct grants;

/* What the options point to must stay as long as the grants do, but for the
 * tokens, which are copied. */
struct grants *grants_create(const struct grant_options *options, size_t count);
/* Destroying NULL is fine. */
void grants_destroy(struct grants *grants);

/* Go on with the counts of those before that had the same names. */
void grants_keep_counts(struct grants *grants, const struct grants *before);

/* NULL grants are none. */
size_t grants_count(const struct grants *grants);
struct grant *grants_at(const struct grants *grants, size_t index);

/* The grant with this token, NULL if there is none. Takes the same time
 * whatever the token is. */
struct grant *grants_find(struct grants *grants, struct slice token);

bool grant_allows_action(const struct grant *grant, struct slice action);
bool grant_allows_account(const struct grant *grant, struct slice account);

/* `chat`: "group.20002". */
bool grant_allows_chat(const struct grant *grant, struct slice chat);

#endif
