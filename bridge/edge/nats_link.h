/* SPDX-License-Identifier: MIT */
/* A connection to a NATS cluster, made anew by whoever owns it.
 *
 *     DOWN ── nats_link_dial() ──▶ DIALING ── a server answers ──▶ UP
 *      ▲ ◀────── none does ───────────┘                             │
 *      └───────────────── it is lost, or dropped ◀──────────────────┘
 *
 * libnats could make connections anew by itself. It would hold its lock while
 * it dials, so that nobody could stop it, keep to itself why it fails, and send
 * again what had been written when the old one broke. Here each connection is
 * new and empty, and what is lost with one is its owner's to know.
 *
 * Dialling is a thread's: neither a server that does not answer nor a name that
 * is not found holds anybody up. It and what libnats starts for it run as
 * SCHED_BATCH, as NNG's threads do. The owner's thread, but where it says. */
#ifndef ONEBUS_NATS_LINK_H
#define ONEBUS_NATS_LINK_H

#include <nats/nats.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/tls_files.h"

enum {
    NATS_FAULT_SIZE = 512,
    /* What JetStream's own requests may take. */
    NATS_REQUEST_MS = 2000,
    /* How long a full socket may hold up who writes one message; a connection
     * that does not take it by then is given up. 1 MiB needs 3 Mbit/s. */
    NATS_WRITE_MS = 3000,
};

enum nats_link_phase { NATS_LINK_DOWN, NATS_LINK_DIALING, NATS_LINK_UP };

struct nats_link;

/* Copied. */
struct nats_link_options {
    const char *const *urls; /* nats:// or tls://, credentials in it or not */
    size_t url_count;
    const char *creds_file; /* NULL: none */
    struct tls_files tls;   /* ca NULL: the system's */
    /* The phase is another. Any thread. */
    void (*wake)(void *ctx);
    void *ctx;
};

struct nats_link *nats_link_create(const struct nats_link_options *options);

/* A dial on its way ends by itself, unseen. NULL is fine. */
void nats_link_destroy(struct nats_link *link);

/* Drop what there is, and try each server once, the one behind the last one
 * tried first; `wake` comes when that has ended. */
void nats_link_dial(struct nats_link *link);

/* Give up the connection, or the dial. */
void nats_link_drop(struct nats_link *link);

/* UP ends only in DOWN, and the connection stays until the next dial or drop,
 * closed: what is done with it fails. Any thread. */
enum nats_link_phase nats_link_phase(struct nats_link *link);

/* Of this phase UP; a subscription on it ends with it. */
natsConnection *nats_link_connection(struct nats_link *link);
jsCtx *nats_link_js(struct nats_link *link);

/* nats://host:port of it, without credentials; "" if there is none. Borrowed
 * until the next dial or drop. */
const char *nats_link_server(const struct nats_link *link);

/* Why it is down, in plain words with what to do; "": it has not been tried. */
void nats_link_fault(struct nats_link *link,
                     char fault[static NATS_FAULT_SIZE]);

/* What the server has complained of on this connection since this was last
 * asked, such as a subject that is not permitted; "". Any thread. */
void nats_link_complaint(struct nats_link *link,
                         char complaint[static NATS_FAULT_SIZE]);

/* What libnats said last on this thread, which failed with `status`. Borrowed
 * until it is next called. Any thread. */
const char *nats_link_error(natsStatus status);

/* The same without the place in its source that libnats begins with, such as
 * "(conn.c:1905): ". Within `text`. Any thread. */
const char *nats_link_plain(const char *text);

/* Copy `url` without credentials; what does not fit is cut. Any thread. */
void nats_link_mask(const char *url, char *masked, size_t size);

#endif
