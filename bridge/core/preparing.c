/* SPDX-License-Identifier: MIT */
#include "preparing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/calls.h"
#include "core/inside.h"
#include "core/plan.h"
#include "core/upload.h"

enum {
    /* A chunk is small: who does not answer to one in this time is not
     * there. */
    CHUNK_TIMEOUT_MS = 30 * 1000,
};

/* What one step of the plan has. */
struct load {
    struct media_list media;
    struct buffer params; /* as the peer takes them */
};

struct preparing {
    struct preparing_order order;
    struct media_options options;
    struct load *loads; /* one for each step */
    size_t count;
    size_t at, item; /* the one that is under way */
    struct upload *upload;
    size_t uploaded; /* bytes */
    bool is_hashing;
    struct call *call;
    uint64_t deadline_ms;
};

static const struct slice UPLOAD_ACTION = {"upload_file_stream", 18};

/* ---- what there is --------------------------------------------------- */

/* NapCat has it since 4.8.115; of an unknown peer it is tried. */
static bool may_upload(const struct peer *peer)
{
    return peer->kind == PEER_UNKNOWN ||
           (peer->kind == PEER_NAPCAT && peer_is_since(peer, 4, 8, 115));
}

static struct media_options options_of(const struct bridge *bridge,
                                       const struct account *account)
{
    struct media_options options = bridge->options.media;
    options.bytes_max = account->options.media_bytes_max;
    options.may_upload = may_upload(&account->kind) && !account->lacks_uploads;
    return options;
}

static struct preparing *make(struct bridge *bridge,
                              const struct preparing_order *order)
{
    struct preparing *preparing = mem_zalloc(1, sizeof(*preparing));
    preparing->order = *order;
    preparing->options = options_of(bridge, order->account);
    preparing->count = order->plan->count;
    preparing->loads = mem_zalloc(preparing->count, sizeof(struct load));
    return preparing;
}

static void stop_upload(struct preparing *preparing)
{
    if (preparing->call != NULL)
        calls_disown(preparing->call);
    preparing->call = NULL;
    upload_destroy(preparing->upload);
    preparing->upload = NULL;
}

void preparing_destroy(struct preparing *preparing)
{
    if (preparing == NULL)
        return;
    stop_upload(preparing);
    for (size_t i = 0; i < preparing->count; i++) {
        media_finish(&preparing->loads[i].media);
        buffer_finish(&preparing->loads[i].params);
    }
    free(preparing->loads);
    free(preparing);
}

static bool has_none(const struct preparing *preparing)
{
    for (size_t i = 0; i < preparing->count; i++)
        if (preparing->loads[i].media.count > 0)
            return false;
    return true;
}

enum reply_error preparing_create(struct bridge *bridge,
                                  const struct preparing_order *order,
                                  struct preparing **preparing,
                                  char fault[static MEDIA_FAULT_SIZE])
{
    struct preparing *made = make(bridge, order);
    enum reply_error error = REPLY_FINE;
    *preparing = NULL;
    for (size_t i = 0; error == REPLY_FINE && i < made->count; i++) {
        const struct plan_step *step = &order->plan->steps[i];
        error = media_find(step->action, step->params, &made->options,
                           &made->loads[i].media, order->warnings, fault);
    }
    if (error == REPLY_FINE && !has_none(made))
        *preparing = made;
    else
        preparing_destroy(made);
    return error;
}

size_t preparing_size(const struct preparing *preparing, bool *all_known)
{
    size_t size = 0;
    *all_known = true;
    for (size_t i = 0; i < preparing->count; i++) {
        const struct media_list *media = &preparing->loads[i].media;
        for (size_t k = 0; k < media->count; k++) {
            size += media->items[k].value.size;
            *all_known &= media->items[k].source == MEDIA_BYTES ||
                          media->items[k].source == MEDIA_BASE64;
        }
    }
    return size;
}

/* ---- one after the other --------------------------------------------- */

static void go_on(struct bridge *bridge, struct preparing *preparing,
                  struct instant now);

static struct load *load_of(struct preparing *preparing)
{
    return &preparing->loads[preparing->at];
}

static struct media_item *item_of(struct preparing *preparing)
{
    return &load_of(preparing)->media.items[preparing->item];
}

static struct slice params_of(const struct preparing *preparing)
{
    return preparing->order.plan->steps[preparing->at].params;
}

/* `preparing` may be gone when this returns. */
static void end(struct bridge *bridge, struct preparing *preparing,
                enum reply_error error, const char *text, struct instant now)
{
    stop_upload(preparing);
    preparing->order.on_end(bridge, preparing->order.ctx, error, text, now);
}

