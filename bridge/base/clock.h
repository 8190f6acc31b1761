/* SPDX-License-Identifier: MIT */
/* The time, for those who may ask. The core is told it instead, so that a test
 * can turn it by hand. Any thread. */
#ifndef ONEBUS_CLOCK_H
#define ONEBUS_CLOCK_H

#include <stdint.h>

/* One moment on two clocks. Deadlines and ages use `mono_ms`, which never
 * jumps; `wall_ms` (since 1970, UTC) is only ever shown or recorded. */
struct instant {
    uint64_t mono_ms;
    uint64_t wall_ms;
};

struct instant clock_now(void);

/* mono_ms in microseconds, for what is measured rather than waited for. */
uint64_t clock_mono_us(void);

#endif
