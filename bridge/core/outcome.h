/* SPDX-License-Identifier: MIT */
/* What has come of a job's steps so far, and the reply that this makes. Plain
 * data. One thread. */
#ifndef ONEBUS_OUTCOME_H
#define ONEBUS_OUTCOME_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/request.h"

struct outcome {
    struct buffer data; /* of the last message that was sent */
    struct buffer ids;  /* MessagePack: of all of them, one after the other */
    size_t id_count;
    struct buffer built; /* the data of the reply */
    char text[REQUEST_FAULT_SIZE];
};

/* A message has been sent; this is what the peer answered. */
void outcome_add_message(struct outcome *outcome, struct slice data);

/* All `steps` are done, of several: `reply`, to the last one, becomes that to
 * the whole: `data.message_ids` names what was sent. */
void outcome_complete(struct outcome *outcome, struct reply *reply);

/* After `done` of `steps` this came, and the rest was not tried. */
void outcome_break(struct outcome *outcome, size_t done, size_t steps,
                   struct reply *reply);

/* The data of a refusal for now: {"retry_after_ms": …}. */
void outcome_retry_after(struct outcome *outcome, uint64_t retry_after_ms,
                         struct reply *reply);

void outcome_finish(struct outcome *outcome);

#endif
