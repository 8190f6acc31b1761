/* SPDX-License-Identifier: MIT */
#include "doors.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/hash.h"
#include "base/host_port.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/visible.h"
#include "config/config.h"
#include "core/bridge.h"
#include "core/handshake.h"
#include "core/knocks.h"
#include "core/strikes.h"
#include "edge/loop.h"
#include "edge/ws_link.h"
#include "edge/ws_server.h"

enum {
    ADDRESS_SIZE = 300,
    NETWORK_SIZE = INET6_ADDRSTRLEN,
    QUOTED_SIZE = 256,
};

/* What peers may ask for at one listener. The strings are owned. */
struct endpoints {
    struct endpoint *items;
    size_t count;
};

/* The accounts behind one host and port. */
struct door {
    struct door *next;
    struct doors *doors;
    struct ws_server *server;
    char *host;
    int port;
    char
        *only; /* the account, where any free port will do: they do not share */
    bool is_secure;
    uint64_t tls_stamp;           /* of the files, as they were read */
    const struct config_tls *tls; /* prepared */
    struct endpoints now, prepared;
    bool is_new;
};

struct doors {
    struct loop *loop;
    struct bridge *bridge;
    struct door *first;
    struct door *retired;
    struct strikes *strikes;
    struct complaints refusals;
};

/* ---- endpoints ------------------------------------------------------- */

static void endpoints_add(struct endpoints *endpoints,
                          const struct config_account *account)
{
    endpoints->items = mem_realloc(
        endpoints->items, (endpoints->count + 1) * sizeof(struct endpoint));
    endpoints->items[endpoints->count++] = (struct endpoint){
        .account = mem_strdup(account->key),
        .path = mem_strdup(account->path),
        .token = mem_strdup(account->token),
        .self_id = account->self_id,
    };
}

static void endpoints_finish(struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->count; i++) {
        free((char *)endpoints->items[i].account);
        free((char *)endpoints->items[i].path);
        free((char *)endpoints->items[i].token);
    }
    free(endpoints->items);
    *endpoints = (struct endpoints){0};
}

/* ---- peers ------------------------------------------------------------ */

static struct handshake_verdict judge(const struct door *door,
                                      const struct ws_request *request)
{
    const struct handshake handshake = {
        .path = request->path,
        .query_token = request->query_token,
        .authorization = request->authorization,
        .self_id = request->self_id,
        .role = request->role,
        .subprotocol = request->subprotocol,
    };
    return handshake_judge(door->now.items, door->now.count, &handshake);
}

static struct account *account_of(const struct door *door,
                                  const struct handshake_verdict *verdict)
{
    return bridge_account(door->doors->bridge,
                          door->now.items[verdict->endpoint].account);
}

/* One QQ at a time; an account that the settings have dropped is no more. */
static void judge_account(struct door *door, struct handshake_verdict *verdict)
{
    struct account *account = account_of(door, verdict);
    int64_t other;
    if (bridge_admits(door->doors->bridge, account, verdict->self_id, &other,
                      clock_now()))
        return;
    verdict->status = 403;
    snprintf(verdict->body, sizeof(verdict->body),
             "QQ %" PRId64 " is connected for account %s; allowed: one QQ an "
             "account, so give %" PRId64 " an account of its own, told apart "
             "by wsPath or selfId\n",
             other, account->name, verdict->self_id);
}

static const char *kind_of(int status)
{
    switch (status) {
    case 401:
        return "token missing";
    case 403:
        return "not allowed";
    case 404:
        return "unknown path";
    case 429:
        return "too many failures";
    default:
        return "bad request";
    }
}

/* One line a minute for each kind of refusal: NapCat comes back every 5 s. */
static void log_refusal(struct doors *doors, const struct ws_request *request,
                        const struct handshake_verdict *verdict)
{
    uint64_t count = complaint_count(&doors->refusals, kind_of(verdict->status),
                                     clock_now().mono_ms);
    char path[QUOTED_SIZE], role[QUOTED_SIZE], self_id[QUOTED_SIZE];
    char why[sizeof(verdict->body)];
    struct slice line = {verdict->body, strcspn(verdict->body, "\n")};
    if (count > 0)
        log_warn("ws: refused status=%d remote=%s path=\"%s\" role=\"%s\" "
                 "self_id=\"%s\" token=%s count=%" PRIu64 " why=\"%s\"",
                 verdict->status, request->remote,
                 visible_quote(path, sizeof(path), request->path),
                 visible_quote(role, sizeof(role), request->role),
                 visible_quote(self_id, sizeof(self_id), request->self_id),
                 verdict->token_came, count,
                 visible_quote(why, sizeof(why), line));
}

