/* SPDX-License-Identifier: MIT */
#include "look_nats.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/judge_nats.h"
#include "config/address.h"

enum {
    TIMEOUT_MS = 2000,
    LINE_BYTES_MAX = 64 * 1024, /* it names the servers of its cluster */
    PORT_SIZE = 8,
};

/* One server. */
struct knock {
    const char *url;
    struct address_nats address;
    struct addrinfo *list, *next; /* its addresses, and that to be tried next */
    int file;                     /* -1: none */
    bool is_connected, is_over;
    int error; /* of the last attempt */
    enum nats_outcome outcome;
    struct buffer line, info;
};

static void end(struct knock *knock, enum nats_outcome outcome)
{
    if (knock->file >= 0)
        close(knock->file);
    knock->file = -1;
    knock->outcome = outcome;
    knock->is_over = true;
}

/* Begin to connect to the next address that lets it. */
static void try_next(struct knock *knock)
{
    if (knock->file >= 0)
        close(knock->file);
    knock->file = -1;
    while (knock->next != NULL && knock->file < 0) {
        const struct addrinfo *at = knock->next;
        knock->next = at->ai_next;
        knock->file = socket(at->ai_family,
                             SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (knock->file >= 0 &&
            connect(knock->file, at->ai_addr, at->ai_addrlen) != 0 &&
            errno != EINPROGRESS) {
            knock->error = errno;
            close(knock->file);
            knock->file = -1;
        }
    }
    if (knock->file < 0)
        end(knock, NATS_NOBODY);
}

static void begin(struct knock *knock, const char *url)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    char port[PORT_SIZE];
    knock->url = url;
    knock->file = -1;
    (void)address_cut_nats(url, &knock->address);
    snprintf(port, sizeof(port), "%d", knock->address.port);
    if (getaddrinfo(knock->address.host, port, &hints, &knock->list) != 0) {
        knock->list = NULL;
        end(knock, NATS_NO_NAME);
        return;
    }
    knock->next = knock->list;
    try_next(knock);
}

static void on_connected(struct knock *knock)
{
    socklen_t size = sizeof(knock->error);
    if (getsockopt(knock->file, SOL_SOCKET, SO_ERROR, &knock->error, &size) !=
        0)
        knock->error = errno;
    knock->is_connected = knock->error == 0;
    if (!knock->is_connected)
        try_next(knock);
}

/* The line is whole, or will never be. */
static void judge_line(struct knock *knock)
{
    const char *feed = memchr(knock->line.data, '\n', knock->line.size);
    struct slice line = {knock->line.data,
                         feed == NULL ? 0 : (size_t)(feed - knock->line.data)};
    end(knock,
        judge_nats_info(line, &knock->info) ? NATS_ANSWERED : NATS_OTHER);
}

static void on_bytes(struct knock *knock)
{
    char bytes[4096];
    ssize_t size = recv(knock->file, bytes, sizeof(bytes), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        knock->error = size < 0 ? errno : 0;
        end(knock, NATS_OTHER);
        return;
    }
    buffer_append(&knock->line, bytes, (size_t)size);
    if (memchr(bytes, '\n', (size_t)size) != NULL ||
        knock->line.size > LINE_BYTES_MAX)
        judge_line(knock);
}

static bool are_over(const struct knock *knocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!knocks[i].is_over)
            return false;
    return true;
}

static void hear(struct knock *knocks, struct pollfd *files, size_t count)
{
    uint64_t end_ms = clock_now().mono_ms + TIMEOUT_MS;
    uint64_t now_ms = clock_now().mono_ms;
    for (; !are_over(knocks, count) && now_ms < end_ms;
         now_ms = clock_now().mono_ms) {
        for (size_t i = 0; i < count; i++)
            files[i] = (struct pollfd){
                .fd = knocks[i].file, /* negative: none */
                .events = knocks[i].is_connected ? POLLIN : POLLOUT};
        if (poll(files, (nfds_t)count, (int)(end_ms - now_ms)) <= 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            if (files[i].revents == 0)
                continue;
            if (knocks[i].is_connected)
                on_bytes(&knocks[i]);
            else
                on_connected(&knocks[i]);
        }
    }
    for (size_t i = 0; i < count; i++)
        if (!knocks[i].is_over)
            end(&knocks[i], NATS_SILENT);
}

static size_t count_answers(const struct knock *knocks, size_t count)
{
    size_t answers = 0;
    for (size_t i = 0; i < count; i++)
        answers += knocks[i].outcome == NATS_ANSWERED;
    return answers;
}

/* `answers`: how many servers did. */
static void judge(const struct config_nats *nats, const struct knock *knock,
                  size_t answers, struct findings *findings)
{
    size_t own = knock->outcome == NATS_ANSWERED;
    char *shown = address_show_nats(knock->url);
    const struct nats_server_facts facts = {
        .url = shown,
        .outcome = knock->outcome,
        .fault = knock->error == 0 ? "" : strerror(knock->error),
        .info = buffer_slice(&knock->info),
        .wants_tls = config_nats_has_tls(nats),
        .has_credentials = knock->address.has_user ||
                           nats->creds_file != NULL || nats->tls.cert != NULL,
        .is_loopback = address_is_loopback(knock->address.host),
        .is_alone = answers == own,
    };
    judge_nats_server(&facts, findings);
    free(shown);
}

void look_at_nats(const struct config *config, struct findings *findings)
{
    const struct field_list *urls = &config->nats.urls;
    if (urls->count == 0)
        return;
    struct knock *knocks = mem_zalloc(urls->count, sizeof(*knocks));
    struct pollfd *files = mem_zalloc(urls->count, sizeof(*files));
    for (size_t i = 0; i < urls->count; i++)
        begin(&knocks[i], urls->items[i]);
    hear(knocks, files, urls->count);
    size_t answers = count_answers(knocks, urls->count);
    for (size_t i = 0; i < urls->count; i++) {
        judge(&config->nats, &knocks[i], answers, findings);
        if (knocks[i].list != NULL)
            freeaddrinfo(knocks[i].list);
        buffer_finish(&knocks[i].line);
        buffer_finish(&knocks[i].info);
    }
    free(files);
    free(knocks);
}
