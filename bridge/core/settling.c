/* SPDX-License-Identifier: MIT */
#include "settling.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "base/visible.h"
#include "core/calls.h"
#include "core/catalog.h"
#include "core/inside.h"
#include "core/mp.h"
#include "core/news.h"
#include "core/onebot.h"
#include "core/pack.h"
#include "core/publisher.h"
#include "core/sent_ids.h"

/* A history that is being read. */
struct settling_read {
    size_t account;
    bool is_group;
    int64_t chat_id; /* 0: none is */
};

struct settling {
    struct unsettled *calls;
    struct settling_read reads[SETTLING_READS_MAX];
};

/* Where the outcome was seen. */
static const char BY_ANSWER[] = "answer";
static const char BY_EVENT[] = "event";
static const char BY_HISTORY[] = "history";
static const char BY_NOTHING[] = "none";

static const char NOBODY_KNOWS[] =
    "nothing has shown whether it happened, and nothing will";

struct settling *settling_create(uint64_t seed)
{
    struct settling *settling = mem_zalloc(1, sizeof(*settling));
    settling->calls = unsettled_create(seed);
    return settling;
}

void settling_destroy(struct settling *settling)
{
    if (settling == NULL)
        return;
    unsettled_destroy(settling->calls);
    free(settling);
}

/* The account is in the bridge as long as its calls are here. */
static struct account *account_of(const struct bridge *bridge, size_t index)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        if (bridge->accounts[i]->index == index)
            return bridge->accounts[i];
    return NULL;
}

/* ---- the end ----------------------------------------------------------- */

static const char *status_of(const struct reply *reply)
{
    if (reply->error == REPLY_FINE)
        return "ok";
    return reply->error == REPLY_UNKNOWN ? "unknown" : "failed";
}

/* The fields of an action.settled, as they are added. */
struct fields {
    struct news_field list[12];
    size_t count;
};

static void add_field(struct fields *fields, struct news_field field)
{
    fields->list[fields->count++] = field;
}

static void add_pack(struct fields *fields, const char *key, struct slice pack)
{
    if (pack.size > 0)
        add_field(fields, (struct news_field)NEWS_PACK(key, pack));
}

static bool is_utf8(struct slice text)
{
    size_t width = 1;
    for (size_t at = 0; width > 0 && at < text.size; at += width)
        width = utf8_width(text.data + at, text.size - at);
    return width > 0;
}

/* A caller's text may hold any byte, NUL too: it goes as MessagePack. What is
 * no UTF-8 is written out, for all who listen have to read it. */
static void add_bytes(struct fields *fields, const char *key, struct slice text,
                      struct buffer *pack)
{
    struct msgpack_packer packer = pack_into(pack);
    struct buffer shown = {0};
    if (!is_utf8(text)) {
        visible_append(&shown, text);
        text = buffer_slice(&shown);
    }
    if (text.size > 0)
        pack_text(&packer, text);
    add_pack(fields, key, buffer_slice(pack));
    buffer_finish(&shown);
}

static void add_outcome(struct fields *fields, const struct reply *reply)
{
    struct slice message_id = {0};
    struct slice text;
    (void)mp_find(reply->data, "message_id", &message_id);
    if (reply->has_retcode)
        add_field(fields,
                  (struct news_field)NEWS_NUMBER("retcode", reply->retcode));
    add_pack(fields, "message_id", message_id);
    if (reply->text != NULL)
        add_field(fields, (struct news_field)NEWS_TEXT("message", reply->text));
    else if (mp_read_str(reply->message, &text) && text.size > 0)
        add_pack(fields, "message", reply->message);
}

