/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archivist.h"
#include "base/clock.h"
#include "base/exit_guard.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/random.h"
#include "config/config.h"
#include "core/archive.h"
#include "core/bridge.h"
#include "core/headline.h"
#include "core/nats_state.h"
#include "core/pairing.h"
#include "dials.h"
#include "doors.h"
#include "edge/actions.h"
#include "edge/asks.h"
#include "edge/bus.h"
#include "edge/fetcher.h"
#include "edge/journal.h"
#include "edge/listener.h"
#include "edge/loop.h"
#include "edge/process.h"
#include "edge/supervisor.h"
#include "edge/ticket.h"
#include "edge/ws_link.h"
#include "gauges.h"
#include "kept.h"
#include "loudness.h"
#include "outlet.h"
#include "reloader.h"
#include "replies.h"
#include "setup.h"
#include "sink.h"
#include "web.h"

enum {
    NAME_SIZE = 17, /* 16 hexadecimal digits */
    BUS_REQUEST_BYTES_MAX = 64 << 20,
    /* Contexts beyond the calls that may wait, so that one too many is
     * answered `busy` instead of hanging. */
    SPARE_CONTEXTS = 32,
    /* Shorter than the 30 s a container is usually given to stop. */
    DRAIN_MS = 20 * 1000,
    CLOSE_MS = 2 * 1000,
    END_MS = 5 * 1000,
    /* While the last replies leave. */
    CLOSE_LOOK_MS = 10,
};

/* What the process is about. Each state, and what ends it:
 *   RUNNING   a signal                              -> DRAINING
 *   DRAINING  no call waits any more, or DRAIN_MS   -> CLOSING
 *   CLOSING   no link is open and no reply on its
 *             way any more, or CLOSE_MS           -> ENDED */
enum app_state { APP_RUNNING, APP_DRAINING, APP_CLOSING, APP_ENDED };

struct app {
    struct setup *setup; /* the settings in effect */
    struct loop *loop;
    struct bus *bus;
    struct actions *actions;
    struct bridge *bridge;
    struct doors *doors;
    struct dials *dials;
    struct kept *kept;
    struct reloader *reloader;
    struct outlet *outlet;
    struct archivist *archivist;
    struct sink *sink;       /* NULL: nothing goes to NATS */
    struct fetcher *fetcher; /* NULL: there can be no thread */
    struct gauges *gauges;
    struct web *web; /* NULL: bridge.http is off */
    struct replies replies;
    struct supervisor supervisor;
    struct headline headline; /* what it was told last */
    struct loudness loudness;
    uint64_t emitted_seq;
    enum journal_mode journal_mode; /* that the bridge knows of */
    bool needs_grants; /* nothing else keeps strangers from the actions */
    int result;        /* the exit status */
    enum app_state state;
    uint64_t state_ends_ms;
    char run[NAME_SIZE]; /* names this process */
};

/* ---- the bridge's ports ----------------------------------------------- */

static enum status port_send(void *ctx, void *wire, struct slice text)
{
    (void)ctx;
    return ws_link_send(wire, text);
}

static void port_ping(void *ctx, void *wire)
{
    (void)ctx;
    ws_link_ping(wire);
}

static size_t port_unsent(void *ctx, const void *wire)
{
    (void)ctx;
    return ws_link_unsent(wire);
}

static void port_close(void *ctx, void *wire, uint16_t code, const char *reason)
{
    (void)ctx;
    ws_link_close(wire, code, reason);
}

static void port_dial(void *ctx, void *dialer)
{
    (void)ctx;
    dials_dial(dialer);
}

static void port_emit(void *ctx, const struct bridge_event *event)
{
    struct app *app = ctx;
    app->emitted_seq = event->seq;
    outlet_emit(app->outlet, event);
}

static void port_reply(void *ctx, void *ticket, struct slice payload)
{
    struct app *app = ctx;
    replies_send(&app->replies, ticket, payload, app->emitted_seq);
}

static bool port_hold(void *ctx, void *ticket)
{
    (void)ctx;
    ticket_hold(ticket);
    return true;
}

static const char *port_caller(void *ctx, void *ticket)
{
    (void)ctx;
    return ticket_caller(ticket);
}

