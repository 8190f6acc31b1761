/* SPDX-License-Identifier: MIT */
/* Redirections are followed here, not by libcurl: so that each address is
 * looked at anew, and its host is known when a connection is made. Connections
 * are not kept: one that is reused would pass no guard. */
#include "fetcher.h"

#include <curl/curl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "edge/guard.h"

enum {
    TIMEOUT_MS = 60 * 1000,
    CONNECT_MS = 10 * 1000,
    /* Who sends less than this a second, for so long, has stopped. */
    SLOW_BYTES = 100,
    SLOW_SECONDS = 20,
    IDLE_MS = 60 * 1000, /* between looks when nothing is going on */
};

struct fetch {
    struct mailbox_item item;
    struct fetcher *fetcher;
    uint64_t cookie;
    char *url;
    char *host; /* of `url` */
    size_t bytes_max;
    uint64_t ends_ms;
    unsigned redirects;
    CURL *easy;
    struct fetch *next; /* of those that wait */
    struct buffer bytes;
    enum fetch_end end;
    char fault[FETCHER_FAULT_SIZE];
};

struct fetcher {
    uint64_t timeout_ms;
    size_t count; /* begun and not taken; the loop's */
    struct mailbox asked, done;
    pthread_t thread;
    CURLM *multi;
    atomic_bool is_closing;
    /* The thread's. */
    struct fetch *first;
    struct fetch **last;
    struct fetch *running[FETCHER_AT_ONCE];
    pthread_mutex_t mutex; /* of `guard` */
    struct guard *guard;
};

static void fetch_destroy(struct fetch *fetch)
{
    if (fetch->easy != NULL)
        curl_easy_cleanup(fetch->easy);
    curl_free(fetch->host);
    free(fetch->url);
    buffer_finish(&fetch->bytes);
    free(fetch);
}

__attribute__((format(printf, 3, 4))) static void
fail(struct fetch *fetch, enum fetch_end end, const char *format, ...)
{
    va_list arguments;
    if (fetch->end != FETCH_DONE)
        return; /* the first reason is the one */
    va_start(arguments, format);
    vsnprintf(fetch->fault, sizeof(fetch->fault), format, arguments);
    va_end(arguments);
    fetch->end = end;
}

/* ---- what libcurl asks, on the thread ---------------------------------- */

static void deny(struct fetch *fetch, const struct curl_sockaddr *address)
{
    char text[64] = "?";
    (void)getnameinfo(&address->addr, address->addrlen, text, sizeof(text),
                      NULL, 0, NI_NUMERICHOST);
    fail(fetch, FETCH_DENIED,
         "%.100s is at %s, which is no public address; "
         "bridge.media.fetchPrivate can open it",
         fetch->host, text);
}