static void refuse_for_now(struct handshake_verdict *verdict,
                           uint64_t retry_after_ms)
{
    verdict->status = 429;
    verdict->token_came = "unchecked";
    snprintf(verdict->body, sizeof(verdict->body),
             "too many failed attempts from this address; again in %" PRIu64
             " s, with the right path and token\n",
             (retry_after_ms + 999) / 1000);
}

static enum tally_refusal refusal_of(const struct handshake_verdict *verdict)
{
    switch (verdict->status) {
    case 401:
        return TALLY_TOKEN_MISSING;
    case 403:
        return strcmp(verdict->token_came, "wrong") == 0 ? TALLY_TOKEN_WRONG
                                                         : TALLY_OTHER_QQ;
    case 404:
        return TALLY_UNKNOWN_PATH;
    case 429:
        return TALLY_TOO_MANY_FAILURES;
    default:
        return TALLY_BAD_REQUEST;
    }
}

static void tell_refusal(const struct door *door,
                         const struct ws_request *request,
                         const struct handshake_verdict *verdict)
{
    bool has_account = verdict->endpoint < door->now.count;
    enum tally_refusal kind = refusal_of(verdict);
    const struct knock_info info = {
        .account =
            has_account ? door->now.items[verdict->endpoint].account : "",
        .reason = TALLY_REFUSAL_WORDS[kind],
        .kind = kind,
        .status = verdict->status,
        .remote = request->remote,
        .path = request->path,
        .role = request->role,
        .self_id = request->self_id,
        .user_agent = request->user_agent,
        .token = verdict->token_came,
        .why = verdict->body,
    };
    bridge_on_knock(door->doors->bridge, &info, clock_now());
}

/* Whoever has one IPv6 address has its whole /64 (RFC 6177). */
static void network_of(const char *remote, char network[NETWORK_SIZE])
{
    struct in6_addr address;
    snprintf(network, NETWORK_SIZE, "%s", remote);
    if (inet_pton(AF_INET6, remote, &address) != 1 ||
        IN6_IS_ADDR_V4MAPPED(&address))
        return;
    memset(address.s6_addr + 8, 0, 8);
    (void)inet_ntop(AF_INET6, &address, network, NETWORK_SIZE);
}

static bool on_judge(void *ctx, const struct ws_request *request,
                     struct ws_refusal *refusal)
{
    struct door *door = ctx;
    struct doors *doors = door->doors;
    uint64_t now_ms = clock_now().mono_ms;
    char network[NETWORK_SIZE];
    network_of(request->remote, network);
    uint64_t wait_ms = strikes_wait_ms(doors->strikes, network, now_ms);
    struct handshake_verdict verdict = judge(door, request);
    if (wait_ms > 0)
        refuse_for_now(&verdict, wait_ms);
    else if (verdict.status != 101)
        strikes_add(doors->strikes, network, now_ms);
    else
        judge_account(door, &verdict);
    if (verdict.status == 101)
        return true;
    log_refusal(doors, request, &verdict);
    tell_refusal(door, request, &verdict);
    refusal->status = verdict.status;
    refusal->retry_after_s = (unsigned)((wait_ms + 999) / 1000);
    snprintf(refusal->body, sizeof(refusal->body), "%s", verdict.body);
    return false;
}

static void *on_up(void *ctx, const struct ws_request *request, void *wire)
{
    struct door *door = ctx;
    struct handshake_verdict verdict = judge(door, request);
    struct account *account =
        verdict.status == 101 ? account_of(door, &verdict) : NULL;
    if (account == NULL) /* the settings have changed since it was judged */
        return NULL;
    char *user_agent =
        mem_dup(request->user_agent.data, request->user_agent.size);
    const struct link_info info = {
        .role = verdict.role,
        .self_id = verdict.self_id,
        .remote = request->remote,
        .user_agent = user_agent[0] == '\0' ? NULL : user_agent,
    };
    struct link *link = bridge_on_link_up(door->doors->bridge, account, &info,
                                          wire, clock_now());
    free(user_agent);
    return link;
}

