/* SPDX-License-Identifier: MIT */
/* The one line that tells people what goes on. */
#include "core/headline.h"

#include <string.h>

#include "check.h"
#include "world.h"

static void write_line(struct headline *headline, const struct world *world,
                       struct buffer *line)
{
    line->size = 0;
    headline_append(headline, world->bridge, world->now, line);
}

static bool says(const struct buffer *line, const char *part)
{
    return memmem(line->data, line->size, part, strlen(part)) != NULL;
}

static void say_online(struct world *world, struct link *link, bool online)
{
    world_frame_in(world, link,
                   online ? "{\"post_type\":\"meta_event\",\"time\":1,"
                            "\"self_id\":10001,\"interval\":5000,"
                            "\"meta_event_type\":\"heartbeat\","
                            "\"status\":{\"online\":true,\"good\":true}}"
                          : "{\"post_type\":\"meta_event\",\"time\":1,"
                            "\"self_id\":10001,\"interval\":5000,"
                            "\"meta_event_type\":\"heartbeat\","
                            "\"status\":{\"online\":false,\"good\":true}}");
}

TEST(accounts_are_counted_and_the_first_that_is_missing_is_named)
{
    struct world *world = world_create(3);
    struct headline headline = {0};
    struct buffer line = {0};
    write_line(&headline, world, &line);
    CHECK(says(&line,
               "QQ online on 0 of 3 accounts, not on a0 and 2 more, seq "));
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    say_online(world, link, true);
    write_line(&headline, world, &line);
    CHECK(says(&line, "QQ online on 1 of 3 accounts, not on a1 and 1 more"));
    say_online(world, link, false);
    write_line(&headline, world, &line);
    CHECK(says(&line, "QQ online on 0 of 3 accounts, not on a0 and 2 more"));
    buffer_finish(&line);
    world_destroy(world);
}

TEST(with_all_online_nobody_is_named)
{
    struct world *world = world_create(1);
    struct headline headline = {0};
    struct buffer line = {0};
    say_online(world, world_link(world, 0, LINK_UNIVERSAL), true);
    write_line(&headline, world, &line);
    CHECK(says(&line, "QQ online on 1 of 1 accounts, seq "));
    buffer_finish(&line);
    world_destroy(world);
}

TEST(the_rate_is_that_since_the_last_line)
{
    struct world *world = world_create(1);
    struct headline headline = {0};
    struct buffer line = {0};
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    write_line(&headline, world, &line);
    CHECK(!says(&line, "events/s"));
    for (int i = 0; i < 5; i++)
        say_online(world, link, i % 2 == 0); /* an event each */
    world_advance_ms(world, 2000);
    uint64_t seq = headline.seq;
    write_line(&headline, world, &line);
    CHECK(headline.seq >= seq + 5);
    char rate[32];
    snprintf(rate, sizeof(rate), "; %.1f events/s, seq ",
             (double)(headline.seq - seq) / 2);
    CHECK(says(&line, rate));
    world_advance_ms(world, 2000);
    write_line(&headline, world, &line);
    CHECK(says(&line, "; 0.0 events/s, seq "));
    buffer_finish(&line);
    world_destroy(world);
}

TEST(a_journal_that_fails_and_the_end_are_said)
{
    struct world *world = world_create(1);
    struct headline headline = {0};
    struct buffer line = {0};
    world->journal_fault = "disk full";
    write_line(&headline, world, &line);
    CHECK(says(&line, "; the journal cannot be written: disk full"));
    bridge_stop(world->bridge, world->now);
    write_line(&headline, world, &line);
    CHECK(says(&line, "stopping, 0 calls wait for their answer; QQ online"));
    buffer_finish(&line);
    world_destroy(world);
}

TEST(nats_is_said_when_it_fails_or_is_late)
{
    struct world *world = world_create(1);
    struct headline headline = {0};
    struct buffer line = {0};
    write_line(&headline, world, &line);
    CHECK(!says(&line, "NATS"));
    world->nats.mode = "ok";
    world->nats.lag = 7;
    world->nats.lag_ms = 9999;
    write_line(&headline, world, &line);
    CHECK(!says(&line, "NATS"));
    world->nats.lag_ms = 10000;
    write_line(&headline, world, &line);
    CHECK(says(&line, "; NATS is 7 events behind"));
    world->nats.mode = "held";
    world->nats.fault = "a0 is another bridge's";
    write_line(&headline, world, &line);
    CHECK(says(&line, "; NATS is held: a0 is another bridge's"));
    buffer_finish(&line);
    world_destroy(world);
}

SUITE(headline, accounts_are_counted_and_the_first_that_is_missing_is_named,
      with_all_online_nobody_is_named, the_rate_is_that_since_the_last_line,
      a_journal_that_fails_and_the_end_are_said,
      nats_is_said_when_it_fails_or_is_late)