static void port_say(void *ctx, enum log_level level, const char *line)
{
    (void)ctx;
    log_write(level, "%s", line);
}

static void port_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    random_bytes(bytes, size);
}

static enum status port_keep(void *ctx, const struct pairing_entry *entry,
                             uint64_t cookie)
{
    return kept_person(((struct app *)ctx)->kept, entry, cookie);
}

static enum status port_keep_cursor(void *ctx, const struct cursor *cursor,
                                    bool forget, uint64_t cookie)
{
    return kept_cursor(((struct app *)ctx)->kept, cursor, forget, cookie);
}

static enum status port_claim(void *ctx, const struct once_key *key,
                              const struct once_digest *digest,
                              uint64_t wall_ms, uint64_t cookie)
{
    return kept_claim(((struct app *)ctx)->kept, key, digest, wall_ms, cookie);
}

static enum status port_finish(void *ctx, const struct once_key *key,
                               struct slice reply, uint64_t cookie)
{
    return kept_finish(((struct app *)ctx)->kept, key, reply, cookie);
}

static void port_forget(void *ctx, const struct once_key *key)
{
    kept_forget(((struct app *)ctx)->kept, key);
}

static enum status port_fetch(void *ctx, struct slice url, size_t bytes_max,
                              uint64_t cookie)
{
    struct fetcher *fetcher = ((struct app *)ctx)->fetcher;
    return fetcher == NULL ? STATUS_FULL
                           : fetcher_get(fetcher, url, bytes_max, cookie);
}

static enum status port_read(void *ctx, const struct archive_query *query,
                             struct archive_filter *filter, uint64_t cookie)
{
    return archivist_ask(((struct app *)ctx)->archivist, query, filter, cookie);
}

static void port_archive(void *ctx, struct archive_state *state)
{
    archivist_describe(((struct app *)ctx)->archivist, state);
}

static void port_nats(void *ctx, struct nats_state *state)
{
    sink_look(((struct app *)ctx)->sink, state);
}

static enum status port_reload(void *ctx)
{
    struct app *app = ctx;
    supervisor_reloading(&app->supervisor);
    if (reloader_start(app->reloader))
        return STATUS_OK;
    log_error("bridge: there is no thread to read the settings");
    supervisor_ready(&app->supervisor);
    return STATUS_FULL;
}

static void port_log(void *ctx, const struct log_change *change,
                     struct log_options *now, uint64_t *left_ms)
{
    struct loudness *loudness = &((struct app *)ctx)->loudness;
    uint64_t now_ms = clock_now().mono_ms;
    loudness_change(loudness, change, now_ms);
    *now = loudness->now;
    *left_ms =
        loudness->until_ms == UINT64_MAX ? 0 : loudness->until_ms - now_ms;
}

/* ---- callers ---------------------------------------------------------- */

static void on_request(void *ctx, struct ticket *ticket, struct slice request)
{
    bridge_on_call(((struct app *)ctx)->bridge, ticket, (struct slice){0},
                   request, clock_now());
}

static void on_subject_request(void *ctx, struct ticket *ticket,
                               struct slice token, struct slice request)
{
    bridge_on_call(((struct app *)ctx)->bridge, ticket, token, request,
                   clock_now());
}

/* ---- HTTP ------------------------------------------------------------- */

static bool is_stopping(void *ctx)
{
    return ((struct app *)ctx)->state != APP_RUNNING;
}

static void describe(void *ctx, struct buffer *reply)
{
    bridge_describe(((struct app *)ctx)->bridge, reply, clock_now());
}

static void measure(void *ctx, struct measures *measures)
{
    gauges_fill(((struct app *)ctx)->gauges, measures);
}

static void serve_web(struct app *app)
{
    const struct asks_service service = {
        .ctx = app,
        .is_stopping = is_stopping,
        .status = describe,
        .measure = measure,
        .call = on_request,
    };
    web_serve(app->web, &service);
}

/* ---- start ------------------------------------------------------------ */

