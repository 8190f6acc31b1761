/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/inside.h"
#include "core/json_write.h"
#include "core/onebot.h"
#include "core/pending.h"
#include "core/permit.h"
#include "core/sent_ids.h"

enum {
    /* Frames of calls that wait for a peer to come back, all together. */
    HELD_BYTES_MAX = 64 << 20,
};

static void drop_held(struct bridge *bridge, struct call *call)
{
    bridge->held_bytes -= call->text_bytes;
    free(call->text);
    call->text = NULL;
    call->text_bytes = 0;
}

/* The one end of a call. It is gone afterwards. */
static void end_call(struct bridge *bridge, struct call *call,
                     const struct reply *reply, struct instant now)
{
    call->on_end(bridge, call, reply, now);
    drop_held(bridge, call);
    pending_remove(bridge->pending, call);
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
    if (text.size > HELD_BYTES_MAX - bridge->held_bytes)
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
    call->on_end = exchange->on_end;
    call->ctx = exchange->ctx;
    call->started_ms = now.mono_ms;
    call->deadline_ms = exchange->deadline_ms;
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
        drop_held(bridge, call);
        pending_remove(bridge->pending, call);
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

static bool is_named(const struct account *account,
                     const struct request *request)
{
    if (account->is_leaving)
        return false;
    if (request->account.size != 0 &&
        !slice_equals(request->account, account->name))
        return false;
    return request->self_id == 0 || request->self_id == account->self_id;
}

/* The account the request names; `refusal` says why there is none. */
static struct account *choose_account(struct bridge *bridge,
                                      const struct request *request,
                                      enum reply_error *refusal,
                                      const char **text)
{
    if (request->account.size == 0 && request->self_id == 0) {
        *refusal = REPLY_ACCOUNT_REQUIRED;
        *text = "account: required, for there are several: its key in the "
                "settings, or self_id: its QQ number";
        return inside_only_account(bridge);
    }
    *refusal = REPLY_UNKNOWN_ACCOUNT;
    *text = "no account has this name and this QQ number";
    for (size_t i = 0; i < bridge->account_count; i++)
        if (is_named(bridge->accounts[i], request))
            return bridge->accounts[i];
    return NULL;
}

/* Write the frame {"action":…,"params":…,"echo":…} into `out`. False: the
 * parameters have no JSON form, `fault` says why. */
static bool write_frame(const struct request *request, const char *echo,
                        struct buffer *out, char fault[REQUEST_FAULT_SIZE])
{
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX};
    struct json_error error;
    buffer_clear(out, SCRATCH_KEEP_BYTES);
    buffer_append_string(out, "{\"action\":");
    json_append_string(out, request->action);
    buffer_append_string(out, ",\"params\":");
    if (request->params.size == 0)
        buffer_append_string(out, "{}");
    else if (json_from_msgpack(request->params, &options, out, &error) !=
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

static struct call *add_call(struct bridge *bridge, void *ticket,
                             const struct request *request,
                             struct account *account, struct instant now)
{
    if (bridge->callers_waiting == bridge->options.calls_max)
        return NULL;
    struct call *call = pending_add(bridge->pending);
    bridge->callers_waiting++;
    call->account = account;
    call->ticket = ticket;
    call->is_json = request->is_json;
    call->is_read = catalog_is_read(request->action);
    call->asks_peer = slice_equals(request->action, "get_version_info");
    if (request->id.size > 0)
        call->id = mem_dup(request->id.data, request->id.size);
    call->id_bytes = request->id.size;
    if (request->trace.size > 0)
        call->trace = mem_dup(request->trace.data, request->trace.size);
    call->trace_bytes = request->trace.size;
    uint64_t timeout_ms = call->is_read ? bridge->options.read_timeout_ms
                                        : bridge->options.write_timeout_ms;
    if (request->timeout_ms != 0)
        timeout_ms = request->timeout_ms;
    call->started_ms = now.mono_ms;
    call->deadline_ms = now.mono_ms + timeout_ms;
    return call;
}

static int64_t id_in(struct slice params, const char *key)
{
    struct slice value, text;
    int64_t number;
    if (!mp_find(params, key, &value))
        return 0;
    if (mp_read_int(value, &number))
        return number;
    return mp_read_str(value, &text) ? onebot_id_of_text(text) : 0;
}

/* send_msg, send_group_msg, send_private_forward_msg … */
static bool is_message_action(struct slice action)
{
    static const char prefix[] = "send_", suffix[] = "_msg";
    size_t least = sizeof(prefix) - 1 + sizeof(suffix) - 2;
    return action.size >= least &&
           memcmp(action.data, prefix, sizeof(prefix) - 1) == 0 &&
           memcmp(action.data + action.size - (sizeof(suffix) - 1), suffix,
                  sizeof(suffix) - 1) == 0;
}

/* Where the bot is going to speak, if it is. */
static void note_speech(struct call *call, const struct request *request)
{
    if (!is_message_action(request->action))
        return;
    int64_t group_id = id_in(request->params, "group_id");
    call->is_speech = true;
    call->is_to_group = group_id != 0;
    call->chat_id =
        group_id != 0 ? group_id : id_in(request->params, "user_id");
}

/* Send the call, hold it, or settle it at once. */
static void dispatch(struct bridge *bridge, struct call *call,
                     struct slice text, struct instant now)
{
    const struct link *link = account_call_link(call->account);
    if (text.size > bridge->options.request_bytes_max)
        settle_with(bridge, call, REPLY_TOO_LARGE,
                    "the request is above what peers take in one frame", now);
    else if (link == NULL && now.mono_ms < account_grace_ends(call->account))
        hold_call(bridge, call, text, now);
    else if (link == NULL)
        settle_with(bridge, call, REPLY_NOT_CONNECTED,
                    "no OneBot implementation is connected for this account",
                    now);
    else if (send_call(bridge, call, link, text))
        inside_watch_deadline(bridge, call->deadline_ms);
    else
        settle_with(bridge, call, REPLY_BUSY, "the link's queue is full", now);
}

/* Is it of no use to send this now? NULL: it is; else why not. */
static const char *hindrance(const struct account *account,
                             const struct request *request,
                             enum reply_error *refusal)
{
    if (account->is_stalled) {
        *refusal = REPLY_STALLED;
        return "the peer takes actions and answers none; nothing was sent";
    }
    if (account->online == ONLINE_NO && catalog_needs_qq(request->action)) {
        *refusal = REPLY_OFFLINE;
        return "QQ is offline behind the peer: log in there again; nothing "
               "was sent";
    }
    return NULL;
}

void calls_forward(struct bridge *bridge, void *ticket,
                   const struct request *request, struct instant now)
{
    enum reply_error refusal;
    const char *text;
    char fault[REQUEST_FAULT_SIZE];
    struct account *account = choose_account(bridge, request, &refusal, &text);
    if (account == NULL) {
        calls_refuse(bridge, ticket, request, refusal, text, now);
        return;
    }
    text = hindrance(account, request, &refusal);
    if (text != NULL) {
        calls_refuse(bridge, ticket, request, refusal, text, now);
        return;
    }
    refusal = permit_call(bridge, request, account, fault);
    if (refusal != REPLY_FINE) {
        calls_refuse(bridge, ticket, request, refusal, fault, now);
        return;
    }
    struct call *call = add_call(bridge, ticket, request, account, now);
    if (call == NULL) {
        calls_refuse(bridge, ticket, request, REPLY_BUSY,
                     "bridge.call.maxInFlight calls wait for an answer already",
                     now);
        return;
    }
    note_speech(call, request);
    if (write_frame(request, call->echo, &bridge->frame, fault))
        dispatch(bridge, call, buffer_slice(&bridge->frame), now);
    else
        settle_with(bridge, call, REPLY_BAD_REQUEST, fault, now);
}

bool calls_ask(struct bridge *bridge, const struct link *link,
               const struct own_call *ask, struct instant now)
{
    const struct request request = {
        .action = slice_of(ask->action),
        .params = ask->params,
    };
    char fault[REQUEST_FAULT_SIZE];
    if (pending_count(bridge->pending) - bridge->callers_waiting ==
        OWN_CALLS_MAX)
        return false;
    struct call *call = pending_add(bridge->pending);
    call->account = link->account;
    call->is_read = catalog_is_read(request.action);
    call->on_end = ask->on_end;
    call->started_ms = now.mono_ms;
    call->deadline_ms = now.mono_ms + ask->timeout_ms;
    /* Not bridge->frame: that may be the very frame that has us ask. */
    buffer_clear(&bridge->own_frame, SCRATCH_KEEP_BYTES);
    if (write_frame(&request, call->echo, &bridge->own_frame, fault) &&
        send_call(bridge, call, link, buffer_slice(&bridge->own_frame))) {
        inside_watch_deadline(bridge, call->deadline_ms);
        return true;
    }
    pending_remove(bridge->pending, call);
    return false;
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

uint64_t calls_take_answer(struct bridge *bridge, struct account *account,
                           const struct onebot_frame *frame, struct instant now)
{
    struct call *call = pending_find(bridge->pending, frame->echo.text);
    if (call == NULL || call->account != account || !call->is_sent) {
        inside_drop_frame(bridge, account,
                          "an answer to a call that nobody waits for", "", now);
        return 0;
    }
    const struct reply reply = {
        .status = is_status(frame, "async") ? "async" : NULL,
        .error = error_of(frame),
        .has_retcode = true,
        .retcode = frame->retcode.integer,
        .data = frame->data.pack,
        .message = frame->message.pack,
        .wording = frame->wording.pack,
    };
    uint64_t link = call->link;
    account->answers++;
    end_call(bridge, call, &reply, now);
    return link;
}

void calls_on_claimed(struct bridge *bridge, uint64_t cookie,
                      const struct once_found *found, struct instant now)
{
    (void)bridge;
    (void)cookie;
    (void)found;
    (void)now;
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
