/* SPDX-License-Identifier: MIT */
#include "cli/occupant.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "check.h"

#define COMMAND(literal)                                                       \
    (struct slice)                                                             \
    {                                                                          \
        (literal), sizeof(literal)                                             \
    }

TEST(a_command_tells_what_it_is)
{
    static const struct {
        struct slice command;
        enum occupant_kind kind;
        const char *name;
    } rows[] = {
        {COMMAND("/usr/bin/onebus\0run"), OCCUPANT_ONEBUS, "/usr/bin/onebus"},
        {COMMAND("onebus"), OCCUPANT_ONEBUS, "onebus"},
        {COMMAND("/opt/QQ/qq\0--no-sandbox"), OCCUPANT_NAPCAT, "/opt/QQ/qq"},
        {COMMAND("node\0/app/NapCat/napcat.mjs\0-q"), OCCUPANT_NAPCAT,
         "node /app/NapCat/napcat.mjs"},
        {COMMAND("/usr/bin/docker-proxy\0-proto"), OCCUPANT_DOCKER,
         "/usr/bin/docker-proxy"},
        {COMMAND("./go-cqhttp"), OCCUPANT_ONEBOT, "./go-cqhttp"},
        {COMMAND("./Lagrange.OneBot"), OCCUPANT_ONEBOT, "./Lagrange.OneBot"},
        {COMMAND("nginx: master process"), OCCUPANT_OTHER,
         "nginx: master process"},
        /* what may be a secret is not told */
        {COMMAND("curl\0-HAuthorization: Bearer x"), OCCUPANT_OTHER, "curl"},
        {COMMAND("python3\0-m\0http.server"), OCCUPANT_OTHER, "python3"},
        {COMMAND("python3\0--token=a.py"), OCCUPANT_OTHER, "python3"},
        {{"", 0}, OCCUPANT_HIDDEN, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct occupant occupant = occupant_of_command(rows[i].command);
        CHECK_EQ(occupant.kind, rows[i].kind);
        CHECK_STR(occupant.name, rows[i].name);
    }
}

TEST(a_row_of_the_kernels_table_is_read)
{
    struct occupant_row row;
    char text[INET6_ADDRSTRLEN];
    CHECK(occupant_read_row(
        "   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 "
        "00000000  1000        0 634 1 0000000091907fe0 100 0 0 10 0",
        &row));
    CHECK_STR(inet_ntop(AF_INET6, &row.address, text, sizeof(text)),
              "::ffff:127.0.0.1");
    CHECK_EQ(row.port, 3001);
    CHECK(row.is_listening);
    CHECK_EQ(row.uid, 1000);
    CHECK_EQ(row.inode, 634);
    CHECK(occupant_read_row(
        "   1: 00000000000000000000000001000000:1E1E "
        "00000000000000000000000000000000:0000 06 00000000:00000000 "
        "00:00000000 00000000     0        0 7 1 0000000091907fe0",
        &row));
    CHECK_STR(inet_ntop(AF_INET6, &row.address, text, sizeof(text)), "::1");
    CHECK(!row.is_listening);
}

TEST(what_is_no_row_is_none)
{
    static const char *const texts[] = {
        "",
        "\n",
        "  sl  local_address rem_address   st tx_queue rx_queue tr",
        "   0: 0100007F",
        "   0: 0100007F:0BB9",
        "   0: 01:0BB9 00000000:0000 0A 0:0 00:0 0 1 0 634",
    };
    struct occupant_row row;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK(!occupant_read_row(texts[i], &row));
}

TEST(this_process_is_found_by_its_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct in6_addr any = {0};
    socklen_t size = sizeof(address);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(file, (struct sockaddr *)&address, size) == 0);
    CHECK(getsockname(file, (struct sockaddr *)&address, &size) == 0);
    int port = ntohs(address.sin_port);
    CHECK_EQ(occupant_of_port(&any, port).kind, OCCUPANT_NONE);
    CHECK(listen(file, 1) == 0);
    struct occupant occupant = occupant_of_port(&any, port);
    CHECK_EQ(occupant.pid, getpid());
    CHECK(strstr(occupant.name, "onebus_unit_tests") != NULL);
    close(file);
}

SUITE(occupant, a_command_tells_what_it_is, a_row_of_the_kernels_table_is_read,
      what_is_no_row_is_none, this_process_is_found_by_its_port)
