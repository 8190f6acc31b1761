/* SPDX-License-Identifier: MIT */
/* Reading MessagePack where it lies: one token after the other, nothing
 * copied, nothing allocated, no recursion.
 *
 * msgpack-c packs what the bridge writes; its unpacker builds a tree and stops
 * at 32 levels, so what the bridge reads goes through here. Source:
 * github.com/msgpack/msgpack, spec.md. */
#ifndef ONEBUS_MP_H
#define ONEBUS_MP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

enum mp_kind {
    MP_NIL,
    MP_BOOL,
    MP_INT,  /* fits int64 */
    MP_UINT, /* above INT64_MAX */
    MP_DOUBLE,
    MP_STR,
    MP_BIN,
    MP_EXT,
    MP_ARRAY,
    MP_MAP,
};

struct mp_token {
    enum mp_kind kind;
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural;
        double real;
        struct slice bytes; /* MP_STR, MP_BIN; MP_EXT without its type */
        uint32_t count;     /* MP_ARRAY: elements; MP_MAP: key-value pairs */
    };
};

/* A place in some MessagePack bytes. Plain data: copy it to look ahead. */
struct mp_reader {
    const unsigned char *at;
    const unsigned char *end;
};

struct mp_reader mp_reader_of(struct slice pack);

/* The next token; of an array or a map only its head. False at the end, and
 * where the bytes are cut off or no MessagePack (0xc1): the reader then stays
 * where it was. */
bool mp_next(struct mp_reader *reader, struct mp_token *token);

/* Pass over one whole value, however nested; `value`, unless NULL, gets its
 * bytes. False as for mp_next(). */
bool mp_skip(struct mp_reader *reader, struct slice *value);

/* The value under the string `key` in the map `map`, the last one if there are
 * several. False if `map` is no well-formed map or has no such key. */
bool mp_find(struct slice map, const char *key, struct slice *value);

/* The same for several keys at once; values[i], unless keys[i] is there, is
 * empty. False if `map` is no well-formed map: then all of them are. */
bool mp_find_all(struct slice map, const char *const *keys, size_t count,
                 struct slice *values);

/* The string in `pack`, if that is one whole MessagePack string. */
bool mp_read_str(struct slice pack, struct slice *text);

/* The integer in `pack`, if that is one whole MessagePack int64. */
bool mp_read_int(struct slice pack, int64_t *integer);

#endif
