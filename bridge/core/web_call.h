/* SPDX-License-Identifier: MIT */
/* The bridge's own actions, asked for by HTTP: what came as JSON becomes the
 * request of request.h, and its reply becomes JSON. Pure. Any thread. */
#ifndef ONEBUS_WEB_CALL_H
#define ONEBUS_WEB_CALL_H

#include "base/buffer.h"
#include "base/status.h"

enum { WEB_CALL_FAULT_SIZE = 256 };

/* Replace `request` by a request for `action`, with `params`, a MessagePack
 * map (empty: none), and `token` (empty: none). */
void web_call_pack(struct slice action, struct slice params, struct slice token,
                   struct buffer *request);

/* The same of {"action": "bridge.…", "params": {…}}. STATUS_INVALID: `fault`
 * says what is wrong with it. */
MUST_CHECK enum status web_call_read(struct slice body, struct slice token,
                                     struct buffer *request,
                                     char fault[static WEB_CALL_FAULT_SIZE]);

/* Append MessagePack as JSON; what has no JSON form becomes null. */
void web_call_print(struct slice pack, struct buffer *json);

#endif
