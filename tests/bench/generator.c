/* SPDX-License-Identifier: MIT */
#include "generator.h"

#include "mark.h"
#include "nanos.h"
#include "websocket.h"

enum {
    /* Frames in one write: 30 KB of them wake the bridge once. */
    BATCH = 32,
};

static const uint64_t PROBE_NS = 5 * NANOS_PER_MS;

void generator_init(struct generator *generator)
{
    generator->payload_at = websocket_pack(&generator->frame, WEBSOCKET_TEXT,
                                           generator->sample.text);
    if (generator->events == 0)
        generator->state = GENERATOR_DONE;
    else if (!generator->followed)
        generator->state = GENERATOR_SENDING;
}

void generator_finish(struct generator *generator)
{
    buffer_finish(&generator->frame);
}

/* Write over a blank of the masked `payload`. */
static void stamp(char *payload, size_t at, unsigned digits, uint64_t value)
{
    char text[] = MARK_TIME_BLANK;
    mark_write(text, digits, value);
    websocket_mask(text, digits, at);
    memcpy(payload + at, text, digits);
}

static void append_event(const struct generator *generator, uint64_t now_ns,
                         uint64_t number, struct buffer *out)
{
    const struct sample *sample = &generator->sample;
    size_t at = out->size + generator->payload_at;
    buffer_append(out, generator->frame.data, generator->frame.size);
    char *payload = out->data + at;
    stamp(payload, sample->time_at, MARK_TIME_DIGITS, now_ns);
    for (unsigned i = 0; i < sample->numbers; i++)
        stamp(payload, sample->number_at[i], MARK_NUMBER_DIGITS, number);
}

static void probe(struct generator *generator, uint64_t now_ns,
                  struct buffer *out)
{
    if (now_ns < generator_due(generator))
        return;
    append_event(generator, now_ns, 0, out);
    generator->probed_ns = now_ns;
}

static uint64_t on_their_way(const struct generator *generator)
{
    return generator->sent - generator->seen;
}

static bool window_is_full(const struct generator *generator)
{
    return generator->window != 0 &&
           on_their_way(generator) >= generator->window;
}

/* What is missing will not come any more: go on without it. */
static void forgive(struct generator *generator, uint64_t now_ns)
{
    generator->stalls++;
    generator->seen = generator->sent;
    generator->progress_ns = now_ns;
}

static void start(struct generator *generator, uint64_t now_ns)
{
    if (generator->started_ns == 0)
        generator->started_ns = generator->progress_ns = now_ns;
}

/* When the next event is due by the rate. */
static uint64_t rate_due(const struct generator *generator)
{
    if (generator->rate == 0)
        return 0;
    return generator->started_ns +
           generator->sent * NANOS_PER_SECOND / generator->rate;
}

static void send_batch(struct generator *generator, uint64_t now_ns,
                       struct buffer *out)
{
    start(generator, now_ns);
    if (window_is_full(generator) && now_ns >= generator_due(generator))
        forgive(generator, now_ns);
    for (unsigned i = 0; i < BATCH; i++) {
        if (generator->sent == generator->events || window_is_full(generator) ||
            now_ns < rate_due(generator))
            break;
        append_event(generator, now_ns, ++generator->sent, out);
    }
    if (generator->sent < generator->events)
        return;
    generator->sent_ns = now_ns;
    generator->state =
        generator->followed ? GENERATOR_DRAINING : GENERATOR_DONE;
}

static void drain(struct generator *generator, uint64_t now_ns)
{
    if (on_their_way(generator) == 0 || now_ns >= generator_due(generator))
        generator->state = GENERATOR_DONE;
}

void generator_fill(struct generator *generator, uint64_t now_ns,
                    struct buffer *out)
{
    switch (generator->state) {
    case GENERATOR_PROBING:
        probe(generator, now_ns, out);
        break;
    case GENERATOR_SENDING:
        send_batch(generator, now_ns, out);
        break;
    case GENERATOR_DRAINING:
        drain(generator, now_ns);
        break;
    case GENERATOR_DONE:
        break;
    }
}

void generator_on_progress(struct generator *generator, uint64_t now_ns,
                           uint64_t events)
{
    if (events == 0)
        return;
    generator->progress_ns = now_ns;
    if (generator->state == GENERATOR_PROBING) {
        generator->state = GENERATOR_SENDING;
        return;
    }
    /* What was forgiven and has come after all is not counted twice. */
    generator->seen += events;
    if (generator->seen > generator->sent)
        generator->seen = generator->sent;
}

uint64_t generator_due(const struct generator *generator)
{
    switch (generator->state) {
    case GENERATOR_PROBING:
        return generator->probed_ns + PROBE_NS;
    case GENERATOR_SENDING:
        if (window_is_full(generator))
            return generator->progress_ns + generator->patience_ns;
        return rate_due(generator);
    case GENERATOR_DRAINING:
        return generator->progress_ns + 2 * generator->patience_ns;
    case GENERATOR_DONE:
        break;
    }
    return UINT64_MAX;
}
