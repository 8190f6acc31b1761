/* SPDX-License-Identifier: MIT */
#include "dials.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/address.h"
#include "config/config.h"
#include "core/bridge.h"
#include "edge/loop.h"
#include "edge/ws_client.h"
#include "edge/ws_link.h"

enum dialer_state { DIALER_NEW, DIALER_USED, DIALER_LEFT };

/* One account's way to its peer. */
struct dialer {
    struct dialer *next;
    struct dials *dials;
    char *account;
    char *url, *token, *ca; /* as it was made */
    bool insecure;
    int64_t self_id;
    struct ws_client *client;
    enum dialer_state state;
    bool is_wanted; /* by what is being prepared */
};

struct dials {
    struct loop *loop;
    struct bridge **bridge;
    struct dialer *first;
};

/* ---- what a dialer tells ----------------------------------------------- */

/* NULL once the settings have dropped the account, or dial it anew. */
static struct account *account_of(const struct dialer *dialer)
{
    struct account *account =
        bridge_account(*dialer->dials->bridge, dialer->account);
    return account != NULL && account->options.dialer == dialer ? account
                                                                : NULL;
}

static void *on_up(void *ctx, const char *remote, void *wire)
{
    struct dialer *dialer = ctx;
    const struct link_info info = {.role = LINK_UNIVERSAL, .remote = remote};
    return bridge_on_link_up(*dialer->dials->bridge, account_of(dialer), &info,
                             wire, clock_now());
}

static void on_frame(void *ctx, void *link, struct slice text)
{
    struct dials *dials = ((struct dialer *)ctx)->dials;
    bridge_on_frame(*dials->bridge, link, text, loop_now(dials->loop));
}

static void on_pong(void *ctx, void *link)
{
    struct dials *dials = ((struct dialer *)ctx)->dials;
    bridge_on_pong(*dials->bridge, link, loop_now(dials->loop));
}

static void on_down(void *ctx, void *link, uint16_t code, const char *reason)
{
    struct dials *dials = ((struct dialer *)ctx)->dials;
    bridge_on_link_down(*dials->bridge, link, code, reason, clock_now());
}

static void on_failed(void *ctx, const char *reason)
{
    struct dialer *dialer = ctx;
    struct account *account = account_of(dialer);
    if (account != NULL)
        bridge_on_dial_failed(*dialer->dials->bridge, account, reason,
                              clock_now());
}

/* ---- dialers ----------------------------------------------------------- */

static bool same(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other
                                        : strcmp(one, other) == 0;
}

static bool is_for(const struct dialer *dialer,
                   const struct config_account *account)
{
    return dialer->state != DIALER_LEFT &&
           same(dialer->account, account->key) &&
           same(dialer->url, account->connect) &&
           same(dialer->token, account->token) &&
           same(dialer->ca, account->tls.ca) &&
           dialer->insecure == account->tls.insecure &&
           dialer->self_id == account->self_id;
}

static struct ws_client *make_client(struct dials *dials, struct dialer *dialer,
                                     const struct config *config)
{
    struct address_peer peer;
    address_cut_connect(dialer->url, &peer);
    const struct ws_client_options options = {
        .host = peer.host,
        .port = (uint16_t)peer.port,
        .path = peer.path,
        .is_secure = peer.is_secure,
        .ca = dialer->ca,
        .insecure = dialer->insecure,
        .token = dialer->token,
        .user_agent = "onebus/" ONEBUS_VERSION,
        .frame_bytes_max = config->frame_bytes_max,
        .queue_bytes_max = WS_LINK_QUEUE_BYTES_MAX,
    };
    const struct ws_client_events events = {dialer,  on_up,   on_frame,
                                            on_pong, on_down, on_failed};
    return ws_client_create(dials->loop, &options, &events);
}

static void free_dialer(struct dialer *dialer)
{
    ws_client_destroy(dialer->client);
    free(dialer->account);
    free(dialer->url);
    free(dialer->token);
    free(dialer->ca);
    free(dialer);
}

