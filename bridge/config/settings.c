/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "base/utf8.h"
#include "config.h"
#include "log_levels.h"
#include "pattern.h"
#include "shares.h"
#include "tools.h"

/* Enums are stored through an int. */
_Static_assert(sizeof(enum config_policy) == sizeof(int), "enum is an int");
_Static_assert(sizeof(enum log_level) == sizeof(int), "enum is an int");
_Static_assert(sizeof(enum log_content) == sizeof(int), "enum is an int");

enum {
    NAME_BYTES_MAX = 256,
    PATH_BYTES_MAX = 256,
    PROMPT_BYTES_MAX = 64 * 1024,
    TOKEN_BYTES_MAX = 1024, /* it must fit a header beside others */
    GRANT_BYTES_MAX = 64,
    STREAM_BYTES_MAX = 128, /* it names files of the server */
    PREFIX_BYTES_MAX = 128,
};

static const char NAME_LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789_-";

/* The last one is for private messages only. */
static const char *const policy_names[] = {
    [CONFIG_POLICY_OPEN] = "open",
    [CONFIG_POLICY_ALLOWLIST] = "allowlist",
    [CONFIG_POLICY_CLOSED] = "closed",
    [CONFIG_POLICY_PAIRING] = "pairing",
    NULL,
};

static const char *const group_policy_names[] = {
    [CONFIG_POLICY_OPEN] = "open",
    [CONFIG_POLICY_ALLOWLIST] = "allowlist",
    [CONFIG_POLICY_CLOSED] = "closed",
    NULL,
};

static const char *const access_names[] = {
    [CONFIG_ACCESS_ENFORCE] = "enforce",
    [CONFIG_ACCESS_MARK] = "mark",
    NULL,
};

static const char *const sync_names[] = {
    [CONFIG_SYNC_NORMAL] = "normal",
    [CONFIG_SYNC_FULL] = "full",
    NULL,
};

static const char *const on_error_names[] = {
    [CONFIG_ON_ERROR_CONTINUE] = "continue",
    [CONFIG_ON_ERROR_STOP] = "stop",
    NULL,
};

static const char *const fetch_names[] = {
    [CONFIG_FETCH_PEER] = "peer",
    [CONFIG_FETCH_BRIDGE] = "bridge",
    NULL,
};

/* UTF-8 without control characters. The environment may bring any bytes. */
static bool is_clean(const char *text)
{
    size_t size = strlen(text);
    while (size > 0) {
        size_t width = utf8_width(text, size);
        unsigned char first = (unsigned char)*text;
        if (width == 0 || first < 0x20 || first == 0x7f)
            return false;
        text += width;
        size -= width;
    }
    return true;
}

static const char *check_name(char *text)
{
    if (text[0] == '\0')
        return "is empty";
    if (strlen(text) > NAME_BYTES_MAX)
        return "is too long";
    return is_clean(text) ? NULL : "has bytes that are no text";
}

static const char *check_prompt(char *text)
{
    return strlen(text) > PROMPT_BYTES_MAX ? "is too long" : NULL;
}

static const char *check_host(char *text)
{
    return address_check_host(text);
}

static const char *check_opening(char *text)
{
    return address_check_network(text);
}

static const char *check_path(char *text)
{
    size_t size = strlen(text);
    if (text[0] != '/')
        return "does not begin with /";
    if (size > PATH_BYTES_MAX)
        return "is too long";
    if (strpbrk(text, "?# ") != NULL || !is_clean(text))
        return "has bytes that no path has";
    if (size > 1 && text[size - 1] == '/')
        text[size - 1] = '\0';
    return NULL;
}

/* An empty one is no way to ask for none: it is what an unset variable leaves
 * behind, and the door would be open without a word. */
static const char *check_token(char *text)
{
    size_t size = strlen(text);
    if (size == 0)
        return "is empty";
    if (size > TOKEN_BYTES_MAX)
        return "is too long";
    if (text[0] == ' ' || text[size - 1] == ' ')
        return "has blanks around it";
    return is_clean(text) ? NULL : "has bytes that no header can carry";
}

