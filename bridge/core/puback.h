/* SPDX-License-Identifier: MIT */
/* What JetStream answers to a publish, in JSON:
 *
 *     {"stream":"QQ","seq":12}                  stored, at this place
 *     {"stream":"QQ","seq":12,"duplicate":true} it was there already
 *     {"error":{"code":400,"err_code":10070,"description":"wrong last msg ID:
 *       …"},"stream":"QQ","seq":0}              not stored
 *
 * Pure. Any thread. */
#ifndef ONEBUS_PUBACK_H
#define ONEBUS_PUBACK_H

#include <stdint.h>

#include "base/buffer.h"

enum { PUBACK_FAULT_SIZE = 256 };

enum puback_kind {
    PUBACK_STORED,
    PUBACK_DUPLICATE,
    PUBACK_REFUSED,   /* what it was to follow, in the stream or on its
                         subject, is not the last */
    PUBACK_TOO_LARGE, /* for this stream */
    PUBACK_STRANGE,   /* another stream took it, or would have */
    PUBACK_FAILED,    /* not now: no room, no leader, or no sense in it */
};

struct puback {
    enum puback_kind kind;
    uint64_t place;                /* PUBACK_STORED, PUBACK_DUPLICATE */
    char fault[PUBACK_FAULT_SIZE]; /* why it was not stored; "" */
};

/* Read an answer, whatever it holds, to a publish to `stream`. */
void puback_read(struct slice json, const char *stream, struct puback *puback);

#endif