static struct listener_options listener_options(const struct config *config,
                                                const struct field_list *urls)
{
    return (struct listener_options){
        .urls = (const char *const *)urls->items,
        .url_count = urls->count,
        .tls = {config->tls.cert, config->tls.key, config->tls.ca},
    };
}

/* NNG's threads inherit SCHED_BATCH, so that one that wakes does not push the
 * loop off its core for every message: a quarter to a half more events/s. */
static bool start_bus(struct app *app)
{
    const struct config *config = &app->setup->config;
    const struct sched_param param = {0};
    const struct actions_options options = {
        .listener = listener_options(config, &config->action_urls),
        .contexts = (size_t)config->calls_max + SPARE_CONTEXTS,
        .request_bytes_max = BUS_REQUEST_BYTES_MAX,
        .wake = loop_wake,
        .wake_ctx = app->loop,
    };
    const struct listener_options events =
        listener_options(config, &config->event_urls);
    sched_setscheduler(0, SCHED_BATCH, &param);
    app->bus = bus_create(&events);
    if (app->bus != NULL)
        app->actions = actions_create(&options);
    sched_setscheduler(0, SCHED_OTHER, &param);
    return app->actions != NULL;
}

static void on_pause(void *ctx, bool pause)
{
    struct app *app = ctx;
    doors_pause(app->doors, pause);
    dials_pause(app->dials, pause);
}

/* A new journal is named after the run that begins it. */
static bool open_outlet(struct app *app)
{
    const struct outlet_options options = {
        .config = &app->setup->config,
        .bus = app->bus,
        .loop = app->loop,
        .epoch = app->run,
        .pause = on_pause,
        .ctx = app,
    };
    app->outlet = outlet_create(&options);
    replies_init(&app->replies, app->outlet);
    if (app->outlet == NULL)
        return false;
    app->journal_mode =
        app->setup->config.journal.enabled ? JOURNAL_WRITES : JOURNAL_IN_MEMORY;
    struct journal *journal = outlet_journal(app->outlet);
    app->archivist =
        archivist_create(journal, app->setup->config.state_dir, app->loop);
    if (app->archivist == NULL)
        log_error("journal: there is no thread to read it");
    return app->archivist != NULL;
}

/* NATS, if anything is to go there. */
static bool open_sink(struct app *app)
{
    const struct config *config = &app->setup->config;
    const struct sink_options options = {
        .config = config,
        .journal = outlet_journal(app->outlet),
        .run = app->run,
        .loop = app->loop,
        .contexts = (size_t)config->calls_max + SPARE_CONTEXTS,
    };
    app->sink = sink_create(&options);
    outlet_feed(app->outlet, app->sink);
    if (app->sink == NULL && config->nats.urls.count > 0)
        log_error("nats: there is no thread for it");
    return app->sink != NULL || config->nats.urls.count == 0;
}

/* The dialers of what has been prepared. */
static void name_dialers(const struct app *app, struct setup *setup)
{
    for (size_t i = 0; i < setup->config.account_count; i++)
        setup->accounts[i].dialer =
            dials_of(app->dials, setup->accounts[i].name);
}

static void open_private(struct app *app, const struct config *config)
{
    const struct field_list *open = &config->fetch_private;
    if (app->fetcher != NULL)
        fetcher_open(app->fetcher, (const char *const *)open->items,
                     open->count);
}

static void start_fetcher(struct app *app)
{
    const struct fetcher_options options = {.wake = loop_wake,
                                            .ctx = app->loop};
    app->fetcher = fetcher_create(&options);
    open_private(app, &app->setup->config);
}

static void start_bridge(struct app *app)
{
    const struct bridge_ports ports = {
        .ctx = app,
        .send = port_send,
        .ping = port_ping,
        .unsent = port_unsent,
        .close = port_close,
        .dial = port_dial,
        .emit = port_emit,
        .reply = port_reply,
        .hold = port_hold,
        .caller = port_caller,
        .say = port_say,
        .random = port_random,
        .keep = port_keep,
        .keep_cursor = port_keep_cursor,
        .claim = port_claim,
        .finish = port_finish,
        .forget = port_forget,
        .fetch = port_fetch,
        .read = port_read,
        .archive = port_archive,
        .nats = port_nats,
        .reload = port_reload,
        .log = port_log,
    };
    struct bridge_options options = app->setup->options;
    const struct journal *journal = outlet_journal(app->outlet);
    options.epoch = journal_epoch(journal);
    options.first_seq = journal_first_seq(journal);
    options.run = app->run;
    options.link_bytes_max = WS_LINK_QUEUE_BYTES_MAX;
    app->emitted_seq = options.first_seq;
    app->bridge = bridge_create(&options, &ports, clock_now());
    bridge_narrate(app->bridge, &app->loudness.now);
}

