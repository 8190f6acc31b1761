/* SPDX-License-Identifier: MIT */
#include "web.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/host_port.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/address.h"
#include "config/config.h"
#include "console/asset.h"
#include "core/exposition.h"
#include "core/measures.h"
#include "core/pack.h"
#include "core/readiness.h"
#include "core/request.h"
#include "core/warnings.h"
#include "core/web_call.h"
#include "core/web_gate.h"
#include "edge/asks.h"
#include "edge/console_token.h"
#include "edge/http_server.h"
#include "edge/loop.h"
#include "gauges.h"
#include "live.h"

enum { FAULT_SIZE = 512 };

struct web {
    struct loop *loop; /* the thread's own */
    struct http_server *server;
    struct asks *asks;
    struct live *live;
    struct gauges *gauges;
    struct measures *spare; /* with the room of the last scrape; may be NULL */
    const char *epoch;
    char host[ADDRESS_HOST_SIZE];
    char console_token[CONSOLE_TOKEN_SIZE];
    bool is_open;
    atomic_bool has_grants, is_ending;
    bool runs;
    pthread_t thread;
};

/* Whom to answer when the loop has. */
struct pending_answer {
    struct web *web;
    struct http_exchange *exchange;
    bool wants_online;
};

static const struct http_header NOT_KEPT = {"cache-control:", "no-store"};

/* ---- answers ------------------------------------------------------------ */

static void reply_as(struct http_exchange *exchange, int status,
                     const char *type, struct slice body)
{
    const struct http_response response = {
        .status = status,
        .type = type,
        .body = body,
        .headers = &NOT_KEPT,
        .header_count = 1,
    };
    http_reply(exchange, &response);
}

static void reply_text(struct http_exchange *exchange, int status,
                       const char *text)
{
    http_reply_text(exchange, status, text, &NOT_KEPT, 1);
}

static void reply_json(struct http_exchange *exchange, int status,
                       const struct buffer *json)
{
    reply_as(exchange, status, "application/json", buffer_slice(json));
}

static void refuse(struct http_exchange *exchange,
                   const struct web_verdict *verdict)
{
    const struct http_header headers[] = {
        NOT_KEPT,
        verdict->status == 405
            ? (struct http_header){"allow:", verdict->method}
            : (struct http_header){"www-authenticate:", "Bearer"},
    };
    bool has_more = verdict->status == 405 || verdict->status == 401;
    http_reply_text(exchange, verdict->status, verdict->text, headers,
                    1U + has_more);
}

static const char *why_no_answer(enum ask_end end)
{
    return end == ASK_LATE   ? "the bridge's loop has not answered in time\n"
           : end == ASK_BUSY ? "too many ask at once\n"
                             : "the bridge has ended\n";
}

/* The loop has answered, or has not: then `answer` is dealt with. */
static struct pending_answer take_pending(void *ctx,
                                          const struct ask_answer *answer)
{
    struct pending_answer pending = *(struct pending_answer *)ctx;
    free(ctx);
    if (answer->end != ASK_ANSWERED)
        reply_text(pending.exchange, 503, why_no_answer(answer->end));
    return pending;
}

static void ask(struct web *web, struct http_exchange *exchange,
                enum ask_kind kind, struct slice request, ask_done *done,
                bool wants_online)
{
    struct pending_answer *pending = mem_alloc(sizeof(*pending));
    *pending = (struct pending_answer){web, exchange, wants_online};
    asks_ask(web->asks, kind, request, done, pending, clock_now().mono_ms);
}

/* ---- probes ------------------------------------------------------------- */

static void on_pulse(void *ctx, const struct ask_answer *answer)
{
    struct pending_answer pending = take_pending(ctx, answer);
    if (answer->end == ASK_ANSWERED)
        reply_text(pending.exchange, 200, "ok\n");
}

static void on_status(void *ctx, const struct ask_answer *answer)
{
    struct pending_answer pending = take_pending(ctx, answer);
    struct buffer json = {0};
    if (answer->end != ASK_ANSWERED)
        return;
    const struct readiness readiness = {
        .status = answer->reply,
        .is_stopping = answer->is_stopping,
        .wants_online = pending.wants_online,
    };
    bool is_ready = readiness_print(&readiness, &json);
    buffer_append_string(&json, "\n");
    reply_json(pending.exchange, is_ready ? 200 : 503, &json);
    buffer_finish(&json);
}

