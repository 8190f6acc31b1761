/* SPDX-License-Identifier: MIT */
/* The listeners that peers dial, and which account each of them is for.
 *
 * Accounts on one host and port share a listener; they are told apart by path,
 * or by X-Self-ID. When the settings change, listeners that are still wanted
 * stay open, and so do their links. The loop's thread. */
#ifndef ONEBUS_DOORS_H
#define ONEBUS_DOORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct bridge;
struct config;
struct doors;
struct loop;

struct doors *doors_create(struct loop *loop, struct bridge *bridge);

/* After loop_destroy(). */
void doors_destroy(struct doors *doors);

/* Open what `config` wants beside what is open. False: something could not be
 * opened, the log says what; all is as before. Otherwise doors_settle() must
 * follow. */
bool doors_prepare(struct doors *doors, const struct config *config);

/* From now on the accounts are those of the `config` that was prepared: close
 * the listeners that it does not want. */
void doors_settle(struct doors *doors);

/* Forget what doors_prepare() opened. */
void doors_withdraw(struct doors *doors);

/* Stop reading from the peers, or go on. */
void doors_pause(struct doors *doors, bool pause);

/* Let nobody in any more and close the links. */
void doors_close(struct doors *doors);

/* Links that are open. */
size_t doors_links(const struct doors *doors);

/* Append " ws=host:port" for each listener. */
void doors_describe(const struct doors *doors, struct buffer *out);

#endif
