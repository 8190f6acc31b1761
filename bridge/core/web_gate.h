/* SPDX-License-Identifier: MIT */
/* May this HTTP request have what it asks for?
 *
 *   probes, metrics, the page's files   anybody
 *   /api/live    reading                a grant's token; without grants
 *                                       whoever is on this machine
 *   /api/call    acting                 a grant's token; without grants the
 *                                       console's
 *
 * A token comes in `Authorization: Bearer` alone, which no other site's page
 * can have a browser send. Besides, what acts must come from the page's own
 * origin (Origin, Sec-Fetch-Site), and what is free for this machine must be
 * asked for by a name of this machine: a stranger's name may be made to lead
 * here (DNS rebinding). Pure. Any thread. */
#ifndef ONEBUS_WEB_GATE_H
#define ONEBUS_WEB_GATE_H

#include <stdbool.h>

#include "base/http_request.h"

enum web_route {
    WEB_HEALTH,  /* /healthz */
    WEB_READY,   /* /readyz */
    WEB_VERSION, /* /version */
    WEB_METRICS, /* /metrics */
    WEB_LIVE,    /* /api/live */
    WEB_CALL,    /* /api/call */
    WEB_FILE,    /* any other, if there is such a file */
};

struct web_rules {
    bool has_grants;  /* the tokens are theirs, and are judged by the bridge */
    bool is_loopback; /* nobody but this machine can reach the address */
    bool is_open;     /* bridge.allowInsecure */
    const char *console_token; /* "": there is none */
};

struct web_verdict {
    enum web_route route;
    int status;         /* 200, or what to refuse it with: */
    const char *text;   /* why, and what to do */
    const char *method; /* for 405: what is allowed */
    struct slice token; /* to be judged by the bridge; empty: none */
};

struct web_verdict web_judge(const struct web_rules *rules,
                             const struct http_request *request);

/* Whether `query` has the argument `name=value`. */
bool web_query_has(struct slice query, const char *argument);

#endif
