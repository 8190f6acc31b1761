/* SPDX-License-Identifier: MIT */
#include "ws_link.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

enum {
    FRAME_KEEP_BYTES = 1 << 20,
    /* Enough to empty a burst in a few turns, few enough that one link cannot
     * keep the loop to itself. */
    FRAMES_A_TURN = 16,
    REASON_BYTES_MAX = 123, /* RFC 6455, 5.5 */
    /* A peer that reads nothing never makes room for a goodbye. */
    CLOSE_TIMEOUT_S = 5,
};

uint64_t ws_links_complain(struct ws_links *links, const char *reason)
{
    return complaint_count(&links->complaints, reason, clock_now().mono_ms);
}

/* ---- in --------------------------------------------------------------- */

void ws_link_open(struct ws_links *links, struct ws_link *link, struct lws *wsi,
                  const char *remote)
{
    *link = (struct ws_link){
        .links = links,
        .wsi = wsi,
        .next = links->first,
        .last = &link->first,
        .is_up = true,
    };
    snprintf(link->remote, sizeof(link->remote), "%s", remote);
    if (links->first != NULL)
        links->first->previous = link;
    links->first = link;
    links->count++;
    if (links->is_paused)
        lws_rx_flow_control(wsi, 0);
}

static int refuse_frame(struct ws_link *link)
{
    static const char reason[] = "frame above bridge.media.maxFrame";
    uint64_t count = ws_links_complain(link->links, reason);
    if (count > 0)
        log_warn("ws: closed a link remote=%s reason=\"%s\" "
                 "allowed_bytes=%zu count=%" PRIu64
                 " hint=\"raise that setting, or have the peer send files as "
                 "URLs\"",
                 link->remote, reason, link->links->frame_bytes_max, count);
    link->is_told = true;
    lws_close_reason(link->wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE,
                     (unsigned char *)reason, sizeof(reason) - 1);
    return -1;
}

/* A frame comes in one piece unless its sender cut it or it crosses the read
 * buffer; only then is it gathered. */
int ws_link_on_receive(struct ws_link *link, struct slice piece)
{
    struct ws_links *links = link->links;
    bool is_last = lws_is_final_fragment(link->wsi) &&
                   lws_remaining_packet_payload(link->wsi) == 0;
    if (piece.size > links->frame_bytes_max - link->frame.size)
        return refuse_frame(link);
    if (!is_last || link->frame.size > 0) {
        buffer_append(&link->frame, piece.data, piece.size);
        piece = buffer_slice(&link->frame);
    }
    if (!is_last)
        return 0;
    links->events.on_frame(links->events.ctx, link->owner, piece);
    buffer_clear(&link->frame, FRAME_KEEP_BYTES);
    return 0;
}

void ws_link_on_pong(struct ws_link *link)
{
    link->links->events.on_pong(link->links->events.ctx, link->owner);
}

/* ---- out -------------------------------------------------------------- */

static int write_frame(struct ws_link *link)
{
    struct ws_frame *frame = link->first;
    int written = lws_write(link->wsi, frame->bytes + LWS_PRE, frame->size,
                            LWS_WRITE_TEXT);
    link->first = frame->next;
    if (link->first == NULL)
        link->last = &link->first;
    link->queue_bytes -= frame->size;
    free(frame);
    return written < 0 ? -1 : 0;
}

static int write_ping(struct ws_link *link)
{
    /* libwebsockets keeps a pong without a payload to itself. */
    static const char payload[] = "alive?";
    unsigned char bytes[LWS_PRE + sizeof(payload)];
    memcpy(bytes + LWS_PRE, payload, sizeof(payload) - 1);
    link->wants_ping = false;
    return lws_write(link->wsi, bytes + LWS_PRE, sizeof(payload) - 1,
                     LWS_WRITE_PING) < 0
               ? -1
               : 0;
}

static int say_goodbye(struct ws_link *link)
{
    const char *reason = link->close_reason;
    size_t size = reason == NULL ? 0 : strlen(reason);
    if (size > REASON_BYTES_MAX)
        size = REASON_BYTES_MAX;
    lws_close_reason(link->wsi, (enum lws_close_status)link->close_code,
                     (unsigned char *)reason, size);
    return -1;
}

int ws_link_on_writeable(struct ws_link *link)
{
    if (link->wants_ping && write_ping(link) != 0)
        return -1;
    for (int i = 0; i < FRAMES_A_TURN && link->first != NULL; i++) {
        if (lws_send_pipe_choked(link->wsi))
            break;
        if (write_frame(link) != 0)
            return -1;
    }
    if (link->first != NULL) {
        lws_callback_on_writable(link->wsi);
        return 0;
    }
    return link->close_code == 0 ? 0 : say_goodbye(link);
}

