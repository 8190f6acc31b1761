/* SPDX-License-Identifier: MIT */
#include "core/topic.h"

#include "check.h"
#include "core/onebot.h"

enum { LINK_SELF_ID = 10001 };

/* JSON with ' for ", which reads better in a table. */
static void read_event(const char *members, struct buffer *scratch,
                       struct onebot_frame *event)
{
    char json[1024];
    struct json_error error;
    snprintf(json, sizeof(json), "{%s}", members);
    for (char *at = json; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    CHECK_EQ(onebot_read(slice_of(json), 0, scratch, event, &error), STATUS_OK);
    CHECK_EQ(event->kind, ONEBOT_EVENT);
}

struct row {
    const char *members;
    const char *name;
    const char *type;
};

static void check_rows(const struct row *rows, size_t count)
{
    struct buffer scratch = {0};
    struct onebot_frame event;
    struct topic topic;
    for (size_t i = 0; i < count; i++) {
        read_event(rows[i].members, &scratch, &event);
        topic_of_event(&event, LINK_SELF_ID, &topic);
        CHECK_ROW(slice_of(topic.name), slice_of(rows[i].name),
                  rows[i].members);
        CHECK_ROW(slice_of(topic.type), slice_of(rows[i].type),
                  rows[i].members);
    }
    buffer_finish(&scratch);
}

#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof((rows)[0]))

#define GROUP_MESSAGE   "'post_type':'message','message_type':'group'"
#define PRIVATE_MESSAGE "'post_type':'message','message_type':'private'"
#define NOTICE(type)    "'post_type':'notice','notice_type':'" type "'"
#define REQUEST(type)   "'post_type':'request','request_type':'" type "'"
#define META(type)      "'post_type':'meta_event','meta_event_type':'" type "'"

TEST(messages_have_their_place)
{
    static const struct row rows[] = {
        {GROUP_MESSAGE ",'sub_type':'normal','group_id':20002,'user_id':30003",
         "qq.group.20002.message.normal", "message.group.normal"},
        {"'post_type':'message_sent','message_type':'group','sub_type':'normal'"
         ",'group_id':20002,'user_id':10001,'target_id':20002",
         "qq.group.20002.message_sent.normal", "message_sent.group.normal"},
        {GROUP_MESSAGE ",'group_id':'20002'", "qq.group.20002.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':0,'user_id':30003,'sub_type':'normal'",
         "qq.other.10001.message", "message.group.normal"},
        {GROUP_MESSAGE ",'group_id':null", "qq.other.10001.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':''", "qq.other.10001.message",
         "message.group"},
        {GROUP_MESSAGE, "qq.other.10001.message", "message.group"},
        {PRIVATE_MESSAGE ",'sub_type':'friend','user_id':30003",
         "qq.private.30003.message.friend", "message.private.friend"},
        /* a temporary chat, which names the group it came from */
        {PRIVATE_MESSAGE ",'sub_type':'group','user_id':30003,'group_id':20002",
         "qq.private.30003.message.group", "message.private.group"},
        {"'post_type':'message_sent','message_type':'private','sub_type':"
         "'friend','user_id':10001,'target_id':30003",
         "qq.private.30003.message_sent.friend", "message_sent.private.friend"},
        {"'post_type':'message','message_type':'guild','sub_type':'channel',"
         "'guild_id':'1','user_id':'30003'",
         "qq.other.10001.message", "message.guild.channel"},
        {GROUP_MESSAGE ",'group_id':20002,'guild_id':'18798801632465280'",
         "qq.other.10001.message", "message.group"},
        {GROUP_MESSAGE ",'group_id':20002,'guild_id':0",
         "qq.group.20002.message", "message.group"},
        {"'post_type':'message','sub_type':'normal','group_id':20002",
         "qq.other.10001.message", "message"},
        {"'post_type':'message','message_type':7,'group_id':20002",
         "qq.other.10001.message", "message"},
        {"'post_type':'message','message_type':'','group_id':20002",
         "qq.other.10001.message", "message"},
        {"'post_type':'message','message_type':'Group','group_id':20002",
         "qq.other.10001.message", "message.Group"},
    };
    CHECK_ROWS(rows);
}

TEST(a_private_chat_is_named_by_its_other_end)
{
    static const struct row rows[] = {
        {PRIVATE_MESSAGE ",'user_id':30003,'target_id':10001",
         "qq.private.30003.message", "message.private"},
        {PRIVATE_MESSAGE ",'user_id':10001,'target_id':30003",
         "qq.private.30003.message", "message.private"},
        {PRIVATE_MESSAGE ",'user_id':'10001','target_id':'30003'",
         "qq.private.30003.message", "message.private"},
        {PRIVATE_MESSAGE ",'user_id':10001,'target_id':10001",
         "qq.private.10001.message", "message.private"},
        {PRIVATE_MESSAGE ",'user_id':10001,'target_id':0",
         "qq.private.10001.message", "message.private"},
        {PRIVATE_MESSAGE ",'user_id':10001", "qq.private.10001.message",
         "message.private"},
        {PRIVATE_MESSAGE ",'self_id':5,'user_id':10001,'target_id':30003",
         "qq.private.10001.message", "message.private"},
        {PRIVATE_MESSAGE ",'self_id':30003,'user_id':30003,'target_id':4",
         "qq.private.4.message", "message.private"},
        {PRIVATE_MESSAGE, "qq.other.10001.message", "message.private"},
        {NOTICE("notify") ",'sub_type':'profile_like','operator_id':30003,'"
                          "peer_id':4",
         "qq.private.30003.notice.notify.profile_like",
         "notice.notify.profile_like"},
        {NOTICE("online_file_send") ",'sub_type':'receive','peer_id':30003",
         "qq.private.30003.notice.online_file_send.receive",
         "notice.online_file_send.receive"},
        {NOTICE("x") ",'user_id':null,'operator_id':0,'peer_id':'30003'",
         "qq.private.30003.notice.x", "notice.x"},
    };
    CHECK_ROWS(rows);
}

TEST(notices_requests_and_meta_events_have_their_place)
{
    static const struct row rows[] = {
        {NOTICE(
             "group_ban") ",'sub_type':'lift_ban','group_id':20002,'user_id':0",
         "qq.group.20002.notice.group_ban.lift_ban",
         "notice.group_ban.lift_ban"},
        {NOTICE("group_recall") ",'group_id':20002,'user_id':30003",
         "qq.group.20002.notice.group_recall", "notice.group_recall"},
        {NOTICE("notify") ",'sub_type':'input_status','group_id':0,"
                          "'user_id':30003",
         "qq.private.30003.notice.notify.input_status",
         "notice.notify.input_status"},
        {NOTICE("friend_recall") ",'user_id':30003",
         "qq.private.30003.notice.friend_recall", "notice.friend_recall"},
        {NOTICE("guild_channel_recall") ",'guild_id':'1','user_id':30003",
         "qq.other.10001.notice", "notice.guild_channel_recall"},
        {NOTICE("flash_file") ",'sub_type':'downloading'",
         "qq.other.10001.notice", "notice.flash_file.downloading"},
        {"'post_type':'notice','group_id':20002,'sub_type':'x'",
         "qq.other.10001.notice", "notice"},
        {"'post_type':'notice','notice_type':['x'],'group_id':20002",
         "qq.other.10001.notice", "notice"},
        {NOTICE("bot_offline") ",'user_id':10001,'group_id':20002",
         "qq.meta.10001.bot_offline", "notice.bot_offline"},
        {NOTICE("bot_online"), "qq.meta.10001.bot_online", "notice.bot_online"},
        {NOTICE("client_status") ",'sub_type':'x','self_id':7",
         "qq.meta.7.client_status.x", "notice.client_status.x"},
        {REQUEST(
             "group") ",'sub_type':'invite','group_id':20002,'user_id':30003",
         "qq.group.20002.request.group.invite", "request.group.invite"},
        {REQUEST("friend") ",'user_id':30003",
         "qq.private.30003.request.friend", "request.friend"},
        {REQUEST("friend") ",'user_id':30003,'group_id':20002",
         "qq.private.30003.request.friend", "request.friend"},
        {REQUEST("new") ",'user_id':30003,'group_id':20002",
         "qq.group.20002.request.new", "request.new"},
        {REQUEST("new") ",'user_id':30003,'sub_type':'a'",
         "qq.private.30003.request.new.a", "request.new.a"},
        {REQUEST("group"), "qq.other.10001.request", "request.group"},
        {REQUEST("group") ",'group_id':20002,'guild_id':'1'",
         "qq.other.10001.request", "request.group"},
        {"'post_type':'request','user_id':30003", "qq.other.10001.request",
         "request"},
        {META("lifecycle") ",'sub_type':'connect'",
         "qq.meta.10001.lifecycle.connect", "meta_event.lifecycle.connect"},
        {META("heartbeat") ",'group_id':20002", "qq.meta.10001.heartbeat",
         "meta_event.heartbeat"},
        {"'post_type':'meta_event'", "qq.other.10001.meta_event", "meta_event"},
        {"'post_type':'new','group_id':20002,'sub_type':'x'",
         "qq.other.10001.new", "other.new"},
    };
    CHECK_ROWS(rows);
}

#define FORTY "0123456789012345678901234567890123456789"

TEST(tokens_keep_to_the_grammar)
{
    static const struct row rows[] = {
        {GROUP_MESSAGE ",'group_id':-5", "qq.group.-5.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':9223372036854775807",
         "qq.group.9223372036854775807.message", "message.group"},
        {GROUP_MESSAGE ",'group_id':-9223372036854775808",
         "qq.group.-9223372036854775808.message", "message.group"},
        {GROUP_MESSAGE ",'group_id':9223372036854775808", "qq.group._.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':{}", "qq.group._.message", "message.group"},
        {GROUP_MESSAGE ",'group_id':1.5", "qq.group._.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':true", "qq.group._.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':'a.b*c>\\n\\u0000\xe4\xbd\xa0-_Z9'",
         "qq.group.a_b_c______-_Z9.message", "message.group"},
        {GROUP_MESSAGE ",'group_id':1,'sub_type':'.'", "qq.group.1.message._",
         "message.group._"},
        {GROUP_MESSAGE ",'group_id':1,'sub_type':''", "qq.group.1.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':1,'sub_type':7", "qq.group.1.message",
         "message.group"},
        {GROUP_MESSAGE ",'group_id':'" FORTY FORTY "'",
         "qq.group." FORTY "012345678901234567890123.message", "message.group"},
        {NOTICE("a.b") ",'group_id':1,'sub_type':'c d'",
         "qq.group.1.notice.a_b.c_d", "notice.a_b.c_d"},
        {"'post_type':'qq.group.*\\n'", "qq.other.10001.qq_group___",
         "other.qq_group___"},
        {"'post_type':'message\\u0000','message_type':'group','group_id':1",
         "qq.other.10001.message_", "other.message_"},
        {META("heartbeat") ",'self_id':'77'", "qq.meta.77.heartbeat",
         "meta_event.heartbeat"},
        {META("heartbeat") ",'self_id':-5", "qq.meta.10001.heartbeat",
         "meta_event.heartbeat"},
        {META("heartbeat") ",'self_id':{}", "qq.meta.10001.heartbeat",
         "meta_event.heartbeat"},
    };
    CHECK_ROWS(rows);
}

TEST(an_unknown_bot_is_an_underscore)
{
    struct buffer scratch = {0};
    struct onebot_frame event;
    struct topic topic;
    read_event(META("heartbeat"), &scratch, &event);
    topic_of_event(&event, 0, &topic);
    CHECK_STR(topic.name, "qq.meta._.heartbeat");
    CHECK_EQ(topic.scope, TOPIC_META);
    CHECK_STR(topic.chat, "_");
    /* An id that is no number is not the bot's either. */
    read_event(PRIVATE_MESSAGE ",'user_id':'abc','target_id':30003", &scratch,
               &event);
    topic_of_event(&event, 0, &topic);
    CHECK_STR(topic.name, "qq.private.abc.message");
    buffer_finish(&scratch);
}

TEST(the_longest_tokens_fit)
{
    struct buffer scratch = {0};
    struct onebot_frame event;
    struct topic topic;
    read_event("'post_type':'notice','notice_type':'" FORTY FORTY
               "','sub_type':'" FORTY FORTY "','group_id':'" FORTY FORTY
               "','self_id':1",
               &scratch, &event);
    topic_of_event(&event, LINK_SELF_ID, &topic);
    CHECK_EQ(strlen(topic.name), strlen("qq.group..notice..") + 3 * 64);
    CHECK_EQ(strlen(topic.chat), 64);
    buffer_finish(&scratch);
}

TEST(the_bridge_has_topics_of_its_own)
{
    struct topic topic;
    topic_of_bridge("my bot", "link.up", &topic);
    CHECK_STR(topic.name, "qq.bridge.my_bot.link.up");
    CHECK_STR(topic.type, "bridge.link.up");
    CHECK_EQ(topic.scope, TOPIC_BRIDGE);
    topic_of_bridge("", "x", &topic);
    CHECK_STR(topic.name, "qq.bridge._.x");
}

TEST(patterns_are_checked)
{
    static const struct {
        const char *pattern;
        bool valid;
    } rows[] = {
        {"*", true},
        {"qq", true},
        {"qq.", true},
        {"qq.group.", true},
        {"qq.group.*", true},
        {"qq.group.*.message.*", true},
        {"qq.*.*.notice.*", true},
        {"*.group.-5", true},
        {"qq.group.20002.message.normal", true},
        {"", false},
        {".", false},
        {".qq", false},
        {"qq..group", false},
        {"qq..", false},
        {"qq.*.", false},
        {"*.", false},
        {"qq.group.2*", false},
        {"qq.**", false},
        {"qq.>", false},
        {"qq.gro up", false},
        {"qq.\xe4\xbd\xa0", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_int(topic_pattern_valid(rows[i].pattern), rows[i].valid,
                  rows[i].pattern, __FILE__, __LINE__);
    char pattern[TOPIC_SIZE + 1];
    memset(pattern, 'a', sizeof(pattern));
    pattern[TOPIC_SIZE] = '\0';
    CHECK(!topic_pattern_valid(pattern));
    pattern[TOPIC_SIZE - 1] = '\0';
    CHECK(topic_pattern_valid(pattern));
    char prefix[TOPIC_SIZE];
    CHECK_EQ(topic_pattern_prefix(pattern, prefix), TOPIC_SIZE);
}

TEST(a_pattern_has_a_prefix)
{
    static const struct {
        const char *pattern;
        const char *prefix;
        size_t size;
    } rows[] = {
        {"*", "", 0},
        {"qq.*", "qq.", 3},
        {"qq.*.*.notice.*", "qq.", 3},
        {"qq.group.*.message.*", "qq.group.", 9},
        {"qq.group.", "qq.group.", 9},
        {"qq.group.1", "qq.group.1", 11}, /* the NUL too */
        {"qq", "qq", 3},
    };
    char prefix[TOPIC_SIZE];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_int((intmax_t)topic_pattern_prefix(rows[i].pattern, prefix),
                  (intmax_t)rows[i].size, rows[i].pattern, __FILE__, __LINE__);
        CHECK_STR(prefix, rows[i].prefix);
    }
}

TEST(patterns_match_topics)
{
    static const struct {
        const char *pattern;
        const char *topic;
        bool matches;
    } rows[] = {
        {"*", "qq", true},
        {"*", "qq.group.1.message", true},
        {"*", "", false},
        {"qq.*", "qq.group", true},
        {"qq.*", "qq.group.1", true},
        {"qq.*", "qq", false},
        {"qq.*", "qqq.group", false},
        {"qq.group.*", "qq.group.1.message.normal", true},
        {"qq.group.*", "qq.private.1.message", false},
        {"qq.group.*.message.*", "qq.group.1.message.normal", true},
        {"qq.group.*.message.*", "qq.group.1.message", false},
        {"qq.group.*.message.*", "qq.group.1.2.message.normal", false},
        {"qq.group.*.message", "qq.group.1.message", true},
        {"qq.group.*.message", "qq.group.1.message.normal", false},
        {"qq.group.*.message", "qq.group.1.messages", false},
        {"qq.*.*.notice.*", "qq.private.5.notice.notify.poke", true},
        {"qq.*.*.notice.*", "qq.private.5.message.friend", false},
        {"*.group.1", "qq.group.1", true},
        {"qq.group.", "qq.group.1", true},
        {"qq.group.", "qq.group", false},
        {"qq.group.1.", "qq.group.12.message", false},
        {"qq.group.1", "qq.group.1", true},
        {"qq.group.1", "qq.group.12", false},
        {"qq.group.1", "qq.group.1.message", false},
        {"qq.group.1", "qq.group", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_int(topic_matches(rows[i].pattern, slice_of(rows[i].topic)),
                  rows[i].matches, rows[i].pattern, __FILE__, __LINE__);
    CHECK(!topic_matches("*", (struct slice){NULL, 0}));
}

/* What is subscribed to must let through all that matches. */
TEST(a_match_begins_with_the_prefix)
{
    static const char *const patterns[] = {"*",
                                           "qq.",
                                           "qq.*",
                                           "qq.group.*.message",
                                           "qq.*.1.message",
                                           "qq.group.1.message",
                                           "qq.group.1.*"};
    static const char *const topics[] = {
        "qq.group.1.message", "qq.group.1.message.normal",
        "qq.private.1.message", "qq.meta.1.heartbeat"};
    char prefix[TOPIC_SIZE];
    int matches = 0;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        size_t size = topic_pattern_prefix(patterns[i], prefix);
        for (size_t k = 0; k < sizeof(topics) / sizeof(topics[0]); k++) {
            if (!topic_matches(patterns[i], slice_of(topics[k])))
                continue;
            matches++;
            CHECK(size <= strlen(topics[k]) + 1);
            CHECK(memcmp(prefix, topics[k], size) == 0);
        }
    }
    CHECK_EQ(matches, 4 + 4 + 4 + 1 + 2 + 1 + 2);
}

SUITE(topic, messages_have_their_place,
      a_private_chat_is_named_by_its_other_end,
      notices_requests_and_meta_events_have_their_place,
      tokens_keep_to_the_grammar, an_unknown_bot_is_an_underscore,
      the_longest_tokens_fit, the_bridge_has_topics_of_its_own,
      patterns_are_checked, a_pattern_has_a_prefix, patterns_match_topics,
      a_match_begins_with_the_prefix)
