/* SPDX-License-Identifier: MIT */
/* The running bridge: the parts put together, run, and taken apart.
 *
 *     peers ─ ws_server ─┐            ┌─ bus ─ subscribers
 *                        ├─ bridge ───┤
 *               loop ────┘            └─ actions ─ callers
 *
 * This is the only place that knows both the core and the edges. */
#ifndef ONEBUS_APP_H
#define ONEBUS_APP_H

#include "base/status.h"

struct config;
struct config_faults;

/* Read the settings again as they were read for app_run(). Any thread. */
typedef enum status app_load(void *ctx, struct config *config,
                             struct config_faults *faults);

/* Run until SIGINT or SIGTERM, then finish what is under way; `config` is taken
 * over. SIGHUP and bridge.reload have the settings read again by `load`.
 * Returns the exit status: 0, or 1 when a part could not start or the loop
 * broke. */
int app_run(const struct config *config, app_load *load, void *load_ctx);

#endif
