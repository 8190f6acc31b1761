/* SPDX-License-Identifier: MIT */
#include "live.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/request.h"
#include "core/summary.h"
#include "core/warnings.h"
#include "core/web_call.h"
#include "edge/asks.h"
#include "edge/http_server.h"

enum {
    EVERY_MS = 1000,
    /* Proxies close what is silent for longer. */
    ALIVE_MS = 15 * 1000,
    ROWS = 50,
};

/* What a viewer is sent, in this order: the status tells how far the events
 * go. */
enum feed {
    FEED_STATUS,
    FEED_WHY,
    FEED_PAIRING,
    FEED_CALLS,
    FEED_EVENTS,
    FEED_COUNT,
};

static const struct {
    const char *name, *action;
    bool has_limit;
} FEEDS[FEED_COUNT] = {
    [FEED_STATUS] = {"status", "bridge.status", false},
    [FEED_WHY] = {"why", "bridge.why", true},
    [FEED_PAIRING] = {"pairing", "bridge.pairing.list", false},
    [FEED_CALLS] = {"calls", "bridge.calls", true},
    [FEED_EVENTS] = {"events", "bridge.replay", true},
};

/* One who looks on. It goes when both are done with it: the stream, and the
 * question that is on its way. */
struct viewer {
    struct viewer *next;
    struct live *live;
    struct http_exchange *exchange; /* NULL: the stream has ended */
    struct buffer token;
    bool is_streaming, is_asking;
    enum feed feed; /* that is asked for now, or next */
    uint64_t next_ms, sent_ms;
    uint64_t newest, shown; /* seq: the bridge's last, the last one looked at */
    struct buffer last[FEED_COUNT]; /* what was sent */
};

struct live {
    struct asks *asks;
    struct viewer *first;
    size_t count;
    struct buffer request, json, text;
};

struct live *live_create(struct asks *asks)
{
    struct live *live = mem_zalloc(1, sizeof(*live));
    live->asks = asks;
    return live;
}

void live_destroy(struct live *live)
{
    if (live == NULL)
        return;
    buffer_finish(&live->request);
    buffer_finish(&live->json);
    buffer_finish(&live->text);
    free(live);
}

/* ---- viewers ------------------------------------------------------------ */

static void free_viewer(struct viewer *viewer)
{
    struct viewer **at = &viewer->live->first;
    while (*at != viewer)
        at = &(*at)->next;
    *at = viewer->next;
    viewer->live->count--;
    for (size_t i = 0; i < FEED_COUNT; i++)
        buffer_finish(&viewer->last[i]);
    buffer_finish(&viewer->token);
    free(viewer);
}

static void refuse(struct http_exchange *exchange, int status, const char *text)
{
    static const struct http_header bearer = {"www-authenticate:", "Bearer"};
    http_reply_text(exchange, status, text, &bearer, status == 401);
}

/* Before anything has been sent: an answer of its own. */
static void turn_away(struct viewer *viewer, int status, const char *text)
{
    struct http_exchange *exchange = viewer->exchange;
    viewer->exchange = NULL;
    refuse(exchange, status, text);
}

static void end(struct viewer *viewer)
{
    struct http_exchange *exchange = viewer->exchange;
    if (exchange != NULL && !viewer->is_streaming)
        turn_away(viewer, 503, "the bridge is shutting down\n");
    else if (exchange != NULL)
        http_stream_end(exchange);
    viewer->exchange = NULL;
    if (!viewer->is_asking)
        free_viewer(viewer);
}

static void begin_stream(struct viewer *viewer)
{
    static const struct http_header headers[] = {
        {"cache-control:", "no-store"},
        /* nginx would gather it. */
        {"x-accel-buffering:", "no"},
    };
    const struct http_response response = {
        .status = 200,
        .type = "text/event-stream",
        .headers = headers,
        .header_count = 2,
    };
    viewer->is_streaming = true;
    http_stream_begin(viewer->exchange, &response, viewer);
}

/* ---- sending ------------------------------------------------------------ */

static void send_event(struct viewer *viewer, const char *name,
                       struct slice json, uint64_t now_ms)
{
    struct buffer *text = &viewer->live->text;
    buffer_clear(text, HTTP_STREAM_BYTES_MAX);
    buffer_append_string(text, "event: ");
    buffer_append_string(text, name);
    buffer_append_string(text, "\ndata: ");
    buffer_append(text, json.data, json.size);
    buffer_append_string(text, "\n\n");
    viewer->sent_ms = now_ms;
    if (http_stream_send(viewer->exchange, buffer_slice(text)) != STATUS_OK)
        end(viewer);
}

