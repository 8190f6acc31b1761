/* SPDX-License-Identifier: MIT */
#include "core/account.h"

#include "check.h"

static struct link *add(struct account *account, enum link_role role)
{
    static int wire;
    const struct link_info info = {.role = role,
                                   .self_id = 10001,
                                   .remote = "r",
                                   .user_agent = "OneBot/11"};
    return account_add_link(account, &info, &wire, 1, 0);
}

TEST(calls_leave_on_the_newest_link_that_takes_them)
{
    struct account account = {.name = "bot", .options = {.grace_ms = 5000}};
    CHECK(account_call_link(&account) == NULL);
    struct link *event = add(&account, LINK_EVENT);
    CHECK(account_call_link(&account) == NULL);
    struct link *api = add(&account, LINK_API);
    struct link *universal = add(&account, LINK_UNIVERSAL);
    CHECK(account_call_link(&account) == universal);
    account_remove_link(&account, universal, 1);
    CHECK(account_call_link(&account) == api);
    account_remove_link(&account, api, 100);
    CHECK(account_call_link(&account) == NULL);
    account_remove_link(&account, event, 900);
    CHECK_EQ(account.link_count, 0);
    CHECK_EQ(account_grace_ends(&account), 5100);
}

TEST(a_link_tells_who_the_peer_is)
{
    struct account account = {.name = "bot"};
    struct link *link = add(&account, LINK_UNIVERSAL);
    CHECK_EQ(account.self_id, 10001);
    CHECK_STR(account.peer, "OneBot/11");
    account_remove_link(&account, link, 1);
}

TEST(only_printable_utf8_of_the_peers_name_is_kept)
{
    struct account account = {.name = "bot"};
    account_set_peer(&account, slice_of("Nap\x01\xff\x7f\xe7\x8c\xab/1\n"));
    CHECK_STR(account.peer, "Nap\xe7\x8c\xab/1");
    char name[3 * ACCOUNT_PEER_SIZE + 1] = "";
    for (size_t i = 0; i < ACCOUNT_PEER_SIZE; i++)
        memcpy(name + 3 * i, "\xe7\x8c\xab", 4);
    account_set_peer(&account, slice_of(name));
    CHECK_EQ(strlen(account.peer), 126);
}

SUITE(account, calls_leave_on_the_newest_link_that_takes_them,
      a_link_tells_who_the_peer_is,
      only_printable_utf8_of_the_peers_name_is_kept)