static curl_socket_t on_open(void *ctx, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
    struct fetch *fetch = ctx;
    (void)purpose;
    pthread_mutex_lock(&fetch->fetcher->mutex);
    bool is_allowed =
        guard_allows(fetch->fetcher->guard, fetch->host, &address->addr);
    pthread_mutex_unlock(&fetch->fetcher->mutex);
    if (!is_allowed) {
        deny(fetch, address);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

static size_t on_bytes(char *bytes, size_t one, size_t size, void *ctx)
{
    struct fetch *fetch = ctx;
    (void)one; /* it is 1 */
    if (size > fetch->bytes_max - fetch->bytes.size) {
        fail(fetch, FETCH_TOO_LARGE, "it is larger than mediaMaxMb allows");
        return 0;
    }
    buffer_append(&fetch->bytes, bytes, size);
    return size;
}

/* ---- one request -------------------------------------------------------- */

static void check_url(struct fetch *fetch, CURLU *parsed)
{
    char *scheme = NULL;
    /* From libcurl 8 on a blank is only encoded where it is allowed as well. */
    if (curl_url_set(parsed, CURLUPART_URL, fetch->url,
                     CURLU_URLENCODE | CURLU_ALLOW_SPACE |
                         CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
        fail(fetch, FETCH_FAILED, "this is no address");
    else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        fail(fetch, FETCH_DENIED,
             "it leads to %.50s://, and only http and https may be loaded",
             scheme);
    curl_free(scheme);
}

/* Have the URL, its blanks and the like encoded, loaded; and learn its host. */
static void use_url(struct fetch *fetch, CURLU *parsed)
{
    char *url = NULL;
    curl_free(fetch->host);
    fetch->host = NULL;
    if (curl_url_get(parsed, CURLUPART_HOST, &fetch->host, 0) != CURLUE_OK ||
        curl_url_get(parsed, CURLUPART_URL, &url, 0) != CURLUE_OK ||
        curl_easy_setopt(fetch->easy, CURLOPT_URL, url) != CURLE_OK)
        fail(fetch, FETCH_FAILED, "this is no address");
    curl_free(url);
}

static bool read_url(struct fetch *fetch)
{
    CURLU *parsed = curl_url();
    check_url(fetch, parsed);
    if (fetch->end == FETCH_DONE)
        use_url(fetch, parsed);
    curl_url_cleanup(parsed);
    return fetch->end == FETCH_DONE;
}

static void allow_http_only(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
                           (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* A name server that does not answer must not hold up our end. */
static void leave_at_once(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
#endif
}

static void set_options(struct fetch *fetch, uint64_t left_ms)
{
    CURL *easy = fetch->easy;
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, fetch);
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "onebus/" ONEBUS_VERSION);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fetch);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
    (void)curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                           (curl_off_t)fetch->bytes_max);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)left_ms);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    (void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    (void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
    allow_http_only(easy);
    leave_at_once(easy);
}

/* Begin, or go on at another address. False: it has come to its end. */
static bool begin_request(struct fetch *fetch)
{
    uint64_t now_ms = clock_now().mono_ms;
    if (now_ms >= fetch->ends_ms) {
        fail(fetch, FETCH_FAILED, "there was no time left");
        return false;
    }
    if (fetch->easy == NULL)
        fetch->easy = curl_easy_init();
    if (fetch->easy == NULL || !read_url(fetch)) {
        fail(fetch, FETCH_FAILED, "libcurl does not begin");
        return false;
    }
    buffer_clear(&fetch->bytes, 0);
    set_options(fetch, fetch->ends_ms - now_ms);
    if (curl_multi_add_handle(fetch->fetcher->multi, fetch->easy) == CURLM_OK)
        return true;
    fail(fetch, FETCH_FAILED, "libcurl does not begin");
    return false;
}

static void fail_by_code(struct fetch *fetch, CURLcode code)
{
    switch (code) {
    case CURLE_FILESIZE_EXCEEDED:
        fail(fetch, FETCH_TOO_LARGE, "it is larger than mediaMaxMb allows");
        break;
    case CURLE_OPERATION_TIMEDOUT:
        fail(fetch, FETCH_FAILED, "%.100s is too slow, or does not answer",
             fetch->host);
        break;
    case CURLE_COULDNT_RESOLVE_HOST:
        fail(fetch, FETCH_FAILED, "there is no host %.100s", fetch->host);
        break;
    default:
        fail(fetch, FETCH_FAILED, "%.100s: %s", fetch->host,
             curl_easy_strerror(code));
    }
}

/* Where it goes on. False: that is nowhere. */
static bool follow(struct fetch *fetch, const char *to)
{
    if (fetch->redirects == FETCHER_REDIRECTS_MAX) {
        fail(fetch, FETCH_FAILED, "it is redirected more than %d times",
             FETCHER_REDIRECTS_MAX);
        return false;
    }
    fetch->redirects++;
    free(fetch->url);
    fetch->url = mem_strdup(to);
    return begin_request(fetch);
}

/* True: another request has begun. */
static bool on_answer(struct fetch *fetch)
{
    long code = 0;
    char *to = NULL;
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &code);
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_REDIRECT_URL, &to);
    if (to != NULL)
        return follow(fetch, to);
    if (code < 200 || code > 299)
        fail(fetch, FETCH_FAILED, "%.100s answers HTTP %ld", fetch->host, code);
    else if (fetch->bytes.size == 0)
        fail(fetch, FETCH_FAILED, "%.100s sends nothing", fetch->host);
    return false;
}

/* ---- the thread --------------------------------------------------------- */

static void finish(struct fetch *fetch)
{
    if (fetch->end != FETCH_DONE)
        buffer_finish(&fetch->bytes);
    mailbox_put(&fetch->fetcher->done, &fetch->item);
}

static void take_asked(struct fetcher *fetcher)
{
    struct mailbox_item *item = mailbox_take_all(&fetcher->asked);
    while (item != NULL) {
        struct fetch *fetch = (struct fetch *)item;
        item = item->next;
        fetch->next = NULL;
        *fetcher->last = fetch;
        fetcher->last = &fetch->next;
    }
}

static struct fetch *take_first(struct fetcher *fetcher)
{
    struct fetch *fetch = fetcher->first;
    if (fetch == NULL)
        return NULL;
    fetcher->first = fetch->next;
    if (fetcher->first == NULL)
        fetcher->last = &fetcher->first;
    return fetch;
}

/* Give what waits the places that are free. */
static void begin_waiting(struct fetcher *fetcher)
{
    for (size_t i = 0; i < FETCHER_AT_ONCE; i++)
        while (fetcher->running[i] == NULL) {
            struct fetch *fetch = take_first(fetcher);
            if (fetch == NULL)
                return;
            fetch->ends_ms = clock_now().mono_ms + fetcher->timeout_ms;
            if (begin_request(fetch))
                fetcher->running[i] = fetch;
            else
                finish(fetch);
        }
}

static void end_running(struct fetcher *fetcher, const struct fetch *fetch)
{
    for (size_t i = 0; i < FETCHER_AT_ONCE; i++)
        if (fetcher->running[i] == fetch)
            fetcher->running[i] = NULL;
}

static void on_done(struct fetcher *fetcher, CURL *easy, CURLcode code)
{
    struct fetch *fetch = NULL;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&fetch);
    (void)curl_multi_remove_handle(fetcher->multi, easy);
    if (code != CURLE_OK)
        fail_by_code(fetch, code);
    else if (on_answer(fetch))
        return;
    end_running(fetcher, fetch);
    finish(fetch);
}

