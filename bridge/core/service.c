/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/greeter.h"
#include "core/inside.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/own.h"
#include "core/pack.h"
#include "core/pairing.h"
#include "core/pending.h"
#include "core/request.h"
#include "core/verdicts.h"

enum {
    FAULT_SIZE = 256,
    DECISIONS_MAX = 100,
    DECISIONS = 10,
    /* Replies that wait for the disk, or for the settings. */
    WAITING_MAX = 64,
};

/* A reply that is ready but for one thing. */
struct waiting_reply {
    struct waiting_reply *next;
    uint64_t cookie; /* 0: it waits for the settings */
    void *ticket;
    bool is_json;
    struct buffer id, trace, data;
};

/* One request being served. */
struct service {
    struct bridge *bridge;
    void *ticket;
    const struct request *request;
    struct instant now;
    struct buffer data;
    bool is_waiting; /* the reply comes later */
};

/* ---- replies --------------------------------------------------------- */

static void reply(struct bridge *bridge, void *ticket, bool is_json,
                  struct reply *reply)
{
    reply_pack(reply, is_json, &bridge->out);
    bridge->ports.reply(bridge->ports.ctx, ticket, buffer_slice(&bridge->out));
}

static void refuse(struct service *service, enum reply_error error,
                   const char *text)
{
    struct reply refusal = {
        .error = error,
        .text = text,
        .id = service->request->id,
        .trace = service->request->trace,
    };
    service->is_waiting = true; /* it is answered already */
    reply(service->bridge, service->ticket, service->request->is_json,
          &refusal);
}

static void keep_slice(struct buffer *buffer, struct slice bytes)
{
    buffer_append(buffer, bytes.data, bytes.size);
}

/* Reply once it is known how this ends. False: too many wait. */
static bool wait_for(struct service *service, uint64_t cookie)
{
    struct bridge *bridge = service->bridge;
    if (bridge->waiting_count == WAITING_MAX)
        return false;
    struct waiting_reply *waiting = mem_zalloc(1, sizeof(*waiting));
    waiting->cookie = cookie;
    waiting->ticket = service->ticket;
    waiting->is_json = service->request->is_json;
    keep_slice(&waiting->id, service->request->id);
    keep_slice(&waiting->trace, service->request->trace);
    keep_slice(&waiting->data, buffer_slice(&service->data));
    waiting->next = bridge->waiting;
    bridge->waiting = waiting;
    bridge->waiting_count++;
    service->is_waiting = true;
    return true;
}

/* Reply to those that wait for this, with their own data or `data`, or with
 * what went wrong. */
static void settle(struct bridge *bridge, uint64_t cookie, struct slice data,
                   enum reply_error error, const char *why)
{
    struct waiting_reply **place = &bridge->waiting;
    while (*place != NULL) {
        struct waiting_reply *waiting = *place;
        if (waiting->cookie != cookie) {
            place = &waiting->next;
            continue;
        }
        struct reply answer = {
            .error = error,
            .text = error == REPLY_FINE ? NULL : why,
            .data = error != REPLY_FINE ? (struct slice){0}
                    : data.size > 0     ? data
                                        : buffer_slice(&waiting->data),
            .id = buffer_slice(&waiting->id),
            .trace = buffer_slice(&waiting->trace),
        };
        *place = waiting->next;
        bridge->waiting_count--;
        reply(bridge, waiting->ticket, waiting->is_json, &answer);
        buffer_finish(&waiting->id);
        buffer_finish(&waiting->trace);
        buffer_finish(&waiting->data);
        free(waiting);
    }
}

/* ---- parameters ------------------------------------------------------ */

/* A QQ number, as a number or text; 0 if it is not there or none. */
static int64_t id_param(const struct service *service, const char *key)
{
    struct slice value, text;
    int64_t number;
    if (!mp_find(service->request->params, key, &value))
        return 0;
    if (mp_read_int(value, &number))
        return number > 0 ? number : 0;
    return mp_read_str(value, &text) ? onebot_id_of_text(text) : 0;
}

static struct slice text_param(const struct service *service, const char *key)
{
    struct slice value, text;
    if (!mp_find(service->request->params, key, &value) ||
        !mp_read_str(value, &text))
        return (struct slice){0};
    return text;
}

/* `account`, in the request or among its parameters; may name none. */
static struct slice account_name(const struct service *service)
{
    return service->request->account.size > 0 ? service->request->account
                                              : text_param(service, "account");
}

/* ---- bridge.ping, bridge.status, bridge.reload ------------------------ */

