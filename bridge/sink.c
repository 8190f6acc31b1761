/* SPDX-License-Identifier: MIT */
#include "sink.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/random.h"
#include "config/config.h"
#include "core/backoff.h"
#include "core/bridge.h"
#include "core/nats_state.h"
#include "edge/journal.h"
#include "edge/loop.h"
#include "edge/nats_link.h"
#include "lease.h"
#include "pump.h"
#include "subjects.h"

enum {
    NICENESS = 10, /* who reads old events can wait */
    DIAL_AGAIN_MS = 1000,
    LOOK_AGAIN_MS = 5000, /* at a stream that cannot be used */
    /* Another bridge may have got so many of the latest events that it had not
     * published when it was heard of last. */
    OVERLAP_MS = 5000,
    /* What does not work for so long on one connection may on another. */
    DROP_MS = 10 * 1000,
    /* Before it is told by an event. */
    UNWELL_MS = 10 * 1000,
    /* What is left is published for so long when the bridge stops; a write that
     * is held up then takes NATS_WRITE_MS more. */
    STOP_MS = 1000,
    SERVER_SIZE = 320,
    NOTICES_MAX = 64,
};

static const struct backoff_options BACKOFF = {
    .delay_ms = 250,
    .delay_max_ms = 5000,
    .multiplier = 2,
};

enum mode { MODE_CONNECTING, MODE_HELD, MODE_MISFIT, MODE_FAILING, MODE_OK };

static const char *const mode_names[] = {
    [MODE_CONNECTING] = "connecting",
    [MODE_HELD] = "held",
    [MODE_MISFIT] = "misfit",
    [MODE_FAILING] = "failing",
    [MODE_OK] = "ok",
};

/* Something to be told by an event. */
struct notice {
    enum { NOTICE_FAILING, NOTICE_OK, NOTICE_GAP } kind;
    uint64_t first, last; /* NOTICE_GAP */
    char reason[NATS_FAULT_SIZE];
};

/* What the loop may look at. */
struct shown {
    enum mode mode;
    char fault[NATS_FAULT_SIZE];
    char server[SERVER_SIZE];
    struct nats_state counts;
};

struct sink {
    struct journal *journal;
    char *stream;
    pthread_t thread;
    struct bell bell; /* for it */
    bool runs;
    _Atomic bool listens; /* it waits for more in the journal */
    _Atomic bool is_stopping;
    uint64_t stop_seq, stop_ms; /* set before is_stopping */
    _Atomic uint64_t oldest_ms; /* wall: of what is not there yet; 0: none */
    pthread_mutex_t mutex;      /* of these */
    struct loop *loop;
    struct shown shown;
    struct notice notices[NOTICES_MAX];
    size_t notice_count;
    struct field_list names; /* of the accounts, from now on */
    bool are_renamed;
    /* The loop's. */
    struct shown seen;
    /* The thread's. */
    struct nats_link *link;
    struct lease *lease;
    struct pump *pump;
    struct subjects *subjects; /* and the loop's, as subjects.h says */
    struct shown now;
    bool is_up;
    bool is_ours;      /* the accounts' names are */
    bool has_told;     /* that it is failing */
    uint64_t since_ms; /* wall: what is older was another's to publish; or 0 */
    uint64_t again_ms; /* nothing is tried before: mono */
    struct backoff backoff;
    uint64_t failed_at; /* what was stored when it failed last */
    uint64_t fails_ms;  /* on this connection, since: mono; 0: it does not */
    uint64_t unwell_ms; /* not ok since: mono; 0: it is */
};

/* ---- what the loop gets to know ------------------------------------------ */

static void tell(struct sink *sink, const struct notice *notice)
{
    pthread_mutex_lock(&sink->mutex);
    struct notice *last =
        sink->notice_count == 0 ? NULL : &sink->notices[sink->notice_count - 1];
    bool is_more = last != NULL && last->kind == NOTICE_GAP &&
                   notice->kind == NOTICE_GAP &&
                   (sink->notice_count == NOTICES_MAX ||
                    (last->last + 1 == notice->first &&
                     strcmp(last->reason, notice->reason) == 0));
    if (is_more)
        last->last = notice->last;
    else if (sink->notice_count < NOTICES_MAX)
        sink->notices[sink->notice_count++] = *notice;
    if (sink->loop != NULL)
        loop_wake(sink->loop);
    pthread_mutex_unlock(&sink->mutex);
}