static void on_frame(void *ctx, void *link, struct slice text)
{
    struct doors *doors = ((struct door *)ctx)->doors;
    bridge_on_frame(doors->bridge, link, text, loop_now(doors->loop));
}

static void on_pong(void *ctx, void *link)
{
    struct doors *doors = ((struct door *)ctx)->doors;
    bridge_on_pong(doors->bridge, link, loop_now(doors->loop));
}

static void on_down(void *ctx, void *link, uint16_t code, const char *reason)
{
    struct doors *doors = ((struct door *)ctx)->doors;
    bridge_on_link_down(doors->bridge, link, code, reason, clock_now());
}

/* ---- doors ------------------------------------------------------------ */

static void format_address(const struct door *door, char address[ADDRESS_SIZE])
{
    host_port_print(door->host, ws_server_port(door->server), address,
                    ADDRESS_SIZE);
}

static bool is_for(const struct door *door,
                   const struct config_account *account)
{
    if (door->port != account->port || strcmp(door->host, account->host) != 0)
        return false;
    return door->only == NULL || strcmp(door->only, account->key) == 0;
}

static struct door *find_door(const struct doors *doors,
                              const struct config_account *account)
{
    struct door *door = doors->first;
    while (door != NULL && !is_for(door, account))
        door = door->next;
    return door;
}

static void free_door(struct door *door)
{
    endpoints_finish(&door->now);
    endpoints_finish(&door->prepared);
    free(door->host);
    free(door->only);
    free(door);
}

static struct ws_tls tls_of(const struct config_tls *tls)
{
    return (struct ws_tls){tls->cert, tls->key, tls->client_ca};
}

static uint64_t add_stamp(uint64_t stamp, const char *path)
{
    struct stat file;
    uint64_t words[3] = {stamp};
    if (path == NULL || stat(path, &file) != 0)
        return stamp;
    words[1] = (uint64_t)file.st_mtim.tv_sec * 1000000000 +
               (uint64_t)file.st_mtim.tv_nsec;
    words[2] = (uint64_t)file.st_ino;
    return hash_bytes((struct slice){(const char *)words, sizeof(words)},
                      hash_bytes(slice_of(path), 0));
}

/* Another number if the files are others, or have been written again. */
static uint64_t tls_stamp(const struct config_tls *tls)
{
    uint64_t stamp = add_stamp(0, tls->cert);
    stamp = add_stamp(stamp, tls->key);
    return add_stamp(stamp, tls->client_ca);
}

/* A certificate is renewed every few weeks: who comes from now on gets it. */
static void renew_tls(struct door *door)
{
    uint64_t stamp = tls_stamp(door->tls);
    const struct ws_tls tls = tls_of(door->tls);
    if (stamp == door->tls_stamp)
        return;
    if (!ws_server_set_tls(door->server, &tls)) {
        log_error("ws: the certificate before stays in use port=%u",
                  ws_server_port(door->server));
        return;
    }
    door->tls_stamp = stamp;
    door->is_secure = tls.cert != NULL;
    log_info("ws: reads its certificate again port=%u",
             ws_server_port(door->server));
}

static bool open_door(struct doors *doors, const struct config_account *account,
                      const struct config *config)
{
    struct door *door = mem_zalloc(1, sizeof(*door));
    const struct ws_events events = {
        .ctx = door,
        .judge = on_judge,
        .on_up = on_up,
        .on_frame = on_frame,
        .on_pong = on_pong,
        .on_down = on_down,
    };
    const struct ws_server_options options = {
        .host = account->host,
        .port = (uint16_t)account->port,
        .tls = tls_of(&account->tls),
        .frame_bytes_max = config->frame_bytes_max,
        .queue_bytes_max = WS_LINK_QUEUE_BYTES_MAX,
    };
    door->doors = doors;
    door->host = mem_strdup(account->host);
    door->port = account->port;
    door->only = account->port == 0 ? mem_strdup(account->key) : NULL;
    door->is_new = true;
    door->is_secure = account->tls.cert != NULL;
    door->tls_stamp = tls_stamp(&account->tls);
    door->server = ws_server_create(doors->loop, &options, &events);
    if (door->server == NULL) {
        free_door(door);
        return false;
    }
    struct door **last = &doors->first;
    while (*last != NULL)
        last = &(*last)->next;
    *last = door;
    return true;
}

