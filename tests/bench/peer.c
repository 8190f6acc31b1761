/* SPDX-License-Identifier: MIT */
/* onebus_bench_peer: plays a OneBot 11 implementation that dials the bridge.
 *
 * It sends events (generator.h), answers requests (answers.h), or both at
 * once, in one thread around one connection. It prints a line of JSON when it
 * is connected, and one about what it did at the end. With --answer it stays
 * until the bridge closes or a SIGTERM comes, else until its events are sent
 * and, where a subscriber tells its progress, seen. */
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "answers.h"
#include "args.h"
#include "base/mem.h"
#include "generator.h"
#include "nanos.h"
#include "progress.h"
#include "websocket.h"

#define SELF_ID "3889001741"

enum {
    /* Events wait while so much is unsent: answers shall not wait behind. */
    UNSENT_BYTES_MAX = 32 * 1024,
    /* The subscriber tells its progress in steps: some must fit. */
    WINDOW_MIN = 4 * PROGRESS_STEP,
};

struct options {
    unsigned long port, events, rate, window, progress, patience_ms;
    unsigned long delay_ms, time_limit;
    const char *path, *token, *size;
    bool answer;
};

struct peer {
    struct websocket socket;
    struct generator generator;
    struct answers answers;
    int progress; /* -1: nobody tells any */
    bool stays;
    bool closed; /* by the bridge */
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static struct options read_options(int argc, char **argv)
{
    struct options o = {
        .path = "/onebot/v11/ws",
        .token = "",
        .size = "medium",
        .patience_ms = 500,
        .time_limit = 120,
    };
    const struct arg args[] = {
        {"port", "of the bridge, on 127.0.0.1", .number = &o.port},
        {"path", "to ask for (/onebot/v11/ws)", .text = &o.path},
        {"token", "access token", .text = &o.token},
        {"events", "how many to send", .number = &o.events},
        {"size", "small, medium (950 bytes) or large", .text = &o.size},
        {"rate", "events a second (as fast as they go)", .number = &o.rate},
        {"window", "events on their way at most", .number = &o.window},
        {"progress", "eventfd the subscriber adds to", .number = &o.progress},
        {"patience-ms", "without progress: events are lost (500)",
         .number = &o.patience_ms},
        {"answer", "stay and answer until stopped", .flag = &o.answer},
        {"delay-ms", "time an answer takes (0)", .number = &o.delay_ms},
        {"time-limit", "seconds (120)", .number = &o.time_limit},
        {.name = NULL},
    };
    args_read(argc, argv, args);
    if (o.port == 0 || o.port > UINT16_MAX)
        errx(2, "--port is missing or no port");
    if (o.window != 0 && (o.progress == 0 || o.window < WINDOW_MIN))
        errx(2, "--window needs --progress, and at least %d events",
             WINDOW_MIN);
    return o;
}

/* The first thing NapCat says. */
static void greet(struct peer *peer)
{
    websocket_pack(&peer->socket.out, WEBSOCKET_TEXT,
                   slice_of("{\"time\":1731234567,\"self_id\":" SELF_ID
                            ",\"post_type\":\"meta_event\","
                            "\"meta_event_type\":\"lifecycle\","
                            "\"sub_type\":\"connect\"}"));
}

static struct peer *peer_create(const struct options *options)
{
    struct peer *peer = mem_zalloc(1, sizeof(*peer));
    peer->stays = options->answer;
    peer->progress = options->progress != 0 ? (int)options->progress : -1;
    peer->answers.delay_ns = options->delay_ms * NANOS_PER_MS;
    peer->generator.events = options->events;
    peer->generator.rate = options->rate;
    peer->generator.window = options->window;
    peer->generator.followed = peer->progress >= 0;
    peer->generator.patience_ns = options->patience_ms * NANOS_PER_MS;
    if (!sample_find(options->size, &peer->generator.sample))
        errx(2, "--size: small, medium or large");
    generator_init(&peer->generator);
    websocket_dial(&peer->socket, (uint16_t)options->port, options->path,
                   options->token, SELF_ID);
    greet(peer);
    printf("{\"connected\":true}\n");
    fflush(stdout);
    return peer;
}

static void peer_destroy(struct peer *peer)
{
    websocket_close(&peer->socket);
    generator_finish(&peer->generator);
    free(peer);
}

static bool is_done(const struct peer *peer)
{
    if (stopped || peer->closed)
        return true;
    return !peer->stays && peer->generator.state == GENERATOR_DONE &&
           websocket_unsent(&peer->socket) == 0;
}

static void on_frame(struct peer *peer, const struct websocket_frame *frame)
{
    switch (frame->opcode) {
    case WEBSOCKET_TEXT:
    case WEBSOCKET_BINARY:
        answers_take(&peer->answers, nanos_now(), frame->payload);
        break;
    case WEBSOCKET_PING:
        websocket_pack(&peer->socket.out, WEBSOCKET_PONG, frame->payload);
        break;
    case WEBSOCKET_CLOSE:
        peer->closed = true;
        break;
    case WEBSOCKET_PONG:
        break;
    }
}

static void receive(struct peer *peer)
{
    struct websocket_frame frame;
    if (!websocket_read(&peer->socket))
        peer->closed = true;
    while (websocket_next(&peer->socket, &frame))
        on_frame(peer, &frame);
}

static void transmit(struct peer *peer)
{
    struct buffer *out = &peer->socket.out;
    uint64_t now_ns = nanos_now();
    answers_send(&peer->answers, now_ns, out);
    if (websocket_unsent(&peer->socket) < UNSENT_BYTES_MAX)
        generator_fill(&peer->generator, now_ns, out);
    if (!websocket_flush(&peer->socket))
        peer->closed = true;
}

static struct timespec until_due(const struct peer *peer)
{
    uint64_t now_ns = nanos_now();
    uint64_t due_ns = generator_due(&peer->generator);
    uint64_t answer_ns = answers_due(&peer->answers);
    if (answer_ns < due_ns)
        due_ns = answer_ns;
    return nanos_to_timespec(due_ns > now_ns ? due_ns - now_ns : 0);
}

/* Sleep until something can be done, and take in what has come. */
static void wait_and_receive(struct peer *peer, const sigset_t *signals)
{
    bool blocked = websocket_unsent(&peer->socket) != 0;
    struct pollfd waits[] = {
        {.fd = peer->socket.fd,
         .events = (short)(POLLIN | (blocked ? POLLOUT : 0))},
        {.fd = peer->progress, .events = POLLIN},
    };
    struct timespec wait = until_due(peer);
    /* Something is due, but the kernel has to take what there is first. */
    if (ppoll(waits, 2, blocked ? NULL : &wait, signals) <= 0)
        return;
    if (waits[1].revents != 0)
        generator_on_progress(&peer->generator, nanos_now(),
                              progress_take(peer->progress));
    if ((waits[0].revents & ~POLLOUT) != 0)
        receive(peer);
}

/* A signal is let in only while waiting, so that none slips in between the
 * look at `stopped` and the wait. */
static sigset_t watch_signals(void)
{
    sigset_t block, before;
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&block);
    sigaddset(&block, SIGTERM);
    sigaddset(&block, SIGINT);
    sigprocmask(SIG_BLOCK, &block, &before);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    return before;
}

static void report(const struct peer *peer)
{
    const struct generator *g = &peer->generator;
    double seconds = nanos_to_seconds(g->sent_ns - g->started_ns);
    printf("{\"sent\":%ju,\"seconds\":%.6f,\"events_per_second\":%.0f,"
           "\"frame_bytes\":%zu,\"stalls\":%ju,\"answered\":%ju}\n",
           (uintmax_t)g->sent, seconds,
           seconds > 0 ? (double)g->sent / seconds : 0, g->sample.text.size,
           (uintmax_t)g->stalls, (uintmax_t)peer->answers.sent);
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    alarm((unsigned)options.time_limit);
    sigset_t signals = watch_signals();
    struct peer *peer = peer_create(&options);
    while (!is_done(peer)) {
        transmit(peer);
        if (!is_done(peer))
            wait_and_receive(peer, &signals);
    }
    report(peer);
    bool incomplete = peer->generator.state != GENERATOR_DONE;
    if (incomplete)
        warnx("%s before all events were sent",
              peer->closed ? "the bridge closed" : "stopped");
    peer_destroy(peer);
    return incomplete ? EXIT_FAILURE : EXIT_SUCCESS;
}