/* The item under way cannot be sent. */
static void fail(struct bridge *bridge, struct preparing *preparing,
                 enum reply_error error, const char *why, struct instant now)
{
    char fault[MEDIA_FAULT_SIZE];
    error = media_refuse(item_of(preparing), params_of(preparing), error, why,
                         fault);
    end(bridge, preparing, error, fault, now);
}

static bool find_next(struct preparing *preparing);

/* The peer has no uploads after all, for this one and those behind it. */
static void send_whole(struct bridge *bridge, struct preparing *preparing,
                       struct instant now)
{
    char fault[MEDIA_FAULT_SIZE];
    enum reply_error error = REPLY_FINE;
    preparing->order.account->lacks_uploads = true;
    preparing->options.may_upload = false;
    stop_upload(preparing);
    while (error == REPLY_FINE && find_next(preparing) &&
           item_of(preparing)->need == MEDIA_UPLOAD)
        error = media_send_whole(&load_of(preparing)->media, item_of(preparing),
                                 params_of(preparing), &preparing->options,
                                 preparing->order.warnings, fault);
    if (error != REPLY_FINE)
        end(bridge, preparing, error, fault, now);
    else
        go_on(bridge, preparing, now);
}

/* ---- uploads --------------------------------------------------------- */

static void on_chunk(struct bridge *bridge, const struct call *call,
                     const struct reply *reply, struct instant now);

static void send_chunk(struct bridge *bridge, struct preparing *preparing,
                       struct instant now)
{
    struct buffer params = {0};
    struct refusal refusal;
    uint64_t deadline_ms = now.mono_ms + CHUNK_TIMEOUT_MS;
    upload_next(preparing->upload, &params);
    const struct exchange exchange = {
        .account = preparing->order.account,
        .action = UPLOAD_ACTION,
        .params = buffer_slice(&params),
        .is_read = true, /* a chunk may come twice */
        .counts = true,
        .deadline_ms = deadline_ms < preparing->deadline_ms
                           ? deadline_ms
                           : preparing->deadline_ms,
        .on_end = on_chunk,
        .ctx = preparing,
    };
    preparing->call = calls_ask(bridge, &exchange, &refusal, now);
    buffer_finish(&params);
    if (preparing->call == NULL)
        fail(bridge, preparing, refusal.error, refusal.text, now);
}

/* Of a file whose bytes the bridge has; else 0. */
static size_t item_size(const struct media_item *item)
{
    switch (item->source) {
    case MEDIA_BYTES:
        return item->bytes.size;
    case MEDIA_BASE64:
        return item->text.size / 4 * 3;
    case MEDIA_URL:
    case MEDIA_PATH:
    case MEDIA_NAME:
        break;
    }
    return 0;
}

static void on_uploaded(struct bridge *bridge, struct preparing *preparing,
                        struct instant now)
{
    size_t size = item_size(item_of(preparing));
    preparing->uploaded += size;
    bridge->tally.media_bytes[TALLY_OUT_UPLOAD] += size;
    media_set_path(item_of(preparing), upload_path(preparing->upload));
    stop_upload(preparing);
    go_on(bridge, preparing, now);
}

/* What the caller is told of a failed upload: safe to repeat, unless the peer
 * has refused it. */
static enum reply_error error_of(const struct reply *reply)
{
    return reply->error == REPLY_FINE || reply->error == REPLY_UNKNOWN_ACTION
               ? REPLY_PEER_ERROR
               : reply->error;
}

static void on_chunk(struct bridge *bridge, const struct call *call,
                     const struct reply *reply, struct instant now)
{
    struct preparing *preparing = call->ctx;
    preparing->call = NULL;
    switch (upload_on_end(preparing->upload, reply->error, reply->data,
                          reply->message)) {
    case UPLOAD_MORE:
        /* At the deadline it is given up in this very turn. */
        if (now.mono_ms < preparing->deadline_ms)
            send_chunk(bridge, preparing, now);
        break;
    case UPLOAD_DONE:
        on_uploaded(bridge, preparing, now);
        break;
    case UPLOAD_UNSUPPORTED:
        send_whole(bridge, preparing, now);
        break;
    case UPLOAD_FAILED:
        fail(bridge, preparing, error_of(reply),
             upload_fault(preparing->upload), now);
        break;
    }
}

