/* SPDX-License-Identifier: MIT */
/* How the publishing to NATS JetStream is, in the core's terms: for
 * bridge.status, the log and the metrics. Plain data. */
#ifndef ONEBUS_NATS_STATE_H
#define ONEBUS_NATS_STATE_H

#include <stddef.h>
#include <stdint.h>

/* mode        what it means
 *   off         bridge.nats.url is not set
 *   connecting  no server is reached, or none yet
 *   held        another bridge has an account's name: nothing is published
 *   misfit      the stream is none that can be used: nothing is published
 *   failing     connected, and events do not get into the stream
 *   ok          all of it works */
struct nats_state {
    const char *mode;
    const char *fault;        /* why it is not ok; "" */
    const char *server;       /* that it is connected to, no credentials; "" */
    const char *stream;       /* "": off */
    uint64_t acked;           /* all up to this seq is in the stream */
    uint64_t lag, lag_ms;     /* kept and not there yet; age of the oldest */
    uint64_t published;       /* acknowledged, the duplicates among them */
    uint64_t duplicates;      /* the stream had it already */
    uint64_t refused;         /* came behind one that was lost on the way */
    uint64_t errors;          /* publishes that failed, to be done again */
    uint64_t lost;            /* events that can never get there */
    uint64_t connects;        /* times that a server was reached */
    uint64_t requests;        /* actions that came by NATS */
    size_t in_flight, window; /* published and unanswered; most at a time */
};

#endif