static void reply_version(struct web *web, struct http_exchange *exchange)
{
    struct buffer pack = {0}, json = {0};
    struct msgpack_packer packer = pack_into(&pack);
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "version", ONEBUS_VERSION);
    pack_word(&packer, "epoch", web->epoch);
    web_call_print(buffer_slice(&pack), &json);
    buffer_append_string(&json, "\n");
    reply_json(exchange, 200, &json);
    buffer_finish(&pack);
    buffer_finish(&json);
}

/* ---- metrics ------------------------------------------------------------ */

static struct measures *take_measures(void *ctx)
{
    struct web *web = ctx;
    struct measures *measures = web->spare;
    web->spare = NULL;
    return measures != NULL ? measures : mem_zalloc(1, sizeof(*measures));
}

static void free_measures(struct measures *measures)
{
    if (measures != NULL)
        measures_finish(measures);
    free(measures);
}

static void give_measures(void *ctx, struct measures *measures)
{
    struct web *web = ctx;
    free_measures(web->spare);
    measures_clear(measures);
    web->spare = measures;
}

static void on_measured(void *ctx, const struct ask_answer *answer)
{
    struct pending_answer pending = take_pending(ctx, answer);
    struct buffer text = {0};
    if (answer->end != ASK_ANSWERED)
        return;
    gauges_complete(pending.web->gauges, answer->measures);
    exposition_print(answer->measures, &text);
    reply_as(pending.exchange, 200, EXPOSITION_TYPE, buffer_slice(&text));
    buffer_finish(&text);
}

/* ---- calls -------------------------------------------------------------- */

static void on_called(void *ctx, const struct ask_answer *answer)
{
    struct pending_answer pending = take_pending(ctx, answer);
    struct buffer json = {0};
    struct reply reply;
    struct warnings warnings = {0};
    if (answer->end != ASK_ANSWERED)
        return;
    reply_read(answer->reply, &reply, &warnings);
    warnings_finish(&warnings);
    web_call_print(answer->reply, &json);
    reply_json(pending.exchange,
               reply.error == REPLY_UNAUTHORIZED ? 401
               : reply.error == REPLY_DENIED     ? 403
                                                 : 200,
               &json);
    buffer_finish(&json);
}

static void call(struct web *web, struct http_exchange *exchange,
                 struct slice body, struct slice token)
{
    struct buffer request = {0};
    char fault[WEB_CALL_FAULT_SIZE];
    if (web_call_read(body, token, &request, fault) == STATUS_OK)
        ask(web, exchange, ASK_CALL, buffer_slice(&request), on_called, false);
    else
        reply_text(exchange, 400, fault);
    buffer_finish(&request);
}

/* ---- the page's files ---------------------------------------------------- */

static void reply_file(struct http_exchange *exchange,
                       const struct http_request *request)
{
    const struct asset *asset = asset_find(request->path);
    if (asset == NULL) {
        reply_text(exchange, 404, "there is nothing here\n");
        return;
    }
    /* It may be kept, but not used without having asked: the next one may be
     * another version. */
    const struct http_header headers[] = {
        {"cache-control:", "no-cache"},
        {"etag:", asset->etag},
    };
    bool is_known = asset_is_known(asset, request->known);
    const struct http_response response = {
        .status = is_known ? 304 : 200,
        .type = asset->type,
        .body = is_known ? (struct slice){0} : asset->bytes,
        .headers = headers,
        .header_count = 2,
    };
    http_reply(exchange, &response);
}

/* ---- routes ------------------------------------------------------------- */

static void serve(struct web *web, struct http_exchange *exchange,
                  const struct http_request *request,
                  const struct web_verdict *verdict)
{
    static const struct slice none = {0};
    switch (verdict->route) {
    case WEB_HEALTH:
        ask(web, exchange, ASK_PULSE, none, on_pulse, false);
        return;
    case WEB_READY:
        ask(web, exchange, ASK_STATUS, none, on_status,
            web_query_has(request->query, "require=online"));
        return;
    case WEB_VERSION:
        reply_version(web, exchange);
        return;
    case WEB_LIVE:
        live_open(web->live, exchange, verdict->token, clock_now().mono_ms);
        return;
    case WEB_CALL:
        call(web, exchange, request->body, verdict->token);
        return;
    case WEB_METRICS:
        ask(web, exchange, ASK_METRICS, none, on_measured, false);
        return;
    case WEB_FILE:
        reply_file(exchange, request);
        return;
    }
}

