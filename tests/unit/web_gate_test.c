/* SPDX-License-Identifier: MIT */
#include "core/web_gate.h"

#include "check.h"

static struct slice text(const char *string)
{
    return string == NULL ? (struct slice){0} : slice_of(string);
}

static const struct web_rules LOCAL = {.is_loopback = true,
                                       .console_token = "c0nsole"};
static const struct web_rules NO_TOKEN = {.is_loopback = true,
                                          .console_token = ""};
static const struct web_rules PUBLIC = {.console_token = "c0nsole"};
static const struct web_rules OPEN = {.is_open = true,
                                      .console_token = "c0nsole"};
static const struct web_rules GRANTS = {.has_grants = true,
                                        .console_token = "c0nsole"};

TEST(a_path_leads_somewhere_and_a_method_fits)
{
    static const struct {
        enum http_method method;
        const char *path;
        enum web_route route;
        int status;
    } rows[] = {
        {HTTP_GET, "/healthz", WEB_HEALTH, 200},
        {HTTP_HEAD, "/healthz", WEB_HEALTH, 200},
        {HTTP_POST, "/healthz", WEB_HEALTH, 405},
        {HTTP_OTHER_METHOD, "/healthz", WEB_HEALTH, 405},
        {HTTP_GET, "/readyz", WEB_READY, 200},
        {HTTP_GET, "/version", WEB_VERSION, 200},
        {HTTP_GET, "/metrics", WEB_METRICS, 200},
        {HTTP_GET, "/", WEB_FILE, 200},
        {HTTP_GET, "/healthz/", WEB_FILE, 200},
        {HTTP_GET, "", WEB_FILE, 200},
        {HTTP_GET, "/api/call", WEB_CALL, 405},
        {HTTP_POST, "/console.js", WEB_FILE, 405},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct http_request request = {.method = rows[i].method,
                                             .path = text(rows[i].path),
                                             .host = text("evil.example")};
        struct web_verdict verdict = web_judge(&PUBLIC, &request);
        CHECK_EQ(verdict.route, rows[i].route);
        CHECK_EQ(verdict.status, rows[i].status);
    }
}

