/* SPDX-License-Identifier: MIT */
/* The flags that every command takes to find its settings: --config FILE and
 * --set PATH=VALUE. */
#ifndef ONEBUS_FLAGS_H
#define ONEBUS_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

enum { FLAGS_SET_MAX = 64 };

/* Zero-initialised is empty. Pointers into argv. */
struct flags {
    const char *file;
    struct config_flag set[FLAGS_SET_MAX];
    size_t set_count;
};

/* Rows of a command's options. */
#define FLAGS_OPTIONS                                                          \
    {"config", "FILE",                                                         \
     "settings file (default: $ONEBUS_CONFIG, ./onebus.json, "                 \
     "~/.config/onebus/onebus.json, /etc/onebus/onebus.json, else the "        \
     "defaults)",                                                              \
     'c'},                                                                     \
    {                                                                          \
        "set", "PATH=VALUE",                                                   \
            "one setting, e.g. bridge.log.level=debug; wins over the "         \
            "environment (ONEBUS_BRIDGE_LOG_LEVEL) and the file; may be "      \
            "repeated",                                                        \
            's'                                                                \
    }

/* Take the option that cli_next() gave; false if it is none of these, or, with
 * a line on stderr, one too many. */
bool flags_take(struct flags *flags, int option, const char *value);

/* Read the settings. STATUS_INVALID: the faults are in `faults`, and `config`
 * needs no finishing. */
enum status flags_read(const struct flags *flags, struct config *config,
                       struct config_faults *faults);

/* The same for a command. False: every fault has been printed to stderr, and
 * `config` needs no finishing. */
bool flags_load(const struct flags *flags, struct config *config);

#endif
