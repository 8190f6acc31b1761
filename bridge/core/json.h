/* SPDX-License-Identifier: MIT */
/* JSON text <-> MessagePack, one pass each way, no tree, no allocation per
 * value.
 *
 * Strict RFC 8259, with these choices where it leaves one:
 *   - integers that fit int64 or uint64 stay exact, whatever their size;
 *     other numbers become doubles; one beyond a double's range is refused;
 *   - the order of keys and duplicate keys are kept as sent;
 *   - a lone surrogate escape becomes U+FFFD; \u0000 is a NUL byte in the
 *     string; raw control characters and broken UTF-8 are refused;
 *   - one byte order mark before the document is skipped.
 * MessagePack is written in the shortest form of each value, except that
 * doubles are always float 64.
 *
 * Back: maps with keys other than strings, bin, ext, NaN, infinities and
 * strings that are not UTF-8 have no JSON form and are refused; bin may be
 * written as a base64 string (`bin_as_base64`). Any thread. */
#ifndef ONEBUS_JSON_H
#define ONEBUS_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

enum {
    JSON_DEPTH_DEFAULT = 128,
    JSON_DEPTH_MAX = 1024,
};

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

/* Where and why a document was refused. */
struct json_error {
    size_t offset;      /* bytes from the start of the input */
    const char *reason; /* static text, e.g. "trailing comma" */
};

/* Called for each member of the outermost object, in the order of the text,
 * duplicates included, once the whole document has proved good. The slices stay
 * valid as long as the output, which must not be changed meanwhile. */
typedef void json_on_member(void *ctx, struct slice key,
                            const struct json_value *value);

struct json_reader_options {
    unsigned depth_max;        /* 1 to JSON_DEPTH_MAX; 0: JSON_DEPTH_DEFAULT */
    json_on_member *on_member; /* may be NULL */
    void *ctx;
};

/* Append `text`, one whole document, to `out` as MessagePack.
 * STATUS_INVALID: `error` says where and why; `out` is as it was. */
MUST_CHECK enum status
json_to_msgpack(struct slice text, const struct json_reader_options *options,
                struct buffer *out, struct json_error *error);

struct json_writer_options {
    unsigned depth_max; /* as above */
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
