/* SPDX-License-Identifier: MIT */
#include "look_bridge.h"

#include <errno.h>
#include <netdb.h>
#include <nng/protocol/reqrep0/req.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/answer.h"
#include "cli/finding.h"
#include "cli/judge_account.h"
#include "cli/judge_bridge.h"
#include "cli/probe.h"
#include "cli/remote.h"
#include "cli/shown.h"
#include "cli/token.h"
#include "config/address.h"
#include "core/mp.h"
#include "core/pack.h"

enum {
    CONNECT_MS = 1000,
    REPLY_MS = 2000,
    PORT_SIZE = 8,
    /* Of each account; the bridge gives no more at once. */
    DECISIONS = 100,
    CALLS = 200,
    ACCOUNTS_MAX = 256, /* so that it ends soon */
};

/* ---- is somebody there? -------------------------------------------------- */

/* NNG's own dialling either waits for ever or says nothing of a refusal. */
static bool connects(int family, const struct sockaddr *address, socklen_t size)
{
    int error = 0;
    socklen_t error_size = sizeof(error);
    int file = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct pollfd ready = {.fd = file, .events = POLLOUT};
    bool is_there = file >= 0 && connect(file, address, size) == 0;
    if (file >= 0 && !is_there && errno == EINPROGRESS &&
        poll(&ready, 1, CONNECT_MS) == 1 &&
        getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &error_size) == 0)
        is_there = error == 0;
    if (file >= 0)
        close(file);
    return is_there;
}

static bool is_listened_on(const char *url)
{
    static const char ipc[] = "ipc://";
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct addrinfo *list = NULL;
    char host[ADDRESS_HOST_SIZE], port_text[PORT_SIZE];
    int port = 0;
    bool is_there = false;
    if (strncmp(url, ipc, sizeof(ipc) - 1) == 0) {
        const char *path = url + sizeof(ipc) - 1;
        if (strlen(path) >= sizeof(local.sun_path))
            return false;
        memcpy(local.sun_path, path, strlen(path));
        return connects(AF_UNIX, (const struct sockaddr *)&local,
                        sizeof(local));
    }
    if (!address_cut_url(url, host, &port))
        return false;
    snprintf(port_text, sizeof(port_text), "%d", port);
    if (getaddrinfo(host, port_text, &hints, &list) != 0)
        return false;
    for (const struct addrinfo *at = list; at != NULL && !is_there;
         at = at->ai_next)
        is_there = connects(at->ai_family, at->ai_addr, at->ai_addrlen);
    freeaddrinfo(list);
    return is_there;
}

static bool open_caller(struct look_bridge *look, const char *url,
                        const char *token_file)
{
    nng_socket *socket = &look->caller.socket;
    if (!token_read(token_file, &look->caller.token) ||
        nng_req0_open(socket) != 0)
        return false;
    nng_socket_set_ms(*socket, NNG_OPT_REQ_RESENDTIME, NNG_DURATION_INFINITE);
    return nng_dial(*socket, url, NULL, NNG_FLAG_NONBLOCK) == 0;
}

/* ---- asking -------------------------------------------------------------- */

/* What goes with the action; NULL and 0: nothing. */
struct ask {
    const char *account;
    const char *key; /* of `number` */
    uint64_t number;
    uint64_t limit;
};

static const struct ask NOTHING;

static void pack_request(const char *action, const struct ask *params,
                         struct buffer *request)
{
    struct msgpack_packer packer = pack_into(request);
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "action", action);
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, 0U + (params->account != NULL) +
                                  (params->key != NULL) + (params->limit != 0));
    if (params->account != NULL)
        pack_word(&packer, "account", params->account);
    if (params->key != NULL)
        pack_number(&packer, params->key, params->number);
    if (params->limit != 0)
        pack_number(&packer, "limit", params->limit);
}

/* The data of its reply, in place of what is in `data`; BRIDGE_ANSWERS with
 * empty data: it would not. */
