/* SPDX-License-Identifier: MIT */
#include "look_peer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/host_port.h"
#include "base/mem.h"
#include "cli/judge_peer.h"
#include "config/address.h"

enum {
    TIMEOUT_MS = 3000,
    /* After it has let us in: a refusal in a frame comes at once. */
    FRAME_WAIT_MS = 500,
    FRAME_BYTES_MAX = 4096,
    URL_SIZE = ADDRESS_HOST_SIZE + ADDRESS_PATH_SIZE + 32,
    HEADER_SIZE = 2048,
    UPGRADED = 101,
};

/* One peer. */
struct knock {
    const struct config_account *account;
    CURL *easy;
    struct curl_slist *headers;
    char fault[CURL_ERROR_SIZE];
    struct buffer frame;
    long status;
    uint64_t upgraded_ms; /* mono; 0: not */
    bool is_over;
    CURLcode code;
};

/* ---- what comes ---------------------------------------------------------- */

/* The end of the headers is where a WebSocket begins. */
static size_t on_header(char *bytes, size_t one, size_t size, void *ctx)
{
    struct knock *knock = ctx;
    (void)one; /* it is 1 */
    if (size > 2 || bytes[0] != '\r')
        return size;
    (void)curl_easy_getinfo(knock->easy, CURLINFO_RESPONSE_CODE,
                            &knock->status);
    if (knock->status != UPGRADED)
        return 0; /* it is no WebSocket: enough is known */
    knock->upgraded_ms = clock_now().mono_ms;
    return size;
}

static size_t on_bytes(char *bytes, size_t one, size_t size, void *ctx)
{
    struct knock *knock = ctx;
    (void)one;
    if (size > FRAME_BYTES_MAX - knock->frame.size)
        return 0;
    buffer_append(&knock->frame, bytes, size);
    return size;
}

/* ---- one peer ------------------------------------------------------------ */

static void add_header(struct knock *knock, const char *header)
{
    struct curl_slist *more = curl_slist_append(knock->headers, header);
    if (more == NULL)
        mem_exhausted(strlen(header));
    knock->headers = more;
}

static void set_headers(struct knock *knock)
{
    char header[HEADER_SIZE];
    add_header(knock, "Connection: Upgrade");
    add_header(knock, "Upgrade: websocket");
    add_header(knock, "Sec-WebSocket-Version: 13");
    /* 16 bytes, whatever they are: nobody looks at what becomes of them. */
    add_header(knock, "Sec-WebSocket-Key: b25lYnVzIGxvb2tzIGluIQ==");
    if (knock->account->token != NULL) {
        snprintf(header, sizeof(header), "Authorization: Bearer %s",
                 knock->account->token);
        add_header(knock, header);
    }
    (void)curl_easy_setopt(knock->easy, CURLOPT_HTTPHEADER, knock->headers);
}

static void set_url(struct knock *knock)
{
    char place[ADDRESS_HOST_SIZE + 16], url[URL_SIZE];
    struct address_peer peer;
    address_cut_connect(knock->account->connect, &peer);
    host_port_print(peer.host, peer.port, place, sizeof(place));
    snprintf(url, sizeof(url), "%s://%s%s", peer.is_secure ? "https" : "http",
             place, peer.path);
    (void)curl_easy_setopt(knock->easy, CURLOPT_URL, url);
}

