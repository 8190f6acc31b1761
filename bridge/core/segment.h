/* SPDX-License-Identifier: MIT */
/* What a message's segments say as a whole.
 *
 * A segment is a map {"type": str, "data": map or nil} (OneBot 11,
 * message/array). Real ones come with anything in them: what does not have
 * that shape is passed over, never an error. Any thread. */
#ifndef ONEBUS_SEGMENT_H
#define ONEBUS_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct segment_summary {
    bool mentions_self; /* an `at` whose `qq` is `self_id`, text or number */
    bool mentions_all;  /* an `at` whose `qq` is `all` */
    struct slice reply; /* `id` of the first `reply` segment as MessagePack,
                           empty if there is none */
};

/* Read `message`, a MessagePack array of segments, and append its text
 * segments, joined, to `text`. */
struct segment_summary segment_summarise(struct slice message, int64_t self_id,
                                         struct buffer *text);

#endif
