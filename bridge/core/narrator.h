/* SPDX-License-Identifier: MIT */
/* What goes by, a line of log at level debug for each event and each call:
 *
 *     event: message.group.normal account=a seq=42 group=20002 user=30003 …
 *     call: made action="send_group_msg" account="a" group=20002 …
 *     call: ended action="send_group_msg" account="a" status=ok ms=12 …
 *
 * with as much of what was said as bridge.log.content allows: `text`, visible
 * and bounded, and `cut=true` if there was more. Who calls has seen that it is
 * wanted (bridge->narrates_…): else nothing is read. One thread. */
#ifndef ONEBUS_NARRATOR_H
#define ONEBUS_NARRATOR_H

#include "base/buffer.h"

struct bridge;
struct ledger_call;
struct reply;
struct request;

/* `message`: topic, NUL, envelope. */
void narrator_on_event(struct bridge *bridge, struct slice message);

void narrator_on_call(struct bridge *bridge, const struct ledger_call *call,
                      const struct request *request);

/* It has been replied to, or refused. */
void narrator_on_reply(struct bridge *bridge, const struct ledger_call *call,
                       const struct reply *reply);

#endif