/* What it has already is not sent again. */
static void send_change(struct viewer *viewer, enum feed feed, const char *name,
                        struct slice json, uint64_t now_ms)
{
    struct buffer *last = &viewer->last[feed];
    if (last->size == json.size &&
        memcmp(last->data, json.data, json.size) == 0)
        return;
    buffer_clear(last, SIZE_MAX);
    buffer_append(last, json.data, json.size);
    send_event(viewer, name, json, now_ms);
}

static void send_alive(struct viewer *viewer, uint64_t now_ms)
{
    if (now_ms - viewer->sent_ms < ALIVE_MS)
        return;
    viewer->sent_ms = now_ms;
    if (http_stream_send(viewer->exchange, slice_of(": alive\n\n")) !=
        STATUS_OK)
        end(viewer);
}

/* ---- what was asked for is here ------------------------------------------ */

static void show_denied(struct viewer *viewer, enum feed feed,
                        const struct reply *reply, uint64_t now_ms)
{
    struct buffer pack = {0};
    struct buffer *json = &viewer->live->json;
    struct msgpack_packer packer = pack_into(&pack);
    msgpack_pack_map(&packer, 3);
    pack_word(&packer, "action", FEEDS[feed].action);
    pack_word(&packer, "error", reply_error_name(reply->error));
    pack_string(&packer, "message");
    pack_raw(&packer, reply->message);
    buffer_clear(json, SIZE_MAX);
    web_call_print(buffer_slice(&pack), json);
    send_change(viewer, feed, "denied", buffer_slice(json), now_ms);
    buffer_finish(&pack);
}

static uint64_t number_in(struct slice map, const char *key)
{
    struct slice pack;
    int64_t number;
    return mp_find(map, key, &pack) && mp_read_int(pack, &number) && number > 0
               ? (uint64_t)number
               : 0;
}

/* The next of an array of bins. */
static bool next_message(struct mp_reader *reader, struct slice *message)
{
    struct mp_token token;
    if (!mp_next(reader, &token) || token.kind != MP_BIN)
        return false;
    *message = token.bytes;
    return true;
}

/* Append a list of summaries. False: it is empty. */
static bool summarise(struct slice data, struct buffer *json)
{
    struct slice events, message;
    struct mp_token array;
    buffer_append_string(json, "[");
    if (mp_find(data, "events", &events)) {
        struct mp_reader reader = mp_reader_of(events);
        (void)mp_next(&reader, &array);
        while (next_message(&reader, &message)) {
            size_t size = json->size;
            if (size > 1)
                buffer_append_string(json, ",");
            if (!summary_append(message, log_content(), json))
                json->size = size;
        }
    }
    buffer_append_string(json, "]");
    return json->size > 2;
}

static void show_events(struct viewer *viewer, struct slice data,
                        uint64_t now_ms)
{
    struct buffer *json = &viewer->live->json;
    buffer_clear(json, SIZE_MAX);
    viewer->shown = number_in(data, "next");
    if (summarise(data, json))
        send_event(viewer, FEEDS[FEED_EVENTS].name, buffer_slice(json), now_ms);
}

static void show(struct viewer *viewer, enum feed feed,
                 const struct reply *reply, uint64_t now_ms)
{
    struct buffer *json = &viewer->live->json;
    buffer_clear(json, SIZE_MAX);
    web_call_print(reply->data, json);
    if (feed == FEED_STATUS)
        viewer->newest = number_in(reply->data, "seq");
    send_change(viewer, feed, FEEDS[feed].name, buffer_slice(json), now_ms);
}

static void on_reply(struct viewer *viewer, struct slice bytes, uint64_t now_ms)
{
    struct reply reply;
    struct warnings warnings = {0};
    enum feed feed = viewer->feed;
    reply_read(bytes, &reply, &warnings);
    warnings_finish(&warnings);
    if (!viewer->is_streaming && reply.error == REPLY_UNAUTHORIZED) {
        turn_away(viewer, 401, "that is no token of a grant (bridge.grants)\n");
        return;
    }
    if (!viewer->is_streaming)
        begin_stream(viewer);
    if (reply.error == REPLY_FINE && feed == FEED_EVENTS)
        show_events(viewer, reply.data, now_ms);
    else if (reply.error == REPLY_FINE)
        show(viewer, feed, &reply, now_ms);
    else
        show_denied(viewer, feed, &reply, now_ms);
}

