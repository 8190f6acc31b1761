/* SPDX-License-Identifier: MIT */
/* What the log says of each event and each call. */
#include <string.h>

#include "check.h"
#include "world.h"

#define EVENT(text)                                                            \
    "{\"post_type\":\"message\",\"message_type\":\"group\",\"sub_type\":"      \
    "\"normal\",\"time\":1786700000,\"self_id\":10001,\"group_id\":20002,"     \
    "\"user_id\":30003,\"message_id\":7,\"raw_message\":\"" text               \
    "\",\"message\":[{\"type\":\"text\",\"data\":{\"text\":\"" text "\"}}]}"

#define CALL(message)                                                          \
    "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":20002,"           \
    "\"message\":" message "}}"

static void narrate(struct world *w, enum log_level level,
                    enum log_content content)
{
    w->loudness = (struct log_options){.level = level, .content = content};
    bridge_narrate(w->bridge, &w->loudness);
    w->log.size = 0;
}

static bool says(const struct world *w, const char *part)
{
    return w->log.size > 0 && strstr(w->log.data, part) != NULL;
}

TEST(above_debug_nothing_is_told)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    narrate(w, LOG_INFO, LOG_CONTENT_FULL);
    world_frame_in(w, link, EVENT("hello"));
    world_call(w, CALL("\"hello\""));
    world_answer(w, link, 0);
    CHECK_EQ(w->log.size, 0);
    world_destroy(w);
}

TEST(an_event_is_told_without_what_was_said)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    narrate(w, LOG_DEBUG, LOG_CONTENT_NONE);
    world_frame_in(w, link, EVENT("hello"));
    CHECK(says(w, "event: message.group.normal account=\"a0\" seq="));
    CHECK(says(w, " group=20002 user=30003 respond="));
    CHECK(!says(w, "hello"));
    world_destroy(w);
}

TEST(what_was_said_is_shown_as_far_as_it_may_be)
{
    char longer[sizeof(EVENT("")) + 2 * 200];
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    narrate(w, LOG_DEBUG, LOG_CONTENT_PREVIEW);
    world_frame_in(w, link, EVENT("say \\\"hi\\\"\\n\\u001b[2J"));
    CHECK(says(w, " text=\"say 'hi'\\n\\x1b[2J\"\n"));
#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
    snprintf(longer, sizeof(longer), "%s", EVENT(HUNDRED));
    world_frame_in(w, link, longer);
    CHECK(says(w, TEN TEN TEN TEN TEN TEN TEN TEN "\" cut=true\n"));
    CHECK(!says(w, HUNDRED));
    narrate(w, LOG_DEBUG, LOG_CONTENT_FULL);
    world_frame_in(w, link, EVENT("b" HUNDRED));
    CHECK(says(w, " text=\"b" HUNDRED "\"\n"));
    world_destroy(w);
}

TEST(a_call_is_told_when_it_is_made_and_when_it_ends)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    narrate(w, LOG_DEBUG, LOG_CONTENT_NONE);
    world_call(w, CALL("\"hello\""));
    CHECK(says(w, "call: made action=\"send_group_msg\" group=20002\n"));
    world_advance_ms(w, 7);
    world_answer(w, link, 0);
    CHECK(says(w, "call: ended action=\"send_group_msg\" account=\"a0\" "
                  "group=20002 status=ok error=none retcode=0 ms=7\n"));
    CHECK(!says(w, "hello"));
    world_call(w, "{\"action\":\"get_status\",\"account\":\"no \\\" one\"}");
    CHECK(says(w, "call: ended action=\"get_status\" account=\"no ' one\" "
                  "status=failed error=unknown_account"));
    world_destroy(w);
}

TEST(the_text_of_a_call_is_that_of_its_segments)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    narrate(w, LOG_DEBUG, LOG_CONTENT_FULL);
    world_call(w, CALL("[{\"type\":\"at\",\"data\":{\"qq\":\"1\"}},{\"type\":"
                       "\"text\",\"data\":{\"text\":\"one \"}},{\"type\":"
                       "\"text\",\"data\":{\"text\":\"two\"}}]"));
    CHECK(says(w, " text=\"one two\"\n"));
    world_call(w, CALL("{\"type\":\"text\",\"data\":{\"text\":\"three\"}}"));
    CHECK(says(w, " text=\"three\"\n"));
    world_destroy(w);
}

SUITE(narrator, above_debug_nothing_is_told,
      an_event_is_told_without_what_was_said,
      what_was_said_is_shown_as_far_as_it_may_be,
      a_call_is_told_when_it_is_made_and_when_it_ends,
      the_text_of_a_call_is_that_of_its_segments)
