/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <assert.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/exit_guard.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/bridge.h"
#include "core/handshake.h"
#include "edge/actions.h"
#include "edge/bus.h"
#include "edge/loop.h"
#include "edge/ws_server.h"
#include "flow.h"

enum {
    EPOCH_SIZE = 17, /* 16 hexadecimal digits */
    /* NapCat closes a link on a frame above 50 MiB. */
    REQUEST_BYTES_MAX = 48 << 20,
    BUS_REQUEST_BYTES_MAX = 64 << 20,
    LINK_QUEUE_BYTES_MAX = 64 << 20,
    /* Contexts beyond the calls that may wait, so that one too many is
     * answered `busy` instead of hanging. */
    SPARE_CONTEXTS = 32,
    /* Shorter than the 30 s a container is usually given to stop. */
    DRAIN_MS = 20 * 1000,
    CLOSE_MS = 2 * 1000,
    END_MS = 5 * 1000,
    ADDRESS_SIZE = 300,
    /* While the last replies leave. */
    CLOSE_LOOK_MS = 10,
};

/* What the process is about. Each state, and what ends it:
 *   RUNNING   a signal                              -> DRAINING
 *   DRAINING  no call waits any more, or DRAIN_MS   -> CLOSING
 *   CLOSING   no link is open and no reply on its
 *             way any more, or CLOSE_MS           -> ENDED */
enum app_state { APP_RUNNING, APP_DRAINING, APP_CLOSING, APP_ENDED };

struct app;

/* The accounts behind one host and port. */
struct door {
    struct app *app;
    struct ws_server *server;
    struct endpoint *endpoints;
    size_t *accounts; /* the account of each endpoint, by index */
    size_t count;
};

struct app {
    const struct config *config;
    struct loop *loop;
    struct bus *bus;
    struct actions *actions;
    struct bridge *bridge;
    struct door *doors;
    size_t door_count;
    struct complaints refusals;
    struct flow flow;
    enum app_state state;
    uint64_t state_ends_ms;
    char epoch[EPOCH_SIZE];
};

/* ---- the bridge's ports ----------------------------------------------- */

static enum status port_send(void *ctx, void *wire, struct slice text)
{
    (void)ctx;
    return ws_server_send(wire, text);
}

static void port_emit(void *ctx, struct slice message)
{
    struct app *app = ctx;
    bus_publish(app->bus, message);
    if (app->state != APP_ENDED) /* else the links are going one by one */
        flow_on_event(&app->flow);
}

static void port_reply(void *ctx, void *ticket, struct slice payload)
{
    (void)ctx;
    actions_reply(ticket, payload);
}

static const char *port_caller(void *ctx, void *ticket)
{
    (void)ctx;
    return actions_caller(ticket);
}

static void port_say(void *ctx, enum log_level level, const char *line)
{
    (void)ctx;
    log_write(level, "%s", line);
}

/* ---- peers ------------------------------------------------------------ */

static struct handshake_verdict judge(const struct door *door,
                                      const struct ws_request *request)
{
    const struct handshake handshake = {
        .path = request->path,
        .query_token = request->query_token,
        .authorization = request->authorization,
        .self_id = request->self_id,
        .role = request->role,
        .subprotocol = request->subprotocol,
    };
    return handshake_judge(door->endpoints, door->count, &handshake);
}

/* One line a minute for each kind of refusal: NapCat comes back every 5 s. */
static void log_refusal(struct app *app, const struct ws_request *request,
                        const struct handshake_verdict *verdict)
{
    const char *kind = verdict->status == 401   ? "token missing"
                       : verdict->status == 403 ? "not allowed"
                       : verdict->status == 404 ? "unknown path"
                                                : "bad request";
    uint64_t count = complaint_count(&app->refusals, kind, clock_now().mono_ms);
    if (count > 0)
        log_warn("ws: refused status=%d remote=%s path=\"%.*s\" role=\"%.*s\" "
                 "self_id=\"%.*s\" token=%s count=%" PRIu64 " why=\"%.*s\"",
                 verdict->status, request->remote, (int)request->path.size,
                 request->path.data, (int)request->role.size,
                 request->role.data, (int)request->self_id.size,
                 request->self_id.data, verdict->token_came, count,
                 (int)strcspn(verdict->body, "\n"), verdict->body);
}

