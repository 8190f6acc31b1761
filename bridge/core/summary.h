/* SPDX-License-Identifier: MIT */
/* An event in a few words, for who looks on: what it is, of whom, where, and of
 * what was said as much as `log.content` lets be seen.
 *
 *     {"seq":42,"time":1786700000000,"account":"default",
 *      "type":"message.group.normal","chat":{"kind":"group","id":"20002"},
 *      "sender":{"id":"30003","name":"Ann"},"respond":true,
 *      "kinds":{"text":1,"image":2},"characters":11,"text":"hello world"}
 *
 * `chat.kind` is that of the topic: group, private, meta, other, bridge; its id
 * is there for the first two. `sender` is who did it, as far as the event says;
 * the name is the one in the group, else the nickname, at most 64 characters.
 * Of messages `respond` is there, and `"allowed":false` if it may not be heard;
 * `kinds` counts the segments by their type, the first SUMMARY_KINDS_MAX types;
 * `characters` those of the text, in its first SUMMARY_COUNTED_BYTES; and
 * unless nothing may be seen, `text`, with `"cut":true` if there is more. Of
 * the bridge's own events there are `reason`, `action` and `status`, if they
 * have them. Ids are text: they may be above what JSON readers keep. Pure. */
#ifndef ONEBUS_SUMMARY_H
#define ONEBUS_SUMMARY_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/log.h"

enum {
    SUMMARY_PREVIEW_CHARACTERS = 80,
    SUMMARY_FULL_CHARACTERS = 2000,
    SUMMARY_NAME_CHARACTERS = 64,
    SUMMARY_WORD_CHARACTERS = 200,
    SUMMARY_KINDS_MAX = 8,
    SUMMARY_COUNTED_BYTES = 64 * 1024,
};

/* Append the JSON of `message` (topic, NUL, envelope), a line without a line
 * end. False: it is no event, and nothing was appended. */
bool summary_append(struct slice message, enum log_content content,
                    struct buffer *out);

#endif
