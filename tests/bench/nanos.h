/* SPDX-License-Identifier: MIT */
/* Nanoseconds of the monotonic clock, which all processes of a machine share:
 * a time stamped by one may be compared in another. */
#ifndef ONEBUS_BENCH_NANOS_H
#define ONEBUS_BENCH_NANOS_H

#include <stdint.h>
#include <time.h>

#define NANOS_PER_SECOND UINT64_C(1000000000)
#define NANOS_PER_MS     UINT64_C(1000000)

static inline uint64_t nanos_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NANOS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static inline struct timespec nanos_to_timespec(uint64_t nanos)
{
    return (struct timespec){
        .tv_sec = (time_t)(nanos / NANOS_PER_SECOND),
        .tv_nsec = (long)(nanos % NANOS_PER_SECOND),
    };
}

static inline double nanos_to_seconds(uint64_t nanos)
{
    return (double)nanos / (double)NANOS_PER_SECOND;
}

#endif
