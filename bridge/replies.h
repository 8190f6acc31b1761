/* SPDX-License-Identifier: MIT */
/* Replies that wait for the journal: one must not leave before what the bridge
 * had heard by then is kept, so that whoever has it may rely on that. In the
 * order in which they came. The loop's thread. */
#ifndef ONEBUS_REPLIES_H
#define ONEBUS_REPLIES_H

#include <stdint.h>

#include "base/buffer.h"

struct held_reply;
struct outlet;
struct ticket;

struct replies {
    struct outlet *outlet;
    struct held_reply *first, **last;
};

void replies_init(struct replies *replies, struct outlet *outlet);

/* Reply once all up to `seq` is kept. */
void replies_send(struct replies *replies, struct ticket *ticket,
                  struct slice payload, uint64_t seq);

/* A turn of the loop is over. */
void replies_on_turn(struct replies *replies);

/* Nothing more is waited for. */
void replies_flush(struct replies *replies);

#endif
