/* SPDX-License-Identifier: MIT */
/* NATS, judged by the settings, by what the running bridge tells of it and by
 * how its servers answer. Pure. One thread. */
#ifndef ONEBUS_JUDGE_NATS_H
#define ONEBUS_JUDGE_NATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "cli/finding.h"
#include "config/config.h"

/* Nothing, if bridge.nats.url is not set. */
void judge_nats_settings(const struct config *config,
                         struct findings *findings);

/* By the data of a running bridge's bridge.status. */
void judge_nats_state(const struct config *config, struct slice status,
                      struct findings *findings);

enum nats_outcome {
    NATS_NO_NAME, /* its name leads to no address */
    NATS_NOBODY,  /* nobody listens, or no way leads there */
    NATS_SILENT,  /* somebody is there and does not answer */
    NATS_OTHER,   /* and it is no server of NATS */
    NATS_ANSWERED,
};

/* Strings are borrowed. */
struct nats_server_facts {
    const char *url; /* as it may be shown */
    enum nats_outcome outcome;
    const char *fault; /* of the system; "" */
    struct slice info; /* of NATS_ANSWERED: its map, in MessagePack */
    bool wants_tls;    /* so do the settings */
    bool has_credentials;
    bool is_loopback;
    bool is_alone; /* no other server answers */
};

void judge_nats_server(const struct nats_server_facts *facts,
                       struct findings *findings);

/* Append what a server says of itself in its first line, `INFO {…}`, as
 * MessagePack. False: it is no such line. */
bool judge_nats_info(struct slice line, struct buffer *info);

#endif
