/* SPDX-License-Identifier: MIT */
#include "account.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"

void account_init(struct account *account,
                  const struct account_options *options, size_t index,
                  uint64_t now_ms)
{
    *account = (struct account){
        .index = index,
        .options = *options,
        .self_id = options->self_id,
        .down_since_ms = now_ms,
        .ask_ms = UINT64_MAX,
        .dial_ms = options->dialer == NULL ? UINT64_MAX : now_ms,
    };
    snprintf(account->name, sizeof(account->name), "%s", options->name);
}

void account_finish(struct account *account)
{
    tally_finish(&account->tally);
}

void account_set_options(struct account *account,
                         const struct account_options *options, uint64_t now_ms)
{
    account->options = *options;
    for (struct link *link = account->newest; link != NULL; link = link->older)
        watch_start(&link->watch, &options->watch, now_ms);
    if (options->self_id != 0)
        account->self_id = options->self_id;
}

struct link *account_add_link(struct account *account,
                              const struct link_info *info, void *wire,
                              uint64_t serial, uint64_t now_ms)
{
    struct link *link = mem_zalloc(1, sizeof(*link));
    link->account = account;
    link->wire = wire;
    link->role = info->role;
    link->serial = serial;
    link->self_id = info->self_id;
    link->up_ms = now_ms;
    watch_start(&link->watch, &account->options.watch, now_ms);
    link->older = account->newest;
    account->newest = link;
    account->link_count++;
    if (info->self_id != 0)
        account->self_id = info->self_id;
    if (info->user_agent != NULL && account->peer[0] == '\0')
        account_set_peer(account, slice_of(info->user_agent));
    return link;
}

void account_set_peer(struct account *account, struct slice peer)
{
    size_t used = 0;
    for (size_t i = 0; i < peer.size;) {
        size_t width = utf8_width(peer.data + i, peer.size - i);
        bool is_printable = width > 1 || (width == 1 && peer.data[i] >= ' ' &&
                                          peer.data[i] != 0x7f);
        if (used + width >= sizeof(account->peer))
            break;
        if (is_printable) {
            memcpy(account->peer + used, peer.data + i, width);
            used += width;
        }
        i += width == 0 ? 1 : width;
    }
    account->peer[used] = '\0';
    account->kind = peer_of(slice_of(account->peer));
    account->lacks_uploads = false;
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
    struct link *mute = NULL;
    for (struct link *link = account->newest; link != NULL;
         link = link->older) {
        if (link->role == LINK_EVENT || link->closing != NULL)
            continue;
        if (!link->is_mute)
            return link;
        if (mute == NULL)
            mute = link;
    }
    return mute;
}

struct link *account_find_link(const struct account *account, uint64_t serial)
{
    struct link *link = account->newest;
    while (link != NULL && link->serial != serial)
        link = link->older;
    return link;
}

bool account_has_link(const struct account *account, uint64_t serial)
{
    return account_find_link(account, serial) != NULL;
}

uint64_t account_grace_ends(const struct account *account)
{
    return account->down_since_ms + account->options.grace_ms;
}

const char *account_state(const struct account *account)
{
    if (account_call_link(account) != NULL)
        return "up";
    return account->is_degraded ? "degraded" : "down";
}
