/* SPDX-License-Identifier: MIT */
#include "lookup.h"

#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"

/* Two hold it, the asker and the thread; the last one frees it. */
struct lookup {
    pthread_mutex_t mutex;
    unsigned holders;
    bool is_done;
    char *host;
    void (*wake)(void *ctx); /* NULL: nobody is interested any more */
    void *ctx;
    struct lookup_result result;
};

/* The mutex is held, and released. */
static void let_go(struct lookup *lookup)
{
    bool is_last = --lookup->holders == 0;
    pthread_mutex_unlock(&lookup->mutex);
    if (!is_last)
        return;
    pthread_mutex_destroy(&lookup->mutex);
    free(lookup->host);
    free(lookup);
}

static void read_addresses(const struct addrinfo *found,
                           struct lookup_result *result)
{
    for (; found != NULL && result->count < LOOKUP_ADDRESSES_MAX;
         found = found->ai_next)
        if (getnameinfo(found->ai_addr, found->ai_addrlen,
                        result->addresses[result->count], LOOKUP_ADDRESS_SIZE,
                        NULL, 0, NI_NUMERICHOST) == 0)
            result->count++;
}

static void *run(void *ctx)
{
    struct lookup *lookup = ctx;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct lookup_result result = {0};
    struct addrinfo *found = NULL;
    int error = getaddrinfo(lookup->host, NULL, &hints, &found);
    if (error == 0) {
        read_addresses(found, &result);
        freeaddrinfo(found);
    }
    if (result.count == 0)
        result.fault =
            error == 0 ? "the host has no address" : gai_strerror(error);
    pthread_mutex_lock(&lookup->mutex);
    lookup->result = result;
    lookup->is_done = true;
    if (lookup->wake != NULL)
        lookup->wake(lookup->ctx);
    let_go(lookup);
    return NULL;
}

struct lookup *lookup_start(const char *host, void (*wake)(void *ctx),
                            void *ctx)
{
    struct lookup *lookup = mem_zalloc(1, sizeof(*lookup));
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_mutex_init(&lookup->mutex, NULL);
    lookup->holders = 2;
    lookup->host = mem_strdup(host);
    lookup->wake = wake;
    lookup->ctx = ctx;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attributes, run, lookup);
    pthread_attr_destroy(&attributes);
    if (error == 0)
        return lookup;
    pthread_mutex_lock(&lookup->mutex);
    lookup->holders = 1;
    let_go(lookup);
    return NULL;
}

bool lookup_take(struct lookup *lookup, struct lookup_result *result)
{
    pthread_mutex_lock(&lookup->mutex);
    bool is_done = lookup->is_done;
    if (is_done)
        *result = lookup->result;
    pthread_mutex_unlock(&lookup->mutex);
    return is_done;
}

void lookup_drop(struct lookup *lookup)
{
    if (lookup == NULL)
        return;
    pthread_mutex_lock(&lookup->mutex);
    lookup->wake = NULL;
    let_go(lookup);
}
