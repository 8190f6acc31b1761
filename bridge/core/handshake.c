/* SPDX-License-Identifier: MIT */
#include "handshake.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

#include "core/secret.h"

static const char *const ROLE_NAMES[] = {"Universal", "API", "Event"};

const char *link_role_name(enum link_role role)
{
    return ROLE_NAMES[role];
}

static struct handshake_verdict *refuse(struct handshake_verdict *verdict,
                                        int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static struct handshake_verdict *refuse(struct handshake_verdict *verdict,
                                        int status, const char *format, ...)
{
    va_list arguments;
    verdict->status = status;
    va_start(arguments, format);
    vsnprintf(verdict->body, sizeof(verdict->body), format, arguments);
    va_end(arguments);
    return verdict;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static struct slice trim(struct slice text)
{
    while (text.size > 0 && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* What is behind `scheme` in a header value; the value itself if it does not
 * begin with that word. */
static struct slice strip_scheme(struct slice value, const char *scheme)
{
    size_t size = strlen(scheme);
    if (value.size < size || strncasecmp(value.data, scheme, size) != 0)
        return value;
    if (value.size > size && !is_blank(value.data[size]))
        return value;
    return trim((struct slice){value.data + size, value.size - size});
}

static struct slice token_of(const struct handshake *request)
{
    struct slice value = trim(request->authorization);
    struct slice token = strip_scheme(value, "Bearer");
    if (token.size == value.size)
        token = strip_scheme(value, "Token");
    return token.size > 0 ? token : request->query_token;
}

static bool path_equals(struct slice asked, const char *path)
{
    if (asked.size > 1 && asked.data[asked.size - 1] == '/')
        asked.size--;
    return slice_equals(asked, path);
}

/* Decimal digits, above 0; 0 for anything else. */
static int64_t parse_self_id(struct slice text)
{
    int64_t id = 0;
    text = trim(text);
    if (text.size == 0 || text.size > 18)
        return 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        id = id * 10 + (text.data[i] - '0');
    }
    return id;
}

static bool parse_role(struct slice text, enum link_role *role)
{
    text = trim(text);
    if (text.size == 0) {
        *role = LINK_UNIVERSAL;
        return true;
    }
    for (int i = LINK_UNIVERSAL; i <= LINK_EVENT; i++) {
        if (text.size == strlen(ROLE_NAMES[i]) &&
            strncasecmp(text.data, ROLE_NAMES[i], text.size) == 0) {
            *role = (enum link_role)i;
            return true;
        }
    }
    return false;
}

/* The endpoint with the asked path; where several share it, the one with the
 * peer's number. `count` if there is none. */
static size_t find_endpoint(const struct endpoint *endpoints, size_t count,
                            struct slice path, int64_t self_id)
{
    size_t found = count;
    for (size_t i = 0; i < count; i++) {
        if (!path_equals(path, endpoints[i].path))
            continue;
        if (endpoints[i].self_id == self_id)
            return i;
        if (found == count)
            found = i;
    }
    return found;
}

static void refuse_path(struct handshake_verdict *verdict,
                        const struct endpoint *endpoints, size_t count)
{
    refuse(verdict, 404, "no OneBot endpoint at this path; known:");
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(verdict->body);
        snprintf(verdict->body + used, sizeof(verdict->body) - used, " %s",
                 endpoints[i].path);
    }
    size_t used = strlen(verdict->body);
    if (used == sizeof(verdict->body) - 1)
        used--;
    verdict->body[used] = '\n';
    verdict->body[used + 1] = '\0';
}

static void judge_token(struct handshake_verdict *verdict,
                        const struct endpoint *endpoint,
                        const struct handshake *request)
{
    struct slice token = token_of(request);
    verdict->token_came = token.size == 0 ? "none" : "right";
    if (endpoint->token == NULL || secret_equals(token, endpoint->token))
        return;
    if (token.size == 0) {
        refuse(verdict, 401,
               "token missing: set the token in the OneBot implementation to "
               "the accessToken of account %s\n",
               endpoint->account);
        return;
    }
    verdict->token_came = "wrong";
    refuse(verdict, 403,
           "token wrong: it is not the accessToken of account %s; set that in "
           "the OneBot implementation\n",
           endpoint->account);
}

static void judge_identity(struct handshake_verdict *verdict,
                           const struct endpoint *endpoint,
                           const struct handshake *request)
{
    if (trim(request->self_id).size > 0 && verdict->self_id == 0)
        refuse(verdict, 400, "X-Self-ID must be a QQ number in decimal\n");
    else if (endpoint->self_id != 0 && verdict->self_id != endpoint->self_id)
        refuse(verdict, 403,
               "X-Self-ID must be %lld, the selfId of account %s\n",
               (long long)endpoint->self_id, endpoint->account);
    else if (!parse_role(request->role, &verdict->role))
        refuse(verdict, 400, "X-Client-Role must be Universal, API or Event\n");
    else if (request->subprotocol.size > 0)
        refuse(verdict, 400,
               "OneBot 11 has no WebSocket sub-protocol: leave out "
               "Sec-WebSocket-Protocol\n");
}

struct handshake_verdict handshake_judge(const struct endpoint *endpoints,
                                         size_t count,
                                         const struct handshake *request)
{
    struct handshake_verdict verdict = {
        .status = 101,
        .self_id = parse_self_id(request->self_id),
        .token_came = token_of(request).size == 0 ? "none" : "unchecked",
    };
    verdict.endpoint =
        find_endpoint(endpoints, count, request->path, verdict.self_id);
    if (verdict.endpoint == count) {
        refuse_path(&verdict, endpoints, count);
        return verdict;
    }
    /* The token first: a stranger learns nothing about the account. */
    judge_token(&verdict, &endpoints[verdict.endpoint], request);
    if (verdict.status == 101)
        judge_identity(&verdict, &endpoints[verdict.endpoint], request);
    return verdict;
}
