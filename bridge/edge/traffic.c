/* SPDX-License-Identifier: MIT */
#include "traffic.h"

#include <string.h>

/* A child of the statistic; 0 if it has none of that name. */
static uint64_t value_of(nng_stat *parent, const char *name)
{
    nng_stat *child = nng_stat_child(parent);
    while (child != NULL && strcmp(nng_stat_name(child), name) != 0)
        child = nng_stat_next(child);
    return child == NULL ? 0 : nng_stat_value(child);
}

static void tell(nng_stat *pipe,
                 void (*on_pipe)(void *ctx, const struct traffic *traffic),
                 void *ctx)
{
    const struct traffic traffic = {
        .id = (uint32_t)value_of(pipe, "id"),
        .received = value_of(pipe, "rx_msgs"),
        .sent = value_of(pipe, "tx_msgs"),
    };
    on_pipe(ctx, &traffic);
}

void traffic_each(nng_socket socket,
                  void (*on_pipe)(void *ctx, const struct traffic *traffic),
                  void *ctx)
{
    uint64_t socket_id = (uint64_t)nng_socket_id(socket);
    nng_stat *all;
    if (nng_stats_get(&all) != 0)
        return;
    for (nng_stat *stat = nng_stat_child(all); stat != NULL;
         stat = nng_stat_next(stat))
        if (strcmp(nng_stat_name(stat), "pipe") == 0 &&
            value_of(stat, "socket") == socket_id)
            tell(stat, on_pipe, ctx);
    nng_stats_free(all);
}
