/* SPDX-License-Identifier: MIT */
#include "web_gate.h"

#include <strings.h>

#include "core/secret.h"

/* ---- words -------------------------------------------------------------- */

static bool begins_with(struct slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && strncasecmp(text.data, prefix, size) == 0;
}

static struct slice without(struct slice text, size_t size)
{
    return (struct slice){text.data + size, text.size - size};
}

static bool equals(struct slice one, struct slice other)
{
    return one.size == other.size &&
           (one.size == 0 || strncasecmp(one.data, other.data, one.size) == 0);
}

bool web_query_has(struct slice query, const char *argument)
{
    while (query.size > 0) {
        const char *end = memchr(query.data, '&', query.size);
        size_t size = end == NULL ? query.size : (size_t)(end - query.data);
        if (slice_equals((struct slice){query.data, size}, argument))
            return true;
        query = without(query, end == NULL ? size : size + 1);
    }
    return false;
}

/* ---- names of this machine --------------------------------------------- */

/* `Host` without its port: an IPv6 address is in brackets. */
static struct slice host_name(struct slice host)
{
    bool is_bracketed = host.size > 0 && host.data[0] == '[';
    const char *end =
        host.size == 0 ? NULL
                       : memchr(host.data, is_bracketed ? ']' : ':', host.size);
    if (end == NULL)
        return host;
    return (struct slice){host.data, (size_t)(end - host.data) + is_bracketed};
}

static bool is_ipv4_loopback(struct slice name)
{
    if (!begins_with(name, "127."))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (strchr("0123456789.", name.data[i]) == NULL || name.data[i] == '\0')
            return false;
    return true;
}

static bool is_of_this_machine(struct slice host)
{
    struct slice name = host_name(host);
    return equals(name, slice_of("localhost")) ||
           equals(name, slice_of("[::1]")) || is_ipv4_loopback(name);
}

/* ---- tokens ------------------------------------------------------------- */

static struct slice bearer(const struct http_request *request)
{
    static const char scheme[] = "Bearer ";
    struct slice token = {0};
    if (begins_with(request->authorization, scheme))
        token = without(request->authorization, sizeof(scheme) - 1);
    while (token.size > 0 && token.data[0] == ' ')
        token = without(token, 1);
    return token;
}

static bool is_console_token(struct slice offered, const char *wanted)
{
    return wanted[0] != '\0' && secret_equals(offered, wanted);
}

/* ---- judging ------------------------------------------------------------ */

static void refuse(struct web_verdict *verdict, int status, const char *text)
{
    if (verdict->status != 200)
        return; /* the first reason counts */
    verdict->status = status;
    verdict->text = text;
}

/* What a browser sends for a page of another site. */
static void judge_origin(struct web_verdict *verdict,
                         const struct http_request *request)
{
    struct slice origin = request->origin;
    struct slice site = request->fetch_site;
    bool is_own = origin.size == 0;
    if (begins_with(origin, "http://"))
        is_own = equals(without(origin, strlen("http://")), request->host);
    else if (begins_with(origin, "https://"))
        is_own = equals(without(origin, strlen("https://")), request->host);
    if (!is_own || (site.size > 0 && !slice_equals(site, "same-origin") &&
                    !slice_equals(site, "none")))
        refuse(verdict, 403,
               "this is answered to the console's own page "
               "alone: not to that of another site\n");
}

static void judge_place(struct web_verdict *verdict,
                        const struct web_rules *rules,
                        const struct http_request *request)
{
    if (rules->is_open)
        return;
    if (!rules->is_loopback)
        refuse(verdict, 403,
               "others than this machine can reach this address: set "
               "bridge.grants and use the token of a grant\n");
    else if (!is_of_this_machine(request->host))
        refuse(verdict, 403,
               "ask for it as localhost or 127.0.0.1; for another name set "
               "bridge.grants and use the token of a grant\n");
}

static void want_token(struct web_verdict *verdict, const char *text)
{
    if (verdict->token.size == 0)
        refuse(verdict, 401, text);
}

static void judge_reading(struct web_verdict *verdict,
                          const struct web_rules *rules,
                          const struct http_request *request)
{
    judge_origin(verdict, request);
    if (rules->has_grants)
        want_token(verdict, "this needs the token of a grant "
                            "(bridge.grants)\n");
    else
        judge_place(verdict, rules, request);
}

static void judge_console_token(struct web_verdict *verdict,
                                const struct web_rules *rules,
                                const struct http_request *request)
{
    judge_place(verdict, rules, request);
    want_token(verdict, "this needs the console's token: `onebus console` "
                        "prints the address with it\n");
    if (!is_console_token(verdict->token, rules->console_token))
        refuse(verdict, 401,
               "that is not the console's token: `onebus "
               "console` prints the address with it\n");
    /* It is none of the bridge's. */
    verdict->token = (struct slice){0};
}

static void judge_acting(struct web_verdict *verdict,
                         const struct web_rules *rules,
                         const struct http_request *request)
{
    judge_origin(verdict, request);
    if (!begins_with(request->content_type, "application/json"))
        refuse(verdict, 415, "the body is to be application/json\n");
    if (rules->has_grants)
        want_token(verdict, "this needs the token of a grant "
                            "(bridge.grants)\n");
    else
        judge_console_token(verdict, rules, request);
}

static enum web_route route_of(struct slice path)
{
    static const struct {
        const char *path;
        enum web_route route;
    } routes[] = {
        {"/healthz", WEB_HEALTH},  {"/readyz", WEB_READY},
        {"/version", WEB_VERSION}, {"/metrics", WEB_METRICS},
        {"/api/live", WEB_LIVE},   {"/api/call", WEB_CALL},
    };
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (slice_equals(path, routes[i].path))
            return routes[i].route;
    return WEB_FILE;
}

static void judge_method(struct web_verdict *verdict, enum http_method method)
{
    bool acts = verdict->route == WEB_CALL;
    bool reads = method == HTTP_GET || method == HTTP_HEAD;
    verdict->method = acts ? "POST" : "GET, HEAD";
    if (acts ? method != HTTP_POST : !reads)
        refuse(verdict, 405,
               acts ? "only POST is answered here\n"
                    : "only GET and HEAD are answered here\n");
}

struct web_verdict web_judge(const struct web_rules *rules,
                             const struct http_request *request)
{
    struct web_verdict verdict = {
        .route = route_of(request->path),
        .status = 200,
        .text = "",
        .token = bearer(request),
    };
    judge_method(&verdict, request->method);
    if (verdict.route == WEB_LIVE)
        judge_reading(&verdict, rules, request);
    else if (verdict.route == WEB_CALL)
        judge_acting(&verdict, rules, request);
    return verdict;
}
