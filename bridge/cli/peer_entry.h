/* SPDX-License-Identifier: MIT */
/* What to enter in a peer's own settings so that it and an account of ours
 * meet: one object of one of its lists.
 *
 *     peer       where it dials us                 where we dial it
 *     napcat     network.websocketClients          network.websocketServers
 *     llbot      ob11.connect, ws-reverse          ob11.connect, ws
 *     lagrange   Implementations, ReverseWebSocket …, ForwardWebSocket
 *
 * Pure. Any thread. */
#ifndef ONEBUS_PEER_ENTRY_H
#define ONEBUS_PEER_ENTRY_H

#include <stdbool.h>

#include "base/buffer.h"

enum peer_kind { PEER_NAPCAT, PEER_LLBOT, PEER_LAGRANGE };

struct peer_entry {
    enum peer_kind kind;
    bool is_server;   /* the peer listens, and we dial */
    bool is_secure;   /* wss; of a client */
    const char *name; /* how the peer is to call it */
    const char *host; /* to dial, or to listen on; no brackets */
    int port;
    const char *path;  /* of a client */
    const char *token; /* "" is none */
};

/* Append it as JSON: a member a line, or, if `is_compact`, all in one. */
void peer_entry_append(const struct peer_entry *entry, bool is_compact,
                       struct buffer *out);

/* The list that it goes into, and the file that holds it. */
const char *peer_entry_list(const struct peer_entry *entry);
const char *peer_entry_file(const struct peer_entry *entry);

#endif
