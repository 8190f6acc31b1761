/* SPDX-License-Identifier: MIT */
#include "core/handshake.h"

#include "check.h"

static struct slice text(const char *string)
{
    return string == NULL ? (struct slice){0} : slice_of(string);
}

static struct handshake_verdict judge_at(const struct endpoint *endpoints,
                                         size_t count, const char *path,
                                         const char *authorization,
                                         const char *query_token,
                                         const char *self_id, const char *role)
{
    const struct handshake request = {
        .path = text(path),
        .query_token = text(query_token),
        .authorization = text(authorization),
        .self_id = text(self_id),
        .role = text(role),
    };
    return handshake_judge(endpoints, count, &request);
}

static const struct endpoint SECRET = {
    .account = "bot", .path = "/onebot/v11/ws", .token = "s3cret"};
static const struct endpoint OPEN = {.account = "bot",
                                     .path = "/onebot/v11/ws"};

TEST(every_form_of_the_token_is_taken_and_nothing_else)
{
    static const struct {
        const char *authorization, *query;
        int status;
        const char *came;
    } rows[] = {
        {"Bearer s3cret", NULL, 101, "right"},
        {"bearer s3cret", NULL, 101, "right"},
        {"BEARER   s3cret ", NULL, 101, "right"},
        {"Bearer\ts3cret", NULL, 101, "right"},
        {"Token s3cret", NULL, 101, "right"},
        {"s3cret", NULL, 101, "right"},
        {NULL, "s3cret", 101, "right"},
        {"Bearer ", "s3cret", 101, "right"},
        {"Bearer", "s3cret", 101, "right"},
        {NULL, NULL, 401, "none"},
        {"", NULL, 401, "none"},
        {"Bearer ", NULL, 401, "none"},
        {"Bearer", NULL, 401, "none"},
        {"Token ", NULL, 401, "none"},
        {"Bearer s3cre", NULL, 403, "wrong"},
        {"Bearer s3cret1", NULL, 403, "wrong"},
        {"Bearer s3crets3cret", NULL, 403, "wrong"},
        {"Bearer S3CRET", NULL, 403, "wrong"},
        {"Basic s3cret", NULL, 403, "wrong"},
        {"Bearers3cret", NULL, 403, "wrong"},
        {"Bearer wrong", "s3cret", 403, "wrong"},
        {NULL, "wrong", 403, "wrong"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct handshake_verdict verdict =
            judge_at(&SECRET, 1, "/onebot/v11/ws", rows[i].authorization,
                     rows[i].query, "10001", "Universal");
        CHECK_EQ(verdict.status, rows[i].status);
        CHECK_STR(verdict.token_came, rows[i].came);
        CHECK(strstr(verdict.body, "s3cret") == NULL);
    }
}

TEST(without_a_token_of_ours_any_token_will_do)
{
    static const char *const values[] = {NULL, "Bearer ", "Bearer x",
                                         "Token y"};
    for (size_t i = 0; i < 4; i++)
        CHECK_EQ(
            judge_at(&OPEN, 1, "/onebot/v11/ws", values[i], NULL, NULL, NULL)
                .status,
            101);
}

TEST(the_path_decides_and_the_body_names_those_known)
{
    static const struct {
        const char *path;
        int status;
    } rows[] = {
        {"/onebot/v11/ws", 101},
        {"/onebot/v11/ws/", 101},
        {"/onebot/v11", 404},
        {"/onebot/v11/ws/x", 404},
        {"/", 404},
        {"", 404},
        {"/Onebot/v11/ws", 404},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct handshake_verdict verdict =
            judge_at(&OPEN, 1, rows[i].path, NULL, NULL, "10001", "Universal");
        CHECK_EQ(verdict.status, rows[i].status);
        if (verdict.status == 404)
            CHECK(strstr(verdict.body, " /onebot/v11/ws\n") != NULL);
    }
}

TEST(a_long_list_of_paths_stays_within_the_body)
{
    static char paths[40][32];
    struct endpoint endpoints[40];
    for (int i = 0; i < 40; i++) {
        snprintf(paths[i], sizeof(paths[i]), "/a/rather/long/path/%d", i);
        endpoints[i] = (struct endpoint){.account = "a", .path = paths[i]};
    }
    struct handshake_verdict verdict =
        judge_at(endpoints, 40, "/none", NULL, NULL, NULL, NULL);
    size_t size = strlen(verdict.body);
    CHECK_EQ(verdict.status, 404);
    CHECK(size < sizeof(verdict.body));
    CHECK(verdict.body[size - 1] == '\n');
}

TEST(roles_are_compared_without_case)
{
    static const struct {
        const char *role;
        int status;
        enum link_role is;
    } rows[] = {
        {"Universal", 101, LINK_UNIVERSAL},
        {"universal", 101, LINK_UNIVERSAL},
        {NULL, 101, LINK_UNIVERSAL},
        {"API", 101, LINK_API},
        {"Api", 101, LINK_API},
        {"EVENT", 101, LINK_EVENT},
        {" Event ", 101, LINK_EVENT},
        {"Observer", 400, LINK_UNIVERSAL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct handshake_verdict verdict = judge_at(
            &OPEN, 1, "/onebot/v11/ws", NULL, NULL, "10001", rows[i].role);
        CHECK_EQ(verdict.status, rows[i].status);
        CHECK_EQ(verdict.role, rows[i].is);
    }
}

TEST(the_self_id_is_a_number_and_the_pinned_one_if_there_is_one)
{
    static const struct endpoint pinned = {
        .account = "bot", .path = "/ws", .self_id = 3889001741};
    static const struct {
        const struct endpoint *endpoint;
        const char *path, *self_id;
        int status;
        int64_t is;
    } rows[] = {
        {&OPEN, "/onebot/v11/ws", "3889001741", 101, 3889001741},
        {&OPEN, "/onebot/v11/ws", NULL, 101, 0},
        {&OPEN, "/onebot/v11/ws", "abc", 400, 0},
        {&OPEN, "/onebot/v11/ws", "-5", 400, 0},
        {&OPEN, "/onebot/v11/ws", "99999999999999999999", 400, 0},
        {&pinned, "/ws", "3889001741", 101, 3889001741},
        {&pinned, "/ws", "10001", 403, 10001},
        {&pinned, "/ws", NULL, 403, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct handshake_verdict verdict =
            judge_at(rows[i].endpoint, 1, rows[i].path, NULL, NULL,
                     rows[i].self_id, NULL);
        CHECK_EQ(verdict.status, rows[i].status);
        CHECK_EQ(verdict.self_id, rows[i].is);
    }
}

TEST(accounts_on_one_path_are_told_apart_by_self_id)
{
    static const struct endpoint endpoints[] = {
        {.account = "one", .path = "/ws", .token = "t1", .self_id = 10001},
        {.account = "two", .path = "/ws", .token = "t2", .self_id = 10002},
        {.account = "three", .path = "/three", .token = "t3"},
    };
    CHECK_EQ(judge_at(endpoints, 3, "/ws", "t1", NULL, "10001", NULL).endpoint,
             0);
    struct handshake_verdict verdict =
        judge_at(endpoints, 3, "/ws", "t2", NULL, "10002", NULL);
    CHECK_EQ(verdict.endpoint, 1);
    CHECK_EQ(verdict.status, 101);
    CHECK_EQ(judge_at(endpoints, 3, "/ws", "t1", NULL, "10002", NULL).status,
             403);
    CHECK_EQ(judge_at(endpoints, 3, "/ws", "t1", NULL, "10003", NULL).status,
             403);
    verdict = judge_at(endpoints, 3, "/three", "t3", NULL, "10003", NULL);
    CHECK_EQ(verdict.endpoint, 2);
    CHECK_EQ(verdict.status, 101);
}

TEST(a_sub_protocol_is_refused_with_the_reason)
{
    const struct handshake request = {
        .path = slice_of("/onebot/v11/ws"),
        .subprotocol = slice_of("chat"),
    };
    struct handshake_verdict verdict = handshake_judge(&OPEN, 1, &request);
    CHECK_EQ(verdict.status, 400);
    CHECK(strstr(verdict.body, "sub-protocol") != NULL);
}

SUITE(handshake, every_form_of_the_token_is_taken_and_nothing_else,
      without_a_token_of_ours_any_token_will_do,
      the_path_decides_and_the_body_names_those_known,
      a_long_list_of_paths_stays_within_the_body,
      roles_are_compared_without_case,
      the_self_id_is_a_number_and_the_pinned_one_if_there_is_one,
      accounts_on_one_path_are_told_apart_by_self_id,
      a_sub_protocol_is_refused_with_the_reason)
