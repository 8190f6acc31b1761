/* SPDX-License-Identifier: MIT */
/* What the commands show of the messages from the bus.
 *
 * Their text is strangers': whatever the bytes, what is appended is one line
 * of UTF-8 without a control character, so nobody forges a line or drives the
 * terminal. Pure. Any thread. */
#ifndef ONEBUS_SHOWN_H
#define ONEBUS_SHOWN_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/status.h"
#include "core/json.h"

/* A message of the event socket. Both lie in the message. */
struct shown_event {
    struct slice topic;
    struct slice envelope;
};

/* Take `message` apart at its first NUL; false if it has none. */
bool shown_event_read(struct slice message, struct shown_event *event);

/* Append the event as a line to read: when, the topic, who says or does what;
 * less of it where the envelope is none. */
void shown_append_line(const struct shown_event *event, struct buffer *out);

/* Append topic and envelope as a JSON object; `envelope` is null if it has no
 * JSON form. */
void shown_append_json(const struct shown_event *event, struct buffer *out);

/* Append the reply to a call as JSON. STATUS_INVALID: it has no JSON form;
 * `error` says where and why, and `out` is as it was. */
MUST_CHECK enum status shown_append_reply(struct slice reply,
                                          struct buffer *out,
                                          struct json_error *error);

#endif
