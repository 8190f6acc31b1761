/* SPDX-License-Identifier: MIT */
#include "edge/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "check.h"

static struct sockaddr_storage address_of(const char *text)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1)
        memcpy(&address, &ipv4, sizeof(ipv4));
    else if (inet_pton(AF_INET6, text, &ipv6.sin6_addr) == 1)
        memcpy(&address, &ipv6, sizeof(ipv6));
    else
        CHECK_STR(text, "an address");
    return address;
}

static bool is_public(const char *text)
{
    struct sockaddr_storage address = address_of(text);
    return guard_is_public((const struct sockaddr *)&address);
}

static bool allows(const struct guard *guard, const char *host,
                   const char *text)
{
    struct sockaddr_storage address = address_of(text);
    return guard_allows(guard, host, (const struct sockaddr *)&address);
}

TEST(public_addresses_are_open)
{
    static const char *const rows[] = {
        "1.1.1.1",         "9.255.255.255",    "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",      "126.255.255.255",
        "128.0.0.0",       "169.253.255.255",  "169.255.0.0",
        "172.15.255.255",  "172.32.0.0",       "192.167.255.255",
        "192.169.0.0",     "198.17.255.255",   "198.20.0.0",
        "223.255.255.255", "2400:3200::1",     "2606:4700::1111",
        "::ffff:1.1.1.1",  "64:ff9b::1.1.1.1", "2002:101:101::1",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (!is_public(rows[i]))
            CHECK_STR(rows[i], "public");
}

TEST(what_is_not_everybody_s_is_shut)
{
    static const char *const rows[] = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254", /* metadata of clouds */
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::1.1.1.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1",
        "64:ff9b::192.168.1.1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001::1",
        "2001:db8::1",
        "100::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (is_public(rows[i]))
            CHECK_STR(rows[i], "private");
    const struct sockaddr local = {.sa_family = AF_UNIX};
    CHECK(!guard_is_public(&local));
}

TEST(settings_open_hosts_addresses_and_networks)
{
    static const char *const open[] = {
        "Files.lan", "192.168.1.10", "10.1.0.0/16", "fd00:1::/32",
        "[::1]",     "172.16.0.0/x", "10.0.0.0/33",
    };
    struct guard *guard = guard_create(open, 7);
    CHECK(allows(guard, "files.LAN", "127.0.0.1"));
    CHECK(allows(guard, "files.lan", "fe80::1"));
    CHECK(!allows(guard, "files.lan.evil", "127.0.0.1"));
    CHECK(allows(guard, "x", "192.168.1.10"));
    CHECK(!allows(guard, "x", "192.168.1.11"));
    CHECK(allows(guard, "x", "::ffff:192.168.1.10"));
    CHECK(allows(guard, "x", "10.1.255.255"));
    CHECK(!allows(guard, "x", "10.2.0.0"));
    CHECK(allows(guard, "x", "fd00:1:2::3"));
    CHECK(!allows(guard, "x", "fd00:2::3"));
    CHECK(allows(guard, "x", "::1"));
    CHECK(!allows(guard, "x", "172.16.0.1"));
    CHECK(!allows(guard, "x", "10.0.0.1"));
    CHECK(allows(guard, "x", "1.1.1.1"));
    guard_destroy(guard);
    guard_destroy(NULL);
}

TEST(a_network_of_all_opens_everything)
{
    static const char *const open[] = {"0.0.0.0/0", "::/0"};
    struct guard *guard = guard_create(open, 2);
    CHECK(allows(guard, "x", "127.0.0.1"));
    CHECK(allows(guard, "x", "::1"));
    guard_destroy(guard);
}

SUITE(guard, public_addresses_are_open, what_is_not_everybody_s_is_shut,
      settings_open_hosts_addresses_and_networks,
      a_network_of_all_opens_everything)
