/* SPDX-License-Identifier: MIT */
#include "core/catalog.h"

#include "check.h"

static struct catalog_name resolve(const char *name)
{
    return catalog_resolve(slice_of(name));
}

TEST(only_what_surely_reads_is_a_read)
{
    static const struct {
        const char *action;
        bool is_read;
    } rows[] = {
        {"get_login_info", true},
        {"can_send_image", true},
        {".get_word_slices", true},
        {".ocr_image", true},
        {"fetch_emoji_like", true},
        {"nc_get_packet_status", true},
        {"translate_en2zh", true}, /* by the catalogue alone */
        {"send_ark_share", true},  /* though it begins as if it sent */
        {"getFriendList", true},
        {"get_friend_list_async", true},
        {"get_moon_phase", true}, /* not in the catalogue: by its first word */
        {"get_moon_phase_async", true},
        {"send_group_msg", false},
        {"set_group_ban", false},
        {"setGroupMute", false},
        {"delete_msg", false},
        {"_send_group_notice", false},
        {"forget_", false},
        {"get", false},
        {"", false},
        {".", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_int(resolve(rows[i].action).is_read, rows[i].is_read,
                  rows[i].action, __FILE__, __LINE__);
}

TEST(what_sends_or_changes_a_chat_needs_qq)
{
    static const struct {
        const char *action;
        bool needs_qq;
    } rows[] = {
        {"send_group_msg", true},
        {"setGroupMute", true},
        {"_del_group_notice", true},
        {"set_qq_profile", true},
        {"send_moon_phase", true},
        {"upload_file_stream", false},
        {"send_ark_share", false},
        {"set_restart", false},
        {"set_online_status", false},
        {"get_group_list", false},
        {"dance", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_int(resolve(rows[i].action).needs_qq, rows[i].needs_qq,
                  rows[i].action, __FILE__, __LINE__);
}

TEST(a_name_loses_its_alias_and_its_suffix)
{
    static const struct {
        const char *given, *name;
        bool is_known;
        enum catalog_manner manner;
    } rows[] = {
        {"send_msg", "send_msg", true, CATALOG_PLAIN},
        {"send_msg_async", "send_msg", true, CATALOG_ASYNC},
        {"send_msg_rate_limited", "send_msg", true, CATALOG_RATE_LIMITED},
        {"setGroupMute", "set_group_ban", true, CATALOG_PLAIN},
        {"setGroupMute_async", "set_group_ban", true, CATALOG_ASYNC},
        {".ocr_image", ".ocr_image", true, CATALOG_PLAIN},
        {".handle_quick_operation_async", ".handle_quick_operation", true,
         CATALOG_ASYNC},
        /* Nothing is cut off what nobody knows. */
        {"dance_async", "dance_async", false, CATALOG_PLAIN},
        {"send_msg_async_async", "send_msg_async_async", false, CATALOG_PLAIN},
        {"_async", "_async", false, CATALOG_PLAIN},
        {"SEND_MSG", "SEND_MSG", false, CATALOG_PLAIN},
        {"send_ms", "send_ms", false, CATALOG_PLAIN},
        {"send_msgs", "send_msgs", false, CATALOG_PLAIN},
        {"", "", false, CATALOG_PLAIN},
        {"\xff", "\xff", false, CATALOG_PLAIN},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct catalog_name name = resolve(rows[i].given);
        CHECK_ROW(name.name, slice_of(rows[i].name), rows[i].given);
        CHECK_EQ(name.action != NULL, rows[i].is_known);
        CHECK_EQ(name.manner, rows[i].manner);
    }
}

TEST(the_guides_eleven_names_lead_to_actions)
{
    static const struct {
        const char *alias, *name;
    } rows[] = {
        {"setGroupAdmin", "set_group_admin"},
        {"setGroupMute", "set_group_ban"},
        {"kickGroupMember", "set_group_kick"},
        {"setGroupWholeMute", "set_group_whole_ban"},
        {"setGroupName", "set_group_name"},
        {"getGroupMemberInfo", "get_group_member_info"},
        {"getFriendList", "get_friend_list"},
        {"deleteFriend", "delete_friend"},
        {"setFriendRemark", "set_friend_remark"},
        {"uploadGroupFile", "upload_group_file"},
        {"uploadPrivateFile", "upload_private_file"},
    };
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    for (size_t i = 0; i < ROWS; i++)
        CHECK_ROW(resolve(rows[i].alias).name, slice_of(rows[i].name),
                  rows[i].alias);
    CHECK_EQ(catalog_name_count(), catalog_count() + ROWS);
}

TEST(every_name_is_found_where_it_belongs)
{
    CHECK_EQ(catalog_count(), 195);
    for (size_t i = 0; i < catalog_count(); i++) {
        const struct catalog_action *action = catalog_at(i);
        CHECK(resolve(action->name).action == action);
        CHECK(i == 0 || strcmp(catalog_at(i - 1)->name, action->name) < 0);
        CHECK(action->param_count <= CATALOG_PARAMS_MAX);
    }
    for (size_t i = 0; i < catalog_name_count(); i++) {
        struct catalog_name name = catalog_name_at(i);
        CHECK(catalog_resolve(name.name).action == name.action);
    }
}

TEST(an_action_says_how_it_is_to_be_treated)
{
    const struct catalog_action *send = resolve("send_group_msg").action;
    CHECK(send->is_speech && send->is_paced && send->needs_qq);
    CHECK(!send->is_stream && !send->is_upload);
    CHECK_EQ(send->answer, CATALOG_ANSWERS);
    CHECK_EQ(send->peers, 1u << PEER_UNKNOWN | 1u << PEER_NAPCAT |
                              1u << PEER_GOCQHTTP | 1u << PEER_LAGRANGE |
                              1u << PEER_LLBOT);
    CHECK(!resolve("set_group_ban").action->is_paced);
    CHECK(resolve("send_poke").action->is_paced);
    CHECK(!resolve("send_poke").action->is_speech);
    CHECK(resolve("upload_group_file").action->is_upload);
    CHECK(resolve("download_file_stream").action->is_stream);
    CHECK(!resolve("upload_file_stream").action->is_stream);
    CHECK_EQ(resolve("bot_exit").action->answer, CATALOG_NEVER_ANSWERS);
    CHECK_EQ(resolve("nc_get_rkey").action->answer, CATALOG_NEVER_ANSWERS);
    CHECK_EQ(resolve("set_restart").action->answer, CATALOG_MAY_NOT_ANSWER);
}

static const struct catalog_param *param(const char *action, const char *name)
{
    bool by_alias;
    return catalog_param(resolve(action).action, slice_of(name), &by_alias);
}

TEST(a_parameter_is_found_by_name_and_by_alias)
{
    bool by_alias;
    const struct catalog_action *ban = resolve("set_group_ban").action;
    const struct catalog_param *group =
        catalog_param(ban, slice_of("group_id"), &by_alias);
    CHECK_STR(group->name, "group_id");
    CHECK(!by_alias);
    CHECK(catalog_param(ban, slice_of("groupId"), &by_alias) == group);
    CHECK(by_alias);
    CHECK(param("set_group_ban", "groupid") == NULL);
    CHECK(param("set_group_ban", "") == NULL);
    CHECK(param("get_login_info", "x") == NULL);
    CHECK_STR(param("upload_group_file", "folderId")->name, "folder");
    CHECK_STR(param("send_group_forward_msg", "message")->name, "messages");
    CHECK_STR(param("upload_group_file", "folder_id")->same_as, "folder");
}

TEST(a_parameter_says_what_it_may_be)
{
    const struct catalog_param *group = param("set_group_ban", "group_id");
    CHECK_EQ(group->types, CATALOG_INT | CATALOG_STRING);
    CHECK(group->is_id);
    CHECK_EQ(group->required_by, CATALOG_EVERY_PEER);
    const struct catalog_param *duration = param("set_group_ban", "duration");
    CHECK_EQ(duration->types, CATALOG_INT);
    CHECK_EQ(duration->required_by, 0);
    CHECK(duration->warning_if_missing != NULL);
    CHECK_EQ(duration->warned_peers, 1u << PEER_UNKNOWN | 1u << PEER_NAPCAT);
    CHECK_SLICE(duration->fallback, ((struct slice){"\0", 1}));
    CHECK_EQ(param("get_cookies", "domain")->required_by, 1u << PEER_NAPCAT);
    CHECK(param("upload_group_file", "file")->is_media);
    CHECK(!param("upload_group_file", "file")->is_path);
    CHECK(param("send_online_file", "file_path")->is_path);
    CHECK(param("send_msg", "user_id")->is_one_of);
    CHECK_STR(param("send_msg", "message_type")->values[0], "private");
    CHECK_SLICE(param("set_diy_online_status", "wording")->fallback,
                slice_of("\xa1 "));
    CHECK_SLICE(param("upload_file_stream", "file_retention")->fallback,
                ((struct slice){"\xd2\x00\x04\x93\xe0", 5}));
}

SUITE(catalog, only_what_surely_reads_is_a_read,
      what_sends_or_changes_a_chat_needs_qq,
      a_name_loses_its_alias_and_its_suffix,
      the_guides_eleven_names_lead_to_actions,
      every_name_is_found_where_it_belongs,
      an_action_says_how_it_is_to_be_treated,
      a_parameter_is_found_by_name_and_by_alias,
      a_parameter_says_what_it_may_be)
