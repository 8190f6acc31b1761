/* SPDX-License-Identifier: MIT */
/* MessagePack to JSON text, compact.
 *
 * Maps with keys other than strings, bin, ext, NaN, infinities and strings that
 * are not UTF-8 have no JSON form and are refused; bin may be written as a
 * base64 string (`bin_as_base64`). Numbers are written so that they read back
 * the same. Any thread. */
#ifndef ONEBUS_JSON_WRITE_H
#define ONEBUS_JSON_WRITE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/status.h"
#include "core/json.h"

struct json_writer_options {
    unsigned depth_max; /* 1 to JSON_DEPTH_MAX; 0: JSON_DEPTH_DEFAULT */
    bool bin_as_base64; /* else STATUS_INVALID for bin */
};

/* Append `pack`, one whole MessagePack value, to `out` as compact JSON text:
 * UTF-8 as it is; `"`, `\` and control characters escaped.
 * STATUS_INVALID: `error` says where and why; `out` is as it was. */
MUST_CHECK enum status
json_from_msgpack(struct slice pack, const struct json_writer_options *options,
                  struct buffer *out, struct json_error *error);

/* Append `text` as a JSON string, quotes included; what is not UTF-8 becomes
 * U+FFFD. */
void json_append_string(struct buffer *out, struct slice text);

#endif
