/* SPDX-License-Identifier: MIT */
/* Patterns in the settings that fit nothing there is: of the grants' `actions`
 * and `accounts` and of the groups' `tools`. A slip there denies in silence.
 * Pure. One thread. */
#ifndef ONEBUS_UNMATCHED_H
#define ONEBUS_UNMATCHED_H

struct config;

/* Call `on_line` for each: where it is, what it fits not, and which name may be
 * meant. */
void unmatched_each(const struct config *config,
                    void (*on_line)(void *ctx, const char *line), void *ctx);

#endif
