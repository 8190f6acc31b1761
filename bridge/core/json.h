/* SPDX-License-Identifier: MIT */
/* What both ways between JSON text and MessagePack have in common: json_read.h
 * and json_write.h. One pass each, no tree, no allocation per value, no
 * recursion. Any thread. */
#ifndef ONEBUS_JSON_H
#define ONEBUS_JSON_H

#include <assert.h>
#include <stddef.h>

/* How deep arrays and objects may be nested. */
enum {
    JSON_DEPTH_DEFAULT = 128,
    JSON_DEPTH_MAX = 1024,
};

/* Where and why a document was refused. */
struct json_error {
    size_t offset;      /* bytes from the start of the input */
    const char *reason; /* static text, e.g. "trailing comma" */
};

/* The limit that the option `depth_max` stands for: 1 to JSON_DEPTH_MAX, 0 is
 * the default. */
static inline unsigned json_depth_limit(unsigned depth_max)
{
    assert(depth_max <= JSON_DEPTH_MAX);
    return depth_max == 0 ? JSON_DEPTH_DEFAULT : depth_max;
}

#endif
