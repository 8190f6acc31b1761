/* SPDX-License-Identifier: MIT */
#include "base/exit_guard.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { GUARD_STATUS = 7, HOUR_MS = 3600 * 1000 };

TEST(a_process_that_does_not_end_is_ended)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct exit_guard guard;
        close(STDERR_FILENO);
        exit_guard_start(&guard, 1, GUARD_STATUS);
        for (;;)
            pause();
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), GUARD_STATUS);
}

TEST(a_guard_that_is_stopped_does_nothing)
{
    struct exit_guard guard;
    exit_guard_start(&guard, HOUR_MS, GUARD_STATUS);
    exit_guard_stop(&guard);
    CHECK(true);
}

/* The last that the process does: behind what OpenSSL would do. */
static void end_by_openssl(void)
{
    _exit(OPENSSL_init_crypto(0, NULL) == 1 ? GUARD_STATUS : EXIT_FAILURE);
}

/* It comes before the tests of anything that uses OpenSSL. */
TEST(a_thread_has_openssl_to_the_end)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        atexit(end_by_openssl);
        exit_guard_spare_threads();
        OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
        exit(EXIT_FAILURE);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), GUARD_STATUS);
}

SUITE(exit_guard, a_process_that_does_not_end_is_ended,
      a_guard_that_is_stopped_does_nothing, a_thread_has_openssl_to_the_end)
