/* SPDX-License-Identifier: MIT */
/* One question to a bridge over HTTP (bridge.http): a GET that ends within its
 * time, whoever is at the other end. No redirection is followed and no proxy
 * used: it is this address that is asked about. One thread. */
#ifndef ONEBUS_PROBE_H
#define ONEBUS_PROBE_H

#include <stdbool.h>

#include "base/buffer.h"

enum {
    PROBE_BODY_BYTES_MAX = 4 * 1024 * 1024, /* thousands of accounts */
    PROBE_FAULT_SIZE = 256,
};

/* Zero-initialised before, to be finished after. */
struct probe {
    long code; /* the answer's HTTP status; 0: there was none */
    struct buffer body;
    bool is_late;                 /* there was none in time */
    char fault[PROBE_FAULT_SIZE]; /* why there is none, for people */
};

void probe_get(struct probe *probe, const char *url, long timeout_ms);

void probe_finish(struct probe *probe);

#endif
