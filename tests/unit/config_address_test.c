/* SPDX-License-Identifier: MIT */
#include "config/address.h"

#include <stdlib.h>

#include "check.h"

static struct slice verdict(const char *reason)
{
    return slice_of(reason == NULL ? "fine" : reason);
}

TEST(a_host_is_an_address_or_a_name)
{
    static const char *const fine[] = {
        "127.0.0.1", "0.0.0.0", "::1",     "::",        "fe80::1%eth0",
        "localhost", "napcat",  "a.b-c_d", "10.example"};
    static const char *const wrong[] = {
        "",     "127.0.0.300", "127.1", "1.2.3.4.5", "[::1]",     "a b",
        ":::1", "a:1",         "*",     "a/b",       "h\xc3\xa9", "\n"};
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
        CHECK_ROW(verdict(address_check_host(fine[i])), slice_of("fine"),
                  fine[i]);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK_ROW(verdict(address_check_host(wrong[i])),
                  slice_of("is no address"), wrong[i]);
}

TEST(a_network_is_a_host_or_has_bits)
{
    static const char *const fine[] = {"files.lan",  "10.0.0.1",  "::1",
                                       "10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32",
                                       "fd00::/8",   "::/0",      "::1/128"};
    static const char *const wrong[] = {
        "10.0.0.0/33", "::/129",     "10.0.0.0/",   "10.0.0.0/x",
        "10.0.0.0/-1", "10.0.0/8",   "a/8",         "/8",
        "::1/8/8",     "1.2.3.4/ 8", "1.2.3.4/0008"};
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
        CHECK_ROW(verdict(address_check_network(fine[i])), slice_of("fine"),
                  fine[i]);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK_ROW(verdict(address_check_network(wrong[i])),
                  slice_of("is no network"), wrong[i]);
    CHECK_STR(address_check_network("127.1"), "is no address");
}

