/* SPDX-License-Identifier: MIT */
/* Who may come in: the opening request of a reverse WebSocket, judged.
 *
 * The peer asks for a path, says who it is and shows a token (OneBot 11,
 * communication/ws-reverse and communication/authorization):
 *
 *     GET /onebot/v11/ws HTTP/1.1
 *     X-Self-ID: 3889001741
 *     X-Client-Role: Universal          Universal, API or Event, any case
 *     Authorization: Bearer <token>     or Token <token>, or bare, or
 *                                       ?access_token=<token> in the path
 *
 * Implementations send `Bearer ` with nothing behind it when they have no
 * token: that counts as none. Pure. Any thread. */
#ifndef ONEBUS_HANDSHAKE_H
#define ONEBUS_HANDSHAKE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* One account's door at a listener. Strings are borrowed. */
struct endpoint {
    const char *account;
    const char *path;
    const char *token; /* NULL: none wanted */
    int64_t self_id;   /* the only QQ number let in; 0: any */
};

enum link_role { LINK_UNIVERSAL, LINK_API, LINK_EVENT };

/* What the peer asked. A header that did not come is an empty slice. */
struct handshake {
    struct slice path; /* without the query */
    struct slice query_token;
    struct slice authorization;
    struct slice self_id;
    struct slice role;
    struct slice subprotocol;
};

enum { HANDSHAKE_BODY_SIZE = 512 };

struct handshake_verdict {
    int status;      /* 101: let in; else the HTTP status to answer */
    size_t endpoint; /* which one was asked for; the count if none */
    enum link_role role;
    int64_t self_id;        /* the peer's QQ number; 0 if it did not say */
    const char *token_came; /* for the log: "none", "wrong", "right", or
                               "unchecked" where the path is unknown */
    /* Why not, and what would help: one line, ends in a line feed. */
    char body[HANDSHAKE_BODY_SIZE];
};

struct handshake_verdict handshake_judge(const struct endpoint *endpoints,
                                         size_t count,
                                         const struct handshake *request);

const char *link_role_name(enum link_role role);

#endif
