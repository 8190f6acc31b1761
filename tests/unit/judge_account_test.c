/* SPDX-License-Identifier: MIT */
#include "cli/judge_account.h"

#include <stdlib.h>

#include "core/json_read.h"
#include "found.h"

#define NOW   INT64_C(1795000600000)
#define FRESH "1795000590000"
#define OLD   "1795000000000"

/* What the bridge tells, as JSON; NULL: nothing. */
struct told {
    const char *label;
    const char *status, *past, *refusals, *decisions, *calls;
    bool dials;
    const char *found;
};

static struct slice pack(struct buffer *buffer, const char *before,
                         const char *json, const char *behind)
{
    const struct json_reader_options options = {0};
    struct buffer text = {0};
    struct json_error error;
    if (json == NULL)
        return (struct slice){0};
    buffer_append_string(&text, before);
    buffer_append_string(&text, json);
    buffer_append_string(&text, behind);
    if (json_to_msgpack(buffer_slice(&text), &options, buffer, &error) !=
        STATUS_OK)
        abort();
    buffer_finish(&text);
    return buffer_slice(buffer);
}

static void judge(const struct told *told, struct findings *findings)
{
    struct buffer buffers[5] = {0};
    const struct account_facts facts = {
        .name = "bot1",
        .dials = told->dials,
        .status = pack(&buffers[0], "", told->status, ""),
        .past = pack(&buffers[1], "", told->past, ""),
        .troubles = pack(&buffers[2], "{\"refusals\":[", told->refusals, "]}"),
        .why = pack(&buffers[3], "{\"decisions\":[", told->decisions, "]}"),
        .calls = pack(&buffers[4], "{\"calls\":[", told->calls, "]}"),
        .now_ms = NOW,
    };
    judge_account(&facts, findings);
    for (size_t i = 0; i < 5; i++)
        buffer_finish(&buffers[i]);
}

#define UP                                                                     \
    "{\"state\":\"up\",\"self_id\":10001,\"online\":true,"                     \
    "\"heartbeat_age_ms\":9,\"actions\":\"ok\",\"peer\":\"\"}"
#define UP_WITH(more) "{\"state\":\"up\",\"heartbeat_age_ms\":9," more "}"
#define REFUSED(account, reason, last)                                         \
    "{\"account\":" account ",\"reason\":\"" reason                            \
    "\",\"count\":3,\"last_at\":" last ",\"remote\":\"192.0.2.1\","            \
    "\"path\":\"/x\",\"token\":\"none\",\"why\":\"so\"}"
#define DROPPED(reason)                                                        \
    "{\"kind\":\"message\",\"allowed\":false,\"reason\":\"" reason             \
    "\",\"advice\":\"set " reason "\"}"
#define SENT "{\"action\":\"send_msg\",\"status\":\"ok\"}"