/* Listen, and be ready to dial. */
static bool open_ways(struct app *app)
{
    const struct config *config = &app->setup->config;
    app->dials = dials_create(app->loop, &app->bridge);
    if (!dials_prepare(app->dials, config))
        return false;
    name_dialers(app, app->setup);
    start_fetcher(app);
    start_bridge(app);
    app->doors = doors_create(app->loop, app->bridge);
    if (!doors_prepare(app->doors, config))
        return false;
    doors_settle(app->doors);
    dials_settle(app->dials);
    return true;
}

static void create_gauges(struct app *app)
{
    const struct gauges_parts parts = {
        .bridge = app->bridge,
        .outlet = app->outlet,
        .archivist = app->archivist,
        .fetcher = app->fetcher,
        .kept = app->kept,
        .bus = app->bus,
        .journal_bytes_max = app->setup->config.journal.bytes_max,
    };
    app->gauges = gauges_create(&parts);
}

/* HTTP, unless it is off. */
static bool open_web(struct app *app)
{
    const struct config *config = &app->setup->config;
    if (config->http[0] == '\0')
        return true;
    app->web = web_create(config, app->gauges, app->loop);
    return app->web != NULL &&
           web_start(app->web, journal_epoch(outlet_journal(app->outlet)));
}

/* What looks at all the others. */
static bool open_rest(struct app *app)
{
    app->kept = kept_open(app->setup->config.state_dir, app->loop);
    kept_restore(app->kept, app->bridge);
    create_gauges(app);
    return open_web(app);
}

/* One line with every address: what a script that starts us waits for. */
static void log_ready(const struct app *app)
{
    const struct config *config = &app->setup->config;
    struct buffer line = {0};
    doors_describe(app->doors, &line);
    for (size_t i = 0; i < config->event_urls.count; i++) {
        buffer_append_string(&line, " events=");
        buffer_append_string(&line, bus_url(app->bus, i));
    }
    for (size_t i = 0; i < config->action_urls.count; i++) {
        buffer_append_string(&line, " actions=");
        buffer_append_string(&line, actions_url(app->actions, i));
    }
    web_describe(app->web, &line);
    log_info("bridge: ready version=%s epoch=%s accounts=%zu%.*s",
             ONEBUS_VERSION, journal_epoch(outlet_journal(app->outlet)),
             config->account_count, (int)line.size,
             line.data == NULL ? "" : line.data);
    buffer_finish(&line);
}

static void log_notes(const struct config *config)
{
    for (size_t i = 0; i < config->notes.count; i++)
        log_warn("settings: %s", config->notes.messages[i]);
}

/* ---- new settings ------------------------------------------------------ */

/* The paths of what has changed, told apart by whether it counts at once. */
struct changes {
    struct field_list changed, restart;
};

/* What the process was built with. */
static bool needs_restart(const char *path)
{
    static const char *const paths[] = {
        "bridge.events",
        "bridge.actions",
        "bridge.http",
        "bridge.tls.cert",
        "bridge.tls.key",
        "bridge.tls.ca",
        "bridge.allowInsecure",
        "bridge.stateDir",
        "bridge.journal.enabled",
        "bridge.journal.maxAge",
        "bridge.journal.maxBytes",
        "bridge.journal.sync",
        "bridge.journal.onError",
        "bridge.call.maxInFlight",
        "bridge.media.maxFrame",
        "bridge.nats.url",
        "bridge.nats.stream",
        "bridge.nats.subjectPrefix",
        "bridge.nats.credsFile",
        "bridge.nats.tls.ca",
        "bridge.nats.tls.cert",
        "bridge.nats.tls.key",
        "bridge.nats.replicas",
        "bridge.nats.maxAge",
        "bridge.nats.maxBytes",
    };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (strcmp(path, paths[i]) == 0)
            return true;
    return false;
}

