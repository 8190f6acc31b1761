/* SPDX-License-Identifier: MIT */
/* Completion for shells: which commands there are, which options each has and
 * what may be behind them. Pure. Any thread. */
#ifndef ONEBUS_COMPLETION_H
#define ONEBUS_COMPLETION_H

#include <stdbool.h>

#include "base/buffer.h"

struct cli_section;

/* The shells there is one for, as a choice. */
extern const char COMPLETION_SHELLS[];

/* Append the script for one of them. */
void completion_append(const char *shell, const struct cli_section *sections,
                       struct buffer *out);

#endif
