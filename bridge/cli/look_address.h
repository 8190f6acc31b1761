/* SPDX-License-Identifier: MIT */
/* Trying the addresses that the settings have the bridge listen on: bound for a
 * moment, never listened on, so that nobody notices. */
#ifndef ONEBUS_LOOK_ADDRESS_H
#define ONEBUS_LOOK_ADDRESS_H

#include <stdbool.h>

#include "config/config.h"

struct findings;

struct look_address {
    const struct config *config;
    const char *only; /* this account alone; NULL: each */
    bool is_running;  /* a bridge answers where the settings have it */
    bool is_in_container;
};

void look_at_addresses(const struct look_address *look,
                       struct findings *findings);

#endif
