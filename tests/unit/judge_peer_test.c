/* SPDX-License-Identifier: MIT */
#include "cli/judge_peer.h"

#include "found.h"

#define BYTES(literal)                                                         \
    (struct slice)                                                             \
    {                                                                          \
        (literal), sizeof(literal) - 1                                         \
    }

TEST(a_peer_is_judged_by_how_it_answers)
{
    static const struct {
        const char *label;
        struct peer_facts facts;
        const char *found;
    } rows[] = {
        {"name", {.outcome = PEER_NO_NAME}, "fault:no-such-host"},
        {"nobody", {.outcome = PEER_NOBODY}, "fault:peer-not-there"},
        {"silent", {.outcome = PEER_SILENT}, "fault:peer-silent"},
        {"tls", {.outcome = PEER_NO_TLS}, "fault:peer-tls"},
        {"hung up", {.outcome = PEER_HUNG_UP}, "fault:peer-hung-up"},
        {"up", {.outcome = PEER_ANSWERED, .http_status = 101}, "ok:peer"},
        {"401",
         {.outcome = PEER_ANSWERED, .http_status = 401},
         "fault:token-missing"},
        {"403",
         {.outcome = PEER_ANSWERED, .http_status = 403, .has_token = true},
         "fault:token-wrong"},
        {"1403",
         {.outcome = PEER_ANSWERED,
          .http_status = 101,
          .retcode = 1403,
          .has_token = true},
         "fault:token-wrong"},
        {"1403, none",
         {.outcome = PEER_ANSWERED, .http_status = 101, .retcode = 1403},
         "fault:token-missing"},
        {"1400",
         {.outcome = PEER_ANSWERED, .http_status = 101, .retcode = 1400},
         "fault:refused"},
        {"404",
         {.outcome = PEER_ANSWERED, .http_status = 404},
         "fault:path-unknown"},
        {"a web page",
         {.outcome = PEER_ANSWERED, .http_status = 200},
         "fault:no-websocket"},
        {"426",
         {.outcome = PEER_ANSWERED, .http_status = 426},
         "fault:no-websocket"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "peers"};
        struct peer_facts facts = rows[i].facts;
        facts.account = "bot1";
        facts.url = "ws://127.0.0.1:3001/";
        facts.fault = "why";
        judge_peer(&facts, &findings);
        check_found(&findings, rows[i].found, rows[i].label);
    }
}

TEST(a_refusal_is_read_from_the_first_frame)
{
    static const struct {
        struct slice bytes;
        int64_t retcode;
    } rows[] = {
        {BYTES("\x81\x10{\"retcode\":1403}"), 1403},
        {BYTES("\x81\x7e\x00\x10{\"retcode\":1403}"), 1403},
        {BYTES("\x81\x11{\"retcode\":1403}"), 0}, /* more is to come */
        {BYTES("\x01\x10{\"retcode\":1403}"), 0}, /* as well */
        {BYTES("\x81\x90{\"retcode\":1403}"), 0}, /* masked */
        {BYTES("\x81\x7f{\"retcode\":1403}"), 0}, /* very long */
        {BYTES("\x81\x0d{\"retcode\":0}"), 0},
        {BYTES("\x81\x0f{\"retcode\":\"x\"}"), 0},
        {BYTES("\x81\x10{\"post_typ\":\"x\"}"), 0},
        {BYTES("\x81\x02[}"), 0},
        {BYTES("\x88\x02\x03\xe8"), 0},
        {BYTES("\x81"), 0},
        {BYTES(""), 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_EQ(judge_peer_retcode(rows[i].bytes), rows[i].retcode);
}

SUITE(judge_peer, a_peer_is_judged_by_how_it_answers,
      a_refusal_is_read_from_the_first_frame)
