/* SPDX-License-Identifier: MIT */
#include "edge/asks.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "core/measures.h"
#include "edge/ticket.h"

/* Both threads are this one. */
struct world {
    struct asks *asks;
    struct ticket *ticket; /* that is owed a reply */
    int loop_wakes, http_wakes;
    int told;
    enum ask_end end;
    char reply[32];
    bool is_stopping;
    bool asks_again;
    int measures_out; /* that have not been given back */
    uint64_t measured;
};

static void wake(void *ctx)
{
    (*(int *)ctx)++;
}

static bool is_stopping(void *ctx)
{
    return ((struct world *)ctx)->is_stopping;
}

static void status(void *ctx, struct buffer *reply)
{
    (void)ctx;
    buffer_append_string(reply, "status");
}

static void call(void *ctx, struct ticket *ticket, struct slice request)
{
    struct world *world = ctx;
    CHECK_SLICE(request, slice_of("request"));
    CHECK_STR(ticket_caller(ticket), "http");
    world->ticket = ticket;
}

static void done(void *ctx, const struct ask_answer *answer)
{
    struct world *world = ctx;
    world->told++;
    world->end = answer->end;
    world->is_stopping = answer->is_stopping;
    world->measured =
        answer->measures == NULL ? 0 : answer->measures->numbers[0];
    snprintf(world->reply, sizeof(world->reply), "%.*s",
             (int)answer->reply.size,
             answer->reply.data == NULL ? "" : answer->reply.data);
    if (!world->asks_again)
        return;
    world->asks_again = false;
    asks_ask(world->asks, ASK_PULSE, (struct slice){0}, done, world, 0);
}

static struct measures *take_measures(void *ctx)
{
    struct world *world = ctx;
    world->measures_out++;
    return mem_zalloc(1, sizeof(struct measures));
}

static void give_measures(void *ctx, struct measures *measures)
{
    struct world *world = ctx;
    world->measures_out--;
    measures_finish(measures);
    free(measures);
}

static void measure(void *ctx, struct measures *measures)
{
    (void)ctx;
    measures_put_number(measures, FAMILY_JOURNAL_NEXT_SEQ, 0, 7);
}

static void open_world(struct world *world)
{
    *world = (struct world){0};
    const struct asks_options options = {
        .wake_loop = wake,
        .loop = &world->loop_wakes,
        .wake_http = wake,
        .http = &world->http_wakes,
        .take_measures = take_measures,
        .give_measures = give_measures,
        .measures_ctx = world,
    };
    world->asks = asks_create(&options);
}

static void serve(struct world *world)
{
    const struct asks_service service = {
        .ctx = world,
        .is_stopping = is_stopping,
        .status = status,
        .measure = measure,
        .call = call,
    };
    asks_serve(world->asks, &service);
}

static void ask(struct world *world, enum ask_kind kind, const char *request,
                uint64_t now_ms)
{
    asks_ask(world->asks, kind, slice_of(request), done, world, now_ms);
}

TEST(what_is_asked_is_answered_by_the_other_thread)
{
    struct world world;
    open_world(&world);
    ask(&world, ASK_PULSE, "", 0);
    CHECK_EQ(world.loop_wakes, 1);
    CHECK_EQ(asks_due(world.asks), 2000);
    asks_take(world.asks, 0);
    CHECK_EQ(world.told, 0);
    serve(&world);
    CHECK_EQ(world.http_wakes, 1);
    asks_take(world.asks, 0);
    CHECK_EQ(world.told, 1);
    CHECK_EQ(world.end, ASK_ANSWERED);
    CHECK_EQ(asks_due(world.asks), UINT64_MAX);

    world.is_stopping = true;
    ask(&world, ASK_STATUS, "", 0);
    serve(&world);
    asks_take(world.asks, 0);
    CHECK_STR(world.reply, "status");
    CHECK(world.is_stopping);
    asks_destroy(world.asks);
}

