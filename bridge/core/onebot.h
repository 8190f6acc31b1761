/* SPDX-License-Identifier: MIT */
/* A frame from a OneBot 11 implementation: event, answer, or neither.
 *
 * They are told apart by shape: an event has a `post_type` (a string that is
 * not empty), an answer has `retcode` (an integer) and `status` (a string) and
 * no `post_type`. Neither key order nor `echo` nor `status` alone tells:
 * heartbeats have a `status` object, go-cqhttp leaves `echo` out. Of duplicate
 * keys the last one counts. Any thread. */
#ifndef ONEBUS_ONEBOT_H
#define ONEBUS_ONEBOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "core/json_read.h"

enum onebot_kind {
    ONEBOT_EVENT,
    ONEBOT_ANSWER,
    ONEBOT_OTHER, /* a document, but neither of them */
};

/* What an event tells of, by its `post_type`. */
enum onebot_post {
    ONEBOT_POST_UNKNOWN, /* none of OneBot 11's, or no event at all */
    ONEBOT_POST_MESSAGE,
    ONEBOT_POST_MESSAGE_SENT,
    ONEBOT_POST_NOTICE,
    ONEBOT_POST_REQUEST,
    ONEBOT_POST_META_EVENT,
};

/* The members of a frame that the bridge looks at. One that is missing has an
 * empty `pack`; one of an unexpected type keeps its own `kind`. All slices
 * point into `pack`'s buffer. */
struct onebot_frame {
    enum onebot_kind kind;
    enum onebot_post post;
    struct slice pack; /* the whole frame */

    /* By name, and all of them by number. */
    union {
        struct {
            /* events: onebot-11, event/ */
            struct json_value post_type;
            struct json_value message_type, notice_type, request_type;
            struct json_value meta_event_type, sub_type;
            struct json_value time;
            struct json_value self_id, user_id, group_id, guild_id;
            struct json_value target_id, operator_id, peer_id;
            struct json_value message_id, message_seq, real_seq, flag;
            struct json_value message; /* an answer's is its error text */

            /* answers: onebot-11, communication/ and api/ */
            struct json_value status, retcode, data, wording, echo;
        };
        struct json_value members[24];
    };
};

/* Convert `text` into `scratch`, which is cleared first and must stay as it is
 * as long as `frame` is used.
 * STATUS_INVALID: not JSON; `error` says where and why. */
MUST_CHECK enum status onebot_read(struct slice text, unsigned depth_max,
                                   struct buffer *scratch,
                                   struct onebot_frame *frame,
                                   struct json_error *error);

/* Why a frame of kind ONEBOT_OTHER is neither, for the log: static text. */
const char *onebot_other_reason(const struct onebot_frame *frame);

/* The detail of an event: its message_type, notice_type, request_type or
 * meta_event_type by post_type; an empty slice if it is missing or no string,
 * or the post_type is not one of OneBot 11's. */
struct slice onebot_detail(const struct onebot_frame *event);

/* The QQ number in `value`: an int64 above 0, or the same as decimal text.
 * 0 if it is neither. */
int64_t onebot_id(const struct json_value *value);

/* The same of decimal text alone. */
int64_t onebot_id_of_text(struct slice text);

/* Whether `value` says anything: peers write an id they do not know as null,
 * 0 or an empty string, as text or as a number, or leave it out. */
bool onebot_has_id(const struct json_value *value);

/* The bot's QQ number: the event's own, else the link's. */
int64_t onebot_self_id(const struct onebot_frame *event, int64_t link_self_id);

#endif
