/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "config.h"
#include "scope.h"

static const struct config_account *account_of(const struct scope *scope)
{
    return scope->base;
}

/* A token that was given and refused is not missing: one fault is enough. */
static bool wants_token(const struct scope *scope)
{
    return account_of(scope)->token != NULL ||
           origin_is_given(scope_origin(scope, "accessToken")) ||
           origin_is_given(scope_origin(scope, "accessTokenFile"));
}

/* As with the token: one that was refused does not mean that it listens. */
static bool wants_to_dial(const struct scope *scope)
{
    return origin_is_given(scope_origin(scope, "connect"));
}

/* Of two keys, neither is of use without the other. */
static void check_pair_of_keys(const struct scope *scope, const char *one,
                               const char *other, struct config_faults *faults)
{
    bool has_one = origin_is_given(scope_origin(scope, one));
    bool has_other = origin_is_given(scope_origin(scope, other));
    if (has_one != has_other)
        origin_fault(scope_origin_or_self(scope, has_one ? one : other), faults,
                     "%s is missing beside it; allowed: both or neither",
                     has_one ? other : one);
}

/* Who dials does not listen. What the channel has is for the others. */
static void check_connect(const struct scope *scope,
                          struct config_faults *faults)
{
    static const char *const keys[] = {"wsPort", "wsHost", "wsPath"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct origin *origin = scope_origin(scope, keys[i]);
        if (origin_is_given(origin) && strcmp(origin->place, scope->path) == 0)
            origin_fault(origin, faults,
                         "account %s dials its peer, because connect is set; "
                         "allowed: one of the two",
                         account_of(scope)->key);
    }
}

static void check_tls(const struct scope *scope, struct config_faults *faults)
{
    bool has_cert = origin_is_given(scope_origin(scope, "tls.cert"));
    bool has_ca = origin_is_given(scope_origin(scope, "tls.clientCa"));
    check_pair_of_keys(scope, "tls.cert", "tls.key", faults);
    if (has_ca && !has_cert)
        origin_fault(scope_origin_or_self(scope, "tls.clientCa"), faults,
                     "tls.cert and tls.key are missing beside it; allowed: all "
                     "three or neither");
}

static void check_door(const struct scope *scope, struct config_faults *faults)
{
    const struct config_account *account = account_of(scope);
    check_tls(scope, faults);
    if (wants_to_dial(scope)) {
        check_connect(scope, faults);
        return;
    }
    if (address_is_loopback(account->host) || account->allow_insecure ||
        wants_token(scope))
        return;
    origin_fault(scope_origin_or_self(scope, "wsHost"), faults,
                 "\"%.100s\" can be reached from outside, and account %s asks "
                 "for no token; set accessToken, or listen on 127.0.0.1, or "
                 "set allowInsecure to true if the network keeps strangers out",
                 account->host, account->key);
}