TEST(an_account_is_judged_by_what_the_bridge_tells)
{
    static const struct told rows[] = {
        {.label = "not there", .found = "fault:not-read"},
        {.label = "well", .status = UP, .past = "{}", .found = "ok:connected"},
        {.label = "an older bridge", .status = UP, .found = "ok:connected"},
        /* down */
        {.label = "nobody",
         .status = "{\"state\":\"down\"}",
         .past = "{}",
         .refusals = "",
         .found = "fault:nobody-came"},
        {.label = "no token",
         .status = "{\"state\":\"down\"}",
         .past = "{\"down_at\":null}",
         .refusals = REFUSED("\"bot1\"", "token_missing", OLD),
         .found = "fault:token-missing"},
        {.label = "another's trouble",
         .status = "{\"state\":\"down\"}",
         .past = "{}",
         .refusals = REFUSED("\"bot2\"", "token_wrong", FRESH),
         .found = "fault:nobody-came"},
        {.label = "path and number",
         .status = "{\"state\":\"down\"}",
         .past = "{}",
         .refusals = REFUSED("null", "unknown_path",
                             FRESH) "," REFUSED("\"bot1\"", "other_qq", FRESH),
         .found = "fault:other-qq fault:path-unknown"},
        {.label = "what nobody knows",
         .status = "{\"state\":\"down\"}",
         .past = "{}",
         .refusals = REFUSED("\"bot1\"", "something_new", FRESH),
         .found = "fault:bad-request"},
        {.label = "gone",
         .status = "{\"state\":\"down\"}",
         .past = "{\"down_at\":" OLD ",\"down_code\":1009}",
         .refusals = REFUSED("null", "unknown_path", OLD),
         .found = "fault:link-down"},
        {.label = "gone, and refused since",
         .status = "{\"state\":\"down\"}",
         .past = "{\"down_at\":" OLD "}",
         .refusals = REFUSED("\"bot1\"", "token_wrong",
                             OLD) "," REFUSED("null", "unknown_path", FRESH),
         .found = "fault:link-down fault:token-wrong warn:path-unknown"},
        {.label = "dials",
         .status = "{\"state\":\"degraded\"}",
         .past = "{\"dial_fault\":\"no\"}",
         .dials = true,
         .found = "warn:not-connected"},
        /* up */
        {.label = "offline",
         .status = UP_WITH("\"online\":false"),
         .past = "{\"online_at\":" OLD "}",
         .found = "ok:connected fault:qq-offline"},
        {.label = "nobody has said",
         .status = UP_WITH("\"online\":null"),
         .past = "{}",
         .found = "ok:connected"},
        {.label = "just up, no heartbeat yet",
         .status = "{\"state\":\"up\",\"heartbeat_age_ms\":null}",
         .past = "{\"up_at\":" FRESH "}",
         .found = "ok:connected"},
        {.label = "no heartbeat",
         .status = "{\"state\":\"up\",\"heartbeat_age_ms\":null}",
         .past = "{\"up_at\":" OLD "}",
         .found = "ok:connected warn:no-heartbeat"},
        {.label = "a late heartbeat",
         .status = "{\"state\":\"up\",\"heartbeat_age_ms\":120000}",
         .past = "{\"up_at\":" OLD "}",
         .found = "ok:connected warn:no-heartbeat"},
        {.label = "stalled",
         .status = UP_WITH("\"actions\":\"stalled\""),
         .past = "{}",
         .found = "ok:connected fault:actions-stalled"},
        {.label = "paused",
         .status = UP_WITH("\"paused_count\":2,\"paused\":[{\"group_id\":1,"
                           "\"reason\":\"muted\"},{\"reason\":\"failing\"}]"),
         .past = "{}",
         .found = "ok:connected warn:sending-paused"},
        {.label = "old NapCat",
         .status = UP_WITH("\"peer\":\"NapCat.Onebot/4.8.114\""),
         .past = "{}",
         .found = "ok:connected note:peer-old"},
        {.label = "new NapCat",
         .status = UP_WITH("\"peer\":\"NapCat.Onebot/4.8.115\""),
         .past = "{}",
         .found = "ok:connected"},
        {.label = "strings",
         .status = UP,
         .past = "{\"string_messages\":1}",
         .found = "ok:connected note:string-format"},
        {.label = "two sends",
         .status = UP,
         .past = "{\"own_messages\":0}",
         .calls = SENT "," SENT,
         .found = "ok:connected"},
        {.label = "three sends",
         .status = UP,
         .past = "{\"own_messages\":0}",
         .calls = SENT "," SENT "," SENT,
         .found = "ok:connected note:self-messages-off"},
        {.label = "three sends, reported",
         .status = UP,
         .past = "{\"own_messages\":1}",
         .calls = SENT "," SENT "," SENT,
         .found = "ok:connected"},
        {.label = "somebody else knocks",
         .status = UP,
         .past = "{}",
         .refusals = REFUSED("\"bot1\"", "token_wrong", FRESH),
         .found = "ok:connected warn:token-wrong"},
        {.label = "somebody knocked",
         .status = UP,
         .past = "{}",
         .refusals = REFUSED("\"bot1\"", "token_wrong", OLD),
         .found = "ok:connected"},
        {.label = "dropped frames",
         .status = UP,
         .past = "{\"drops\":[{\"reason\":\"a\",\"count\":1,"
                 "\"last_at\":" OLD "},{\"reason\":\"b\",\"count\":2,"
                 "\"last_at\":" FRESH "}]}",
         .found = "ok:connected note:frames-dropped warn:frames-dropped"},
        /* who is heard */
        {.label = "nobody heard",
         .status = UP,
         .past = "{}",
         .decisions = DROPPED("a") "," DROPPED("b"),
         .found = "ok:connected warn:nobody-heard"},
        {.label = "notices are no messages",
         .status = UP,
         .past = "{}",
         .decisions = "{\"kind\":\"notice\",\"allowed\":false}",
         .found = "ok:connected"},
        {.label = "one is heard",
         .status = UP,
         .past = "{}",
         .decisions = DROPPED("a") ",{\"kind\":\"message\",\"allowed\":true,"
                                   "\"respond\":true}",
         .found = "ok:connected"},
        {.label = "none is answered",
         .status = UP,
         .past = "{}",
         .decisions = "{\"kind\":\"message\",\"allowed\":true}",
         .found = "ok:connected note:nobody-answered"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "accounts"};
        judge(&rows[i], &findings);
        check_found(&findings, rows[i].found, rows[i].label);
    }
}

TEST(a_refusal_is_told_with_who_it_was_and_when)
{
    struct findings findings = {.subject = "accounts"};
    const struct told told = {
        .status = "{\"state\":\"down\"}",
        .past = "{}",
        .refusals = "{\"account\":\"bot1\",\"reason\":\"token_wrong\","
                    "\"count\":3,\"last_at\":" FRESH
                    ",\"remote\":\"192.0.2.1\",\"path\":\"/x\","
                    "\"self_id\":\"10001\",\"token\":\"wrong\","
                    "\"user_agent\":\"One\\nBot\",\"why\":\"not the one\"}",
    };
    judge(&told, &findings);
    CHECK_STR(findings.items[0].seen,
              "192.0.2.1 was refused 3 times, last 10 s ago: path /x, QQ "
              "10001, token wrong, \"One\\nBot\"");
    CHECK_STR(findings.items[0].why, "not the one");
    CHECK_STR(findings.items[0].account, "bot1");
    findings_finish(&findings);
}

TEST(the_reason_that_drops_most_says_what_to_change)
{
    struct findings findings = {.subject = "accounts"};
    const struct told told = {
        .status = UP,
        .past = "{}",
        .decisions = DROPPED("rare") "," DROPPED("often") "," DROPPED("often"),
    };
    judge(&told, &findings);
    CHECK_STR(findings.items[1].seen,
              "of the last 3 messages none was let through, 2 for often");
    CHECK_STR(findings.items[1].remedy, "set often");
    findings_finish(&findings);
}

SUITE(judge_account, an_account_is_judged_by_what_the_bridge_tells,
      a_refusal_is_told_with_who_it_was_and_when,
      the_reason_that_drops_most_says_what_to_change)