void settling_tell(struct bridge *bridge, const struct account *account,
                   const struct unsettled_call *call, const struct reply *reply,
                   const char *source, struct instant now)
{
    struct buffer action = {0};
    struct buffer id = {0};
    struct buffer trace = {0};
    struct fields fields = {0};
    add_bytes(&fields, "action", slice_of(call->action), &action);
    add_bytes(&fields, "id", buffer_slice(&call->id), &id);
    add_bytes(&fields, "trace", buffer_slice(&call->trace), &trace);
    add_field(&fields,
              (struct news_field)NEWS_TEXT("status", status_of(reply)));
    add_outcome(&fields, reply);
    add_field(&fields, (struct news_field)NEWS_TEXT("source", source));
    if (call->said.chat_id != 0)
        add_field(&fields, (struct news_field)NEWS_NUMBER(
                               call->said.is_group ? "group_id" : "user_id",
                               call->said.chat_id));
    add_field(&fields,
              (struct news_field)NEWS_NUMBER("sent_at", call->sent_ms));
    const struct news news = {"action.settled", fields.list, fields.count};
    publisher_tell(bridge, account, &news, now);
    buffer_finish(&action);
    buffer_finish(&id);
    buffer_finish(&trace);
}

static enum tally_settlement settlement_of(const struct reply *reply)
{
    if (reply->error == REPLY_FINE)
        return TALLY_SETTLED_OK;
    return reply->error == REPLY_UNKNOWN ? TALLY_SETTLED_UNKNOWN
                                         : TALLY_SETTLED_FAILED;
}

/* The one end of a call. It is gone afterwards. */
static void settle(struct bridge *bridge, struct unsettled_call *call,
                   const struct reply *reply, const char *source,
                   struct instant now)
{
    struct account *account = account_of(bridge, call->account);
    account->unsettled--;
    account->tally.settled[settlement_of(reply)]++;
    inside_say(bridge, LOG_INFO,
               "call: settled account=%s action=%s status=%s source=%s",
               account->name, call->action, status_of(reply), source);
    settling_tell(bridge, account, call, reply, source, now);
    if (call->on_settled != NULL)
        call->on_settled(bridge, call, reply, now);
    unsettled_remove(bridge->settling->calls, call);
}

/* The bot's own message has been found. */
static void settle_found(struct bridge *bridge, struct unsettled_call *call,
                         struct slice message_id, const char *source,
                         struct instant now)
{
    struct buffer data = {0};
    struct msgpack_packer packer = pack_into(&data);
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "message_id");
    pack_raw(&packer, message_id);
    const struct reply reply = {.data = buffer_slice(&data)};
    unsettled_claim(bridge->settling->calls, call->account, message_id);
    sent_ids_add(bridge->sent, call->account, message_id);
    settle(bridge, call, &reply, source, now);
    buffer_finish(&data);
}

static void give_up(struct bridge *bridge, struct unsettled_call *call,
                    struct instant now)
{
    const struct reply reply = {.error = REPLY_UNKNOWN, .text = NOBODY_KNOWS};
    settle(bridge, call, &reply, BY_NOTHING, now);
}

/* Its time is over. */
static void conclude(struct bridge *bridge, struct unsettled_call *call,
                     struct instant now)
{
    const struct reply failed = {
        .error = REPLY_TIMEOUT,
        .text = "the history of the chat does not show it: it did not happen",
    };
    if (call->is_not_there)
        settle(bridge, call, &failed, BY_HISTORY, now);
    else
        give_up(bridge, call, now);
}

/* ---- the beginning ----------------------------------------------------- */

static bool is_upload(struct slice action)
{
    const struct catalog_action *known = catalog_resolve(action).action;
    return known != NULL && known->is_upload;
}

/* When it left, in ms since 1970. */
static uint64_t sent_ms(const struct call *call, struct instant now)
{
    return now.wall_ms - (now.mono_ms - call->started_ms);
}

static void fill(struct unsettled_call *call, const struct settling_call *from,
                 struct instant now)
{
    call->account = from->call->account->index;
    call->action = mem_dup(from->action.data, from->action.size);
    buffer_append(&call->id, from->id.data, from->id.size);
    buffer_append(&call->trace, from->trace.data, from->trace.size);
    memcpy(call->echo, from->call->echo, sizeof(call->echo));
    call->said = from->call->said;
    call->sent_ms = sent_ms(from->call, now);
    call->on_settled = from->on_settled;
    call->ask_ms = now.mono_ms + SETTLING_FIRST_MS;
    call->hope_ms = call->ask_ms;
    call->end_ms =
        now.mono_ms + (is_upload(from->action) ? SETTLING_UPLOAD_WINDOW_MS
                                               : SETTLING_WINDOW_MS);
}

