/* SPDX-License-Identifier: MIT */
/* What has gone over each connection of an NNG socket, by NNG's statistics.
 * Any thread. */
#ifndef ONEBUS_TRAFFIC_H
#define ONEBUS_TRAFFIC_H

#include <nng/nng.h>
#include <stdint.h>

/* One connection (NNG: pipe). Counts are messages; NNG keeps none for the ws
 * transport, both are 0 there. */
struct traffic {
    uint32_t id;
    uint64_t received;
    uint64_t sent;
};

/* Tell of each connection there is. Tells of none where NNG was built without
 * statistics. */
void traffic_each(nng_socket socket,
                  void (*on_pipe)(void *ctx, const struct traffic *traffic),
                  void *ctx);

#endif
