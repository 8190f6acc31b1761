/* SPDX-License-Identifier: MIT */
/* The catalogue: what is known of an action by its name. The data is
 * schema/actions.json, which the build makes a table of. Pure. Any thread. */
#ifndef ONEBUS_CATALOG_H
#define ONEBUS_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "core/peer.h"

/* What a parameter may be. */
enum {
    CATALOG_INT = 1,
    CATALOG_STRING = 2,
    CATALOG_BOOL = 4,
    CATALOG_OBJECT = 8,
    CATALOG_ARRAY = 16,
    CATALOG_MESSAGE = 32, /* a string, a segment or an array of segments */
    CATALOG_NULL = 64,    /* elsewhere null is the same as leaving it out */
};

/* Sets of peers have the bit 1u << enum peer_kind; in `catalog_action.peers`
 * that of PEER_UNKNOWN says that the standard has the action. */
enum { CATALOG_EVERY_PEER = (1 << PEER_KINDS) - 1 };

/* No action has more parameters. */
enum { CATALOG_PARAMS_MAX = 32 };

/* Lists of words end in NULL, and are NULL where there are none. */
struct catalog_param {
    const char *name;
    size_t name_size;
    const char *summary;        /* NULL, or a line for people */
    const char *same_as;        /* NULL, or the one that peers take instead */
    const char *const *aliases; /* callers may use these; it leaves as `name` */
    const char *const *values;  /* all that are allowed */
    const char *warning_if_missing; /* NULL, or what warned_peers then do */
    struct slice fallback; /* MessagePack: what peers take if it is missing */
    unsigned types;
    unsigned item_types;  /* of an array */
    unsigned required_by; /* peers */
    unsigned warned_peers;
    bool is_one_of; /* one of the action's that have this must be given */
    bool is_id;     /* a number of QQ's, or its digits as a string */
    bool is_media;  /* a file: its bytes, a URL, base64 or a path */
    bool is_path;   /* is_media, and only a path on the peer's disk will do */
};

enum catalog_answer {
    CATALOG_ANSWERS,
    CATALOG_MAY_NOT_ANSWER,
    CATALOG_NEVER_ANSWERS,
};

struct catalog_action {
    const char *name;
    const char *summary; /* a line for people */
    const char *note;    /* NULL, or what they must know */
    const struct catalog_param *params;
    size_t param_count;
    unsigned peers;
    enum catalog_answer answer;
    /* No answer to a read means "ask again", while no answer to anything else
     * means "it may have happened". When in doubt it is no read. */
    bool is_read;
    /* Of no use while QQ is offline: it sends something, or changes a chat.
     * Others may be, too, but some of them bring QQ back: `set_restart`. */
    bool needs_qq;
    bool is_speech; /* sends a message into a chat */
    bool is_paced;  /* others see something new: speech, pokes, likes, files */
    bool is_stream; /* several answers to one request */
    bool is_upload; /* a file moves, which takes its time */
};

/* How OneBot 11 lets an action be asked for by a suffix. */
enum catalog_manner {
    CATALOG_PLAIN,
    CATALOG_ASYNC,        /* send_msg_async */
    CATALOG_RATE_LIMITED, /* send_msg_rate_limited */
};

struct catalog_name {
    struct slice name; /* what the peer is to be asked: without alias, suffix */
    const struct catalog_action *action; /* NULL: not in the catalogue */
    enum catalog_manner manner;
    bool is_read; /* by the first word of the name if it is not in there */
    bool needs_qq;
};

/* `name` is a name in the catalogue or an alias, with a suffix or none; of one
 * that is neither nothing is cut off. The result may point into it. */
struct catalog_name catalog_resolve(struct slice name);

/* All actions, sorted by name. */
size_t catalog_count(void);
const struct catalog_action *catalog_at(size_t index);

/* All names by which actions can be asked for, aliases among them, sorted. An
 * alias is what is not its action's name. */
size_t catalog_name_count(void);
struct catalog_name catalog_name_at(size_t index);

/* The parameter of that name; with `by_alias` one that has it as an alias. */
const struct catalog_param *catalog_param(const struct catalog_action *action,
                                          struct slice name, bool *by_alias);

/* `is_read` of what the name resolves to. */
bool catalog_is_read(struct slice action);

#endif
