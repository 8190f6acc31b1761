/* SPDX-License-Identifier: MIT */
#include "judge_address.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/address.h"

enum {
    NAPCAT_PORT = 3001, /* of its own WebSocket server, by custom */
    FIRST_FREE_PORT = 1024,
    WHO_SIZE = OCCUPANT_NAME_SIZE + 64,
    LABEL_SIZE = 400,
};

static const char *const USES[] = {
    [ADDRESS_WS] = "peers dial",
    [ADDRESS_EVENTS] = "events",
    [ADDRESS_ACTIONS] = "actions",
    [ADDRESS_HTTP] = "http",
};

static void label_of(const struct address_facts *facts, char label[LABEL_SIZE])
{
    snprintf(label, LABEL_SIZE, "%s %s", USES[facts->use], facts->text);
}

/* ---- taken by whom ------------------------------------------------------- */

static void name_occupant(const struct occupant *occupant, char who[WHO_SIZE])
{
    if (occupant->kind == OCCUPANT_HIDDEN && occupant->uid >= 0)
        snprintf(who, WHO_SIZE,
                 "a process of uid %ld that this user may not "
                 "look at",
                 occupant->uid);
    else if (occupant->kind == OCCUPANT_HIDDEN ||
             occupant->kind == OCCUPANT_NONE)
        snprintf(who, WHO_SIZE, "a process that cannot be seen from here");
    else
        snprintf(who, WHO_SIZE, "%s (pid %ld)", occupant->name, occupant->pid);
}

static void advise_move(const struct address_facts *facts,
                        struct finding *finding)
{
    if (facts->use == ADDRESS_WS)
        finding_remedy(finding,
                       "end it, or give the bridge another port: set %s to %d, "
                       "and the port in the peer's url likewise",
                       facts->setting, facts->port + 1);
    else
        finding_remedy(finding,
                       "end it, or set %s to another port, and give "
                       "the programs on the bus the new address",
                       facts->setting);
}

static void explain_occupant(const struct address_facts *facts,
                             struct finding *finding)
{
    long pid = facts->occupant.pid;
    switch (facts->occupant.kind) {
    case OCCUPANT_NAPCAT:
        finding_why(finding,
                    "%sone program alone can listen on a port; NapCat's own "
                    "WebSocket server is not what the bridge waits for",
                    facts->port == NAPCAT_PORT
                        ? "3001 is also NapCat's usual own port: "
                        : "");
        finding_remedy(finding,
                       "let the bridge dial NapCat: set %s instead, as "
                       "\"connect\": \"ws://%s/\"; or set wsPort to %d and let "
                       "NapCat's WebSocket client dial that",
                       "channels.napcatqq.connect", facts->text,
                       facts->port + 1);
        return;
    case OCCUPANT_ONEBUS:
        finding_why(finding,
                    "an onebus is running, and it does not answer at this "
                    "file's bridge.actions: it has other settings, or hangs");
        finding_remedy(finding,
                       "look at it: ls -l /proc/%ld/cwd; tr '\\0' ' ' "
                       "</proc/%ld/cmdline; run the doctor with its --config, "
                       "or end it: kill %ld",
                       pid, pid, pid);
        return;
    case OCCUPANT_DOCKER:
        finding_why(finding, "Docker holds the port for a container that "
                             "publishes it");
        finding_remedy(finding,
                       "docker ps --filter publish=%d; if that is the bridge, "
                       "run the doctor in there: docker exec CONTAINER onebus "
                       "doctor; else set %s to another port",
                       facts->port, facts->setting);
        return;
    default:
        finding_why(finding, "one program alone can listen on a port");
        advise_move(facts, finding);
    }
}

static void judge_taken(const struct address_facts *facts,
                        struct findings *findings)
{
    char label[LABEL_SIZE], who[WHO_SIZE];
    enum occupant_kind kind = facts->occupant.kind;
    label_of(facts, label);
    name_occupant(&facts->occupant, who);
    if (facts->is_running &&
        (kind == OCCUPANT_ONEBUS || kind == OCCUPANT_HIDDEN ||
         kind == OCCUPANT_NONE || kind == OCCUPANT_DOCKER)) {
        findings_add(findings, FINDING_OK, "listening", facts->account,
                     "%s: the bridge listens", label);
        return;
    }
    explain_occupant(facts, findings_add(findings, FINDING_FAULT, "port-taken",
                                         facts->account, "%s is taken by %s",
                                         label, who));
}

/* ---- not to be had ------------------------------------------------------- */

static void judge_error(const struct address_facts *facts,
                        struct findings *findings)
{
    char label[LABEL_SIZE];
    label_of(facts, label);
    struct finding *finding = findings_add(
        findings, FINDING_FAULT,
        facts->error == EADDRNOTAVAIL ? "address-not-here" : "port-refused",
        facts->account, "%s cannot be listened on: %s", label,
        strerror(facts->error));
    if (facts->error == EADDRNOTAVAIL) {
        finding_why(finding, "%s is no address of this machine", facts->host);
        finding_remedy(finding,
                       "set the host to one of `ip -br addr`, to 127.0.0.1 for "
                       "this machine alone, or to 0.0.0.0 for all (with an "
                       "accessToken)");
    } else if (facts->error == EACCES && facts->port < FIRST_FREE_PORT) {
        finding_why(finding, "ports below %d are root's", FIRST_FREE_PORT);
        finding_remedy(finding, "set %s to a port from %d on", facts->setting,
                       FIRST_FREE_PORT);
    } else {
        finding_remedy(finding, "set %s to another address", facts->setting);
    }
}

