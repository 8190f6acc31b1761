/* SPDX-License-Identifier: MIT */
#include "core/plan.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/peer.h"
#include "core/warnings.h"

enum { TEXT_MAX = 10 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct peer NAPCAT = {.kind = PEER_NAPCAT};
static const struct peer UNKNOWN = {.kind = PEER_UNKNOWN};

/* A plan as a line: "send_msg {…} | group_poke {…}", or "bad_params: why". */
struct planned {
    struct plan plan;
    struct buffer line;
    struct buffer pack; /* the request's parameters */
};

static void append_step(const struct plan_step *step, struct buffer *line)
{
    const struct json_writer_options options = {.bin_as_base64 = true};
    struct json_error error;
    if (line->size > 0)
        buffer_append_string(line, " | ");
    buffer_append(line, step->action.data, step->action.size);
    if (step->params.size == 0)
        return;
    buffer_append_string(line, " ");
    CHECK_EQ(json_from_msgpack(step->params, &options, line, &error),
             STATUS_OK);
}

static void show(const struct plan *plan, struct buffer *line)
{
    for (size_t i = 0; i < plan->count; i++)
        append_step(&plan->steps[i], line);
}

static void make(struct planned *planned, const char *action,
                 const char *params, const struct plan_options *options)
{
    const struct json_reader_options reader = {0};
    struct json_error json_error;
    struct warnings warnings = {0};
    char fault[REQUEST_FAULT_SIZE] = "";
    if (params != NULL)
        CHECK_EQ(json_to_msgpack(slice_of(params), &reader, &planned->pack,
                                 &json_error),
                 STATUS_OK);
    const struct request request = {.action = slice_of(action),
                                    .params = buffer_slice(&planned->pack)};
    enum reply_error error =
        plan_make(&request, options, &planned->plan, &warnings, fault);
    if (error == REPLY_FINE) {
        show(&planned->plan, &planned->line);
    } else {
        buffer_append_string(&planned->line, reply_error_name(error));
        buffer_append_string(&planned->line, ": ");
        buffer_append_string(&planned->line, fault);
    }
    warnings_finish(&warnings);
}

static void finish(struct planned *planned)
{
    plan_finish(&planned->plan);
    buffer_finish(&planned->line);
    buffer_finish(&planned->pack);
}

static const struct plan_options OF_NAPCAT = {
    .peer = &NAPCAT, .text_max = TEXT_MAX, .allows_unknown = true};

struct row {
    const char *action, *params, *line;
};

static void check_rows(const struct row *rows, size_t count,
                       const struct plan_options *options)
{
    for (size_t i = 0; i < count; i++) {
        struct planned planned = {0};
        make(&planned, rows[i].action, rows[i].params, options);
        CHECK_ROW(buffer_slice(&planned.line), slice_of(rows[i].line),
                  rows[i].params == NULL ? rows[i].action : rows[i].params);
        finish(&planned);
    }
}

TEST(most_requests_are_themselves)
{
    static const struct row rows[] = {
        {"get_status", NULL, "get_status"},
        {"get_status", "{}", "get_status {}"},
        {"get_status_async", NULL, "get_status"},
        {"nobody_knows_it", "{\"a\":[1]}", "nobody_knows_it {\"a\":[1]}"},
        {"setGroupMute", "{\"groupId\":1,\"userId\":2,\"duration\":3}",
         "set_group_ban {\"group_id\":1,\"user_id\":2,\"duration\":3}"},
        {"send_group_msg", "{\"group_id\":1,\"message\":\"hi\"}",
         "send_group_msg {\"group_id\":1,\"message\":\"hi\"}"},
    };
    check_rows(rows, COUNT(rows), &OF_NAPCAT);
}

#define TEXT(text) "[{\"type\":\"text\",\"data\":{\"text\":\"" text "\"}}]"

TEST(a_message_may_be_several)
{
    static const struct row rows[] = {
        {"send_group_msg",
         "{\"group_id\":1,\"message\":\"aaaaaaaa bbbbbbbb\",\"summary\":\"s\","
         "\"auto_escape\":true}",
         "send_group_msg {\"group_id\":1,\"summary\":\"s\",\"message\":" TEXT(
             "aaaaaaaa ") "} | send_group_msg {\"group_id\":1,\"summary\":"
                          "\"s\",\"message\":" TEXT("bbbbbbbb") "}"},
        {"send_private_msg", "{\"user_id\":2,\"message\":\"a[CQ:poke,qq=2]\"}",
         "send_private_msg {\"user_id\":2,\"message\":" TEXT(
             "a") "} | friend_poke {\"user_id\":2}"},
        {"send_msg", "{\"group_id\":1,\"message\":\"[CQ:poke,qq=2]\"}",
         "group_poke {\"group_id\":1,\"user_id\":2}"},
    };
    check_rows(rows, COUNT(rows), &OF_NAPCAT);
}

#define QUICK(operation)                                                       \
    "{\"context\":{\"post_type\":\"message\",\"message_type\":\"group\","      \
    "\"sub_type\":\"normal\",\"group_id\":1,\"user_id\":2,\"message_id\":5},"  \
    "\"operation\":" operation "}"

TEST(a_quick_operation_is_planned_like_its_actions)
{
    static const struct row rows[] = {
        {".handle_quick_operation", QUICK("{}"), ""},
        {".handle_quick_operation", QUICK("{\"delete\":true}"),
         "delete_msg {\"message_id\":5}"},
        {".handle_quick_operation",
         QUICK("{\"reply\":\"aaaaaaaa bbbbbbbb\",\"at_sender\":false,"
               "\"auto_escape\":true}"),
         "send_group_msg {\"group_id\":1,\"message\":" TEXT(
             "aaaaaaaa ") "} | send_group_msg "
                          "{\"group_id\":1,\"message\":" TEXT("bbbbbbbb") "}"},
    };
    check_rows(rows, COUNT(rows), &OF_NAPCAT);
}

TEST(what_is_wrong_is_named)
{
    static const struct row rows[] = {
        {"send_group_msg", "{\"group_id\":1}",
         "bad_params: params.message: required: a message"},
        {"send_group_msg", NULL, NULL},
        {"send_group_msg", "{\"group_id\":[],\"message\":\"\"}", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct planned planned = {0};
        static const char start[] = "bad_params: params.";
        make(&planned, rows[i].action, rows[i].params, &OF_NAPCAT);
        CHECK(planned.line.size > sizeof(start) &&
              memcmp(planned.line.data, start, sizeof(start) - 1) == 0);
        finish(&planned);
    }
}

TEST(what_is_not_in_the_catalogue_may_be_refused)
{
    static const struct row rows[] = {
        {"nobody_knows_it", NULL,
         "unknown_action: action: nobody_knows_it is not in the catalogue, and "
         "the settings allow no others: bridge.call.allowUnknown; "
         "bridge.actions lists it"},
        {"get_status", NULL, "get_status"},
    };
    const struct plan_options options = {.peer = &UNKNOWN};
    check_rows(rows, COUNT(rows), &options);
}

TEST(a_plan_knows_where_it_goes)
{
    static const struct {
        const char *action, *params;
        int64_t chat_id;
        bool is_to_group, is_paced, is_upload;
    } rows[] = {
        {"send_group_msg", "{\"group_id\":1,\"message\":\"x\"}", 1, true, true,
         false},
        {"send_group_msg", "{\"group_id\":\"1\",\"message\":\"x\"}", 1, true,
         true, false},
        {"send_private_msg", "{\"user_id\":2,\"group_id\":1,\"message\":\"x\"}",
         2, false, true, false},
        {"send_msg", "{\"user_id\":2,\"group_id\":1,\"message\":\"x\"}", 1,
         true, true, false},
        {"send_msg",
         "{\"message_type\":\"private\",\"user_id\":2,\"group_id\":1,"
         "\"message\":\"x\"}",
         2, false, true, false},
        {"friend_poke", "{\"user_id\":2}", 2, false, true, false},
        {"delete_msg", "{\"message_id\":2}", 0, false, false, false},
        {"upload_group_file",
         "{\"group_id\":1,\"file\":\"base64://QQ==\",\"name\":\"a\"}", 1, true,
         true, true},
        {".handle_quick_operation", QUICK("{\"reply\":\"x\"}"), 1, true, true,
         false},
        {"get_group_info", "{\"group_id\":1}", 1, true, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct planned planned = {0};
        make(&planned, rows[i].action, rows[i].params, &OF_NAPCAT);
        const struct plan *plan = &planned.plan;
        check_int(plan->chat_id, rows[i].chat_id, rows[i].params, __FILE__,
                  __LINE__);
        CHECK_EQ(plan->is_to_group, rows[i].is_to_group);
        CHECK_EQ(plan->is_paced, rows[i].is_paced);
        CHECK_EQ(plan->is_upload, rows[i].is_upload);
        finish(&planned);
    }
}

/* The bytes of the request are gone. */
TEST(what_is_kept_outlives_the_request)
{
    static const struct row rows[] = {
        {"nobody_knows_it", "{\"a\":[1]}", NULL},
        {"get_status", NULL, NULL},
        {"send_group_msg", "{\"group_id\":1,\"message\":\"hi\"}", NULL},
        {"send_group_msg",
         "{\"group_id\":1,\"message\":\"aaaaaaaa bbbbbbbb[CQ:poke,qq=2]\"}",
         NULL},
        {".handle_quick_operation", QUICK("{\"reply\":\"x\",\"delete\":true}"),
         NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct planned planned = {0};
        struct buffer line = {0};
        char *action = mem_strdup(rows[i].action);
        make(&planned, action, rows[i].params, &OF_NAPCAT);
        plan_keep(&planned.plan);
        size_t size = plan_size(&planned.plan);
        CHECK(size >= planned.plan.name.name.size);
        plan_keep(&planned.plan); /* once is enough */
        CHECK_EQ(plan_size(&planned.plan), size);
        memset(action, '?', strlen(action));
        free(action);
        buffer_finish(&planned.pack);
        show(&planned.plan, &line);
        CHECK_ROW(buffer_slice(&line), buffer_slice(&planned.line),
                  rows[i].action);
        buffer_finish(&line);
        finish(&planned);
    }
}

SUITE(plan, most_requests_are_themselves, a_message_may_be_several,
      a_quick_operation_is_planned_like_its_actions, what_is_wrong_is_named,
      what_is_not_in_the_catalogue_may_be_refused, a_plan_knows_where_it_goes,
      what_is_kept_outlives_the_request)
