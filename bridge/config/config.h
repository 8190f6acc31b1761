/* SPDX-License-Identifier: MIT */
/* The settings: from the file, the environment and the command line into one
 * plain struct, checked as a whole, or refused with every reason there is.
 *
 *     flag                     --set bridge.log.level=debug
 *       over environment       ONEBUS_BRIDGE_LOG_LEVEL=debug
 *         over file            {"bridge": {"log": {"level": "debug"}}}
 *           over default
 *
 * That holds for each path by itself; where an account has no value of its own
 * it has its channel's. Of the file, `channels.napcatqq` and `bridge` are read,
 * strictly; the rest is left alone, so that an openclaw.json will do. The keys
 * are rows in settings.c, their types in field.h. One thread. */
#ifndef ONEBUS_CONFIG_H
#define ONEBUS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/status.h"
#include "config_faults.h"
#include "field_list.h"

/* dmPolicy, groupPolicy; pairing is of the first only. */
enum config_policy {
    CONFIG_POLICY_OPEN,
    CONFIG_POLICY_ALLOWLIST,
    CONFIG_POLICY_CLOSED,
    CONFIG_POLICY_PAIRING,
};

/* bridge.access */
enum config_access { CONFIG_ACCESS_ENFORCE, CONFIG_ACCESS_MARK };

/* bridge.journal.sync, bridge.journal.onError */
enum config_sync { CONFIG_SYNC_NORMAL, CONFIG_SYNC_FULL };
enum config_on_error { CONFIG_ON_ERROR_CONTINUE, CONFIG_ON_ERROR_STOP };

/* bridge.media.fetch: who loads what a medium's URL names */
enum config_fetch { CONFIG_FETCH_PEER, CONFIG_FETCH_BRIDGE };

/* One of `groups`: its own values, over those of "*", over the defaults. */
struct config_group {
    int64_t id; /* 0: "*" */
    bool enabled;
    bool require_mention;
    bool mention_all;
    bool has_allow_from; /* it was given, be it empty */
    struct id_list allow_from;
    char *system_prompt; /* NULL: none */
    struct field_list skills;
    char *tools; /* JSON text, see tools.h; NULL: none */
    char *place; /* where it is: "onebus.json:7: channels.napcatqq.groups.1" */
};

struct config_tls {
    char *cert, *key, *client_ca; /* to listen; NULL: without */
    char *ca;                     /* to dial; NULL: the system's */
    bool insecure;                /* dial without checking */
};

struct config_reconnect {
    bool enabled;
    int retries_max;   /* 0: no limit */
    uint64_t delay_ms; /* listening: how long calls wait for an absent peer */
    double multiplier;
    uint64_t delay_max_ms;
};

struct config_heartbeat {
    bool enabled;
    uint64_t interval_ms, timeout_ms;
};

/* Where these values come from, for whoever wants to change them. */
struct config_places {
    char *dm_policy, *allow_from;
    char *group_policy, *group_allow_from, *groups;
};

/* One enabled account, its channel's values put in. */
struct config_account {
    char *key;  /* its name below `accounts`, or "default" */
    char *name; /* to show to people; NULL if none is set */
    bool enabled;
    bool allow_insecure;
    char *host; /* where to listen; no brackets */
    int port;   /* 0: any free one */
    char *path;
    char *connect;   /* the peer's URL, to dial it instead; NULL: listen */
    char *token;     /* NULL: none is asked for, or shown */
    int64_t self_id; /* the only QQ number let in; 0: any */
    struct config_tls tls;
    struct config_reconnect reconnect;
    struct config_heartbeat heartbeat;
    enum config_policy dm_policy, group_policy;
    struct id_list allow_from, group_allow_from, group_sender_allow_from;
    struct config_group *groups; /* by id, ascending */
    size_t group_count;
    int history_limit, text_chunk_limit, media_max_mb;
    struct config_places places;
};

struct config_tls_files {
    char *cert, *key, *ca;
};

struct config_journal {
    bool enabled;
    uint64_t age_max_ms;
    size_t bytes_max;
    enum config_sync sync;
    enum config_on_error on_error;
};