static enum bridge_presence ask(struct look_bridge *look, const char *action,
                                struct ask params, struct buffer *data)
{
    struct buffer request = {0}, reply = {0};
    struct slice found;
    enum bridge_presence presence = BRIDGE_ANSWERS;
    data->size = 0;
    pack_request(action, &params, &request);
    if (caller_ask(&look->caller, REPLY_MS, buffer_slice(&request), &reply) !=
        0)
        presence = BRIDGE_MUTE;
    else if (slice_equals(answer_text(buffer_slice(&reply), "error"),
                          "unauthorized"))
        presence = BRIDGE_UNAUTHORIZED;
    else if (slice_equals(answer_text(buffer_slice(&reply), "error"), "denied"))
        look->was_denied = true;
    else if (!mp_find(buffer_slice(&reply), "error", &found) &&
             mp_find(buffer_slice(&reply), "data", &found))
        buffer_append(data, found.data, found.size);
    buffer_finish(&request);
    buffer_finish(&reply);
    return presence;
}

/* ---- what is found ------------------------------------------------------- */

static void tell_presence(const struct look_bridge *look,
                          struct findings *findings)
{
    struct finding *finding;
    struct slice version;
    switch (look->presence) {
    case BRIDGE_ABSENT:
        finding = findings_add(findings, FINDING_WARN, "not-running", NULL,
                               "no bridge answers at %s", look->url);
        finding_why(finding, "it does not run, or runs with other settings");
        finding_remedy(finding, "systemctl status onebus; or start it: onebus "
                                "run; or name its settings: onebus doctor "
                                "--config FILE");
        return;
    case BRIDGE_MUTE:
        finding = findings_add(findings, FINDING_FAULT, "bridge-mute", NULL,
                               "somebody listens at %s and gives no reply",
                               look->url);
        finding_why(finding, "the bridge hangs or is stopped, or it is another "
                             "program");
        finding_remedy(finding, "look at its log, then restart it: systemctl "
                                "restart onebus");
        return;
    case BRIDGE_UNAUTHORIZED:
        finding = findings_add(findings, FINDING_WARN, "unauthorized", NULL,
                               "the bridge at %s runs, and tells nothing "
                               "without the token of a grant",
                               look->url);
        finding_remedy(finding, "onebus doctor --token-file FILE, or "
                                "$ONEBUS_TOKEN_FILE, with the token of a grant "
                                "that covers bridge.*");
        return;
    case BRIDGE_ANSWERS:
        version = answer_text(buffer_slice(&look->status), "version");
        findings_add(findings, FINDING_OK, "running", NULL,
                     "the bridge runs and answers, version %.*s",
                     (int)version.size, version.data);
        return;
    }
}

void look_for_bridge(struct look_bridge *look, const char *url,
                     const char *token_file, struct findings *findings)
{
    char dial[REMOTE_URL_SIZE];
    look->url = url;
    if (address_url_has_free_port(url)) {
        struct finding *finding =
            findings_add(findings, FINDING_NOTE, "free-port", NULL,
                         "%s has any free port: a running bridge cannot be "
                         "found by it",
                         url);
        finding_remedy(finding, "name the real one, which the bridge logs when "
                                "it starts: onebus doctor --url URL");
        return;
    }
    if (!remote_url(url, "--url", dial))
        return;
    if (is_listened_on(dial) && open_caller(look, dial, token_file))
        look->presence = ask(look, "bridge.status", NOTHING, &look->status);
    tell_presence(look, findings);
}

/* ---- what it tells ------------------------------------------------------- */

static struct slice entry_of(const struct buffer *data, const char *account)
{
    struct slice accounts, entry;
    if (mp_find(buffer_slice(data), "accounts", &accounts) &&
        mp_find(accounts, account, &entry))
        return entry;
    return (struct slice){0};
}

bool look_bridge_has_up(const struct look_bridge *look, const char *account)
{
    return slice_equals(answer_text(entry_of(&look->status, account), "state"),
                        "up");
}

static void look_at_account(struct look_bridge *look,
                            const struct config_account *account,
                            struct findings *findings)
{
    struct buffer why = {0}, calls = {0};
    struct ask about = {.account = account->key, .limit = DECISIONS};
    (void)ask(look, "bridge.why", about, &why);
    about.limit = CALLS;
    (void)ask(look, "bridge.calls", about, &calls);
    const struct account_facts facts = {
        .name = account->key,
        .dials = account->connect != NULL,
        .status = entry_of(&look->status, account->key),
        .past = entry_of(&look->troubles, account->key),
        .troubles = buffer_slice(&look->troubles),
        .why = buffer_slice(&why),
        .calls = buffer_slice(&calls),
        .now_ms = (int64_t)clock_now().wall_ms,
    };
    judge_account(&facts, findings);
    buffer_finish(&why);
    buffer_finish(&calls);
}

