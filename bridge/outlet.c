/* SPDX-License-Identifier: MIT */
#include "outlet.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "edge/bus.h"
#include "edge/loop.h"
#include "flow.h"
#include "sink.h"

struct outlet {
    struct outlet_options options;
    struct journal *journal;
    struct flow flow; /* the journal's thread's */
    struct sink *sink;
    bool is_paused;
    pthread_mutex_t mutex; /* of the loop: it goes before the journal does */
    struct loop *loop;
};

/* The journal's thread. */
static void on_publish(void *ctx, struct slice message)
{
    struct outlet *outlet = ctx;
    sink_on_kept(outlet->sink);
    bus_publish(outlet->options.bus, message);
    flow_on_event(&outlet->flow);
}

static void on_wake(void *ctx)
{
    struct outlet *outlet = ctx;
    pthread_mutex_lock(&outlet->mutex);
    if (outlet->loop != NULL)
        loop_wake(outlet->loop);
    pthread_mutex_unlock(&outlet->mutex);
}

static struct journal *open_journal(struct outlet *outlet)
{
    const struct config *config = outlet->options.config;
    const struct journal_options options = {
        .folder = config->state_dir,
        .is_enabled = config->journal.enabled,
        .syncs_fully = config->journal.sync == CONFIG_SYNC_FULL,
        .stops_on_error = config->journal.on_error == CONFIG_ON_ERROR_STOP,
        .age_max_ms = config->journal.age_max_ms,
        .bytes_max = config->journal.bytes_max,
        .publish = on_publish,
        .wake = on_wake,
        .ctx = outlet,
    };
    char fault[JOURNAL_REASON_SIZE];
    struct journal *journal =
        journal_open(&options, outlet->options.epoch, fault);
    if (journal == NULL)
        log_error("journal: %s", fault);
    return journal;
}

struct outlet *outlet_create(const struct outlet_options *options)
{
    struct outlet *outlet = mem_zalloc(1, sizeof(*outlet));
    outlet->options = *options;
    outlet->loop = options->loop;
    pthread_mutex_init(&outlet->mutex, NULL);
    flow_init(&outlet->flow, options->bus);
    outlet->journal = open_journal(outlet);
    if (outlet->journal != NULL)
        return outlet;
    outlet_destroy(outlet);
    return NULL;
}

void outlet_feed(struct outlet *outlet, struct sink *sink)
{
    outlet->sink = sink;
}

void outlet_leave_loop(struct outlet *outlet)
{
    pthread_mutex_lock(&outlet->mutex);
    outlet->loop = NULL;
    pthread_mutex_unlock(&outlet->mutex);
}

void outlet_destroy(struct outlet *outlet)
{
    if (outlet == NULL)
        return;
    journal_close(outlet->journal);
    flow_finish(&outlet->flow);
    pthread_mutex_destroy(&outlet->mutex);
    free(outlet);
}

static void set_pause(struct outlet *outlet, bool pause)
{
    outlet->is_paused = pause;
    outlet->options.pause(outlet->options.ctx, pause);
}

static uint64_t now_us(struct outlet *outlet)
{
    return outlet->loop == NULL ? clock_mono_us() : loop_now_us(outlet->loop);
}

void outlet_emit(struct outlet *outlet, const struct bridge_event *event)
{
    const struct ring_event kept = {
        .seq = event->seq,
        .time_ms = event->time_ms,
        .message = event->message,
    };
    journal_put(outlet->journal, &kept, now_us(outlet));
    /* Without a loop the links are going one by one. */
    if (!outlet->is_paused && outlet->loop != NULL &&
        journal_is_full(outlet->journal))
        set_pause(outlet, true);
}

void outlet_on_turn(struct outlet *outlet)
{
    if (outlet->is_paused && !journal_is_full(outlet->journal))
        set_pause(outlet, false);
}

bool outlet_has_kept(struct outlet *outlet, uint64_t seq)
{
    return journal_await(outlet->journal, seq);
}

uint64_t outlet_published(const struct outlet *outlet)
{
    return flow_published(&outlet->flow);
}

struct journal *outlet_journal(const struct outlet *outlet)
{
    return outlet->journal;
}
