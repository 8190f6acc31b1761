/* SPDX-License-Identifier: MIT */
/* A bound on how long the end of the process may take.
 *
 * Taking things apart goes through libraries that may wait for ever
 * (nng_close() of NNG 1.5.2 has been seen to). Everything that matters is done
 * by then, so the process ends all the same. */
#ifndef ONEBUS_EXIT_GUARD_H
#define ONEBUS_EXIT_GUARD_H

#include <pthread.h>
#include <stdint.h>

struct exit_guard {
    pthread_t thread;
    uint64_t after_ms;
    int status;
};

/* Before any library is used: the end takes nothing apart that a thread which
 * is still running may need. OpenSSL otherwise frees its locks at exit(), under
 * the threads of libnats and of a look-up that nobody could stop. */
void exit_guard_spare_threads(void);

/* From now on the process exits with `status` after so long, at once and with
 * a line of log, unless exit_guard_stop() comes first. */
void exit_guard_start(struct exit_guard *guard, uint64_t after_ms, int status);
void exit_guard_stop(struct exit_guard *guard);

#endif
