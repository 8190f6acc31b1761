/* SPDX-License-Identifier: MIT */
/* `.handle_quick_operation`: what is to be done about an event, as ordinary
 * actions.
 *
 *   {"context": {the event}, "operation": {"reply": "hi", "delete": true}}
 *       ─▶ send_group_msg, delete_msg
 *
 * OneBot 11 has peers do it by themselves; they do little of it, or nothing,
 * and say `ok`. Which keys an operation may have: onebot-11, event/message and
 * event/request. Pure. Any thread. */
#ifndef ONEBUS_QUICK_H
#define ONEBUS_QUICK_H

#include <stddef.h>

#include "base/buffer.h"
#include "core/request.h"

/* A reply, a recall, a ban, a kick: no event allows more. */
enum { QUICK_STEPS_MAX = 4 };

struct quick_step {
    const char *action;  /* static text */
    struct slice params; /* a MessagePack map, in the plan's buffer */
};

/* Zero-initialised is valid and empty. */
struct quick_plan {
    struct quick_step steps[QUICK_STEPS_MAX]; /* in their order */
    size_t count;                             /* 0: there is nothing to do */
    struct buffer pack;
};

/* Read `params` and replace `plan` by what they ask for. REPLY_BAD_PARAMS:
 * `fault` says which is wrong and what is allowed; the plan is then empty. */
enum reply_error quick_plan(struct slice params, struct quick_plan *plan,
                            char fault[static REQUEST_FAULT_SIZE]);

void quick_finish(struct quick_plan *plan);

#endif