static const char *check_grant(char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= GRANT_BYTES_MAX &&
                   strspn(text, NAME_LETTERS) == size
               ? NULL
               : "is no name for a grant";
}

static const char *check_text(char *text)
{
    return text[0] == '\0' ? "is empty" : NULL;
}

/* Empty is off. */
static const char *check_http(char *text)
{
    return text[0] == '\0' ? NULL : address_check_listen(text);
}

/* One that is there now is likely to be there when it is wanted. */
static const char *check_readable(char *text)
{
    struct stat status;
    if (text[0] == '\0')
        return "is empty";
    if (stat(text, &status) != 0 || access(text, R_OK) != 0)
        return errno == ENOENT   ? "cannot be read: it is not there"
               : errno == EACCES ? "cannot be read: permission denied"
                                 : "cannot be read";
    return S_ISDIR(status.st_mode) ? "cannot be read: it is a folder" : NULL;
}

static const char *check_connect(char *text)
{
    return address_check_connect(text);
}

static const char *check_url(char *text)
{
    return address_check_url(text);
}

static const char *check_nats(char *text)
{
    return address_check_nats(text);
}

/* JetStream would have more, but not for the bucket that is named after it. */
static const char *check_stream(char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= STREAM_BYTES_MAX &&
                   strspn(text, NAME_LETTERS) == size
               ? NULL
               : "is no name for a stream";
}

/* Subjects beginning with '$' are the server's own. */
static const char *check_prefix(char *text)
{
    size_t size = strlen(text);
    if (size == 0)
        return "is empty";
    if (size > PREFIX_BYTES_MAX)
        return "is too long";
    if (strpbrk(text, "*>") != NULL)
        return "has a wildcard in it";
    if (text[0] == '.' || text[size - 1] == '.' || strstr(text, "..") != NULL)
        return "has an empty part";
    for (const char *byte = text; *byte != '\0'; byte++)
        if (*byte <= ' ' || *byte > '~')
            return "has bytes that no subject should have";
    return text[0] == '$' ? "begins with $, as the server's own do" : NULL;
}

#define ACCOUNT(member) offsetof(struct config_account, member)
#define GROUP(member)   offsetof(struct config_group, member)
#define GRANT(member)   offsetof(struct config_grant, member)
#define BRIDGE(member)  offsetof(struct config, member)
#define MINUTE          INT64_C(60000)
#define DAY             (INT64_C(24) * 60 * MINUTE)
#define MIB             (INT64_C(1) << 20)
#define GIB             (INT64_C(1) << 30)
#define TLS_FILE                                                               \
    .type = FIELD_STRING, .check = check_readable,                             \
    .allowed = "the path of a PEM file that can be read"
#define PATTERNS                                                               \
    .type = FIELD_LIST, .initial = "*", .most = 256, .one_will_do = true
#define URL_WORDS                                                              \
    "\"tcp://host:port\", \"ws://host:port/path\", the same with tls+tcp and " \
    "wss, \"ipc:///path\""