TEST(who_may_read_and_from_where)
{
    static const struct {
        const struct web_rules *rules;
        const char *host, *authorization, *origin, *site;
        int status;
        const char *token;
    } rows[] = {
        {&LOCAL, "localhost:7712", NULL, NULL, NULL, 200, ""},
        {&LOCAL, "LOCALHOST", NULL, NULL, NULL, 200, ""},
        {&LOCAL, "127.0.0.1:7712", NULL, NULL, NULL, 200, ""},
        {&LOCAL, "127.8.8.8", NULL, NULL, NULL, 200, ""},
        {&LOCAL, "[::1]:7712", NULL, NULL, NULL, 200, ""},
        {&LOCAL, "[::1]", NULL, NULL, NULL, 200, ""},
        {&LOCAL, "evil.example", NULL, NULL, NULL, 403, ""},
        {&LOCAL, "127.0.0.1.evil.example", NULL, NULL, NULL, 403, ""},
        {&LOCAL, "localhost.evil.example", NULL, NULL, NULL, 403, ""},
        {&LOCAL, "[::2]", NULL, NULL, NULL, 403, ""},
        {&LOCAL, "[", NULL, NULL, NULL, 403, ""},
        {&LOCAL, "", NULL, NULL, NULL, 403, ""},
        {&LOCAL, "localhost", NULL, "http://localhost", "same-origin", 200, ""},
        {&LOCAL, "localhost", NULL, NULL, "none", 200, ""},
        {&LOCAL, "localhost", NULL, NULL, "cross-site", 403, ""},
        {&LOCAL, "localhost", NULL, "http://evil.example", NULL, 403, ""},
        {&LOCAL, "localhost", NULL, "null", NULL, 403, ""},
        {&PUBLIC, "localhost", NULL, NULL, NULL, 403, ""},
        {&OPEN, "bot.example", NULL, NULL, NULL, 200, ""},
        {&GRANTS, "bot.example", NULL, NULL, NULL, 401, ""},
        {&GRANTS, "bot.example", "Bearer t0k3n", NULL, NULL, 200, "t0k3n"},
        {&GRANTS, "bot.example", "bearer  t0k3n", NULL, NULL, 200, "t0k3n"},
        {&GRANTS, "bot.example", "Bearer ", NULL, NULL, 401, ""},
        {&GRANTS, "bot.example", "Basic t0k3n", NULL, NULL, 401, ""},
        {&GRANTS, "bot.example", "t0k3n", NULL, NULL, 401, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct http_request request = {
            .path = text("/api/live"),
            .host = text(rows[i].host),
            .authorization = text(rows[i].authorization),
            .origin = text(rows[i].origin),
            .fetch_site = text(rows[i].site),
        };
        struct web_verdict verdict = web_judge(rows[i].rules, &request);
        CHECK_EQ(verdict.status, rows[i].status);
        CHECK(verdict.status == 200 || verdict.text[0] != '\0');
        CHECK_SLICE(verdict.token, text(rows[i].token));
    }
}

TEST(who_acts_needs_a_token_and_the_page_of_its_own_origin)
{
    static const char json[] = "application/json";
    static const struct {
        const struct web_rules *rules;
        const char *type, *host, *authorization, *origin, *site;
        int status;
        const char *token;
    } rows[] = {
        {&LOCAL, json, "localhost", "Bearer c0nsole", NULL, NULL, 200, ""},
        {&LOCAL, "application/json; charset=utf-8", "localhost",
         "Bearer c0nsole", "http://localhost", "same-origin", 200, ""},
        {&LOCAL, json, "localhost", NULL, NULL, NULL, 401, ""},
        {&LOCAL, json, "localhost", "Bearer c0nsol", NULL, NULL, 401, ""},
        {&LOCAL, json, "localhost", "Bearer c0nsolf", NULL, NULL, 401, ""},
        {&NO_TOKEN, json, "localhost", "Bearer ", NULL, NULL, 401, ""},
        {&NO_TOKEN, json, "localhost", "Bearer x", NULL, NULL, 401, ""},
        {&LOCAL, json, "evil.example", "Bearer c0nsole", NULL, NULL, 403, ""},
        {&LOCAL, "text/plain", "localhost", "Bearer c0nsole", NULL, NULL, 415,
         ""},
        {&LOCAL, NULL, "localhost", "Bearer c0nsole", NULL, NULL, 415, ""},
        {&LOCAL, json, "localhost:1", "Bearer c0nsole", "http://localhost:2",
         NULL, 403, ""},
        {&LOCAL, json, "localhost:1", "Bearer c0nsole", "http://localhost:1",
         NULL, 200, ""},
        {&LOCAL, json, "localhost:1", "Bearer c0nsole", "file://localhost:1",
         NULL, 403, ""},
        {&PUBLIC, json, "bot.example", "Bearer c0nsole", NULL, NULL, 403, ""},
        {&OPEN, json, "bot.example", "Bearer c0nsole", NULL, NULL, 200, ""},
        {&OPEN, json, "bot.example", NULL, NULL, NULL, 401, ""},
        {&GRANTS, json, "bot.example", "Bearer t0k3n", "https://bot.example",
         "same-origin", 200, "t0k3n"},
        {&GRANTS, json, "bot.example", "Bearer t0k3n", "https://evil.example",
         NULL, 403, "t0k3n"},
        {&GRANTS, json, "bot.example", NULL, NULL, NULL, 401, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct http_request request = {
            .method = HTTP_POST,
            .path = text("/api/call"),
            .host = text(rows[i].host),
            .content_type = text(rows[i].type),
            .authorization = text(rows[i].authorization),
            .origin = text(rows[i].origin),
            .fetch_site = text(rows[i].site),
        };
        struct web_verdict verdict = web_judge(rows[i].rules, &request);
        CHECK_EQ(verdict.status, rows[i].status);
        CHECK_SLICE(verdict.token, text(rows[i].token));
    }
}

TEST(an_argument_is_found_among_others)
{
    CHECK(web_query_has(text("require=online"), "require=online"));
    CHECK(web_query_has(text("a=1&require=online&b"), "require=online"));
    CHECK(!web_query_has(text("require=onlin"), "require=online"));
    CHECK(!web_query_has(text("require=onlinex"), "require=online"));
    CHECK(!web_query_has(text("&&"), "require=online"));
    CHECK(!web_query_has(text(""), "require=online"));
}

SUITE(web_gate, a_path_leads_somewhere_and_a_method_fits,
      who_may_read_and_from_where,
      who_acts_needs_a_token_and_the_page_of_its_own_origin,
      an_argument_is_found_among_others)
