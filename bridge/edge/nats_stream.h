/* SPDX-License-Identifier: MIT */
/* A JetStream stream that events are published to.
 *
 *     nats_stream_open()      look at it, or create it; never alter it
 *     nats_stream_scan()      what it has
 *     nats_stream_publish() ──▶ server ──▶ nats_stream_take(): answers
 *
 * One thread, which these may hold up: NATS_REQUEST_MS for each request, and
 * NATS_WRITE_MS for a publish. */
#ifndef ONEBUS_NATS_STREAM_H
#define ONEBUS_NATS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "edge/nats_link.h"

enum {
    /* Answers that wait to be taken; more are dropped, as if lost on the way.
     */
    NATS_ANSWERS_MAX = 4096,
};

struct nats_stream;

/* Copied. Of a stream that is created, or compared with one that is there. */
struct nats_stream_options {
    const char *name;
    const char *prefix; /* of its subjects; NULL: none */
    int replicas;
    uint64_t age_max_ms;
    size_t bytes_max; /* 0: no bound */
    /* There are answers to take. A thread of libnats'. */
    void (*wake)(void *ctx);
    void *ctx;
};

enum nats_stream_verdict {
    NATS_STREAM_FITS,
    NATS_STREAM_MISFIT, /* it is there, and cannot be used */
    NATS_STREAM_FAILS,  /* not now */
};

/* What it holds. */
struct nats_extent {
    uint64_t created_ns;  /* tells it from one of that name before */
    uint64_t first, last; /* last < first: nothing */
    bool is_replicated;
    bool has_sources; /* other streams flow into it */
};

/* Where one of its messages is. */
struct nats_stored {
    uint64_t place;
    struct slice id; /* Nats-Msg-Id; empty: none */
};

struct nats_event {
    struct slice message; /* topic NUL envelope */
    const char *epoch;
    uint64_t seq;
    uint64_t behind; /* of the same epoch; 0: it names none */
    uint64_t place;  /* of the one before it; 0: it does not name that */
    uint64_t ticket; /* for its answer */
};

enum nats_publish {
    NATS_PUBLISH_SENT,
    NATS_PUBLISH_TOO_LARGE, /* for this server */
    NATS_PUBLISH_SLOW,      /* not within NATS_WRITE_MS: as the next */
    NATS_PUBLISH_FAILED,    /* the connection has no use any more */
};

struct nats_answer {
    uint64_t ticket;
    bool has_no_taker;  /* nobody listens: there is no stream, or no leader */
    struct slice bytes; /* JSON; valid until on_answer returns */
};

struct nats_stream *
nats_stream_create(const struct nats_stream_options *options);

/* NULL is fine. */
void nats_stream_destroy(struct nats_stream *stream);

/* On a link that is up: be ready to publish. Unless it fits, `fault` says why,
 * with what to do. */
enum nats_stream_verdict nats_stream_open(struct nats_stream *stream,
                                          struct nats_link *link,
                                          struct nats_extent *extent,
                                          char fault[static NATS_FAULT_SIZE]);

/* The link is no use any more; fine if it was not open. */
void nats_stream_close(struct nats_stream *stream);

/* Tell of each message from one place to another, in order, until on_stored
 * gives false. False: it broke off, and `fault` says why. */
bool nats_stream_scan(struct nats_stream *stream, uint64_t from, uint64_t to,
                      bool (*on_stored)(void *ctx,
                                        const struct nats_stored *stored),
                      void *ctx, char fault[static NATS_FAULT_SIZE]);

/* The largest payload that can be published, with the headers counted in. */
size_t nats_stream_bytes_max(const struct nats_stream *stream);

enum nats_publish nats_stream_publish(struct nats_stream *stream,
                                      const struct nats_event *event);

/* What the server complained of since this was last asked, and what to do; "".
 */
void nats_stream_complaint(struct nats_stream *stream,
                           char fault[static NATS_FAULT_SIZE]);

/* Hand over the answers that there are: so many. */
size_t nats_stream_take(struct nats_stream *stream,
                        void (*on_answer)(void *ctx,
                                          const struct nats_answer *answer),
                        void *ctx);

#endif