static void set_options(struct knock *knock)
{
    CURL *easy = knock->easy;
    const struct config_tls *tls = &knock->account->tls;
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, knock);
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "onebus/" ONEBUS_VERSION);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, knock);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, knock);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, knock->fault);
    if (tls->ca != NULL)
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, tls->ca);
    if (tls->insecure) {
        (void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        (void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A name server that does not answer must not hold up our end. */
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static enum peer_outcome outcome_of(const struct knock *knock)
{
    if (knock->status != 0)
        return PEER_ANSWERED;
    switch (knock->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return PEER_NO_NAME;
    case CURLE_COULDNT_CONNECT:
        return PEER_NOBODY;
    case CURLE_OPERATION_TIMEDOUT:
        return PEER_SILENT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return PEER_NO_TLS;
    default:
        return PEER_HUNG_UP;
    }
}

static void judge(const struct look_peer *look, const struct knock *knock,
                  struct findings *findings)
{
    struct address_peer peer;
    long error = 0;
    const char *fault = knock->fault;
    address_cut_connect(knock->account->connect, &peer);
    (void)curl_easy_getinfo(knock->easy, CURLINFO_OS_ERRNO, &error);
    if (knock->code == CURLE_COULDNT_CONNECT && error != 0)
        fault = strerror((int)error);
    else if (fault[0] == '\0')
        fault = curl_easy_strerror(knock->code);
    const struct peer_facts facts = {
        .account = knock->account->key,
        .url = knock->account->connect,
        .outcome = outcome_of(knock),
        .fault = fault,
        .http_status = knock->status,
        .retcode = judge_peer_retcode(buffer_slice(&knock->frame)),
        .has_token = knock->account->token != NULL,
        .is_in_container = look->is_in_container,
        .is_loopback = address_is_loopback(peer.host),
    };
    judge_peer(&facts, findings);
}

/* ---- all ----------------------------------------------------------------- */

/* Those that let us in have said what they say at once. */
static void end_upgraded(CURLM *multi, struct knock *knocks, size_t count)
{
    uint64_t now_ms = clock_now().mono_ms;
    for (size_t i = 0; i < count; i++) {
        struct knock *knock = &knocks[i];
        bool is_enough = knock->upgraded_ms != 0 &&
                         (now_ms - knock->upgraded_ms > FRAME_WAIT_MS ||
                          judge_peer_retcode(buffer_slice(&knock->frame)) != 0);
        if (!is_enough || knock->is_over)
            continue;
        knock->is_over = true;
        (void)curl_multi_remove_handle(multi, knock->easy);
    }
}

static void take_ends(CURLM *multi)
{
    const CURLMsg *message;
    struct knock *knock;
    int left;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &knock);
        knock->code = code;
        knock->is_over = true;
        (void)curl_multi_remove_handle(multi, easy);
    }
}

static bool are_over(const struct knock *knocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!knocks[i].is_over)
            return false;
    return true;
}

static void run(CURLM *multi, struct knock *knocks, size_t count)
{
    enum { LOOK_MS = 50 };
    int running;
    do {
        (void)curl_multi_perform(multi, &running);
        take_ends(multi);
        end_upgraded(multi, knocks, count);
        if (!are_over(knocks, count))
            (void)curl_multi_poll(multi, NULL, 0, LOOK_MS, NULL);
    } while (!are_over(knocks, count));
}

static size_t begin(const struct look_peer *look, CURLM *multi,
                    struct knock *knocks)
{
    size_t count = 0;
    for (size_t i = 0; i < look->config->account_count; i++) {
        const struct config_account *account = &look->config->accounts[i];
        if (account->connect == NULL || look->skips(look->ctx, account->key))
            continue;
        struct knock *knock = &knocks[count++];
        knock->account = account;
        knock->easy = curl_easy_init();
        if (knock->easy == NULL)
            mem_exhausted(1);
        set_options(knock);
        set_url(knock);
        set_headers(knock);
        (void)curl_multi_add_handle(multi, knock->easy);
    }
    return count;
}

void look_at_peers(const struct look_peer *look, struct findings *findings)
{
    struct knock *knocks =
        mem_zalloc(look->config->account_count, sizeof(*knocks));
    CURLM *multi = curl_multi_init();
    if (multi == NULL)
        mem_exhausted(1);
    size_t count = begin(look, multi, knocks);
    run(multi, knocks, count);
    for (size_t i = 0; i < count; i++) {
        judge(look, &knocks[i], findings);
        curl_easy_cleanup(knocks[i].easy);
        curl_slist_free_all(knocks[i].headers);
        buffer_finish(&knocks[i].frame);
    }
    curl_multi_cleanup(multi);
    free(knocks);
}
