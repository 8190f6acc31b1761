/* SPDX-License-Identifier: MIT */
/* Is the bridge ready for work? It listens, its journal can be written and it
 * is not about to stop; that QQ is offline it cannot help, so that counts only
 * for those who ask for it. Pure. Any thread. */
#ifndef ONEBUS_READINESS_H
#define ONEBUS_READINESS_H

#include <stdbool.h>

#include "base/buffer.h"

struct readiness {
    struct slice status; /* the data of bridge.status */
    bool is_stopping;
    bool wants_online; /* every account must be, too */
};

/* Append, as JSON,
 *   {"ready": bool, "reasons": ["…"], "stopping": bool, "journal": "ok",
 *    "accounts": {NAME: {"connected": bool, "online": bool or null,
 *                        "heartbeat_age_ms": n or null,
 *                        "actions_stalled": bool}}}
 * and tell whether it is ready. */
bool readiness_print(const struct readiness *readiness, struct buffer *json);

#endif
