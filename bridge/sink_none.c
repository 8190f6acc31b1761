/* SPDX-License-Identifier: MIT */
/* Without NATS: the settings have refused bridge.nats.url already. */
#include "sink.h"

#include <stddef.h>

#include "core/nats_state.h"

struct sink *sink_create(const struct sink_options *options)
{
    (void)options;
    return NULL;
}

void sink_leave_loop(struct sink *sink)
{
    (void)sink;
}

void sink_stop(struct sink *sink, uint64_t last_seq)
{
    (void)sink;
    (void)last_seq;
}

void sink_destroy(struct sink *sink)
{
    (void)sink;
}

void sink_on_kept(struct sink *sink)
{
    (void)sink;
}

void sink_rename(struct sink *sink, const struct config *config)
{
    (void)sink;
    (void)config;
}

void sink_take(struct sink *sink, struct bridge *bridge)
{
    (void)sink;
    (void)bridge;
}

void sink_take_calls(struct sink *sink,
                     void (*on_request)(void *ctx, struct ticket *ticket,
                                        struct slice token,
                                        struct slice request),
                     void *ctx)
{
    (void)sink;
    (void)on_request;
    (void)ctx;
}

size_t sink_unsent(const struct sink *sink)
{
    (void)sink;
    return 0;
}

void sink_look(struct sink *sink, struct nats_state *state)
{
    (void)sink;
    *state = (struct nats_state){
        .mode = "off",
        .fault = "",
        .server = "",
        .stream = "",
    };
}