static void serve_state(struct service *service)
{
    const struct bridge *bridge = service->bridge;
    const struct own_state state = {
        .version = bridge->options.version,
        .epoch = bridge->options.epoch,
        .seq = bridge->seq,
        .accounts = bridge->accounts,
        .account_count = bridge->account_count,
        .calls_waiting = bridge->callers_waiting,
        .calls_max = bridge->options.calls_max,
        .now_ms = service->now.mono_ms,
    };
    own_answer(service->request->action, &state, &service->data);
}

static void serve_reload(struct service *service)
{
    struct bridge *bridge = service->bridge;
    if (bridge->is_stopping)
        refuse(service, REPLY_SHUTTING_DOWN, "the bridge is shutting down");
    else if (bridge->ports.reload(bridge->ports.ctx) != STATUS_OK)
        refuse(service, REPLY_BUSY, "there is no thread to read them");
    else if (!wait_for(service, 0))
        refuse(service, REPLY_BUSY, "many wait for this already");
}

/* ---- bridge.pairing.* -------------------------------------------------- */

static void pack_pending(struct msgpack_packer *packer,
                         const struct pairing_entry *entry)
{
    msgpack_pack_map(packer, 6);
    pack_word(packer, "account", entry->account);
    pack_number(packer, "user_id", (uint64_t)entry->user_id);
    pack_word(packer, "nickname", entry->nickname);
    pack_word(packer, "code", entry->code);
    pack_number(packer, "asked_at", entry->asked_ms);
    pack_number(packer, "expires_at", entry->expires_ms);
}

static void pack_approved(struct msgpack_packer *packer,
                          const struct pairing_entry *entry)
{
    msgpack_pack_map(packer, 4);
    pack_word(packer, "account", entry->account);
    pack_number(packer, "user_id", (uint64_t)entry->user_id);
    pack_word(packer, "nickname", entry->nickname);
    pack_number(packer, "approved_at", entry->decided_ms);
}

static bool is_listed(const struct pairing_entry *entry,
                      enum pairing_state state, struct slice account)
{
    return entry->state == state &&
           (account.size == 0 || slice_equals(account, entry->account));
}

static void pack_list(struct service *service, struct msgpack_packer *packer,
                      enum pairing_state state)
{
    const struct pairing *pairing = service->bridge->pairing;
    const struct pairing_entry *entry;
    struct slice account = account_name(service);
    size_t count = 0;
    for (size_t i = 0; (entry = pairing_at(pairing, i)) != NULL; i++)
        count += is_listed(entry, state, account);
    msgpack_pack_array(packer, count);
    for (size_t i = 0; (entry = pairing_at(pairing, i)) != NULL; i++)
        if (is_listed(entry, state, account))
            (state == PAIRING_PENDING ? pack_pending : pack_approved)(packer,
                                                                      entry);
}

static void serve_pairing_list(struct service *service)
{
    struct msgpack_packer packer = pack_into(&service->data);
    struct slice name = account_name(service);
    if (name.size > 0 && inside_account(service->bridge, name) == NULL) {
        refuse(service, REPLY_UNKNOWN_ACCOUNT, "no account has this name");
        return;
    }
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "pending");
    pack_list(service, &packer, PAIRING_PENDING);
    pack_string(&packer, "approved");
    pack_list(service, &packer, PAIRING_APPROVED);
}

/* Whom the request is about: by code, or by account and user id. False: that
 * is nobody, and the caller has been told. */
static bool find_person(struct service *service, struct account **account,
                        int64_t *user_id)
{
    struct bridge *bridge = service->bridge;
    struct slice name = account_name(service);
    struct slice code = text_param(service, "code");
    *user_id = id_param(service, "user_id");
    *account = name.size > 0 ? inside_account(bridge, name)
                             : inside_only_account(bridge);
    if (name.size > 0 && *account == NULL) {
        refuse(service, REPLY_UNKNOWN_ACCOUNT, "no account has this name");
    } else if (code.size > 0) {
        const struct pairing_entry *entry = pairing_find_code(
            bridge->pairing, *account == NULL ? NULL : (*account)->book, code);
        *account = entry == NULL
                       ? NULL
                       : inside_account(bridge, slice_of(entry->account));
        *user_id = entry == NULL ? 0 : entry->user_id;
        if (*account == NULL)
            refuse(service, REPLY_BAD_PARAMS,
                   "code: nobody waits with it; it may be an hour old: "
                   "approve the user_id instead");
    } else if (*user_id == 0) {
        *account = NULL;
        refuse(service, REPLY_BAD_PARAMS,
               "user_id: required, a QQ number; or code: the one that the "
               "user was told");
    } else if (*account == NULL) {
        refuse(service, REPLY_ACCOUNT_REQUIRED,
               "account: required with a user_id, for there are several");
    }
    return *account != NULL;
}

