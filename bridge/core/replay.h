/* SPDX-License-Identifier: MIT */
/* bridge.replay and bridge.history: what was published is asked for again.
 * Parameters and data: schema/README.md. One thread. */
#ifndef ONEBUS_REPLAY_H
#define ONEBUS_REPLAY_H

#include <stdint.h>

struct archive_page;
struct bridge;
struct serving;

void replay_serve(struct serving *serving);
void replay_serve_history(struct serving *serving);

/* The page for what was asked with this cookie. */
void replay_on_page(struct bridge *bridge, uint64_t cookie,
                    const struct archive_page *page);

#endif
