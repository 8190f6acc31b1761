/* SPDX-License-Identifier: MIT */
/* Two things take turns: asking for pages until caught up, and receiving until
 * something is missing or it has been quiet. It is asked then too, for of the
 * end of a burst a subscriber may have lost the last, and a subscription
 * counts from a moment after it was made. */
#include "follower.h"

#include <nng/supplemental/util/platform.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/answer.h"
#include "cli/caller.h"
#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/printer.h"
#include "cli/shown.h"

enum {
    QUIET_MS = 1000,
    /* A page takes the bridge far less. */
    REPLY_WAIT_MS = 3000,
    /* Until it is asked again after it had no answer. */
    PAUSE_MS = 1000,
};

enum turn {
    TURN_ASK,
    TURN_RECEIVE,
    TURN_DONE,
    TURN_FAILED,
};

struct follower {
    struct follow follow;
    struct printer *printer;
    struct caller caller;
    nng_socket events;
    nng_msg *held; /* asked because of it */
    struct buffer request;
    struct buffer reply;
    uint64_t began_ms;
    uint64_t moved_ms;  /* when we last went on, or asked */
    bool is_unanswered; /* and it has been said */
};

static uint64_t now_ms(void)
{
    return clock_now().mono_ms;
}

static struct slice body_of(nng_msg *msg)
{
    return (struct slice){nng_msg_body(msg), nng_msg_len(msg)};
}

/* ---- asking ----------------------------------------------------------- */

static void pack_request(struct follower *follower)
{
    struct page_query query = {
        .since = follow_next(&follower->follow),
        .patterns = follower->printer->patterns,
        .pattern_count = follower->printer->pattern_count,
    };
    /* So far back from when we were started, not from now. */
    if (query.since.kind == SINCE_AGE)
        query.since.value += now_ms() - follower->began_ms;
    follower->request.size = 0;
    page_pack_request(&query, &follower->request);
}

static void on_lost(void *ctx, uint64_t first, uint64_t last)
{
    printer_say_lost(ctx, first, last);
}

static bool on_event(void *ctx, struct slice message)
{
    return printer_show(ctx, message);
}

static enum turn take_page(struct follower *follower, const struct page *page)
{
    struct printer *printer = follower->printer;
    enum follow_turn turn = follow_page(&follower->follow, page);
    if (turn == FOLLOW_ANOTHER) {
        fprintf(stderr,
                "%s: the bridge has another journal; going on from its "
                "beginning\n",
                printer->command);
        return TURN_ASK;
    }
    page_each_lost(page, on_lost, printer);
    if (!page_each_event(page, on_event, printer))
        return TURN_DONE;
    return turn == FOLLOW_MORE ? TURN_ASK : TURN_RECEIVE;
}

static enum turn take_reply(struct follower *follower)
{
    const char *command = follower->printer->command;
    struct slice data;
    struct page page;
    if (!answer_data(command, buffer_slice(&follower->reply), &data))
        return TURN_FAILED;
    if (page_read(data, &page))
        return take_page(follower, &page);
    fprintf(stderr, "%s: the bridge's reply is no page of its journal\n",
            command);
    return TURN_FAILED;
}

/* Without an answer the live events go on, unless one waits for it. */
static enum turn do_without(struct follower *follower, const char *why)
{
    if (!follower->is_unanswered)
        fprintf(stderr, "%s: the bridge does not answer (%s); trying again\n",
                follower->printer->command, why);
    follower->is_unanswered = true;
    if (follower->held == NULL)
        return TURN_RECEIVE;
    nng_msleep(PAUSE_MS);
    return TURN_ASK;
}

static bool is_for_later(struct slice reply)
{
    struct slice error = answer_text(reply, "error");
    return slice_equals(error, "busy") || slice_equals(error, "shutting_down");
}