static void begin_upload(struct bridge *bridge, struct preparing *preparing,
                         struct instant now)
{
    const struct media_item *item = item_of(preparing);
    char stream_id[64];
    uint64_t number;
    bridge->ports.random(bridge->ports.ctx, &number, sizeof(number));
    snprintf(stream_id, sizeof(stream_id), "onebus-%016" PRIx64, number);
    const struct upload_options options = {
        .bytes = item->source == MEDIA_BASE64 ? item->text : item->bytes,
        .is_base64 = item->source == MEDIA_BASE64,
        .name = item->name,
        .stream_id = stream_id,
    };
    preparing->upload = upload_create(&options);
    preparing->is_hashing = true;
    if (preparing->upload == NULL)
        fail(bridge, preparing, REPLY_BAD_PARAMS, "broken base64", now);
    else
        inside_watch_deadline(bridge, now.mono_ms);
}

static void hash_on(struct bridge *bridge, struct preparing *preparing,
                    struct instant now)
{
    switch (upload_hash_step(preparing->upload)) {
    case UPLOAD_MORE:
        inside_watch_deadline(bridge, now.mono_ms);
        break;
    case UPLOAD_DONE:
        preparing->is_hashing = false;
        send_chunk(bridge, preparing, now);
        break;
    case UPLOAD_UNSUPPORTED:
    case UPLOAD_FAILED:
        fail(bridge, preparing, REPLY_BAD_PARAMS,
             upload_fault(preparing->upload), now);
        break;
    }
}

/* ---- URLs ------------------------------------------------------------ */

static void begin_fetch(struct bridge *bridge, struct preparing *preparing,
                        struct instant now)
{
    if (bridge->ports.fetch(bridge->ports.ctx, item_of(preparing)->text,
                            preparing->options.bytes_max,
                            preparing->order.cookie) != STATUS_OK)
        fail(bridge, preparing, REPLY_BUSY, "too much is being loaded already",
             now);
}

void preparing_on_fetched(struct bridge *bridge, struct preparing *preparing,
                          enum reply_error error, struct buffer *bytes,
                          const char *fault, struct instant now)
{
    char text[MEDIA_FAULT_SIZE];
    if (error != REPLY_FINE) {
        fail(bridge, preparing, error, fault, now);
        return;
    }
    bridge->tally.media_bytes[TALLY_IN_FETCH] += bytes->size;
    error = media_set_bytes(&load_of(preparing)->media, item_of(preparing),
                            bytes, params_of(preparing), &preparing->options,
                            preparing->order.warnings, text);
    if (error != REPLY_FINE)
        end(bridge, preparing, error, text, now);
    else
        go_on(bridge, preparing, now);
}

/* ---- all of them ----------------------------------------------------- */

/* The next item that needs something. False: there is none. */
static bool find_next(struct preparing *preparing)
{
    for (; preparing->at < preparing->count; preparing->at++) {
        const struct media_list *media = &load_of(preparing)->media;
        for (; preparing->item < media->count; preparing->item++)
            if (media->items[preparing->item].need != MEDIA_READY)
                return true;
        preparing->item = 0;
    }
    return false;
}

static void write_params(struct preparing *preparing)
{
    for (size_t i = 0; i < preparing->count; i++) {
        struct load *load = &preparing->loads[i];
        struct slice *params = &preparing->order.plan->steps[i].params;
        if (load->media.count == 0)
            continue;
        media_write(*params, &load->media, &load->params);
        *params = buffer_slice(&load->params);
    }
}

/* What was not uploaded goes with the call. */
static void count_inline(struct bridge *bridge,
                         const struct preparing *preparing)
{
    size_t size = 0;
    for (size_t i = 0; i < preparing->count; i++) {
        const struct media_list *media = &preparing->loads[i].media;
        for (size_t k = 0; k < media->count; k++)
            size += item_size(&media->items[k]);
    }
    bridge->tally.media_bytes[TALLY_OUT_INLINE] += size - preparing->uploaded;
}

static void go_on(struct bridge *bridge, struct preparing *preparing,
                  struct instant now)
{
    if (!find_next(preparing)) {
        count_inline(bridge, preparing);
        write_params(preparing);
        end(bridge, preparing, REPLY_FINE, NULL, now);
    } else if (item_of(preparing)->need == MEDIA_FETCH) {
        begin_fetch(bridge, preparing, now);
    } else if (preparing->options.may_upload) {
        begin_upload(bridge, preparing, now);
    } else {
        send_whole(bridge, preparing, now);
    }
}

void preparing_begin(struct bridge *bridge, struct preparing *preparing,
                     uint64_t deadline_ms, struct instant now)
{
    preparing->deadline_ms = deadline_ms;
    go_on(bridge, preparing, now);
}

void preparing_on_tick(struct bridge *bridge, struct preparing *preparing,
                       struct instant now)
{
    if (preparing->upload != NULL && preparing->is_hashing)
        hash_on(bridge, preparing, now);
}
