/* SPDX-License-Identifier: MIT */
/* JSON text to MessagePack.
 *
 * Strict RFC 8259, with these choices where it leaves one:
 *   - integers that fit int64 or uint64 stay exact, whatever their size;
 *     other numbers become doubles; one beyond a double's range is refused;
 *   - the order of keys and duplicate keys are kept as sent;
 *   - a lone surrogate escape becomes U+FFFD; \u0000 is a NUL byte in the
 *     string; raw control characters and broken UTF-8 are refused;
 *   - one byte order mark before the document is skipped.
 * No peer is known to write anything looser. MessagePack is written in the
 * shortest form of each value, except that doubles are always float 64. Any
 * thread. */
#ifndef ONEBUS_JSON_READ_H
#define ONEBUS_JSON_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "core/json.h"

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_INT,    /* fits int64 */
    JSON_NUMBER, /* any other number */
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

/* What is known of a value once it has been converted. Plain data. */
struct json_value {
    enum json_kind kind;
    bool boolean;      /* JSON_BOOL */
    int64_t integer;   /* JSON_INT */
    struct slice text; /* JSON_STRING: its bytes, unescaped, in the output */
    struct slice pack; /* the whole value as MessagePack, in the output */
};

enum { JSON_MEMBERS_MAX = 32 };

/* Which of the members asked for has this key: its number below
 * JSON_MEMBERS_MAX; -1 if none has. */
typedef int json_member_of(struct slice key);

struct json_reader_options {
    unsigned depth_max; /* 1 to JSON_DEPTH_MAX; 0: JSON_DEPTH_DEFAULT */
    /* Members of the outermost object that are asked for; NULL: none. What is
     * found of them goes into `members`, by number; of a key that comes
     * several times the last value counts. Its slices are valid as long as the
     * output, which must not be changed meanwhile. */
    json_member_of *member_of;
    struct json_value *members;
};

/* Append `text`, one whole document, to `out` as MessagePack.
 * STATUS_INVALID: `error` says where and why; `out` and the members are as
 * they were. */
MUST_CHECK enum status
json_to_msgpack(struct slice text, const struct json_reader_options *options,
                struct buffer *out, struct json_error *error);

#endif
