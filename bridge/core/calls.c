/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/gathering.h"
#include "core/inside.h"
#include "core/json_write.h"
#include "core/onebot.h"

enum {
    STREAM_MS_MAX = 30 * 60 * 1000, /* and go on coming for so long */
};

static void drop_held(struct bridge *bridge, struct call *call)
{
    bridge->held_bytes -= call->text_bytes;
    free(call->text);
    call->text = NULL;
    call->text_bytes = 0;
}

static size_t stream_bytes(const struct call *call)
{
    return call->stream == NULL ? 0 : gathering_bytes(call->stream);
}

/* It is no more. */
static void remove_call(struct bridge *bridge, struct call *call)
{
    call->account->in_flight -= call->counts;
    drop_held(bridge, call);
    pending_remove(bridge->pending, call);
}

/* The one end of a call. It is gone afterwards. */
static void end_call(struct bridge *bridge, struct call *call,
                     const struct reply *reply, struct instant now)
{
    call->on_end(bridge, call, reply, now);
    bridge->gathered_bytes -= stream_bytes(call);
    remove_call(bridge, call);
}

static void give_up(struct bridge *bridge, struct call *call,
                    enum reply_error error, const char *text,
                    struct instant now)
{
    const struct reply reply = {.error = error, .text = text};
    end_call(bridge, call, &reply, now);
}

/* No answer will come any more to a call that has been sent. A read may be
 * repeated; anything else may have happened. */
static void give_up_unanswered(struct bridge *bridge, struct call *call,
                               enum reply_error read_error, const char *why,
                               struct instant now)
{
    char text[INSIDE_REASON_SIZE];
    snprintf(text, sizeof(text), "%s; %s", why,
             call->is_read ? "a read: safe to repeat"
                           : "it may have happened: do not repeat it blindly");
    give_up(bridge, call, call->is_read ? read_error : REPLY_UNKNOWN, text,
            now);
}

/* ---- on its way ------------------------------------------------------ */

/* Write the frame {"action":…,"params":…,"echo":…} into `out`. False: the
 * parameters have no JSON form, `fault` says why. */
static bool write_frame(const struct exchange *exchange, const char *echo,
                        struct buffer *out, char fault[REQUEST_FAULT_SIZE])
{
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX};
    struct json_error error;
    buffer_clear(out, SCRATCH_KEEP_BYTES);
    buffer_append_string(out, "{\"action\":");
    json_append_string(out, exchange->action);
    buffer_append_string(out, ",\"params\":");
    if (exchange->params.size == 0)
        buffer_append_string(out, "{}");
    else if (json_from_msgpack(exchange->params, &options, out, &error) !=
             STATUS_OK) {
        snprintf(fault, REQUEST_FAULT_SIZE, "params: %s at byte %zu of them",
                 error.reason, error.offset);
        return false;
    }
    buffer_append_string(out, ",\"echo\":");
    json_append_string(out, slice_of(echo));
    buffer_append_string(out, "}");
    return true;
}

/* Hand the call's frame to the link. False: the link took nothing. */
static bool send_call(struct bridge *bridge, struct call *call,
                      const struct link *link, struct slice text)
{
    if (bridge->ports.send(bridge->ports.ctx, link->wire, text) != STATUS_OK)
        return false;
    call->is_sent = true;
    call->link = link->serial;
    call->account->tally.bytes_out += text.size;
    if (call->counts)
        call->account->calls++;
    return true;
}

static enum reply_error refuse(struct refusal *refusal, enum reply_error error,
                               const char *text)
{
    refusal->error = error;
    snprintf(refusal->text, sizeof(refusal->text), "%s", text);
    return error;
}

/* The peer is away: keep the frame until it is back or the grace is over. */
static enum reply_error hold_call(struct bridge *bridge, struct call *call,
                                  struct slice text, struct refusal *refusal)
{
    if (text.size > CALLS_HELD_BYTES_MAX - bridge->held_bytes)
        return refuse(refusal, REPLY_BUSY,
                      "the calls that wait for a peer are too large to keep "
                      "one more");
    bridge->held_bytes += text.size;
    call->text = mem_dup(text.data, text.size);
    call->text_bytes = text.size;
    inside_watch_deadline(bridge, account_grace_ends(call->account));
    return REPLY_FINE;
}

/* Send the call, or hold it. */
static enum reply_error dispatch(struct bridge *bridge, struct call *call,
                                 const struct link *link, struct slice text,
                                 struct refusal *refusal, struct instant now)
{
    if (text.size > bridge->options.request_bytes_max)
        return refuse(refusal, REPLY_TOO_LARGE,
                      "the request is above what peers take in one frame");
    /* It goes with its last link: nothing may wait for it any more. */
    if (call->account->is_leaving)
        return refuse(refusal, REPLY_UNKNOWN_ACCOUNT,
                      "the settings have this account no longer");
    if (link == NULL && now.mono_ms < account_grace_ends(call->account))
        return hold_call(bridge, call, text, refusal);
    if (link == NULL)
        return refuse(refusal, REPLY_NOT_CONNECTED,
                      "no OneBot implementation is connected for this account");
    if (!send_call(bridge, call, link, text))
        return refuse(refusal, REPLY_BUSY, "the link's queue is full");
    return REPLY_FINE;
}

