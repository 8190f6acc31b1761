/* SPDX-License-Identifier: MIT */
#include "sink.h"

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
#include "config/config.h"
#include "core/nats_state.h"
#include "edge/journal.h"
#include "edge/loop.h"
#include "edge/nats_link.h"

enum {
    NICENESS = 10,
    DIAL_AGAIN_MS = 1000,
    SERVER_SIZE = 320,
};

/* What the loop may look at, under the mutex. */
struct sink_view {
    const char *mode;
    char fault[NATS_FAULT_SIZE];
    char server[SERVER_SIZE];
    uint64_t connects;
};

struct sink {
    struct journal *journal;
    char *stream;
    struct bell bell; /* for the thread */
    pthread_t thread;
    bool runs;
    _Atomic bool is_stopping;
    pthread_mutex_t mutex; /* of `loop` and `view` */
    struct loop *loop;
    struct sink_view view;
    struct sink_view shown; /* the loop's */
    struct nats_link *link; /* the thread's, from here on */
    uint64_t dial_ms;
};

/* ---- the thread ---------------------------------------------------------- */

static void show(struct sink *sink, const char *mode, const char *fault,
                 const char *server)
{
    pthread_mutex_lock(&sink->mutex);
    bool is_new = sink->view.mode != mode;
    sink->view.mode = mode;
    snprintf(sink->view.fault, sizeof(sink->view.fault), "%s", fault);
    snprintf(sink->view.server, sizeof(sink->view.server), "%s", server);
    if (is_new && sink->loop != NULL)
        loop_wake(sink->loop);
    pthread_mutex_unlock(&sink->mutex);
}

/* When there is something to do, whatever rings. */
static uint64_t step(struct sink *sink)
{
    char fault[NATS_FAULT_SIZE];
    uint64_t now_ms = clock_now().mono_ms;
    switch (nats_link_phase(sink->link)) {
    case NATS_LINK_DIALING:
        return UINT64_MAX;
    case NATS_LINK_UP:
        show(sink, "ok", "", nats_link_server(sink->link));
        return UINT64_MAX;
    case NATS_LINK_DOWN:
        nats_link_fault(sink->link, fault);
        show(sink, "connecting", fault, "");
        if (now_ms < sink->dial_ms)
            return sink->dial_ms;
        sink->dial_ms = now_ms + DIAL_AGAIN_MS;
        nats_link_dial(sink->link);
    }
    return UINT64_MAX;
}

static void *run(void *ctx)
{
    const struct sched_param param = {0};
    struct sink *sink = ctx;
    (void)sched_setscheduler(0, SCHED_BATCH, &param);
    (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    while (!atomic_load(&sink->is_stopping))
        bell_wait(&sink->bell, step(sink));
    nats_link_destroy(sink->link);
    return NULL;
}

/* ---- the loop's side ----------------------------------------------------- */

static void ring(void *ctx)
{
    bell_ring(ctx);
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
        .ctx = &sink->bell,
    };
    return nats_link_create(&options);
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
    sink->view.mode = "connecting";
    bell_init(&sink->bell);
    pthread_mutex_init(&sink->mutex, NULL);
    sink->link = create_link(sink, nats);
    sink->runs = pthread_create(&sink->thread, NULL, run, sink) == 0;
    if (!sink->runs) {
        sink_destroy(sink);
        return NULL;
    }
    (void)pthread_setname_np(sink->thread, "sink");
    return sink;
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
    (void)last_seq;
    if (sink == NULL || !sink->runs)
        return;
    atomic_store(&sink->is_stopping, true);
    bell_ring(&sink->bell);
    pthread_join(sink->thread, NULL);
    sink->runs = false;
}

void sink_destroy(struct sink *sink)
{
    if (sink == NULL)
        return;
    pthread_mutex_destroy(&sink->mutex);
    bell_finish(&sink->bell);
    free(sink->stream);
    free(sink);
}

void sink_on_kept(struct sink *sink)
{
    if (sink != NULL)
        bell_ring(&sink->bell);
}

void sink_look(struct sink *sink, struct nats_state *state)
{
    *state = (struct nats_state){
        .mode = "off", .fault = "", .server = "", .stream = ""};
    if (sink == NULL)
        return;
    pthread_mutex_lock(&sink->mutex);
    sink->shown = sink->view;
    pthread_mutex_unlock(&sink->mutex);
    state->mode = sink->shown.mode;
    state->fault = sink->shown.fault;
    state->server = sink->shown.server;
    state->stream = sink->stream;
}
