/* SPDX-License-Identifier: MIT */
/* How long, roughly, for people: "40 s", "3 h ago". Any thread. */
#ifndef ONEBUS_AGO_H
#define ONEBUS_AGO_H

#include <stdint.h>

enum { AGO_SIZE = 48 };

/* Whole seconds, minutes, hours or days, rounded down. */
void ago_format_span(int64_t ms, char out[static AGO_SIZE]);

/* `then_ms` 0 is never; what is to come is now. */
void ago_format(int64_t then_ms, int64_t now_ms, char out[static AGO_SIZE]);

#endif
