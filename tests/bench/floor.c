/* SPDX-License-Identifier: MIT */
/* onebus_bench_floor: the least that a bridge made of these two libraries must
 * do: take WebSocket frames from libwebsockets and publish each, a topic and
 * the frame as it came, with NNG; and answer each request at once. No JSON, no
 * account, no journal, no peer that is asked.
 *
 * The bridge's figures are read as ratios to this program's, taken in the same
 * run: a ratio stays when the machine has a slow day. So it is tuned as well
 * as is known: reads of 64 KiB, one message of the exact size, one aio for
 * all, 8192 messages queued for a subscriber, NNG's threads SCHED_BATCH. */
#include <err.h>
#include <libwebsockets.h>
#include <nng/nng.h>
#include <nng/protocol/pubsub0/pub.h>
#include <nng/protocol/reqrep0/rep.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "base/buffer.h"
#include "base/log.h"

enum {
    READ_BYTES = 64 * 1024,
    FRAME_BYTES_MAX = 1024 * 1024,
    SEND_QUEUE = 8192,
    ANSWERERS = 256,
};

static const char TOPIC[] = "qq.group.714829356.message.normal";

struct bus {
    nng_socket socket;
    nng_aio *aio;
    struct buffer frame; /* gathered, when it comes in pieces */
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static void must(int result, const char *what)
{
    if (result != 0)
        errx(EXIT_FAILURE, "%s: %s", what, nng_strerror(result));
}

/* Of this thread; the threads it starts inherit it. */
static void schedule(int policy)
{
    struct sched_param param = {.sched_priority = 0};
    if (sched_setscheduler(0, policy, &param) != 0)
        err(EXIT_FAILURE, "sched_setscheduler");
}

/* NNG wakes a thread for each message sent. Under SCHED_BATCH that one does
 * not push aside the thread that woke it, and then takes many at once. */
static void bus_open(struct bus *bus, const char *url)
{
    schedule(SCHED_BATCH);
    must(nng_pub0_open(&bus->socket), "socket");
    schedule(SCHED_OTHER);
    must(nng_socket_set_int(bus->socket, NNG_OPT_SENDBUF, SEND_QUEUE),
         "send buffer");
    must(nng_listen(bus->socket, url, NULL, 0), url);
    must(nng_aio_alloc(&bus->aio, NULL, NULL), "aio");
}

static void publish(struct bus *bus, const char *data, size_t size)
{
    nng_msg *message;
    must(nng_msg_alloc(&message, sizeof(TOPIC) + size), "message");
    char *body = nng_msg_body(message);
    memcpy(body, TOPIC, sizeof(TOPIC));
    memcpy(body + sizeof(TOPIC), data, size);
    nng_aio_set_msg(bus->aio, message);
    nng_send_aio(bus->socket, bus->aio);
    nng_aio_wait(bus->aio);
    if (nng_aio_result(bus->aio) != 0)
        nng_msg_free(message);
}

/* One that takes a request and answers it, over and over. */
struct answerer {
    nng_ctx context;
    nng_aio *aio;
    bool has_request;
};

static void on_answerer(void *arg)
{
    /* {"status": "ok"} */
    static const char ok[] = "\x81\xa6status\xa2ok";
    struct answerer *answerer = arg;
    if (nng_aio_result(answerer->aio) != 0)
        return;
    if (answerer->has_request) {
        answerer->has_request = false;
        nng_ctx_recv(answerer->context, answerer->aio);
        return;
    }
    nng_msg *message = nng_aio_get_msg(answerer->aio);
    nng_msg_clear(message);
    must(nng_msg_append(message, ok, sizeof(ok) - 1), "message");
    answerer->has_request = true;
    nng_aio_set_msg(answerer->aio, message);
    nng_ctx_send(answerer->context, answerer->aio);
}

static void answer_at(const char *url)
{
    static struct answerer answerers[ANSWERERS];
    nng_socket socket;
    must(nng_rep0_open(&socket), "socket");
    for (size_t i = 0; i < ANSWERERS; i++) {
        struct answerer *answerer = &answerers[i];
        must(nng_ctx_open(&answerer->context, socket), "context");
        must(nng_aio_alloc(&answerer->aio, on_answerer, answerer), "aio");
        nng_ctx_recv(answerer->context, answerer->aio);
    }
    must(nng_listen(socket, url, NULL, 0), url);
}

/* A frame comes in pieces when it crosses the end of the read buffer. */
static int on_receive(struct bus *bus, struct lws *wsi, const char *data,
                      size_t size)
{
    bool first = lws_is_first_fragment(wsi) != 0;
    bool last = lws_is_final_fragment(wsi) != 0 &&
                lws_remaining_packet_payload(wsi) == 0;
    if (first && last) {
        publish(bus, data, size);
        return 0;
    }
    if (first)
        buffer_clear(&bus->frame, READ_BYTES);
    if (bus->frame.size + size > FRAME_BYTES_MAX)
        return -1;
    buffer_append(&bus->frame, data, size);
    if (last)
        publish(bus, bus->frame.data, bus->frame.size);
    return 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t size)
{
    (void)user;
    struct bus *bus = lws_context_user(lws_get_context(wsi));
    if (reason == LWS_CALLBACK_RECEIVE)
        return on_receive(bus, wsi, in, size);
    return 0;
}

static struct lws_context *listen_at(unsigned long port, struct bus *bus)
{
    static const struct lws_protocols protocols[] = {
        {.name = "onebot", .callback = on_event, .rx_buffer_size = READ_BYTES},
        {.name = NULL},
    };
    struct lws_context_creation_info info = {
        .port = (int)port,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .pt_serv_buf_size = READ_BYTES,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
        .user = bus,
    };
    lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
    struct lws_context *context = lws_create_context(&info);
    struct lws_vhost *vhost =
        context == NULL ? NULL : lws_create_vhost(context, &info);
    if (vhost == NULL)
        errx(EXIT_FAILURE, "libwebsockets does not listen on %lu", port);
    log_info("floor: ready ws=127.0.0.1:%d", lws_get_vhost_listen_port(vhost));
    return context;
}

static void stop_on(int number)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(number, &action, NULL);
}

int main(int argc, char **argv)
{
    const char *events = NULL, *actions = NULL;
    unsigned long port = 0, time_limit = 300;
    const struct arg args[] = {
        {"events", "URL to publish at", .text = &events},
        {"actions", "URL to answer at", .text = &actions},
        {"port", "for WebSockets (any free one)", .number = &port},
        {"time-limit", "seconds (300)", .number = &time_limit},
        {.name = NULL},
    };
    args_read(argc, argv, args);
    if (events == NULL)
        errx(2, "--events is needed");
    alarm((unsigned)time_limit);
    stop_on(SIGTERM);
    stop_on(SIGINT);
    log_setup(&(struct log_options){.level = LOG_INFO, .format = LOG_JSON});

    struct bus bus = {.frame = {0}};
    bus_open(&bus, events);
    if (actions != NULL)
        answer_at(actions);
    struct lws_context *context = listen_at(port, &bus);
    while (!stopped && lws_service(context, 0) >= 0)
        continue;
    lws_context_destroy(context);
    /* The bus is left to the end of the process: nng_close() of NNG 1.5.2 now
     * and then waits for ever. */
    return EXIT_SUCCESS;
}