static void take_done(struct fetcher *fetcher)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(fetcher->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE)
            on_done(fetcher, message->easy_handle, message->data.result);
}

static void give_up(struct fetcher *fetcher)
{
    struct fetch *fetch;
    take_asked(fetcher);
    for (size_t i = 0; i < FETCHER_AT_ONCE; i++) {
        if (fetcher->running[i] == NULL)
            continue;
        (void)curl_multi_remove_handle(fetcher->multi,
                                       fetcher->running[i]->easy);
        fetch_destroy(fetcher->running[i]);
    }
    while ((fetch = take_first(fetcher)) != NULL)
        fetch_destroy(fetch);
}

static void *run(void *ctx)
{
    struct fetcher *fetcher = ctx;
    int count;
    while (!atomic_load(&fetcher->is_closing)) {
        (void)curl_multi_perform(fetcher->multi, &count);
        take_done(fetcher);
        take_asked(fetcher);
        begin_waiting(fetcher); /* which ends the wait that follows */
        (void)curl_multi_poll(fetcher->multi, NULL, 0, IDLE_MS, NULL);
    }
    give_up(fetcher);
    return NULL;
}

/* ---- the loop's side ---------------------------------------------------- */

static void wake_thread(void *ctx)
{
    (void)curl_multi_wakeup(((struct fetcher *)ctx)->multi);
}

static void free_fetcher(struct fetcher *fetcher)
{
    struct mailbox_item *item = mailbox_take_all(&fetcher->done);
    while (item != NULL) {
        struct fetch *fetch = (struct fetch *)item;
        item = item->next;
        fetch_destroy(fetch);
    }
    mailbox_finish(&fetcher->asked);
    mailbox_finish(&fetcher->done);
    if (fetcher->multi != NULL)
        (void)curl_multi_cleanup(fetcher->multi);
    curl_global_cleanup();
    guard_destroy(fetcher->guard);
    pthread_mutex_destroy(&fetcher->mutex);
    free(fetcher);
}

struct fetcher *fetcher_create(const struct fetcher_options *options)
{
    struct fetcher *fetcher = mem_zalloc(1, sizeof(*fetcher));
    fetcher->timeout_ms =
        options->timeout_ms == 0 ? TIMEOUT_MS : options->timeout_ms;
    fetcher->last = &fetcher->first;
    fetcher->guard = guard_create(NULL, 0);
    pthread_mutex_init(&fetcher->mutex, NULL);
    mailbox_init(&fetcher->asked, wake_thread, fetcher);
    mailbox_init(&fetcher->done, options->wake, options->ctx);
    bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    fetcher->multi = is_ready ? curl_multi_init() : NULL;
    if (fetcher->multi == NULL ||
        pthread_create(&fetcher->thread, NULL, run, fetcher) != 0) {
        log_error("fetcher: libcurl does not begin, or there is no thread");
        free_fetcher(fetcher);
        return NULL;
    }
    (void)pthread_setname_np(fetcher->thread, "onebus-fetch");
    return fetcher;
}

void fetcher_destroy(struct fetcher *fetcher)
{
    if (fetcher == NULL)
        return;
    atomic_store(&fetcher->is_closing, true);
    wake_thread(fetcher);
    pthread_join(fetcher->thread, NULL);
    free_fetcher(fetcher);
}

void fetcher_open(struct fetcher *fetcher, const char *const *open,
                  size_t count)
{
    struct guard *guard = guard_create(open, count);
    pthread_mutex_lock(&fetcher->mutex);
    struct guard *old = fetcher->guard;
    fetcher->guard = guard;
    pthread_mutex_unlock(&fetcher->mutex);
    guard_destroy(old);
}

enum status fetcher_get(struct fetcher *fetcher, struct slice url,
                        size_t bytes_max, uint64_t cookie)
{
    if (fetcher->count == FETCHER_QUEUE_MAX)
        return STATUS_FULL;
    struct fetch *fetch = mem_zalloc(1, sizeof(*fetch));
    fetch->fetcher = fetcher;
    fetch->cookie = cookie;
    fetch->url = mem_dup(url.data, url.size);
    fetch->bytes_max = bytes_max;
    fetcher->count++;
    mailbox_put(&fetcher->asked, &fetch->item);
    return STATUS_OK;
}

size_t fetcher_count(const struct fetcher *fetcher)
{
    return fetcher->count;
}

void fetcher_take(struct fetcher *fetcher,
                  void (*on_result)(void *ctx, uint64_t cookie,
                                    struct fetch_result *result),
                  void *ctx)
{
    struct mailbox_item *item = mailbox_take_all(&fetcher->done);
    while (item != NULL) {
        struct fetch *fetch = (struct fetch *)item;
        struct fetch_result result = {
            .end = fetch->end,
            .bytes = fetch->bytes,
            .fault = fetch->fault,
        };
        item = item->next;
        fetch->bytes = (struct buffer){0};
        fetcher->count--;
        on_result(ctx, fetch->cookie, &result);
        buffer_finish(&result.bytes);
        fetch_destroy(fetch);
    }
}