static void pack_person(struct service *service, const struct account *account,
                        const struct pairing_entry *entry, const char *state)
{
    struct msgpack_packer packer = pack_into(&service->data);
    msgpack_pack_map(&packer, 4);
    pack_word(&packer, "account", account->name);
    pack_number(&packer, "user_id", (uint64_t)entry->user_id);
    pack_word(&packer, "nickname", entry->nickname);
    pack_word(&packer, "state", state);
}

/* It is decided: the reply comes when that is on disk. */
static void settle_person(struct service *service,
                          const struct account *account,
                          const struct pairing_entry *entry, const char *state)
{
    struct bridge *bridge = service->bridge;
    uint64_t cookie = ++bridge->cookies;
    pack_person(service, account, entry, state);
    if (!wait_for(service, cookie))
        refuse(service, REPLY_BUSY,
               "too many such changes wait for the disk; this one counts until "
               "the next restart");
    if (!greeter_settle(bridge, entry, state, cookie, service->now))
        settle(bridge, cookie, (struct slice){0}, REPLY_INTERNAL,
               "this could not be kept: it counts until the next restart");
}

static void serve_pairing_approve(struct service *service)
{
    struct account *account;
    int64_t user_id;
    if (!find_person(service, &account, &user_id))
        return;
    const struct pairing_entry *entry =
        pairing_approve(account->book, user_id, service->now.wall_ms);
    if (entry == NULL)
        refuse(service, REPLY_BUSY, "so many are approved that no more fit");
    else
        settle_person(service, account, entry, "approved");
}

static void serve_pairing_deny(struct service *service)
{
    struct account *account;
    int64_t user_id;
    if (!find_person(service, &account, &user_id))
        return;
    const struct pairing_entry *entry =
        pairing_deny(account->book, user_id, service->now.wall_ms);
    if (entry == NULL)
        refuse(service, REPLY_BAD_PARAMS,
               "user_id: nobody with this number waits to be let in");
    else
        settle_person(service, account, entry, "denied");
}

static void serve_pairing_revoke(struct service *service)
{
    struct account *account;
    int64_t user_id;
    struct pairing_entry gone;
    if (!find_person(service, &account, &user_id))
        return;
    if (!pairing_revoke(account->book, user_id, &gone))
        refuse(service, REPLY_BAD_PARAMS,
               "user_id: nobody with this number has been approved");
    else
        settle_person(service, account, &gone, "revoked");
}

/* ---- bridge.why -------------------------------------------------------- */

/* What is asked about; 0: anything. `any` is one of the three. */
struct question {
    int64_t group_id, user_id, seq, any;
    struct slice account;
    size_t limit;
};

static bool is_about(const struct question *question,
                     const struct verdict_note *note,
                     const struct account *account)
{
    const struct access_subject *subject = &note->subject;
    if (question->account.size > 0 &&
        (account == NULL || !slice_equals(question->account, account->name)))
        return false;
    if (question->any != 0 && question->any != subject->group_id &&
        question->any != subject->user_id &&
        (uint64_t)question->any != note->seq)
        return false;
    return (question->group_id == 0 ||
            question->group_id == subject->group_id) &&
           (question->user_id == 0 || question->user_id == subject->user_id) &&
           (question->seq == 0 || (uint64_t)question->seq == note->seq);
}

/* One that is leaving has no settings any more to look into. */
static const struct account *account_at(const struct bridge *bridge,
                                        size_t index)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        if (bridge->accounts[i]->index == index &&
            !bridge->accounts[i]->is_leaving)
            return bridge->accounts[i];
    return NULL;
}

/* The group's settings may be others than they were: look again. */
static void pack_advice(struct msgpack_packer *packer,
                        const struct account *account,
                        const struct verdict_note *note)
{
    struct buffer advice = {0};
    struct access_verdict verdict = note->verdict;
    if (account != NULL) {
        const struct access_rules *rules = &account->options.access;
        verdict.group = access_judge(rules, &note->subject).group;
        access_advise(rules, &note->subject, &verdict, &advice);
    }
    pack_string(packer, "advice");
    pack_text(packer, buffer_slice(&advice));
    buffer_finish(&advice);
}

