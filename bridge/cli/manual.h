/* SPDX-License-Identifier: MIT */
/* The manual page, onebus(1), in the macros of man(7). Pure. Any thread. */
#ifndef ONEBUS_MANUAL_H
#define ONEBUS_MANUAL_H

#include "base/buffer.h"

struct cli_section;

void manual_append(const struct cli_section *sections, struct buffer *out);

#endif
