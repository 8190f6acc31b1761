/* SPDX-License-Identifier: MIT */
/* Whoever started the process and watches over it: systemd, or another that
 * knows its protocol, by the socket named in $NOTIFY_SOCKET.
 *
 *     READY=1          listens; the settings have been read again
 *     RELOADING=1      they are being read
 *     STOPPING=1       will end by itself
 *     WATCHDOG=1       the loop turns, at half of $WATCHDOG_USEC
 *     STATUS=…         what goes on, for people
 *
 * Without that socket nothing is said and nothing is ever due. It is asked to
 * take what it is told, as libsystemd does: if it stands still for long, so
 * does everything that it manages. One thread. */
#ifndef ONEBUS_SUPERVISOR_H
#define ONEBUS_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct supervisor {
    uint64_t every_ms; /* how often it hears from us; 0: nobody listens */
    uint64_t due_ms;   /* mono; UINT64_MAX: never */
    bool watches;      /* it ends us if it hears nothing */
    bool is_stopping;
};

/* Find out from the environment who listens. */
void supervisor_init(struct supervisor *supervisor, uint64_t now_ms);

void supervisor_ready(const struct supervisor *supervisor);

/* The settings are being read; supervisor_ready() when they have been, however
 * that went. Once the end has begun neither is said. */
void supervisor_reloading(const struct supervisor *supervisor);

void supervisor_stopping(struct supervisor *supervisor);

/* When supervisor_tell() is due; mono ms, UINT64_MAX: never. */
uint64_t supervisor_due(const struct supervisor *supervisor);

/* That the loop turns, and what goes on: one line, cut where it is too long. */
void supervisor_tell(struct supervisor *supervisor, struct slice status,
                     uint64_t now_ms);

#endif