static void on_gap(void *ctx, uint64_t first, uint64_t last, const char *reason)
{
    struct notice notice = {.kind = NOTICE_GAP, .first = first, .last = last};
    snprintf(notice.reason, sizeof(notice.reason), "%s", reason);
    log_error("nats: events do not get into the stream: %s first=%" PRIu64
              " last=%" PRIu64,
              reason, first, last);
    tell(ctx, &notice);
}

static void tell_health(struct sink *sink, uint64_t now_ms)
{
    struct notice notice = {.kind = NOTICE_OK};
    if (sink->now.mode == MODE_OK) {
        sink->unwell_ms = 0;
        if (sink->has_told)
            tell(sink, &notice);
        sink->has_told = false;
        return;
    }
    if (sink->unwell_ms == 0)
        sink->unwell_ms = now_ms;
    if (sink->has_told || now_ms < sink->unwell_ms + UNWELL_MS)
        return;
    notice.kind = NOTICE_FAILING;
    memcpy(notice.reason, sink->now.fault, sizeof(notice.reason));
    tell(sink, &notice);
    sink->has_told = true;
}

static void show(struct sink *sink)
{
    pump_count(sink->pump, &sink->now.counts);
    pthread_mutex_lock(&sink->mutex);
    sink->shown = sink->now;
    pthread_mutex_unlock(&sink->mutex);
}

/* Something waits from now on, if nothing did. Any thread. */
static void note_waiting(struct sink *sink)
{
    uint64_t none = 0;
    if (atomic_load(&sink->oldest_ms) == 0)
        atomic_compare_exchange_strong(&sink->oldest_ms, &none,
                                       clock_now().wall_ms);
}

static bool is_behind(const struct sink *sink)
{
    return journal_kept(sink->journal) > pump_stored(sink->pump);
}

/* Since when something waits; when nothing does, sink_on_kept() says when it
 * begins to, which may be just now. */
static void note_oldest(struct sink *sink)
{
    uint64_t oldest_ms = pump_oldest_ms(sink->pump);
    if (oldest_ms != 0)
        atomic_store(&sink->oldest_ms, oldest_ms);
    else if (!is_behind(sink))
        atomic_store(&sink->oldest_ms, 0);
    if (is_behind(sink))
        note_waiting(sink);
}

/* ---- how it is -------------------------------------------------------------
 */

static void log_mode(const struct sink *sink)
{
    const struct shown *now = &sink->now;
    bool is_lasting = now->mode == MODE_MISFIT || now->mode == MODE_HELD;
    enum log_level level = is_lasting ? LOG_ERROR : LOG_WARN;
    if (now->mode == MODE_OK)
        log_info("nats: publishing server=%s stream=%s", now->server,
                 sink->stream);
    else if (now->fault[0] != '\0')
        log_write(level, "nats: nothing is published: %s stream=%s", now->fault,
                  sink->stream);
}

static void set_mode(struct sink *sink, enum mode mode, const char *fault)
{
    struct shown *now = &sink->now;
    if (now->mode == mode && strcmp(now->fault, fault) == 0)
        return;
    now->mode = mode;
    snprintf(now->fault, sizeof(now->fault), "%s", fault);
    log_mode(sink);
}

/* ---- the thread ------------------------------------------------------------
 */

static uint64_t delay_ms(struct sink *sink)
{
    uint32_t number;
    random_bytes(&number, sizeof(number));
    return backoff_next(&sink->backoff, &BACKOFF, number);
}

static void on_fails(struct sink *sink, const char *fault, uint64_t now_ms)
{
    set_mode(sink, MODE_FAILING, fault);
    sink->failed_at = pump_stored(sink->pump);
    sink->again_ms = now_ms + delay_ms(sink);
    if (sink->fails_ms == 0)
        sink->fails_ms = now_ms;
    if (now_ms < sink->fails_ms + DROP_MS)
        return;
    subjects_leave(sink->subjects);
    nats_link_drop(sink->link);
}

