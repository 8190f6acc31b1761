/* SPDX-License-Identifier: MIT */
/* `bridge.grants`: a list of who may ask what. Each is read as any other place
 * with settings, `bridge.grants[0]` being the first. One thread. */
#ifndef ONEBUS_CONFIG_GRANTS_H
#define ONEBUS_CONFIG_GRANTS_H

#include <cjson/cJSON.h>

struct config;
struct layers;

/* The list's key in `bridge`. */
#define CONFIG_GRANTS_KEY "grants"

enum { CONFIG_GRANTS_MAX = 64 };

/* Read the list in the object `bridge`; NULL: there is none. */
void config_grants_read(struct layers *layers, const cJSON *bridge,
                        struct config *config);

void config_grants_finish(struct config *config);

#endif
