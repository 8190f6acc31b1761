/* SPDX-License-Identifier: MIT */
#include "core/utterance.h"

#include "check.h"
#include "core/json_read.h"

enum { SEED = 7, GROUP = 20001, USER = 30001 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void pack_json(const char *json, struct buffer *pack)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    buffer_clear(pack, SIZE_MAX);
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, pack, &error),
             STATUS_OK);
}

static struct utterance message_of(bool is_group, const char *json)
{
    struct utterance utterance;
    struct buffer pack = {0};
    pack_json(json, &pack);
    (void)utterance_of_message(is_group, is_group ? GROUP : USER,
                               buffer_slice(&pack), SEED, &utterance);
    buffer_finish(&pack);
    return utterance;
}

static struct utterance call_of(const char *action, const char *params)
{
    struct utterance utterance;
    struct buffer pack = {0};
    pack_json(params, &pack);
    (void)utterance_of_call(slice_of(action), buffer_slice(&pack), SEED,
                            &utterance);
    buffer_finish(&pack);
    return utterance;
}

#define TEXT(text)  "{\"type\":\"text\",\"data\":{\"text\":\"" text "\"}}"
#define OTHER(type) "{\"type\":\"" type "\",\"data\":{\"file\":\"x\"}}"

TEST(forms_of_one_message_are_the_same)
{
    static const char *const rows[][2] = {
        {"[" TEXT("hi") "]", "\"hi\""},
        {"[" TEXT("hi") "]", "[" TEXT("h") "," TEXT("i") "]"},
        {"[" TEXT("hi") "]", TEXT("hi")},
        {"[" TEXT(" hi \\n") "]", "\"hi\""},
        {"[" TEXT("a\\r\\nb\\rc") "]", "[" TEXT("a\\nb\\nc") "]"},
        {"\"&#91;a&#93; [CQ:image,file=x]b\"",
         "[" TEXT("[a] ") "," OTHER("image") "," TEXT("b") "]"},
        {"[" OTHER("mface") "," OTHER("face") "]",
         "[" OTHER("image") "," OTHER("dice") "]"},
        {"[" OTHER("share") "]", "[" OTHER("json") "]"},
        {"[" OTHER("node") "," OTHER("node") "]", "[" OTHER("forward") "]"},
        {"[" OTHER("reply") "," TEXT("hi") "," OTHER("poke") "]", "\"hi\""},
        {"[{\"data\":{\"text\":\"hi\"},\"type\":\"text\"},5,{},[]]", "\"hi\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct utterance one = message_of(true, rows[i][0]);
        struct utterance other = message_of(true, rows[i][1]);
        CHECK_EQ(one.chat_id, GROUP);
        CHECK(utterance_is_same(&one, &other));
    }
}

TEST(what_differs_is_told_apart)
{
    static const char *const rows[][2] = {
        {"\"hi\"", "\"ho\""},
        {"\"hi\"", "\"h i\""},
        {"\"hi\"", "[" TEXT("hi") "," OTHER("image") "]"},
        {"[" OTHER("image") "]", "[" OTHER("video") "]"},
        {"[" OTHER("image") "]", "[" OTHER("image") "," OTHER("image") "]"},
        {"[" OTHER("image") "," OTHER("face") "]",
         "[" OTHER("face") "," OTHER("image") "]"},
        {"[" OTHER("node") "," OTHER("image") "," OTHER("node") "]",
         "[" OTHER("node") "," OTHER("image") "]"},
        {"[" OTHER("ab") "," OTHER("c") "]",
         "[" OTHER("a") "," OTHER("bc") "]"},
        {"[" TEXT("image ") "]", "[" OTHER("image") "]"},
        {"[" TEXT("hi") "," OTHER("at") "]", "\"hi\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct utterance one = message_of(true, rows[i][0]);
        struct utterance other = message_of(true, rows[i][1]);
        CHECK(!utterance_is_same(&one, &other));
    }
}

TEST(a_mention_is_lost_in_private)
{
    struct utterance one =
        message_of(false, "[" OTHER("at") "," TEXT(" hi") "]");
    struct utterance other = message_of(false, "\"hi\"");
    CHECK_EQ(one.chat_id, USER);
    CHECK(utterance_is_same(&one, &other));
}

TEST(chats_are_told_apart)
{
    struct utterance group = message_of(true, "\"hi\"");
    struct utterance user = message_of(false, "\"hi\"");
    struct utterance same = user;
    user.chat_id = GROUP;
    CHECK(!utterance_is_same(&group, &user));
    same.chat_id = USER + 1;
    CHECK(!utterance_is_same(&user, &same));
}

TEST(nothing_is_not_known_again)
{
    static const char *const rows[] = {
        "[]",
        "\"\"",
        "\" \\n\"",
        "null",
        "7",
        "[" OTHER("reply") "]",
        "{\"type\":\"text\"}",
        "[{\"type\":5},\"text\"]",
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_EQ(message_of(true, rows[i]).chat_id, 0);
}

TEST(what_is_said_nowhere_is_not_known_again)
{
    struct utterance utterance;
    struct buffer pack = {0};
    pack_json("\"hi\"", &pack);
    CHECK(utterance_of_message(true, GROUP, buffer_slice(&pack), SEED,
                               &utterance));
    CHECK(
        !utterance_of_message(true, 0, buffer_slice(&pack), SEED, &utterance));
    CHECK_EQ(utterance.text, 0);
    buffer_finish(&pack);
}

TEST(a_call_says_what_its_message_says)
{
    static const struct {
        const char *action;
        const char *params;
        bool is_group;
        const char *message;
    } rows[] = {
        {"send_group_msg", "{\"group_id\":20001,\"message\":\"hi\"}", true,
         "\"hi\""},
        {"send_group_msg",
         "{\"group_id\":\"20001\",\"user_id\":30001,\"message\":[" TEXT(
             "hi") "]}",
         true, "\"hi\""},
        {"send_private_msg",
         "{\"user_id\":30001,\"group_id\":20001,\"message\":\"hi\"}", false,
         "\"hi\""},
        {"send_msg",
         "{\"user_id\":30001,\"group_id\":20001,\"message\":\"hi\"}", true,
         "\"hi\""},
        {"send_msg", "{\"user_id\":30001,\"message\":\"hi\"}", false, "\"hi\""},
        {"send_msg",
         "{\"message_type\":\"private\",\"user_id\":30001,\"group_id\":20001,"
         "\"message\":\"hi\"}",
         false, "\"hi\""},
        {"send_msg",
         "{\"message_type\":\"group\",\"user_id\":30001,\"group_id\":20001,"
         "\"message\":\"hi\"}",
         true, "\"hi\""},
        {"send_group_msg",
         "{\"group_id\":20001,\"message\":\"[CQ:face,id=1]\","
         "\"auto_escape\":true}",
         true, "[" TEXT("[CQ:face,id=1]") "]"},
        {"send_group_msg",
         "{\"group_id\":20001,\"message\":\"[CQ:face,id=1]\","
         "\"auto_escape\":\"true\"}",
         true, "[" TEXT("[CQ:face,id=1]") "]"},
        {"send_group_msg",
         "{\"group_id\":20001,\"message\":\"[CQ:face,id=1]\","
         "\"auto_escape\":false}",
         true, "[" OTHER("face") "]"},
        {"send_group_forward_msg",
         "{\"group_id\":20001,\"messages\":[" OTHER("node") "," OTHER(
             "node") "]}",
         true, "[" OTHER("forward") "]"},
        {"send_private_forward_msg",
         "{\"user_id\":30001,\"message\":[" OTHER("node") "]}", false,
         "[" OTHER("forward") "]"},
        {"upload_group_file", "{\"group_id\":20001,\"file\":\"x\"}", true,
         "[" OTHER("file") "]"},
        {"upload_private_file", "{\"user_id\":30001}", false,
         "[" OTHER("file") "]"},
        {"send_group_ai_record", "{\"group_id\":20001,\"text\":\"hi\"}", true,
         "[" OTHER("record") "]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct utterance said = call_of(rows[i].action, rows[i].params);
        struct utterance came = message_of(rows[i].is_group, rows[i].message);
        CHECK_EQ(said.chat_id, rows[i].is_group ? GROUP : USER);
        CHECK(utterance_is_same(&said, &came));
    }
}

TEST(other_calls_say_nothing)
{
    static const char *const rows[][2] = {
        {"set_group_ban", "{\"group_id\":20001,\"message\":\"hi\"}"},
        {"send_group_msg", "{\"message\":\"hi\"}"},
        {"send_group_msg", "{\"group_id\":\"x\",\"message\":\"hi\"}"},
        {"send_group_msg", "{\"group_id\":20001}"},
        {"send_private_msg", "{\"group_id\":20001,\"message\":\"hi\"}"},
        {"send_like", "{\"user_id\":30001}"},
        {"forward_group_single_msg", "{\"group_id\":20001,\"message_id\":1}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_EQ(call_of(rows[i][0], rows[i][1]).chat_id, 0);
}

SUITE(utterance, forms_of_one_message_are_the_same, what_differs_is_told_apart,
      a_mention_is_lost_in_private, chats_are_told_apart,
      nothing_is_not_known_again, what_is_said_nowhere_is_not_known_again,
      a_call_says_what_its_message_says, other_calls_say_nothing)
