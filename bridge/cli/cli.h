/* SPDX-License-Identifier: MIT */
/* The command line: `onebus COMMAND [OPTION…] [ARGUMENT…]`.
 *
 * Each command is one function that gets its own arguments, argv[0] being its
 * name, and returns the exit status: 0 ok, 1 failed, 2 usage, 78 settings. */
#ifndef ONEBUS_CLI_H
#define ONEBUS_CLI_H

#include <stdbool.h>

#include "base/buffer.h"

enum exit_status {
    EXIT_OK = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SETTINGS = 78, /* sysexits.h: EX_CONFIG */
};

struct cli_command {
    const char *name;
    const char *summary; /* one line */
    const char *usage;   /* the whole of its --help */
    int (*run)(const struct cli_command *command, int argc, char **argv);
};

extern const struct cli_command CLI_CALL;
extern const struct cli_command CLI_CHECK;
extern const struct cli_command CLI_HEALTH;
extern const struct cli_command CLI_LISTEN;
extern const struct cli_command CLI_PAIRING;
extern const struct cli_command CLI_REPLAY;
extern const struct cli_command CLI_VERSION;
extern const struct cli_command CLI_WHY;

/* Print the usage: to stdout with EXIT_OK when it was asked for, to stderr
 * with EXIT_USAGE otherwise. */
int cli_help(const struct cli_command *command);
int cli_misuse(const struct cli_command *command);

/* The number in `text`; -1, with a line on stderr that names `option`, if it
 * is no whole number from `least` on. */
long cli_number(const char *option, const char *text, long least);

/* The ms in `text`, 1500 or "30s"; -1, with a line on stderr that names
 * `option`, if it is no time, or none. */
long cli_time(const char *option, const char *text);

/* Print `text` and a line feed to stdout at once. False: nobody reads. */
bool cli_print(struct slice text);

#endif
