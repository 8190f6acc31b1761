/* SPDX-License-Identifier: MIT */
#include "admission.h"

#include <stdio.h>

#include "core/account.h"
#include "core/inside.h"
#include "core/topic.h"

static bool is_named(const struct account *account,
                     const struct request *request)
{
    if (account->is_leaving)
        return false;
    if (request->account.size != 0 &&
        !slice_equals(request->account, account->name))
        return false;
    return request->self_id == 0 || request->self_id == account->self_id;
}

struct account *admission_account(const struct bridge *bridge,
                                  const struct request *request,
                                  enum reply_error *error, const char **text)
{
    if (request->account.size == 0 && request->self_id == 0) {
        *error = REPLY_ACCOUNT_REQUIRED;
        *text = "account: required, for there are several: its key in the "
                "settings, or self_id: its QQ number";
        return inside_only_account(bridge);
    }
    *error = REPLY_UNKNOWN_ACCOUNT;
    *text = "no account has this name and this QQ number";
    for (size_t i = 0; i < bridge->account_count; i++)
        if (is_named(bridge->accounts[i], request))
            return bridge->accounts[i];
    return NULL;
}

/* ---- subjects --------------------------------------------------------- */

static bool has_token(struct slice name, struct slice token)
{
    char own[TOPIC_TOKEN_MAX + 1];
    topic_token(name, own);
    return slice_equals(token, own);
}

/* The next account of the subject from `*at` on; NULL: there is none. */
static const struct account *next_at(const struct bridge *bridge,
                                     struct slice token, size_t *at)
{
    while (*at < bridge->account_count) {
        const struct account *account = bridge->accounts[(*at)++];
        if (!account->is_leaving && has_token(slice_of(account->name), token))
            return account;
    }
    return NULL;
}

static bool is_any_named(const struct bridge *bridge, struct slice token,
                         const struct request *request)
{
    const struct account *account;
    size_t at = 0;
    while ((account = next_at(bridge, token, &at)) != NULL)
        if (is_named(account, request))
            return true;
    return false;
}

/* `unknown_account` is for what no account is at all; what another is would
 * have to go to that one's subject. */
static enum reply_error judge_named(const struct bridge *bridge,
                                    struct slice token,
                                    const struct request *request,
                                    char fault[static REQUEST_FAULT_SIZE])
{
    enum reply_error error;
    const char *text;
    if (is_any_named(bridge, token, request))
        return REPLY_FINE;
    if (admission_account(bridge, request, &error, &text) == NULL &&
        (request->account.size == 0 || has_token(request->account, token)))
        return REPLY_FINE; /* it is told so where it is looked for */
    snprintf(fault, REQUEST_FAULT_SIZE,
             "account, self_id: allowed on a subject that ends in %.*s: that "
             "account, or neither; each account has a subject of its own",
             (int)token.size, token.data);
    return REPLY_BAD_REQUEST;
}

static enum reply_error address_by_token(const struct bridge *bridge,
                                         struct slice token,
                                         struct request *request,
                                         char fault[static REQUEST_FAULT_SIZE])
{
    size_t at = 0;
    const struct account *account = next_at(bridge, token, &at);
    const struct account *other = next_at(bridge, token, &at);
    if (account == NULL) {
        snprintf(fault, REQUEST_FAULT_SIZE,
                 "the settings have no account of this subject any more");
        return REPLY_UNKNOWN_ACCOUNT;
    }
    if (other != NULL) {
        snprintf(fault, REQUEST_FAULT_SIZE,
                 "account: required, for several have this subject: %s, %s%s",
                 account->name, other->name,
                 next_at(bridge, token, &at) == NULL ? "" : ", …");
        return REPLY_ACCOUNT_REQUIRED;
    }
    request->account = slice_of(account->name);
    return REPLY_FINE;
}

enum reply_error admission_address(const struct bridge *bridge,
                                   struct slice token, struct request *request,
                                   char fault[static REQUEST_FAULT_SIZE])
{
    if (request->account.size == 0 && request->self_id == 0)
        return address_by_token(bridge, token, request, fault);
    return judge_named(bridge, token, request, fault);
}

/* ---- whether it is of use --------------------------------------------- */

const char *admission_hindrance(const struct account *account,
                                const struct catalog_name *name,
                                enum reply_error *error)
{
    if (account->is_stalled) {
        *error = REPLY_STALLED;
        return "the peer takes actions and answers none; nothing was sent";
    }
    if (account->online == ONLINE_NO && name->needs_qq) {
        *error = REPLY_OFFLINE;
        return "QQ is offline behind the peer: log in there again; nothing "
               "was sent";
    }
    return NULL;
}
