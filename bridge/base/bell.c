/* SPDX-License-Identifier: MIT */
#include "bell.h"

#include <errno.h>
#include <time.h>

void bell_init(struct bell *bell)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&bell->rings, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&bell->mutex, NULL);
    bell->has_rung = false;
}

void bell_finish(struct bell *bell)
{
    pthread_cond_destroy(&bell->rings);
    pthread_mutex_destroy(&bell->mutex);
}

void bell_ring(struct bell *bell)
{
    pthread_mutex_lock(&bell->mutex);
    bell->has_rung = true;
    pthread_cond_signal(&bell->rings);
    pthread_mutex_unlock(&bell->mutex);
}

void bell_wait(struct bell *bell, uint64_t until_ms)
{
    const struct timespec until = {
        .tv_sec = (time_t)(until_ms / 1000),
        .tv_nsec = (long)(until_ms % 1000) * 1000000,
    };
    int result = 0;
    pthread_mutex_lock(&bell->mutex);
    while (!bell->has_rung && result != ETIMEDOUT)
        result =
            until_ms == UINT64_MAX
                ? pthread_cond_wait(&bell->rings, &bell->mutex)
                : pthread_cond_timedwait(&bell->rings, &bell->mutex, &until);
    bell->has_rung = false;
    pthread_mutex_unlock(&bell->mutex);
}
