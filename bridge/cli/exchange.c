/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <stdio.h>

#include "cli/answer.h"
#include "cli/caller.h"
#include "cli/cli.h"

bool exchange_take(struct exchange_flags *flags, int option, const char *value)
{
    if (option == 'j')
        flags->json = true;
    else if (option == 'u')
        flags->url = value;
    else if (option == 'k')
        flags->token_file = value;
    else
        return flags_take(&flags->flags, option, value);
    return true;
}

const char *exchange_url(const struct exchange_flags *flags,
                         const struct config *config)
{
    return flags->url != NULL ? flags->url : config->action_urls.items[0];
}

static bool ask(const struct exchange *exchange, const char *listen_url,
                struct slice request, struct buffer *reply)
{
    long wait_ms = exchange->wait_ms > 0 ? exchange->wait_ms : CALLER_WAIT_MS;
    struct caller caller = {0};
    if (!caller_open(&caller, listen_url, "--url",
                     exchange->flags->token_file)) {
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

static int show(const struct exchange *exchange, struct slice reply)
{
    if (exchange->show == NULL || exchange->flags->json)
        return answer_print(exchange->command, reply);
    return exchange->show(exchange->ctx, reply);
}

static int send(const struct exchange *exchange, struct slice request)
{
    struct config config;
    struct buffer reply = {0};
    int exit = EXIT_FAILED;
    if (!flags_load(&exchange->flags->flags, &config))
        return EXIT_SETTINGS;
    const char *url = exchange_url(exchange->flags, &config);
    if (ask(exchange, url, request, &reply))
        exit = show(exchange, buffer_slice(&reply));
    buffer_finish(&reply);
    config_finish(&config);
    return exit;
}

int exchange_run(const struct exchange *exchange)
{
    struct buffer request = {0};
    int exit = EXIT_USAGE;
    if (exchange->pack(exchange->ctx, &request))
        exit = send(exchange, buffer_slice(&request));
    buffer_finish(&request);
    return exit;
}