static enum turn ask(struct follower *follower)
{
    pack_request(follower);
    int error = caller_ask(&follower->caller, REPLY_WAIT_MS,
                           buffer_slice(&follower->request), &follower->reply);
    if (error != 0)
        return do_without(follower, nng_strerror(error));
    if (is_for_later(buffer_slice(&follower->reply)))
        return do_without(follower, "busy");
    follower->is_unanswered = false;
    return take_reply(follower);
}

/* ---- receiving -------------------------------------------------------- */

static void drop_held(struct follower *follower)
{
    nng_msg_free(follower->held);
    follower->held = NULL;
}

/* False: it was the last to print. */
static bool settle_held(struct follower *follower)
{
    struct slice message = body_of(follower->held);
    struct shown_event event;
    struct follow_mark mark;
    struct follow_gap gap;
    bool goes_on = true;
    if (shown_event_read(message, &event) &&
        follow_mark_read(event.envelope, &mark) &&
        follow_settle(&follower->follow, &mark, &gap) == FOLLOW_SHOW) {
        if (gap.first <= gap.last)
            printer_say_lost(follower->printer, gap.first, gap.last);
        goes_on = printer_show(follower->printer, message);
    }
    drop_held(follower);
    return goes_on;
}

static enum turn take_event(struct follower *follower, nng_msg *msg)
{
    struct shown_event event;
    struct follow_mark mark;
    enum follow_step step = FOLLOW_DROP;
    if (shown_event_read(body_of(msg), &event) &&
        follow_mark_read(event.envelope, &mark))
        step = follow_event(&follower->follow, &mark);
    follower->held = msg;
    if (step == FOLLOW_ASK)
        return TURN_ASK;
    bool goes_on =
        step == FOLLOW_DROP || printer_show(follower->printer, body_of(msg));
    drop_held(follower);
    if (step == FOLLOW_SHOW)
        follower->moved_ms = now_ms();
    return goes_on ? TURN_RECEIVE : TURN_DONE;
}

static enum turn receive(struct follower *follower)
{
    nng_msg *msg;
    /* Events that are dropped are no news: with them alone it is quiet. */
    if (now_ms() - follower->moved_ms >= QUIET_MS)
        return TURN_ASK;
    int error = nng_recvmsg(follower->events, &msg, 0);
    if (error == 0)
        return take_event(follower, msg);
    if (error == NNG_ETIMEDOUT)
        return TURN_ASK;
    fprintf(stderr, "%s: %s\n", follower->printer->command,
            nng_strerror(error));
    return TURN_FAILED;
}

/* ---- both ------------------------------------------------------------- */

/* Caught up, or doing without. */
static enum turn go_live(struct follower *follower)
{
    follower->moved_ms = now_ms();
    if (follower->held != NULL && !settle_held(follower))
        return TURN_DONE;
    return TURN_RECEIVE;
}

static int follow(struct follower *follower)
{
    enum turn turn = TURN_ASK;
    while (turn != TURN_DONE && turn != TURN_FAILED) {
        if (turn == TURN_RECEIVE)
            turn = receive(follower);
        else if ((turn = ask(follower)) == TURN_RECEIVE)
            turn = go_live(follower);
    }
    return turn == TURN_DONE ? EXIT_OK : EXIT_FAILED;
}

int follower_run(nng_socket events, const struct follower_way *way,
                 const struct since *since, struct printer *printer)
{
    struct follower follower = {
        .printer = printer,
        .events = events,
        .began_ms = now_ms(),
    };
    if (!caller_open(&follower.caller, way->actions_url, "--actions-url",
                     way->token_file)) {
        caller_finish(&follower.caller);
        return EXIT_FAILED;
    }
    nng_socket_set_ms(events, NNG_OPT_RECVTIMEO, QUIET_MS);
    follow_start(&follower.follow, since);
    int exit = follow(&follower);
    nng_msg_free(follower.held);
    caller_finish(&follower.caller);
    buffer_finish(&follower.request);
    buffer_finish(&follower.reply);
    return exit;
}
