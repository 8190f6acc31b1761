/* SPDX-License-Identifier: MIT */
#include "judge_peer.h"

#include <stdio.h>

#include "core/json_read.h"
#include "core/mp.h"

enum {
    UPGRADED = 101,
    UNAUTHORIZED = 401,
    FORBIDDEN = 403,
    NOT_FOUND = 404,
    /* NapCat lets everybody in and then says so in a frame. */
    RETCODE_TOKEN = 1403,
};

/* ---- frames -------------------------------------------------------------- */

/* RFC 6455, 5.2. A server masks nothing. */
static bool cut_frame(struct slice bytes, struct slice *text)
{
    const unsigned char *at = (const unsigned char *)bytes.data;
    size_t head = 2, size;
    if (bytes.size < 4 || at[0] != 0x81) /* one whole text */
        return false;
    size = at[1];
    if (size > 126)
        return false; /* 64 KiB and more is no refusal; or it is masked */
    if (size == 126) {
        size = (size_t)at[2] << 8 | at[3];
        head = 4;
    }
    *text = (struct slice){bytes.data + head, size};
    return bytes.size >= head + size;
}

int64_t judge_peer_retcode(struct slice bytes)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer pack = {0};
    struct slice text, value;
    int64_t retcode = 0;
    if (cut_frame(bytes, &text) &&
        json_to_msgpack(text, &options, &pack, &error) == STATUS_OK &&
        mp_find(buffer_slice(&pack), "retcode", &value) &&
        !mp_read_int(value, &retcode))
        retcode = 0;
    buffer_finish(&pack);
    return retcode;
}

/* ---- what it means ------------------------------------------------------- */

static void judge_token(const struct peer_facts *facts,
                        struct findings *findings, const char *said)
{
    struct finding *finding = findings_add(
        findings, FINDING_FAULT,
        facts->has_token ? "token-wrong" : "token-missing", facts->account,
        "%s refuses the token: %s", facts->url, said);
    finding_why(finding, facts->has_token
                             ? "the accessToken is not the peer's token"
                             : "the peer wants a token, and the settings have "
                               "no accessToken");
    finding_remedy(
        finding,
        "set accessToken of account %s to the token of the peer's "
        "WebSocket server (NapCat: network.websocketServers[].token)",
        facts->account);
}

static void judge_status(const struct peer_facts *facts,
                         struct findings *findings)
{
    char said[32];
    struct finding *finding;
    snprintf(said, sizeof(said), "HTTP %ld", facts->http_status);
    if (facts->http_status == UNAUTHORIZED || facts->http_status == FORBIDDEN) {
        judge_token(facts, findings, said);
        return;
    }
    finding = findings_add(findings, FINDING_FAULT,
                           facts->http_status == NOT_FOUND ? "path-unknown"
                                                           : "no-websocket",
                           facts->account,
                           "%s answers HTTP %ld and opens no "
                           "WebSocket",
                           facts->url, facts->http_status);
    if (facts->http_status == NOT_FOUND) {
        finding_why(finding, "there is no OneBot WebSocket at that path");
        finding_remedy(finding,
                       "NapCat's and most others' is \"/\": end "
                       "connect of account %s there",
                       facts->account);
        return;
    }
    finding_why(finding, "something listens there that is no WebSocket server: "
                         "its HTTP API, or its web page");
    finding_remedy(finding,
                   "set connect of account %s to the port of the "
                   "peer's WebSocket server (NapCat: "
                   "network.websocketServers[].port)",
                   facts->account);
}

static void judge_answer(const struct peer_facts *facts,
                         struct findings *findings)
{
    char said[32];
    struct finding *finding;
    if (facts->http_status != UPGRADED) {
        judge_status(facts, findings);
        return;
    }
    snprintf(said, sizeof(said), "retcode %lld", (long long)facts->retcode);
    if (facts->retcode == RETCODE_TOKEN) {
        judge_token(facts, findings, said);
    } else if (facts->retcode != 0) {
        finding =
            findings_add(findings, FINDING_FAULT, "refused", facts->account,
                         "%s lets us in and refuses: %s", facts->url, said);
        finding_remedy(finding, "look at the peer's log");
    } else {
        findings_add(findings, FINDING_OK, "peer", facts->account,
                     "%s opens a WebSocket", facts->url);
    }
}

static void judge_nobody(const struct peer_facts *facts,
                         struct findings *findings)
{
    struct finding *finding =
        findings_add(findings, FINDING_FAULT, "peer-not-there", facts->account,
                     "%s: %s", facts->url, facts->fault);
    finding_why(finding, "nobody listens there: the peer does not run, its "
                         "WebSocket server is not enabled, or it listens on "
                         "another port or address");
    if (facts->is_loopback && facts->is_in_container)
        finding_remedy(finding, "inside a container 127.0.0.1 is the container "
                                "itself: name the peer's container, as "
                                "ws://napcat:3001/");
    else
        finding_remedy(finding, "in NapCat: network.websocketServers[], enable "
                                "true, host 0.0.0.0 unless it is this machine; "
                                "then see `ss -tlnp`");
}

void judge_peer(const struct peer_facts *facts, struct findings *findings)
{
    struct finding *finding;
    switch (facts->outcome) {
    case PEER_NO_NAME:
        finding = findings_add(findings, FINDING_FAULT, "no-such-host",
                               facts->account, "%s: the name leads nowhere: %s",
                               facts->url, facts->fault);
        finding_remedy(finding,
                       "in docker both must be in one network, and the "
                       "name is the service's; else write the "
                       "address");
        return;
    case PEER_NOBODY:
        judge_nobody(facts, findings);
        return;
    case PEER_SILENT:
        finding =
            findings_add(findings, FINDING_FAULT, "peer-silent", facts->account,
                         "%s does not answer in time", facts->url);
        finding_why(finding, "a firewall swallows it, the address is another "
                             "machine's, or the peer hangs");
        finding_remedy(finding, "from here: curl -v telnet://HOST:PORT; then "
                                "restart the peer");
        return;
    case PEER_NO_TLS:
        finding =
            findings_add(findings, FINDING_FAULT, "peer-tls", facts->account,
                         "%s: %s", facts->url, facts->fault);
        finding_remedy(finding, "set tls.ca to the authority of its "
                                "certificate, or write ws:// if it has none");
        return;
    case PEER_HUNG_UP:
        finding = findings_add(findings, FINDING_FAULT, "peer-hung-up",
                               facts->account, "%s hangs up: %s", facts->url,
                               facts->fault);
        finding_why(finding, "it speaks no HTTP, or wants TLS");
        finding_remedy(finding,
                       "check the port; or write wss:// in connect of "
                       "account %s",
                       facts->account);
        return;
    case PEER_ANSWERED:
        judge_answer(facts, findings);
        return;
    }
}
