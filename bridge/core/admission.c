/* SPDX-License-Identifier: MIT */
#include "admission.h"

#include "core/account.h"
#include "core/inside.h"

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
