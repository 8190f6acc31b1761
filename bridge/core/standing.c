/* SPDX-License-Identifier: MIT */
#include "standing.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/breaker.h"
#include "core/inside.h"
#include "core/mp.h"
#include "core/news.h"
#include "core/onebot.h"
#include "core/publisher.h"

enum {
    SECOND_MS = 1000,
    /* QQ mutes nobody for longer than 30 days; what is longer, or no time at
     * all, is "until it is lifted" in some peer's words. */
    MUTE_SECONDS_MAX = 31 * 24 * 60 * 60,
    NEWS_FIELDS_MAX = 3,
    CHAT_TEXT_SIZE = 48,
};

static void name_chat(const struct pacing_chat *chat,
                      char text[static CHAT_TEXT_SIZE])
{
    if (chat->id == 0)
        snprintf(text, CHAT_TEXT_SIZE, "this account");
    else
        snprintf(text, CHAT_TEXT_SIZE, "%s %" PRId64,
                 chat->is_group ? "group" : "user", chat->id);
}

/* ---- news -------------------------------------------------------------- */

static size_t add_chat(struct news_field *fields,
                       const struct pacing_chat *chat)
{
    if (chat->id == 0)
        return 0;
    fields[0] = (struct news_field)NEWS_NUMBER(
        chat->is_group ? "group_id" : "user_id", chat->id);
    return 1;
}

static void tell_paused(struct bridge *bridge, const struct account *account,
                        const struct pacing_chat *chat,
                        const struct breaker_verdict *verdict,
                        struct instant now)
{
    struct news_field fields[NEWS_FIELDS_MAX];
    size_t count = add_chat(fields, chat);
    char where[CHAT_TEXT_SIZE];
    name_chat(chat, where);
    fields[count++] =
        (struct news_field)NEWS_TEXT("reason", breaker_why_name(verdict->why));
    if (verdict->retry_after_ms != 0)
        fields[count++] = (struct news_field)NEWS_NUMBER(
            "retry_after_ms", verdict->retry_after_ms);
    const struct news news = {"sending.paused", fields, count};
    inside_say(bridge, LOG_WARN,
               "sending: paused account=%s where=\"%s\" reason=%s "
               "retry_after_ms=%" PRIu64,
               account->name, where, breaker_why_name(verdict->why),
               verdict->retry_after_ms);
    publisher_tell(bridge, account, &news, now);
}

static void tell_resumed(struct bridge *bridge, const struct account *account,
                         const struct pacing_chat *chat, struct instant now)
{
    struct news_field fields[NEWS_FIELDS_MAX];
    const struct news news = {"sending.resumed", fields,
                              add_chat(fields, chat)};
    char where[CHAT_TEXT_SIZE];
    name_chat(chat, where);
    inside_say(bridge, LOG_INFO, "sending: resumed account=%s where=\"%s\"",
               account->name, where);
    publisher_tell(bridge, account, &news, now);
}

/* What is against the chat was this, and is something else perhaps. */
static void tell_change(struct bridge *bridge, const struct account *account,
                        const struct pacing_chat *chat, enum breaker_why before,
                        struct instant now)
{
    const struct breaker_verdict after =
        breaker_look(bridge->breaker, chat, now.mono_ms);
    inside_watch_deadline(bridge, breaker_due(bridge->breaker));
    if (after.why == before)
        return;
    if (after.why == BREAKER_CLOSED)
        tell_resumed(bridge, account, chat, now);
    else
        tell_paused(bridge, account, chat, &after, now);
}

static enum breaker_why look(const struct bridge *bridge,
                             const struct pacing_chat *chat, struct instant now)
{
    return breaker_look(bridge->breaker, chat, now.mono_ms).why;
}

/* ---- events ------------------------------------------------------------ */

/* What an event says about the bot in a group. */
struct sign {
    struct breaker *breaker;
    const struct onebot_frame *event;
    struct pacing_chat group;
    bool is_about_bot; /* its user_id is the bot's */
    uint64_t now_ms;
};

static bool has_sub_type(const struct sign *sign, const char *name)
{
    return slice_equals(sign->event->sub_type.text, name);
}