static void on_change(void *ctx, const char *path)
{
    struct changes *changes = ctx;
    *field_list_push(needs_restart(path) ? &changes->restart
                                         : &changes->changed) =
        mem_strdup(path);
}

static const struct config_account *account_in(const struct config *config,
                                               const char *key)
{
    for (size_t i = 0; i < config->account_count; i++)
        if (strcmp(config->accounts[i].key, key) == 0)
            return &config->accounts[i];
    return NULL;
}

/* Accounts that are reached in another way now must not keep the links that
 * came the old way. */
static void renew_links(struct app *app, const struct config *from,
                        const struct config *to)
{
    for (size_t i = 0; i < to->account_count; i++) {
        const struct config_account *account = &to->accounts[i];
        const struct config_account *before = account_in(from, account->key);
        if (before != NULL && !config_account_door_equals(before, account))
            bridge_renew_links(app->bridge,
                               bridge_account(app->bridge, account->key),
                               clock_now());
    }
}

static void tell_changes(struct app *app, const struct changes *changes)
{
    const struct bridge_changes told = {
        .changed = (const char *const *)changes->changed.items,
        .changed_count = changes->changed.count,
        .restart = (const char *const *)changes->restart.items,
        .restart_count = changes->restart.count,
    };
    for (size_t i = 0; i < told.changed_count; i++)
        log_info("settings: changed %s", told.changed[i]);
    for (size_t i = 0; i < told.restart_count; i++)
        log_warn("settings: changed %s: this counts from the next start on",
                 told.restart[i]);
    log_info("settings: read again changes=%zu restart=%zu", told.changed_count,
             told.restart_count);
    gauges_on_settings(app->gauges, true);
    bridge_on_reloaded(app->bridge, &told, NULL, clock_now());
}

static void refuse_settings(struct app *app, const char *fault)
{
    log_error("settings: refused, all stays as it was: %s", fault);
    gauges_on_settings(app->gauges, false);
    bridge_on_reloaded(app->bridge, NULL, fault, clock_now());
}

/* All of it or nothing: what can fail comes first. */
static bool prepare_ways(struct app *app, const struct config *config)
{
    if (!dials_prepare(app->dials, config))
        return false;
    if (doors_prepare(app->doors, config))
        return true;
    dials_withdraw(app->dials);
    return false;
}

static void apply(struct app *app, struct setup *next)
{
    struct setup *before = app->setup;
    struct changes changes = {{0}, {0}};
    config_changes(&before->config, &next->config, on_change, &changes);
    name_dialers(app, next);
    bridge_reconfigure(app->bridge, &next->options, clock_now());
    sink_rename(app->sink, &next->config);
    open_private(app, &next->config);
    doors_settle(app->doors);
    dials_settle(app->dials);
    renew_links(app, &before->config, &next->config);
    web_configure(app->web, &next->config);
    loudness_settle(&app->loudness, &next->config);
    bridge_narrate(app->bridge, &app->loudness.now);
    log_notes(&next->config);
    app->setup = next;
    tell_changes(app, &changes);
    setup_destroy(before);
    field_list_finish(&changes.changed);
    field_list_finish(&changes.restart);
}

/* The addresses are those of the start, whatever the settings say by now. */
static bool leaves_open(const struct app *app, const struct config *config)
{
    return app->needs_grants && config->grant_count == 0 &&
           !config->allow_insecure;
}

static void take_settings(struct app *app)
{
    enum status status;
    struct config config;
    struct config_faults faults;
    if (!reloader_take(app->reloader, &status, &config, &faults))
        return;
    for (size_t i = 1; i < faults.count; i++)
        log_error("settings: %s", faults.messages[i]);
    if (status != STATUS_OK) {
        refuse_settings(app, faults.count > 0 ? faults.messages[0] : "");
    } else if (app->state != APP_RUNNING) {
        refuse_settings(app, "the bridge is shutting down");
        config_finish(&config);
    } else if (leaves_open(app, &config)) {
        refuse_settings(app, "bridge.grants: the last may not go while others "
                             "reach the actions: that ends with a restart");
        config_finish(&config);
    } else if (!prepare_ways(app, &config)) {
        refuse_settings(app, "an address cannot be used; see the log");
        config_finish(&config);
    } else {
        apply(app, setup_create(&config));
    }
    config_faults_finish(&faults);
    if (!reloader_is_busy(app->reloader))
        supervisor_ready(&app->supervisor);
}

