/* SPDX-License-Identifier: MIT */
#include "core/access.h"

#include "check.h"
#include "core/onebot.h"

enum { SELF = 10001, USER = 30001, STRANGER = 30009, GROUP = 20002 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A verdict as text: allowed or not, answer or not, why. */
static void check_verdict(const struct access_rules *rules,
                          const struct access_subject *subject,
                          const char *wanted, const char *row)
{
    char text[128];
    struct access_verdict verdict = access_judge(rules, subject);
    snprintf(text, sizeof(text), "%s%s %s", verdict.allowed ? "yes" : "no",
             verdict.respond ? "!" : "", access_reason_name(verdict.reason));
    CHECK_ROW(slice_of(text), slice_of(wanted), row);
}

static struct access_subject in_group(int64_t group_id, int64_t user_id)
{
    return (struct access_subject){.kind = ACCESS_MESSAGE,
                                   .is_group = true,
                                   .group_id = group_id,
                                   .user_id = user_id};
}

static struct access_subject in_private(int64_t user_id)
{
    return (struct access_subject){.kind = ACCESS_MESSAGE, .user_id = user_id};
}

static struct id_list list_of(int64_t *ids, size_t count)
{
    return (struct id_list){.bare = {.ids = ids, .count = count}};
}

/* ---- private --------------------------------------------------------- */

TEST(private_messages_go_by_dm_policy)
{
    int64_t listed[] = {USER};
    static const struct {
        enum access_policy policy;
        int64_t user_id;
        bool is_paired;
        const char *verdict;
    } rows[] = {
        {ACCESS_OPEN, STRANGER, false, "yes! open"},
        {ACCESS_CLOSED, USER, true, "no dm_policy_closed"},
        {ACCESS_ALLOWLIST, USER, false, "yes! allow_from"},
        {ACCESS_ALLOWLIST, STRANGER, false, "no dm_not_listed"},
        {ACCESS_ALLOWLIST, STRANGER, true, "no dm_not_listed"},
        {ACCESS_PAIRING, USER, false, "yes! allow_from"},
        {ACCESS_PAIRING, STRANGER, false, "no pairing_required"},
        {ACCESS_PAIRING, STRANGER, true, "yes! paired"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct access_rules rules = {.dm_policy = rows[i].policy,
                                           .allow_from = list_of(listed, 1)};
        struct access_subject subject = in_private(rows[i].user_id);
        subject.is_paired = rows[i].is_paired;
        check_verdict(&rules, &subject, rows[i].verdict, rows[i].verdict);
    }
}

TEST(a_star_in_allow_from_is_everybody)
{
    const struct access_rules rules = {.dm_policy = ACCESS_PAIRING,
                                       .allow_from = {.any = true}};
    struct access_subject subject = in_private(STRANGER);
    check_verdict(&rules, &subject, "yes! allow_from", "star");
}

/* ---- groups ---------------------------------------------------------- */

/* Everything that decides whether a group's message is heard, one row each. */
TEST(group_messages_go_by_policy_group_and_sender)
{
    static int64_t group_id[] = {GROUP}, user_id[] = {USER}, other[] = {5};
    const struct access_group plain = {.id = GROUP, .enabled = true};
    const struct access_group disabled = {.id = GROUP};
    const struct access_group strict = {.id = GROUP,
                                        .enabled = true,
                                        .has_allow_from = true,
                                        .allow_from = list_of(user_id, 1)};
    const struct access_group nobody = {
        .id = GROUP, .enabled = true, .has_allow_from = true};
    const struct access_group any = {.id = 0, .enabled = true};
    const struct access_group none = {.id = 0};
    const struct access_group any_but[] = {{.id = 0, .enabled = true},
                                           {.id = GROUP}};
    const struct id_list empty = {0}, star = {.any = true};
    const struct id_list groups = list_of(group_id, 1);
    const struct id_list users = list_of(user_id, 1);
    const struct id_list others = list_of(other, 1);
    const struct id_list said_group = {.groups = groups.bare};
    const struct id_list said_other = {.groups = others.bare};
    const struct id_list said_user = {.users = users.bare};
    const struct id_list group_as_user = {.users = groups.bare};
    const struct id_list user_as_group = {.groups = users.bare};
    const struct id_list both = {.bare = groups.bare, .users = users.bare};
    const struct {
        const char *name;
        enum access_policy policy;
        const struct access_group *groups;
        size_t group_count;
        struct id_list allow_from, sender_allow_from;
        int64_t user_id;
        const char *verdict;
    } rows[] = {
        {"open", ACCESS_OPEN, NULL, 0, empty, empty, STRANGER, "yes open"},
        {"open, disabled", ACCESS_OPEN, &disabled, 1, empty, empty, USER,
         "no group_disabled"},
        {"open, all disabled", ACCESS_OPEN, &none, 1, empty, empty, USER,
         "no group_disabled"},
        {"open, strict, listed", ACCESS_OPEN, &strict, 1, empty, empty, USER,
         "yes! sender_listed"},
        {"open, strict, not", ACCESS_OPEN, &strict, 1, empty, empty, STRANGER,
         "no sender_not_listed"},
        {"open, senders, listed", ACCESS_OPEN, NULL, 0, users, empty, USER,
         "yes sender_listed"},
        {"open, senders, not", ACCESS_OPEN, NULL, 0, users, empty, STRANGER,
         "no sender_not_listed"},
        {"open, names the group", ACCESS_OPEN, NULL, 0, groups, empty, STRANGER,
         "yes open"},
        {"closed", ACCESS_CLOSED, &plain, 1, groups, empty, USER,
         "no group_policy_closed"},
        {"closed, disabled", ACCESS_CLOSED, &disabled, 1, empty, empty, USER,
         "no group_disabled"},
        {"allowlist, none", ACCESS_ALLOWLIST, NULL, 0, empty, empty, USER,
         "no group_not_listed"},
        {"allowlist, in groups", ACCESS_ALLOWLIST, &plain, 1, empty, empty,
         STRANGER, "yes! group_listed"},
        {"allowlist, any group", ACCESS_ALLOWLIST, &any, 1, empty, empty,
         STRANGER, "yes! group_listed"},
        {"allowlist, any but this", ACCESS_ALLOWLIST, any_but, 2, empty, empty,
         USER, "no group_disabled"},
        {"allowlist, list names group", ACCESS_ALLOWLIST, NULL, 0, groups,
         empty, STRANGER, "yes group_listed"},
        {"allowlist, list names sender", ACCESS_ALLOWLIST, NULL, 0, users,
         empty, USER, "yes sender_listed"},
        {"allowlist, list names other", ACCESS_ALLOWLIST, NULL, 0, others,
         empty, USER, "no group_not_listed"},
        {"allowlist, list is all", ACCESS_ALLOWLIST, NULL, 0, star, empty,
         STRANGER, "yes group_listed"},
        {"allowlist, all groups, senders", ACCESS_ALLOWLIST, NULL, 0, star,
         users, STRANGER, "no sender_not_listed"},
        {"allowlist, all groups, sender", ACCESS_ALLOWLIST, NULL, 0, star,
         users, USER, "yes sender_listed"},
        {"allowlist, senders only", ACCESS_ALLOWLIST, NULL, 0, empty, users,
         USER, "yes sender_listed"},
        {"allowlist, senders only, not", ACCESS_ALLOWLIST, NULL, 0, empty,
         users, STRANGER, "no group_not_listed"},
        {"allowlist, group and senders", ACCESS_ALLOWLIST, &plain, 1, users,
         empty, USER, "yes! sender_listed"},
        {"allowlist, group and senders, not", ACCESS_ALLOWLIST, &plain, 1,
         users, empty, STRANGER, "no sender_not_listed"},
        {"allowlist, group in both", ACCESS_ALLOWLIST, &plain, 1, groups, empty,
         STRANGER, "yes! group_listed"},
        {"allowlist, group in both, senders", ACCESS_ALLOWLIST, &plain, 1,
         groups, users, STRANGER, "no sender_not_listed"},
        {"says group", ACCESS_ALLOWLIST, NULL, 0, said_group, empty, STRANGER,
         "yes group_listed"},
        {"says group, is a user", ACCESS_ALLOWLIST, NULL, 0, user_as_group,
         empty, USER, "no group_not_listed"},
        {"says another group", ACCESS_ALLOWLIST, &plain, 1, said_other, empty,
         STRANGER, "yes! group_listed"},
        {"says user", ACCESS_ALLOWLIST, NULL, 0, said_user, empty, USER,
         "yes sender_listed"},
        {"says user, is a group", ACCESS_ALLOWLIST, NULL, 0, group_as_user,
         empty, STRANGER, "no group_not_listed"},
        {"group, says user, not", ACCESS_ALLOWLIST, NULL, 0, both, empty,
         STRANGER, "no sender_not_listed"},
        {"the group's own list decides alone", ACCESS_ALLOWLIST, &strict, 1,
         others, others, USER, "yes! sender_listed"},
        {"the group's own list, other", ACCESS_ALLOWLIST, &strict, 1, groups,
         star, STRANGER, "no sender_not_listed"},
        {"the group's own list is empty", ACCESS_ALLOWLIST, &nobody, 1, star,
         star, USER, "no sender_not_listed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct access_rules rules = {
            .group_policy = rows[i].policy,
            .group_allow_from = rows[i].allow_from,
            .group_sender_allow_from = rows[i].sender_allow_from,
            .groups = rows[i].groups,
            .group_count = rows[i].group_count,
        };
        struct access_subject subject = in_group(GROUP, rows[i].user_id);
        check_verdict(&rules, &subject, rows[i].verdict, rows[i].name);
    }
}

TEST(the_full_example_of_the_guide_hears_who_is_listed)
{
    static int64_t users[] = {111111111}, list[] = {987654321};
    const struct access_group group = {.id = 987654321,
                                       .enabled = true,
                                       .has_allow_from = true,
                                       .allow_from = list_of(users, 1)};
    const struct access_rules rules = {.dm_policy = ACCESS_PAIRING,
                                       .group_policy = ACCESS_ALLOWLIST,
                                       .group_allow_from = list_of(list, 1),
                                       .groups = &group,
                                       .group_count = 1};
    struct access_subject subject = in_group(987654321, 111111111);
    check_verdict(&rules, &subject, "yes! sender_listed", "listed");
    subject.user_id = 5;
    check_verdict(&rules, &subject, "no sender_not_listed", "not listed");
    subject.group_id = 6;
    check_verdict(&rules, &subject, "no group_not_listed", "other group");
}

/* ---- mention --------------------------------------------------------- */

TEST(an_answer_is_expected_where_the_bot_is_mentioned)
{
    const struct access_group asks = {
        .id = GROUP, .enabled = true, .require_mention = true};
    const struct access_group asks_all = {.id = GROUP,
                                          .enabled = true,
                                          .require_mention = true,
                                          .mention_all = true};
    const struct access_group answers = {.id = GROUP, .enabled = true};
    const struct {
        const char *name;
        const struct access_group *group;
        bool self, all, reply;
        bool respond, mentioned;
    } rows[] = {
        {"no settings", NULL, false, false, false, false, false},
        {"no settings, at", NULL, true, false, false, true, true},
        {"not mentioned", &asks, false, false, false, false, false},
        {"at", &asks, true, false, false, true, true},
        {"reply", &asks, false, false, true, true, true},
        {"at all", &asks, false, true, false, false, false},
        {"at all counts", &asks_all, false, true, false, true, true},
        {"always", &answers, false, false, false, true, false},
        {"always, at", &answers, true, false, false, true, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct access_rules rules = {.group_policy = ACCESS_OPEN,
                                           .groups = rows[i].group,
                                           .group_count =
                                               rows[i].group != NULL};
        struct access_subject subject = in_group(GROUP, USER);
        subject.mentions_self = rows[i].self;
        subject.mentions_all = rows[i].all;
        subject.replies_to_self = rows[i].reply;
        struct access_verdict verdict = access_judge(&rules, &subject);
        CHECK(verdict.allowed);
        CHECK_ROW(slice_of(verdict.respond ? "yes" : "no"),
                  slice_of(rows[i].respond ? "yes" : "no"), rows[i].name);
        CHECK_ROW(slice_of(verdict.mentioned ? "yes" : "no"),
                  slice_of(rows[i].mentioned ? "yes" : "no"), rows[i].name);
    }
}

TEST(the_bots_own_words_pass_and_want_no_answer)
{
    const struct access_rules closed = {.dm_policy = ACCESS_CLOSED,
                                        .group_policy = ACCESS_CLOSED};
    struct access_subject subject = in_group(GROUP, SELF);
    subject.is_own = true;
    subject.mentions_self = true;
    check_verdict(&closed, &subject, "yes own_message", "group");
    subject = in_private(SELF);
    subject.is_own = true;
    check_verdict(&closed, &subject, "yes own_message", "private");
}

TEST(notices_about_a_group_go_by_the_group_alone)
{
    static int64_t user_id[] = {USER};
    const struct access_group strict = {.id = GROUP,
                                        .enabled = true,
                                        .has_allow_from = true,
                                        .allow_from = list_of(user_id, 1)};
    const struct access_rules rules = {
        .group_policy = ACCESS_ALLOWLIST, .groups = &strict, .group_count = 1};
    struct access_subject subject = in_group(GROUP, STRANGER);
    subject.kind = ACCESS_NOTICE;
    check_verdict(&rules, &subject, "yes! group_listed", "listed");
    subject.kind = ACCESS_ACT;
    check_verdict(&rules, &subject, "no sender_not_listed", "act");
    subject.kind = ACCESS_NOTICE;
    subject.group_id = 7;
    check_verdict(&rules, &subject, "no group_not_listed", "other group");
    subject.kind = ACCESS_FREE;
    check_verdict(&rules, &subject, "yes not_gated", "free");
}

/* ---- kinds ----------------------------------------------------------- */

TEST(each_event_is_of_one_kind)
{
    static const struct {
        const char *json;
        enum access_kind kind;
    } rows[] = {
        {"'post_type':'message','message_type':'group','group_id':1",
         ACCESS_MESSAGE},
        {"'post_type':'message','message_type':'private','user_id':1",
         ACCESS_MESSAGE},
        {"'post_type':'message','message_type':'guild','user_id':1",
         ACCESS_FREE},
        {"'post_type':'message_sent','message_type':'group'", ACCESS_FREE},
        {"'post_type':'meta_event','meta_event_type':'heartbeat'", ACCESS_FREE},
        {"'post_type':'request','request_type':'group','group_id':1",
         ACCESS_FREE},
        {"'post_type':'notice','notice_type':'bot_offline','user_id':10001",
         ACCESS_FREE},
        {"'post_type':'notice','notice_type':'friend_add','user_id':2",
         ACCESS_FREE},
        {"'post_type':'notice','notice_type':'friend_recall','user_id':2",
         ACCESS_ACT},
        {"'post_type':'notice','notice_type':'group_recall','group_id':1",
         ACCESS_ACT},
        {"'post_type':'notice','notice_type':'group_upload','group_id':1",
         ACCESS_ACT},
        {"'post_type':'notice','notice_type':'notify','sub_type':'poke',"
         "'group_id':1,'user_id':2",
         ACCESS_ACT},
        {"'post_type':'notice','notice_type':'notify','sub_type':'poke',"
         "'user_id':2",
         ACCESS_ACT},
        {"'post_type':'notice','notice_type':'notify','sub_type':'title',"
         "'group_id':1,'user_id':2",
         ACCESS_NOTICE},
        {"'post_type':'notice','notice_type':'group_increase','group_id':1,"
         "'user_id':2",
         ACCESS_NOTICE},
        {"'post_type':'notice','notice_type':'group_increase','group_id':1,"
         "'user_id':10001",
         ACCESS_FREE},
        {"'post_type':'notice','notice_type':'group_ban','group_id':1,"
         "'user_id':10001",
         ACCESS_FREE},
        {"'post_type':'notice','notice_type':'group_ban','group_id':1,"
         "'user_id':0",
         ACCESS_NOTICE},
        {"'post_type':'notice','notice_type':'group_card','group_id':1,"
         "'user_id':10001",
         ACCESS_NOTICE},
        {"'post_type':'notice','notice_type':'group_decrease','group_id':1,"
         "'sub_type':'kick_me','user_id':0",
         ACCESS_FREE},
        {"'post_type':'notice','notice_type':'notify','sub_type':'gray_tip',"
         "'group_id':1,'user_id':2",
         ACCESS_ACT},
        {"'post_type':'notice','notice_type':'new_thing','group_id':1",
         ACCESS_NOTICE},
        {"'post_type':'notice','notice_type':'new_thing'", ACCESS_FREE},
    };
    struct buffer scratch = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[256];
        struct onebot_frame frame;
        struct json_error error;
        snprintf(json, sizeof(json), "{%s}", rows[i].json);
        for (char *at = json; *at != '\0'; at++)
            if (*at == '\'')
                *at = '"';
        CHECK_EQ(onebot_read(slice_of(json), 0, &scratch, &frame, &error),
                 STATUS_OK);
        check_int(access_kind_of(&frame, SELF), rows[i].kind, rows[i].json,
                  __FILE__, __LINE__);
    }
    buffer_finish(&scratch);
}

TEST(who_did_it_is_not_always_the_user)
{
    static const struct {
        const char *json;
        int64_t actor;
    } rows[] = {
        {"{\"post_type\":\"notice\",\"notice_type\":\"notify\",\"user_id\":2,"
         "\"operator_id\":3}",
         2},
        {"{\"post_type\":\"notice\",\"notice_type\":\"essence\",\"user_id\":2,"
         "\"operator_id\":3}",
         3},
        {"{\"post_type\":\"notice\",\"notice_type\":\"reaction\","
         "\"operator_id\":3}",
         3},
        {"{\"post_type\":\"notice\",\"notice_type\":\"online_file_send\","
         "\"peer_id\":4}",
         4},
    };
    struct buffer scratch = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct onebot_frame frame;
        struct json_error error;
        CHECK_EQ(
            onebot_read(slice_of(rows[i].json), 0, &scratch, &frame, &error),
            STATUS_OK);
        CHECK_EQ(access_actor_of(&frame), rows[i].actor);
    }
    buffer_finish(&scratch);
}

/* ---- advice ---------------------------------------------------------- */

static void check_advice(const struct access_rules *rules,
                         const struct access_subject *subject, const char *part)
{
    struct access_verdict verdict = access_judge(rules, subject);
    struct buffer advice = {0};
    access_advise(rules, subject, &verdict, &advice);
    buffer_append(&advice, "", 1);
    if (strstr(advice.data, part) == NULL)
        CHECK_STR(advice.data, part);
    buffer_finish(&advice);
}

TEST(advice_names_what_to_change_and_where)
{
    struct access_rules rules = {
        .group_policy = ACCESS_ALLOWLIST,
        .dm_policy = ACCESS_PAIRING,
        .places = {.groups = "f.json:7: channels.napcatqq.groups",
                   .dm_policy = "f.json:3: channels.napcatqq.dmPolicy"},
    };
    struct access_subject group = in_group(GROUP, USER);
    struct access_subject person = in_private(USER);
    check_advice(
        &rules, &group,
        "\"20002\": {} to groups at f.json:7: channels.napcatqq.groups");
    check_advice(&rules, &person, "onebus pairing approve napcatqq 30001");
    rules.group_policy = ACCESS_OPEN;
    check_advice(&rules, &group, "requireMention");
    rules.group_policy = ACCESS_CLOSED;
    check_advice(&rules, &group, "groups are closed");
    rules.dm_policy = ACCESS_CLOSED;
    check_advice(&rules, &person, "f.json:3: channels.napcatqq.dmPolicy");
    rules.dm_policy = ACCESS_ALLOWLIST;
    check_advice(&rules, &person, "add 30001 to allowFrom");
    const struct access_group disabled = {.id = GROUP, .place = "f.json:9: x"};
    rules.groups = &disabled;
    rules.group_count = 1;
    check_advice(&rules, &group, "f.json:9: x");
}

SUITE(access, who_did_it_is_not_always_the_user,
      private_messages_go_by_dm_policy, a_star_in_allow_from_is_everybody,
      group_messages_go_by_policy_group_and_sender,
      the_full_example_of_the_guide_hears_who_is_listed,
      an_answer_is_expected_where_the_bot_is_mentioned,
      the_bots_own_words_pass_and_want_no_answer,
      notices_about_a_group_go_by_the_group_alone, each_event_is_of_one_kind,
      advice_names_what_to_change_and_where)