static void on_request(void *ctx, struct http_exchange *exchange,
                       const struct http_request *request)
{
    struct web *web = ctx;
    const struct web_rules rules = {
        .has_grants = atomic_load(&web->has_grants),
        .is_loopback = address_is_loopback(web->host),
        .is_open = web->is_open,
        .console_token = web->console_token,
    };
    const struct web_verdict verdict = web_judge(&rules, request);
    if (verdict.status == 200)
        serve(web, exchange, request, &verdict);
    else
        refuse(exchange, &verdict);
}

static void on_gone(void *ctx, void *viewer)
{
    live_on_gone(((struct web *)ctx)->live, viewer);
}

/* ---- the thread --------------------------------------------------------- */

static uint64_t due(const struct web *web)
{
    uint64_t asks_ms = asks_due(web->asks);
    uint64_t live_ms = live_due(web->live);
    return asks_ms < live_ms ? asks_ms : live_ms;
}

static void *run(void *ctx)
{
    struct web *web = ctx;
    while (!atomic_load(&web->is_ending) && loop_turn(web->loop, due(web))) {
        uint64_t now_ms = clock_now().mono_ms;
        asks_take(web->asks, now_ms);
        live_tick(web->live, now_ms);
    }
    live_end(web->live);
    asks_abandon(web->asks);
    return NULL;
}

bool web_start(struct web *web, const char *epoch)
{
    web->epoch = epoch;
    web->runs = pthread_create(&web->thread, NULL, run, web) == 0;
    if (web->runs)
        pthread_setname_np(web->thread, "http");
    else
        log_error("http: there is no thread");
    return web->runs;
}

/* ---- the whole ---------------------------------------------------------- */

static void load_token(struct web *web, const struct config *config)
{
    char fault[FAULT_SIZE] = "there is no bridge.stateDir";
    if (config->state_dir != NULL &&
        console_token_load(config->state_dir, web->console_token, fault,
                           sizeof(fault)))
        return;
    log_warn("http: the console has no token, and only shows: %s", fault);
}

static bool listen_at(struct web *web, const char *address)
{
    int port;
    const struct http_events events = {
        .ctx = web,
        .on_request = on_request,
        .on_gone = on_gone,
    };
    address_cut_listen(address, web->host, &port);
    web->server =
        http_server_create(web->loop, web->host[0] == '\0' ? NULL : web->host,
                           (uint16_t)port, &events);
    return web->server != NULL;
}

struct web *web_create(const struct config *config, struct gauges *gauges,
                       struct loop *loop)
{
    struct web *web = mem_zalloc(1, sizeof(*web));
    web->gauges = gauges;
    web->loop = loop_create(NULL, NULL);
    if (web->loop == NULL || !listen_at(web, config->http)) {
        web_destroy(web);
        return NULL;
    }
    const struct asks_options options = {
        .wake_loop = loop_wake,
        .loop = loop,
        .wake_http = loop_wake,
        .http = web->loop,
        .take_measures = take_measures,
        .give_measures = give_measures,
        .measures_ctx = web,
    };
    web->asks = asks_create(&options);
    web->live = live_create(web->asks);
    web->is_open = config->allow_insecure;
    load_token(web, config);
    web_configure(web, config);
    return web;
}

void web_configure(struct web *web, const struct config *config)
{
    if (web == NULL)
        return;
    atomic_store(&web->has_grants, config->grant_count > 0);
}

void web_serve(struct web *web, const struct asks_service *service)
{
    if (web != NULL)
        asks_serve(web->asks, service);
}

void web_describe(const struct web *web, struct buffer *out)
{
    char text[ADDRESS_HOST_SIZE + 16];
    if (web == NULL)
        return;
    host_port_print(web->host[0] == '\0' ? "*" : web->host,
                    http_server_port(web->server), text, sizeof(text));
    buffer_append_string(out, " http=");
    buffer_append_string(out, text);
}

void web_destroy(struct web *web)
{
    if (web == NULL)
        return;
    atomic_store(&web->is_ending, true);
    if (web->runs) {
        loop_wake(web->loop);
        pthread_join(web->thread, NULL);
    }
    loop_destroy(web->loop);
    http_server_destroy(web->server);
    live_destroy(web->live);
    asks_destroy(web->asks);
    free_measures(web->spare);
    free(web);
}