TEST(a_server_of_nats_has_a_host_and_what_it_needs)
{
    static const struct {
        const char *url, *host, *shown;
        int port;
        bool has_tls, has_user;
    } rows[] = {
        {"nats://a", "a", "nats://a", 4222, false, false},
        {"tls://a.b:1", "a.b", "tls://a.b:1", 1, true, false},
        {"nats://[::1]", "::1", "nats://[::1]", 4222, false, false},
        {"nats://t@[::1]:9", "::1", "nats://***@[::1]:9", 9, false, true},
        {"tls://me:p@ss:/w@a", "a", "tls://***@a", 4222, true, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct address_nats address;
        char *shown = address_show_nats(rows[i].url);
        CHECK_ROW(verdict(address_check_nats(rows[i].url)), slice_of("fine"),
                  rows[i].url);
        CHECK(address_cut_nats(rows[i].url, &address));
        CHECK_STR(address.host, rows[i].host);
        CHECK_EQ(address.port, rows[i].port);
        CHECK_EQ(address.has_tls, rows[i].has_tls);
        CHECK_EQ(address.has_user, rows[i].has_user);
        CHECK_STR(shown, rows[i].shown);
        free(shown);
    }
}

TEST(what_is_no_server_of_nats_is_told)
{
    static const char none[] = "is no address of a NATS server";
    static const struct {
        const char *url, *why;
    } rows[] = {
        {"", "is empty"},
        {"a:4222", none},
        {"http://a", none},
        {"nats://", none},
        {"nats://a:", none},
        {"nats://a:0", none},
        {"nats://a:70000", none},
        {"nats://[::1", none},
        {"nats://::1", none},
        {"nats://a b", none},
        {"nats://1.2.3.400", none},
        {"nats://a/x", "has something behind host and port"},
        {"nats://a?x", "has something behind host and port"},
        {"nats://@a", "has an empty user, password or token in it"},
        {"nats://:p@a", "has an empty user, password or token in it"},
        {"nats://u:@a", "has an empty user, password or token in it"},
        {"ws://a", "is WebSocket, which the NATS library here does not speak"},
        {"wss://a:1",
         "is WebSocket, which the NATS library here does not speak"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_ROW(verdict(address_check_nats(rows[i].url)),
                  slice_of(rows[i].why), rows[i].url);
}

TEST(loopback_is_127_and_1_and_localhost)
{
    static const struct {
        const char *host;
        bool loopback;
    } rows[] = {
        {"127.0.0.1", true},
        {"127.255.0.9", true},
        {"128.0.0.1", false},
        {"126.0.0.1", false},
        {"0.0.0.0", false},
        {"::1", true},
        {"0:0:0:0:0:0:0:1", true},
        {"::", false},
        {"::2", false},
        {"::ffff:8.8.8.8", false},
        {"localhost", true},
        {"LocalHost", true},
        {"localhost.evil.example", false},
        {"", false},
        {"127.0.0.1.example", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_ROW(slice_of(address_is_loopback(rows[i].host) ? "yes" : "no"),
                  slice_of(rows[i].loopback ? "yes" : "no"), rows[i].host);
}

#define P40 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

TEST(bus_urls_are_checked_as_nng_will_read_them)
{
    static const char none[] = "is no bus address";
    static const struct {
        const char *url, *verdict;
    } rows[] = {
        {"tcp://127.0.0.1:7710", "fine"},
        {"tcp://[::1]:7710", "fine"},
        {"tcp://*:7710", "fine"},
        {"tcp://:7710", "fine"},
        {"tcp://localhost:0", "fine"},
        {"tcp://a:65535", "fine"},
        {"ws://127.0.0.1:80", "fine"},
        {"ws://127.0.0.1:80/", "fine"},
        {"ws://127.0.0.1:80/bus/events", "fine"},
        {"ipc:///run/onebus/events", "fine"},
        {"ipc:///" P40 P40 "/a", "fine"},
        {"tls+tcp://127.0.0.1:7710", "fine"},
        {"tls+tcp://127.0.0.1:7710/x", none},
        {"tls+tcp://127.0.0.1", none},
        {"wss://127.0.0.1:7710/x", "fine"},
        {"tls://127.0.0.1:7710", none},
        {"", none},
        {"127.0.0.1:7710", none},
        {"http://127.0.0.1:7710", none},
        {"TCP://127.0.0.1:7710", none},
        {"tcp://127.0.0.1", none},
        {"tcp://127.0.0.1:", none},
        {"tcp://127.0.0.1:65536", none},
        {"tcp://127.0.0.1:100000", none},
        {"tcp://127.0.0.1:-1", none},
        {"tcp://127.0.0.1:77a", none},
        {"tcp://127.0.0.1:7710/x", none},
        {"tcp://127.0.0.300:7710", none},
        {"tcp://::1:7710", none},
        {"tcp://[::1:7710", none},
        {"tcp://[127.0.0.1]:7710", none},
        {"tcp://user@127.0.0.1:7710", none},
        {"ws://127.0.0.1:80/a?b", none},
        {"tcp://127.0.0.1:7710 ", none},
        {"ipc://run/onebus", "names no absolute path"},
        {"ipc://", "names no absolute path"},
        {"ipc:///", "names no absolute path"},
        {"ipc:///" P40 P40 P40, "is too long for a socket"},
        {"ipc:///" P40 P40 "/" P40, "is too long for an address"},
        {"ipc:///" P40 P40 "/aaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "is too long for a socket"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_ROW(verdict(address_check_url(rows[i].url)),
                  slice_of(rows[i].verdict), rows[i].url);
}

TEST(a_url_is_local_when_strangers_cannot_reach_it)
{
    CHECK(address_url_is_local("tcp://127.0.0.1:7710"));
    CHECK(address_url_is_local("tcp://[::1]:7710"));
    CHECK(address_url_is_local("ws://localhost:80/x:y"));
    CHECK(address_url_is_local("ipc:///run/x"));
    CHECK(!address_url_is_local("tcp://*:7710"));
    CHECK(!address_url_is_local("tcp://:7710"));
    CHECK(!address_url_is_local("tcp://0.0.0.0:7710"));
    CHECK(!address_url_is_local("ws://[::]:7710/127.0.0.1"));
}

TEST(port_0_is_any_free_port)
{
    CHECK(address_url_has_free_port("tcp://127.0.0.1:0"));
    CHECK(address_url_has_free_port("ws://127.0.0.1:00/x"));
    CHECK(!address_url_has_free_port("tcp://127.0.0.1:10"));
    CHECK(!address_url_has_free_port("ipc:///run/x:0"));
}

SUITE(config_address, a_host_is_an_address_or_a_name,
      a_network_is_a_host_or_has_bits,
      a_server_of_nats_has_a_host_and_what_it_needs,
      what_is_no_server_of_nats_is_told, loopback_is_127_and_1_and_localhost,
      bus_urls_are_checked_as_nng_will_read_them,
      a_url_is_local_when_strangers_cannot_reach_it, port_0_is_any_free_port)
