/* SPDX-License-Identifier: MIT */
/* The settings in the core's terms: what config.h gives, turned into what
 * bridge.h takes. One thread. */
#ifndef ONEBUS_SETUP_H
#define ONEBUS_SETUP_H

#include "config/config.h"
#include "config/shares.h"
#include "core/bridge.h"

/* Plain data; the options point into it. */
struct setup {
    struct config config;
    struct bridge_options options;
    struct account_options *accounts;
    struct setup_groups *groups; /* of each account */
    struct grant_options *grants;
    struct shares shares;
    struct media_path *media_paths; /* the same */
};

/* Takes over what `config` holds. What is of the process and not of the
 * settings, epoch, run and first_seq, is left out. */
struct setup *setup_create(const struct config *config);
void setup_destroy(struct setup *setup);

#endif
