/* SPDX-License-Identifier: MIT */
/* onebus_bench_streamer: takes the events that onebus_bench_peer sends out of
 * the stream of JetStream that the bridge publishes them to, and prints at the
 * end what onebus_bench_subscriber prints.
 *
 * It is an ordered consumer, which the server pushes to. Before, it prints a
 * line when there is one. It ends with the last event, or when none has come
 * for a while. */
#include <err.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "tally.h"

struct options {
    unsigned long events, quiet_ms, progress, time_limit;
    const char *url, *stream;
};

static struct options read_options(int argc, char **argv)
{
    struct options o = {
        .stream = "QQ",
        .quiet_ms = 5000,
        .time_limit = 120,
    };
    const struct arg args[] = {
        {"url", "nats://127.0.0.1:PORT", .text = &o.url},
        {"stream", "its name (QQ)", .text = &o.stream},
        {"events", "how many will be sent", .number = &o.events},
        {"quiet-ms", "without an event: end (5000)", .number = &o.quiet_ms},
        {"progress", "eventfd to add events to", .number = &o.progress},
        {"time-limit", "seconds (120)", .number = &o.time_limit},
        {.name = NULL},
    };
    args_read(argc, argv, args);
    if (o.url == NULL || o.events == 0)
        errx(2, "--url and --events are needed");
    return o;
}

static void must(natsStatus status, const char *what)
{
    if (status != NATS_OK)
        errx(EXIT_FAILURE, "%s: %s", what, natsStatus_GetText(status));
}

static natsSubscription *subscribe(const struct options *options)
{
    natsConnection *connection = NULL;
    natsSubscription *subscription = NULL;
    jsCtx *js = NULL;
    jsSubOptions how;
    must(natsConnection_ConnectTo(&connection, options->url), options->url);
    must(natsConnection_JetStream(&js, connection, NULL), "JetStream");
    must(jsSubOptions_Init(&how), "subscribe");
    how.Stream = options->stream;
    how.Ordered = true;
    how.Config.DeliverPolicy = js_DeliverNew;
    must(js_SubscribeSync(&subscription, js, "qq.group.>", NULL, &how, NULL),
         options->stream);
    must(natsSubscription_SetPendingLimits(subscription, -1, -1), "limits");
    return subscription;
}

static void follow(struct tally *tally, natsSubscription *subscription,
                   const struct options *options)
{
    natsMsg *message = NULL;
    while (!tally_is_whole(tally, options->events) &&
           natsSubscription_NextMsg(&message, subscription,
                                    (int64_t)options->quiet_ms) == NATS_OK) {
        tally_add(tally,
                  (struct slice){natsMsg_GetData(message),
                                 (size_t)natsMsg_GetDataLength(message)});
        natsMsg_Destroy(message);
        tally_tell(tally, options->events, (int)options->progress);
    }
}

int main(int argc, char **argv)
{
    static struct tally tally;
    struct options options = read_options(argc, argv);
    alarm((unsigned)options.time_limit);
    natsSubscription *subscription = subscribe(&options);
    printf("{\"connected\":true}\n");
    fflush(stdout);
    follow(&tally, subscription, &options);
    tally_print(&tally, options.events);
    /* What is open is left to the end of the process. */
    return EXIT_SUCCESS;
}