static bool on_judge(void *ctx, const struct ws_request *request,
                     struct ws_refusal *refusal)
{
    struct door *door = ctx;
    struct handshake_verdict verdict = judge(door, request);
    if (verdict.status == 101)
        return true;
    log_refusal(door->app, request, &verdict);
    refusal->status = verdict.status;
    snprintf(refusal->body, sizeof(refusal->body), "%s", verdict.body);
    return false;
}

static void *on_up(void *ctx, const struct ws_request *request, void *wire)
{
    struct door *door = ctx;
    struct handshake_verdict verdict = judge(door, request);
    assert(verdict.status == 101); /* nobody comes in unjudged */
    char *user_agent =
        mem_dup(request->user_agent.data, request->user_agent.size);
    const struct link_info info = {
        .role = verdict.role,
        .self_id = verdict.self_id,
        .remote = request->remote,
        .user_agent = user_agent[0] == '\0' ? NULL : user_agent,
    };
    struct link *link =
        bridge_on_link_up(door->app->bridge, door->accounts[verdict.endpoint],
                          &info, wire, clock_now());
    free(user_agent);
    return link;
}

static void on_frame(void *ctx, void *link, struct slice text)
{
    struct door *door = ctx;
    bridge_on_frame(door->app->bridge, link, text, loop_now(door->app->loop));
}

static void on_down(void *ctx, void *link)
{
    struct door *door = ctx;
    bridge_on_link_down(door->app->bridge, link, clock_now());
}

/* ---- callers ---------------------------------------------------------- */

static void on_request(void *ctx, struct ticket *ticket, struct slice request)
{
    bridge_on_call(((struct app *)ctx)->bridge, ticket, request, clock_now());
}

/* ---- start ------------------------------------------------------------ */