/* It works again once something is stored that was not, or nothing is left. */
static void on_goes(struct sink *sink)
{
    if (sink->now.mode == MODE_FAILING && is_behind(sink) &&
        pump_stored(sink->pump) <= sink->failed_at)
        return;
    set_mode(sink, MODE_OK, "");
    backoff_reset(&sink->backoff);
    sink->fails_ms = 0;
}

static void take_names(struct sink *sink)
{
    struct field_list names = {0};
    pthread_mutex_lock(&sink->mutex);
    bool are_renamed = sink->are_renamed;
    if (are_renamed) {
        names = sink->names;
        sink->names = (struct field_list){0};
        sink->are_renamed = false;
    }
    pthread_mutex_unlock(&sink->mutex);
    if (are_renamed) {
        lease_rename(sink->lease, (const char *const *)names.items,
                     names.count);
        subjects_rename(sink->subjects);
    }
    field_list_finish(&names);
}

static void lose_names(struct sink *sink)
{
    sink->is_ours = false;
    subjects_rest(sink->subjects);
    pump_close(sink->pump);
}

/* Where another bridge had them, what it has published is passed over. */
static void get_names(struct sink *sink, uint64_t alive_ms)
{
    sink->is_ours = true;
    subjects_serve(sink->subjects, sink->link, sink->lease);
    if (alive_ms == 0)
        return;
    sink->since_ms = alive_ms > OVERLAP_MS ? alive_ms - OVERLAP_MS : 1;
    pump_close(sink->pump);
}

/* Whether the accounts' names are ours. */
static bool hold_names(struct sink *sink, struct instant now)
{
    char fault[LEASING_FAULT_SIZE] = "";
    uint64_t alive_ms = 0;
    take_names(sink);
    if (sink->is_ours && now.mono_ms < lease_due_ms(sink->lease))
        return true;
    switch (lease_renew(sink->lease, fault, &alive_ms)) {
    case LEASE_OURS:
        get_names(sink, alive_ms);
        return true;
    case LEASE_ELSEWHERE:
        lose_names(sink);
        set_mode(sink, MODE_HELD, fault);
        sink->again_ms = lease_due_ms(sink->lease);
        return false;
    case LEASE_UNKNOWN:
        lose_names(sink);
        on_fails(sink, fault, clock_now().mono_ms);
        return false;
    }
    return false;
}

/* While a look through the stream takes its time. */
static bool keep_names(struct sink *sink)
{
    char fault[LEASING_FAULT_SIZE];
    uint64_t alive_ms;
    if (clock_now().mono_ms >= lease_due_ms(sink->lease))
        sink->is_ours =
            lease_renew(sink->lease, fault, &alive_ms) == LEASE_OURS;
    return sink->is_ours;
}

/* When what waits for others to hear of us may be published: mono ms; 0:
 * nothing does. */
static uint64_t heard_ms(const struct sink *sink)
{
    return pump_needs_notice(sink->pump) ? lease_heard_ms(sink->lease) : 0;
}

/* To open the stream may have taken too long for the names to be ours still. */
static bool may_publish(const struct sink *sink, uint64_t now_ms)
{
    bool is_sure =
        atomic_load(&sink->is_stopping) || now_ms < lease_due_ms(sink->lease);
    return is_sure && now_ms >= heard_ms(sink);
}

static void log_wait(const struct sink *sink, uint64_t now_ms)
{
    if (now_ms < heard_ms(sink))
        log_info("nats: events wait until all bridges on the stream know of "
                 "this one stream=%s wait_ms=%" PRIu64,
                 sink->stream, heard_ms(sink) - now_ms);
}

static enum pump_verdict move(struct sink *sink,
                              char fault[static NATS_FAULT_SIZE])
{
    bool was_open = pump_is_open(sink->pump);
    if (!was_open) {
        enum pump_verdict verdict =
            pump_open(sink->pump, sink->link, sink->since_ms, fault);
        if (verdict != PUMP_GOES)
            return verdict;
        sink->since_ms = 0;
    }
    struct instant now = clock_now();
    pump_share(sink->pump, lease_is_shared(sink->lease, now.mono_ms));
    if (!was_open)
        log_wait(sink, now.mono_ms);
    if (!may_publish(sink, now.mono_ms))
        return PUMP_GOES;
    return pump_step(sink->pump, now, fault);
}