static void pack_decision(struct msgpack_packer *packer,
                          const struct account *account,
                          const struct verdict_note *note)
{
    const struct access_subject *subject = &note->subject;
    msgpack_pack_map(packer, subject->is_group ? 11 : 10);
    pack_number(packer, "seq", note->seq);
    pack_number(packer, "time", note->time_ms);
    pack_word(packer, "account", account == NULL ? "" : account->name);
    pack_word(packer, "kind",
              subject->kind == ACCESS_MESSAGE ? "message" : "notice");
    if (subject->is_group)
        pack_number(packer, "group_id", (uint64_t)subject->group_id);
    pack_number(packer, "user_id", (uint64_t)subject->user_id);
    pack_flag(packer, "allowed", note->verdict.allowed);
    pack_flag(packer, "respond", note->verdict.respond);
    pack_flag(packer, "mentioned", note->verdict.mentioned);
    pack_word(packer, "reason", access_reason_name(note->verdict.reason));
    pack_advice(packer, account, note);
}

/* The ages of the decisions it is about, newest first. */
static size_t find_decisions(const struct bridge *bridge,
                             const struct question *question,
                             size_t ages[DECISIONS_MAX])
{
    const struct verdict_note *note;
    size_t count = 0;
    for (size_t age = 0; count < question->limit &&
                         (note = verdicts_at(bridge->verdicts, age)) != NULL;
         age++)
        if (is_about(question, note, account_at(bridge, note->account)))
            ages[count++] = age;
    return count;
}

static void serve_why(struct service *service)
{
    const struct bridge *bridge = service->bridge;
    size_t ages[DECISIONS_MAX];
    int64_t limit = id_param(service, "limit");
    const struct question question = {
        .group_id = id_param(service, "group_id"),
        .user_id = id_param(service, "user_id"),
        .seq = id_param(service, "seq"),
        .any = id_param(service, "id"),
        .account = account_name(service),
        .limit = limit == 0              ? DECISIONS
                 : limit < DECISIONS_MAX ? (size_t)limit
                                         : DECISIONS_MAX,
    };
    size_t count = find_decisions(bridge, &question, ages);
    struct msgpack_packer packer = pack_into(&service->data);
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "decisions");
    msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < count; i++) {
        const struct verdict_note *note =
            verdicts_at(bridge->verdicts, ages[i]);
        pack_decision(&packer, account_at(bridge, note->account), note);
    }
}

/* ---- all of them ------------------------------------------------------- */

static const struct {
    const char *action;
    void (*serve)(struct service *service);
} SERVICES[] = {
    {"bridge.ping", serve_state},
    {"bridge.status", serve_state},
    {"bridge.why", serve_why},
    {"bridge.reload", serve_reload},
    {"bridge.pairing.list", serve_pairing_list},
    {"bridge.pairing.approve", serve_pairing_approve},
    {"bridge.pairing.deny", serve_pairing_deny},
    {"bridge.pairing.revoke", serve_pairing_revoke},
};

enum { SERVICE_COUNT = sizeof(SERVICES) / sizeof(SERVICES[0]) };

static void refuse_unknown(struct service *service)
{
    char text[FAULT_SIZE] = "no such action of the bridge; known:";
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, "%s %s", i == 0 ? "" : ",",
                 SERVICES[i].action);
    }
    refuse(service, REPLY_UNKNOWN_ACTION, text);
}

void service_take(struct bridge *bridge, void *ticket,
                  const struct request *request, struct instant now)
{
    struct service service = {
        .bridge = bridge, .ticket = ticket, .request = request, .now = now};
    size_t i = 0;
    while (i < SERVICE_COUNT &&
           !slice_equals(request->action, SERVICES[i].action))
        i++;
    if (i < SERVICE_COUNT)
        SERVICES[i].serve(&service);
    else
        refuse_unknown(&service);
    struct reply answer = {
        .data = buffer_slice(&service.data),
        .id = request->id,
        .trace = request->trace,
    };
    if (!service.is_waiting)
        reply(bridge, ticket, request->is_json, &answer);
    buffer_finish(&service.data);
}

void service_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                     const char *why, struct instant now)
{
    char text[FAULT_SIZE];
    (void)now;
    snprintf(text, sizeof(text),
             "this could not be kept: %s; it counts until the next restart",
             why);
    if (cookie != 0)
        settle(bridge, cookie, (struct slice){0},
               is_kept ? REPLY_FINE : REPLY_INTERNAL, text);
}

void service_on_reloaded(struct bridge *bridge, struct slice changes,
                         const char *fault, struct instant now)
{
    (void)now;
    settle(bridge, 0, changes, fault == NULL ? REPLY_FINE : REPLY_BAD_PARAMS,
           fault);
}

void service_abandon(struct bridge *bridge, struct instant now)
{
    (void)now;
    while (bridge->waiting != NULL)
        settle(bridge, bridge->waiting->cookie, (struct slice){0},
               REPLY_SHUTTING_DOWN, "the bridge stops before this was done");
}
