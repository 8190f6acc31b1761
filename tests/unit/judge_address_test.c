/* SPDX-License-Identifier: MIT */
#include "cli/judge_address.h"

#include <errno.h>

#include "found.h"

#define OF(of_kind)                                                            \
    {                                                                          \
        .kind = OCCUPANT_##of_kind, .pid = 42, .uid = 7, .name = "./it"        \
    }

TEST(an_address_is_judged_by_who_has_it)
{
    static const struct {
        const char *label;
        struct address_facts facts;
        const char *found;
    } rows[] = {
        {"free", {0}, "ok:port-free"},
        {"free, and it runs", {.is_running = true}, "fault:not-listening"},
        {"napcat",
         {.error = EADDRINUSE, .occupant = OF(NAPCAT)},
         "fault:port-taken"},
        {"napcat, and it runs",
         {.error = EADDRINUSE, .occupant = OF(NAPCAT), .is_running = true},
         "fault:port-taken"},
        {"another onebus",
         {.error = EADDRINUSE, .occupant = OF(ONEBUS)},
         "fault:port-taken"},
        {"ours",
         {.error = EADDRINUSE, .occupant = OF(ONEBUS), .is_running = true},
         "ok:listening"},
        {"ours, of another user",
         {.error = EADDRINUSE, .occupant = OF(HIDDEN), .is_running = true},
         "ok:listening"},
        {"of another user",
         {.error = EADDRINUSE, .occupant = OF(HIDDEN)},
         "fault:port-taken"},
        {"docker",
         {.error = EADDRINUSE, .occupant = OF(DOCKER)},
         "fault:port-taken"},
        {"another, while it runs",
         {.error = EADDRINUSE, .occupant = OF(OTHER), .is_running = true},
         "fault:port-taken"},
        {"not of this machine",
         {.error = EADDRNOTAVAIL},
         "fault:address-not-here"},
        {"root's", {.error = EACCES, .port = 80}, "fault:port-refused"},
        {"no IPv6", {.error = EAFNOSUPPORT}, "fault:port-refused"},
        {"no such name", {.lookup_fault = "no"}, "fault:no-such-host"},
        {"in a container",
         {.is_in_container = true},
         "ok:port-free warn:loopback-in-container"},
        {"in a container, for all",
         {.is_in_container = true, .host = "0.0.0.0"},
         "ok:port-free"},
        {"the bus in a container",
         {.use = ADDRESS_ACTIONS, .is_in_container = true},
         "ok:port-free note:loopback-in-container"},
        {"two families",
         {.is_dual = true},
         "ok:port-free note:name-of-two-families"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "addresses"};
        struct address_facts facts = rows[i].facts;
        if (facts.host == NULL)
            facts.host = "127.0.0.1";
        if (facts.port == 0)
            facts.port = 3001;
        facts.text = "127.0.0.1:3001";
        facts.setting = "channels.napcatqq.wsPort";
        judge_address(&facts, &findings);
        check_found(&findings, rows[i].found, rows[i].label);
    }
}

TEST(napcats_own_port_is_explained)
{
    struct findings findings = {.subject = "addresses"};
    const struct address_facts facts = {
        .host = "127.0.0.1",
        .text = "127.0.0.1:3001",
        .setting = "channels.napcatqq.wsPort",
        .port = 3001,
        .error = EADDRINUSE,
        .occupant = OF(NAPCAT),
    };
    judge_address(&facts, &findings);
    CHECK(is_told(&findings.items[0], "./it (pid 42)"));
    CHECK(is_told(&findings.items[0], "3001 is also NapCat's usual own port"));
    CHECK(is_told(&findings.items[0], "\"connect\": \"ws://127.0.0.1:3001/\""));
    CHECK(is_told(&findings.items[0], "3002"));
    findings_finish(&findings);
}

TEST(a_socket_is_judged_by_its_folder_and_who_listens)
{
    static const struct {
        struct socket_facts facts;
        const char *found;
    } rows[] = {
        {{.is_folder_there = false}, "fault:no-folder"},
        {{.is_folder_there = true, .is_folder_writable = true}, "ok:port-free"},
        {{.is_folder_there = true}, "fault:folder-read-only"},
        {{.is_folder_there = true, .is_listened_on = true}, "fault:port-taken"},
        {{.is_folder_there = true, .is_listened_on = true, .is_running = true},
         "ok:listening"},
        {{.is_folder_there = true, .is_running = true}, "fault:not-listening"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "addresses"};
        struct socket_facts facts = rows[i].facts;
        facts.setting = "bridge.events";
        facts.path = "/run/onebus/events";
        facts.folder = "/run/onebus";
        judge_socket(&facts, &findings);
        check_found(&findings, rows[i].found, rows[i].found);
    }
}

SUITE(judge_address, an_address_is_judged_by_who_has_it,
      napcats_own_port_is_explained,
      a_socket_is_judged_by_its_folder_and_who_listens)
