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

struct config;

/* Run until SIGINT or SIGTERM, then finish what is under way. Returns the
 * exit status: 0, or 1 when a part could not start or the loop broke. */
int app_run(const struct config *config);

#endif