/* ---- stop ------------------------------------------------------------- */

static void enter(struct app *app, enum app_state state, uint64_t for_ms)
{
    app->state = state;
    app->state_ends_ms = clock_now().mono_ms + for_ms;
}

static void begin_stop(struct app *app)
{
    bridge_stop(app->bridge, clock_now());
    supervisor_stopping(&app->supervisor);
    enter(app, APP_DRAINING, DRAIN_MS);
}

static size_t open_links(const struct app *app)
{
    return doors_links(app->doors) + dials_links(app->dials);
}

static size_t replies_unsent(const struct app *app)
{
    return actions_unsent(app->actions) + sink_unsent(app->sink);
}

/* At the level of warnings, as the core's part: who asks is to see it. */
static void dump(struct app *app)
{
    struct process_state state;
    process_look(&state);
    log_warn("state: process version=%s resident_bytes=%" PRIu64
             " open_fds=%" PRIu64 " replies_unsent=%zu links=%zu "
             "stopping=%s",
             ONEBUS_VERSION, state.resident_bytes, state.open_fds,
             replies_unsent(app), open_links(app),
             app->state == APP_RUNNING ? "false" : "true");
    bridge_dump(app->bridge, clock_now());
}

static void on_signal(void *ctx, int number)
{
    struct app *app = ctx;
    if (number == SIGHUP) {
        (void)port_reload(app); /* it has said why not */
        return;
    }
    if (number == SIGUSR1) {
        dump(app);
        return;
    }
    if (app->state != APP_RUNNING) {
        log_warn("bridge: second signal: ending at once");
        app->state = APP_ENDED;
        return;
    }
    log_info("bridge: stopping signal=%s calls=%zu", strsignal(number),
             bridge_calls_waiting(app->bridge));
    begin_stop(app);
}

/* Without its journal the bridge goes on or stops, as the settings say. */
static void watch_journal(struct app *app)
{
    struct journal *journal = outlet_journal(app->outlet);
    struct journal_state state;
    enum journal_mode mode = journal_mode(journal);
    if (mode == app->journal_mode)
        return;
    app->journal_mode = mode;
    journal_look(journal, &state);
    if (mode != JOURNAL_STOPPED) {
        bridge_on_journal(app->bridge, state.fault, clock_now());
        return;
    }
    app->result = EXIT_FAILURE;
    if (app->state == APP_RUNNING)
        begin_stop(app);
}

static void close_links(struct app *app)
{
    doors_close(app->doors);
    dials_close(app->dials);
}

static void step(struct app *app, struct instant now)
{
    if (app->state == APP_DRAINING &&
        (now.mono_ms >= app->state_ends_ms || bridge_is_drained(app->bridge))) {
        bridge_abandon(app->bridge, now);
        close_links(app);
        enter(app, APP_CLOSING, CLOSE_MS);
    }
    if (app->state == APP_CLOSING &&
        (now.mono_ms >= app->state_ends_ms ||
         (open_links(app) == 0 && replies_unsent(app) == 0)))
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
    due_ms = earlier(due_ms, supervisor_due(&app->supervisor));
    due_ms = earlier(due_ms, app->loudness.until_ms);
    if (app->state != APP_RUNNING)
        due_ms = earlier(due_ms, app->state_ends_ms);
    if (app->state == APP_CLOSING)
        due_ms = earlier(due_ms, now.mono_ms + CLOSE_LOOK_MS);
    return due_ms;
}

