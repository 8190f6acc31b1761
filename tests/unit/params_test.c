/* SPDX-License-Identifier: MIT */
#include "core/params.h"

#include "check.h"
#include "core/catalog.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/peer.h"
#include "core/warnings.h"
#include "files.h"

/* What comes of parameters, all as JSON. */
struct outcome {
    enum status status;
    struct buffer in, out, text, told;
    struct slice shaped;
    struct warnings warnings;
    char fault[REQUEST_FAULT_SIZE];
};

static void read_text(const char *json, struct buffer *pack)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, pack, &error),
             STATUS_OK);
}

static void write_text(struct slice pack, struct buffer *text)
{
    const struct json_writer_options options = {.bin_as_base64 = true};
    struct json_error error;
    CHECK_EQ(json_from_msgpack(pack, &options, text, &error), STATUS_OK);
}

static struct outcome shape_pack_for(const char *action, struct buffer pack,
                                     enum peer_kind kind)
{
    struct outcome outcome = {.in = pack};
    const struct peer peer = {.kind = kind};
    outcome.status = params_shape(
        catalog_resolve(slice_of(action)).action, buffer_slice(&outcome.in),
        &peer, &outcome.out, &outcome.shaped, &outcome.warnings, outcome.fault);
    if (outcome.status == STATUS_OK && outcome.shaped.size > 0)
        write_text(outcome.shaped, &outcome.text);
    struct buffer lines = {0};
    warnings_pack(&outcome.warnings, &lines);
    write_text(buffer_slice(&lines), &outcome.told);
    buffer_finish(&lines);
    return outcome;
}

static struct outcome shape(const char *action, const char *json,
                            enum peer_kind kind)
{
    struct buffer pack = {0};
    read_text(json, &pack);
    return shape_pack_for(action, pack, kind);
}

static void finish(struct outcome *outcome)
{
    buffer_finish(&outcome->in);
    buffer_finish(&outcome->out);
    buffer_finish(&outcome->text);
    buffer_finish(&outcome->told);
    warnings_finish(&outcome->warnings);
}

static void check_shaped(const char *action, enum peer_kind kind,
                         const char *given, const char *shaped)
{
    struct outcome outcome = shape(action, given, kind);
    check_int(outcome.status, STATUS_OK, given, __FILE__, __LINE__);
    if (outcome.status == STATUS_OK)
        CHECK_ROW(buffer_slice(&outcome.text), slice_of(shaped), given);
    else
        CHECK_ROW(slice_of(outcome.fault), slice_of(""), given);
    finish(&outcome);
}

static void check_refused(const char *action, enum peer_kind kind,
                          const char *given, const char *fault)
{
    struct outcome outcome = shape(action, given, kind);
    check_int(outcome.status, STATUS_INVALID, given, __FILE__, __LINE__);
    if (outcome.status == STATUS_INVALID)
        CHECK_ROW(slice_of(outcome.fault), slice_of(fault), given);
    finish(&outcome);
}

