/* SPDX-License-Identifier: MIT */
/* What the bot says, and where, in so few bytes that it can be kept of every
 * call: by this its own message is known again when it comes back as an event
 * or in a chat's history.
 *
 * Compared are the text, all of it in one and without blanks around it, and
 * the types of the other segments in their order. Peers turn one type into
 * another (`mface` comes back as `image`, a card as `json`) and lose some on
 * the way (`reply`, `poke`): those that are the same on the way back count as
 * one, those that may be lost as none. Pure. Any thread. */
#ifndef ONEBUS_UTTERANCE_H
#define ONEBUS_UTTERANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct utterance {
    bool is_group;
    int64_t chat_id; /* of the group or the user; 0: nothing, or nowhere */
    uint64_t text;   /* hashes */
    uint64_t kinds;
};

/* What `action` says with these params, as the peer is sent them. False: it
 * says nothing that could be known again; `utterance` is then empty.
 * `seed`: any number that peers do not know, always the same. */
bool utterance_of_call(struct slice action, struct slice params, uint64_t seed,
                       struct utterance *utterance);

/* What a message in this chat says: MessagePack, an array of segments, one
 * segment or a CQ string. False as above. */
bool utterance_of_message(bool is_group, int64_t chat_id, struct slice message,
                          uint64_t seed, struct utterance *utterance);

bool utterance_is_same(const struct utterance *one,
                       const struct utterance *other);

#endif
