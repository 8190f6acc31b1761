/* SPDX-License-Identifier: MIT */
/* bridge.log: how much the log says. */
#include <stdlib.h>

#include "check.h"
#include "world.h"

/* The data of the reply, or the message of a refusal, as text; free it. */
static char *ask(struct world *w, const char *params)
{
    char request[256];
    size_t index = w->reply_count;
    snprintf(request, sizeof(request),
             "{\"action\":\"bridge.log\",\"params\":%s}", params);
    world_call(w, request);
    const cJSON *reply = world_reply(w, index)->json;
    const cJSON *data = cJSON_GetObjectItem(reply, "data");
    return cJSON_PrintUnformatted(
        cJSON_IsObject(data) ? data : cJSON_GetObjectItem(reply, "message"));
}

TEST(it_is_told_and_changed)
{
    static const struct {
        const char *params, *told;
    } rows[] = {
        {"{}", "{\"level\":\"info\",\"format\":\"auto\",\"content\":\"none\","
               "\"levels\":{}}"},
        {"{\"level\":\"warn\",\"for_ms\":60000}",
         "{\"level\":\"warn\",\"format\":\"auto\",\"content\":\"none\","
         "\"levels\":{},\"for_ms\":60000}"},
        {"{\"content\":\"preview\"}",
         "{\"level\":\"warn\",\"format\":\"auto\",\"content\":\"preview\","
         "\"levels\":{}}"},
        {"{\"level\":\"debug\",\"component\":\"link\"}",
         "{\"level\":\"warn\",\"format\":\"auto\",\"content\":\"preview\","
         "\"levels\":{\"link\":\"debug\"}}"},
        {"{\"level\":\"error\",\"content\":\"none\"}",
         "{\"level\":\"error\",\"format\":\"auto\",\"content\":\"none\","
         "\"levels\":{}}"},
        {"{\"level\":\"loud\"}",
         "\"level: allowed: debug, info, warn, error\""},
        {"{\"level\":3}", "\"level: allowed: debug, info, warn, error\""},
        {"{\"content\":\"all\"}", "\"content: allowed: none, preview, full\""},
        {"{\"component\":\"link\"}",
         "\"component: allowed: with a level, which it is to have\""},
        {"{\"for_ms\":5}", "\"for_ms: allowed: with a level or a content\""},
        {"{}", "{\"level\":\"error\",\"format\":\"auto\",\"content\":\"none\","
               "\"levels\":{}}"},
    };
    struct world *w = world_create(1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *told = ask(w, rows[i].params);
        CHECK_ROW(slice_of(told), slice_of(rows[i].told), rows[i].params);
        free(told);
    }
    world_destroy(w);
}

TEST(what_is_out_of_range_or_unknown_changes_nothing)
{
    static const char *const params[] = {
        "{\"level\":\"debug\",\"for_ms\":0}",
        "{\"level\":\"debug\",\"for_ms\":604800001}",
        "{\"level\":\"debug\",\"for_ms\":\"soon\"}",
        "{\"level\":\"debug\",\"component\":\"nobody\"}",
        "{\"level\":\"debug\",\"content\":\"\"}",
    };
    struct world *w = world_create(1);
    for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
        char *told = ask(w, params[i]);
        CHECK_ROW(slice_of(world_reply(w, i)->error), slice_of("bad_params"),
                  params[i]);
        free(told);
    }
    CHECK_EQ(w->loudness.level, LOG_INFO);
    world_destroy(w);
}

SUITE(log_desk, it_is_told_and_changed,
      what_is_out_of_range_or_unknown_changes_nothing)
