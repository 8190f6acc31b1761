/* SPDX-License-Identifier: MIT */
#include "core/event_key.h"

#include "check.h"
#include "core/onebot.h"
#include "core/topic.h"

enum { LINK_SELF_ID = 10001 };

/* The key of the event with these members; ' stands for ". */
static void key_of(const char *members, struct buffer *key)
{
    char json[1024];
    struct buffer scratch = {0};
    struct onebot_frame event;
    struct json_error error;
    struct topic topic;
    snprintf(json, sizeof(json), "{%s}", members);
    for (char *at = json; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    CHECK_EQ(onebot_read(slice_of(json), 0, &scratch, &event, &error),
             STATUS_OK);
    buffer_clear(key, SIZE_MAX);
    topic_of_event(&event, LINK_SELF_ID, &topic);
    event_key(&event, LINK_SELF_ID, &topic, key);
    buffer_finish(&scratch);
}

#define MESSAGE(type) "'post_type':'message','message_type':'" type "',"
#define SENT(type)    "'post_type':'message_sent','message_type':'" type "',"
#define IN_GROUP      MESSAGE("group") "'group_id':2,'user_id':3,'time':99,"
#define IN_PRIVATE    MESSAGE("private") "'user_id':3,'time':99,"
#define NOTICE(type)  "'post_type':'notice','notice_type':'" type "',"

TEST(messages_and_requests_have_keys)
{
    static const struct {
        const char *members;
        const char *key;
    } rows[] = {
        /* NapCat: the chat's own number is in real_seq */
        {IN_GROUP "'message_id':7,'message_seq':7,'real_seq':'41'",
         "group:2:41"},
        {IN_GROUP "'message_id':7,'real_seq':41", "group:2:41"},
        {IN_GROUP "'message_id':7,'message_seq':7,'real_seq':'0'",
         "group:2:7:99:3"},
        {IN_GROUP "'message_id':7,'message_seq':7,'real_seq':'x'",
         "group:2:7:99:3"},
        /* go-cqhttp, LLBot: in message_seq */
        {IN_GROUP "'message_id':-7,'message_seq':42", "group:2:42"},
        {IN_GROUP "'message_id':7,'message_seq':42,'real_seq':'41'",
         "group:2:41"},
        {IN_GROUP "'message_id':7,'message_seq':0", "group:2:7:99:3"},
        {IN_GROUP "'message_id':'7','message_seq':7", "group:2:7:99:3"},
        /* Lagrange, the standard: nowhere */
        {IN_GROUP "'message_id':-7", "group:2:-7:99:3"},
        {IN_GROUP "'x':1", "group:2:_:99:3"},
        /* what one bot says is what another hears */
        {SENT("group") "'group_id':2,'user_id':10001,'time':99,'message_id':8,"
                       "'real_seq':'41'",
         "group:2:41"},
        {IN_PRIVATE "'message_id':7,'real_seq':'41'", "private:10001:3:41:3"},
        {IN_PRIVATE "'message_id':7", "private:10001:3:7:99:3"},
        {IN_PRIVATE "'message_id':7,'self_id':5", "private:5:3:7:99:3"},
        {SENT("private") "'user_id':10001,'target_id':3,'time':99,"
                         "'message_id':7,'real_seq':'41'",
         "private:10001:3:41:10001"},
        {MESSAGE("guild") "'guild_id':'1','message_id':'BA==','user_id':'3',"
                          "'message_seq':5,'time':99",
         "other:10001:BA__:99:3"},
        {"'post_type':'request','request_type':'friend','user_id':3,"
         "'flag':'u_x|1'",
         "request.friend:10001:u_x|1"},
        {"'post_type':'request','request_type':'group','sub_type':'add',"
         "'group_id':2,'flag':17",
         "request.group.add:10001:17"},
        {"'post_type':'meta_event','meta_event_type':'heartbeat','time':99,"
         "'self_id':5",
         "meta_event.heartbeat:5:99"},
    };
    struct buffer key = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        key_of(rows[i].members, &key);
        CHECK_ROW(buffer_slice(&key), slice_of(rows[i].key), rows[i].members);
    }
    buffer_finish(&key);
}

