/* SPDX-License-Identifier: MIT */
/* A peer that the bridge is to dial (`connect`), judged by how it answered.
 * Pure. One thread. */
#ifndef ONEBUS_JUDGE_PEER_H
#define ONEBUS_JUDGE_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "cli/finding.h"

enum peer_outcome {
    PEER_NO_NAME, /* its name leads to no address */
    PEER_NOBODY,  /* nobody listens, or no way leads there */
    PEER_SILENT,  /* somebody is there and does not answer */
    PEER_NO_TLS,  /* the certificate, or no TLS at all */
    PEER_HUNG_UP, /* without an answer in HTTP */
    PEER_ANSWERED,
};

/* Strings are borrowed. */
struct peer_facts {
    const char *account;
    const char *url;
    enum peer_outcome outcome;
    const char *fault; /* in the library's words; "" */
    long http_status;  /* of PEER_ANSWERED */
    int64_t retcode;   /* of its first frame, if that is a refusal; else 0 */
    bool has_token;    /* the settings have one for it */
    bool is_in_container;
    bool is_loopback;
};

void judge_peer(const struct peer_facts *facts, struct findings *findings);

/* The retcode in a peer's first WebSocket frame, of which `bytes` is what has
 * come; 0: it has none, or there is no whole text frame yet. */
int64_t judge_peer_retcode(struct slice bytes);

#endif