static struct call *add_call(struct bridge *bridge,
                             const struct exchange *exchange,
                             struct instant now)
{
    struct call *call = pending_add(bridge->pending);
    if (call == NULL)
        return NULL;
    call->account = exchange->account;
    call->is_read = exchange->is_read;
    call->counts = exchange->counts;
    call->account->in_flight += call->counts;
    if (exchange->is_stream)
        call->stream = gathering_create(bridge->options.request_bytes_max);
    call->on_end = exchange->on_end;
    call->ctx = exchange->ctx;
    if (!call->is_read)
        utterance_of_call(exchange->action, exchange->params, bridge->seed,
                          &call->said);
    call->started_ms = now.mono_ms;
    call->deadline_ms = exchange->deadline_ms;
    if (exchange->deadline_ms > now.mono_ms)
        call->patience_ms = exchange->deadline_ms - now.mono_ms;
    return call;
}

static enum reply_error begin(struct bridge *bridge, struct call *call,
                              const struct exchange *exchange,
                              struct refusal *refusal, struct instant now)
{
    const struct link *link = exchange->link;
    if (link == NULL)
        link = account_call_link(exchange->account);
    /* Not bridge->frame: that may be the very frame that has us ask. */
    if (!write_frame(exchange, call->echo, &bridge->own_frame, refusal->text))
        return refusal->error = REPLY_BAD_REQUEST;
    return dispatch(bridge, call, link, buffer_slice(&bridge->own_frame),
                    refusal, now);
}

struct call *calls_ask(struct bridge *bridge, const struct exchange *exchange,
                       struct refusal *refusal, struct instant now)
{
    struct call *call = add_call(bridge, exchange, now);
    if (call == NULL) {
        refuse(refusal, REPLY_BUSY, "too many calls wait for an answer");
        return NULL;
    }
    if (begin(bridge, call, exchange, refusal, now) != REPLY_FINE) {
        remove_call(bridge, call);
        return NULL;
    }
    inside_watch_deadline(bridge, call->deadline_ms);
    return call;
}

static void send_held_call(struct bridge *bridge, struct call *call,
                           const struct link *link, struct instant now)
{
    struct slice text = {call->text, call->text_bytes};
    if (!send_call(bridge, call, link, text)) {
        give_up(bridge, call, REPLY_BUSY, "the link's queue is full", now);
        return;
    }
    drop_held(bridge, call);
    inside_watch_deadline(bridge, call->deadline_ms);
}

void calls_on_link_up(struct bridge *bridge, const struct account *account,
                      struct instant now)
{
    const struct link *link = account_call_link(account);
    struct call *next;
    if (link == NULL)
        return;
    for (struct call *call = pending_first(bridge->pending); call != NULL;
         call = next) {
        next = call->next;
        if (call->account == account && !call->is_sent)
            send_held_call(bridge, call, link, now);
    }
}

/* When the link that could have brought the answers is gone and there is no
 * other, whoever waits is told now, not at the deadline. */
void calls_on_link_down(struct bridge *bridge, const struct account *account,
                        struct instant now)
{
    struct call *next;
    if (account_call_link(account) != NULL)
        return;
    for (struct call *call = pending_first(bridge->pending); call != NULL;
         call = next) {
        next = call->next;
        if (call->account == account && call->is_sent)
            give_up_unanswered(bridge, call, REPLY_NOT_CONNECTED,
                               "the link dropped before the answer came", now);
    }
}

/* ---- answers --------------------------------------------------------- */

static bool is_status(const struct onebot_frame *frame, const char *status)
{
    return slice_equals(frame->status.text, status);
}

/* OneBot 11 and NapCat say 1404, go-cqhttp and Lagrange 404. */
static enum reply_error error_of(const struct onebot_frame *answer)
{
    if (is_status(answer, "ok") || is_status(answer, "async"))
        return REPLY_FINE;
    int64_t retcode = answer->retcode.integer;
    return retcode == 1404 || retcode == 404 ? REPLY_UNKNOWN_ACTION
                                             : REPLY_PEER_ERROR;
}

/* More is to come. */
static void await_more(struct bridge *bridge, struct call *call,
                       struct instant now)
{
    uint64_t end_ms = call->started_ms + STREAM_MS_MAX;
    uint64_t next_ms = now.mono_ms + call->patience_ms;
    if (bridge->gathered_bytes / CALLS_STREAMS_MAX >
        bridge->options.request_bytes_max) {
        give_up(bridge, call, REPLY_BUSY,
                "too much is being downloaded at a time", now);
        return;
    }
    if (next_ms > call->deadline_ms)
        call->deadline_ms = next_ms < end_ms ? next_ms : end_ms;
    inside_watch_deadline(bridge, call->deadline_ms);
}