static bool share_a_listener(const struct scope *one, const struct scope *other)
{
    const struct config_account *a = account_of(one);
    const struct config_account *b = account_of(other);
    return !wants_to_dial(one) && !wants_to_dial(other) && a->port == b->port &&
           a->port != 0 && strcasecmp(a->host, b->host) == 0;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool have_same_tls(const struct config_tls *a,
                          const struct config_tls *b)
{
    return same_text(a->cert, b->cert) && same_text(a->key, b->key) &&
           same_text(a->client_ca, b->client_ca);
}

static bool share_a_door(const struct scope *one, const struct scope *other)
{
    return share_a_listener(one, other) &&
           strcmp(account_of(one)->path, account_of(other)->path) == 0;
}

static void check_pair(const struct scope *scope, const struct scope *earlier,
                       struct config_faults *faults)
{
    const struct config_account *a = account_of(earlier);
    const struct config_account *b = account_of(scope);
    if (a->self_id != 0 && a->self_id == b->self_id) {
        origin_fault(scope_origin_or_self(scope, "selfId"), faults,
                     "%" PRId64 " is account %s's already; allowed: one "
                     "account for each QQ number, here for account %s",
                     b->self_id, a->key, b->key);
        return;
    }
    if (share_a_listener(earlier, scope) && !have_same_tls(&a->tls, &b->tls)) {
        origin_fault(&scope->self, faults,
                     "account %s has wsHost and wsPort of account %s, and "
                     "other tls settings; allowed: the same, or another wsPort",
                     b->key, a->key);
        return;
    }
    bool told_apart = origin_is_given(scope_origin(scope, "selfId")) &&
                      origin_is_given(scope_origin(earlier, "selfId"));
    if (!share_a_door(earlier, scope) || told_apart)
        return;
    origin_fault(&scope->self, faults,
                 "account %s has wsHost, wsPort and wsPath of account %s; "
                 "allowed: another wsPath or wsPort, or a selfId for both",
                 b->key, a->key);
}

void rules_check_accounts(const struct scope *accounts, size_t count,
                          struct config_faults *faults)
{
    for (size_t i = 0; i < count; i++) {
        check_door(&accounts[i], faults);
        for (size_t j = 0; j < i; j++)
            check_pair(&accounts[i], &accounts[j], faults);
    }
}

/* Of the list's element with this index, if it is in the file. */
static struct origin origin_of_element(const struct origin *list, size_t index)
{
    struct origin origin = *list;
    if (cJSON_IsArray(list->item))
        origin.item = cJSON_GetArrayItem(list->item, (int)index);
    return origin;
}

/* `remedy`: what else would keep strangers out, to be read before the rest. */
static void check_local(const struct config *config,
                        const struct field_list *urls,
                        const struct origin *list, const char *remedy,
                        struct config_faults *faults)
{
    for (size_t i = 0; i < urls->count; i++) {
        struct origin origin = origin_of_element(list, i);
        if (!config_keeps_strangers_out(config, urls->items[i]))
            origin_fault(&origin, faults,
                         "\"%s\" can be reached from outside, by anyone; %s"
                         "listen on 127.0.0.1 or ipc://, or with "
                         "tls+tcp:// and bridge.tls.ca, by whom clients have "
                         "certificates, or set bridge.allowInsecure to true if "
                         "the network keeps "
                         "strangers out",
                         urls->items[i], remedy);
    }
}

static void check_has_certificate(const struct config *config,
                                  const struct field_list *urls,
                                  const struct origin *list,
                                  struct config_faults *faults)
{
    for (size_t i = 0; i < urls->count; i++) {
        struct origin origin = origin_of_element(list, i);
        if (address_url_has_tls(urls->items[i]) && config->tls.cert == NULL)
            origin_fault(&origin, faults,
                         "\"%s\" needs a certificate; set bridge.tls.cert and "
                         "bridge.tls.key",
                         urls->items[i]);
    }
}

static bool holds(const struct field_list *urls, size_t count, const char *url)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(urls->items[i], url) == 0)
            return true;
    return false;
}

/* Each of `urls` against those before it, and against all of `others`. */
static void check_twice(const struct field_list *urls,
                        const struct field_list *others,
                        const struct origin *list, struct config_faults *faults)
{
    for (size_t i = 0; i < urls->count; i++) {
        const char *url = urls->items[i];
        struct origin origin = origin_of_element(list, i);
        if (address_url_has_free_port(url))
            continue;
        if (holds(urls, i, url) || holds(others, others->count, url))
            origin_fault(&origin, faults,
                         "\"%s\" is used twice; allowed: an address for each "
                         "of bridge.events and bridge.actions",
                         url);
    }
}

void rules_check_bridge(const struct scope *bridge,
                        struct config_faults *faults)
{
    static const struct field_list none;
    const struct config *config = bridge->base;
    const struct origin *events = scope_origin_or_self(bridge, "events");
    const struct origin *actions = scope_origin_or_self(bridge, "actions");
    if (!config->allow_insecure) {
        check_local(config, &config->event_urls, events, "", faults);
        if (config->grant_count == 0)
            check_local(config, &config->action_urls, actions,
                        "give bridge.grants, so that a token is asked for, or ",
                        faults);
    }
    check_pair_of_keys(bridge, "tls.cert", "tls.key", faults);
    check_has_certificate(config, &config->event_urls, events, faults);
    check_has_certificate(config, &config->action_urls, actions, faults);
    check_twice(&config->event_urls, &none, events, faults);
    check_twice(&config->action_urls, &config->event_urls, actions, faults);
}

