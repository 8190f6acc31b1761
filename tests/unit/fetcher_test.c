/* SPDX-License-Identifier: MIT */
#include "edge/fetcher.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "check.h"

enum { WAIT_MS = 20 * 1000, MANY = 8, LARGE = 1000 * 1000 };

/* ---- a web server ------------------------------------------------------- */

struct server {
    int listener;
    unsigned port;
    pthread_t thread;
    atomic_bool is_closing, is_released;
    atomic_int open, most; /* that are held */
    atomic_int served;
};

struct visitor {
    struct server *server;
    int socket;
    struct visitor *next;
    pthread_t thread;
};

static void pause_a_moment(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    nanosleep(&moment, NULL);
}

/* False: the other side is gone. */
static bool send_text(int to, const char *text)
{
    size_t size = strlen(text);
    while (size > 0) {
        ssize_t sent = send(to, text, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        text += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* "GET /path HTTP/1.1…": what is between the blanks. */
static void read_path(int from, char *path, size_t size)
{
    char request[2048] = "";
    size_t got = 0;
    while (got < sizeof(request) - 1 && strstr(request, "\r\n\r\n") == NULL) {
        ssize_t more = recv(from, request + got, sizeof(request) - 1 - got, 0);
        if (more <= 0)
            break;
        got += (size_t)more;
        request[got] = '\0';
    }
    const char *begin = strchr(request, ' ');
    begin = begin == NULL ? "" : begin + 1;
    snprintf(path, size, "%.*s", (int)strcspn(begin, " "), begin);
}

static void send_answer(int to, const char *status, const char *headers,
                        const char *body)
{
    char text[1024];
    snprintf(text, sizeof(text),
             "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n%s", status,
             strlen(body), headers, body);
    (void)send_text(to, text);
}

static void redirect(int to, const char *where)
{
    char header[512];
    snprintf(header, sizeof(header), "Location: %s\r\n", where);
    send_answer(to, "302 Found", header, "elsewhere");
}

/* As much as the other side takes, without saying how much it will be. */
static void send_without_end(struct server *server, int to)
{
    bool goes_on = send_text(to, "HTTP/1.1 200 OK\r\n\r\n");
    while (goes_on && !atomic_load(&server->is_closing))
        goes_on = send_text(to, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void wait_until(const struct server *server, const atomic_bool *flag)
{
    while (!atomic_load(flag) && !atomic_load(&server->is_closing))
        pause_a_moment();
}

/* Who is held is open; once it is answered the next may come before this thread
 * goes on. */
static void hold(struct server *server)
{
    int open = atomic_fetch_add(&server->open, 1) + 1;
    if (open > atomic_load(&server->most))
        atomic_store(&server->most, open);
    wait_until(server, &server->is_released);
    atomic_fetch_add(&server->open, -1);
}

static void answer(struct server *server, int to, const char *path)
{
    char where[256];
    unsigned port = server->port;
    if (strcmp(path, "/ok") == 0)
        send_answer(to, "200 OK", "", "hello");
    else if (strcmp(path, "/a%20b?c=d") == 0)
        send_answer(to, "200 OK", "", "blank");
    else if (strcmp(path, "/empty") == 0)
        send_answer(to, "200 OK", "", "");
    else if (strcmp(path, "/gone") == 0)
        send_answer(to, "404 Not Found", "", "no such file");
    else if (strcmp(path, "/once") == 0)
        redirect(to, "/ok");
    else if (strcmp(path, "/again") == 0)
        redirect(to, "/again");
    else if (strcmp(path, "/disk") == 0)
        redirect(to, "file:///etc/passwd");
    else if (strcmp(path, "/private") == 0) {
        snprintf(where, sizeof(where), "http://127.0.0.2:%u/ok", port);
        redirect(to, where);
    } else if (strcmp(path, "/large") == 0)
        (void)send_text(to,
                        "HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\nx");
    else if (strcmp(path, "/endless") == 0)
        send_without_end(server, to);
    else if (strcmp(path, "/silent") == 0)
        wait_until(server, &server->is_closing);
    else if (strcmp(path, "/hold") == 0) {
        hold(server);
        send_answer(to, "200 OK", "", "held");
    }
}

static void *serve(void *ctx)
{
    struct visitor *visitor = ctx;
    struct server *server = visitor->server;
    char path[256];
    read_path(visitor->socket, path, sizeof(path));
    answer(server, visitor->socket, path);
    atomic_fetch_add(&server->served, 1);
    close(visitor->socket);
    return NULL;
}

static void *listen_for(void *ctx)
{
    struct server *server = ctx;
    struct visitor *visitors = NULL;
    for (;;) {
        int client = accept(server->listener, NULL, NULL);
        if (client < 0)
            break;
        struct visitor *visitor = mem_zalloc(1, sizeof(*visitor));
        *visitor = (struct visitor){
            .server = server,
            .socket = client,
            .next = visitors,
        };
        visitors = visitor;
        pthread_create(&visitor->thread, NULL, serve, visitor);
    }
    while (visitors != NULL) {
        struct visitor *visitor = visitors;
        visitors = visitor->next;
        pthread_join(visitor->thread, NULL);
        free(visitor);
    }
    return NULL;
}

static void server_start(struct server *server)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof(address);
    memset(server, 0, sizeof(*server));
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(server->listener, (struct sockaddr *)&address, size) == 0);
    CHECK(listen(server->listener, 64) == 0);
    getsockname(server->listener, (struct sockaddr *)&address, &size);
    server->port = ntohs(address.sin_port);
    pthread_create(&server->thread, NULL, listen_for, server);
}

static void server_stop(struct server *server)
{
    atomic_store(&server->is_closing, true);
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

/* ---- a fetcher ---------------------------------------------------------- */

struct seen {
    size_t count;
    uint64_t cookie;
    enum fetch_end end;
    struct buffer bytes;
    char fault[FETCHER_FAULT_SIZE];
};

static void on_result(void *ctx, uint64_t cookie, struct fetch_result *result)
{
    struct seen *seen = ctx;
    seen->count++;
    seen->cookie = cookie;
    seen->end = result->end;
    buffer_finish(&seen->bytes);
    seen->bytes = result->bytes;
    result->bytes = (struct buffer){0};
    snprintf(seen->fault, sizeof(seen->fault), "%s", result->fault);
}

static void on_wake(void *ctx)
{
    atomic_fetch_add((atomic_int *)ctx, 1);
}

static bool await(struct fetcher *fetcher, struct seen *seen, size_t count)
{
    for (int i = 0; i < WAIT_MS && seen->count < count; i++) {
        fetcher_take(fetcher, on_result, seen);
        pause_a_moment();
    }
    return seen->count == count;
}

static struct fetcher *fetcher_for(uint64_t timeout_ms, atomic_int *woken)
{
    static const char *const open[] = {"127.0.0.1"};
    const struct fetcher_options options = {
        .timeout_ms = timeout_ms,
        .wake = on_wake,
        .ctx = woken,
    };
    struct fetcher *fetcher = fetcher_create(&options);
    fetcher_open(fetcher, open, 1);
    return fetcher;
}

static void get(struct fetcher *fetcher, const struct server *server,
                const char *host, const char *path, uint64_t cookie)
{
    char url[256];
    snprintf(url, sizeof(url), "http://%s:%u%s", host, server->port, path);
    CHECK_EQ(fetcher_get(fetcher, slice_of(url), LARGE, cookie), STATUS_OK);
}

/* What comes of loading `path` from `host`. */
static void check_get(struct fetcher *fetcher, const struct server *server,
                      const char *host, const char *path, enum fetch_end end,
                      const char *result)
{
    struct seen seen = {0};
    get(fetcher, server, host, path, 7);
    CHECK(await(fetcher, &seen, 1));
    CHECK_EQ(seen.cookie, 7);
    if (seen.end != end)
        CHECK_STR(path, "ended otherwise");
    if (end == FETCH_DONE)
        CHECK_ROW(buffer_slice(&seen.bytes), slice_of(result), path);
    else
        CHECK_ROW(slice_of(seen.fault), slice_of(result), path);
    buffer_finish(&seen.bytes);
}

TEST(an_address_is_loaded_or_there_is_a_reason)
{
    static const struct {
        const char *path;
        enum fetch_end end;
        const char *result;
    } rows[] = {
        {"/ok", FETCH_DONE, "hello"},
        {"/a b?c=d", FETCH_DONE, "blank"},
        {"/once", FETCH_DONE, "hello"},
        {"/gone", FETCH_FAILED, "127.0.0.1 answers HTTP 404"},
        {"/empty", FETCH_FAILED, "127.0.0.1 sends nothing"},
        {"/again", FETCH_FAILED, "it is redirected more than 5 times"},
        {"/disk", FETCH_DENIED,
         "it leads to file://, and only http and https may be loaded"},
        {"/private", FETCH_DENIED,
         "127.0.0.2 is at 127.0.0.2, which is no public address; "
         "bridge.media.fetchPrivate can open it"},
        {"/large", FETCH_TOO_LARGE, "it is larger than mediaMaxMb allows"},
        {"/endless", FETCH_TOO_LARGE, "it is larger than mediaMaxMb allows"},
    };
    struct server server;
    atomic_int woken = 0;
    server_start(&server);
    struct fetcher *fetcher = fetcher_for(0, &woken);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_get(fetcher, &server, "127.0.0.1", rows[i].path, rows[i].end,
                  rows[i].result);
    CHECK(woken > 0);
    fetcher_destroy(fetcher);
    server_stop(&server);
}

static void check_url(const char *url, enum fetch_end end, const char *fault)
{
    struct seen seen = {0};
    atomic_int woken = 0;
    struct fetcher *fetcher = fetcher_for(0, &woken);
    CHECK_EQ(fetcher_get(fetcher, slice_of(url), LARGE, 1), STATUS_OK);
    CHECK(await(fetcher, &seen, 1));
    CHECK_EQ(seen.end, end);
    CHECK_STR(seen.fault, fault);
    CHECK_EQ(seen.bytes.size, 0);
    buffer_finish(&seen.bytes);
    fetcher_destroy(fetcher);
}

TEST(what_is_no_address_or_no_host_is_said)
{
    check_url("http://", FETCH_FAILED, "this is no address");
    check_url("what", FETCH_FAILED, "this is no address");
    check_url("file:///etc/passwd", FETCH_DENIED,
              "it leads to file://, and only http and https may be loaded");
    check_url("gopher://x/", FETCH_DENIED,
              "it leads to gopher://, and only http and https may be loaded");
    check_url("http://no-such-host.invalid/x", FETCH_FAILED,
              "there is no host no-such-host.invalid");
}

TEST(a_private_address_is_denied_in_every_spelling)
{
    static const char *const hosts[] = {
        "127.0.0.2",          "127.2",     "2130706434", "0x7f000002", "[::1]",
        "[::ffff:127.0.0.2]", "localhost", "0",
    };
    struct server server;
    atomic_int woken = 0;
    server_start(&server);
    struct fetcher *fetcher = fetcher_for(0, &woken);
    fetcher_open(fetcher, NULL, 0);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        struct seen seen = {0};
        get(fetcher, &server, hosts[i], "/ok", 1);
        CHECK(await(fetcher, &seen, 1));
        if (seen.end != FETCH_DENIED)
            CHECK_STR(hosts[i], "denied");
        buffer_finish(&seen.bytes);
    }
    CHECK_EQ(server.served, 0);
    fetcher_destroy(fetcher);
    server_stop(&server);
}

TEST(a_host_may_be_opened_by_its_name)
{
    static const char *const open[] = {"localhost"};
    struct server server;
    atomic_int woken = 0;
    server_start(&server);
    struct fetcher *fetcher = fetcher_for(0, &woken);
    fetcher_open(fetcher, open, 1);
    check_get(fetcher, &server, "localhost", "/ok", FETCH_DONE, "hello");
    check_get(fetcher, &server, "127.0.0.1", "/ok", FETCH_DENIED,
              "127.0.0.1 is at 127.0.0.1, which is no public address; "
              "bridge.media.fetchPrivate can open it");
    fetcher_destroy(fetcher);
    server_stop(&server);
}

TEST(who_does_not_answer_is_given_up)
{
    struct server server;
    atomic_int woken = 0;
    server_start(&server);
    struct fetcher *fetcher = fetcher_for(200, &woken);
    check_get(fetcher, &server, "127.0.0.1", "/silent", FETCH_FAILED,
              "127.0.0.1 is too slow, or does not answer");
    fetcher_destroy(fetcher);
    server_stop(&server);
}

TEST(proxies_of_the_environment_are_not_asked)
{
    struct server server;
    atomic_int woken = 0;
    server_start(&server);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    struct fetcher *fetcher = fetcher_for(0, &woken);
    check_get(fetcher, &server, "127.0.0.1", "/ok", FETCH_DONE, "hello");
    fetcher_destroy(fetcher);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    server_stop(&server);
}

TEST(a_few_at_a_time_are_loaded)
{
    struct server server;
    struct seen seen = {0};
    atomic_int woken = 0;
    server_start(&server);
    struct fetcher *fetcher = fetcher_for(0, &woken);
    for (uint64_t i = 0; i < MANY; i++)
        get(fetcher, &server, "127.0.0.1", "/hold", i);
    for (int i = 0; i < WAIT_MS && server.open < FETCHER_AT_ONCE; i++)
        pause_a_moment();
    CHECK_EQ(server.open, FETCHER_AT_ONCE);
    atomic_store(&server.is_released, true);
    CHECK(await(fetcher, &seen, MANY));
    CHECK_EQ(seen.end, FETCH_DONE);
    CHECK_EQ(server.most, FETCHER_AT_ONCE);
    buffer_finish(&seen.bytes);
    fetcher_destroy(fetcher);
    server_stop(&server);
}

TEST(the_queue_has_an_end_and_may_be_left)
{
    struct server server;
    atomic_int woken = 0;
    server_start(&server);
    struct fetcher *fetcher = fetcher_for(0, &woken);
    for (uint64_t i = 0; i < FETCHER_QUEUE_MAX; i++)
        get(fetcher, &server, "127.0.0.1", "/hold", i);
    CHECK_EQ(fetcher_get(fetcher, slice_of("http://x"), 1, 1), STATUS_FULL);
    fetcher_destroy(fetcher);
    fetcher_destroy(NULL);
    server_stop(&server);
}

SUITE(fetcher, an_address_is_loaded_or_there_is_a_reason,
      what_is_no_address_or_no_host_is_said,
      a_private_address_is_denied_in_every_spelling,
      a_host_may_be_opened_by_its_name, who_does_not_answer_is_given_up,
      proxies_of_the_environment_are_not_asked, a_few_at_a_time_are_loaded,
      the_queue_has_an_end_and_may_be_left)