static void ask(struct viewer *viewer, uint64_t now_ms);

/* The next feed at once; after the last one a pause. */
static void go_on(struct viewer *viewer, uint64_t now_ms)
{
    viewer->feed = (viewer->feed + 1) % FEED_COUNT;
    viewer->next_ms = viewer->feed == FEED_STATUS ? now_ms + EVERY_MS : now_ms;
    if (viewer->feed == FEED_STATUS)
        send_alive(viewer, now_ms);
    else
        ask(viewer, now_ms);
}

static void on_answer(void *ctx, const struct ask_answer *answer)
{
    struct viewer *viewer = ctx;
    uint64_t now_ms = clock_now().mono_ms;
    if (viewer->exchange != NULL && answer->end == ASK_ANSWERED)
        on_reply(viewer, answer->reply, now_ms);
    else if (viewer->exchange != NULL && !viewer->is_streaming)
        turn_away(viewer, 503, "the bridge does not answer\n");
    viewer->is_asking = false;
    if (viewer->exchange == NULL)
        free_viewer(viewer);
    else
        go_on(viewer, now_ms);
}

/* ---- asking ---------------------------------------------------------------
 */

/* Of many events the last ones are enough. */
static uint64_t events_after(const struct viewer *viewer)
{
    uint64_t last_rows = viewer->newest > ROWS ? viewer->newest - ROWS : 0;
    return viewer->shown > last_rows ? viewer->shown : last_rows;
}

static void pack_params(const struct viewer *viewer, struct buffer *params)
{
    bool has_after = viewer->feed == FEED_EVENTS;
    struct msgpack_packer packer = pack_into(params);
    if (!FEEDS[viewer->feed].has_limit)
        return;
    msgpack_pack_map(&packer, 1U + has_after);
    pack_number(&packer, "limit", ROWS);
    if (has_after)
        pack_number(&packer, "after", events_after(viewer));
}

static void ask(struct viewer *viewer, uint64_t now_ms)
{
    struct live *live = viewer->live;
    struct buffer params = {0};
    pack_params(viewer, &params);
    web_call_pack(slice_of(FEEDS[viewer->feed].action), buffer_slice(&params),
                  buffer_slice(&viewer->token), &live->request);
    buffer_finish(&params);
    viewer->is_asking = true;
    asks_ask(live->asks, ASK_CALL, buffer_slice(&live->request), on_answer,
             viewer, now_ms);
}

void live_open(struct live *live, struct http_exchange *exchange,
               struct slice token, uint64_t now_ms)
{
    if (live->count == LIVE_VIEWERS_MAX) {
        refuse(exchange, 503, "16 are looking on already\n");
        return;
    }
    struct viewer *viewer = mem_zalloc(1, sizeof(*viewer));
    viewer->live = live;
    viewer->exchange = exchange;
    viewer->next = live->first;
    live->first = viewer;
    live->count++;
    buffer_append(&viewer->token, token.data, token.size);
    ask(viewer, now_ms);
}

void live_on_gone(struct live *live, void *viewer)
{
    (void)live;
    end(viewer);
}

/* Asking may end a viewer. */
void live_tick(struct live *live, uint64_t now_ms)
{
    struct viewer *next;
    for (struct viewer *viewer = live->first; viewer != NULL; viewer = next) {
        next = viewer->next;
        if (!viewer->is_asking && viewer->next_ms <= now_ms)
            ask(viewer, now_ms);
    }
}

uint64_t live_due(const struct live *live)
{
    uint64_t due_ms = UINT64_MAX;
    for (const struct viewer *viewer = live->first; viewer != NULL;
         viewer = viewer->next)
        if (!viewer->is_asking && viewer->next_ms < due_ms)
            due_ms = viewer->next_ms;
    return due_ms;
}

void live_end(struct live *live)
{
    struct viewer *next;
    for (struct viewer *viewer = live->first; viewer != NULL; viewer = next) {
        next = viewer->next;
        end(viewer);
    }
}