TEST(notices_have_keys_that_end_in_a_digest)
{
    static const struct {
        const char *members;
        const char *key;
    } rows[] = {
        {NOTICE("group_recall") "'group_id':2,'user_id':3,'operator_id':4,"
                                "'message_id':7,'time':99",
         "notice.group_recall:group:2:7:3:4:99:"},
        {NOTICE("group_ban") "'sub_type':'ban','group_id':2,'user_id':0,"
                             "'operator_id':4,'time':99",
         "notice.group_ban.ban:group:2:0:4:99:"},
        {NOTICE("friend_add") "'user_id':3,'time':99",
         "notice.friend_add:private:10001:3:3:_:99:"},
        {NOTICE("bot_offline") "'time':99",
         "notice.bot_offline:meta:10001:_:_:99:"},
        {NOTICE("flash_file") "'time':99",
         "notice.flash_file:other:10001:_:_:99:"},
        {"'post_type':'new','time':99", "other.new:other:10001:_:_:99:"},
        {"'post_type':'request','request_type':'friend','user_id':3,'flag':'',"
         "'time':99",
         "request.friend:private:10001:3:3:_:99:"},
    };
    enum { DIGEST_SIZE = 16 };
    struct buffer key = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        key_of(rows[i].members, &key);
        CHECK_EQ(key.size, strlen(rows[i].key) + DIGEST_SIZE);
        CHECK_ROW(((struct slice){key.data, key.size - DIGEST_SIZE}),
                  slice_of(rows[i].key), rows[i].members);
    }
    buffer_finish(&key);
}

static bool have_same_key(const char *a, const char *b)
{
    struct buffer first = {0};
    struct buffer second = {0};
    key_of(a, &first);
    key_of(b, &second);
    bool same = first.size == second.size &&
                memcmp(first.data, second.data, first.size) == 0;
    buffer_finish(&first);
    buffer_finish(&second);
    return same;
}

#define POKE NOTICE("notify") "'sub_type':'poke','group_id':2,'user_id':3,"
#define LIKE NOTICE("group_msg_emoji_like") "'group_id':2,'user_id':3,"

TEST(the_same_event_has_the_same_key)
{
    static const char *const pairs[][2] = {
        /* two bots in one group */
        {IN_GROUP "'self_id':5,'message_id':7,'real_seq':'41','message':'a'",
         IN_GROUP "'self_id':6,'message_id':8,'real_seq':'41','message':[]"},
        {POKE "'target_id':4,'time':99,'self_id':5",
         POKE "'target_id':4,'time':99,'self_id':6"},
        /* keys in another order */
        {POKE "'target_id':4,'time':99",
         "'time':99,'target_id':4," POKE "'self_id':1"},
        /* the same message in its two forms */
        {IN_PRIVATE "'message_id':7,'message':'hi'",
         IN_PRIVATE "'message_id':7,'message':[]"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        check_int(have_same_key(pairs[i][0], pairs[i][1]), true, pairs[i][0],
                  __FILE__, __LINE__);
}

TEST(two_events_have_two_keys)
{
    static const char *const pairs[][2] = {
        {IN_GROUP "'message_id':7,'message':'hi'",
         IN_GROUP "'message_id':8,'message':'hi'"},
        {IN_GROUP "'message_id':7,'real_seq':'41'",
         IN_GROUP "'message_id':7,'real_seq':'42'"},
        /* a message number in a group and the same one in a private chat */
        {MESSAGE("group") "'group_id':3,'real_seq':'41','user_id':4",
         MESSAGE("private") "'user_id':3,'real_seq':'41'"},
        /* the two directions of a private chat */
        {IN_PRIVATE "'real_seq':'41'",
         SENT("private") "'user_id':10001,'target_id':3,'real_seq':'41'"},
        /* one message heard by two bots in private is two messages */
        {IN_PRIVATE "'self_id':5,'real_seq':'41'",
         IN_PRIVATE "'self_id':6,'real_seq':'41'"},
        {POKE "'target_id':4,'time':99", POKE "'target_id':5,'time':99"},
        {POKE "'target_id':4,'time':99", POKE "'target_id':4,'time':98"},
        {LIKE "'message_id':7,'is_add':true,'time':99",
         LIKE "'message_id':7,'is_add':false,'time':99"},
        {NOTICE("group_upload") "'group_id':2,'user_id':3,'file':{'id':'a'}",
         NOTICE("group_upload") "'group_id':2,'user_id':3,'file':{'id':'b'}"},
        /* values change places */
        {NOTICE("x") "'a':1,'b':2", NOTICE("x") "'a':2,'b':1"},
        {"'post_type':'request','request_type':'friend','flag':'1'",
         "'post_type':'request','request_type':'group','flag':'1'"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        check_int(have_same_key(pairs[i][0], pairs[i][1]), false, pairs[i][0],
                  __FILE__, __LINE__);
}

SUITE(event_key, messages_and_requests_have_keys,
      notices_have_keys_that_end_in_a_digest, the_same_event_has_the_same_key,
      two_events_have_two_keys)