void settling_add(struct bridge *bridge, const struct settling_call *from,
                  struct instant now)
{
    struct slice seen;
    struct unsettled_call *call = unsettled_add(bridge->settling->calls);
    if (call == NULL) {
        give_up(bridge, unsettled_first(bridge->settling->calls), now);
        call = unsettled_add(bridge->settling->calls);
    }
    fill(call, from, now);
    from->call->account->unsettled++;
    if (unsettled_recall(bridge->settling->calls, call, &seen))
        call->ask_ms = now.mono_ms;
    inside_watch_deadline(bridge, call->ask_ms);
}

/* ---- what may be another's --------------------------------------------- */

/* Where other calls say the same, and have no answer either: until when one of
 * them may well get it; mono ms. 0: there are none. */
static uint64_t contested_until(const struct bridge *bridge,
                                const struct unsettled_call *call)
{
    uint64_t until_ms = 0;
    for (const struct unsettled_call *other =
             unsettled_first(bridge->settling->calls);
         other != NULL; other = other->next) {
        if (other == call || other->account != call->account ||
            !utterance_is_same(&other->said, &call->said))
            continue;
        if (until_ms < call->hope_ms)
            until_ms = call->hope_ms;
        if (until_ms < other->hope_ms)
            until_ms = other->hope_ms;
    }
    return until_ms;
}

/* Somebody waits for the answer to a call that says the same: a message like
 * that may be its, and only the answer tells. */
static bool is_awaited(const struct bridge *bridge,
                       const struct unsettled_call *call, struct instant now)
{
    if (now.mono_ms < contested_until(bridge, call))
        return true;
    for (const struct call *other = pending_first(bridge->pending);
         other != NULL; other = other->next)
        if (other->account->index == call->account &&
            utterance_is_same(&other->said, &call->said))
            return true;
    return false;
}

/* NapCat says 0 where it does not know. */
static bool find_message_id(struct slice data, struct slice *id)
{
    struct slice text;
    int64_t number;
    if (!mp_find(data, "message_id", id))
        return false;
    return mp_read_int(*id, &number) ? number != 0
                                     : mp_read_str(*id, &text) && text.size > 0;
}

/* Something was said, at this time, and answered with `data`. */
static void claim(struct bridge *bridge, size_t account,
                  const struct utterance *said, uint64_t said_ms,
                  struct slice data)
{
    struct slice id;
    if (find_message_id(data, &id)) {
        unsettled_claim(bridge->settling->calls, account, id);
        sent_ids_add(bridge->sent, account, id);
    } else if (said->chat_id != 0) {
        unsettled_doubt(bridge->settling->calls, account, said, said_ms);
    }
}

void settling_on_answered(struct bridge *bridge, const struct call *call,
                          const struct reply *reply, struct instant now)
{
    if (!call->is_read && reply->has_retcode && reply->error == REPLY_FINE)
        claim(bridge, call->account->index, &call->said, sent_ms(call, now),
              reply->data);
}

/* ---- answers and events ------------------------------------------------ */

static bool is_status(const struct onebot_frame *frame, const char *status)
{
    return slice_equals(frame->status.text, status);
}

bool settling_on_answer(struct bridge *bridge, struct account *account,
                        const struct onebot_frame *frame, struct instant now)
{
    struct unsettled_call *call = unsettled_find(
        bridge->settling->calls, account->index, frame->echo.text);
    if (call == NULL)
        return false;
    const struct reply reply = {
        .status = is_status(frame, "async") ? "async" : NULL,
        .error = is_status(frame, "ok") || is_status(frame, "async")
                     ? REPLY_FINE
                     : REPLY_PEER_ERROR,
        .has_retcode = true,
        .retcode = frame->retcode.integer,
        .data = frame->data.pack,
        .message = frame->message.pack,
        .wording = frame->wording.pack,
    };
    account->answers++;
    if (reply.error == REPLY_FINE)
        claim(bridge, account->index, &call->said, call->sent_ms, reply.data);
    settle(bridge, call, &reply, BY_ANSWER, now);
    return true;
}

