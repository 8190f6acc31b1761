/* SPDX-License-Identifier: MIT */
#include "account.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

struct link *account_add_link(struct account *account,
                              const struct link_info *info, void *wire,
                              uint64_t serial)
{
    struct link *link = mem_zalloc(1, sizeof(*link));
    link->account = account;
    link->wire = wire;
    link->role = info->role;
    link->serial = serial;
    link->older = account->newest;
    account->newest = link;
    account->link_count++;
    if (info->self_id != 0)
        account->self_id = info->self_id;
    if (info->user_agent != NULL && account->peer[0] == '\0')
        snprintf(account->peer, sizeof(account->peer), "%s", info->user_agent);
    return link;
}

void account_remove_link(struct account *account, struct link *link,
                         uint64_t now_ms)
{
    struct link **place = &account->newest;
    while (*place != link)
        place = &(*place)->older;
    *place = link->older;
    account->link_count--;
    if (link->role != LINK_EVENT && account_call_link(account) == NULL)
        account->down_since_ms = now_ms;
    free(link);
}

struct link *account_call_link(const struct account *account)
{
    struct link *link = account->newest;
    while (link != NULL && link->role == LINK_EVENT)
        link = link->older;
    return link;
}

uint64_t account_grace_ends(const struct account *account)
{
    return account->down_since_ms + account->grace_ms;
}
