/* SPDX-License-Identifier: MIT */
#include "watch.h"

void watch_start(struct watch *watch, const struct watch_options *options,
                 uint64_t now_ms)
{
    *watch = (struct watch){
        .options = *options,
        .heard_ms = now_ms,
        .ping_ms = now_ms + options->interval_ms,
    };
}

/* What came clears it of all that was held against it. */
static void absolve(struct watch *watch)
{
    watch->probed_ms = 0;
    watch->doubted_ms = 0;
    watch->has_answered = false;
}

void watch_doubt(struct watch *watch, uint64_t now_ms)
{
    if (watch->has_answered)
        absolve(watch);
    if (watch->doubted_ms != 0)
        return;
    watch->doubted_ms = now_ms;
    watch->wants_ping = true;
}

static bool is_doubted(const struct watch *watch)
{
    return watch->doubted_ms != 0 && !watch->has_answered;
}

static bool is_probed(const struct watch *watch)
{
    return watch->probed_ms != 0 && !watch->has_answered;
}

static uint64_t probe_due(const struct watch *watch)
{
    return watch->heard_ms + watch->options.interval_ms +
           watch->options.timeout_ms;
}

/* Has nothing come in time to a question of then? */
static bool is_unanswered(const struct watch *watch, uint64_t asked_ms,
                          uint64_t now_ms)
{
    return now_ms >= asked_ms + watch->options.timeout_ms;
}

static enum watch_step next_of_silence(struct watch *watch, uint64_t now_ms)
{
    if (is_probed(watch) || now_ms < probe_due(watch))
        return WATCH_NOTHING;
    if (watch->has_answered)
        absolve(watch);
    watch->probed_ms = now_ms;
    return WATCH_PROBE;
}

enum watch_step watch_next(struct watch *watch, uint64_t now_ms)
{
    bool wants_ping = watch->wants_ping;
    watch->wants_ping = false;
    if ((is_doubted(watch) &&
         is_unanswered(watch, watch->doubted_ms, now_ms)) ||
        (is_probed(watch) && is_unanswered(watch, watch->probed_ms, now_ms)))
        return WATCH_CLOSE;
    if (watch->options.enabled && now_ms >= watch->ping_ms) {
        watch->ping_ms = now_ms + watch->options.interval_ms;
        wants_ping = true;
    }
    if (wants_ping)
        return WATCH_PING;
    return watch->options.enabled ? next_of_silence(watch, now_ms)
                                  : WATCH_NOTHING;
}

static uint64_t earlier(uint64_t one_ms, uint64_t other_ms)
{
    return one_ms < other_ms ? one_ms : other_ms;
}

uint64_t watch_due(const struct watch *watch)
{
    uint64_t timeout_ms = watch->options.timeout_ms;
    uint64_t due_ms = UINT64_MAX;
    if (watch->wants_ping)
        return 0;
    if (is_doubted(watch))
        due_ms = watch->doubted_ms + timeout_ms;
    if (!watch->options.enabled)
        return due_ms;
    due_ms = earlier(due_ms, watch->ping_ms);
    return earlier(due_ms, is_probed(watch) ? watch->probed_ms + timeout_ms
                                            : probe_due(watch));
}