/* Peers tell seconds, and now and then milliseconds. */
static uint64_t time_of(int64_t time)
{
    static const int64_t milliseconds = INT64_C(100000000000);
    if (time <= 0)
        return 0;
    return time >= milliseconds ? (uint64_t)time : (uint64_t)time * 1000;
}

/* The user of a private chat is whom the message went to. */
static bool read_event(const struct bridge *bridge,
                       const struct account *account,
                       const struct onebot_frame *frame,
                       struct unsettled_message *message, struct instant now)
{
    bool is_group = slice_equals(frame->message_type.text, "group");
    int64_t chat_id =
        onebot_id(is_group ? &frame->group_id : &frame->target_id);
    message->account = account->index;
    message->id = frame->message_id.pack;
    message->time_ms = frame->time.kind == JSON_INT
                           ? time_of(frame->time.integer)
                           : now.wall_ms;
    return onebot_has_id(&frame->message_id) &&
           utterance_of_message(is_group, chat_id, frame->message.pack,
                                bridge->seed, &message->said);
}

void settling_on_event(struct bridge *bridge, const struct account *account,
                       const struct onebot_frame *frame, struct instant now)
{
    struct unsettled_message message;
    if (!read_event(bridge, account, frame, &message, now))
        return;
    struct unsettled_call *call =
        unsettled_match(bridge->settling->calls, &message);
    if (call == NULL || is_awaited(bridge, call, now))
        unsettled_see(bridge->settling->calls, &message);
    else
        settle_found(bridge, call, message.id, BY_EVENT, now);
}

/* ---- the history of a chat --------------------------------------------- */

/* The chat's calls are settled together, by one look. */
static bool is_in_chat(const struct unsettled_call *call,
                       const struct settling_read *read)
{
    return call->account == read->account &&
           call->said.chat_id == read->chat_id &&
           call->said.is_group == read->is_group;
}

static int64_t number_at(struct slice map, const char *key)
{
    struct slice value;
    struct slice text;
    int64_t number;
    if (!mp_find(map, key, &value))
        return 0;
    if (mp_read_str(value, &text))
        return onebot_id_of_text(text);
    return mp_read_int(value, &number) ? number : 0;
}

static int64_t author_of(struct slice message)
{
    struct slice sender;
    int64_t user_id = number_at(message, "user_id");
    return user_id == 0 && mp_find(message, "sender", &sender)
               ? number_at(sender, "user_id")
               : user_id;
}

/* One message of a history. If it is not the bot's own it says nothing that a
 * call could have said. */
static struct unsettled_message read_old(const struct bridge *bridge,
                                         const struct account *account,
                                         const struct settling_read *read,
                                         struct slice pack)
{
    struct slice content;
    struct unsettled_message message = {
        .account = account->index,
        .time_ms = time_of(number_at(pack, "time")),
    };
    if (account->self_id != 0 && author_of(pack) == account->self_id &&
        find_message_id(pack, &message.id) &&
        mp_find(pack, "message", &content))
        utterance_of_message(read->is_group, read->chat_id, content,
                             bridge->seed, &message.said);
    return message;
}

/* A look at a history for one call. */
struct look {
    struct unsettled_message found; /* the oldest that fits; no id: none does */
    uint64_t oldest_ms;             /* of all; 0: there is none */
};

static void look_at(const struct bridge *bridge,
                    const struct unsettled_call *call,
                    const struct unsettled_message *message, struct look *look)
{
    if (message->time_ms == 0)
        return;
    if (look->oldest_ms == 0 || message->time_ms < look->oldest_ms)
        look->oldest_ms = message->time_ms;
    if (unsettled_fits(bridge->settling->calls, call, message) &&
        (look->found.id.size == 0 || message->time_ms < look->found.time_ms))
        look->found = *message;
}

static struct look look_through(const struct bridge *bridge,
                                const struct account *account,
                                const struct settling_read *read,
                                const struct unsettled_call *call,
                                struct slice messages)
{
    struct mp_reader reader = mp_reader_of(messages);
    struct mp_token head;
    struct slice pack;
    struct look look = {0};
    if (!mp_next(&reader, &head) || head.kind != MP_ARRAY)
        return look;
    for (uint32_t i = 0; i < head.count && mp_skip(&reader, &pack); i++) {
        const struct unsettled_message message =
            read_old(bridge, account, read, pack);
        look_at(bridge, call, &message, &look);
    }
    return look;
}

