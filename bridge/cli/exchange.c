/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/remote.h"

enum { DEFAULT_WAIT_MS = 60 * 1000 };

static bool send_and_wait(nng_socket socket, const struct exchange *exchange,
                          struct slice request, struct buffer *reply)
{
    long wait_ms = exchange->wait_ms > 0 ? exchange->wait_ms : DEFAULT_WAIT_MS;
    char *data = NULL;
    size_t size = 0;
    /* A request that NNG repeats by itself is an action done twice. */
    nng_socket_set_ms(socket, NNG_OPT_REQ_RESENDTIME, NNG_DURATION_INFINITE);
    nng_socket_set_ms(socket, NNG_OPT_RECVTIMEO, (nng_duration)wait_ms);
    int error = nng_send(socket, (void *)request.data, request.size, 0);
    if (error == 0)
        error = nng_recv(socket, &data, &size, NNG_FLAG_ALLOC);
    if (error != 0) {
        fprintf(stderr, "%s: no reply from the bridge: %s\n", exchange->command,
                nng_strerror(error));
        return false;
    }
    buffer_append(reply, data, size);
    nng_free(data, size);
    return true;
}

static bool ask(const struct exchange *exchange, const char *listen_url,
                struct slice request, struct buffer *reply)
{
    char url[REMOTE_URL_SIZE];
    nng_socket socket = NNG_SOCKET_INITIALIZER;
    bool is_done = remote_url(listen_url, url) && nng_req0_open(&socket) == 0 &&
                   remote_dial(socket, url) &&
                   send_and_wait(socket, exchange, request, reply);
    nng_close(socket);
    return is_done;
}

int exchange_run(const struct exchange *exchange, struct slice request)
{
    struct config config;
    struct buffer reply = {0};
    int exit = EXIT_FAILED;
    if (!flags_load(exchange->flags, &config))
        return EXIT_SETTINGS;
    const char *url =
        exchange->url != NULL ? exchange->url : config.action_urls.items[0];
    if (ask(exchange, url, request, &reply))
        exit = exchange->show(exchange->ctx, buffer_slice(&reply));
    buffer_finish(&reply);
    config_finish(&config);
    return exit;
}
