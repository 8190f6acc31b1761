/* SPDX-License-Identifier: MIT */
/* Reading the settings again while the loop runs: on a thread, for files may be
 * slow. The loop's thread, but for the waking. */
#ifndef ONEBUS_RELOADER_H
#define ONEBUS_RELOADER_H

#include <stdbool.h>

#include "config/config.h"
#include "config/config_faults.h"

struct reloader;

/* `load` reads the settings as they were read at the start, from another
 * thread; `wake` is called by that thread when it has. */
struct reloader *
reloader_create(enum status (*load)(void *ctx, struct config *config,
                                    struct config_faults *),
                void *load_ctx, void (*wake)(void *ctx), void *wake_ctx);

/* Waits for a reading that is under way. NULL is fine. */
void reloader_destroy(struct reloader *reloader);

/* Begin, or, if a reading is under way, begin again after it. False: there is
 * no thread to spare. */
bool reloader_start(struct reloader *reloader);

/* Is a reading under way? */
bool reloader_is_busy(const struct reloader *reloader);

/* True: a reading has ended. STATUS_OK and `config`, or STATUS_INVALID and
 * `faults`, are the caller's then. */
bool reloader_take(struct reloader *reloader, enum status *status,
                   struct config *config, struct config_faults *faults);

#endif