static void on_fetched(void *ctx, uint64_t cookie, struct fetch_result *result)
{
    static const enum reply_error errors[] = {
        [FETCH_DONE] = REPLY_FINE,
        [FETCH_FAILED] = REPLY_BAD_PARAMS,
        [FETCH_DENIED] = REPLY_DENIED,
        [FETCH_TOO_LARGE] = REPLY_TOO_LARGE,
    };
    bridge_on_fetched(((struct app *)ctx)->bridge, cookie, errors[result->end],
                      &result->bytes, result->fault, clock_now());
}

static void take_fetched(struct app *app)
{
    if (app->fetcher != NULL)
        fetcher_take(app->fetcher, on_fetched, app);
}

static void tell_supervisor(struct app *app, struct instant now)
{
    struct buffer line = {0};
    if (now.mono_ms < supervisor_due(&app->supervisor))
        return;
    headline_append(&app->headline, app->bridge, now, &line);
    supervisor_tell(&app->supervisor, buffer_slice(&line), now.mono_ms);
    buffer_finish(&line);
}

static int run(struct app *app)
{
    while (app->state != APP_ENDED) {
        if (!loop_turn(app->loop, due(app))) {
            log_error("bridge: the event loop broke");
            return EXIT_FAILURE;
        }
        actions_take(app->actions, on_request, app);
        sink_take_calls(app->sink, on_subject_request, app);
        serve_web(app);
        kept_take(app->kept, app->bridge);
        take_settings(app);
        struct instant now = clock_now();
        bridge_on_tick(app->bridge, now);
        outlet_on_turn(app->outlet);
        archivist_take(app->archivist, app->bridge);
        sink_take(app->sink, app->bridge);
        take_fetched(app);
        watch_journal(app);
        replies_on_turn(&app->replies);
        actions_look(app->actions, now.mono_ms);
        tell_supervisor(app, now);
        if (loudness_tick(&app->loudness, now.mono_ms))
            bridge_narrate(app->bridge, &app->loudness.now);
        step(app, now);
    }
    log_info("bridge: stopped");
    return app->result;
}

/* In reverse, but for the loop: its end closes the links, which are the
 * bridge's and still publish their going. No call may be left for them to
 * answer when the tickets are gone. */
static void destroy(struct app *app)
{
    app->state = APP_ENDED;
    if (app->bridge != NULL)
        bridge_abandon(app->bridge, clock_now());
    replies_flush(&app->replies);
    web_destroy(app->web);
    gauges_destroy(app->gauges);
    actions_destroy(app->actions);
    reloader_destroy(app->reloader);
    kept_close(app->kept);
    archivist_destroy(app->archivist);
    fetcher_destroy(app->fetcher);
    if (app->dials != NULL)
        dials_close(app->dials); /* or a look-up would wake the loop */
    if (app->outlet != NULL)
        outlet_leave_loop(app->outlet);
    sink_leave_loop(app->sink);
    loop_destroy(app->loop);
    doors_destroy(app->doors);
    dials_destroy(app->dials);
    bridge_destroy(app->bridge);
    sink_stop(app->sink, app->emitted_seq);
    outlet_destroy(app->outlet);
    sink_destroy(app->sink);
    bus_destroy(app->bus);
    setup_destroy(app->setup);
}

int app_run(const struct config *config, app_load *load, void *load_ctx)
{
    struct app app = {0};
    int result = EXIT_FAILURE;
    random_digits(app.run, sizeof(app.run));
    app.setup = setup_create(config);
    supervisor_init(&app.supervisor, clock_now().mono_ms);
    loudness_settle(&app.loudness, &app.setup->config);
    app.needs_grants = config_needs_grants(&app.setup->config);
    log_notes(&app.setup->config);
    loop_block_signals();
    app.loop = loop_create(on_signal, &app);
    if (app.loop != NULL && start_bus(&app)) {
        app.reloader = reloader_create(load, load_ctx, loop_wake, app.loop);
        if (open_outlet(&app) && open_sink(&app) && open_ways(&app) &&
            open_rest(&app)) {
            log_ready(&app);
            supervisor_ready(&app.supervisor);
            result = run(&app);
        }
    }
    struct exit_guard guard;
    exit_guard_start(&guard, END_MS, result);
    destroy(&app);
    exit_guard_stop(&guard);
    return result;
}
