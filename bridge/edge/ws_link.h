/* SPDX-License-Identifier: MIT */
/* One open WebSocket, whoever has dialled: frames in, whole, whatever fragments
 * they came in; frames out, in order, from a bounded queue; pings; its end.
 *
 * A group of links has one owner, a listener or a dialer. What peers do wrong
 * is said once a minute. All of it: the loop's thread. */
#ifndef ONEBUS_WS_LINK_H
#define ONEBUS_WS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/complaint.h"
#include "base/status.h"

struct lws;
struct ws_link;

enum {
    WS_REMOTE_SIZE = 64,
    /* Frames waiting to be written, a link. */
    WS_LINK_QUEUE_BYTES_MAX = 64 << 20,
};

/* RFC 6455, 7.4.1 */
enum {
    WS_CLOSE_GOING_AWAY = 1001,
    WS_CLOSE_NONE = 1005, /* the peer gave no code */
    WS_CLOSE_LOST = 1006, /* there was no closing handshake */
};

/* What a group tells; `link` is what ws_link_open() was given as owner. */
struct ws_link_events {
    void *ctx;
    void (*on_frame)(void *ctx, void *link, struct slice text);
    void (*on_pong)(void *ctx, void *link);
    /* It has ended: the peer's close code, and how, in words. */
    void (*on_down)(void *ctx, void *link, uint16_t code, const char *reason);
};

struct ws_links {
    struct ws_link_events events;
    size_t frame_bytes_max; /* a larger one closes the link with 1009 */
    size_t queue_bytes_max; /* frames waiting to be written, a link */
    struct ws_link *first;
    size_t count;
    bool is_paused;
    bool is_closing;
    struct complaints complaints;
};

/* A frame waiting to be written; libwebsockets wants room before it. */
struct ws_frame {
    struct ws_frame *next;
    size_t size;
    unsigned char bytes[];
};

/* libwebsockets allocates it, zeroed, with the wsi. */
struct ws_link {
    struct ws_link *next, *previous;
    struct ws_links *links;
    struct lws *wsi;
    void *owner;
    char remote[WS_REMOTE_SIZE];
    struct buffer frame; /* fragments so far */
    struct ws_frame *first, **last;
    size_t queue_bytes;
    bool is_up;
    bool is_told; /* what it did wrong has been said */
    bool wants_ping;
    uint16_t close_code; /* to close with; 0: not closing */
    const char *close_reason;
    uint16_t peer_code; /* what the peer closed with; 0: it has not */
};

/* ---- for the owner of the links, from within libwebsockets' callback ---- */

/* The WebSocket is open. Its owner is set by the caller, next. */
void ws_link_open(struct ws_links *links, struct ws_link *link, struct lws *wsi,
                  const char *remote);

/* It is not let in after all: nothing is told of it. */
void ws_link_abandon(struct ws_link *link);

/* The callbacks of the same names; -1 has libwebsockets close it. */
int ws_link_on_receive(struct ws_link *link, struct slice piece);
int ws_link_on_writeable(struct ws_link *link);
void ws_link_on_pong(struct ws_link *link);
void ws_link_on_peer_close(struct ws_link *link, struct slice payload);
void ws_link_on_closed(struct ws_link *link);

/* Stop reading from the peers, or go on: what they send meanwhile waits in
 * their own queues, nothing is dropped. */
void ws_links_pause(struct ws_links *links, bool pause);

/* Close every link with 1001 once its queue is empty. */
void ws_links_close(struct ws_links *links);

/* How many times this was done, if that is to be said now; else 0. */
uint64_t ws_links_complain(struct ws_links *links, const char *reason);

/* ---- for who has the link by its handle --------------------------------- */

/* Queue one text frame. STATUS_FULL: the link's queue is. */
MUST_CHECK enum status ws_link_send(void *wire, struct slice text);

/* Bytes that wait to be written. */
size_t ws_link_unsent(const void *wire);

/* Send a ping; on_pong() tells of the answer. */
void ws_link_ping(void *wire);

/* Close it with this code once its queue is empty, or after some seconds
 * without. 0: the peer is dead; drop the connection at once. `reason` is a
 * literal. */
void ws_link_close(void *wire, uint16_t code, const char *reason);

#endif
