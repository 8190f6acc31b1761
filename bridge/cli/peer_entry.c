/* SPDX-License-Identifier: MIT */
/* The shapes are those of NapCat's config/config.ts, LLBot's
 * default_config.json and Lagrange's appsettings_schema.json; what they have by
 * default and nobody needs to change stays out, unless it is what people look
 * for. */
#include "peer_entry.h"

#include <stdio.h>

#include "base/host_port.h"
#include "core/json_write.h"

enum {
    RECONNECT_MS = 5000,
    HEARTBEAT_MS = 30 * 1000,
    PLACE_SIZE = 300, /* a host of the longest, and a port */
    URL_SIZE = 1400,  /* and a path of the longest */
};

/* An object that is being written. */
struct object {
    struct buffer *out;
    bool is_compact;
    bool has_members;
};

static void put_key(struct object *object, const char *key)
{
    const char *before = object->is_compact    ? ","
                         : object->has_members ? ",\n  "
                                               : "\n  ";
    if (object->has_members || !object->is_compact)
        buffer_append_string(object->out, before);
    json_append_string(object->out, slice_of(key));
    buffer_append_string(object->out, object->is_compact ? ":" : ": ");
    object->has_members = true;
}

static void put_text(struct object *object, const char *key, const char *text)
{
    put_key(object, key);
    json_append_string(object->out, slice_of(text));
}

static void put_number(struct object *object, const char *key, int number)
{
    char text[16];
    snprintf(text, sizeof(text), "%d", number);
    put_key(object, key);
    buffer_append_string(object->out, text);
}

static void put_flag(struct object *object, const char *key, bool flag)
{
    put_key(object, key);
    buffer_append_string(object->out, flag ? "true" : "false");
}

static void put_url(struct object *object, const struct peer_entry *entry)
{
    char place[PLACE_SIZE], url[URL_SIZE];
    host_port_print(entry->host, entry->port, place, sizeof(place));
    snprintf(url, sizeof(url), "%s://%s%s", entry->is_secure ? "wss" : "ws",
             place, entry->path);
    put_text(object, "url", url);
}

static void put_listener(struct object *object, const struct peer_entry *entry)
{
    put_text(object, "host", entry->host);
    put_number(object, "port", entry->port);
}

/* ---- each peer's form -----------------------------------------------------
 */

static void put_napcat(struct object *object, const struct peer_entry *entry)
{
    put_text(object, "name", entry->name);
    put_flag(object, "enable", true);
    if (entry->is_server)
        put_listener(object, entry);
    else
        put_url(object, entry);
    put_text(object, "messagePostFormat", "array");
    put_flag(object, "reportSelfMessage", false);
    if (!entry->is_server)
        put_number(object, "reconnectInterval", RECONNECT_MS);
    put_text(object, "token", entry->token);
    if (entry->is_server)
        put_flag(object, "enableForcePushEvent", true);
    put_flag(object, "debug", false);
    put_number(object, "heartInterval", HEARTBEAT_MS);
    if (entry->is_secure && !entry->is_server)
        put_flag(object, "verifyCertificate", true);
}

static void put_llbot(struct object *object, const struct peer_entry *entry)
{
    put_text(object, "type", entry->is_server ? "ws" : "ws-reverse");
    put_flag(object, "enable", true);
    if (entry->is_server)
        put_listener(object, entry);
    else
        put_url(object, entry);
    put_number(object, "heartInterval", HEARTBEAT_MS);
    put_text(object, "token", entry->token);
    put_flag(object, "reportSelfMessage", false);
    put_flag(object, "reportOfflineMessage", false);
    put_text(object, "messageFormat", "array");
    put_flag(object, "debug", false);
}

static void put_lagrange(struct object *object, const struct peer_entry *entry)
{
    put_text(object, "Type",
             entry->is_server ? "ForwardWebSocket" : "ReverseWebSocket");
    put_text(object, "Host", entry->host);
    put_number(object, "Port", entry->port);
    if (!entry->is_server) {
        put_text(object, "Suffix", entry->path);
        put_number(object, "ReconnectInterval", RECONNECT_MS);
    }
    put_number(object, "HeartBeatInterval", HEARTBEAT_MS);
    put_text(object, "AccessToken", entry->token);
}

void peer_entry_append(const struct peer_entry *entry, bool is_compact,
                       struct buffer *out)
{
    static void (*const puts[])(struct object *, const struct peer_entry *) = {
        [PEER_NAPCAT] = put_napcat,
        [PEER_LLBOT] = put_llbot,
        [PEER_LAGRANGE] = put_lagrange,
    };
    struct object object = {.out = out, .is_compact = is_compact};
    buffer_append_string(out, "{");
    puts[entry->kind](&object, entry);
    buffer_append_string(out, is_compact ? "}" : "\n}");
}

const char *peer_entry_list(const struct peer_entry *entry)
{
    switch (entry->kind) {
    case PEER_NAPCAT:
        return entry->is_server ? "network.websocketServers"
                                : "network.websocketClients";
    case PEER_LLBOT:
        return "ob11.connect";
    case PEER_LAGRANGE:
        break;
    }
    return "Implementations";
}

const char *peer_entry_file(const struct peer_entry *entry)
{
    static const char *const files[] = {
        [PEER_NAPCAT] = "config/onebot11_<QQ number>.json of NapCat",
        [PEER_LLBOT] = "data/config_<QQ number>.json of LLBot",
        [PEER_LAGRANGE] = "appsettings.json of Lagrange",
    };
    return files[entry->kind];
}