static void work(struct sink *sink, struct instant now)
{
    char fault[NATS_FAULT_SIZE] = "";
    switch (move(sink, fault)) {
    case PUMP_GOES:
        on_goes(sink);
        return;
    case PUMP_MISFIT:
        set_mode(sink, MODE_MISFIT, fault);
        sink->again_ms = now.mono_ms + LOOK_AGAIN_MS;
        return;
    case PUMP_FAILS:
        if (sink->is_ours) /* else the next step says whose they are */
            on_fails(sink, fault, clock_now().mono_ms);
        else
            lose_names(sink);
        return;
    }
}

/* At first that may take a while. */
static void show_looking(struct sink *sink)
{
    snprintf(sink->now.fault, sizeof(sink->now.fault),
             "looking for the stream, and through it");
    show(sink);
}

static void on_up(struct sink *sink, struct instant now)
{
    if (!sink->is_up) {
        sink->is_up = true;
        sink->fails_ms = 0;
        sink->again_ms = 0;
        sink->now.counts.connects++;
        snprintf(sink->now.server, sizeof(sink->now.server), "%s",
                 nats_link_server(sink->link));
        log_info("nats: connected server=%s", sink->now.server);
        if (sink->now.counts.connects == 1)
            show_looking(sink);
    }
    bool goes_on = atomic_load(&sink->is_stopping)
                       ? pump_is_open(sink->pump)
                       : now.mono_ms >= sink->again_ms && hold_names(sink, now);
    if (goes_on)
        work(sink, now);
}

/* A connection that was dropped for its faults has none of its own. */
static void on_down(struct sink *sink, uint64_t now_ms)
{
    char fault[NATS_FAULT_SIZE];
    if (sink->is_up) {
        lose_names(sink);
        subjects_leave(sink->subjects);
        sink->is_up = false;
        sink->again_ms = 0;
        sink->now.server[0] = '\0';
    }
    nats_link_fault(sink->link, fault);
    set_mode(sink, MODE_CONNECTING, fault[0] != '\0' ? fault : sink->now.fault);
    if (now_ms < sink->again_ms || atomic_load(&sink->is_stopping))
        return;
    sink->again_ms = now_ms + DIAL_AGAIN_MS;
    nats_link_dial(sink->link);
}

static uint64_t earlier(uint64_t one_ms, uint64_t other_ms)
{
    return one_ms < other_ms ? one_ms : other_ms;
}

/* The same of a stream that is open. */
static uint64_t due_open(struct sink *sink)
{
    uint64_t lease_ms = atomic_load(&sink->is_stopping)
                            ? UINT64_MAX
                            : lease_due_ms(sink->lease);
    if (clock_now().mono_ms < heard_ms(sink))
        return earlier(lease_ms, heard_ms(sink));
    atomic_store(&sink->listens, pump_is_waiting(sink->pump));
    return earlier(lease_ms, pump_due_ms(sink->pump));
}

/* When there is something to do, whatever rings. */
static uint64_t due(struct sink *sink)
{
    enum nats_link_phase phase = nats_link_phase(sink->link);
    uint64_t due_ms = UINT64_MAX;
    if (sink->unwell_ms != 0 && !sink->has_told)
        due_ms = sink->unwell_ms + UNWELL_MS;
    if (atomic_load(&sink->is_stopping))
        due_ms = earlier(due_ms, sink->stop_ms);
    if (phase == NATS_LINK_UP && pump_is_open(sink->pump))
        return earlier(due_ms, due_open(sink));
    return phase == NATS_LINK_DIALING ? due_ms
                                      : earlier(due_ms, sink->again_ms);
}

/* When it is to stop, only what is open goes on. */
static void step(struct sink *sink)
{
    struct instant now = clock_now();
    switch (nats_link_phase(sink->link)) {
    case NATS_LINK_DIALING:
        break;
    case NATS_LINK_DOWN:
        on_down(sink, now.mono_ms);
        break;
    case NATS_LINK_UP:
        on_up(sink, now);
        break;
    }
    tell_health(sink, now.mono_ms);
    note_oldest(sink);
    show(sink);
}

static bool is_done(struct sink *sink)
{
    return atomic_load(&sink->is_stopping) &&
           (!pump_is_open(sink->pump) ||
            pump_stored(sink->pump) >= sink->stop_seq ||
            clock_now().mono_ms >= sink->stop_ms);
}

