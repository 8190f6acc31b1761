/* SPDX-License-Identifier: MIT */
#include "greeter.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/calls.h"
#include "core/inside.h"
#include "core/mp.h"
#include "core/news.h"
#include "core/onebot.h"
#include "core/pack.h"
#include "core/pairing.h"
#include "core/publisher.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
    INSTRUCTIONS_TIMEOUT_MS = 30 * 1000,
    /* The wall clock may be set: look again so often. */
    LOOK_MS = 60 * 1000,
};

/* ---- the instructions ------------------------------------------------ */

/* They are the bridge's own call; what became of it is only said. */
static void on_instructions(struct bridge *bridge, const struct call *call,
                            const struct reply *reply, struct instant now)
{
    (void)now;
    if (reply->error != REPLY_FINE)
        inside_say(bridge, LOG_WARN,
                   "pairing: the instructions may not have arrived account=%s "
                   "error=%s retcode=%" PRId64
                   " why=\"tell the user the code: onebus pairing list\"",
                   call->account->name, reply_error_name(reply->error),
                   reply->has_retcode ? reply->retcode : 0);
}

/* A stranger who writes from a group (a temporary session) is reached through
 * that group only. */
static int64_t group_of_session(const struct onebot_frame *frame)
{
    return slice_equals(frame->sub_type.text, "group")
               ? onebot_id(&frame->group_id)
               : 0;
}

static void pack_message(const struct pairing_entry *entry, int64_t group_id,
                         struct buffer *out)
{
    struct buffer text = {0};
    struct msgpack_packer packer = pack_into(out);
    pairing_instructions(entry, &text);
    msgpack_pack_map(&packer, group_id == 0 ? 2 : 3);
    pack_string(&packer, "user_id");
    msgpack_pack_int64(&packer, entry->user_id);
    if (group_id != 0) {
        pack_string(&packer, "group_id");
        msgpack_pack_int64(&packer, group_id);
    }
    pack_string(&packer, "message");
    msgpack_pack_array(&packer, 1);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "type");
    pack_string(&packer, "text");
    pack_string(&packer, "data");
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "text");
    pack_text(&packer, buffer_slice(&text));
    buffer_finish(&text);
}

static void send_instructions(struct bridge *bridge, struct account *account,
                              const struct pairing_entry *entry,
                              int64_t group_id, struct instant now)
{
    struct buffer params = {0};
    const struct link *link = account_call_link(account);
    pack_message(entry, group_id, &params);
    const struct exchange exchange = {
        .account = account,
        .link = link,
        .action = slice_of("send_private_msg"),
        .params = buffer_slice(&params),
        .deadline_ms = now.mono_ms + INSTRUCTIONS_TIMEOUT_MS,
        .on_end = on_instructions,
    };
    struct refusal refusal;
    if (link == NULL || calls_ask(bridge, &exchange, &refusal, now) == NULL)
        inside_say(bridge, LOG_WARN,
                   "pairing: the instructions could not be sent account=%s "
                   "user=%" PRId64
                   " why=\"tell the user the code: onebus pairing list\"",
                   account->name, entry->user_id);
    buffer_finish(&params);
}

/* ---- what is told and kept ------------------------------------------- */

static bool keep(struct bridge *bridge, const struct pairing_entry *entry,
                 uint64_t cookie)
{
    return bridge->ports.keep(bridge->ports.ctx, entry, cookie) == STATUS_OK;
}

/* The code is for who asks to be let in and for who lets in: once decided it
 * is nobody's. */
static void tell(struct bridge *bridge, const struct pairing_entry *entry,
                 const char *what, struct instant now)
{
    const struct account *account =
        inside_account(bridge, slice_of(entry->account));
    const struct news_field fields[] = {
        NEWS_NUMBER("user_id", entry->user_id),
        NEWS_TEXT("nickname", entry->nickname),
        NEWS_TEXT("code", entry->code),
        NEWS_NUMBER("expires_at", entry->expires_ms),
    };
    size_t count =
        entry->state == PAIRING_PENDING ? COUNT(fields) : COUNT(fields) - 2;
    if (account != NULL)
        publisher_tell(bridge, account, &(struct news){what, fields, count},
                       now);
}

