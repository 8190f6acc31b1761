/* SPDX-License-Identifier: MIT */
#include "core/watch.h"

#include "check.h"

static const struct watch_options OPTIONS = {true, 30000, 10000};

/* What there is to do by `end_ms`, as letters with the time in seconds. */
static void run(struct watch *watch, uint64_t end_ms, char *story)
{
    static const char letters[] = ".pPC";
    enum watch_step step = WATCH_NOTHING;
    uint64_t due_ms;
    story[0] = '\0';
    while (step != WATCH_CLOSE && (due_ms = watch_due(watch)) <= end_ms) {
        while ((step = watch_next(watch, due_ms)) != WATCH_NOTHING) {
            sprintf(story + strlen(story), "%c%d ", letters[step],
                    (int)(due_ms / 1000));
            if (step == WATCH_CLOSE)
                break;
        }
    }
}

TEST(a_dead_link_is_closed_within_interval_and_two_timeouts)
{
    char story[256];
    struct watch watch;
    watch_start(&watch, &OPTIONS, 0);
    run(&watch, 600000, story);
    CHECK_STR(story, "p30 P40 C50 ");
}

TEST(whatever_comes_puts_the_end_off)
{
    char story[256];
    struct watch watch;
    watch_start(&watch, &OPTIONS, 0);
    run(&watch, 35000, story);
    CHECK_STR(story, "p30 ");
    watch_heard(&watch, 35000);
    run(&watch, 600000, story);
    CHECK_STR(story, "p60 P75 C85 ");
}

TEST(an_answer_to_the_probe_in_the_same_millisecond_counts)
{
    char story[256];
    struct watch watch;
    watch_start(&watch, &OPTIONS, 0);
    run(&watch, 40000, story);
    watch_heard(&watch, 40000);
    run(&watch, 600000, story);
    CHECK_STR(story, "p60 P80 C90 ");
}

TEST(a_link_that_answers_its_pings_lives)
{
    struct watch watch;
    watch_start(&watch, &OPTIONS, 0);
    for (uint64_t now_ms = 30000; now_ms < 3000000; now_ms += 30000) {
        CHECK_EQ(watch_due(&watch), now_ms);
        CHECK_EQ(watch_next(&watch, now_ms), WATCH_PING);
        CHECK_EQ(watch_next(&watch, now_ms), WATCH_NOTHING);
        watch_heard(&watch, now_ms);
    }
}

TEST(a_doubted_link_is_pinged_at_once_and_closed_after_one_timeout)
{
    char story[256];
    struct watch watch;
    struct watch_options off = OPTIONS;
    off.enabled = false;
    watch_start(&watch, &off, 0);
    CHECK_EQ(watch_due(&watch), UINT64_MAX);
    watch_doubt(&watch, 5000);
    CHECK_EQ(watch_next(&watch, 5000), WATCH_PING);
    watch_doubt(&watch, 9000); /* a third link: no new term */
    run(&watch, 600000, story);
    CHECK_STR(story, "C15 ");
}

TEST(a_doubted_link_that_answers_is_kept)
{
    struct watch watch;
    struct watch_options off = OPTIONS;
    off.enabled = false;
    watch_start(&watch, &off, 5000);
    watch_doubt(&watch, 5000);
    CHECK_EQ(watch_next(&watch, 5000), WATCH_PING);
    watch_heard(&watch, 5000);
    CHECK_EQ(watch_due(&watch), UINT64_MAX);
    CHECK_EQ(watch_next(&watch, 15000), WATCH_NOTHING);
    watch_doubt(&watch, 20000); /* what came before is no answer to this */
    CHECK_EQ(watch_next(&watch, 20000), WATCH_PING);
    CHECK_EQ(watch_next(&watch, 30000), WATCH_CLOSE);
}

SUITE(watch, a_dead_link_is_closed_within_interval_and_two_timeouts,
      whatever_comes_puts_the_end_off,
      an_answer_to_the_probe_in_the_same_millisecond_counts,
      a_link_that_answers_its_pings_lives,
      a_doubted_link_is_pinged_at_once_and_closed_after_one_timeout,
      a_doubted_link_that_answers_is_kept)
