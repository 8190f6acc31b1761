/* SPDX-License-Identifier: MIT */
/* `bridge.media.paths`: folders that callers and peers share, each under its
 * own name:
 *
 *     [{"from": "/data", "to": "/app/data"}, …]
 *
 * Both are absolute; `to` may be one of Windows. One thread. */
#ifndef ONEBUS_SHARES_H
#define ONEBUS_SHARES_H

#include <stddef.h>

#include <cjson/cJSON.h>

#define SHARES_ALLOWED                                                         \
    "a list of {\"from\": folder, \"to\": folder}, both from the root on"

struct share {
    char *from, *to;
};

/* Zero-initialised is empty. */
struct shares {
    struct share *items;
    size_t count;
};

/* NULL, or why this is none, to be read behind the value. */
const char *shares_check(const cJSON *json);

/* Read a text that has been checked; NULL is none. */
void shares_read(const char *json, struct shares *shares);

void shares_finish(struct shares *shares);

#endif