bool greeter_settle(struct bridge *bridge, const struct pairing_entry *entry,
                    const char *what, uint64_t cookie, struct instant now)
{
    char topic[32];
    if (!keep(bridge, entry, cookie))
        return false;
    snprintf(topic, sizeof(topic), "pairing.%s", what);
    inside_say(bridge, LOG_INFO, "pairing: %s account=%s user=%" PRId64, what,
               entry->account, entry->user_id);
    tell(bridge, entry, topic, now);
    return true;
}

/* ---- strangers ------------------------------------------------------- */

/* sender.nickname of OneBot 11; empty if there is none. */
static struct slice nickname_of(const struct onebot_frame *frame)
{
    struct slice sender, value, name;
    if (mp_find(frame->pack, "sender", &sender) &&
        mp_find(sender, "nickname", &value) && mp_read_str(value, &name))
        return name;
    return (struct slice){0};
}

static void welcome(struct bridge *bridge, struct account *account,
                    const struct pairing_entry *entry,
                    const struct onebot_frame *frame, struct instant now)
{
    inside_say(bridge, LOG_INFO,
               "pairing: asked account=%s user=%" PRId64
               " do=\"onebus pairing approve napcatqq %" PRId64 "\"",
               account->name, entry->user_id, entry->user_id);
    if (!keep(bridge, entry, 0))
        inside_say(bridge, LOG_WARN,
                   "pairing: the code will not survive a restart account=%s "
                   "user=%" PRId64,
                   account->name, entry->user_id);
    tell(bridge, entry, "pairing.requested", now);
    send_instructions(bridge, account, entry, group_of_session(frame), now);
    inside_watch_deadline(bridge, now.mono_ms);
}

/* Said once a minute: a stranger may write as often as they like. */
static void say_unheard(struct bridge *bridge, struct account *account,
                        int64_t user_id, enum pairing_step step,
                        struct instant now)
{
    static const char *const reasons[] = {
        [PAIRING_WAITING] = "it has a code already",
        [PAIRING_DENIED] = "it was denied within the hour",
        [PAIRING_FULL] = "three others wait already: onebus pairing list",
    };
    uint64_t count =
        inside_complain_of(bridge, &account->strangers, reasons[step], now);
    if (count > 0)
        inside_say(bridge, LOG_INFO,
                   "pairing: not heard account=%s user=%" PRId64
                   " why=\"%s\" count=%" PRIu64,
                   account->name, user_id, reasons[step], count);
}

void greeter_on_stranger(struct bridge *bridge, struct account *account,
                         const struct onebot_frame *frame, struct instant now)
{
    unsigned char random[PAIRING_CODE_BYTES];
    const struct pairing_entry *entry;
    int64_t user_id = onebot_id(&frame->user_id);
    if (user_id == 0)
        return;
    bridge->ports.random(bridge->ports.ctx, random, sizeof(random));
    enum pairing_step step =
        pairing_ask(account->book, user_id, nickname_of(frame), now.wall_ms,
                    random, &entry);
    bridge->tally.pairing[step]++;
    if (step == PAIRING_ASKED)
        welcome(bridge, account, entry, frame, now);
    else
        say_unheard(bridge, account, user_id, step, now);
}

void greeter_on_tick(struct bridge *bridge, struct instant now)
{
    struct pairing_entry gone;
    while (pairing_expire(bridge->pairing, now.wall_ms, &gone)) {
        (void)keep(bridge, &gone, 0); /* once more at the next start if not */
        if (gone.code[0] != '\0') {
            bridge->tally.decisions[TALLY_EXPIRED]++;
            tell(bridge, &gone, "pairing.expired", now);
        }
    }
    uint64_t due_ms = pairing_due(bridge->pairing);
    if (due_ms == UINT64_MAX)
        return;
    uint64_t delay_ms = due_ms - now.wall_ms;
    inside_watch_deadline(
        bridge, now.mono_ms + (delay_ms < LOOK_MS ? delay_ms : LOOK_MS));
}
