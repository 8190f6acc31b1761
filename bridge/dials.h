/* SPDX-License-Identifier: MIT */
/* The peers that the bridge dials: one for each account with `connect`. When,
 * and how often, is the core's to say. The loop's thread. */
#ifndef ONEBUS_DIALS_H
#define ONEBUS_DIALS_H

#include <stdbool.h>
#include <stddef.h>

struct bridge;
struct config;
struct dials;
struct loop;

struct dials *dials_create(struct loop *loop, struct bridge **bridge);

/* After loop_destroy(). */
void dials_destroy(struct dials *dials);

/* Have a dialer for each account of `config` that wants one, beside those that
 * there are. False: one could not be made, the log says why; all is as before.
 * Otherwise dials_settle() or dials_withdraw() must follow. */
bool dials_prepare(struct dials *dials, const struct config *config);

/* What was prepared counts: hang up and forget the others. */
void dials_settle(struct dials *dials);

/* Forget what was prepared. */
void dials_withdraw(struct dials *dials);

/* The dialer of an account, the prepared one if there is one, for
 * account_options.dialer; NULL if it does not dial. */
void *dials_of(const struct dials *dials, const char *account);

/* Try once: a link comes up, or the bridge hears why not. */
void dials_dial(void *dialer);

void dials_pause(struct dials *dials, bool pause);

/* Hang up on every peer. */
void dials_close(struct dials *dials);

/* Links that are open. */
size_t dials_links(const struct dials *dials);

#endif
