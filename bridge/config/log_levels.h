/* SPDX-License-Identifier: MIT */
/* bridge.log.levels: {"link": "debug", "http": "warn"}. Pure. */
#ifndef ONEBUS_LOG_LEVELS_H
#define ONEBUS_LOG_LEVELS_H

#include <cjson/cJSON.h>

#include "base/log_level.h"

/* In words, what there may be. */
#define LOG_LEVELS_ALLOWED                                                     \
    "{\"component\": \"debug\"|\"info\"|\"warn\"|\"error\"}; the components "  \
    "are listed in the documentation"

/* NULL, or why not, to be read behind the value. */
const char *log_levels_check(const cJSON *json);

/* The levels in sound JSON; NULL: none. */
void log_levels_read(const char *text, struct log_options *options);

#endif
