/* SPDX-License-Identifier: MIT */
#include "supervisor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"

#ifdef ONEBUS_SYSTEMD
#include <systemd/sd-daemon.h>
enum { CAN_TELL = true };
#else
/* libsystemd was not there to build with. */
enum { CAN_TELL = false };

static int sd_notify(int unset, const char *state)
{
    (void)unset;
    (void)state;
    return 0;
}

static int sd_watchdog_enabled(int unset, uint64_t *usec)
{
    (void)unset;
    (void)usec;
    return 0;
}
#endif

enum {
    /* Who only reads what goes on is told so often. */
    STATUS_MS = 10 * 1000,
    USEC_PER_MS = 1000,
    TEXT_SIZE = 512,
};

/* Half of what it waits for a sign of life; 0: it does not wait for any. */
static uint64_t beat_ms(void)
{
    uint64_t usec;
    if (sd_watchdog_enabled(0, &usec) <= 0)
        return 0;
    return usec / 2 < USEC_PER_MS ? 1 : usec / 2 / USEC_PER_MS;
}

void supervisor_init(struct supervisor *supervisor, uint64_t now_ms)
{
    *supervisor = (struct supervisor){.due_ms = UINT64_MAX};
    if (getenv("NOTIFY_SOCKET") == NULL)
        return;
    if (!CAN_TELL) {
        log_warn("supervisor: $NOTIFY_SOCKET is set, but onebus was built "
                 "without libsystemd and cannot tell it anything");
        return;
    }
    supervisor->every_ms = beat_ms();
    supervisor->watches = supervisor->every_ms > 0;
    if (!supervisor->watches || supervisor->every_ms > STATUS_MS)
        supervisor->every_ms = STATUS_MS;
    supervisor->due_ms = now_ms;
}

/* Does anybody listen who still counts on us? */
static bool is_heard(const struct supervisor *supervisor)
{
    return supervisor->every_ms > 0 && !supervisor->is_stopping;
}

/* That it cannot be told is no reason to do anything: it will find out. */
void supervisor_ready(const struct supervisor *supervisor)
{
    if (is_heard(supervisor))
        (void)sd_notify(0, "READY=1");
}

/* It wants to know by its own clock that this is the reload it has asked for,
 * and not one before. */
void supervisor_reloading(const struct supervisor *supervisor)
{
    char text[TEXT_SIZE];
    struct timespec now;
    if (!is_heard(supervisor))
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
             (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
    (void)sd_notify(0, text);
}

void supervisor_stopping(struct supervisor *supervisor)
{
    if (is_heard(supervisor))
        (void)sd_notify(0, "STOPPING=1");
    supervisor->is_stopping = true;
}

uint64_t supervisor_due(const struct supervisor *supervisor)
{
    return supervisor->due_ms;
}

void supervisor_tell(struct supervisor *supervisor, struct slice status,
                     uint64_t now_ms)
{
    char text[TEXT_SIZE];
    if (supervisor->every_ms == 0)
        return;
    snprintf(text, sizeof(text), "%sSTATUS=%.*s",
             supervisor->watches ? "WATCHDOG=1\n" : "", (int)status.size,
             status.data);
    (void)sd_notify(0, text);
    supervisor->due_ms = now_ms + supervisor->every_ms;
}
