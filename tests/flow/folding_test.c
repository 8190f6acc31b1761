/* SPDX-License-Identifier: MIT */
/* Events that come twice: the second one is folded, nothing else is. */
#include "check.h"
#include "world.h"

#define GROUP(id, seq, text)                                                   \
    "{\"time\":1786700000,\"self_id\":10001,\"post_type\":\"message\","        \
    "\"message_type\":\"group\",\"sub_type\":\"normal\",\"group_id\":20001,"   \
    "\"user_id\":30001,\"message_id\":" #id ",\"real_seq\":\"" #seq "\","      \
    "\"message\":\"" text "\",\"raw_message\":\"" text "\"}"
#define POKE                                                                   \
    "{\"time\":1786700000,\"self_id\":10001,\"post_type\":\"notice\","         \
    "\"notice_type\":\"notify\",\"sub_type\":\"poke\",\"group_id\":20001,"     \
    "\"user_id\":30001,\"target_id\":10001}"
#define FRIEND(comment)                                                        \
    "{\"time\":1786700000,\"self_id\":10001,\"post_type\":\"request\","        \
    "\"request_type\":\"friend\",\"user_id\":30001,\"flag\":\"f1\","           \
    "\"comment\":\"" comment "\"}"
#define HEARTBEAT                                                              \
    "{\"time\":1786700000,\"self_id\":10001,\"post_type\":\"meta_event\","     \
    "\"meta_event_type\":\"heartbeat\",\"interval\":30000,"                    \
    "\"status\":{\"online\":true,\"good\":true}}"
#define NAMELESS                                                               \
    "{\"time\":1786700000,\"self_id\":10001,\"post_type\":\"message\","        \
    "\"message_type\":\"group\",\"group_id\":20001,\"user_id\":30001,"         \
    "\"message\":\"hi\",\"raw_message\":\"hi\"}"

/* How many events come out of it. */
static size_t published(struct world *w, struct link *link, const char *frame)
{
    size_t count = 0;
    size_t before = w->event_count;
    world_frame_in(w, link, frame);
    for (size_t i = before; i < w->event_count; i++)
        count += strncmp(w->events[i].topic, "qq.bridge.", 10) != 0;
    return count;
}

TEST(a_frame_that_comes_again_is_folded_if_its_peer_has_named_it)
{
    static const struct {
        const char *what;
        const char *frame;
        size_t again;
    } rows[] = {
        {"message", GROUP(5, 7, "hi"), 0},
        {"message without a number", GROUP(6, 0, "hi"), 0},
        {"request", FRIEND("let me in"), 0},
        {"message without any id", NAMELESS, 1},
        {"notice", POKE, 1},
        {"meta event", HEARTBEAT, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct world *w = world_create(1);
        struct link *link = world_link(w, 0, LINK_UNIVERSAL);
        CHECK_EQ(published(w, link, rows[i].frame), 1);
        check_int((intmax_t)published(w, link, rows[i].frame),
                  (intmax_t)rows[i].again, rows[i].what, __FILE__, __LINE__);
        world_destroy(w);
    }
}

TEST(what_is_said_twice_is_said_twice)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    CHECK_EQ(published(w, link, GROUP(5, 7, "hi")), 1);
    CHECK_EQ(published(w, link, GROUP(6, 8, "hi")), 1);
    CHECK_EQ(published(w, link, GROUP(6, 0, "hi")), 1);
    CHECK_EQ(published(w, link, GROUP(7, 0, "hi")), 1);
    world_destroy(w);
}

TEST(a_name_with_another_content_over_the_same_link_is_published)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    CHECK_EQ(published(w, link, GROUP(5, 7, "one")), 1);
    CHECK_EQ(published(w, link, GROUP(5, 7, "two")), 1);
    CHECK_EQ(published(w, link, GROUP(5, 7, "two")), 0);
    world_destroy(w);
}

