/* SPDX-License-Identifier: MIT */
/* Forward WebSocket: the bridge dials a OneBot implementation.
 *
 * One peer. Each ws_client_dial() is one attempt, which ends in exactly one of
 * on_up() and on_failed(). Names are looked up on a thread of their own, for
 * the resolver may take its time. Neither a sub-protocol nor an extension is
 * offered. What becomes of the link: ws_link.h. All of it: the loop's
 * thread. */
#ifndef ONEBUS_WS_CLIENT_H
#define ONEBUS_WS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct loop;
struct ws_client;

struct ws_client_events {
    void *ctx;
    /* The link is open. `wire` names it in ws_link_send(), the result names it
     * in the others: see struct ws_link_events. */
    void *(*on_up)(void *ctx, const char *remote, void *wire);
    void (*on_frame)(void *ctx, void *link, struct slice text);
    void (*on_pong)(void *ctx, void *link);
    void (*on_down)(void *ctx, void *link, uint16_t code, const char *reason);
    /* The attempt has led nowhere; `reason` says why, for people. */
    void (*on_failed)(void *ctx, const char *reason);
};

/* The strings are copied. */
struct ws_client_options {
    const char *host; /* a name or an address; no brackets */
    uint16_t port;
    const char *path;  /* with the query */
    bool is_secure;    /* wss:// */
    const char *ca;    /* PEM file to check the peer's certificate by; NULL: the
                          system's */
    bool insecure;     /* do not check it */
    const char *token; /* sent as Bearer; NULL: none */
    const char *user_agent; /* "onebus/1.0" */
    size_t frame_bytes_max, queue_bytes_max;
};

/* NULL: the log says why. */
struct ws_client *ws_client_create(struct loop *loop,
                                   const struct ws_client_options *options,
                                   const struct ws_client_events *events);

/* After loop_destroy(). */
void ws_client_destroy(struct ws_client *client);

/* Try once. There is no link, and no attempt under way. */
void ws_client_dial(struct ws_client *client);

void ws_client_pause(struct ws_client *client, bool pause);

/* Close the link, if there is one, and dial no more. */
void ws_client_close(struct ws_client *client);

/* Whether a link is open. */
bool ws_client_is_up(const struct ws_client *client);

#endif