/* ---- NATS ---- */

#ifdef ONEBUS_NATS
static const bool HAS_NATS = true;
#else
static const bool HAS_NATS = false;
#endif

enum { NATS_BYTES_LEAST = 1 << 20 };

/* One that was given and refused is not missing: one fault is enough. */
static bool has_credentials(const struct scope *bridge,
                            const struct address_nats *server)
{
    return server->has_user ||
           origin_is_given(scope_origin(bridge, "nats.credsFile")) ||
           origin_is_given(scope_origin(bridge, "nats.tls.cert"));
}

/* Why this server will not do; NULL: it will. `all_tls`: the first one has
 * TLS. */
static const char *fault_of_server(const struct scope *bridge, const char *url,
                                   bool all_tls)
{
    const struct config *config = bridge->base;
    struct address_nats server;
    if (!address_cut_nats(url, &server))
        return NULL;
    if (server.has_user && config->nats.creds_file != NULL)
        return "has credentials in it, and bridge.nats.credsFile is set; "
               "allowed: one of the two";
    if (server.has_tls != all_tls)
        return "is not as the first one; allowed: tls:// for all, or for none";
    if (address_is_loopback(server.host) || config->allow_insecure ||
        has_credentials(bridge, &server))
        return NULL;
    return "is not on this machine, and nothing tells it who we are; set "
           "bridge.nats.credsFile, or put user:password@ or token@ before the "
           "host, or set bridge.nats.tls.cert and key, or set "
           "bridge.allowInsecure to true if the network keeps strangers out";
}

static void check_servers(const struct scope *bridge,
                          struct config_faults *faults)
{
    const struct config *config = bridge->base;
    const struct field_list *urls = &config->nats.urls;
    struct address_nats first = {0};
    if (urls->count > 0)
        (void)address_cut_nats(urls->items[0], &first);
    for (size_t i = 0; i < urls->count; i++) {
        struct origin origin =
            origin_of_element(scope_origin(bridge, "nats.url"), i);
        const char *fault =
            fault_of_server(bridge, urls->items[i], first.has_tls);
        char *shown = address_show_nats(urls->items[i]);
        if (fault != NULL)
            origin_fault(&origin, faults, "\"%.100s\" %s", shown, fault);
        free(shown);
    }
}

static void note_idle_keys(const struct scope *bridge,
                           struct config_faults *notes)
{
    static const char *const keys[] = {
        "nats.stream",   "nats.subjectPrefix", "nats.credsFile",
        "nats.tls.ca",   "nats.tls.cert",      "nats.tls.key",
        "nats.replicas", "nats.maxAge",        "nats.maxBytes",
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct origin *origin = scope_origin(bridge, keys[i]);
        if (origin_is_given(origin))
            origin_fault(origin, notes,
                         "no effect: bridge.nats.url is not set");
    }
}

void rules_check_nats(const struct scope *bridge, struct config_faults *faults,
                      struct config_faults *notes)
{
    const struct config *config = bridge->base;
    const struct origin *url = scope_origin(bridge, "nats.url");
    size_t bytes_max = config->nats.bytes_max;
    check_pair_of_keys(bridge, "nats.tls.cert", "nats.tls.key", faults);
    if (bytes_max > 0 && bytes_max < NATS_BYTES_LEAST)
        origin_fault(scope_origin_or_self(bridge, "nats.maxBytes"), faults,
                     "%zu is too small for a stream; allowed: 0 for no bound, "
                     "or 1 MiB and more",
                     bytes_max);
    if (!origin_is_given(url))
        note_idle_keys(bridge, notes);
    else if (!HAS_NATS)
        origin_fault(url, faults,
                     "this onebus was built without NATS; leave the key out, "
                     "or build it where libnats is");
    else
        check_servers(bridge, faults);
}
