/* SPDX-License-Identifier: MIT */
#include "core/event.h"

#include "check.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "open_gate.h"

static const struct event_context CONTEXT = {
    .epoch = "0123456789abcdef",
    .seq = 1,
    .time_ms = 1786700000000,
    .account = "default",
    .self_id = 10001,
};

struct packing {
    struct buffer scratch;
    struct event_scratch event;
    struct buffer message;
    struct onebot_frame frame;
    struct slice envelope;
};

/* Pack the event with these members; ' stands for ". */
static void pack_event(const char *members, struct packing *packing)
{
    char json[1024];
    struct json_error error;
    snprintf(json, sizeof(json), "{%s}", members);
    for (char *at = json; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    CHECK_EQ(onebot_read(slice_of(json), 0, &packing->scratch, &packing->frame,
                         &error),
             STATUS_OK);
    buffer_clear(&packing->message, SIZE_MAX);
    open_gate_pack(&packing->frame, &CONTEXT, &packing->event,
                   &packing->message);
    size_t topic_size = strlen(packing->message.data) + 1;
    packing->envelope = (struct slice){packing->message.data + topic_size,
                                       packing->message.size - topic_size};
}

static void packing_finish(struct packing *packing)
{
    buffer_finish(&packing->scratch);
    event_scratch_finish(&packing->event);
    buffer_finish(&packing->message);
}

static struct slice member(struct slice map, const char *key)
{
    struct slice value = {0};
    CHECK(mp_find(map, key, &value));
    return value;
}

static bool flag(const struct packing *packing, const char *key)
{
    struct mp_reader reader =
        mp_reader_of(member(member(packing->envelope, "policy"), key));
    struct mp_token token;
    CHECK(mp_next(&reader, &token) && token.kind == MP_BOOL);
    return token.boolean;
}

#define GROUP                                                                  \
    "'post_type':'message','message_type':'group','group_id':2,'user_id':3"
#define PRIVATE "'post_type':'message','message_type':'private','user_id':3"
#define SENT(type)                                                             \
    "'post_type':'message_sent','message_type':'" type                         \
    "','group_id':2,'user_id':10001,'target_id':3"
#define AT_ME  ",'message':[{'type':'at','data':{'qq':'10001'}}]"
#define AT_ALL ",'message':[{'type':'at','data':{'qq':'all'}}]"

TEST(an_answer_is_expected_where_the_bot_is_addressed)
{
    static const struct {
        const char *members;
        bool respond;
        bool mentioned;
    } rows[] = {
        {GROUP ",'message':[]", false, false},
        {GROUP AT_ME, true, true},
        {GROUP AT_ALL, false, false},
        {GROUP ",'message':'[CQ:at,qq=10001] hi'", true, true},
        {GROUP ",'self_id':5" AT_ME, false, false},
        {PRIVATE ",'message':[]", true, false},
        {PRIVATE AT_ME, true, true},
        {PRIVATE ",'sub_type':'group','group_id':2,'message':'hi'", true,
         false},
        /* what the bot says itself wants no answer of its own */
        {SENT("private") ",'message':'hi'", false, false},
        {SENT("group") AT_ME, false, true},
        {"'post_type':'message','message_type':'private','user_id':10001,"
         "'message':[]",
         false, false},
        {"'post_type':'message','message_type':'guild','guild_id':'1',"
         "'message':'hi'",
         false, false},
    };
    struct packing packing = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        pack_event(rows[i].members, &packing);
        check_int(flag(&packing, "respond"), rows[i].respond, rows[i].members,
                  __FILE__, __LINE__);
        check_int(flag(&packing, "mentioned"), rows[i].mentioned,
                  rows[i].members, __FILE__, __LINE__);
        CHECK(flag(&packing, "allowed"));
    }
    packing_finish(&packing);
}

TEST(only_the_message_string_changes)
{
    static const struct {
        const char *members;
        const char *same; /* with the string as segments */
        const char *text;
    } rows[] = {
        {"'a':1," GROUP ",'message':'hi','b':[9007199254740993]",
         "'a':1," GROUP ",'message':[{'type':'text','data':{'text':'hi'}}],"
         "'b':[9007199254740993]",
         "hi"},
        {"'message':''," GROUP, "'message':[]," GROUP, ""},
        {GROUP ",'message':'&amp;'",
         GROUP ",'message':[{'type':'text','data':{'text':'&'}}]", "&"},
        /* of two, the last one counts */
        {"'message':'a'," GROUP ",'message':'b'",
         "'message':'a'," GROUP
         ",'message':[{'type':'text','data':{'text':'b'}}]",
         "b"},
        {GROUP ",'message':[{'type':'text','data':{'text':'hi'},'x':1}]",
         GROUP ",'message':[{'type':'text','data':{'text':'hi'},'x':1}]", "hi"},
        {GROUP ",'message':7", GROUP ",'message':7", ""},
        {GROUP ",'message':null", GROUP ",'message':null", ""},
        {GROUP ",'message':{'type':'text','data':{'text':'hi'}}",
         GROUP ",'message':{'type':'text','data':{'text':'hi'}}", ""},
        {GROUP, GROUP, ""},
    };
    struct packing packing = {0};
    struct packing same = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice text;
        pack_event(rows[i].members, &packing);
        pack_event(rows[i].same, &same);
        CHECK_ROW(member(packing.envelope, "event"), same.frame.pack,
                  rows[i].members);
        CHECK(mp_read_str(member(packing.envelope, "text"), &text));
        CHECK_ROW(text, slice_of(rows[i].text), rows[i].members);
    }
    packing_finish(&packing);
    packing_finish(&same);
}

TEST(a_message_of_a_notice_is_no_message)
{
    struct packing packing = {0};
    struct slice value;
    pack_event("'post_type':'notice','notice_type':'bot_offline',"
               "'message':'[CQ:at,qq=10001]'",
               &packing);
    CHECK(!mp_find(packing.envelope, "text", &value));
    CHECK(!mp_find(packing.envelope, "policy", &value));
    CHECK_SLICE(member(packing.envelope, "event"), packing.frame.pack);
    packing_finish(&packing);
}

TEST(the_scratch_is_used_again)
{
    struct packing packing = {0};
    pack_event(GROUP ",'message':'a longer text [CQ:face,id=1]'", &packing);
    struct buffer segments = packing.event.segments;
    struct buffer text = packing.event.text;
    struct buffer key = packing.event.key;
    struct buffer message = packing.message;
    pack_event(GROUP ",'message':'short'", &packing);
    CHECK(packing.event.segments.data == segments.data);
    CHECK(packing.event.text.data == text.data);
    CHECK(packing.event.key.data == key.data);
    CHECK(packing.message.data == message.data);
    struct slice found;
    CHECK(mp_read_str(member(packing.envelope, "text"), &found));
    CHECK_SLICE(found, slice_of("short"));
    CHECK(mp_read_str(member(packing.envelope, "key"), &found));
    CHECK_SLICE(found, slice_of("group:2:_:_:3"));
    packing_finish(&packing);
}

SUITE(event, an_answer_is_expected_where_the_bot_is_addressed,
      only_the_message_string_changes, a_message_of_a_notice_is_no_message,
      the_scratch_is_used_again)