static void give_up_broken(struct bridge *bridge, struct call *call,
                           struct instant now)
{
    char text[INSIDE_REASON_SIZE];
    snprintf(text, sizeof(text), "the peer's answers make no whole file: %s",
             gathering_fault(call->stream));
    give_up(bridge, call, REPLY_PEER_ERROR, text, now);
}

/* All of them have come: `reply` is to the last. */
static void end_stream(struct bridge *bridge, struct call *call,
                       struct reply *reply, struct instant now)
{
    struct buffer data = {0};
    gathering_pack(call->stream, &data);
    reply->data = buffer_slice(&data);
    end_call(bridge, call, reply, now);
    buffer_finish(&data);
}

/* One of several answers. */
static void gather(struct bridge *bridge, struct call *call,
                   struct reply *reply, struct instant now)
{
    bridge->gathered_bytes -= stream_bytes(call);
    enum gathering_step step =
        gathering_add(call->stream, reply->error == REPLY_FINE, reply->data);
    bridge->gathered_bytes += stream_bytes(call);
    switch (step) {
    case GATHERING_MORE:
        await_more(bridge, call, now);
        break;
    case GATHERING_DONE:
        end_stream(bridge, call, reply, now);
        break;
    case GATHERING_TOO_LARGE:
        give_up(bridge, call, REPLY_TOO_LARGE,
                "the peer's answers are together above what goes in one frame",
                now);
        break;
    case GATHERING_BROKEN:
        give_up_broken(bridge, call, now);
        break;
    }
}

uint64_t calls_take_answer(struct bridge *bridge, struct account *account,
                           const struct onebot_frame *frame, struct instant now)
{
    struct call *call = pending_find(bridge->pending, frame->echo.text);
    if (call == NULL || call->account != account || !call->is_sent) {
        inside_drop_frame(bridge, account, TALLY_STRAY_ANSWER,
                          "an answer to a call that nobody waits for", "", now);
        return 0;
    }
    struct reply reply = {
        .status = is_status(frame, "async") ? "async" : NULL,
        .error = error_of(frame),
        .has_retcode = true,
        .retcode = frame->retcode.integer,
        .data = frame->data.pack,
        .message = frame->message.pack,
        .wording = frame->wording.pack,
    };
    uint64_t link = call->link;
    if (call->counts)
        account->answers++;
    if (call->stream != NULL)
        gather(bridge, call, &reply, now);
    else
        end_call(bridge, call, &reply, now);
    return link;
}

static void ignore(struct bridge *bridge, const struct call *call,
                   const struct reply *reply, struct instant now)
{
    (void)bridge;
    (void)call;
    (void)reply;
    (void)now;
}

void calls_disown(struct call *call)
{
    call->on_end = ignore;
}

/* ---- links and time -------------------------------------------------- */

void calls_on_leave(struct bridge *bridge, const struct account *account,
                    struct instant now)
{
    struct call *next;
    for (struct call *call = pending_first(bridge->pending); call != NULL;
         call = next) {
        next = call->next;
        if (call->account == account && !call->is_sent)
            give_up(bridge, call, REPLY_UNKNOWN_ACCOUNT,
                    "the settings have this account no longer; nothing "
                    "was sent",
                    now);
    }
}

static void expire(struct bridge *bridge, struct call *call, struct instant now)
{
    if (call->is_sent && now.mono_ms >= call->deadline_ms) {
        if (call->counts)
            call->account->unanswered++;
        give_up_unanswered(bridge, call, REPLY_TIMEOUT,
                           "no answer within the deadline", now);
    } else if (!call->is_sent &&
               (now.mono_ms >= call->deadline_ms ||
                now.mono_ms >= account_grace_ends(call->account)))
        give_up(bridge, call, REPLY_NOT_CONNECTED,
                "the OneBot implementation did not come back in time; "
                "nothing was sent",
                now);
}

static uint64_t call_due(const struct call *call)
{
    uint64_t grace_ends = account_grace_ends(call->account);
    return !call->is_sent && grace_ends < call->deadline_ms ? grace_ends
                                                            : call->deadline_ms;
}

void calls_on_tick(struct bridge *bridge, struct instant now)
{
    struct call *next;
    for (struct call *call = pending_first(bridge->pending); call != NULL;
         call = next) {
        next = call->next;
        expire(bridge, call, now);
    }
    for (struct call *call = pending_first(bridge->pending); call != NULL;
         call = call->next)
        inside_watch_deadline(bridge, call_due(call));
}

void calls_stop(struct bridge *bridge, struct instant now)
{
    struct call *next;
    for (struct call *call = pending_first(bridge->pending); call != NULL;
         call = next) {
        next = call->next;
        if (!call->is_sent)
            give_up(bridge, call, REPLY_SHUTTING_DOWN,
                    "the bridge is shutting down; nothing was sent", now);
    }
}

void calls_abandon(struct bridge *bridge, struct instant now)
{
    while (pending_count(bridge->pending) > 0)
        give_up_unanswered(bridge, pending_first(bridge->pending),
                           REPLY_SHUTTING_DOWN,
                           "the bridge stops before the answer came", now);
}