TEST(of_two_links_one_is_heard_whatever_form_each_has)
{
    struct world *w = world_create(1);
    struct link *first = world_link(w, 0, LINK_UNIVERSAL);
    struct link *second = world_link(w, 0, LINK_UNIVERSAL);
    CHECK_EQ(published(w, first, GROUP(5, 7, "[CQ:face,id=1]")), 1);
    CHECK_EQ(published(w, second, GROUP(9, 7, "another form")), 0);
    CHECK_EQ(published(w, second, GROUP(10, 8, "hi")), 1);
    CHECK_EQ(published(w, first, GROUP(11, 8, "hi there")), 0);
    CHECK_EQ(published(w, first, FRIEND("one form")), 1);
    CHECK_EQ(published(w, second, FRIEND("another")), 0);
    world_destroy(w);
}

TEST(of_the_same_over_two_links_as_many_are_heard_as_one_of_them_has)
{
    struct world *w = world_create(1);
    struct link *first = world_link(w, 0, LINK_UNIVERSAL);
    struct link *second = world_link(w, 0, LINK_EVENT);
    CHECK_EQ(published(w, first, POKE), 1);
    CHECK_EQ(published(w, second, POKE), 0);
    CHECK_EQ(published(w, second, POKE), 1);
    CHECK_EQ(published(w, first, POKE), 0);
    CHECK_EQ(published(w, first, POKE), 1);
    CHECK_EQ(published(w, first, HEARTBEAT), 1);
    CHECK_EQ(published(w, second, HEARTBEAT), 1);
    world_destroy(w);
}

TEST(a_link_that_is_gone_takes_no_part)
{
    struct world *w = world_create(1);
    struct link *first = world_link(w, 0, LINK_UNIVERSAL);
    CHECK_EQ(published(w, first, GROUP(5, 7, "one")), 1);
    world_unlink(w, first);
    struct link *second = world_link(w, 0, LINK_UNIVERSAL);
    CHECK_EQ(published(w, second, GROUP(5, 7, "two")), 1);
    CHECK_EQ(published(w, second, POKE), 1);
    /* But a peer that tells what it told before is folded. */
    CHECK_EQ(published(w, second, GROUP(5, 7, "two")), 0);
    world_destroy(w);
}

TEST(two_bots_in_one_group_are_both_heard)
{
    struct world *w = world_create(2);
    struct link *links[] = {world_link(w, 0, LINK_UNIVERSAL),
                            world_link(w, 1, LINK_UNIVERSAL)};
    CHECK_EQ(published(w, links[0], GROUP(5, 7, "hi")), 1);
    CHECK_EQ(published(w, links[1], GROUP(5, 7, "hi")), 1);
    world_destroy(w);
}

TEST(folding_takes_no_seq_and_is_counted)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (int i = 0; i < 10; i++)
        world_frame_in(w, link, GROUP(5, 7, "hi"));
    world_frame_in(w, link, GROUP(6, 8, "hi"));
    const cJSON *last = w->events[w->event_count - 1].envelope;
    CHECK_EQ(cJSON_GetNumberValue(cJSON_GetObjectItem(last, "seq")), 3);
    CHECK(strstr(w->log.data, "event: folded account=a0 count=1\n") != NULL);
    world_call(w, "{\"action\":\"bridge.status\"}");
    const cJSON *data = cJSON_GetObjectItem(world_reply(w, 0)->json, "data");
    const cJSON *account =
        cJSON_GetObjectItem(cJSON_GetObjectItem(data, "accounts"), "a0");
    CHECK_EQ(cJSON_GetNumberValue(cJSON_GetObjectItem(account, "folded")), 9);
    CHECK_EQ(cJSON_GetNumberValue(cJSON_GetObjectItem(account, "events")), 2);
    world_destroy(w);
}

SUITE(folding, a_frame_that_comes_again_is_folded_if_its_peer_has_named_it,
      what_is_said_twice_is_said_twice,
      a_name_with_another_content_over_the_same_link_is_published,
      of_two_links_one_is_heard_whatever_form_each_has,
      of_the_same_over_two_links_as_many_are_heard_as_one_of_them_has,
      a_link_that_is_gone_takes_no_part, two_bots_in_one_group_are_both_heard,
      folding_takes_no_seq_and_is_counted)
