/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"

enum {
    /* Frames of a burst are read many at a time: 0.44 instead of 1.2 us for
     * each. */
    SERVICE_BUFFER_BYTES = 64 * 1024,
    TEXTS = 16,
    TEXT_SIZE = 128,
};

struct loop {
    struct lws_context *context;
    struct lws_vhost *signals;
    lws_sorted_usec_list_t timer;
    void (*on_signal)(void *ctx, int number);
    void *ctx;
    struct instant now; /* of this turn, once somebody has asked */
    uint64_t now_us;    /* the same, or 0 */
    bool knows_now;
};

static void signal_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGUSR1);
}

void loop_block_signals(void)
{
    sigset_t set;
    signal_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    /* A peer that goes away is an error of write(), not the end. */
    signal(SIGPIPE, SIG_IGN);
    /* As a container's first process we are given orphans that are none of
     * ours: the kernel clears them away. We have no children. */
    signal(SIGCHLD, SIG_IGN);
}

static void read_signals(struct loop *loop, int fd)
{
    struct signalfd_siginfo info;
    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        loop->on_signal(loop->ctx, (int)info.ssi_signo);
}

static int on_signal_event(struct lws *wsi, enum lws_callback_reasons reason,
                           void *user, void *in, size_t size)
{
    (void)user;
    (void)in;
    (void)size;
    if (reason == LWS_CALLBACK_RAW_RX_FILE)
        read_signals(lws_context_user(lws_get_context(wsi)),
                     lws_get_socket_fd(wsi));
    return 0;
}

/* What libwebsockets has complained of. It calls back without a context, from
 * the thread of any loop. */
static struct {
    pthread_mutex_t mutex;
    struct complaints complaints;
    char texts[TEXTS][TEXT_SIZE];
} heard = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* The kept copy of a text, which stands for all of the same; once there are
 * too many, the last one stands for the others. */
static const char *text_of(const char *line, int size)
{
    char text[TEXT_SIZE];
    size_t i = 0;
    snprintf(text, sizeof(text), "%.*s", size, line);
    while (i < TEXTS - 1 && heard.texts[i][0] != '\0' &&
           strcmp(heard.texts[i], text) != 0)
        i++;
    if (heard.texts[i][0] == '\0')
        memcpy(heard.texts[i], text, sizeof(text));
    return heard.texts[i];
}

/* What it calls an error is a reason; whether something failed is said by
 * whoever asked for it. Peers can have it complain as often as they like. */
static void log_error_line(const char *line, int size)
{
    pthread_mutex_lock(&heard.mutex);
    uint64_t count = complaint_count(&heard.complaints, text_of(line, size),
                                     clock_now().mono_ms);
    pthread_mutex_unlock(&heard.mutex);
    if (count > 0)
        log_warn("libwebsockets: %.*s count=%" PRIu64, size, line, count);
}

static void log_line(int level, const char *line)
{
    int size = (int)strcspn(line, "\n");
    if (level & LLL_ERR)
        log_error_line(line, size);
    else
        log_debug("libwebsockets: %.*s", size, line);
}

static bool watch_signals(struct loop *loop)
{
    static const struct lws_protocols protocols[] = {
        {.name = "signals", .callback = on_signal_event},
        {0},
    };
    const struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .vhost_name = "signals",
        .protocols = protocols,
    };
    sigset_t set;
    signal_set(&set);
    lws_sock_file_fd_type fd = {
        .filefd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC),
    };
    loop->signals = lws_create_vhost(loop->context, &info);
    if (fd.filefd < 0 || loop->signals == NULL)
        return false;
    return lws_adopt_descriptor_vhost(loop->signals, LWS_ADOPT_RAW_FILE_DESC,
                                      fd, "signals", NULL) != NULL;
}

struct loop *loop_create(void (*on_signal)(void *ctx, int number), void *ctx)
{
    struct loop *loop = mem_zalloc(1, sizeof(*loop));
    const struct lws_context_creation_info info = {
        .options =
            LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
            (on_signal == NULL ? 0 : LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT),
        .pt_serv_buf_size = SERVICE_BUFFER_BYTES,
        .user = loop,
    };
    /* libwebsockets would dial every peer, 127.0.0.1 as well, through it. */
    unsetenv("http_proxy");
    lws_set_log_level(LLL_ERR, log_line);
    loop->on_signal = on_signal;
    loop->ctx = ctx;
    loop->context = lws_create_context(&info);
    if (loop->context == NULL || (on_signal != NULL && !watch_signals(loop))) {
        log_error("loop: libwebsockets or signalfd refused to start");
        loop_destroy(loop);
        return NULL;
    }
    return loop;
}

void loop_destroy(struct loop *loop)
{
    if (loop == NULL)
        return;
    if (loop->context != NULL)
        lws_context_destroy(loop->context);
    free(loop);
}

/* lws_service() looks at its timers first and then waits for the next one: if
 * ours rings in that moment, the wait must end all the same. */
static void on_timer(lws_sorted_usec_list_t *timer)
{
    loop_wake(lws_container_of(timer, struct loop, timer));
}

/* How long to wait for `due_ms`; one more, for deadlines are in whole
 * milliseconds, and a turn too early would find nothing due. */
static lws_usec_t delay_until(uint64_t due_ms, uint64_t now_ms)
{
    if (due_ms == UINT64_MAX)
        return LWS_SET_TIMER_USEC_CANCEL;
    return (lws_usec_t)(due_ms - now_ms + 1) * LWS_US_PER_MS;
}

bool loop_turn(struct loop *loop, uint64_t due_ms)
{
    uint64_t now_ms = clock_now().mono_ms;
    loop->knows_now = false;
    loop->now_us = 0;
    if (due_ms <= now_ms) /* only look, do not wait */
        return lws_service(loop->context, -1) >= 0;
    lws_sul_schedule(loop->context, 0, &loop->timer, on_timer,
                     delay_until(due_ms, now_ms));
    return lws_service(loop->context, 0) >= 0;
}

struct instant loop_now(struct loop *loop)
{
    if (!loop->knows_now) {
        loop->now = clock_now();
        loop->now_us = clock_mono_us();
    }
    loop->knows_now = true;
    return loop->now;
}

uint64_t loop_now_us(struct loop *loop)
{
    if (loop->now_us == 0)
        loop->now_us = clock_mono_us();
    return loop->now_us;
}

void loop_wake(void *loop)
{
    lws_cancel_service(((struct loop *)loop)->context);
}

struct lws_context *loop_context(struct loop *loop)
{
    return loop->context;
}
