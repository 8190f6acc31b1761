/* SPDX-License-Identifier: MIT */
/* The families of metrics that /metrics shows: the one table of them. Names,
 * labels and their order here are the operators' to rely on. Any thread. */
#ifndef ONEBUS_FAMILY_H
#define ONEBUS_FAMILY_H

#include <stddef.h>
#include <stdint.h>

#include "base/histogram.h"

enum family_kind { FAMILY_COUNTER, FAMILY_GAUGE, FAMILY_HISTOGRAM };

/* What a sample's integer is; the text has seconds. */
enum family_unit { FAMILY_PLAIN, FAMILY_MILLISECONDS, FAMILY_MICROSECONDS };

enum {
    FAMILY_LABELS_MAX = 3,
    FAMILY_WORDS_MAX = 24, /* of a family's last label */
};

/* In the order in which they are shown. */
enum family {
    FAMILY_BUILD_INFO,
    /* accounts */
    FAMILY_ACCOUNT_CONNECTED,
    FAMILY_ACCOUNT_ONLINE,
    FAMILY_ACCOUNT_STALLED,
    FAMILY_ACCOUNT_DEGRADED,
    FAMILY_HEARTBEAT_AGE,
    FAMILY_WS_CONNECTIONS,
    FAMILY_WS_DISCONNECTS,
    FAMILY_WS_BYTES,
    FAMILY_WS_QUEUE_BYTES,
    /* events */
    FAMILY_EVENTS_RECEIVED,
    FAMILY_EVENTS_PUBLISHED,
    FAMILY_EVENTS_DROPPED,
    FAMILY_EVENTS_DUPLICATE,
    FAMILY_ACCESS_DENIED,
    FAMILY_OWN_EVENTS,
    FAMILY_EVENT_LATENCY,
    /* actions */
    FAMILY_ACTIONS,
    FAMILY_ACTION_DURATION,
    FAMILY_ACTIONS_INFLIGHT,
    FAMILY_ACTIONS_UNSETTLED,
    FAMILY_ACTIONS_SETTLED,
    FAMILY_RATELIMIT_WAIT,
    FAMILY_SEND_QUEUE,
    FAMILY_CHATS_PAUSED,
    FAMILY_REQUESTS_REFUSED,
    FAMILY_GRANT_CALLS,
    FAMILY_GRANT_DENIED,
    /* people and media */
    FAMILY_PAIRING_REQUESTS,
    FAMILY_PAIRING_DECISIONS,
    FAMILY_MEDIA_BYTES,
    /* the journal and the bus */
    FAMILY_JOURNAL_STATE,
    FAMILY_JOURNAL_NEXT_SEQ,
    FAMILY_JOURNAL_OLDEST_SEQ,
    FAMILY_JOURNAL_BYTES,
    FAMILY_JOURNAL_BYTES_MAX,
    FAMILY_JOURNAL_COMMIT,
    FAMILY_JOURNAL_WRITE_ERRORS,
    FAMILY_JOURNAL_LOST,
    FAMILY_REPLAY_REQUESTS,
    FAMILY_REPLAYED_EVENTS,
    FAMILY_BUS_SUBSCRIBERS,
    /* NATS */
    FAMILY_NATS_STATE,
    FAMILY_NATS_ACKED_SEQ,
    FAMILY_NATS_LAG,
    FAMILY_NATS_LAG_TIME,
    FAMILY_NATS_IN_FLIGHT,
    FAMILY_NATS_WINDOW,
    FAMILY_NATS_PUBLISHED,
    FAMILY_NATS_DUPLICATES,
    FAMILY_NATS_REFUSED,
    FAMILY_NATS_ERRORS,
    FAMILY_NATS_LOST,
    FAMILY_NATS_CONNECTS,
    FAMILY_NATS_REQUESTS,
    /* queues */
    FAMILY_QUEUE_ITEMS,
    FAMILY_QUEUE_ITEMS_MAX,
    FAMILY_QUEUE_BYTES,
    FAMILY_QUEUE_BYTES_MAX,
    /* the process */
    FAMILY_RELOAD_SUCCESS,
    FAMILY_RELOAD_TIME,
    FAMILY_LOG_MESSAGES,
    FAMILY_PROCESS_CPU,
    FAMILY_PROCESS_MEMORY,
    FAMILY_PROCESS_VIRTUAL,
    FAMILY_PROCESS_FDS,
    FAMILY_PROCESS_FDS_MAX,
    FAMILY_PROCESS_START,
    FAMILY_PROCESS_THREADS,
    FAMILIES,
};

struct family_info {
    const char *name;
    const char *help;
    enum family_kind kind;
    enum family_unit unit;
    const char *labels[FAMILY_LABELS_MAX]; /* NULL behind the last one */
    /* A sample has a number for each value of the last label; NULL: it has
     * one number, and names that value, too. */
    const char *const *words;
    size_t word_count;
    const struct histogram_bounds *bounds; /* of FAMILY_HISTOGRAM */
};

const struct family_info *family_info(enum family family);

/* How many labels there are, and how many of them a sample has to name. */
size_t family_labels(const struct family_info *info);
size_t family_labels_named(const struct family_info *info);

/* How many numbers a sample has. */
size_t family_numbers(const struct family_info *info);

#endif