static bool add_dialer(struct dials *dials,
                       const struct config_account *account,
                       const struct config *config)
{
    struct dialer *dialer = mem_zalloc(1, sizeof(*dialer));
    dialer->dials = dials;
    dialer->account = mem_strdup(account->key);
    dialer->url = mem_strdup(account->connect);
    dialer->token = mem_strdup(account->token);
    dialer->ca = mem_strdup(account->tls.ca);
    dialer->insecure = account->tls.insecure;
    dialer->self_id = account->self_id;
    dialer->is_wanted = true;
    dialer->client = make_client(dials, dialer, config);
    if (dialer->client == NULL) {
        free_dialer(dialer);
        return false;
    }
    dialer->next = dials->first;
    dials->first = dialer;
    return true;
}

static struct dialer *find(const struct dials *dials,
                           const struct config_account *account)
{
    struct dialer *dialer = dials->first;
    while (dialer != NULL && !is_for(dialer, account))
        dialer = dialer->next;
    return dialer;
}

bool dials_prepare(struct dials *dials, const struct config *config)
{
    for (size_t i = 0; i < config->account_count; i++) {
        const struct config_account *account = &config->accounts[i];
        if (account->connect == NULL)
            continue;
        struct dialer *dialer = find(dials, account);
        if (dialer != NULL) {
            dialer->is_wanted = true;
        } else if (!add_dialer(dials, account, config)) {
            dials_withdraw(dials);
            return false;
        }
    }
    return true;
}

/* It stays until the loop ends: libwebsockets may still call back. */
static void leave(struct dialer *dialer)
{
    dialer->state = DIALER_LEFT;
    ws_client_close(dialer->client);
}

static void log_dialling(const struct dialer *dialer)
{
    char *url = address_show_connect(dialer->url);
    log_info("ws: dialling account=%s url=%s token=%s", dialer->account, url,
             dialer->token == NULL ? "none" : "set");
    free(url);
}

void dials_settle(struct dials *dials)
{
    for (struct dialer *dialer = dials->first; dialer != NULL;
         dialer = dialer->next) {
        if (dialer->state == DIALER_LEFT)
            continue;
        if (!dialer->is_wanted)
            leave(dialer);
        else if (dialer->state == DIALER_NEW)
            log_dialling(dialer);
        if (dialer->is_wanted)
            dialer->state = DIALER_USED;
        dialer->is_wanted = false;
    }
}

void dials_withdraw(struct dials *dials)
{
    for (struct dialer *dialer = dials->first; dialer != NULL;
         dialer = dialer->next) {
        dialer->is_wanted = false;
        if (dialer->state == DIALER_NEW)
            leave(dialer);
    }
}

/* The one that is prepared is before the one that it replaces. */
void *dials_of(const struct dials *dials, const char *account)
{
    struct dialer *dialer = dials->first;
    while (dialer != NULL &&
           !(dialer->state != DIALER_LEFT && dialer->is_wanted &&
             strcmp(dialer->account, account) == 0))
        dialer = dialer->next;
    return dialer;
}

void dials_dial(void *dialer)
{
    ws_client_dial(((struct dialer *)dialer)->client);
}

/* ---- all of them ------------------------------------------------------- */

struct dials *dials_create(struct loop *loop, struct bridge **bridge)
{
    struct dials *dials = mem_zalloc(1, sizeof(*dials));
    dials->loop = loop;
    dials->bridge = bridge;
    return dials;
}

void dials_destroy(struct dials *dials)
{
    if (dials == NULL)
        return;
    while (dials->first != NULL) {
        struct dialer *dialer = dials->first;
        dials->first = dialer->next;
        free_dialer(dialer);
    }
    free(dials);
}

void dials_pause(struct dials *dials, bool pause)
{
    for (struct dialer *dialer = dials->first; dialer != NULL;
         dialer = dialer->next)
        ws_client_pause(dialer->client, pause);
}

void dials_close(struct dials *dials)
{
    for (struct dialer *dialer = dials->first; dialer != NULL;
         dialer = dialer->next)
        ws_client_close(dialer->client);
}

size_t dials_links(const struct dials *dials)
{
    size_t count = 0;
    for (const struct dialer *dialer = dials->first; dialer != NULL;
         dialer = dialer->next)
        count += ws_client_is_up(dialer->client);
    return count;
}
