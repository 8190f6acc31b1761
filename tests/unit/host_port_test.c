/* SPDX-License-Identifier: MIT */
#include "base/host_port.h"

#include "check.h"

TEST(an_ipv6_address_is_bracketed)
{
    static const struct {
        const char *host;
        int port;
        const char *text;
    } rows[] = {
        {"127.0.0.1", 7712, "127.0.0.1:7712"},
        {"::1", 0, "[::1]:0"},
        {"::1", -1, "[::1]"},
        {"localhost", -1, "localhost"},
        {"*", 80, "*:80"},
    };
    char text[64];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        host_port_print(rows[i].host, rows[i].port, text, sizeof(text));
        CHECK_STR(text, rows[i].text);
    }
}

SUITE(host_port, an_ipv6_address_is_bracketed)
