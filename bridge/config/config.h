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
#include "base/log.h"
#include "base/status.h"
#include "config_faults.h"
#include "field_list.h"

/* dmPolicy, groupPolicy */
enum config_policy { CONFIG_POLICY_OPEN };

/* bridge.access */
enum config_access { CONFIG_ACCESS_MARK };

/* One enabled account, its channel's values put in. */
struct config_account {
    char *key;  /* its name below `accounts`, or "default" */
    char *name; /* to show to people; NULL if none is set */
    bool enabled;
    bool allow_insecure;
    char *host; /* where to listen; no brackets */
    int port;   /* 0: any free one */
    char *path;
    char *token;       /* NULL: none is asked for */
    int64_t self_id;   /* the only QQ number let in; 0: any */
    uint64_t grace_ms; /* how long calls wait for an absent peer */
    enum config_policy dm_policy, group_policy;
};

struct config {
    char *file;                      /* the one that was read; NULL if none */
    struct config_account *accounts; /* in the order of the file */
    size_t account_count;
    struct field_list event_urls;  /* where events are published */
    struct field_list action_urls; /* where actions are taken */
    enum config_access access;
    bool allow_insecure;
    uint64_t call_timeout_ms; /* for the answer to a read */
    uint64_t call_write_timeout_ms;
    int calls_max;          /* unanswered at a time */
    size_t frame_bytes_max; /* from a peer */
    enum log_level log_level;
    enum log_format log_format;
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

/* Finishing an all-zero one is fine. */
void config_finish(struct config *config);

#endif
