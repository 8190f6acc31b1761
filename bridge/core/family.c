/* SPDX-License-Identifier: MIT */
#include "family.h"

#include "core/breaker.h"
#include "core/tally.h"

#define COUNTER      .kind = FAMILY_COUNTER
#define GAUGE        .kind = FAMILY_GAUGE
#define MILLISECONDS .unit = FAMILY_MILLISECONDS
#define MICROSECONDS .unit = FAMILY_MICROSECONDS
#define SECONDS_BY(table)                                                      \
    .kind = FAMILY_HISTOGRAM, MICROSECONDS, .bounds = &(table)
#define LABELS(...) .labels = {__VA_ARGS__}
#define WORDS(array)                                                           \
    .words = (array), .word_count = sizeof(array) / sizeof((array)[0])

static const char *const DIRECTIONS[] = {"in", "out"};
static const char *const JOURNAL_STATES[] = {"ok", "failing", "memory",
                                             "stopped"};
static const char *const NATS_MODES[] = {"off",    "connecting", "held",
                                         "misfit", "failing",    "ok"};
/* enum breaker_why, without BREAKER_CLOSED. */
static const char *const PAUSES[BREAKER_WHYS - BREAKER_REMOVED] = {
    "removed", "muted", "whole_ban", "failing_chat", "failing_account"};
static const char *const LEVELS[] = {"debug", "info", "warn", "error"};