static const struct field account_fields[] = {
    {.key = "enabled",
     .type = FIELD_BOOL,
     .offset = ACCOUNT(enabled),
     .initial = "true"},
    {.key = "name",
     .type = FIELD_STRING,
     .offset = ACCOUNT(name),
     .check = check_name,
     .allowed = "1 to 256 bytes of text"},
    {.key = "wsPort",
     .type = FIELD_INT,
     .offset = ACCOUNT(port),
     .initial = "3001",
     .least = 0,
     .most = 65535},
    {.key = "wsHost",
     .type = FIELD_STRING,
     .offset = ACCOUNT(host),
     .initial = "127.0.0.1",
     .check = check_host,
     .allowed = "an IPv4 or IPv6 address, or a host name"},
    {.key = "wsPath",
     .type = FIELD_STRING,
     .offset = ACCOUNT(path),
     .initial = "/onebot/v11/ws",
     .check = check_path,
     .allowed = "a path that begins with /, up to 256 bytes without blanks, "
                "? and #"},
    {.key = "accessToken",
     .type = FIELD_SECRET,
     .offset = ACCOUNT(token),
     .check = check_token,
     .allowed = "1 to 1024 bytes of text, no blanks around it; without the "
                "key no token is asked for"},
    {.key = "accessTokenFile",
     .type = FIELD_FILE,
     .offset = ACCOUNT(token),
     .check = check_token,
     .allowed = "the path of a file that holds the token and nothing else"},
    {.key = "selfId",
     .type = FIELD_ID,
     .offset = ACCOUNT(self_id),
     .least = 1,
     .most = FIELD_ID_MAX},
    {.key = "allowInsecure",
     .type = FIELD_BOOL,
     .offset = ACCOUNT(allow_insecure)},
    {.key = "connect",
     .type = FIELD_STRING,
     .offset = ACCOUNT(connect),
     .check = check_connect,
     .show = address_show_connect,
     .allowed = "\"ws://host:port/path\" or \"wss://host:port/path\""},
    {.key = "tls.cert", .offset = ACCOUNT(tls.cert), TLS_FILE},
    {.key = "tls.key", .offset = ACCOUNT(tls.key), TLS_FILE},
    {.key = "tls.clientCa", .offset = ACCOUNT(tls.client_ca), TLS_FILE},
    {.key = "tls.ca", .offset = ACCOUNT(tls.ca), TLS_FILE},
    {.key = "tls.insecure",
     .type = FIELD_BOOL,
     .offset = ACCOUNT(tls.insecure)},
    {.key = "reconnect.enabled",
     .type = FIELD_BOOL,
     .offset = ACCOUNT(reconnect.enabled),
     .initial = "true"},
    {.key = "reconnect.maxRetries",
     .type = FIELD_INT,
     .offset = ACCOUNT(reconnect.retries_max),
     .initial = "10",
     .least = 0,
     .most = 1000000},
    {.key = "reconnect.retryDelay",
     .type = FIELD_TIME,
     .offset = ACCOUNT(reconnect.delay_ms),
     .initial = "5000",
     .least = 0,
     .most = 10 * MINUTE},
    {.key = "reconnect.backoffMultiplier",
     .type = FIELD_REAL,
     .offset = ACCOUNT(reconnect.multiplier),
     .initial = "2",
     .least = 1,
     .most = 100},
    {.key = "reconnect.maxDelay",
     .type = FIELD_TIME,
     .offset = ACCOUNT(reconnect.delay_max_ms),
     .initial = "60000",
     .least = 1,
     .most = INT64_C(24) * 60 * MINUTE},
    {.key = "heartbeat.enabled",
     .type = FIELD_BOOL,
     .offset = ACCOUNT(heartbeat.enabled),
     .initial = "true"},
    {.key = "heartbeat.interval",
     .type = FIELD_TIME,
     .offset = ACCOUNT(heartbeat.interval_ms),
     .initial = "30000",
     .least = 100,
     .most = 60 * MINUTE},
    {.key = "heartbeat.timeout",
     .type = FIELD_TIME,
     .offset = ACCOUNT(heartbeat.timeout_ms),
     .initial = "10000",
     .least = 100,
     .most = 60 * MINUTE},
    {.key = "dmPolicy",
     .type = FIELD_ENUM,
     .offset = ACCOUNT(dm_policy),
     .initial = "pairing",
     .names = policy_names,
     .alias = "disabled",
     .alias_value = CONFIG_POLICY_CLOSED},
    {.key = "allowFrom", .type = FIELD_IDS, .offset = ACCOUNT(allow_from)},
    {.key = "groupPolicy",
     .type = FIELD_ENUM,
     .offset = ACCOUNT(group_policy),
     .initial = "allowlist",
     .names = group_policy_names,
     .alias = "disabled",
     .alias_value = CONFIG_POLICY_CLOSED},
    {.key = "groupAllowFrom",
     .type = FIELD_IDS,
     .offset = ACCOUNT(group_allow_from),
     .tells_kinds = true},
    {.key = "groupSenderAllowFrom",
     .type = FIELD_IDS,
     .offset = ACCOUNT(group_sender_allow_from)},
    {.key = "historyLimit",
     .type = FIELD_INT,
     .offset = ACCOUNT(history_limit),
     .initial = "100",
     .least = 0,
     .most = 10000},
    {.key = "textChunkLimit",
     .type = FIELD_INT,
     .offset = ACCOUNT(text_chunk_limit),
     .initial = "2000",
     .least = 100,
     .most = 100000},
    {.key = "mediaMaxMb",
     .type = FIELD_INT,
     .offset = ACCOUNT(media_max_mb),
     .initial = "50",
     .least = 1,
     .most = 1024},
};