static uint64_t muted_until(const struct sign *sign)
{
    struct slice pack;
    int64_t seconds;
    if (!mp_find(sign->event->pack, "duration", &pack) ||
        !mp_read_int(pack, &seconds) || seconds <= 0 ||
        seconds > MUTE_SECONDS_MAX)
        return UINT64_MAX;
    return sign->now_ms + (uint64_t)seconds * SECOND_MS;
}

static void on_ban(const struct sign *sign)
{
    bool is_lifted = has_sub_type(sign, "lift_ban");
    if (!onebot_has_id(&sign->event->user_id))
        breaker_set_whole_ban(sign->breaker, &sign->group, !is_lifted,
                              sign->now_ms);
    else if (sign->is_about_bot)
        breaker_set_muted(sign->breaker, &sign->group,
                          is_lifted ? 0 : muted_until(sign), sign->now_ms);
}

static void on_decrease(const struct sign *sign)
{
    if (sign->is_about_bot || has_sub_type(sign, "kick_me") ||
        has_sub_type(sign, "disband"))
        breaker_set_removed(sign->breaker, &sign->group, true, sign->now_ms);
}

static void on_increase(const struct sign *sign)
{
    if (sign->is_about_bot)
        breaker_set_removed(sign->breaker, &sign->group, false, sign->now_ms);
}

static void on_dismiss(const struct sign *sign)
{
    breaker_set_removed(sign->breaker, &sign->group, true, sign->now_ms);
}

static void on_message(const struct sign *sign)
{
    breaker_set_removed(sign->breaker, &sign->group, false, sign->now_ms);
}

static const struct {
    const char *notice_type;
    void (*take)(const struct sign *sign);
} NOTICES[] = {
    {"group_ban", on_ban},
    {"group_decrease", on_decrease},
    {"group_increase", on_increase},
    {"group_dismiss", on_dismiss},
};

/* What takes the event; NULL: it says nothing of where the bot may speak. */
static void (*taker_of(const struct onebot_frame *event))(const struct sign *)
{
    if (event->post == ONEBOT_POST_MESSAGE ||
        event->post == ONEBOT_POST_MESSAGE_SENT)
        return on_message;
    if (event->post != ONEBOT_POST_NOTICE)
        return NULL;
    for (size_t i = 0; i < sizeof(NOTICES) / sizeof(NOTICES[0]); i++)
        if (slice_equals(event->notice_type.text, NOTICES[i].notice_type))
            return NOTICES[i].take;
    return NULL;
}

void standing_on_event(struct bridge *bridge, struct account *account,
                       const struct onebot_frame *event, struct instant now)
{
    void (*take)(const struct sign *) = taker_of(event);
    /* Most events are messages, which can only disprove what is known. */
    if (take == on_message && breaker_count(bridge->breaker) == 0)
        return;
    int64_t self_id = onebot_self_id(event, account->self_id);
    const struct sign sign = {
        .breaker = bridge->breaker,
        .event = event,
        .group = {.account = account->index,
                  .is_group = true,
                  .id = onebot_id(&event->group_id)},
        .is_about_bot = self_id != 0 && onebot_id(&event->user_id) == self_id,
        .now_ms = now.mono_ms,
    };
    if (take == NULL || sign.group.id == 0)
        return;
    enum breaker_why before = look(bridge, &sign.group, now);
    take(&sign);
    tell_change(bridge, account, &sign.group, before, now);
}

/* ---- sends -------------------------------------------------------------- */

static void name_wait(uint64_t wait_ms, const char *else_text,
                      char text[static CHAT_TEXT_SIZE])
{
    if (wait_ms == 0)
        snprintf(text, CHAT_TEXT_SIZE, "%s", else_text);
    else
        snprintf(text, CHAT_TEXT_SIZE, "for another %" PRIu64 " s",
                 (wait_ms + SECOND_MS - 1) / SECOND_MS);
}

