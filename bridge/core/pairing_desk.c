/* SPDX-License-Identifier: MIT */
#include "pairing_desk.h"

#include "core/greeter.h"
#include "core/inside.h"
#include "core/pack.h"
#include "core/pairing.h"
#include "core/serving.h"

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

static void pack_list(struct serving *serving, struct msgpack_packer *packer,
                      enum pairing_state state)
{
    const struct pairing *pairing = serving->bridge->pairing;
    const struct pairing_entry *entry;
    struct slice account = serving_account_name(serving);
    size_t count = 0;
    for (size_t i = 0; (entry = pairing_at(pairing, i)) != NULL; i++)
        count += is_listed(entry, state, account);
    msgpack_pack_array(packer, count);
    for (size_t i = 0; (entry = pairing_at(pairing, i)) != NULL; i++)
        if (is_listed(entry, state, account))
            (state == PAIRING_PENDING ? pack_pending : pack_approved)(packer,
                                                                      entry);
}

void pairing_desk_list(struct serving *serving)
{
    struct msgpack_packer packer = pack_into(&serving->data);
    struct slice name = serving_account_name(serving);
    if (name.size > 0 && inside_account(serving->bridge, name) == NULL) {
        serving_refuse(serving, REPLY_UNKNOWN_ACCOUNT,
                       "no account has this name");
        return;
    }
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "pending");
    pack_list(serving, &packer, PAIRING_PENDING);
    pack_string(&packer, "approved");
    pack_list(serving, &packer, PAIRING_APPROVED);
}

/* Whom the request is about: by code, or by account and user id. False: that
 * is nobody, and the caller has been told. */
static bool find_person(struct serving *serving, struct account **account,
                        int64_t *user_id)
{
    struct bridge *bridge = serving->bridge;
    struct slice name = serving_account_name(serving);
    struct slice code = serving_text(serving, "code");
    *user_id = serving_id(serving, "user_id");
    *account = name.size > 0 ? inside_account(bridge, name)
                             : inside_only_account(bridge);
    if (name.size > 0 && *account == NULL) {
        serving_refuse(serving, REPLY_UNKNOWN_ACCOUNT,
                       "no account has this name");
    } else if (code.size > 0) {
        const struct pairing_entry *entry = pairing_find_code(
            bridge->pairing, *account == NULL ? NULL : (*account)->book, code);
        *account = entry == NULL
                       ? NULL
                       : inside_account(bridge, slice_of(entry->account));
        *user_id = entry == NULL ? 0 : entry->user_id;
        if (*account == NULL)
            serving_refuse(serving, REPLY_BAD_PARAMS,
                           "code: nobody waits with it; it may be an hour old: "
                           "approve the user_id instead");
    } else if (*user_id == 0) {
        *account = NULL;
        serving_refuse(
            serving, REPLY_BAD_PARAMS,
            "user_id: required, a QQ number; or code: the one that the "
            "user was told");
    } else if (*account == NULL) {
        serving_refuse(
            serving, REPLY_ACCOUNT_REQUIRED,
            "account: required with a user_id, for there are several");
    }
    return *account != NULL;
}

static void pack_person(struct serving *serving, const struct account *account,
                        const struct pairing_entry *entry, const char *state)
{
    struct msgpack_packer packer = pack_into(&serving->data);
    msgpack_pack_map(&packer, 4);
    pack_word(&packer, "account", account->name);
    pack_number(&packer, "user_id", (uint64_t)entry->user_id);
    pack_word(&packer, "nickname", entry->nickname);
    pack_word(&packer, "state", state);
}

/* It is decided: the reply comes when that is on disk. */
static void settle_person(struct serving *serving,
                          const struct account *account,
                          const struct pairing_entry *entry,
                          enum tally_decision decision)
{
    struct bridge *bridge = serving->bridge;
    const char *state = TALLY_DECISION_WORDS[decision];
    bridge->tally.decisions[decision]++;
    uint64_t cookie = ++bridge->cookies;
    pack_person(serving, account, entry, state);
    if (!serving_wait(serving, cookie))
        serving_refuse(
            serving, REPLY_BUSY,
            "too many such changes wait for the disk; this one counts until "
            "the next restart");
    if (!greeter_settle(bridge, entry, state, cookie, serving->now))
        serving_settle(
            bridge, cookie, (struct slice){0}, REPLY_INTERNAL,
            "this could not be kept: it counts until the next restart");
}

void pairing_desk_approve(struct serving *serving)
{
    struct account *account;
    int64_t user_id;
    if (!find_person(serving, &account, &user_id))
        return;
    const struct pairing_entry *entry =
        pairing_approve(account->book, user_id, serving->now.wall_ms);
    if (entry == NULL)
        serving_refuse(serving, REPLY_BUSY,
                       "so many are approved that no more fit");
    else
        settle_person(serving, account, entry, TALLY_APPROVED);
}

void pairing_desk_deny(struct serving *serving)
{
    struct account *account;
    int64_t user_id;
    if (!find_person(serving, &account, &user_id))
        return;
    const struct pairing_entry *entry =
        pairing_deny(account->book, user_id, serving->now.wall_ms);
    if (entry == NULL)
        serving_refuse(serving, REPLY_BAD_PARAMS,
                       "user_id: nobody with this number waits to be let in");
    else
        settle_person(serving, account, entry, TALLY_DENIED);
}

void pairing_desk_revoke(struct serving *serving)
{
    struct account *account;
    int64_t user_id;
    struct pairing_entry gone;
    if (!find_person(serving, &account, &user_id))
        return;
    if (!pairing_revoke(account->book, user_id, &gone))
        serving_refuse(serving, REPLY_BAD_PARAMS,
                       "user_id: nobody with this number has been approved");
    else
        settle_person(serving, account, &gone, TALLY_REVOKED);
}
