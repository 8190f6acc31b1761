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
#include "histogram.h"
#include "mark.h"
#include "nanos.h"
#include "progress.h"
#include "sp.h"

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

/* What has come. Events are numbered from 1; 0 is the generator's probe. */
struct tally {
    uint64_t next; /* number */
    uint64_t received, repeated, skipped, bytes;
    uint64_t first_ns, last_ns;
    struct histogram latency;
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

static void count_event(struct tally *tally, const struct mark *mark,
                        size_t bytes)
{
    tally->last_ns = nanos_now();
    if (tally->received == 0)
        tally->first_ns = tally->last_ns;
    tally->received++;
    tally->skipped += mark->number - tally->next;
    tally->bytes += bytes;
    histogram_add(&tally->latency, tally->last_ns - mark->sent_ns);
}

/* Messages without a mark are none of ours: the bridge tells of itself. */
static void on_message(struct tally *tally, struct slice message)
{
    struct mark mark;
    if (!mark_find(message, &mark))
        return;
    if (mark.number < tally->next) {
        if (mark.number != 0)
            tally->repeated++;
        return;
    }
    if (mark.number != 0) {
        if (tally->next == 0)
            tally->next = 1;
        count_event(tally, &mark, message.size);
    }
    tally->next = mark.number + 1;
}

static void follow(struct tally *tally, struct source *source,
                   const struct options *options)
{
    struct slice message;
    uint64_t told = 0;
    while (tally->next <= options->events &&
           source_next(source, options->quiet_ms, &message)) {
        on_message(tally, message);
        bool tell = tally->next - told >= PROGRESS_STEP || told == 0 ||
                    tally->next > options->events;
        if (options->progress == 0 || !tell)
            continue;
        progress_tell((int)options->progress, tally->next - told);
        told = tally->next;
    }
}

static double rate(const struct tally *tally)
{
    uint64_t nanos = tally->last_ns - tally->first_ns;
    if (nanos == 0)
        return 0;
    return (double)(tally->received - 1) / nanos_to_seconds(nanos);
}

static void report(const struct tally *tally, uint64_t events)
{
    printf("{\"events\":%ju,\"received\":%ju,\"lost\":%ju,\"skipped\":%ju,"
           "\"repeated\":%ju,\"bytes_per_event\":%.0f,"
           "\"seconds\":%.6f,\"events_per_second\":%.0f,\"latency_us\":",
           (uintmax_t)events, (uintmax_t)tally->received,
           (uintmax_t)(events - tally->received), (uintmax_t)tally->skipped,
           (uintmax_t)tally->repeated,
           tally->received == 0
               ? 0
               : (double)tally->bytes / (double)tally->received,
           nanos_to_seconds(tally->last_ns - tally->first_ns), rate(tally));
    histogram_print(&tally->latency, stdout);
    printf("}\n");
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
    report(&tally, options.events);
    /* The socket is left to the end of the process: nng_close() of NNG 1.5.2
     * now and then waits for ever when messages still come in. */
    return EXIT_SUCCESS;
}