static void judge_name(const struct address_facts *facts,
                       struct findings *findings)
{
    struct finding *finding =
        findings_add(findings, FINDING_FAULT, "no-such-host", facts->account,
                     "%s %s: the host is no address: %s", USES[facts->use],
                     facts->text, facts->lookup_fault);
    finding_remedy(finding, "set an address instead of a name, as 127.0.0.1, "
                            "or put the name into /etc/hosts");
}

/* ---- free ---------------------------------------------------------------- */

static void judge_free(const struct address_facts *facts,
                       struct findings *findings)
{
    char label[LABEL_SIZE];
    label_of(facts, label);
    if (!facts->is_running) {
        findings_add(findings, FINDING_OK, "port-free", facts->account,
                     "%s is free", label);
        return;
    }
    struct finding *finding =
        findings_add(findings, FINDING_FAULT, "not-listening", facts->account,
                     "%s: nobody listens, though the bridge runs", label);
    finding_why(finding, "it runs with other settings than these");
    finding_remedy(finding,
                   "have it read them: onebus call bridge.reload; if that does "
                   "not help, restart it: systemctl restart onebus");
}

/* What is listened on is not always what can be reached. */
static void judge_reach(const struct address_facts *facts,
                        struct findings *findings)
{
    if (facts->is_in_container && address_is_loopback(facts->host)) {
        struct finding *finding = findings_add(
            findings,
            facts->use == ADDRESS_WS && !facts->is_running ? FINDING_WARN
                                                           : FINDING_NOTE,
            "loopback-in-container", facts->account,
            "%s %s is inside this container alone", USES[facts->use],
            facts->text);
        finding_why(finding, "nobody in another container, or on the host, "
                             "reaches 127.0.0.1 of this one");
        finding_remedy(finding,
                       facts->use == ADDRESS_WS
                           ? "set channels.napcatqq.wsHost to 0.0.0.0 with an "
                             "accessToken, unless the peer shares this "
                             "container's network"
                           : "set %s to 0.0.0.0 (with bridge.grants) if others "
                             "are to reach it",
                       facts->setting);
    }
    if (facts->is_dual) {
        struct finding *finding = findings_add(
            findings, FINDING_NOTE, "name-of-two-families", facts->account,
            "%s %s: the name is an IPv4 and an IPv6 address", USES[facts->use],
            facts->text);
        finding_why(finding, "the bridge listens on one of them; a peer that "
                             "takes the other finds nobody");
        finding_remedy(finding, "write 127.0.0.1, here and in the peer's url");
    }
}

void judge_address(const struct address_facts *facts, struct findings *findings)
{
    if (facts->lookup_fault != NULL)
        judge_name(facts, findings);
    else if (facts->error == EADDRINUSE)
        judge_taken(facts, findings);
    else if (facts->error != 0)
        judge_error(facts, findings);
    else if (facts->port != 0)
        judge_free(facts, findings);
    if (facts->lookup_fault == NULL)
        judge_reach(facts, findings);
}

/* ---- ipc ----------------------------------------------------------------- */

void judge_socket(const struct socket_facts *facts, struct findings *findings)
{
    struct finding *finding;
    if (!facts->is_folder_there) {
        finding = findings_add(findings, FINDING_FAULT, "no-folder", NULL,
                               "ipc://%s: the folder %s is not there",
                               facts->path, facts->folder);
        finding_remedy(finding,
                       "mkdir -p %s, and have it owned by the "
                       "bridge's user",
                       facts->folder);
    } else if (facts->is_running && !facts->is_listened_on) {
        finding = findings_add(findings, FINDING_FAULT, "not-listening", NULL,
                               "ipc://%s: nobody listens, though the bridge "
                               "runs",
                               facts->path);
        finding_why(finding, "somebody has removed the file, or the bridge "
                             "runs with other settings than these");
        finding_remedy(finding, "restart it: systemctl restart onebus");
    } else if (!facts->is_running && facts->is_listened_on) {
        finding = findings_add(findings, FINDING_FAULT, "port-taken", NULL,
                               "ipc://%s: somebody listens, and it is no "
                               "bridge with these settings",
                               facts->path);
        finding_remedy(finding,
                       "see who: ss -xlp | grep %s; or set %s to "
                       "another path",
                       facts->path, facts->setting);
    } else if (!facts->is_running && !facts->is_folder_writable) {
        finding = findings_add(findings, FINDING_FAULT, "folder-read-only",
                               NULL, "ipc://%s: this user may not write in %s",
                               facts->path, facts->folder);
        finding_remedy(finding,
                       "run the doctor as the bridge's user, or give "
                       "the folder to it: chown onebus %s",
                       facts->folder);
    } else {
        findings_add(findings, FINDING_OK,
                     facts->is_running ? "listening" : "port-free", NULL,
                     "ipc://%s: %s", facts->path,
                     facts->is_running ? "the bridge listens" : "is free");
    }
}