static enum reply_error explain(const struct breaker_verdict *verdict,
                                const struct pacing_chat *chat,
                                char text[static STANDING_TEXT_SIZE])
{
    char name[CHAT_TEXT_SIZE], wait[CHAT_TEXT_SIZE];
    if (verdict->why == BREAKER_CLOSED)
        return REPLY_FINE;
    name_chat(chat, name);
    name_wait(verdict->retry_after_ms, "until it is lifted", wait);
    switch (verdict->why) {
    case BREAKER_CLOSED:
        break;
    case BREAKER_REMOVED:
        snprintf(text, STANDING_TEXT_SIZE, "the bot is not in %s any more",
                 name);
        return REPLY_NOT_IN_GROUP;
    case BREAKER_MUTED:
        snprintf(text, STANDING_TEXT_SIZE, "the bot is muted in %s %s", name,
                 wait);
        return REPLY_MUTED;
    case BREAKER_WHOLE_BAN:
        snprintf(text, STANDING_TEXT_SIZE, "all of %s are muted %s", name,
                 wait);
        return REPLY_MUTED;
    case BREAKER_FAILING_CHAT:
        snprintf(text, STANDING_TEXT_SIZE,
                 "the last sends to %s failed: no more go there %s", name,
                 wait);
        return REPLY_RATE_LIMITED;
    case BREAKER_FAILING_ACCOUNT:
        snprintf(text, STANDING_TEXT_SIZE,
                 "the last sends of this account failed: it sends no more %s",
                 wait);
        return REPLY_RATE_LIMITED;
    }
    return REPLY_FINE;
}

enum reply_error standing_outlook(const struct bridge *bridge,
                                  const struct pacing_chat *chat,
                                  char text[static STANDING_TEXT_SIZE],
                                  uint64_t *retry_after_ms, struct instant now)
{
    const struct pacing_chat all = {.account = chat->account};
    struct breaker_verdict verdict =
        breaker_look(bridge->breaker, chat, now.mono_ms);
    if (verdict.why == BREAKER_CLOSED)
        verdict = breaker_look(bridge->breaker, &all, now.mono_ms);
    *retry_after_ms = verdict.retry_after_ms;
    return explain(&verdict, chat, text);
}

enum reply_error standing_hindrance(struct bridge *bridge,
                                    const struct pacing_chat *chat,
                                    char text[static STANDING_TEXT_SIZE],
                                    uint64_t *retry_after_ms,
                                    struct instant now)
{
    const struct breaker_verdict verdict =
        breaker_ask(bridge->breaker, chat, now.mono_ms);
    *retry_after_ms = verdict.retry_after_ms;
    return explain(&verdict, chat, text);
}

void standing_on_sent(struct bridge *bridge, const struct account *account,
                      const struct pacing_chat *chat, enum reply_error outcome,
                      uint64_t asked_ms, struct instant now)
{
    const struct pacing_chat all = {.account = chat->account};
    enum breaker_why before = look(bridge, chat, now);
    enum breaker_why all_before = look(bridge, &all, now);
    if (outcome == REPLY_FINE)
        breaker_on_success(bridge->breaker, chat, asked_ms);
    else if (outcome == REPLY_PEER_ERROR)
        breaker_on_failure(bridge->breaker, chat, now.mono_ms);
    else
        breaker_on_unknown(bridge->breaker, chat);
    if (chat->id != 0)
        tell_change(bridge, account, chat, before, now);
    tell_change(bridge, account, &all, all_before, now);
}

/* ---- time --------------------------------------------------------------- */

static const struct account *account_at(const struct bridge *bridge,
                                        size_t index)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        if (bridge->accounts[i]->index == index)
            return bridge->accounts[i];
    return NULL;
}

void standing_on_tick(struct bridge *bridge, struct instant now)
{
    struct breaker_entry over;
    while (breaker_expire(bridge->breaker, now.mono_ms, &over)) {
        const struct account *account = account_at(bridge, over.chat.account);
        if (account != NULL && !account->is_leaving)
            tell_change(bridge, account, &over.chat, over.verdict.why, now);
    }
    inside_watch_deadline(bridge, breaker_due(bridge->breaker));
}

void standing_on_link_up(struct bridge *bridge, const struct account *account,
                         struct instant now)
{
    struct breaker_entry over;
    if (account->link_count > 1)
        return;
    while (breaker_doubt(bridge->breaker, account->index, now.mono_ms, &over))
        tell_change(bridge, account, &over.chat, over.verdict.why, now);
}

void standing_forget(struct bridge *bridge, const struct account *account)
{
    breaker_forget_account(bridge->breaker, account->index);
    pacing_forget_account(bridge->pacing, account->index);
}
