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

/* getopt_long() entries, and their place in a usage text. */
#define FLAGS_OPTIONS                                                          \
    {"config", required_argument, NULL, 'c'},                                  \
    {                                                                          \
        "set", required_argument, NULL, 's'                                    \
    }
#define FLAGS_USAGE                                                            \
    "  --config FILE      settings file (default: $ONEBUS_CONFIG,\n"           \
    "                     ./onebus.json, ~/.config/onebus/onebus.json,\n"      \
    "                     /etc/onebus/onebus.json, else the defaults)\n"       \
    "  --set PATH=VALUE   one setting, e.g. bridge.log.level=debug; wins\n"    \
    "                     over the environment (ONEBUS_BRIDGE_LOG_LEVEL) "     \
    "and\n"                                                                    \
    "                     the file; may be repeated\n"

/* Take the option that getopt_long() returned; false if it is none of these,
 * or one too many. */
bool flags_take(struct flags *flags, int option, const char *value);

/* Read the settings. STATUS_INVALID: the faults are in `faults`, and `config`
 * needs no finishing. */
enum status flags_read(const struct flags *flags, struct config *config,
                       struct config_faults *faults);

/* The same for a command. False: every fault has been printed to stderr, and
 * `config` needs no finishing. */
bool flags_load(const struct flags *flags, struct config *config);

#endif