/* OpenClaw keeps its own settings of the channel in the same section, those of
 * its plugin for this bridge (clients/openclaw) and those of any channel. */
static const char *const account_foreign[] = {
    "eventsUrl",
    "actionsUrl",
    "busToken",
    "busTokenFile",
    "busCa",
    "bridgeAccount",
    "maxAge",
    "replyToMode",
    "typing",
    "notices",
    "actions",
    "configWrites",
    "healthMonitor",
    "markdown",
    "contextVisibility",
    "implicitMentions",
    "dmHistoryLimit",
    "dms",
    "streaming",
    "responsePrefix",
    "ackReaction",
    "defaultAccount",
    NULL,
};

static const char *const group_foreign[] = {"toolsBySender", NULL};

static const struct field group_fields[] = {
    {.key = "enabled",
     .type = FIELD_BOOL,
     .offset = GROUP(enabled),
     .initial = "true"},
    {.key = "requireMention",
     .type = FIELD_BOOL,
     .offset = GROUP(require_mention),
     .initial = "true"},
    {.key = "mentionAll", .type = FIELD_BOOL, .offset = GROUP(mention_all)},
    {.key = "allowFrom", .type = FIELD_IDS, .offset = GROUP(allow_from)},
    {.key = "systemPrompt",
     .type = FIELD_STRING,
     .offset = GROUP(system_prompt),
     .check = check_prompt,
     .allowed = "up to 64 KiB of text"},
    {.key = "skills",
     .type = FIELD_LIST,
     .offset = GROUP(skills),
     .most = 256,
     .check = check_name,
     .allowed = "a list of names"},
    {.key = "tools",
     .type = FIELD_JSON,
     .offset = GROUP(tools),
     .check_json = tools_check,
     .allowed = TOOLS_ALLOWED},
};

static const struct field grant_fields[] = {
    {.key = "name",
     .type = FIELD_STRING,
     .offset = GRANT(name),
     .check = check_grant,
     .allowed = "1 to 64 of A-Z a-z 0-9 _ -"},
    {.key = "token",
     .type = FIELD_SECRET,
     .offset = GRANT(token),
     .check = check_token,
     .allowed = "1 to 1024 bytes of text, no blanks around it"},
    {.key = "tokenFile",
     .type = FIELD_FILE,
     .offset = GRANT(token),
     .check = check_token,
     .allowed = "the path of a file that holds the token and nothing else"},
    {.key = "events",
     .type = FIELD_BOOL,
     .offset = GRANT(events),
     .initial = "true"},
    {.key = "accounts",
     .offset = GRANT(accounts),
     .check = pattern_check_account,
     .allowed = "a list of accounts' keys, where * and ? stand for any part "
                "and any letter",
     PATTERNS},
    {.key = "actions",
     .offset = GRANT(actions),
     .check = pattern_check_action,
     .allowed = "a list of actions, where * and ? stand for any part and any "
                "letter: \"send_*\", \"bridge.status\"",
     PATTERNS},
    {.key = "chats",
     .offset = GRANT(chats),
     .check = pattern_check_chat,
     .allowed = "a list of \"group.<id>\" and \"private.<id>\", where * and "
                "? stand for any digits and any digit",
     PATTERNS},
};