TEST(measures_are_lent_until_they_are_done_with_or_too_late)
{
    struct world world;
    open_world(&world);
    ask(&world, ASK_METRICS, "", 0);
    CHECK_EQ(world.measures_out, 1);
    serve(&world);
    asks_take(world.asks, 0);
    CHECK_EQ(world.end, ASK_ANSWERED);
    CHECK_EQ(world.measured, 7);
    CHECK_EQ(world.measures_out, 0);
    /* The loop may still be filling them. */
    ask(&world, ASK_METRICS, "", 0);
    asks_take(world.asks, asks_due(world.asks));
    CHECK_EQ(world.end, ASK_LATE);
    CHECK_EQ(world.measured, 0);
    CHECK_EQ(world.measures_out, 1);
    serve(&world);
    asks_take(world.asks, 0);
    CHECK_EQ(world.told, 2);
    CHECK_EQ(world.measures_out, 0);
    ask(&world, ASK_METRICS, "", 0);
    asks_destroy(world.asks);
    CHECK_EQ(world.measures_out, 0);
}

TEST(a_call_is_answered_when_its_ticket_is)
{
    struct world world;
    open_world(&world);
    ask(&world, ASK_CALL, "request", 0);
    serve(&world);
    asks_take(world.asks, 0);
    CHECK_EQ(world.told, 0);
    ticket_hold(world.ticket);
    ticket_reply(world.ticket, slice_of("reply"));
    asks_take(world.asks, 0);
    CHECK_EQ(world.told, 1);
    CHECK_STR(world.reply, "reply");
    asks_destroy(world.asks);
}

TEST(who_has_waited_too_long_is_told_once_and_the_answer_is_thrown_away)
{
    struct world world;
    open_world(&world);
    ask(&world, ASK_PULSE, "", 1000);
    asks_take(world.asks, 2999);
    CHECK_EQ(world.told, 0);
    asks_take(world.asks, 3000);
    CHECK_EQ(world.told, 1);
    CHECK_EQ(world.end, ASK_LATE);
    CHECK_EQ(asks_due(world.asks), UINT64_MAX);
    serve(&world);
    asks_take(world.asks, 3001);
    CHECK_EQ(world.told, 1);
    asks_destroy(world.asks);
}

TEST(too_many_are_turned_away_until_some_are_answered)
{
    struct world world;
    open_world(&world);
    for (int i = 0; i < ASKS_MAX; i++)
        ask(&world, ASK_PULSE, "", 0);
    CHECK_EQ(world.told, 0);
    ask(&world, ASK_PULSE, "", 0);
    CHECK_EQ(world.told, 1);
    CHECK_EQ(world.end, ASK_BUSY);
    serve(&world);
    asks_take(world.asks, 0);
    CHECK_EQ(world.told, 1 + ASKS_MAX);
    ask(&world, ASK_PULSE, "", 0);
    CHECK_EQ(world.told, 1 + ASKS_MAX);
    asks_destroy(world.asks);
}

TEST(at_the_end_all_are_told_and_nothing_more_is_asked)
{
    struct world world;
    open_world(&world);
    ask(&world, ASK_CALL, "request", 0);
    ask(&world, ASK_PULSE, "", 0);
    serve(&world);
    ticket_reply(world.ticket, slice_of("reply"));
    world.asks_again = true;
    asks_abandon(world.asks);
    CHECK_EQ(world.told, 3);
    CHECK_EQ(world.end, ASK_OVER);
    asks_destroy(world.asks);
}

SUITE(asks, what_is_asked_is_answered_by_the_other_thread,
      measures_are_lent_until_they_are_done_with_or_too_late,
      a_call_is_answered_when_its_ticket_is,
      who_has_waited_too_long_is_told_once_and_the_answer_is_thrown_away,
      too_many_are_turned_away_until_some_are_answered,
      at_the_end_all_are_told_and_nothing_more_is_asked)
