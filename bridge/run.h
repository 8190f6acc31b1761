/* SPDX-License-Identifier: MIT */
/* The command that runs the bridge. */
#ifndef ONEBUS_RUN_H
#define ONEBUS_RUN_H

struct cli_command;

extern const struct cli_command CLI_RUN;

#endif
