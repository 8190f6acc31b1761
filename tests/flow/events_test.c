/* SPDX-License-Identifier: MIT */
/* An event's way through the core, and the frames that lead nowhere. */
#include "check.h"
#include "world.h"

static const char MESSAGE[] =
    "{\"time\":1786700000,\"self_id\":10001,\"post_type\":\"message\","
    "\"message_type\":\"group\",\"sub_type\":\"normal\",\"group_id\":20001,"
    "\"user_id\":30001,\"message_id\":5,\"message\":\"hi\","
    "\"raw_message\":\"hi\"}";

static double number_at(const struct world_event *event, const char *key)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(event->envelope, key));
}

static const char *text_at(const struct world_event *event, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(event->envelope, key));
}

TEST(an_event_comes_out_on_its_topic_with_what_the_bridge_knows)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_frame_in(w, link, MESSAGE);
    const struct world_event *event = &w->events[w->event_count - 1];
    CHECK_STR(event->topic, "qq.group.20001.message.normal");
    CHECK_STR(text_at(event, "account"), "a0");
    CHECK_STR(text_at(event, "peer"), "OneBot/11");
    CHECK_STR(text_at(event, "text"), "hi");
    CHECK_EQ(number_at(event, "time"), 1786700000000);
    world_destroy(w);
}

TEST(every_event_has_the_next_seq)
{
    struct world *w = world_create(2);
    struct link *links[] = {world_link(w, 0, LINK_UNIVERSAL),
                            world_link(w, 1, LINK_EVENT)};
    for (int i = 0; i < 20; i++) {
        char message[sizeof(MESSAGE) + 16];
        snprintf(message, sizeof(message), "%.*s,\"real_seq\":%d}",
                 (int)sizeof(MESSAGE) - 2, MESSAGE, i + 1);
        world_frame_in(w, links[i % 2], message);
        world_frame_in(w, links[i % 2], "broken");
    }
    world_unlink(w, links[0]);
    CHECK_EQ(w->event_count, 23);
    for (size_t i = 0; i < w->event_count; i++)
        CHECK_EQ(number_at(&w->events[i], "seq"), i + 1);
    world_destroy(w);
}

TEST(links_that_come_and_go_are_events_too)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_API);
    world_unlink(w, link);
    CHECK_EQ(w->event_count, 2);
    CHECK_STR(w->events[0].topic, "qq.bridge.a0.link.up");
    CHECK_STR(w->events[1].topic, "qq.bridge.a0.link.down");
    CHECK_STR(text_at(&w->events[0], "type"), "bridge.link.up");
    CHECK_EQ(number_at(&w->events[0], "self_id"), 10001);
    const cJSON *event = cJSON_GetObjectItem(w->events[1].envelope, "event");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(event, "role")), "API");
    CHECK_EQ(cJSON_GetNumberValue(cJSON_GetObjectItem(event, "links")), 0);
    world_destroy(w);
}

static size_t lines_with(const struct world *w, const char *text)
{
    size_t count = 0;
    const char *at = w->log.data;
    const char *end = at + w->log.size;
    while ((at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL) {
        count++;
        at += strlen(text);
    }
    return count;
}

TEST(what_leads_nowhere_is_counted_and_said_once_a_minute)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    size_t events = w->event_count;
    for (int i = 0; i < 10; i++) {
        world_frame_in(w, link, "{\"a\":1,}");
        world_frame_in(w, link, "{\"status\":{}}");
        world_frame_in(w, link, "{\"status\":\"ok\",\"retcode\":0}");
    }
    CHECK_EQ(w->event_count, events);
    CHECK_EQ(lines_with(w, "frame: dropped"), 3);
    CHECK_EQ(lines_with(w, "offset=6 bytes=8 count=1 hint="), 1);
    w->now.mono_ms += 60 * 1000;
    world_frame_in(w, link, "{\"a\":1,}");
    CHECK_EQ(lines_with(w, "count=10 hint="), 1);
    world_destroy(w);
}

SUITE(events, an_event_comes_out_on_its_topic_with_what_the_bridge_knows,
      every_event_has_the_next_seq, links_that_come_and_go_are_events_too,
      what_leads_nowhere_is_counted_and_said_once_a_minute)
