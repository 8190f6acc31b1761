/* SPDX-License-Identifier: MIT */
/* What --help prints. Pure. Any thread. */
#ifndef ONEBUS_USAGE_H
#define ONEBUS_USAGE_H

#include "base/buffer.h"

struct cli_command;
struct cli_section;

/* Append the whole usage of one command. */
void usage_append(const struct cli_command *command, struct buffer *out);

/* Append what commands there are. */
void usage_append_all(const struct cli_section *sections, struct buffer *out);

/* Call `on_line` for each line of `text`, which need not end in a line feed. */
void usage_each_line(const char *text,
                     void (*on_line)(void *ctx, struct slice line), void *ctx);

#endif