TEST(what_is_right_leaves_as_it_came_uncopied)
{
    static const struct {
        const char *action, *params;
    } rows[] = {
        {"send_group_msg", "{\"group_id\":20002,\"message\":\"hi\"}"},
        {"send_group_msg", "{\"message\":[{\"type\":\"text\"}],\"group_id\":1,"
                           "\"auto_escape\":true,\"x\":{\"y\":[null]}}"},
        {"send_msg", "{\"user_id\":\"10001\",\"message\":{\"type\":\"at\"}}"},
        {"set_group_ban", "{\"group_id\":1,\"user_id\":2,\"duration\":60}"},
        {"set_group_add_request", "{\"flag\":\"f\",\"reason\":null}"},
        {"delete_msg", "{\"message_id\":-2147483648}"},
        {"get_login_info", "{}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct outcome outcome =
            shape(rows[i].action, rows[i].params, PEER_NAPCAT);
        CHECK_EQ(outcome.status, STATUS_OK);
        CHECK(outcome.shaped.data == outcome.in.data);
        CHECK_EQ(outcome.shaped.size, outcome.in.size);
        CHECK_EQ(outcome.out.size, 0);
        finish(&outcome);
    }
}

TEST(no_parameters_are_an_empty_map)
{
    const struct buffer none = {0};
    struct outcome outcome =
        shape_pack_for("get_login_info", none, PEER_NAPCAT);
    CHECK_EQ(outcome.status, STATUS_OK);
    CHECK_EQ(outcome.shaped.size, 0);
    finish(&outcome);
    outcome = shape_pack_for("delete_msg", none, PEER_NAPCAT);
    CHECK_EQ(outcome.status, STATUS_INVALID);
    CHECK_STR(outcome.fault, "params.message_id: required: an integer or a "
                             "string of digits");
    finish(&outcome);
}

TEST(ids_leave_in_the_form_that_the_peer_takes)
{
    static const struct {
        const char *given, *napcat, *llbot, *gocqhttp, *unknown;
    } rows[] = {
        {"12", "12", "12", "12", "12"},
        {"\"12\"", "\"12\"", "12", "12", "12"},
        {"-12", "-12", "-12", "-12", "-12"},
        {"\"-12\"", "\"-12\"", "-12", "-12", "-12"},
        {"12.0", "12", "12", "12", "12"},
        /* 2^53 is still exact, beyond it numbers are rounded. */
        {"9007199254740992", "9007199254740992", "9007199254740992",
         "9007199254740992", "9007199254740992"},
        {"9007199254740993", "\"9007199254740993\"", "\"9007199254740993\"",
         "9007199254740993", "\"9007199254740993\""},
        {"\"9007199254740993\"", "\"9007199254740993\"", "\"9007199254740993\"",
         "9007199254740993", "\"9007199254740993\""},
        {"-9007199254740993", "\"-9007199254740993\"", "\"-9007199254740993\"",
         "-9007199254740993", "\"-9007199254740993\""},
        {"-9223372036854775808", "\"-9223372036854775808\"",
         "\"-9223372036854775808\"", "-9223372036854775808",
         "\"-9223372036854775808\""},
        {"\"-9223372036854775808\"", "\"-9223372036854775808\"",
         "\"-9223372036854775808\"", "-9223372036854775808",
         "\"-9223372036854775808\""},
        {"18446744073709551615", "\"18446744073709551615\"",
         "\"18446744073709551615\"", "18446744073709551615",
         "\"18446744073709551615\""},
        {"\"18446744073709551615\"", "\"18446744073709551615\"",
         "\"18446744073709551615\"", "18446744073709551615",
         "\"18446744073709551615\""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct {
            enum peer_kind kind;
            const char *shaped;
        } peers[] = {
            {PEER_NAPCAT, rows[i].napcat},
            {PEER_LLBOT, rows[i].llbot},
            {PEER_SNOWLUMA, rows[i].llbot},
            {PEER_GOCQHTTP, rows[i].gocqhttp},
            {PEER_LAGRANGE, rows[i].gocqhttp},
            {PEER_UNKNOWN, rows[i].unknown},
        };
        for (size_t j = 0; j < sizeof(peers) / sizeof(peers[0]); j++) {
            char given[80], shaped[80];
            snprintf(given, sizeof(given), "{\"message_id\":%s}",
                     rows[i].given);
            snprintf(shaped, sizeof(shaped), "{\"message_id\":%s}",
                     peers[j].shaped);
            check_shaped("get_msg", peers[j].kind, given, shaped);
        }
    }
}

TEST(an_id_is_an_integer_or_its_digits)
{
    static const char *const rows[] = {
        "\"-\"",
        "\"+1\"",
        "\" 1\"",
        "\"1 \"",
        "\"1.0\"",
        "\"0x1\"",
        "\"abc\"",
        "1.5",
        "1e300",
        "true",
        "[1]",
        "{}",
        "\"18446744073709551616\"",
        "\"-9223372036854775809\"",
        "\"100000000000000000000000000000000000000000\"",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char given[80];
        snprintf(given, sizeof(given), "{\"message_id\":%s}", rows[i]);
        check_refused("get_msg", PEER_NAPCAT, given,
                      "params.message_id: allowed: an integer or a string of "
                      "digits");
    }
}

TEST(a_value_becomes_what_is_wanted_if_it_means_that)
{
    static const struct {
        const char *action, *given, *shaped;
    } rows[] = {
        /* integers */
        {"get_recent_contact", "{\"count\":\"12\"}", "{\"count\":12}"},
        {"get_recent_contact", "{\"count\":\"-1\"}", "{\"count\":-1}"},
        {"get_recent_contact", "{\"count\":3.0}", "{\"count\":3}"},
        {"get_recent_contact", "{\"count\":-0.0}", "{\"count\":0}"},
        /* text */
        {"get_collection_list", "{\"category\":0,\"count\":-7}",
         "{\"category\":\"0\",\"count\":\"-7\"}"},
        {"get_collection_list", "{\"category\":18446744073709551615}",
         "{\"category\":\"18446744073709551615\"}"},
        /* booleans */
        {"get_group_list", "{\"no_cache\":\"true\"}", "{\"no_cache\":true}"},
        {"get_group_list", "{\"no_cache\":\"false\"}", "{\"no_cache\":false}"},
        {"get_group_list", "{\"no_cache\":1}", "{\"no_cache\":true}"},
        {"get_group_list", "{\"no_cache\":0}", "{\"no_cache\":false}"},
        {"get_group_list", "{\"no_cache\":\"1\"}", "{\"no_cache\":true}"},
        {"get_group_list", "{\"no_cache\":\"0\"}", "{\"no_cache\":false}"},
        {"get_group_list", "{\"no_cache\":1.0}", "{\"no_cache\":true}"},
        {"get_group_list", "{\"no_cache\":\"True\"}", "{\"no_cache\":true}"},
        {"get_group_list", "{\"no_cache\":\"no\"}", "{\"no_cache\":false}"},
        /* a message */
        {"send_group_msg", "{\"group_id\":1,\"message\":42}",
         "{\"group_id\":1,\"message\":\"42\"}"},
        /* nothing is not passed on */
        {"send_msg", "{\"user_id\":1,\"group_id\":\"\",\"message\":\"\"}",
         "{\"user_id\":1,\"message\":\"\"}"},
        {"send_msg", "{\"message_type\":\"\",\"user_id\":1,\"message\":\"x\"}",
         "{\"user_id\":1,\"message\":\"x\"}"},
        /* either is fine as it is */
        {"set_qq_profile", "{\"nickname\":\"n\",\"sex\":1}",
         "{\"nickname\":\"n\",\"sex\":1}"},
        {"set_qq_profile", "{\"nickname\":\"n\",\"sex\":\"male\"}",
         "{\"nickname\":\"n\",\"sex\":\"male\"}"},
        /* what is around them stays, in its order */
        {"get_recent_contact",
         "{\"b\":[1,null],\"count\":\"1\",\"a\":{\"c\":null}}",
         "{\"b\":[1,null],\"count\":1,\"a\":{\"c\":null}}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_shaped(rows[i].action, PEER_NAPCAT, rows[i].given,
                     rows[i].shaped);
}

TEST(a_value_of_another_kind_is_refused_with_what_is_allowed)
{
    static const struct {
        const char *action, *given, *fault;
    } rows[] = {
        {"get_recent_contact", "{\"count\":\"ten\"}",
         "params.count: allowed: an integer"},
        {"get_recent_contact", "{\"count\":1.5}",
         "params.count: allowed: an integer"},
        {"get_recent_contact", "{\"count\":true}",
         "params.count: allowed: an integer"},
        {"get_group_list", "{\"no_cache\":\"never\"}",
         "params.no_cache: allowed: true or false"},
        {"get_group_list", "{\"no_cache\":2}",
         "params.no_cache: allowed: true or false"},
        {"get_group_list", "{\"no_cache\":-1}",
         "params.no_cache: allowed: true or false"},
        {"get_group_list", "{\"no_cache\":\"\"}",
         "params.no_cache: allowed: true or false"},
        {"get_group_list", "{\"no_cache\":[]}",
         "params.no_cache: allowed: true or false"},
        {"check_url_safely", "{\"url\":false}",
         "params.url: allowed: a string"},
        {"check_url_safely", "{\"url\":0.5}", "params.url: allowed: a string"},
        {"check_url_safely", "{\"url\":[\"x\"]}",
         "params.url: allowed: a string"},
        {"translate_en2zh", "{\"words\":{}}",
         "params.words: allowed: a string or an array"},
        {".handle_quick_operation", "{\"context\":\"x\"}",
         "params.context: allowed: a map"},
        {"send_group_msg", "{\"group_id\":1,\"message\":0.5}",
         "params.message: allowed: a string, a map or an array"},
        {"send_group_msg", "{\"group_id\":1,\"message\":true}",
         "params.message: allowed: a string, a map or an array"},
        {"set_qq_avatar", "{\"file\":true}",
         "params.file: allowed: a string or bytes"},
        {"send_msg",
         "{\"message_type\":\"guild\",\"user_id\":1,\"message\":\"\"}",
         "params.message_type: allowed: private or group"},
        {"send_msg", "{\"message_type\":1,\"user_id\":1,\"message\":\"\"}",
         "params.message_type: allowed: private or group"},
        {"get_group_honor_info", "{\"group_id\":1,\"type\":\"all \"}",
         "params.type: allowed: all, talkative, performer, legend, "
         "strong_newbie or emotion"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_refused(rows[i].action, PEER_NAPCAT, rows[i].given,
                      rows[i].fault);
}

TEST(what_is_missing_is_refused)
{
    static const struct {
        const char *action;
        enum peer_kind kind;
        const char *given, *fault;
    } rows[] = {
        {"send_group_msg", PEER_NAPCAT, "{\"message\":\"hi\"}",
         "params.group_id: required: an integer or a string of digits"},
        {"send_group_msg", PEER_UNKNOWN, "{\"group_id\":1}",
         "params.message: required: a string, a map or an array"},
        {"send_group_msg", PEER_NAPCAT, "{\"group_id\":1,\"message\":null}",
         "params.message: required: a string, a map or an array"},
        {"send_msg", PEER_NAPCAT, "{\"message\":\"hi\"}",
         "params: required: user_id or group_id"},
        {"send_group_msg", PEER_NAPCAT,
         "{\"message\":\"hi\",\"group_id\":\"\"}",
         "params.group_id: required: an integer or a string of digits"},
        {"send_msg", PEER_NAPCAT, "{\"message\":\"hi\",\"group_id\":null}",
         "params: required: user_id or group_id"},
        {"send_group_forward_msg", PEER_NAPCAT, "{\"group_id\":1}",
         "params.messages: required: a string, a map or an array"},
        {"upload_group_file", PEER_GOCQHTTP, "{\"group_id\":1,\"file\":\"f\"}",
         "params.name: required: a string"},
        {"get_cookies", PEER_NAPCAT, "{}", "params.domain: required: a string"},
        {"set_group_add_request", PEER_GOCQHTTP, "{\"flag\":\"f\"}",
         "params.sub_type: required: add or invite"},
        {"mark_msg_as_read", PEER_NAPCAT, "{}",
         "params: required: user_id or group_id or message_id"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_refused(rows[i].action, rows[i].kind, rows[i].given,
                      rows[i].fault);
}

TEST(what_is_missing_is_fine_where_the_peer_does_without)
{
    check_shaped("get_cookies", PEER_LLBOT, "{}", "{}");
    check_shaped("get_cookies", PEER_UNKNOWN, "{}", "{}");
    check_shaped("set_group_add_request", PEER_NAPCAT, "{\"flag\":\"f\"}",
                 "{\"flag\":\"f\"}");
    /* Under the other name that peers know. */
    check_shaped("set_group_add_request", PEER_GOCQHTTP,
                 "{\"flag\":\"f\",\"type\":\"add\"}",
                 "{\"flag\":\"f\",\"type\":\"add\"}");
    check_shaped("delete_friend", PEER_NAPCAT, "{\"friend_id\":1}",
                 "{\"friend_id\":1}");
}

TEST(null_is_left_out)
{
    check_shaped("set_group_ban", PEER_NAPCAT,
                 "{\"duration\":null,\"group_id\":1,\"user_id\":2}",
                 "{\"group_id\":1,\"user_id\":2}");
    check_shaped("get_group_list", PEER_NAPCAT, "{\"no_cache\":null}", "{}");
    /* What the catalogue does not know is none of its business. */
    check_shaped("get_group_list", PEER_NAPCAT, "{\"x\":null}", "{\"x\":null}");
}

TEST(an_alias_leaves_under_the_name)
{
    check_shaped("setGroupMute", PEER_NAPCAT,
                 "{\"groupId\":1,\"userId\":\"2\",\"duration\":60}",
                 "{\"group_id\":1,\"user_id\":\"2\",\"duration\":60}");
    check_shaped("uploadGroupFile", PEER_NAPCAT,
                 "{\"groupId\":1,\"file\":\"f\",\"folderId\":\"/x\","
                 "\"fileName\":\"n\"}",
                 "{\"group_id\":1,\"file\":\"f\",\"folder\":\"/x\","
                 "\"name\":\"n\"}");
    check_shaped("send_group_forward_msg", PEER_GOCQHTTP,
                 "{\"group_id\":1,\"message\":[]}",
                 "{\"group_id\":1,\"messages\":[]}");
    /* The name counts, wherever it stands; but null is no value. */
    check_shaped("setGroupMute", PEER_LLBOT,
                 "{\"groupId\":1,\"group_id\":2,\"user_id\":3,\"userId\":4,"
                 "\"duration\":0}",
                 "{\"group_id\":2,\"user_id\":3,\"duration\":0}");
    check_shaped("setGroupMute", PEER_LLBOT,
                 "{\"groupId\":1,\"group_id\":null,\"user_id\":3,"
                 "\"duration\":0}",
                 "{\"group_id\":1,\"user_id\":3,\"duration\":0}");
}

TEST(of_a_key_that_is_there_twice_the_last_counts)
{
    check_shaped("get_msg", PEER_NAPCAT,
                 "{\"message_id\":\"x\",\"y\":0,\"message_id\":2}",
                 "{\"y\":0,\"message_id\":2}");
    check_refused("get_msg", PEER_NAPCAT,
                  "{\"message_id\":1,\"message_id\":\"x\"}",
                  "params.message_id: allowed: an integer or a string of "
                  "digits");
    check_refused("get_msg", PEER_NAPCAT,
                  "{\"message_id\":1,\"message_id\":null}",
                  "params.message_id: required: an integer or a string of "
                  "digits");
}

TEST(callers_are_warned_of_what_they_may_not_expect)
{
    static const struct {
        const char *action;
        enum peer_kind kind;
        const char *given, *told;
    } rows[] = {
        {"set_group_ban", PEER_NAPCAT, "{\"group_id\":1,\"user_id\":2}",
         "[\"params.duration: missing: NapCat then lifts the mute, where the "
         "standard mutes for 1800 s\"]"},
        {"set_group_ban", PEER_UNKNOWN, "{\"group_id\":1,\"user_id\":2}",
         "[\"params.duration: missing: NapCat then lifts the mute, where the "
         "standard mutes for 1800 s\"]"},
        {"set_group_ban", PEER_GOCQHTTP, "{\"group_id\":1,\"user_id\":2}",
         "[]"},
        {"set_group_ban", PEER_NAPCAT,
         "{\"group_id\":1,\"user_id\":2,\"duration\":0}", "[]"},
        {"set_group_admin", PEER_NAPCAT,
         "{\"group_id\":1,\"user_id\":2,\"enable\":null}",
         "[\"params.enable: missing: NapCat then takes the role away, where "
         "the standard gives it\"]"},
        {"set_group_ban", PEER_LLBOT,
         "{\"group_id\":1,\"user_id\":2,\"durration\":60}",
         "[\"params.durration: not known to set_group_ban, did you mean "
         "duration?\"]"},
        {"set_group_kick", PEER_NAPCAT,
         "{\"group_id\":1,\"user_id\":2,\"rejectAddReqest\":true}",
         "[\"params.rejectAddReqest: not known to set_group_kick, did you mean "
         "rejectAddRequest?\"]"},
        {"setGroupName", PEER_NAPCAT,
         "{\"accountId\":\"bot\",\"groupId\":1,\"groupName\":\"n\"}",
         "[\"params.accountId: not known to set_group_name; the account is "
         "named "
         "beside params, as account or self_id\"]"},
        {"get_login_info", PEER_NAPCAT, "{\"a\\nb\":1,\"\":2}",
         "[\"params.a\\\\nb: not known to get_login_info\","
         "\"params.: not known to get_login_info\"]"},
        {"get_msg", PEER_NAPCAT, "{\"message_id\":1,\"message_id\":2}",
         "[\"params.message_id: is there twice\"]"},
        {"setGroupMute", PEER_LLBOT,
         "{\"group_id\":1,\"groupId\":2,\"user_id\":1,\"duration\":1}",
         "[\"params.group_id: is there twice\"]"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct outcome outcome =
            shape(rows[i].action, rows[i].given, rows[i].kind);
        CHECK_EQ(outcome.status, STATUS_OK);
        CHECK_ROW(buffer_slice(&outcome.told), slice_of(rows[i].told),
                  rows[i].given);
        finish(&outcome);
    }
}

TEST(a_flood_of_unknown_keys_is_counted_not_listed)
{
    enum { KEYS = 20000 };
    struct buffer pack = {0};
    struct msgpack_packer packer = pack_into(&pack);
    msgpack_pack_map(&packer, KEYS);
    for (int i = 0; i < KEYS; i++) {
        char key[96];
        snprintf(key, sizeof(key), "%05d%070d", i, 0);
        pack_string(&packer, key);
        msgpack_pack_nil(&packer);
    }
    struct outcome outcome =
        shape_pack_for("get_login_info", pack, PEER_NAPCAT);
    CHECK_EQ(outcome.status, STATUS_OK);
    CHECK(outcome.shaped.data == outcome.in.data);
    CHECK_EQ(outcome.warnings.count, KEYS);
    CHECK(outcome.told.size < 4096);
    finish(&outcome);
}

TEST(bytes_are_taken_where_a_file_is_wanted)
{
    static const char file[] = "\x82\xa8group_id\x01\xa4"
                               "file\xc4\x02\x00\xff";
    static const char name[] = "\x83\xa8group_id\x01\xa4"
                               "file\xa1"
                               "f\xa4name\xc4\x01x";
    struct buffer pack = {0};
    buffer_append(&pack, file, sizeof(file) - 1);
    struct outcome outcome =
        shape_pack_for("upload_group_file", pack, PEER_LLBOT);
    CHECK_EQ(outcome.status, STATUS_OK);
    CHECK(outcome.shaped.data == outcome.in.data);
    finish(&outcome);
    pack = (struct buffer){0};
    buffer_append(&pack, name, sizeof(name) - 1);
    outcome = shape_pack_for("upload_group_file", pack, PEER_LLBOT);
    CHECK_EQ(outcome.status, STATUS_INVALID);
    CHECK_STR(outcome.fault, "params.name: allowed: a string");
    finish(&outcome);
}

TEST(keys_that_are_no_text_are_left_to_whoever_writes_the_frame)
{
    static const char map[] = "\x83\x01\x02\xc0\xc0\xa5"
                              "count\xa1"
                              "5";
    struct buffer pack = {0};
    const struct peer peer = {.kind = PEER_NAPCAT};
    struct buffer out = {0};
    struct slice shaped;
    struct warnings warnings = {0};
    char fault[REQUEST_FAULT_SIZE];
    buffer_append(&pack, map, sizeof(map) - 1);
    CHECK_EQ(params_shape(
                 catalog_resolve(slice_of("get_recent_contact")).action,
                 buffer_slice(&pack), &peer, &out, &shaped, &warnings, fault),
             STATUS_OK);
    CHECK_SLICE(shaped, slice_of("\x83\x01\x02\xc0\xc0\xa5"
                                 "count\x05"));
    CHECK_EQ(warnings.count, 0);
    buffer_finish(&pack);
    buffer_finish(&out);
    warnings_finish(&warnings);
}

TEST(what_is_no_map_is_refused)
{
    static const struct slice rows[] = {
        {"\x90", 1},      /* an array */
        {"\x81", 1},      /* cut off: no key */
        {"\x81\xa1x", 3}, /* no value */
        {"\x80\x80", 2},  /* and something behind it */
        {"\xc1", 1},      /* no MessagePack */
        {"\x81\xa1x\xc1", 4}, {"\xdf\xff\xff\xff\xff\xa1x\x01", 8},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer pack = {0};
        buffer_append(&pack, rows[i].data, rows[i].size);
        struct outcome outcome =
            shape_pack_for("get_login_info", pack, PEER_NAPCAT);
        CHECK_EQ(outcome.status, STATUS_INVALID);
        CHECK_STR(outcome.fault, "params: allowed: a map");
        finish(&outcome);
    }
}

/* Any action, any kind of value: no crash, and what is taken is one map. */
TEST(every_parameter_takes_or_refuses_every_kind)
{
    static const struct slice values[] = {
        {"\xc0", 1},
        {"\xc3", 1},
        {"\x07", 1},
        {"\xff", 1},
        {"\xa1x", 2},
        {"\xa2"
         "12",
         3},
        {"\xc4\x00", 2},
        {"\xd4\x01\x02", 3},
        {"\x90", 1},
        {"\x80", 1},
        {"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", 9},
        {"\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00", 9},
        {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9},
        {"\xd3\x80\x00\x00\x00\x00\x00\x00\x00", 9},
    };
    enum { VALUES = sizeof(values) / sizeof(values[0]) };
    for (size_t a = 0; a < catalog_count(); a++)
        for (size_t v = 0; v < VALUES; v++)
            for (enum peer_kind kind = 0; kind < PEER_KINDS; kind++) {
                const struct catalog_action *action = catalog_at(a);
                struct buffer pack = {0};
                struct msgpack_packer packer = pack_into(&pack);
                msgpack_pack_map(&packer, action->param_count);
                for (size_t i = 0; i < action->param_count; i++) {
                    pack_string(&packer, action->params[i].name);
                    pack_raw(&packer, values[(v + i) % VALUES]);
                }
                struct buffer out = {0};
                struct slice shaped;
                struct warnings warnings = {0};
                char fault[REQUEST_FAULT_SIZE] = "";
                const struct peer peer = {.kind = kind};
                struct mp_reader reader;
                if (params_shape(action, buffer_slice(&pack), &peer, &out,
                                 &shaped, &warnings, fault) == STATUS_OK) {
                    reader = mp_reader_of(shaped);
                    CHECK(mp_skip(&reader, NULL) && reader.at == reader.end);
                } else
                    CHECK(strncmp(fault, "params", 6) == 0);
                buffer_finish(&pack);
                buffer_finish(&out);
                warnings_finish(&warnings);
            }
}

/* ---- the examples of the contract ------------------------------------ */

static enum peer_kind kind_of(const char *word)
{
    static const char *const words[PEER_KINDS] = {
        [PEER_UNKNOWN] = "unknown",   [PEER_NAPCAT] = "napcat",
        [PEER_LLBOT] = "llbot",       [PEER_LAGRANGE] = "lagrange",
        [PEER_GOCQHTTP] = "gocqhttp", [PEER_SNOWLUMA] = "snowluma",
    };
    enum peer_kind kind = PEER_UNKNOWN;
    while (kind < PEER_KINDS && strcmp(words[kind], word) != 0)
        kind++;
    CHECK(kind < PEER_KINDS);
    return kind;
}

static void check_example(const cJSON *example)
{
    const char *what = file_string(example, "what");
    const char *fault = file_string(example, "fault");
    struct outcome outcome =
        shape(file_string(example, "action"), file_string(example, "params"),
              kind_of(file_string(example, "peer")));
    CHECK_EQ(outcome.status, fault[0] == '\0' ? STATUS_OK : STATUS_INVALID);
    if (outcome.status == STATUS_OK && fault[0] == '\0') {
        char *told =
            cJSON_PrintUnformatted(cJSON_GetObjectItem(example, "warnings"));
        CHECK_ROW(buffer_slice(&outcome.text),
                  slice_of(file_string(example, "shaped")), what);
        CHECK_ROW(buffer_slice(&outcome.told), slice_of(told), what);
        cJSON_free(told);
    } else
        CHECK_ROW(slice_of(outcome.fault), slice_of(fault), what);
    finish(&outcome);
}

TEST(the_examples_of_the_contract_hold)
{
    cJSON *examples =
        file_parse(ONEBUS_SCHEMA_DIR "/examples/params", "forms.json");
    const cJSON *example;
    CHECK(cJSON_GetArraySize(examples) >= 15);
    cJSON_ArrayForEach(example, examples) check_example(example);
    cJSON_Delete(examples);
}

SUITE(params, the_examples_of_the_contract_hold,
      what_is_right_leaves_as_it_came_uncopied, no_parameters_are_an_empty_map,
      ids_leave_in_the_form_that_the_peer_takes,
      an_id_is_an_integer_or_its_digits,
      a_value_becomes_what_is_wanted_if_it_means_that,
      a_value_of_another_kind_is_refused_with_what_is_allowed,
      what_is_missing_is_refused,
      what_is_missing_is_fine_where_the_peer_does_without, null_is_left_out,
      an_alias_leaves_under_the_name,
      of_a_key_that_is_there_twice_the_last_counts,
      callers_are_warned_of_what_they_may_not_expect,
      a_flood_of_unknown_keys_is_counted_not_listed,
      bytes_are_taken_where_a_file_is_wanted,
      keys_that_are_no_text_are_left_to_whoever_writes_the_frame,
      what_is_no_map_is_refused, every_parameter_takes_or_refuses_every_kind)