/* It stays until the loop ends: its links may last a moment longer. */
static void close_door(struct doors *doors, struct door *door)
{
    struct door **place = &doors->first;
    while (*place != door)
        place = &(*place)->next;
    *place = door->next;
    door->next = doors->retired;
    doors->retired = door;
    ws_server_retire(door->server);
}

bool doors_prepare(struct doors *doors, const struct config *config)
{
    for (size_t i = 0; i < config->account_count; i++) {
        const struct config_account *account = &config->accounts[i];
        if (account->connect != NULL)
            continue;
        if (find_door(doors, account) == NULL &&
            !open_door(doors, account, config)) {
            doors_withdraw(doors);
            return false;
        }
        struct door *door = find_door(doors, account);
        door->tls = &account->tls;
        endpoints_add(&door->prepared, account);
    }
    return true;
}

void doors_withdraw(struct doors *doors)
{
    struct door *next;
    for (struct door *door = doors->first; door != NULL; door = next) {
        next = door->next;
        endpoints_finish(&door->prepared);
        if (door->is_new)
            close_door(doors, door);
    }
}

static void log_endpoints(const struct door *door)
{
    char address[ADDRESS_SIZE];
    format_address(door, address);
    for (size_t i = 0; i < door->now.count; i++)
        log_info("ws: listening account=%s url=%s://%s%s token=%s",
                 door->now.items[i].account, door->is_secure ? "wss" : "ws",
                 address, door->now.items[i].path,
                 door->now.items[i].token == NULL ? "none" : "set");
}

static void settle_door(struct door *door)
{
    endpoints_finish(&door->now);
    door->now = door->prepared;
    door->prepared = (struct endpoints){0};
    if (door->is_new)
        log_endpoints(door);
    else
        renew_tls(door);
    door->is_new = false;
}

void doors_settle(struct doors *doors)
{
    struct door *next;
    for (struct door *door = doors->first; door != NULL; door = next) {
        next = door->next;
        if (door->prepared.count == 0)
            close_door(doors, door);
        else
            settle_door(door);
    }
}

/* ---- all of them ------------------------------------------------------ */

struct doors *doors_create(struct loop *loop, struct bridge *bridge)
{
    struct doors *doors = mem_zalloc(1, sizeof(*doors));
    doors->loop = loop;
    doors->bridge = bridge;
    doors->strikes = strikes_create();
    return doors;
}

static void free_doors(struct door *door)
{
    struct door *next;
    for (; door != NULL; door = next) {
        next = door->next;
        ws_server_destroy(door->server);
        free_door(door);
    }
}

void doors_destroy(struct doors *doors)
{
    if (doors == NULL)
        return;
    free_doors(doors->first);
    free_doors(doors->retired);
    strikes_destroy(doors->strikes);
    free(doors);
}

void doors_pause(struct doors *doors, bool pause)
{
    for (struct door *door = doors->first; door != NULL; door = door->next)
        ws_server_pause(door->server, pause);
}

void doors_close(struct doors *doors)
{
    for (struct door *door = doors->first; door != NULL; door = door->next)
        ws_server_close(door->server);
}

size_t doors_links(const struct doors *doors)
{
    size_t count = 0;
    for (struct door *door = doors->first; door != NULL; door = door->next)
        count += ws_server_links(door->server);
    for (struct door *door = doors->retired; door != NULL; door = door->next)
        count += ws_server_links(door->server);
    return count;
}

void doors_describe(const struct doors *doors, struct buffer *out)
{
    char address[ADDRESS_SIZE];
    for (struct door *door = doors->first; door != NULL; door = door->next) {
        format_address(door, address);
        buffer_append_string(out, " ws=");
        buffer_append_string(out, address);
    }
}