/* Found, it is settled; else note whether it should have been there. Where it
 * may be another call's, nothing follows from what is found or not. */
static bool search(struct bridge *bridge, const struct account *account,
                   const struct settling_read *read,
                   struct unsettled_call *call, struct slice messages,
                   struct instant now)
{
    if (is_awaited(bridge, call, now) ||
        unsettled_is_doubtful(bridge->settling->calls, call))
        return false;
    const struct look look =
        look_through(bridge, account, read, call, messages);
    if (look.found.id.size > 0) {
        settle_found(bridge, call, look.found.id, BY_HISTORY, now);
        return true;
    }
    call->is_not_there = look.oldest_ms != 0 &&
                         look.oldest_ms + UNSETTLED_SKEW_MS <= call->sent_ms;
    return false;
}

/* The history has come, or has not. */
static void on_history(struct bridge *bridge, const struct call *asked,
                       const struct reply *reply, struct instant now)
{
    struct settling_read *read = asked->ctx;
    struct unsettled_call *next;
    struct slice messages;
    bool is_read = reply->error == REPLY_FINE && reply->has_retcode &&
                   mp_find(reply->data, "messages", &messages);
    for (struct unsettled_call *call = unsettled_first(bridge->settling->calls);
         call != NULL; call = next) {
        next = call->next;
        if (call->read != read)
            continue;
        call->read = NULL;
        if ((!is_read ||
             !search(bridge, asked->account, read, call, messages, now)) &&
            call->is_last)
            conclude(bridge, call, now);
    }
    *read = (struct settling_read){0};
    inside_watch_deadline(bridge, now.mono_ms); /* others wait to be read */
}

/* A free place for one more; NULL: so many are being read already. */
static struct settling_read *find_place(struct bridge *bridge, size_t account)
{
    struct settling_read *place = NULL;
    size_t of_account = 0;
    for (size_t i = 0; i < SETTLING_READS_MAX; i++) {
        struct settling_read *read = &bridge->settling->reads[i];
        of_account += read->chat_id != 0 && read->account == account;
        if (read->chat_id == 0)
            place = read;
    }
    return of_account < SETTLING_READS_PER_ACCOUNT ? place : NULL;
}

static bool ask_history(struct bridge *bridge, struct account *account,
                        struct settling_read *read, struct instant now)
{
    struct buffer params = {0};
    struct msgpack_packer packer = pack_into(&params);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, read->is_group ? "group_id" : "user_id");
    msgpack_pack_int64(&packer, read->chat_id);
    pack_number(&packer, "count", SETTLING_HISTORY_COUNT);
    const struct exchange exchange = {
        .account = account,
        .action = slice_of(read->is_group ? "get_group_msg_history"
                                          : "get_friend_msg_history"),
        .params = buffer_slice(&params),
        .is_read = true,
        .deadline_ms = now.mono_ms + SETTLING_HISTORY_TIMEOUT_MS,
        .on_end = on_history,
        .ctx = read,
    };
    struct refusal refusal;
    bool is_asked = calls_ask(bridge, &exchange, &refusal, now) != NULL;
    buffer_finish(&params);
    return is_asked;
}

/* ---- time -------------------------------------------------------------- */

/* When to look next, after a look. */
static uint64_t next_look(struct unsettled_call *call, struct instant now)
{
    uint64_t next_ms = now.mono_ms + SETTLING_AGAIN_MS;
    call->asked++;
    return call->asked > 1 || next_ms > call->end_ms ? call->end_ms : next_ms;
}

/* The history of its chat is being read. */
static void mark_asked(struct bridge *bridge, const struct settling_read *read,
                       struct instant now)
{
    for (struct unsettled_call *call = unsettled_first(bridge->settling->calls);
         call != NULL; call = call->next) {
        if (!is_in_chat(call, read) || call->read != NULL)
            continue;
        call->read = read;
        if (call->ask_ms <= now.mono_ms)
            call->ask_ms = next_look(call, now);
    }
}