static enum status refuse_text(const struct ws_link *link)
{
    static const char reason[] = "the peer does not read what it is sent";
    uint64_t count = ws_links_complain(link->links, reason);
    if (count > 0)
        log_warn("ws: refused a request remote=%s reason=\"%s\" "
                 "waiting_bytes=%zu allowed_bytes=%zu count=%" PRIu64
                 " hint=\"restart the peer if this lasts\"",
                 link->remote, reason, link->queue_bytes,
                 link->links->queue_bytes_max, count);
    return STATUS_FULL;
}

enum status ws_link_send(void *wire, struct slice text)
{
    struct ws_link *link = wire;
    if (text.size > link->links->queue_bytes_max - link->queue_bytes)
        return refuse_text(link);
    struct ws_frame *frame = mem_alloc(sizeof(*frame) + LWS_PRE + text.size);
    frame->next = NULL;
    frame->size = text.size;
    memcpy(frame->bytes + LWS_PRE, text.data, text.size);
    *link->last = frame;
    link->last = &frame->next;
    link->queue_bytes += text.size;
    lws_callback_on_writable(link->wsi);
    return STATUS_OK;
}

size_t ws_link_unsent(const void *wire)
{
    return ((const struct ws_link *)wire)->queue_bytes;
}

void ws_link_ping(void *wire)
{
    struct ws_link *link = wire;
    link->wants_ping = true;
    lws_callback_on_writable(link->wsi);
}

/* ---- the end ---------------------------------------------------------- */

void ws_link_close(void *wire, uint16_t code, const char *reason)
{
    struct ws_link *link = wire;
    link->close_reason = reason;
    if (code == 0) {
        lws_set_timeout(link->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        return;
    }
    link->close_code = code;
    lws_set_timeout(link->wsi, PENDING_TIMEOUT_USER_OK, CLOSE_TIMEOUT_S);
    lws_callback_on_writable(link->wsi);
}

/* RFC 6455, 5.5.1: the payload begins with the code, in network order. */
void ws_link_on_peer_close(struct ws_link *link, struct slice payload)
{
    const unsigned char *bytes = (const unsigned char *)payload.data;
    unsigned code = WS_CLOSE_NONE;
    if (payload.size >= 2)
        code = (unsigned)bytes[0] << 8 | bytes[1];
    link->peer_code = (uint16_t)code;
}

static void drop_queue(struct ws_link *link)
{
    while (link->first != NULL) {
        struct ws_frame *frame = link->first;
        link->first = frame->next;
        free(frame);
    }
}

static void lose_frame(struct ws_link *link)
{
    static const char reason[] = "the link ended within a frame";
    uint64_t count = ws_links_complain(link->links, reason);
    if (count > 0)
        log_warn("ws: lost a frame remote=%s reason=\"%s\" bytes=%zu "
                 "count=%" PRIu64,
                 link->remote, reason, link->frame.size, count);
}

static void take_out(struct ws_link *link)
{
    struct ws_links *links = link->links;
    if (link->previous != NULL)
        link->previous->next = link->next;
    else
        links->first = link->next;
    if (link->next != NULL)
        link->next->previous = link->previous;
    links->count--;
}

void ws_link_abandon(struct ws_link *link)
{
    link->is_up = false;
    take_out(link);
    drop_queue(link);
}

static const char *how_it_ended(const struct ws_link *link)
{
    if (link->close_reason != NULL)
        return link->close_reason;
    if (link->close_code != 0)
        return "the bridge closed it";
    return link->peer_code != 0 ? "the peer closed it"
                                : "the connection was lost";
}

void ws_link_on_closed(struct ws_link *link)
{
    struct ws_links *links = link->links;
    if (!link->is_up)
        return;
    if (link->frame.size > 0 && !link->is_told)
        lose_frame(link);
    link->is_up = false;
    take_out(link);
    drop_queue(link);
    buffer_finish(&link->frame);
    links->events.on_down(links->events.ctx, link->owner,
                          link->peer_code != 0 ? link->peer_code
                                               : WS_CLOSE_LOST,
                          how_it_ended(link));
    /* A link that is dropped ends by a timer, and that does not end the wait
     * it rings in: there may be something to do sooner now. */
    lws_cancel_service(lws_get_context(link->wsi));
}

/* ---- all of a group --------------------------------------------------- */

void ws_links_pause(struct ws_links *links, bool pause)
{
    links->is_paused = pause;
    for (struct ws_link *link = links->first; link != NULL; link = link->next)
        lws_rx_flow_control(link->wsi, pause ? 0 : 1);
}

void ws_links_close(struct ws_links *links)
{
    links->is_closing = true;
    for (struct ws_link *link = links->first; link != NULL; link = link->next)
        if (link->close_code == 0)
            ws_link_close(link, WS_CLOSE_GOING_AWAY, NULL);
}
