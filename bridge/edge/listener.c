/* SPDX-License-Identifier: MIT */
#include "listener.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

enum { IPC_MODE = 0660, URL_SIZE = 256 };

struct listener {
    nng_listener id;
    char url[URL_SIZE]; /* with its real port, once it is open */
    bool is_open;
};

struct listeners {
    nng_socket socket;
    const char *part;
    struct listener *items;
    size_t count;
};

/* Put the real port in the place of port 0, so that the same one is taken when
 * the listening has to begin anew. */
static void learn_port(struct listener *listener)
{
    nng_sockaddr address;
    char *port = strrchr(listener->url, ':');
    if (strncmp(listener->url, "tcp://", 6) != 0 || port == NULL ||
        nng_listener_get_addr(listener->id, NNG_OPT_LOCADDR, &address) != 0)
        return;
    size_t room = (size_t)(listener->url + URL_SIZE - port);
    if (address.s_family == NNG_AF_INET)
        snprintf(port, room, ":%u", ntohs(address.s_in.sa_port));
    else if (address.s_family == NNG_AF_INET6)
        snprintf(port, room, ":%u", ntohs(address.s_in6.sa_port));
}

static int start(nng_socket socket, struct listener *listener)
{
    int error = nng_listener_create(&listener->id, socket, listener->url);
    if (error != 0)
        return error;
    if (strncmp(listener->url, "ipc://", 6) == 0)
        error = nng_listener_set_int(listener->id, NNG_OPT_IPC_PERMISSIONS,
                                     IPC_MODE);
    if (error == 0)
        error = nng_listener_start(listener->id, 0);
    if (error != 0) {
        nng_listener_close(listener->id);
        return error;
    }
    listener->is_open = true;
    learn_port(listener);
    return 0;
}

struct listeners *listeners_open(nng_socket socket, const char *part,
                                 const char *const *urls, size_t count)
{
    struct listeners *listeners = mem_zalloc(1, sizeof(*listeners));
    listeners->socket = socket;
    listeners->part = part;
    listeners->items = mem_zalloc(count, sizeof(struct listener));
    listeners->count = count;
    for (size_t i = 0; i < count; i++) {
        snprintf(listeners->items[i].url, URL_SIZE, "%s", urls[i]);
        int error = start(socket, &listeners->items[i]);
        if (error == 0)
            continue;
        log_error("%s: cannot listen url=%s: %s", part, urls[i],
                  nng_strerror(error));
        listeners_destroy(listeners);
        return NULL;
    }
    return listeners;
}

void listeners_destroy(struct listeners *listeners)
{
    if (listeners == NULL)
        return;
    free(listeners->items);
    free(listeners);
}

const char *listeners_url(const struct listeners *listeners, size_t index)
{
    return listeners->items[index].url;
}

bool listeners_need_mending(void)
{
    return strncmp(nng_version(), "1.5.", 4) == 0;
}

static nng_stat *child_of(nng_stat *parent, const char *name)
{
    nng_stat *child = nng_stat_child(parent);
    while (child != NULL && strcmp(nng_stat_name(child), name) != 0)
        child = nng_stat_next(child);
    return child;
}

/* Whether the listening has ended by itself: NNG counts that under `other`,
 * and nothing else that ends an accept and goes on. */
static bool has_ended(const struct listener *listener, nng_stat *all)
{
    nng_stat *stat = nng_stat_find_listener(all, listener->id);
    nng_stat *other = stat == NULL ? NULL : child_of(stat, "other");
    return other != NULL && nng_stat_value(other) > 0;
}

static void begin_anew(struct listeners *listeners, struct listener *listener)
{
    int error = start(listeners->socket, listener);
    if (error == 0)
        log_warn("%s: listening again url=%s: somebody connected and left "
                 "before the handshake, which ends the listening of NNG %s",
                 listeners->part, listener->url, nng_version());
    else if (error != NNG_EADDRINUSE) /* not yet let go */
        log_error("%s: cannot listen again url=%s: %s", listeners->part,
                  listener->url, nng_strerror(error));
}

void listeners_mend(struct listeners *listeners)
{
    nng_stat *all;
    if (nng_stats_get(&all) != 0)
        return;
    for (size_t i = 0; i < listeners->count; i++) {
        struct listener *listener = &listeners->items[i];
        if (listener->is_open && has_ended(listener, all)) {
            nng_listener_close(listener->id);
            listener->is_open = false;
        }
        if (!listener->is_open)
            begin_anew(listeners, listener);
    }
    nng_stats_free(all);
}
