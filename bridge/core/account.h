/* SPDX-License-Identifier: MIT */
/* One configured QQ account: its links and what came over them.
 *
 * An account has any number of links at a time: a peer may split its roles
 * over two, and NapCat is known to leave an old link open beside a new one
 * (its answers then come on either). Calls leave on the newest link that takes
 * requests; events and answers are taken from any. One thread. */
#ifndef ONEBUS_ACCOUNT_H
#define ONEBUS_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/complaint.h"
#include "core/handshake.h"

enum { ACCOUNT_PEER_SIZE = 128 };

/* What is known of a link when it opens. Strings are borrowed. */
struct link_info {
    enum link_role role;
    int64_t self_id;        /* 0 if the peer did not say */
    const char *remote;     /* address and port, for the log */
    const char *user_agent; /* NULL if the peer did not say */
};

/* One open WebSocket of a peer. */
struct link {
    struct link *older;
    struct account *account;
    void *wire; /* the edge's handle */
    enum link_role role;
    uint64_t serial; /* 1, 2, 3 … over all links, for the log */
};

struct account {
    const char *name; /* the key in the settings; borrowed */
    int64_t self_id;  /* pinned, or as last seen; 0 if unknown */
    uint64_t grace_ms;
    uint64_t down_since_ms; /* mono; means something without links only */
    struct link *newest;
    size_t link_count;
    char peer[ACCOUNT_PEER_SIZE]; /* name/version; empty if unknown */
    struct complaints complaints; /* frames that lead nowhere */
    struct complaints repeats;    /* events that have come before */
    uint64_t events, answers, calls;
};

/* Add a link; the account owns it until account_remove_link(). */
struct link *account_add_link(struct account *account,
                              const struct link_info *info, void *wire,
                              uint64_t serial);

void account_remove_link(struct account *account, struct link *link,
                         uint64_t now_ms);

/* Remember who the peer is. What is not printable UTF-8 is left out: the peer
 * wrote it, and it goes into every envelope. */
void account_set_peer(struct account *account, struct slice peer);

/* The link that calls leave on, NULL if there is none. */
struct link *account_call_link(const struct account *account);

/* Is the link with this serial open? */
bool account_has_link(const struct account *account, uint64_t serial);

/* When the grace is over in which calls wait for the peer to come back;
 * mono. */
uint64_t account_grace_ends(const struct account *account);

#endif
