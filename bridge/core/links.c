/* SPDX-License-Identifier: MIT */
#include "links.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "core/calls.h"
#include "core/inside.h"
#include "core/introduction.h"
#include "core/mp.h"
#include "core/news.h"
#include "core/onebot.h"
#include "core/publisher.h"
#include "core/unsaid.h"

enum {
    /* So many calls in a row without an answer, and the peer is asked whether
     * it answers anything at all. */
    UNANSWERED_MAX = 2,
    /* A dialled link that has lived so long was a success, even if the peer
     * has said nothing. */
    DIALLED_WELL_MS = 10 * 1000,
    NEWS_A_MINUTE = 4,       /* reasons of a dial that fails */
    TURNS_A_MINUTE = 12,     /* links that come or go: each is told */
    CLOSE_AT_ONCE = 0,       /* nobody is there to shake hands with */
    CLOSE_GOING_AWAY = 1001, /* RFC 6455, 7.4.1 */
    CLOSE_LOST = 1006,       /* what is said where nobody said goodbye */
    CLOSE_POLICY = 1008,
    /* What NapCat and LLBot send to a wrong token, in a frame. */
    RETCODE_TOKEN = 1403,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void tell(struct bridge *bridge, const struct account *account,
                 const char *what, const struct news_field *fields,
                 size_t count, struct instant now)
{
    publisher_tell(bridge, account, &(struct news){what, fields, count}, now);
}

static void close_link(struct bridge *bridge, struct link *link, uint16_t code,
                       enum tally_cause cause, const char *why,
                       struct instant now)
{
    if (link->closing != NULL)
        return;
    link->closing = why;
    link->cause = cause;
    if (account_call_link(link->account) == NULL)
        link->account->down_since_ms = now.mono_ms;
    bridge->ports.close(bridge->ports.ctx, link->wire, code, why);
}

/* ---- is QQ online ---------------------------------------------------- */

/* Of a peer that comes and goes only what is new. */
static void say_online(struct bridge *bridge, struct account *account,
                       const char *source)
{
    bool is_online = account->online == ONLINE_YES;
    if (account->turns.unsaid > 0 && account->told == account->online)
        return;
    account->told = account->online;
    inside_say(bridge, is_online ? LOG_INFO : LOG_WARN,
               "account: QQ is %s account=%s self_id=%" PRId64 " source=%s%s",
               is_online ? "online" : "offline", account->name,
               account->self_id, source,
               is_online ? "" : " why=\"log in again at the peer\"");
}

static void set_online(struct bridge *bridge, struct account *account,
                       bool is_online, const char *source, struct instant now)
{
    enum account_online online = is_online ? ONLINE_YES : ONLINE_NO;
    const struct news_field fields[] = {
        NEWS_NUMBER("self_id", account->self_id),
        NEWS_TEXT("source", source),
    };
    if (account->online == online)
        return;
    account->online = online;
    account->past.online_ms = now.wall_ms;
    say_online(bridge, account, source);
    tell(bridge, account, is_online ? "online" : "offline", fields,
         COUNT(fields), now);
    if (!is_online) { /* ask until it is: a heartbeat may not come */
        account->ask_ms = now.mono_ms + account->options.watch.interval_ms;
        inside_watch_deadline(bridge, account->ask_ms);
    }
}

/* `status` is OneBot 11's status object: of a heartbeat, or the data of
 * get_status. */
static void take_status(struct bridge *bridge, struct account *account,
                        struct slice status, const char *source,
                        struct instant now)
{
    struct slice value;
    struct mp_token token;
    if (!mp_find(status, "online", &value))
        return;
    struct mp_reader reader = mp_reader_of(value);
    if (mp_next(&reader, &token) && token.kind == MP_BOOL)
        set_online(bridge, account, token.boolean, source, now);
}

/* ---- are actions answered -------------------------------------------- */

static bool any_link_answers(const struct account *account)
{
    const struct link *link = account_call_link(account);
    return link != NULL && !link->is_mute;
}

static void set_stalled(struct bridge *bridge, struct account *account,
                        bool is_stalled, struct instant now)
{
    const struct news_field fields[] = {
        NEWS_NUMBER("unanswered", account->unanswered),
    };
    if (account->is_stalled == is_stalled)
        return;
    account->is_stalled = is_stalled;
    inside_say(bridge, is_stalled ? LOG_WARN : LOG_INFO,
               is_stalled
                   ? "account: actions are stalled account=%s unanswered=%u "
                     "why=\"the peer takes actions and answers none, not even "
                     "get_status; restart it if this lasts\""
                   : "account: actions are answered again account=%s "
                     "unanswered=%u",
               account->name, account->unanswered);
    tell(bridge, account, is_stalled ? "actions.stalled" : "actions.ok", fields,
         COUNT(fields), now);
}

static void ask_again(struct bridge *bridge, struct account *account,
                      struct instant now)
{
    if (!account->is_stalled && account->online != ONLINE_NO)
        return;
    account->ask_ms = now.mono_ms + account->options.watch.interval_ms;
    inside_watch_deadline(bridge, account->ask_ms);
}

/* get_status has been answered, or not. */
static void on_status(struct bridge *bridge, const struct call *call,
                      const struct reply *reply, struct instant now)
{
    struct account *account = call->account;
    struct link *link = account_find_link(account, call->link);
    bool is_answered = reply->has_retcode;
    if (bridge->is_stopping)
        return;
    /* Only a peer that lives can be mute: a dead one is the watch's. */
    bool is_mute =
        !is_answered && link != NULL && link->watch.heard_ms > call->started_ms;
    if (link != NULL) {
        link->is_asked = false;
        link->is_mute = is_mute;
    }
    if (is_answered && link != NULL) /* it has brought the question over */
        watch_heard(&link->watch, now.mono_ms);
    if (is_answered && reply->error == REPLY_FINE)
        take_status(bridge, account, reply->data, "get_status", now);
    if (is_mute && !any_link_answers(account))
        set_stalled(bridge, account, true, now);
    ask_again(bridge, account, now);
}

static void ask_status(struct bridge *bridge, struct link *link,
                       struct instant now)
{
    const struct exchange exchange = {
        .account = link->account,
        .link = link,
        .action = slice_of("get_status"),
        .is_read = true,
        .deadline_ms = now.mono_ms + link->account->options.watch.timeout_ms,
        .on_end = on_status,
    };
    struct refusal refusal;
    if (link->is_asked || bridge->is_stopping)
        return;
    link->is_asked = calls_ask(bridge, &exchange, &refusal, now) != NULL;
    bridge->ports.ping(bridge->ports.ctx, link->wire);
}

static void ask_links(struct bridge *bridge, struct account *account,
                      struct instant now)
{
    account->ask_ms = UINT64_MAX;
    ask_again(bridge, account, now); /* should this not get through */
    for (struct link *link = account->newest; link != NULL; link = link->older)
        if (link->role != LINK_EVENT && link->closing == NULL)
            ask_status(bridge, link, now);
}

/* ---- dialling -------------------------------------------------------- */

static void dialled_well(struct account *account)
{
    account->is_degraded = false;
    account->trouble[0] = '\0';
    backoff_reset(&account->backoff);
}

static void tell_degraded(struct bridge *bridge, struct account *account,
                          uint64_t delay_ms, struct instant now)
{
    const struct news_field fields[] = {
        NEWS_NUMBER("attempts", backoff_failures(&account->backoff)),
        NEWS_TEXT("reason", account->trouble),
        NEWS_NUMBER("retry_in_ms", delay_ms),
    };
    if (account->is_degraded)
        return;
    char reason[INSIDE_REASON_SIZE];
    account->is_degraded = true;
    inside_say(
        bridge, LOG_ERROR,
        "link: degraded account=%s attempts=%u reason=\"%s\" "
        "why=\"it goes on being tried every reconnect.maxDelay\"",
        account->name, backoff_failures(&account->backoff),
        visible_quote(reason, sizeof(reason), slice_of(account->trouble)));
    tell(bridge, account, "link.degraded", fields, COUNT(fields), now);
}

static uint32_t random_of(struct bridge *bridge)
{
    uint32_t number;
    bridge->ports.random(bridge->ports.ctx, &number, sizeof(number));
    return number;
}

/* Say what is new, and what is not once a minute. */
static void say_dial_failed(struct bridge *bridge, struct account *account,
                            const char *reason, uint64_t delay_ms,
                            struct instant now)
{
    static const char kind[] = "a dial that failed";
    bool is_news = strcmp(account->trouble, reason) != 0;
    uint64_t count = inside_complain(bridge, &account->dials, kind,
                                     is_news ? NEWS_A_MINUTE : 1, now);
    snprintf(account->trouble, sizeof(account->trouble), "%s", reason);
    char quoted[INSIDE_REASON_SIZE];
    if (count > 0)
        inside_say(bridge, LOG_WARN,
                   "link: cannot reach the peer account=%s reason=\"%s\" "
                   "attempts=%u retry_in_ms=%" PRIu64 " count=%" PRIu64,
                   account->name,
                   visible_quote(quoted, sizeof(quoted), slice_of(reason)),
                   backoff_failures(&account->backoff), delay_ms, count);
}

static void dial_later(struct bridge *bridge, struct account *account,
                       const char *reason, struct instant now)
{
    const struct backoff_options *options = &account->options.backoff;
    uint64_t delay_ms =
        backoff_next(&account->backoff, options, random_of(bridge));
    say_dial_failed(bridge, account, reason, delay_ms, now);
    if (!account->options.redials)
        return;
    account->dial_ms = now.mono_ms + delay_ms;
    inside_watch_deadline(bridge, account->dial_ms);
    if (backoff_is_degraded(&account->backoff, options))
        tell_degraded(bridge, account, delay_ms, now);
}

void links_on_dial_failed(struct bridge *bridge, struct account *account,
                          const char *reason, struct instant now)
{
    account->is_dialing = false;
    account->tally.dials_failed++;
    dial_later(bridge, account, reason, now);
}

static void dial_if_due(struct bridge *bridge, struct account *account,
                        struct instant now)
{
    if (now.mono_ms < account->dial_ms)
        return;
    account->dial_ms = UINT64_MAX;
    if (bridge->is_stopping)
        return;
    account->is_dialing = true;
    bridge->ports.dial(bridge->ports.ctx, account->options.dialer);
}

/* ---- coming and going ------------------------------------------------ */

/* May this link's coming or going have a line of its own? A peer that does
 * nothing else has one a minute. */
static bool has_line(struct bridge *bridge, struct account *account,
                     struct instant now)
{
    static const char kind[] = "a link that came or went";
    uint64_t count =
        inside_complain(bridge, &account->turns, kind, TURNS_A_MINUTE, now);
    if (count > 1)
        unsaid_say_turns(bridge, account, count);
    return count == 1;
}

/* Another link has come: those before it may be dead. */
static void doubt_others(struct bridge *bridge, const struct link *newest,
                         struct instant now)
{
    for (struct link *link = newest->older; link != NULL; link = link->older) {
        watch_doubt(&link->watch, now.mono_ms);
        inside_watch_deadline(bridge, now.mono_ms);
    }
}

bool links_admit(struct bridge *bridge, struct account *account,
                 int64_t self_id, int64_t *other, struct instant now)
{
    for (struct link *link = account->newest; link != NULL;
         link = link->older) {
        if (self_id == 0 || link->self_id == 0 || link->self_id == self_id)
            continue;
        *other = link->self_id;
        /* If that one is dead, the next attempt shall find out. */
        watch_doubt(&link->watch, now.mono_ms);
        inside_watch_deadline(bridge, now.mono_ms);
        return false;
    }
    return true;
}

static void say_up(struct bridge *bridge, const struct link *link,
                   const struct link_info *info, struct instant now)
{
    const char *name = info->user_agent == NULL ? "" : info->user_agent;
    char agent[INSIDE_REASON_SIZE];
    if (has_line(bridge, link->account, now))
        inside_say(bridge, LOG_INFO,
                   "link: up account=%s link=%" PRIu64
                   " role=%s self_id=%" PRId64
                   " remote=%s user_agent=\"%s\" links=%zu",
                   link->account->name, link->serial,
                   link_role_name(info->role), info->self_id, info->remote,
                   visible_quote(agent, sizeof(agent), slice_of(name)),
                   link->account->link_count);
}

struct link *links_on_up(struct bridge *bridge, struct account *account,
                         const struct link_info *info, void *wire,
                         struct instant now)
{
    struct link *link = account_add_link(account, info, wire,
                                         ++bridge->links_seen, now.mono_ms);
    const struct news_field fields[] = {
        NEWS_NUMBER("link", link->serial),
        NEWS_TEXT("role", link_role_name(link->role)),
        NEWS_NUMBER("self_id", account->self_id),
        NEWS_NUMBER("links", account->link_count),
    };
    account->is_dialing = false;
    account->past.up_ms = now.wall_ms;
    account->tally.links++;
    links_learn_bots(bridge);
    say_up(bridge, link, info, now);
    tell(bridge, account, "link.up", fields, COUNT(fields), now);
    doubt_others(bridge, link, now);
    if (account->is_stalled || account->online == ONLINE_NO) {
        account->ask_ms = now.mono_ms; /* how is it now */
        inside_watch_deadline(bridge, now.mono_ms);
    }
    inside_watch_deadline(bridge, watch_due(&link->watch));
    introduction_on_link_up(bridge, link, now);
    calls_on_link_up(bridge, account, now);
    return link;
}

/* Nobody is there any more whom this could be said of. */
static void forget_state(struct account *account)
{
    if (account_call_link(account) == NULL) {
        account->unanswered = 0;
        account->is_stalled = false;
    }
    if (account->link_count > 0)
        return;
    account->online = ONLINE_UNKNOWN;
    account->heartbeat_ms = 0;
    account->ask_ms = UINT64_MAX;
}

static void note_down(struct account_past *past, uint16_t code,
                      const char *reason, struct instant now)
{
    past->down_ms = now.wall_ms;
    past->down_code = code;
    snprintf(past->down_reason, sizeof(past->down_reason), "%s", reason);
}

/* A bridge that stops closes its links without a word here. */
static enum tally_cause cause_of(const struct bridge *bridge,
                                 const struct link *gone, uint16_t code)
{
    if (gone->closing != NULL)
        return gone->cause;
    if (bridge->is_stopping)
        return TALLY_SHUTDOWN;
    return code == CLOSE_LOST ? TALLY_LOST : TALLY_CLOSED;
}

static void say_down(struct bridge *bridge, const struct link *gone,
                     uint16_t code, const char *why, struct instant now)
{
    char quoted[INSIDE_REASON_SIZE];
    if (has_line(bridge, gone->account, now))
        inside_say(bridge, LOG_INFO,
                   "link: down account=%s link=%" PRIu64 " links=%zu code=%u "
                   "reason=\"%s\"",
                   gone->account->name, gone->serial, gone->account->link_count,
                   code, visible_quote(quoted, sizeof(quoted), slice_of(why)));
}

void links_on_down(struct bridge *bridge, struct link *link, uint16_t code,
                   const char *reason, struct instant now)
{
    struct account *account = link->account;
    struct link gone = *link;
    const char *why = gone.closing != NULL ? gone.closing : reason;
    account->tally.downs[cause_of(bridge, &gone, code)]++;
    account_remove_link(account, link, now.mono_ms);
    note_down(&account->past, code, why, now);
    const struct news_field fields[] = {
        NEWS_NUMBER("link", gone.serial),
        NEWS_TEXT("role", link_role_name(gone.role)),
        NEWS_NUMBER("self_id", account->self_id),
        NEWS_NUMBER("links", account->link_count),
        NEWS_TEXT("reason", why),
        NEWS_NUMBER("code", code),
    };
    say_down(bridge, &gone, code, why, now);
    tell(bridge, account, "link.down", fields, COUNT(fields), now);
    calls_on_link_down(bridge, account, now);
    forget_state(account);
    if (account->options.dialer == NULL || account->is_leaving ||
        account->dial_ms != UINT64_MAX || account->is_dialing ||
        account_call_link(account) != NULL)
        return;
    if (now.mono_ms - gone.up_ms >= DIALLED_WELL_MS)
        dialled_well(account);
    dial_later(bridge, account, why, now);
}

void links_close(struct bridge *bridge, struct account *account,
                 const char *why, struct instant now)
{
    for (struct link *link = account->newest; link != NULL; link = link->older)
        close_link(bridge, link, CLOSE_GOING_AWAY, TALLY_SETTINGS, why, now);
}

void links_on_options(struct bridge *bridge, struct account *account,
                      struct instant now)
{
    const struct account_options *options = &account->options;
    if (options->dialer == NULL || !options->redials)
        account->dial_ms = UINT64_MAX;
    else if (account->dial_ms == UINT64_MAX && !account->is_dialing &&
             account->link_count == 0)
        account->dial_ms = now.mono_ms;
    inside_watch_deadline(bridge, now.mono_ms);
}

void links_renew(struct bridge *bridge, struct account *account,
                 struct instant now)
{
    links_close(bridge, account, "the settings of this account have changed",
                now);
    account->is_dialing = false;
    dialled_well(account);
    account->dial_ms =
        account->options.dialer == NULL ? UINT64_MAX : now.mono_ms;
    inside_watch_deadline(bridge, account->dial_ms);
}

/* ---- what comes over them -------------------------------------------- */

static const char WRONG_QQ[] =
    "it speaks for another QQ number than this account's selfId";

static const char SECOND_QQ[] =
    "another QQ is connected for this account; give each its own";

/* The number of another link of the account, if it is not this one; else 0. */
static int64_t other_self_id(const struct account *account, int64_t self_id)
{
    for (const struct link *link = account->newest; link != NULL;
         link = link->older)
        if (link->self_id != 0 && link->self_id != self_id &&
            link->closing == NULL)
            return link->self_id;
    return 0;
}

/* Frames of a QQ that the settings do not have here are nobody's. */
static bool is_of_account(struct bridge *bridge, struct link *link,
                          int64_t self_id, struct instant now)
{
    struct account *account = link->account;
    int64_t wanted = account->options.self_id;
    const char *why = WRONG_QQ;
    if (wanted == 0 && link->self_id == 0 && self_id != 0) {
        wanted = other_self_id(account, self_id);
        why = SECOND_QQ;
    }
    if (wanted == 0 || self_id == 0 || self_id == wanted)
        return true;
    if (link->closing == NULL)
        inside_say(bridge, LOG_WARN,
                   "link: closing account=%s link=%" PRIu64 " self_id=%" PRId64
                   " wanted=%" PRId64
                   " reason=\"%s\" hint=\"set selfId, or wsPath at both "
                   "ends\"",
                   account->name, link->serial, self_id, wanted, why);
    close_link(bridge, link, CLOSE_POLICY, TALLY_NOT_ITS_QQ, why, now);
    account->tally.dropped[TALLY_WRONG_SELF_ID]++;
    return false;
}

void links_learn_bots(struct bridge *bridge)
{
    ids_finish(&bridge->self_ids);
    for (size_t i = 0; i < bridge->account_count; i++)
        if (bridge->accounts[i]->self_id != 0)
            ids_add(&bridge->self_ids, bridge->accounts[i]->self_id);
}

static void learn_self_id(struct bridge *bridge, struct link *link,
                          int64_t self_id)
{
    if (link->self_id != 0 || self_id == 0)
        return;
    link->self_id = self_id;
    link->account->self_id = self_id;
    links_learn_bots(bridge);
}

bool links_on_event(struct bridge *bridge, struct link *link,
                    const struct onebot_frame *frame, struct instant now)
{
    struct account *account = link->account;
    int64_t self_id = onebot_id(&frame->self_id);
    if (!is_of_account(bridge, link, self_id, now))
        return false;
    learn_self_id(bridge, link, self_id);
    if (account->options.dialer != NULL)
        dialled_well(account);
    if (frame->post == ONEBOT_POST_META_EVENT &&
        slice_equals(frame->meta_event_type.text, "heartbeat")) {
        account->heartbeat_ms = now.mono_ms;
        take_status(bridge, account, frame->status.pack, "heartbeat", now);
    } else if (frame->post == ONEBOT_POST_NOTICE &&
               slice_equals(frame->notice_type.text, "bot_offline")) {
        set_online(bridge, account, false, "bot_offline", now);
    }
    return true;
}

static const char TOKEN_REFUSED[] =
    "the peer refused the token (1403): accessToken is not the token of its "
    "WebSocket server";

void links_on_answer(struct bridge *bridge, struct link *link,
                     const struct onebot_frame *frame, uint64_t asked,
                     struct instant now)
{
    struct account *account = link->account;
    if (account->options.dialer != NULL && asked == 0 &&
        frame->retcode.integer == RETCODE_TOKEN) {
        close_link(bridge, link, CLOSE_POLICY, TALLY_TOKEN_REFUSED,
                   TOKEN_REFUSED, now);
        return;
    }
    struct link *over = asked == 0 ? link : account_find_link(account, asked);
    if (over != NULL)
        over->is_mute = false;
    account->unanswered = 0;
    set_stalled(bridge, account, false, now);
    if (account->online != ONLINE_NO)
        account->ask_ms = UINT64_MAX;
    if (account->options.dialer != NULL)
        dialled_well(account);
}

/* ---- time ------------------------------------------------------------ */

static const char SILENT[] = "nothing came, not even to a ping: the peer is "
                             "gone";

static void take_step(struct bridge *bridge, struct link *link,
                      enum watch_step step, struct instant now)
{
    if (step == WATCH_CLOSE)
        close_link(bridge, link, CLOSE_AT_ONCE, TALLY_SILENT, SILENT, now);
    else if (step == WATCH_PROBE && link->role != LINK_EVENT)
        ask_status(bridge, link, now);
    else
        bridge->ports.ping(bridge->ports.ctx, link->wire);
}

static void watch_link(struct bridge *bridge, struct link *link,
                       struct instant now)
{
    enum watch_step step;
    while (link->closing == NULL &&
           (step = watch_next(&link->watch, now.mono_ms)) != WATCH_NOTHING)
        take_step(bridge, link, step, now);
    if (link->closing == NULL)
        inside_watch_deadline(bridge, watch_due(&link->watch));
}

static void tick_account(struct bridge *bridge, struct account *account,
                         struct instant now)
{
    for (struct link *link = account->newest; link != NULL; link = link->older)
        watch_link(bridge, link, now);
    if (now.mono_ms >= account->ask_ms ||
        (account->unanswered >= UNANSWERED_MAX && !account->is_stalled))
        ask_links(bridge, account, now);
    dial_if_due(bridge, account, now);
    inside_watch_deadline(bridge, account->ask_ms);
    inside_watch_deadline(bridge, account->dial_ms);
}

void links_on_tick(struct bridge *bridge, struct instant now)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        tick_account(bridge, bridge->accounts[i], now);
}
