/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <stdio.h>

#include "cli/caller.h"
#include "cli/cli.h"

static bool ask(const struct exchange *exchange, const char *listen_url,
                struct slice request, struct buffer *reply)
{
    long wait_ms = exchange->wait_ms > 0 ? exchange->wait_ms : CALLER_WAIT_MS;
    struct caller caller = {0};
    if (!caller_open(&caller, listen_url, "--url", exchange->token_file)) {
        caller_finish(&caller);
        return false;
    }
    int error = caller_ask(&caller, wait_ms, request, reply);
    caller_finish(&caller);
    if (error != 0)
        fprintf(stderr, "%s: no reply from the bridge: %s\n", exchange->command,
                nng_strerror(error));
    return error == 0;
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
