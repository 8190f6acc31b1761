/* SPDX-License-Identifier: MIT */
/* onebus_bench_subscriber: takes the events that onebus_bench_peer sends and
 * that the bridge publishes, and prints at the end, as a line of JSON, how
 * many came, how many did not, and how long they took.
 *
 * It reads a bare socket (sp.h), or with --nng through the NNG library, as a
 * consumer would. Before, it prints a line when it is connected. It ends with
 * the last event, or when none has come for a while. */
#include <err.h>
#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "sp.h"
#include "tally.h"

struct options {
    unsigned long events, quiet_ms, receive_buffer, progress, time_limit;
    const char *url;
    bool nng;
};

/* Where messages come from: the one or the other. */
struct source {
    bool is_nng;
    struct sp sp;
    nng_socket socket;
    /* One for all: nng_recvmsg() would allocate one for each message. */
    nng_aio *aio;
    nng_msg *message; /* the one handed out last */
};

static struct options read_options(int argc, char **argv)
{
    struct options o = {
        .quiet_ms = 2000,
        .receive_buffer = 8192,
        .time_limit = 120,
    };
    const struct arg args[] = {
        {"url", "ipc://PATH or tcp://127.0.0.1:PORT", .text = &o.url},
        {"events", "how many will be sent", .number = &o.events},
        {"nng", "read through the NNG library", .flag = &o.nng},
        {"buffer", "NNG's receive buffer (8192)", .number = &o.receive_buffer},
        {"quiet-ms", "without an event: end (2000)", .number = &o.quiet_ms},
        {"progress", "eventfd to add events to", .number = &o.progress},
        {"time-limit", "seconds (120)", .number = &o.time_limit},
        {.name = NULL},
    };
    args_read(argc, argv, args);
    if (o.url == NULL || o.events == 0)
        errx(2, "--url and --events are needed");
    return o;
}

static void must(int result, const char *what)
{
    if (result != 0)
        errx(EXIT_FAILURE, "%s: %s", what, nng_strerror(result));
}

static void source_open(struct source *source, const struct options *options)
{
    source->is_nng = options->nng;
    if (!source->is_nng) {
        sp_subscribe(&source->sp, options->url);
        return;
    }
    must(nng_sub0_open(&source->socket), "socket");
    must(nng_socket_set_int(source->socket, NNG_OPT_RECVBUF,
                            (int)options->receive_buffer),
         "--buffer");
    must(nng_socket_set(source->socket, NNG_OPT_SUB_SUBSCRIBE, "", 0),
         "subscribe");
    must(nng_dial(source->socket, options->url, NULL, 0), options->url);
    must(nng_aio_alloc(&source->aio, NULL, NULL), "aio");
    nng_aio_set_timeout(source->aio, (nng_duration)options->quiet_ms);
}

static bool next_of_nng(struct source *source, struct slice *message)
{
    nng_msg_free(source->message);
    source->message = NULL;
    nng_recv_aio(source->socket, source->aio);
    nng_aio_wait(source->aio);
    if (nng_aio_result(source->aio) != 0)
        return false;
    source->message = nng_aio_get_msg(source->aio);
    *message = (struct slice){nng_msg_body(source->message),
                              nng_msg_len(source->message)};
    return true;
}

/* The next message; false when none came in time or none will. */
static bool source_next(struct source *source, unsigned long quiet_ms,
                        struct slice *message)
{
    if (source->is_nng)
        return next_of_nng(source, message);
    return sp_next(&source->sp, (int)quiet_ms, message) == SP_MESSAGE;
}

static void follow(struct tally *tally, struct source *source,
                   const struct options *options)
{
    struct slice message;
    while (!tally_is_whole(tally, options->events) &&
           source_next(source, options->quiet_ms, &message)) {
        tally_add(tally, message);
        tally_tell(tally, options->events, (int)options->progress);
    }
}

int main(int argc, char **argv)
{
    static struct tally tally;
    struct options options = read_options(argc, argv);
    struct source source = {.is_nng = false};
    alarm((unsigned)options.time_limit);
    source_open(&source, &options);
    printf("{\"connected\":true}\n");
    fflush(stdout);
    follow(&tally, &source, &options);
    tally_print(&tally, options.events);
    /* The socket is left to the end of the process: nng_close() of NNG 1.5.2
     * now and then waits for ever when messages still come in. */
    return EXIT_SUCCESS;
}