enum step { STEP_ASKED, STEP_LATER, STEP_IN_VAIN };

/* Look for the call in the history of its chat. */
static enum step look_for(struct bridge *bridge, struct account *account,
                          struct unsettled_call *call, struct instant now)
{
    if (call->read != NULL)
        return STEP_ASKED;
    if (call->said.chat_id == 0 || bridge->is_stopping)
        return STEP_IN_VAIN;
    struct settling_read *read = find_place(bridge, call->account);
    if (read == NULL)
        return STEP_LATER;
    *read = (struct settling_read){call->account, call->said.is_group,
                                   call->said.chat_id};
    if (ask_history(bridge, account, read, now)) {
        mark_asked(bridge, read, now);
        return STEP_ASKED;
    }
    *read = (struct settling_read){0};
    return STEP_IN_VAIN;
}

/* Messages that came before the call was given up. Those that were given up
 * before it have theirs first. */
static bool settle_seen(struct bridge *bridge, struct unsettled_call *call,
                        struct instant now)
{
    struct unsettled_call *older = unsettled_first(bridge->settling->calls);
    struct unsettled_call *next;
    struct slice id;
    if (is_awaited(bridge, call, now))
        return false;
    for (; older != call; older = next) {
        next = older->next;
        if (older->account == call->account &&
            utterance_is_same(&older->said, &call->said) &&
            unsettled_recall(bridge->settling->calls, older, &id))
            settle_found(bridge, older, id, BY_EVENT, now);
    }
    if (!unsettled_recall(bridge->settling->calls, call, &id))
        return false;
    settle_found(bridge, call, id, BY_EVENT, now);
    return true;
}

/* Something is due. */
static void step(struct bridge *bridge, struct unsettled_call *call,
                 struct instant now)
{
    struct account *account = account_of(bridge, call->account);
    uint64_t until_ms = contested_until(bridge, call);
    if (now.mono_ms < until_ms && until_ms < call->end_ms) {
        call->ask_ms = until_ms;
        return;
    }
    if (settle_seen(bridge, call, now))
        return;
    call->is_last = now.mono_ms >= call->end_ms;
    enum step result = look_for(bridge, account, call, now);
    if (result != STEP_IN_VAIN)
        return;
    if (call->is_last)
        conclude(bridge, call, now);
    else /* or when the peer is back */
        call->ask_ms = call->end_ms;
}

size_t settling_count(const struct settling *settling)
{
    return unsettled_count(settling->calls);
}

void settling_on_tick(struct bridge *bridge, struct instant now)
{
    struct unsettled_call *next;
    for (struct unsettled_call *call = unsettled_first(bridge->settling->calls);
         call != NULL; call = next) {
        next = call->next;
        if (call->ask_ms <= now.mono_ms)
            step(bridge, call, now);
    }
    for (const struct unsettled_call *call =
             unsettled_first(bridge->settling->calls);
         call != NULL; call = call->next)
        if (call->ask_ms > now.mono_ms)
            inside_watch_deadline(bridge, call->ask_ms);
}

void settling_on_link_up(struct bridge *bridge, const struct account *account,
                         struct instant now)
{
    for (struct unsettled_call *call = unsettled_first(bridge->settling->calls);
         call != NULL; call = call->next) {
        if (call->account != account->index || call->said.chat_id == 0)
            continue;
        call->asked = 0;
        call->ask_ms = now.mono_ms;
        inside_watch_deadline(bridge, now.mono_ms);
    }
}

void settling_on_leave(struct bridge *bridge, const struct account *account,
                       struct instant now)
{
    struct unsettled_call *next;
    for (struct unsettled_call *call = unsettled_first(bridge->settling->calls);
         call != NULL; call = next) {
        next = call->next;
        if (call->account == account->index)
            give_up(bridge, call, now);
    }
}

void settling_abandon(struct bridge *bridge, struct instant now)
{
    while (unsettled_count(bridge->settling->calls) > 0)
        give_up(bridge, unsettled_first(bridge->settling->calls), now);
}
