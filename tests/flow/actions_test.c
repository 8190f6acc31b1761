/* SPDX-License-Identifier: MIT */
/* bridge.actions: what can be asked for. That each row is as in
 * schema/actions.json: tests/e2e/test_actions.py. */
#include "check.h"
#include "core/catalog.h"
#include "world.h"

static const cJSON *ask(struct world *w, const char *params)
{
    char request[256];
    snprintf(request, sizeof(request),
             "{\"action\":\"bridge.actions\",\"params\":%s}", params);
    world_call(w, request);
    const struct world_reply *reply = world_reply(w, w->reply_count - 1);
    CHECK_STR(reply->status, "ok");
    return cJSON_GetObjectItem(reply->json, "data");
}

static int size(const cJSON *data, const char *key)
{
    return cJSON_GetArraySize(cJSON_GetObjectItem(data, key));
}

static const char *first(const cJSON *data, const char *key)
{
    const cJSON *list = cJSON_GetObjectItem(data, key);
    const char *name = cJSON_GetStringValue(
        cJSON_GetObjectItem(cJSON_GetArrayItem(list, 0), "name"));
    return name == NULL ? "" : name;
}

TEST(without_a_question_everything_is_listed)
{
    struct world *w = world_create(1);
    const cJSON *data = ask(w, "{}");
    CHECK_EQ(size(data, "actions"), catalog_count());
    CHECK_EQ(size(data, "aliases"), catalog_name_count() - catalog_count());
    CHECK(size(data, "bridge") > 10);
    CHECK_STR(first(data, "bridge"), "bridge.ping");
    CHECK_EQ(size(ask(w, "{\"name\":null,\"peer\":null}"), "actions"),
             catalog_count());
    world_destroy(w);
}

TEST(a_name_a_pattern_or_an_alias_choose)
{
    static const struct {
        const char *params;
        int actions, aliases, bridge;
        const char *first;
    } rows[] = {
        {"{\"name\":\"set_group_ban\"}", 1, 1, 0, "set_group_ban"},
        {"{\"name\":\"setGroupMute\"}", 1, 1, 0, "set_group_ban"},
        {"{\"name\":\"send_msg_async\"}", 1, 0, 0, "send_msg"},
        {"{\"name\":\"upload_*_file\"}", 2, 2, 0, "upload_group_file"},
        {"{\"name\":\"setGroup*\"}", 4, 4, 0, "set_group_admin"},
        {"{\"name\":\"*Mute\",\"peer\":\"onebot11\"}", 2, 2, 0,
         "set_group_ban"},
        {"{\"name\":\".*\"}", 3, 0, 0, ".get_word_slices"},
        {"{\"name\":\"bridge.cursor.*\"}", 0, 0, 2, ""},
        {"{\"name\":\"dance\"}", 0, 0, 0, ""},
        {"{\"name\":\"set_*_ban\",\"peer\":\"napcat\"}", 2, 2, 0,
         "set_group_ban"},
        {"{\"name\":\"set_*_ban\",\"peer\":\"gocqhttp\"}", 3, 2, 0,
         "set_group_anonymous_ban"},
        {"{\"name\":\"bot_exit\",\"peer\":\"onebot11\"}", 0, 0, 0, ""},
        {"{\"name\":\"bridge.ping\",\"peer\":\"llbot\"}", 0, 0, 1, ""},
    };
    struct world *w = world_create(1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const cJSON *data = ask(w, rows[i].params);
        check_int(size(data, "actions"), rows[i].actions, rows[i].params,
                  __FILE__, __LINE__);
        check_int(size(data, "aliases"), rows[i].aliases, rows[i].params,
                  __FILE__, __LINE__);
        check_int(size(data, "bridge"), rows[i].bridge, rows[i].params,
                  __FILE__, __LINE__);
        CHECK_ROW(slice_of(first(data, "actions")), slice_of(rows[i].first),
                  rows[i].params);
    }
    world_destroy(w);
}

TEST(an_action_is_told_with_its_parameters)
{
    struct world *w = world_create(1);
    const cJSON *data = ask(w, "{\"name\":\"set_group_ban\"}");
    char *text = cJSON_PrintUnformatted(data);
    CHECK_STR(
        text,
        "{\"actions\":[{\"name\":\"set_group_ban\",\"summary\":\"Mute a "
        "member, or lift the mute\",\"kind\":\"write\",\"peers\":[\"onebot11\","
        "\"napcat\",\"llbot\",\"lagrange\",\"gocqhttp\"],\"flags\":"
        "[\"needs_qq\"],\"answer\":\"always\",\"params\":["
        "{\"name\":\"group_id\",\"types\":[\"integer\",\"string\"],"
        "\"required\":true,\"id\":true,\"aliases\":[\"groupId\"]},"
        "{\"name\":\"user_id\",\"types\":[\"integer\",\"string\"],"
        "\"required\":true,\"id\":true,\"aliases\":[\"userId\"]},"
        "{\"name\":\"duration\",\"summary\":\"In seconds\",\"types\":"
        "[\"integer\"],\"required\":false,\"default\":0,"
        "\"warn_if_missing\":\"NapCat then lifts the mute, where "
        "the standard mutes for 1800 s\"}],\"note\":\"Always give duration; 0 "
        "lifts the mute\"}],\"aliases\":{\"setGroupMute\":\"set_group_ban\"},"
        "\"bridge\":[]}");
    cJSON_free(text);
    world_destroy(w);
}

TEST(the_bridges_own_say_whether_they_read)
{
    struct world *w = world_create(1);
    const cJSON *data = ask(w, "{\"name\":\"bridge.cursor.?et\"}");
    char *text = cJSON_PrintUnformatted(cJSON_GetObjectItem(data, "bridge"));
    CHECK_STR(text, "[{\"name\":\"bridge.cursor.get\",\"kind\":\"read\"},"
                    "{\"name\":\"bridge.cursor.set\",\"kind\":\"write\"}]");
    cJSON_free(text);
    world_destroy(w);
}

TEST(a_question_that_makes_no_sense_is_refused)
{
    static const struct {
        const char *params, *message;
    } rows[] = {
        {"{\"name\":5}", "name: allowed: a name, or a pattern with *, of 1 to "
                         "128 bytes"},
        {"{\"name\":\"\"}", "name: allowed: a name, or a pattern with *, of 1 "
                            "to 128 bytes"},
        {"{\"peer\":\"snowluma\"}", "peer: allowed: onebot11, napcat, llbot, "
                                    "lagrange or gocqhttp"},
        {"{\"peer\":1}", "peer: allowed: onebot11, napcat, llbot, lagrange or "
                         "gocqhttp"},
    };
    struct world *w = world_create(1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char request[256];
        snprintf(request, sizeof(request),
                 "{\"action\":\"bridge.actions\",\"params\":%s}",
                 rows[i].params);
        world_call(w, request);
        const struct world_reply *reply = world_reply(w, i);
        CHECK_STR(reply->error, "bad_params");
        CHECK_STR(
            cJSON_GetStringValue(cJSON_GetObjectItem(reply->json, "message")),
            rows[i].message);
    }
    world_destroy(w);
}

SUITE(actions, without_a_question_everything_is_listed,
      a_name_a_pattern_or_an_alias_choose,
      an_action_is_told_with_its_parameters,
      the_bridges_own_say_whether_they_read,
      a_question_that_makes_no_sense_is_refused)