static void destroy_parts(struct sink *sink)
{
    subjects_leave(sink->subjects);
    pump_destroy(sink->pump);
    lease_destroy(sink->lease);
    nats_link_destroy(sink->link);
}

static void *run(void *ctx)
{
    const struct sched_param param = {0};
    struct sink *sink = ctx;
    (void)pthread_setname_np(pthread_self(), "sink");
    (void)sched_setscheduler(0, SCHED_BATCH, &param);
    (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    while (!is_done(sink)) {
        step(sink);
        bell_wait(&sink->bell, due(sink));
    }
    /* A cluster that does not answer lets them go by itself. */
    if (sink->is_ours && sink->now.mode == MODE_OK &&
        pump_stored(sink->pump) >= sink->stop_seq &&
        nats_link_phase(sink->link) == NATS_LINK_UP)
        lease_release(sink->lease);
    destroy_parts(sink);
    return NULL;
}

/* ---- the loop's side ------------------------------------------------------
 */

static void ring(void *ctx)
{
    bell_ring(&((struct sink *)ctx)->bell);
}

static bool breaks_off(void *ctx)
{
    struct sink *sink = ctx;
    return atomic_load(&sink->is_stopping) || !keep_names(sink);
}

static struct nats_link *create_link(struct sink *sink,
                                     const struct config_nats *nats)
{
    const struct nats_link_options options = {
        .urls = (const char *const *)nats->urls.items,
        .url_count = nats->urls.count,
        .creds_file = nats->creds_file,
        .tls = {nats->tls.cert, nats->tls.key, nats->tls.ca},
        .wake = ring,
        .ctx = sink,
    };
    return nats_link_create(&options);
}

static void list_names(const struct config *config, struct field_list *names)
{
    for (size_t i = 0; i < config->account_count; i++)
        *field_list_push(names) = mem_strdup(config->accounts[i].key);
}

static struct lease *create_lease(struct sink *sink,
                                  const struct sink_options *options)
{
    struct field_list names = {0};
    list_names(options->config, &names);
    const struct lease_options asked = {
        .stream = sink->stream,
        .replicas = options->config->nats.replicas,
        .accounts = (const char *const *)names.items,
        .account_count = names.count,
        .epoch = journal_epoch(sink->journal),
        .run = options->run,
    };
    struct lease *lease = lease_create(sink->link, &asked);
    field_list_finish(&names);
    return lease;
}

static struct pump *create_pump(struct sink *sink, const struct config *config)
{
    const struct pump_options options = {
        .config = config,
        .journal = sink->journal,
        .wake = ring,
        .on_gap = on_gap,
        .breaks_off = breaks_off,
        .ctx = sink,
    };
    return pump_create(&options);
}

static void wake_loop(void *ctx)
{
    struct sink *sink = ctx;
    pthread_mutex_lock(&sink->mutex);
    if (sink->loop != NULL)
        loop_wake(sink->loop);
    pthread_mutex_unlock(&sink->mutex);
}

static struct subjects *create_subjects(struct sink *sink,
                                        const struct sink_options *options)
{
    const struct subjects_options asked = {
        .prefix = options->config->nats.subject_prefix,
        .contexts = options->contexts,
        .wake = wake_loop,
        .ctx = sink,
    };
    return subjects_create(&asked);
}

static bool start(struct sink *sink)
{
    sink->runs = sink->subjects != NULL &&
                 pthread_create(&sink->thread, NULL, run, sink) == 0;
    if (sink->runs)
        return true;
    subjects_stop(sink->subjects);
    destroy_parts(sink);
    return false;
}

struct sink *sink_create(const struct sink_options *options)
{
    const struct config_nats *nats = &options->config->nats;
    if (nats->urls.count == 0)
        return NULL;
    struct sink *sink = mem_zalloc(1, sizeof(*sink));
    sink->journal = options->journal;
    sink->loop = options->loop;
    sink->stream = mem_strdup(nats->stream);
    bell_init(&sink->bell);
    pthread_mutex_init(&sink->mutex, NULL);
    sink->link = create_link(sink, nats);
    sink->lease = create_lease(sink, options);
    sink->pump = create_pump(sink, options->config);
    sink->subjects = create_subjects(sink, options);
    snprintf(sink->now.fault, sizeof(sink->now.fault),
             "no server has been reached yet");
    note_oldest(sink);
    show(sink);
    if (start(sink))
        return sink;
    sink_destroy(sink);
    return NULL;
}

void sink_leave_loop(struct sink *sink)
{
    if (sink == NULL)
        return;
    pthread_mutex_lock(&sink->mutex);
    sink->loop = NULL;
    pthread_mutex_unlock(&sink->mutex);
}

void sink_stop(struct sink *sink, uint64_t last_seq)
{
    if (sink == NULL || !sink->runs)
        return;
    subjects_stop(sink->subjects);
    sink->stop_seq = last_seq;
    sink->stop_ms = clock_now().mono_ms + STOP_MS;
    atomic_store(&sink->is_stopping, true);
    bell_ring(&sink->bell);
    pthread_join(sink->thread, NULL);
    sink->runs = false;
}

void sink_destroy(struct sink *sink)
{
    if (sink == NULL)
        return;
    subjects_destroy(sink->subjects);
    pthread_mutex_destroy(&sink->mutex);
    bell_finish(&sink->bell);
    field_list_finish(&sink->names);
    free(sink->stream);
    free(sink);
}

void sink_rename(struct sink *sink, const struct config *config)
{
    struct field_list names = {0};
    if (sink == NULL)
        return;
    list_names(config, &names);
    pthread_mutex_lock(&sink->mutex);
    field_list_finish(&sink->names);
    sink->names = names;
    sink->are_renamed = true;
    pthread_mutex_unlock(&sink->mutex);
    bell_ring(&sink->bell);
}

void sink_on_kept(struct sink *sink)
{
    if (sink == NULL)
        return;
    note_waiting(sink);
    if (atomic_load(&sink->listens) && atomic_exchange(&sink->listens, false))
        bell_ring(&sink->bell);
}

/* What there is to tell, which then is the caller's. */
static size_t take_notices(struct sink *sink,
                           struct notice notices[static NOTICES_MAX])
{
    pthread_mutex_lock(&sink->mutex);
    size_t count = sink->notice_count;
    memcpy(notices, sink->notices, count * sizeof(*notices));
    sink->notice_count = 0;
    pthread_mutex_unlock(&sink->mutex);
    return count;
}

void sink_take(struct sink *sink, struct bridge *bridge)
{
    struct notice notices[NOTICES_MAX];
    size_t count = sink == NULL ? 0 : take_notices(sink, notices);
    for (size_t i = 0; i < count; i++) {
        if (notices[i].kind == NOTICE_GAP)
            bridge_on_nats_gap(bridge, notices[i].first, notices[i].last,
                               notices[i].reason, clock_now());
        else
            bridge_on_nats(bridge, notices[i].reason, clock_now());
    }
}

static void look_at_lag(struct sink *sink, struct nats_state *state)
{
    uint64_t kept = journal_kept(sink->journal);
    uint64_t oldest_ms = atomic_load(&sink->oldest_ms);
    uint64_t now_ms = clock_now().wall_ms;
    state->lag = kept > state->acked ? kept - state->acked : 0;
    if (state->lag > 0 && oldest_ms > 0 && now_ms > oldest_ms)
        state->lag_ms = now_ms - oldest_ms;
}

void sink_take_calls(struct sink *sink,
                     void (*on_request)(void *ctx, struct ticket *ticket,
                                        struct slice token,
                                        struct slice request),
                     void *ctx)
{
    if (sink != NULL)
        subjects_take(sink->subjects, on_request, ctx);
}

size_t sink_unsent(const struct sink *sink)
{
    return sink == NULL ? 0 : subjects_unsent(sink->subjects);
}

void sink_look(struct sink *sink, struct nats_state *state)
{
    *state = (struct nats_state){
        .mode = "off", .fault = "", .server = "", .stream = ""};
    if (sink == NULL)
        return;
    pthread_mutex_lock(&sink->mutex);
    sink->seen = sink->shown;
    pthread_mutex_unlock(&sink->mutex);
    *state = sink->seen.counts;
    state->requests = subjects_requests(sink->subjects);
    state->mode = mode_names[sink->seen.mode];
    state->fault = sink->seen.fault;
    state->server = sink->seen.server;
    state->stream = sink->stream;
    look_at_lag(sink, state);
}
