/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static size_t on_bytes(char *bytes, size_t one, size_t size, void *ctx)
{
    struct probe *probe = ctx;
    (void)one; /* it is 1 */
    if (size > PROBE_BODY_BYTES_MAX - probe->body.size)
        return 0;
    buffer_append(&probe->body, bytes, size);
    return size;
}

static void set_options(CURL *easy, struct probe *probe, const char *url,
                        long timeout_ms)
{
    (void)curl_easy_setopt(easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "onebus/" ONEBUS_VERSION);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, probe);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, probe->fault);
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A name server that does not answer must not hold up our end. */
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static void take_end(CURL *easy, CURLcode code, struct probe *probe)
{
    if (code == CURLE_OK) {
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &probe->code);
        return;
    }
    long error = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
    probe->is_late = code == CURLE_OPERATION_TIMEDOUT;
    if (code == CURLE_COULDNT_CONNECT && error != 0)
        snprintf(probe->fault, sizeof(probe->fault), "%s",
                 strerror((int)error));
    else if (probe->fault[0] == '\0')
        snprintf(probe->fault, sizeof(probe->fault), "%s",
                 curl_easy_strerror(code));
}

void probe_get(struct probe *probe, const char *url, long timeout_ms)
{
    _Static_assert(PROBE_FAULT_SIZE >= CURL_ERROR_SIZE, "libcurl's fits");
    CURL *easy = curl_easy_init();
    if (easy == NULL) {
        snprintf(probe->fault, sizeof(probe->fault), "libcurl does not begin");
        return;
    }
    set_options(easy, probe, url, timeout_ms);
    take_end(easy, curl_easy_perform(easy), probe);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_cleanup(easy);
}

void probe_finish(struct probe *probe)
{
    buffer_finish(&probe->body);
}
