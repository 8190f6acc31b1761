/* SPDX-License-Identifier: MIT */
/* Topics: where an event is published, and what a subscriber asks for.
 *
 *   qq.group.<group_id>.<kind>[.<detail>[.<sub>]]
 *   qq.private.<user_id>.<kind>[.<detail>[.<sub>]]
 *   qq.meta.<self_id>.<detail>[.<sub>]
 *   qq.other.<self_id>.<post_type>
 *   qq.bridge.<account>.<what>[.<more>]
 *
 * A token is [A-Za-z0-9_-]+; any other byte becomes `_`, so does an empty one.
 * A token longer than TOPIC_TOKEN_MAX bytes is cut there. In a pattern `*` in
 * the middle stands for one token, as the last one for one or more. Grammar
 * and examples: schema/README.md. Any thread. */
#ifndef ONEBUS_TOPIC_H
#define ONEBUS_TOPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

struct json_value;
struct onebot_frame;

enum {
    TOPIC_TOKEN_MAX = 64,
    /* "qq.private." + five tokens and their dots, rounded up */
    TOPIC_SIZE = 384,
};

enum topic_scope {
    TOPIC_GROUP,
    TOPIC_PRIVATE,
    TOPIC_META,
    TOPIC_OTHER,
    TOPIC_BRIDGE,
};

/* Where an event belongs. Strings are NUL-terminated. */
struct topic {
    enum topic_scope scope;
    char name[TOPIC_SIZE]; /* qq.group.123.message.normal */
    char type[TOPIC_SIZE]; /* message.group.normal, notice.notify.poke */
    char chat[TOPIC_TOKEN_MAX + 1]; /* the id in `name`: 123 */
};

/* The topic of `event`; `self_id` is the link's, for events that lack one. */
void topic_of_event(const struct onebot_frame *event, int64_t self_id,
                    struct topic *topic);

/* The token of an id as peers write them: an int64 in decimal, a string in the
 * grammar's letters, `_` for anything else. Returns its size. */
size_t topic_id_token(const struct json_value *id,
                      char token[static TOPIC_TOKEN_MAX + 1]);

/* The token of any text. Returns its size. */
size_t topic_token(struct slice text, char token[static TOPIC_TOKEN_MAX + 1]);

/* qq.bridge.<account>.<what>; `what` is ours and may hold dots. Its type is
 * bridge.<what>. */
void topic_of_bridge(const char *account, const char *what,
                     struct topic *topic);

/* Whether `pattern` is a well-formed pattern: tokens of the grammar or `*`,
 * separated by dots, the first one not empty. A pattern without `*` that ends
 * in a dot is a plain prefix. */
bool topic_pattern_valid(const char *pattern);

/* The longest prefix that every match of `pattern` begins with, and that ends
 * in a dot or, for a pattern without `*`, in the NUL behind the topic: what to
 * subscribe to. Returns its size in bytes. */
size_t topic_pattern_prefix(const char *pattern, char prefix[TOPIC_SIZE]);

bool topic_matches(const char *pattern, struct slice topic);

#endif
