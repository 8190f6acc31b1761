/* SPDX-License-Identifier: MIT */
#include "look_address.h"

#include <errno.h>
#include <libgen.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/host_port.h"
#include "cli/judge_address.h"
#include "config/address.h"

enum { TEXT_SIZE = 400, PORT_SIZE = 8 };

/* ---- one ----------------------------------------------------------------- */

static struct in6_addr mapped(const struct sockaddr *address)
{
    struct in6_addr v6 = {0};
    if (address->sa_family == AF_INET6) {
        memcpy(&v6,
               &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
               sizeof(v6));
        return v6;
    }
    v6.s6_addr[10] = v6.s6_addr[11] = 0xff;
    memcpy(v6.s6_addr + 12,
           &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    return v6;
}

static int try_address(const struct addrinfo *info)
{
    const int yes = 1;
    int result = 0;
    int file = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0)
        return errno;
    /* As the bridge does: what is left of former connections is in nobody's
     * way. */
    (void)setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (info->ai_family == AF_INET6)
        (void)setsockopt(file, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
    if (bind(file, info->ai_addr, info->ai_addrlen) != 0)
        result = errno;
    close(file);
    return result;
}

static void try_all(const struct addrinfo *list, struct address_facts *facts)
{
    bool has_v4 = false, has_v6 = false;
    for (const struct addrinfo *at = list; at != NULL; at = at->ai_next) {
        has_v4 |= at->ai_family == AF_INET;
        has_v6 |= at->ai_family == AF_INET6;
        if (facts->error != 0)
            continue;
        facts->error = try_address(at);
        if (facts->error == EADDRINUSE) {
            const struct in6_addr address = mapped(at->ai_addr);
            facts->occupant = occupant_of_port(&address, facts->port);
        }
    }
    facts->is_dual = has_v4 && has_v6 && facts->host[0] != '\0';
}

static void look_at(struct address_facts *facts, struct findings *findings)
{
    const struct addrinfo hints = {
        .ai_family = facts->host[0] == '\0' ? AF_INET : AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
    };
    struct addrinfo *list = NULL;
    char port[PORT_SIZE];
    snprintf(port, sizeof(port), "%d", facts->port);
    facts->occupant.uid = -1;
    int error = getaddrinfo(facts->host[0] == '\0' ? NULL : facts->host, port,
                            &hints, &list);
    if (error != 0)
        facts->lookup_fault = gai_strerror(error);
    else
        try_all(list, facts);
    if (list != NULL)
        freeaddrinfo(list);
    judge_address(facts, findings);
}

static bool is_listened_on(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    bool is_there =
        file >= 0 && (connect(file, (const struct sockaddr *)&address,
                              sizeof(address)) == 0 ||
                      errno == EAGAIN); /* its queue is full */
    if (file >= 0)
        close(file);
    return is_there;
}

static void look_at_socket(const struct look_address *look, const char *setting,
                           const char *path, struct findings *findings)
{
    char copy[TEXT_SIZE];
    snprintf(copy, sizeof(copy), "%s", path);
    const char *folder = dirname(copy);
    const struct socket_facts facts = {
        .setting = setting,
        .path = path,
        .folder = folder,
        .is_folder_there = access(folder, F_OK) == 0,
        .is_folder_writable = access(folder, W_OK | X_OK) == 0,
        .is_listened_on = is_listened_on(path),
        .is_running = look->is_running,
    };
    judge_socket(&facts, findings);
}

/* ---- all ----------------------------------------------------------------- */

static void look_at_bus(const struct look_address *look, enum address_use use,
                        const char *setting, const struct field_list *urls,
                        struct findings *findings)
{
    static const char ipc[] = "ipc://";
    for (size_t i = 0; i < urls->count; i++) {
        char host[ADDRESS_HOST_SIZE];
        struct address_facts facts = {
            .use = use,
            .setting = setting,
            .text = urls->items[i],
            .host = host,
            .is_running = look->is_running,
            .is_in_container = look->is_in_container,
        };
        if (strncmp(urls->items[i], ipc, sizeof(ipc) - 1) == 0)
            look_at_socket(look, setting, urls->items[i] + sizeof(ipc) - 1,
                           findings);
        else if (address_cut_url(urls->items[i], host, &facts.port))
            look_at(&facts, findings);
    }
}

static void look_at_http(const struct look_address *look,
                         struct findings *findings)
{
    char url[TEXT_SIZE], host[ADDRESS_HOST_SIZE];
    struct address_facts facts = {
        .use = ADDRESS_HTTP,
        .setting = "bridge.http",
        .text = look->config->http,
        .host = host,
        .is_running = look->is_running,
    };
    if (facts.text == NULL || facts.text[0] == '\0')
        return;
    snprintf(url, sizeof(url), "tcp://%s", facts.text);
    if (address_cut_url(url, host, &facts.port))
        look_at(&facts, findings);
}

static bool is_first_of_port(const struct config *config, size_t index)
{
    const struct config_account *account = &config->accounts[index];
    for (size_t i = 0; i < index; i++) {
        const struct config_account *other = &config->accounts[i];
        if (other->connect == NULL && other->port == account->port &&
            account->port != 0 && strcmp(other->host, account->host) == 0)
            return false;
    }
    return true;
}

static void look_at_account(const struct look_address *look, size_t index,
                            struct findings *findings)
{
    const struct config_account *account = &look->config->accounts[index];
    char text[TEXT_SIZE];
    host_port_print(account->host, account->port, text, sizeof(text));
    struct address_facts facts = {
        .use = ADDRESS_WS,
        .account = account->key,
        .setting = "channels.napcatqq.wsPort",
        .text = text,
        .host = account->host,
        .port = account->port,
        .is_running = look->is_running,
        .is_in_container = look->is_in_container,
    };
    look_at(&facts, findings);
}

void look_at_addresses(const struct look_address *look,
                       struct findings *findings)
{
    const struct config *config = look->config;
    for (size_t i = 0; i < config->account_count; i++)
        if (config->accounts[i].connect == NULL &&
            (look->only == NULL ||
             strcmp(look->only, config->accounts[i].key) == 0) &&
            (look->only != NULL || is_first_of_port(config, i)))
            look_at_account(look, i, findings);
    look_at_bus(look, ADDRESS_EVENTS, "bridge.events", &config->event_urls,
                findings);
    look_at_bus(look, ADDRESS_ACTIONS, "bridge.actions", &config->action_urls,
                findings);
    look_at_http(look, findings);
}