struct config_pacing {
    double account_per_second, chat_per_second;
    int account_burst, chat_burst;
    uint64_t jitter_ms;
};

/* bridge.nats. Without `urls` nothing goes there, and the rest counts for
 * nothing. */
struct config_nats {
    struct field_list urls; /* address.h; may have passwords in them */
    char *stream;
    char *subject_prefix; /* no '.' at its end; NULL: none */
    char *creds_file;     /* NULL: none */
    struct config_tls_files tls;
    int replicas;        /* of a stream that is created, as are the others */
    uint64_t age_max_ms; /* of an event in it */
    size_t bytes_max;    /* 0: no bound */
};

/* One of bridge.grants. The lists are patterns: "*" and "?" stand for what
 * there may be. */
struct config_grant {
    char *name;
    char *token;
    bool events;
    struct field_list accounts, actions, chats;
};

struct config {
    char *file;                      /* the one that was read; NULL if none */
    struct config_account *accounts; /* in the order of the file */
    size_t account_count;
    struct field_list event_urls;  /* where events are published */
    struct field_list action_urls; /* where actions are taken */
    struct config_grant *grants;   /* in the order of the file */
    size_t grant_count;
    enum config_access access;
    bool allow_insecure;
    char *state_dir; /* what outlives a restart; NULL: there is no place */
    uint64_t call_timeout_ms; /* for the answer to a read */
    uint64_t call_write_timeout_ms;
    int calls_max; /* unanswered at a time */
    bool allow_unknown;
    size_t frame_bytes_max; /* from a peer */
    size_t inline_bytes_max;
    char *media_paths; /* JSON text, see shares.h; NULL: none */
    enum config_fetch media_fetch;
    struct field_list fetch_private; /* hosts and networks */
    enum log_level log_level;
    enum log_format log_format;
    enum log_content log_content;
    char *log_levels; /* JSON, sound; NULL: none */
    char *http;
    struct config_tls_files tls;
    struct config_journal journal;
    struct config_pacing pacing;
    struct config_nats nats;
    struct config_faults notes; /* settings that change nothing, and why */
    /* Where secrets were found: the files named for them, and the settings file
     * if one is written out in it. */
    struct field_list secret_files;
};

/* One flag of the command line that sets something. */
struct config_flag {
    const char *name;       /* "--log-level" in faults; NULL: --set */
    const char *assignment; /* "bridge.log.level=debug" */
};

struct config_source {
    /* The file that was named. NULL: $ONEBUS_CONFIG, or the first there is of
     * onebus.json, ~/.config/onebus/onebus.json and /etc/onebus/onebus.json,
     * or none. */
    const char *path;
    char *const *environment;        /* as environ; may be NULL */
    const struct config_flag *flags; /* of two for one path the last counts */
    size_t flag_count;
};

/* STATUS_INVALID: `faults`, to which they are added, says all that is wrong;
 * `config` is untouched. A file that is no JSON is the only fault told. */
MUST_CHECK enum status config_load(const struct config_source *source,
                                   struct config *config,
                                   struct config_faults *faults);

/* Append the settings as they are in effect, as JSON that would load again but
 * for the secrets: those are "***". Ends in a line feed. */
void config_print(const struct config *config, struct buffer *out);

/* Whether both accounts are reached in the same way: where, with which token
 * and which QQ number. */
bool config_account_door_equals(const struct config_account *one,
                                const struct config_account *other);

/* Whoever comes by this bus URL is of this machine, or has shown a certificate.
 */
bool config_keeps_strangers_out(const struct config *config, const char *url);

/* Do grants alone keep strangers from the actions? */
bool config_needs_grants(const struct config *config);

/* Is NATS spoken by TLS only? The settings ask for it in one way or another. */
bool config_nats_has_tls(const struct config_nats *nats);

/* Call `on_change` with the path of each setting that has another value in
 * `to`, of each account, group and grant that came ("… (added)") or went ("…
 * (removed)"). */
void config_changes(const struct config *from, const struct config *to,
                    void (*on_change)(void *ctx, const char *path), void *ctx);

/* Finishing an all-zero one is fine. */
void config_finish(struct config *config);

#endif