static const struct field bridge_fields[] = {
    {.key = "events",
     .type = FIELD_LIST,
     .offset = BRIDGE(event_urls),
     .initial = "tcp://127.0.0.1:7710",
     .least = 1,
     .most = 16,
     .check = check_url,
     .allowed = URL_WORDS},
    {.key = "actions",
     .type = FIELD_LIST,
     .offset = BRIDGE(action_urls),
     .initial = "tcp://127.0.0.1:7711",
     .least = 1,
     .most = 16,
     .check = check_url,
     .allowed = URL_WORDS},
    {.key = "access",
     .type = FIELD_ENUM,
     .offset = BRIDGE(access),
     .initial = "enforce",
     .names = access_names},
    {.key = "stateDir",
     .type = FIELD_STRING,
     .offset = BRIDGE(state_dir),
     .check = check_text,
     .allowed = "the path of a folder"},
    {.key = "allowInsecure",
     .type = FIELD_BOOL,
     .offset = BRIDGE(allow_insecure)},
    {.key = "call.timeout",
     .type = FIELD_TIME,
     .offset = BRIDGE(call_timeout_ms),
     .initial = "10s",
     .least = 1,
     .most = 30 * MINUTE},
    {.key = "call.writeTimeout",
     .type = FIELD_TIME,
     .offset = BRIDGE(call_write_timeout_ms),
     .initial = "30s",
     .least = 1,
     .most = 30 * MINUTE},
    {.key = "call.maxInFlight",
     .type = FIELD_INT,
     .offset = BRIDGE(calls_max),
     .initial = "256",
     .least = 1,
     .most = 4096},
    {.key = "call.allowUnknown",
     .type = FIELD_BOOL,
     .offset = BRIDGE(allow_unknown),
     .initial = "true"},
    {.key = "media.inlineMax",
     .type = FIELD_SIZE,
     .offset = BRIDGE(inline_bytes_max),
     .initial = "1MiB",
     .least = 0,
     .most = 48 * MIB},
    {.key = "media.paths",
     .type = FIELD_JSON,
     .offset = BRIDGE(media_paths),
     .check_json = shares_check,
     .allowed = SHARES_ALLOWED},
    {.key = "media.fetch",
     .type = FIELD_ENUM,
     .offset = BRIDGE(media_fetch),
     .initial = "peer",
     .names = fetch_names},
    {.key = "media.fetchPrivate",
     .type = FIELD_LIST,
     .offset = BRIDGE(fetch_private),
     .most = 256,
     .check = check_opening,
     .allowed = "a host name, an address, or a network as 10.0.0.0/8"},
    {.key = "media.maxFrame",
     .type = FIELD_SIZE,
     .offset = BRIDGE(frame_bytes_max),
     .initial = "64MiB",
     .least = 1024,
     .most = GIB},
    {.key = "log.level",
     .type = FIELD_ENUM,
     .offset = BRIDGE(log_level),
     .initial = "info",
     .names = log_level_names},
    {.key = "log.format",
     .type = FIELD_ENUM,
     .offset = BRIDGE(log_format),
     .initial = "auto",
     .names = log_format_names},
    {.key = "log.content",
     .type = FIELD_ENUM,
     .offset = BRIDGE(log_content),
     .initial = "none",
     .names = log_content_names},
    {.key = "log.levels",
     .type = FIELD_JSON,
     .offset = BRIDGE(log_levels),
     .check_json = log_levels_check,
     .allowed = LOG_LEVELS_ALLOWED},
    {.key = "http",
     .type = FIELD_STRING,
     .offset = BRIDGE(http),
     .initial = "127.0.0.1:7712",
     .check = check_http,
     .allowed = "\"host:port\", or \"\" for none"},
    {.key = "tls.cert", .offset = BRIDGE(tls.cert), TLS_FILE},
    {.key = "tls.key", .offset = BRIDGE(tls.key), TLS_FILE},
    {.key = "tls.ca", .offset = BRIDGE(tls.ca), TLS_FILE},
    {.key = "journal.enabled",
     .type = FIELD_BOOL,
     .offset = BRIDGE(journal.enabled),
     .initial = "true"},
    {.key = "journal.maxAge",
     .type = FIELD_TIME,
     .offset = BRIDGE(journal.age_max_ms),
     .initial = "7d",
     .least = 1000,
     .most = 3650 * DAY},
    {.key = "journal.maxBytes",
     .type = FIELD_SIZE,
     .offset = BRIDGE(journal.bytes_max),
     .initial = "1GiB",
     .least = MIB,
     .most = 1024 * GIB},
    {.key = "journal.sync",
     .type = FIELD_ENUM,
     .offset = BRIDGE(journal.sync),
     .initial = "normal",
     .names = sync_names},
    {.key = "journal.onError",
     .type = FIELD_ENUM,
     .offset = BRIDGE(journal.on_error),
     .initial = "continue",
     .names = on_error_names},
    {.key = "pacing.accountPerSecond",
     .type = FIELD_REAL,
     .offset = BRIDGE(pacing.account_per_second),
     .initial = "5",
     .least = 0,
     .most = 10000},
    {.key = "pacing.accountBurst",
     .type = FIELD_INT,
     .offset = BRIDGE(pacing.account_burst),
     .initial = "20",
     .least = 0,
     .most = 10000},
    {.key = "pacing.chatPerSecond",
     .type = FIELD_REAL,
     .offset = BRIDGE(pacing.chat_per_second),
     .initial = "1",
     .least = 0,
     .most = 10000},
    {.key = "pacing.chatBurst",
     .type = FIELD_INT,
     .offset = BRIDGE(pacing.chat_burst),
     .initial = "5",
     .least = 0,
     .most = 10000},
    {.key = "pacing.jitter",
     .type = FIELD_TIME,
     .offset = BRIDGE(pacing.jitter_ms),
     .initial = "150",
     .least = 0,
     .most = MINUTE},
    {.key = "nats.url",
     .type = FIELD_LIST,
     .offset = BRIDGE(nats.urls),
     .least = 1,
     .most = 16,
     .one_will_do = true,
     .check = check_nats,
     .show = address_show_nats,
     .allowed = "\"nats://host:port\" or \"tls://host:port\", with "
                "\"user:password@\" or \"token@\" before the host"},
    {.key = "nats.stream",
     .type = FIELD_STRING,
     .offset = BRIDGE(nats.stream),
     .initial = "QQ",
     .check = check_stream,
     .allowed = "1 to 128 of A-Z a-z 0-9 _ -"},
    {.key = "nats.subjectPrefix",
     .type = FIELD_STRING,
     .offset = BRIDGE(nats.subject_prefix),
     .check = check_prefix,
     .allowed = "parts of a subject with dots between them, up to 128 bytes "
                "without blanks, * and >, not beginning with $"},
    {.key = "nats.credsFile",
     .type = FIELD_STRING,
     .offset = BRIDGE(nats.creds_file),
     .check = check_readable,
     .names_secret = true,
     .allowed = "the path of a NATS credentials file that can be read"},
    {.key = "nats.tls.ca", .offset = BRIDGE(nats.tls.ca), TLS_FILE},
    {.key = "nats.tls.cert", .offset = BRIDGE(nats.tls.cert), TLS_FILE},
    {.key = "nats.tls.key", .offset = BRIDGE(nats.tls.key), TLS_FILE},
    {.key = "nats.replicas",
     .type = FIELD_INT,
     .offset = BRIDGE(nats.replicas),
     .initial = "1",
     .least = 1,
     .most = 5},
    {.key = "nats.maxAge",
     .type = FIELD_TIME,
     .offset = BRIDGE(nats.age_max_ms),
     .initial = "7d",
     .least = 1000,
     .most = 3650 * DAY},
    {.key = "nats.maxBytes",
     .type = FIELD_SIZE,
     .offset = BRIDGE(nats.bytes_max),
     .initial = "0",
     .least = 0,
     .most = GIB * 1024 * 1024},
};

const struct field_table settings_account = {
    account_fields, sizeof(account_fields) / sizeof(account_fields[0]),
    account_foreign};

const struct field_table settings_group = {
    group_fields, sizeof(group_fields) / sizeof(group_fields[0]),
    group_foreign};

const struct field_table settings_grant = {
    grant_fields, sizeof(grant_fields) / sizeof(grant_fields[0]), NULL};

const struct field_table settings_bridge = {
    bridge_fields, sizeof(bridge_fields) / sizeof(bridge_fields[0]), NULL};
