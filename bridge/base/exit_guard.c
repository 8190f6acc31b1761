/* SPDX-License-Identifier: MIT */
#include "exit_guard.h"

#include <openssl/crypto.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

static void *wait_and_exit(void *arg)
{
    const struct exit_guard *guard = arg;
    const struct timespec time = {
        .tv_sec = (time_t)(guard->after_ms / 1000),
        .tv_nsec = (long)(guard->after_ms % 1000) * 1000000,
    };
    /* Signals are blocked in every thread: it ends by time or is cancelled. */
    nanosleep(&time, NULL);
    log_error("bridge: a library does not let go; ending without it");
    _exit(guard->status);
}

void exit_guard_spare_threads(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

void exit_guard_start(struct exit_guard *guard, uint64_t after_ms, int status)
{
    guard->after_ms = after_ms;
    guard->status = status;
    pthread_create(&guard->thread, NULL, wait_and_exit, guard);
}

void exit_guard_stop(struct exit_guard *guard)
{
    pthread_cancel(guard->thread);
    pthread_join(guard->thread, NULL);
}
