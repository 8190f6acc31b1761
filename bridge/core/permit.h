/* SPDX-License-Identifier: MIT */
/* May this caller do that? What grants and groups' `tools` say of a request.
 *
 *     permit_enter()   its token, its action; of the bridge's own actions all
 *     permit_call()    the account that it goes to, and the chat
 *     permit_step()    all of it, of an action that it comes to
 *
 * A call's chat is the one that its parameters name: group_id, else user_id.
 * Of an action that may go to either, as send_msg, both must be covered if both
 * are named, but not with message_type group. What is not clear is not covered.
 * One thread. */
#ifndef ONEBUS_PERMIT_H
#define ONEBUS_PERMIT_H

#include <stdbool.h>

#include "base/clock.h"
#include "core/request.h"

struct account;
struct bridge;

/* Sets `request->grant`, good until the settings are others. False: it may not
 * come in, and has been replied to. */
bool permit_enter(struct bridge *bridge, void *ticket, struct request *request,
                  struct instant now);

/* REPLY_FINE, or REPLY_DENIED: `fault` names the setting. */
enum reply_error permit_call(struct bridge *bridge,
                             const struct request *request,
                             const struct account *account,
                             char fault[REQUEST_FAULT_SIZE]);

/* The same of an action that the peer is asked for instead, or besides: its
 * name must be covered, too. */
enum reply_error permit_step(struct bridge *bridge, const struct request *step,
                             const struct account *account,
                             char fault[REQUEST_FAULT_SIZE]);

#endif
