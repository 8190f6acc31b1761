/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <string.h>

#include "address.h"
#include "base/utf8.h"
#include "config.h"

/* Enums are stored through an int. */
_Static_assert(sizeof(enum config_policy) == sizeof(int), "enum is an int");
_Static_assert(sizeof(enum log_level) == sizeof(int), "enum is an int");

enum {
    NAME_BYTES_MAX = 256,
    PATH_BYTES_MAX = 256,
    TOKEN_BYTES_MAX = 1024, /* it must fit a header beside others */
};

static const char UNFIT[] = "is not supported by this version, which "
                            "publishes every message";

static const char *const policy_names[] = {
    [CONFIG_POLICY_OPEN] = "open",
    NULL,
};

static const char *const access_names[] = {
    [CONFIG_ACCESS_MARK] = "mark",
    NULL,
};

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
    NULL,
};

static const char *const format_names[] = {
    [LOG_AUTO] = "auto",
    [LOG_TEXT] = "text",
    [LOG_JSON] = "json",
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

static const char *check_host(char *text)
{
    return address_check_host(text);
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

static const char *check_url(char *text)
{
    return address_check_url(text);
}

#define ACCOUNT(member) offsetof(struct config_account, member)
#define BRIDGE(member)  offsetof(struct config, member)
#define MINUTE          INT64_C(60000)
#define GIB             (INT64_C(1) << 30)
#define URL_WORDS                                                              \
    "\"tcp://host:port\", \"ws://host:port/path\", \"ipc:///path\""

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
    {.key = "reconnect.retryDelay",
     .type = FIELD_TIME,
     .offset = ACCOUNT(grace_ms),
     .initial = "5000",
     .least = 0,
     .most = 10 * MINUTE},
    {.key = "dmPolicy",
     .type = FIELD_ENUM,
     .offset = ACCOUNT(dm_policy),
     .names = policy_names,
     .refusal = UNFIT},
    {.key = "groupPolicy",
     .type = FIELD_ENUM,
     .offset = ACCOUNT(group_policy),
     .names = policy_names,
     .refusal = UNFIT},
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
     .names = access_names,
     .refusal = UNFIT},
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
     .names = level_names},
    {.key = "log.format",
     .type = FIELD_ENUM,
     .offset = BRIDGE(log_format),
     .initial = "auto",
     .names = format_names},
};

const struct field_table settings_account = {
    account_fields, sizeof(account_fields) / sizeof(account_fields[0])};

const struct field_table settings_bridge = {
    bridge_fields, sizeof(bridge_fields) / sizeof(bridge_fields[0])};
