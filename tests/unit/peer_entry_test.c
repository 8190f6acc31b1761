/* SPDX-License-Identifier: MIT */
#include "cli/peer_entry.h"

#include "check.h"

static const struct peer_entry CLIENT = {
    .name = "onebus",
    .host = "onebus.lan",
    .port = 3001,
    .path = "/onebot/v11/ws",
    .token = "a\"b",
};

static const struct peer_entry SERVER = {
    .is_server = true,
    .name = "onebus-bot1",
    .host = "0.0.0.0",
    .port = 3001,
    .token = "",
};

static void check_entry(struct peer_entry entry, enum peer_kind kind,
                        const char *list, const char *expected)
{
    struct buffer out = {0};
    entry.kind = kind;
    peer_entry_append(&entry, true, &out);
    CHECK_SLICE(buffer_slice(&out), slice_of(expected));
    CHECK_STR(peer_entry_list(&entry), list);
    CHECK(peer_entry_file(&entry)[0] != '\0');
    buffer_finish(&out);
}

TEST(a_peer_that_dials_has_our_address)
{
    check_entry(CLIENT, PEER_NAPCAT, "network.websocketClients",
                "{\"name\":\"onebus\",\"enable\":true,"
                "\"url\":\"ws://onebus.lan:3001/onebot/v11/ws\","
                "\"messagePostFormat\":\"array\",\"reportSelfMessage\":false,"
                "\"reconnectInterval\":5000,\"token\":\"a\\\"b\","
                "\"debug\":false,\"heartInterval\":30000}");
    check_entry(CLIENT, PEER_LLBOT, "ob11.connect",
                "{\"type\":\"ws-reverse\",\"enable\":true,"
                "\"url\":\"ws://onebus.lan:3001/onebot/v11/ws\","
                "\"heartInterval\":30000,\"token\":\"a\\\"b\","
                "\"reportSelfMessage\":false,\"reportOfflineMessage\":false,"
                "\"messageFormat\":\"array\",\"debug\":false}");
    check_entry(CLIENT, PEER_LAGRANGE, "Implementations",
                "{\"Type\":\"ReverseWebSocket\",\"Host\":\"onebus.lan\","
                "\"Port\":3001,\"Suffix\":\"/onebot/v11/ws\","
                "\"ReconnectInterval\":5000,\"HeartBeatInterval\":30000,"
                "\"AccessToken\":\"a\\\"b\"}");
}

TEST(a_peer_that_is_dialled_listens)
{
    check_entry(SERVER, PEER_NAPCAT, "network.websocketServers",
                "{\"name\":\"onebus-bot1\",\"enable\":true,"
                "\"host\":\"0.0.0.0\",\"port\":3001,"
                "\"messagePostFormat\":\"array\",\"reportSelfMessage\":false,"
                "\"token\":\"\",\"enableForcePushEvent\":true,\"debug\":false,"
                "\"heartInterval\":30000}");
    check_entry(SERVER, PEER_LLBOT, "ob11.connect",
                "{\"type\":\"ws\",\"enable\":true,\"host\":\"0.0.0.0\","
                "\"port\":3001,\"heartInterval\":30000,\"token\":\"\","
                "\"reportSelfMessage\":false,\"reportOfflineMessage\":false,"
                "\"messageFormat\":\"array\",\"debug\":false}");
    check_entry(SERVER, PEER_LAGRANGE, "Implementations",
                "{\"Type\":\"ForwardWebSocket\",\"Host\":\"0.0.0.0\","
                "\"Port\":3001,\"HeartBeatInterval\":30000,"
                "\"AccessToken\":\"\"}");
}

TEST(with_tls_the_certificate_is_checked)
{
    struct peer_entry entry = CLIENT;
    struct buffer out = {0};
    entry.is_secure = true;
    entry.host = "fd00::1";
    peer_entry_append(&entry, false, &out);
    CHECK_SLICE(buffer_slice(&out),
                slice_of("{\n"
                         "  \"name\": \"onebus\",\n"
                         "  \"enable\": true,\n"
                         "  \"url\": \"wss://[fd00::1]:3001/onebot/v11/ws\",\n"
                         "  \"messagePostFormat\": \"array\",\n"
                         "  \"reportSelfMessage\": false,\n"
                         "  \"reconnectInterval\": 5000,\n"
                         "  \"token\": \"a\\\"b\",\n"
                         "  \"debug\": false,\n"
                         "  \"heartInterval\": 30000,\n"
                         "  \"verifyCertificate\": true\n"
                         "}"));
    buffer_finish(&out);
}

SUITE(peer_entry, a_peer_that_dials_has_our_address,
      a_peer_that_is_dialled_listens, with_tls_the_certificate_is_checked)
