/* SPDX-License-Identifier: MIT */
#include "bus.h"

#include <nng/nng.h>
#include <nng/protocol/pubsub0/pub.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "edge/listener.h"
#include "edge/traffic.h"

struct bus {
    nng_socket socket;
    /* One for the life of the bus: nng_sendmsg() makes one each time, and that
     * asks the kernel for random bytes; without it events/s rise by half. */
    nng_aio *aio;
    char (*bound)[LISTENER_URL_SIZE];
};

struct bus *bus_create(const struct listener_options *options)
{
    struct bus *bus = mem_zalloc(1, sizeof(*bus));
    bus->bound = mem_zalloc(options->url_count, sizeof(*bus->bound));
    int error = nng_pub0_open(&bus->socket);
    if (error == 0)
        error = nng_socket_set_int(bus->socket, NNG_OPT_SENDBUF,
                                   BUS_QUEUE_MESSAGES);
    if (error == 0)
        error = nng_aio_alloc(&bus->aio, NULL, NULL);
    if (error != 0)
        log_error("bus: cannot open: %s", nng_strerror(error));
    if (error != 0 ||
        !listener_open_all(bus->socket, "bus", options, bus->bound)) {
        bus_destroy(bus);
        return NULL;
    }
    return bus;
}

void bus_destroy(struct bus *bus)
{
    if (bus == NULL)
        return;
    nng_close(bus->socket);
    nng_aio_free(bus->aio);
    free(bus->bound);
    free(bus);
}

const char *bus_url(const struct bus *bus, size_t index)
{
    return bus->bound[index];
}

void bus_publish(struct bus *bus, struct slice message)
{
    nng_msg *msg;
    /* The exact size: growing a message costs far more than this copy. */
    if (nng_msg_alloc(&msg, message.size) != 0)
        mem_exhausted(message.size);
    memcpy(nng_msg_body(msg), message.data, message.size);
    nng_aio_set_msg(bus->aio, msg);
    nng_send_aio(bus->socket, bus->aio);
    nng_aio_wait(bus->aio);
    if (nng_aio_result(bus->aio) != 0)
        nng_msg_free(msg);
}

struct listing {
    void (*on_subscriber)(void *ctx, uint32_t id, uint64_t sent);
    void *ctx;
};

static void on_pipe(void *ctx, const struct traffic *traffic)
{
    const struct listing *listing = ctx;
    listing->on_subscriber(listing->ctx, traffic->id, traffic->sent);
}

void bus_each_subscriber(struct bus *bus,
                         void (*on_subscriber)(void *ctx, uint32_t id,
                                               uint64_t sent),
                         void *ctx)
{
    struct listing listing = {on_subscriber, ctx};
    traffic_each(bus->socket, on_pipe, &listing);
}