static const struct family_info FAMILIES_TABLE[FAMILIES] = {
    [FAMILY_BUILD_INFO] =
        {
            "onebus_build_info",
            "Always 1; the labels say what runs.",
            GAUGE,
            LABELS("version"),
        },
    [FAMILY_ACCOUNT_CONNECTED] =
        {
            "onebus_account_connected",
            "1 while a link is up that takes actions.",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_ACCOUNT_ONLINE] =
        {
            "onebus_account_online",
            "1 while the peer says that QQ is online, 0 while it says that it "
            "is not; missing while nobody says.",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_ACCOUNT_STALLED] =
        {
            "onebus_account_stalled",
            "1 while the peer takes actions and answers none.",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_ACCOUNT_DEGRADED] =
        {
            "onebus_account_degraded",
            "1 after so many attempts to dial the peer that an operator should "
            "look; they go on.",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_HEARTBEAT_AGE] =
        {
            "onebus_heartbeat_age_seconds",
            "Since the last heartbeat of the peer; missing until one has come "
            "over the links there are.",
            GAUGE,
            MILLISECONDS,
            LABELS("account"),
        },
    [FAMILY_WS_CONNECTIONS] =
        {
            "onebus_ws_connections_total",
            "WebSockets that came up (accepted), that the bridge refused, or "
            "that it dialled in vain (failed).",
            COUNTER,
            LABELS("account", "result", "reason"),
        },
    [FAMILY_WS_DISCONNECTS] =
        {
            "onebus_ws_disconnects_total",
            "WebSockets that ended, by what ended them.",
            COUNTER,
            LABELS("account", "cause"),
            WORDS(TALLY_CAUSE_WORDS),
        },
    [FAMILY_WS_BYTES] =
        {
            "onebus_ws_bytes_total",
            "Bytes of whole frames, without what WebSocket and TLS add.",
            COUNTER,
            LABELS("account", "direction"),
            WORDS(DIRECTIONS),
        },
    [FAMILY_WS_QUEUE_BYTES] =
        {
            "onebus_ws_queue_bytes",
            "Bytes of frames that wait to be written to the peer.",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_EVENTS_RECEIVED] =
        {
            "onebus_events_received_total",
            "Events that the peers sent.",
            COUNTER,
            LABELS("account", "post_type"),
            WORDS(TALLY_POST_WORDS),
        },
    [FAMILY_EVENTS_PUBLISHED] =
        {
            "onebus_events_published_total",
            "Events of the peers that were handed to the journal and the bus.",
            COUNTER,
            LABELS("account", "post_type"),
            WORDS(TALLY_POST_WORDS),
        },
    [FAMILY_EVENTS_DROPPED] =
        {
            "onebus_events_dropped_total",
            "Frames of the peers that led nowhere.",
            COUNTER,
            LABELS("account", "reason"),
            WORDS(TALLY_DROP_WORDS),
        },
    [FAMILY_EVENTS_DUPLICATE] =
        {
            "onebus_events_duplicate_total",
            "Events that had come before and were not published again.",
            COUNTER,
            LABELS("account"),
        },
    [FAMILY_ACCESS_DENIED] =
        {
            "onebus_access_denied_total",
            "Events that were not published because their sender may not be "
            "heard.",
            COUNTER,
            LABELS("account", "reason"),
            .words = &ACCESS_REASON_NAMES[ACCESS_GROUP_DISABLED],
            .word_count = TALLY_DENIALS,
        },
    [FAMILY_OWN_EVENTS] =
        {
            "onebus_own_events_published_total",
            "Events of the bridge's own (qq.bridge.*).",
            COUNTER,
        },
    [FAMILY_EVENT_LATENCY] =
        {
            "onebus_event_latency_seconds",
            "From the frame that was read to the event on the bus, the journal "
            "included.",
            SECONDS_BY(HISTOGRAM_INSIDE),
        },
    [FAMILY_ACTIONS] =
        {
            "onebus_actions_total",
            "Calls by how they ended. An action appears when it is first "
            "called; one that the catalogue does not have is `other`.",
            COUNTER,
            LABELS("account", "action", "result"),
            WORDS(TALLY_RESULT_WORDS),
        },
    [FAMILY_ACTION_DURATION] =
        {
            "onebus_action_duration_seconds",
            "From a call to its reply, as its caller sees it; appears with the "
            "first call.",
            SECONDS_BY(HISTOGRAM_OUTSIDE),
            LABELS("account"),
        },
    [FAMILY_ACTIONS_INFLIGHT] =
        {
            "onebus_actions_inflight",
            "Calls that wait for the peer's answer, or for the peer to come "
            "back.",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_ACTIONS_UNSETTLED] =
        {
            "onebus_actions_unsettled",
            "Calls that may have happened and whose outcome is still being "
            "found out.",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_ACTIONS_SETTLED] =
        {
            "onebus_actions_settled_total",
            "Calls that were answered `unknown`, by what was found out of them "
            "later; `unknown` is for good.",
            COUNTER,
            LABELS("account", "outcome"),
            WORDS(TALLY_SETTLEMENT_WORDS),
        },
    [FAMILY_RATELIMIT_WAIT] =
        {
            "onebus_ratelimit_wait_seconds",
            "How long sends waited for their turn (bridge.pacing); appears "
            "with the first send.",
            SECONDS_BY(HISTOGRAM_OUTSIDE),
            LABELS("account"),
        },
    [FAMILY_SEND_QUEUE] =
        {
            "onebus_send_queue_length",
            "Sends in line for their turn (bridge.pacing).",
            GAUGE,
            LABELS("account"),
        },
    [FAMILY_CHATS_PAUSED] =
        {
            "onebus_chats_paused",
            "Chats and accounts to which the bridge sends nothing now.",
            GAUGE,
            LABELS("reason"),
            WORDS(PAUSES),
        },
    [FAMILY_REQUESTS_REFUSED] =
        {
            "onebus_requests_refused_total",
            "Requests on the action socket that were refused at once.",
            COUNTER,
            LABELS("error"),
        },
    [FAMILY_GRANT_CALLS] =
        {
            "onebus_grant_requests_total",
            "Requests with the token of a grant.",
            COUNTER,
            LABELS("grant"),
        },
    [FAMILY_GRANT_DENIED] =
        {
            "onebus_grant_denied_total",
            "Of these, those that the grant does not cover.",
            COUNTER,
            LABELS("grant"),
        },
    [FAMILY_PAIRING_REQUESTS] =
        {
            "onebus_pairing_requests_total",
            "Private messages of strangers under dmPolicy pairing: who got a "
            "code (asked), had one, was denied, or found three waiting (full).",
            COUNTER,
            LABELS("result"),
            WORDS(TALLY_PAIRING_WORDS),
        },
    [FAMILY_PAIRING_DECISIONS] =
        {
            "onebus_pairing_decisions_total",
            "What became of those who asked.",
            COUNTER,
            LABELS("decision"),
            WORDS(TALLY_DECISION_WORDS),
        },
    [FAMILY_MEDIA_BYTES] =
        {
            "onebus_media_bytes_total",
            "Bytes of files: out with the call (inline) or before it (upload), "
            "in from a URL (fetch) or over the link (peer).",
            COUNTER,
            LABELS("direction", "method"),
        },
    [FAMILY_JOURNAL_STATE] =
        {
            "onebus_journal_state",
            "1 for the state the journal is in.",
            GAUGE,
            LABELS("state"),
            WORDS(JOURNAL_STATES),
        },
    [FAMILY_JOURNAL_NEXT_SEQ] =
        {
            "onebus_journal_next_seq",
            "The seq that the next event gets.",
            GAUGE,
        },
    [FAMILY_JOURNAL_OLDEST_SEQ] =
        {
            "onebus_journal_oldest_seq",
            "The oldest event that can be replayed; 0 if there is none.",
            GAUGE,
        },
    [FAMILY_JOURNAL_BYTES] =
        {
            "onebus_journal_bytes",
            "What the journal takes, on disk or else in memory.",
            GAUGE,
        },
    [FAMILY_JOURNAL_BYTES_MAX] =
        {
            "onebus_journal_bytes_max",
            "bridge.journal.maxBytes; the oldest events go when it is reached.",
            GAUGE,
        },
    [FAMILY_JOURNAL_COMMIT] =
        {
            "onebus_journal_commit_seconds",
            "How long writing what had gathered took.",
            SECONDS_BY(HISTOGRAM_INSIDE),
        },
    [FAMILY_JOURNAL_WRITE_ERRORS] =
        {
            "onebus_journal_write_errors_total",
            "Times that the file turned out not to be writable.",
            COUNTER,
        },
    [FAMILY_JOURNAL_LOST] =
        {
            "onebus_journal_lost_events_total",
            "Events that were published and that the file never got.",
            COUNTER,
        },
    [FAMILY_REPLAY_REQUESTS] =
        {
            "onebus_replay_requests_total",
            "bridge.replay and bridge.history by how they ended.",
            COUNTER,
            LABELS("result"),
            WORDS(TALLY_REPLAY_WORDS),
        },
    [FAMILY_REPLAYED_EVENTS] =
        {
            "onebus_replayed_events_total",
            "Events that were given back by them.",
            COUNTER,
        },
    [FAMILY_BUS_SUBSCRIBERS] =
        {
            "onebus_bus_subscribers",
            "Connections to the events' addresses.",
            GAUGE,
        },
    [FAMILY_NATS_STATE] =
        {
            "onebus_nats_state",
            "1 for the state that publishing to NATS is in.",
            GAUGE,
            LABELS("state"),
            WORDS(NATS_MODES),
        },
    [FAMILY_NATS_ACKED_SEQ] =
        {
            "onebus_nats_acked_seq",
            "All events up to this seq are in the stream.",
            GAUGE,
        },
    [FAMILY_NATS_LAG] =
        {
            "onebus_nats_lag_events",
            "Events that the journal has and the stream does not, yet.",
            GAUGE,
        },
    [FAMILY_NATS_LAG_TIME] =
        {
            "onebus_nats_lag_seconds",
            "Age of the oldest of them.",
            GAUGE,
            MILLISECONDS,
        },
    [FAMILY_NATS_IN_FLIGHT] =
        {
            "onebus_nats_in_flight_events",
            "Events that were published and not acknowledged yet.",
            GAUGE,
        },
    [FAMILY_NATS_WINDOW] =
        {
            "onebus_nats_window_events",
            "So many may be in flight now; it shrinks while several bridges "
            "are in each other's way.",
            GAUGE,
        },
    [FAMILY_NATS_PUBLISHED] =
        {
            "onebus_nats_published_events_total",
            "Events that the stream has acknowledged.",
            COUNTER,
        },
    [FAMILY_NATS_DUPLICATES] =
        {
            "onebus_nats_duplicate_events_total",
            "Of these, events that the stream had already.",
            COUNTER,
        },
    [FAMILY_NATS_REFUSED] =
        {
            "onebus_nats_refused_events_total",
            "Events that the stream refused because the one before was not "
            "there; they are published again.",
            COUNTER,
        },
    [FAMILY_NATS_ERRORS] =
        {
            "onebus_nats_errors_total",
            "Times that publishing failed and began anew from what the stream "
            "has.",
            COUNTER,
        },
    [FAMILY_NATS_LOST] =
        {
            "onebus_nats_lost_events_total",
            "Events that can never get into the stream: gone from the journal "
            "before, or too large.",
            COUNTER,
        },
    [FAMILY_NATS_CONNECTS] =
        {
            "onebus_nats_connects_total",
            "Times that a server was connected to.",
            COUNTER,
        },
    [FAMILY_NATS_REQUESTS] =
        {
            "onebus_nats_requests_total",
            "Actions that came by NATS.",
            COUNTER,
        },
    [FAMILY_QUEUE_ITEMS] =
        {
            "onebus_queue_items",
            "What waits in each queue; of the bus, for the subscriber that is "
            "furthest behind.",
            GAUGE,
            LABELS("queue"),
        },
    [FAMILY_QUEUE_ITEMS_MAX] =
        {
            "onebus_queue_items_max",
            "The bound of each queue.",
            GAUGE,
            LABELS("queue"),
        },
    [FAMILY_QUEUE_BYTES] =
        {
            "onebus_queue_bytes",
            "What waits in each queue that is bounded by bytes.",
            GAUGE,
            LABELS("queue"),
        },
    [FAMILY_QUEUE_BYTES_MAX] =
        {
            "onebus_queue_bytes_max",
            "The bound of each of these.",
            GAUGE,
            LABELS("queue"),
        },
    [FAMILY_RELOAD_SUCCESS] =
        {
            "onebus_config_reload_success",
            "1 if the settings were good when they were last read, else 0.",
            GAUGE,
        },
    [FAMILY_RELOAD_TIME] =
        {
            "onebus_config_last_reload_timestamp_seconds",
            "When settings were last read that were good.",
            GAUGE,
            MILLISECONDS,
        },
    [FAMILY_LOG_MESSAGES] =
        {
            "onebus_log_messages_total",
            "Lines that were logged.",
            COUNTER,
            LABELS("level"),
            WORDS(LEVELS),
        },
    [FAMILY_PROCESS_CPU] =
        {
            "process_cpu_seconds_total",
            "User and system CPU time spent.",
            COUNTER,
            MICROSECONDS,
        },
    [FAMILY_PROCESS_MEMORY] =
        {
            "process_resident_memory_bytes",
            "Resident memory.",
            GAUGE,
        },
    [FAMILY_PROCESS_VIRTUAL] =
        {
            "process_virtual_memory_bytes",
            "Virtual memory.",
            GAUGE,
        },
    [FAMILY_PROCESS_FDS] =
        {
            "process_open_fds",
            "Open file descriptors.",
            GAUGE,
        },
    [FAMILY_PROCESS_FDS_MAX] =
        {
            "process_max_fds",
            "Most file descriptors there may be.",
            GAUGE,
        },
    [FAMILY_PROCESS_START] =
        {
            "process_start_time_seconds",
            "When the process began, since 1970.",
            GAUGE,
            MILLISECONDS,
        },
    [FAMILY_PROCESS_THREADS] =
        {
            "process_threads",
            "Threads.",
            GAUGE,
        },
};

const struct family_info *family_info(enum family family)
{
    return &FAMILIES_TABLE[family];
}

size_t family_labels(const struct family_info *info)
{
    size_t count = 0;
    while (count < FAMILY_LABELS_MAX && info->labels[count] != NULL)
        count++;
    return count;
}

size_t family_labels_named(const struct family_info *info)
{
    return family_labels(info) - (info->words != NULL);
}

size_t family_numbers(const struct family_info *info)
{
    if (info->kind == FAMILY_HISTOGRAM)
        return sizeof(struct histogram) / sizeof(uint64_t);
    return info->words == NULL ? 1 : info->word_count;
}