void look_at_accounts(struct look_bridge *look, const struct config *config,
                      const char *only, struct findings *findings)
{
    size_t count = 0;
    if (look->status.size == 0)
        return;
    (void)ask(look, "bridge.troubles", NOTHING, &look->troubles);
    for (size_t i = 0; i < config->account_count && count < ACCOUNTS_MAX; i++) {
        const struct config_account *account = &config->accounts[i];
        if (only != NULL && strcmp(only, account->key) != 0)
            continue;
        count++;
        look_at_account(look, account, findings);
    }
}

/* The bridge's metrics, as a string; empty: they are not to be had. */
static void read_metrics(const struct config *config, struct probe *probe)
{
    char listens[REMOTE_URL_SIZE], base[REMOTE_URL_SIZE];
    char tcp[REMOTE_URL_SIZE], url[REMOTE_URL_SIZE + 16];
    bool is_on = config->http != NULL && config->http[0] != '\0';
    snprintf(tcp, sizeof(tcp), "tcp://%s", is_on ? config->http : "");
    snprintf(listens, sizeof(listens), "http://%s", is_on ? config->http : "");
    if (is_on && !address_url_has_free_port(tcp) &&
        remote_url(listens, "", base)) {
        snprintf(url, sizeof(url), "%s/metrics", base);
        probe_get(probe, url, REPLY_MS);
    }
    buffer_append(&probe->body, "", 1);
}

/* `name` is the begin of a line, up to its value. */
static int64_t metric_of(const struct probe *metrics, const char *name,
                         int64_t unknown)
{
    const char *line = strstr(metrics->body.data, name);
    return line == NULL ? unknown : atoll(line + strlen(name));
}

void look_at_bridge(struct look_bridge *look, const struct config *config,
                    struct findings *findings)
{
    if (look->status.size == 0)
        return;
    struct probe metrics = {0};
    (void)ask(look, "bridge.pairing.list", NOTHING, &look->pairing);
    read_metrics(config, &metrics);
    const struct bridge_facts facts = {
        .status = buffer_slice(&look->status),
        .troubles = buffer_slice(&look->troubles),
        .pairing = buffer_slice(&look->pairing),
        .subscribers = metric_of(&metrics, "\nonebus_bus_subscribers ", -1),
        .behind =
            metric_of(&metrics, "\nonebus_queue_items{queue=\"bus\"} ", 0),
        .behind_max =
            metric_of(&metrics, "\nonebus_queue_items_max{queue=\"bus\"} ", 0),
        .is_http_off = config->http != NULL && config->http[0] == '\0',
        .was_denied = look->was_denied,
        .now_ms = (int64_t)clock_now().wall_ms,
    };
    judge_bridge(&facts, findings);
    probe_finish(&metrics);
}

/* An event of a page of bridge.replay. */
static void on_event(void *ctx, struct slice item)
{
    int64_t *time_ms = ctx;
    struct mp_reader reader = mp_reader_of(item);
    struct mp_token token;
    struct shown_event event;
    if (mp_next(&reader, &token) && token.kind == MP_BIN &&
        shown_event_read(token.bytes, &event))
        *time_ms = answer_number(event.envelope, "time");
}

int64_t look_bridge_newest(struct look_bridge *look)
{
    struct buffer data = {0};
    struct slice journal;
    int64_t newest, time_ms = 0;
    if (look->status.size == 0 ||
        !mp_find(buffer_slice(&look->status), "journal", &journal))
        return 0;
    newest = answer_number(journal, "newest");
    if (newest > 0)
        (void)ask(look, "bridge.replay",
                  (struct ask){.key = "after",
                               .number = (uint64_t)newest - 1,
                               .limit = 1},
                  &data);
    answer_each(buffer_slice(&data), "events", on_event, &time_ms);
    buffer_finish(&data);
    return time_ms;
}

bool look_bridge_is_running(const struct look_bridge *look)
{
    return look->presence == BRIDGE_UNAUTHORIZED ||
           look->presence == BRIDGE_ANSWERS;
}

void look_bridge_finish(struct look_bridge *look)
{
    caller_finish(&look->caller);
    buffer_finish(&look->status);
    buffer_finish(&look->troubles);
    buffer_finish(&look->pairing);
}