static void make_epoch(char epoch[EPOCH_SIZE])
{
    unsigned char bytes[(EPOCH_SIZE - 1) / 2];
    /* So few bytes come whole once the kernel's pool is ready. */
    while (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        ;
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(epoch + 2 * i, 3, "%02x", bytes[i]);
}

/* NNG's threads inherit SCHED_BATCH, so that one that wakes does not push the
 * loop off its core for every message: a quarter to a half more events/s. */
static bool start_bus(struct app *app)
{
    const struct config *config = app->config;
    const struct sched_param param = {0};
    const struct actions_options options = {
        .urls = (const char *const *)config->action_urls.items,
        .url_count = config->action_urls.count,
        .contexts = (size_t)config->calls_max + SPARE_CONTEXTS,
        .request_bytes_max = BUS_REQUEST_BYTES_MAX,
        .wake = loop_wake,
        .wake_ctx = app->loop,
    };
    sched_setscheduler(0, SCHED_BATCH, &param);
    app->bus = bus_create((const char *const *)config->event_urls.items,
                          config->event_urls.count);
    if (app->bus != NULL)
        app->actions = actions_create(&options);
    sched_setscheduler(0, SCHED_OTHER, &param);
    return app->actions != NULL;
}

static void on_pause(void *ctx, bool pause)
{
    struct app *app = ctx;
    for (size_t i = 0; i < app->door_count; i++)
        ws_server_pause(app->doors[i].server, pause);
}

static void start_flow(struct app *app)
{
    const struct flow_options options = {app->bus, on_pause, app};
    flow_init(&app->flow, &options);
}

static void start_bridge(struct app *app)
{
    const struct config *config = app->config;
    struct bridge_account_options *accounts =
        mem_zalloc(config->account_count, sizeof(*accounts));
    const struct bridge_ports ports = {app,        port_send,   port_emit,
                                       port_reply, port_caller, port_say};
    const struct bridge_options options = {
        .accounts = accounts,
        .account_count = config->account_count,
        .version = ONEBUS_VERSION,
        .epoch = app->epoch,
        .read_timeout_ms = config->call_timeout_ms,
        .write_timeout_ms = config->call_write_timeout_ms,
        .calls_max = (size_t)config->calls_max,
        .request_bytes_max = REQUEST_BYTES_MAX,
    };
    for (size_t i = 0; i < config->account_count; i++)
        accounts[i] = (struct bridge_account_options){
            .name = config->accounts[i].key,
            .self_id = config->accounts[i].self_id,
            .grace_ms = config->accounts[i].grace_ms,
        };
    app->bridge = bridge_create(&options, &ports, clock_now());
    free(accounts);
}

static bool shares_door(const struct config_account *one,
                        const struct config_account *other)
{
    return one->port != 0 && one->port == other->port &&
           strcmp(one->host, other->host) == 0;
}

/* The accounts from `first` on that listen where it does. */
static void fill_door(struct app *app, struct door *door, size_t first)
{
    const struct config *config = app->config;
    door->app = app;
    door->endpoints =
        mem_zalloc(config->account_count, sizeof(struct endpoint));
    door->accounts = mem_zalloc(config->account_count, sizeof(size_t));
    for (size_t i = first; i < config->account_count; i++) {
        const struct config_account *account = &config->accounts[i];
        if (i != first && !shares_door(&config->accounts[first], account))
            continue;
        door->accounts[door->count] = i;
        door->endpoints[door->count++] = (struct endpoint){
            .account = account->key,
            .path = account->path,
            .token = account->token,
            .self_id = account->self_id,
        };
    }
}

/* host:port as a URL has it; an IPv6 address is bracketed (RFC 3986, 3.2.2). */
static void format_address(const struct config_account *account,
                           const struct ws_server *server,
                           char address[ADDRESS_SIZE])
{
    bool is_ipv6 = strchr(account->host, ':') != NULL;
    snprintf(address, ADDRESS_SIZE, "%s%s%s:%u", is_ipv6 ? "[" : "",
             account->host, is_ipv6 ? "]" : "", ws_server_port(server));
}

static bool open_door(struct app *app, struct door *door,
                      const struct config_account *account)
{
    const struct ws_events events = {door, on_judge, on_up, on_frame, on_down};
    const struct ws_server_options options = {
        .host = account->host,
        .port = (uint16_t)account->port,
        .frame_bytes_max = app->config->frame_bytes_max,
        .queue_bytes_max = LINK_QUEUE_BYTES_MAX,
    };
    door->server = ws_server_create(app->loop, &options, &events);
    if (door->server == NULL)
        return false;
    char address[ADDRESS_SIZE];
    format_address(account, door->server, address);
    for (size_t i = 0; i < door->count; i++)
        log_info("ws: listening account=%s url=ws://%s%s token=%s",
                 door->endpoints[i].account, address, door->endpoints[i].path,
                 door->endpoints[i].token == NULL ? "none" : "set");
    return true;
}

static bool has_door_before(const struct config *config, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (shares_door(&config->accounts[i], &config->accounts[index]))
            return true;
    return false;
}

static bool open_doors(struct app *app)
{
    const struct config *config = app->config;
    app->doors = mem_zalloc(config->account_count, sizeof(struct door));
    for (size_t i = 0; i < config->account_count; i++) {
        if (has_door_before(config, i))
            continue;
        struct door *door = &app->doors[app->door_count++];
        fill_door(app, door, i);
        if (!open_door(app, door, &config->accounts[i]))
            return false;
    }
    return true;
}

/* One line with every address: what a script that starts us waits for. */
static void log_ready(const struct app *app)
{
    struct buffer line = {0};
    char address[ADDRESS_SIZE];
    for (size_t i = 0; i < app->door_count; i++) {
        const struct door *door = &app->doors[i];
        format_address(&app->config->accounts[door->accounts[0]], door->server,
                       address);
        buffer_append_string(&line, " ws=");
        buffer_append_string(&line, address);
    }
    for (size_t i = 0; i < app->config->event_urls.count; i++) {
        buffer_append_string(&line, " events=");
        buffer_append_string(&line, bus_url(app->bus, i));
    }
    for (size_t i = 0; i < app->config->action_urls.count; i++) {
        buffer_append_string(&line, " actions=");
        buffer_append_string(&line, actions_url(app->actions, i));
    }
    log_info("bridge: ready version=%s epoch=%s accounts=%zu%.*s",
             ONEBUS_VERSION, app->epoch, app->config->account_count,
             (int)line.size, line.data);
    buffer_finish(&line);
}

/* ---- stop ------------------------------------------------------------- */

static void enter(struct app *app, enum app_state state, uint64_t for_ms)
{
    app->state = state;
    app->state_ends_ms = clock_now().mono_ms + for_ms;
}

static void on_signal(void *ctx, int number)
{
    struct app *app = ctx;
    if (number == SIGHUP) {
        log_warn("bridge: SIGHUP ignored: settings are read at start only");
        return;
    }
    if (app->state != APP_RUNNING) {
        log_warn("bridge: second signal: ending at once");
        app->state = APP_ENDED;
        return;
    }
    log_info("bridge: stopping signal=%s calls=%zu", strsignal(number),
             bridge_calls_waiting(app->bridge));
    bridge_stop(app->bridge, clock_now());
    enter(app, APP_DRAINING, DRAIN_MS);
}

static size_t open_links(const struct app *app)
{
    size_t count = 0;
    for (size_t i = 0; i < app->door_count; i++)
        count += ws_server_links(app->doors[i].server);
    return count;
}

static void close_doors(struct app *app)
{
    for (size_t i = 0; i < app->door_count; i++)
        ws_server_close(app->doors[i].server);
}

static void step(struct app *app, struct instant now)
{
    if (app->state == APP_DRAINING &&
        (now.mono_ms >= app->state_ends_ms ||
         bridge_calls_waiting(app->bridge) == 0)) {
        bridge_abandon(app->bridge, now);
        close_doors(app);
        enter(app, APP_CLOSING, CLOSE_MS);
    }
    if (app->state == APP_CLOSING &&
        (now.mono_ms >= app->state_ends_ms ||
         (open_links(app) == 0 && actions_unsent(app->actions) == 0)))
        app->state = APP_ENDED;
}

static uint64_t earlier(uint64_t one_ms, uint64_t other_ms)
{
    return one_ms < other_ms ? one_ms : other_ms;
}

/* When there is something to do or to look at, whatever comes in. */
static uint64_t due(const struct app *app)
{
    struct instant now = clock_now();
    uint64_t due_ms =
        earlier(bridge_due(app->bridge), actions_due(app->actions));
    if (app->state != APP_RUNNING)
        due_ms = earlier(due_ms, app->state_ends_ms);
    if (app->state == APP_CLOSING)
        due_ms = earlier(due_ms, now.mono_ms + CLOSE_LOOK_MS);
    return earlier(due_ms, flow_due(&app->flow, now));
}

static int run(struct app *app)
{
    while (app->state != APP_ENDED) {
        if (!loop_turn(app->loop, due(app))) {
            log_error("bridge: the event loop broke");
            return EXIT_FAILURE;
        }
        actions_take(app->actions, on_request, app);
        struct instant now = clock_now();
        bridge_on_tick(app->bridge, now);
        flow_on_turn(&app->flow, now);
        actions_look(app->actions, now.mono_ms);
        step(app, now);
    }
    log_info("bridge: stopped");
    return EXIT_SUCCESS;
}

/* In reverse, but for the loop: its end closes the links, which are the
 * bridge's and still publish their going. No call may be left for them to
 * answer when the tickets are gone. */
static void destroy(struct app *app)
{
    app->state = APP_ENDED;
    if (app->bridge != NULL)
        bridge_abandon(app->bridge, clock_now());
    actions_destroy(app->actions);
    loop_destroy(app->loop);
    for (size_t i = 0; i < app->door_count; i++) {
        ws_server_destroy(app->doors[i].server);
        free(app->doors[i].endpoints);
        free(app->doors[i].accounts);
    }
    free(app->doors);
    bridge_destroy(app->bridge);
    bus_destroy(app->bus);
    flow_finish(&app->flow);
}

int app_run(const struct config *config)
{
    struct app app = {.config = config};
    int result = EXIT_FAILURE;
    make_epoch(app.epoch);
    loop_block_signals();
    app.loop = loop_create(on_signal, &app);
    if (app.loop != NULL && start_bus(&app)) {
        start_flow(&app);
        start_bridge(&app);
        if (open_doors(&app)) {
            log_ready(&app);
            result = run(&app);
        }
    }
    struct exit_guard guard;
    exit_guard_start(&guard, END_MS, result);
    destroy(&app);
    exit_guard_stop(&guard);
    return result;
}
