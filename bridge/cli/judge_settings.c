/* SPDX-License-Identifier: MIT */
#include "judge_settings.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/unmatched.h"
#include "config/address.h"

enum { TOKEN_BYTES_LEAST = 8, OTHERS_READ = 04 };

static const char NEW_TOKEN[] = "make one: openssl rand -hex 24; set it as "
                                "accessToken here and as token in the peer";

void judge_faults(const struct config_faults *faults, struct findings *findings)
{
    for (size_t i = 0; i < faults->count; i++) {
        struct finding *finding =
            findings_add(findings, FINDING_FAULT, "settings", NULL, "%s",
                         faults->messages[i]);
        if (i == 0)
            finding_remedy(finding, "the bridge does not start with this, and "
                                    "a running one keeps the settings it has: "
                                    "mend it, then onebus check");
    }
    if (faults->dropped > 0)
        findings_add(findings, FINDING_FAULT, "settings", NULL,
                     "and %zu more of them", faults->dropped);
    findings_add(findings, FINDING_NOTE, "not-looked", NULL,
                 "addresses, peers and stateDir were not looked at: these "
                 "settings do not say them");
}

/* ---- tokens -------------------------------------------------------------- */

static bool is_one_letter(const char *token)
{
    return strspn(token, (const char[]){token[0], '\0'}) == strlen(token);
}

/* What people put there to get it to run. */
static bool is_guessable(const char *token)
{
    static const char *const usual[] = {
        "token",      "access_token", "accesstoken", "password",   "12345678",
        "123456789",  "1234567890",   "changeme",    "napcat",     "napcatqq",
        "onebot",     "onebus",       "secret",      "your_token", "yourtoken",
        "your-token", "abcdefgh",     "qwertyui",
    };
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (strcasecmp(token, usual[i]) == 0)
            return true;
    return strlen(token) < TOKEN_BYTES_LEAST || is_one_letter(token);
}

static void judge_token(const struct config_account *account,
                        struct findings *findings)
{
    bool is_local =
        account->connect != NULL || address_is_loopback(account->host);
    struct finding *finding;
    if (account->token == NULL && !is_local) {
        finding = findings_add(findings, FINDING_WARN, "no-token", account->key,
                               "%s:%d lets everybody in: there is no "
                               "accessToken",
                               account->host, account->port);
        finding_why(finding, "allowInsecure is set: whoever reaches the port "
                             "can pose as your QQ, and is sent what the bot "
                             "says");
        finding_remedy(finding, "%s", NEW_TOKEN);
    } else if (account->token != NULL && is_guessable(account->token)) {
        finding = findings_add(findings, is_local ? FINDING_NOTE : FINDING_WARN,
                               "weak-token", account->key,
                               "the accessToken can be guessed");
        finding_why(finding,
                    "it has fewer than %d characters, or is one that "
                    "is tried first",
                    TOKEN_BYTES_LEAST);
        finding_remedy(finding, "%s", NEW_TOKEN);
    }
}

static void judge_account(const struct config_account *account,
                          struct findings *findings)
{
    struct finding *finding;
    judge_token(account, findings);
    if (account->connect != NULL && account->tls.insecure) {
        finding =
            findings_add(findings, FINDING_WARN, "tls-unchecked", account->key,
                         "tls.insecure: the peer's certificate is not "
                         "checked");
        finding_remedy(finding, "name the authority in tls.ca instead");
    }
    if (account->dm_policy == CONFIG_POLICY_CLOSED &&
        account->group_policy == CONFIG_POLICY_CLOSED) {
        finding =
            findings_add(findings, FINDING_WARN, "all-closed", account->key,
                         "dmPolicy and groupPolicy are both closed: "
                         "nothing is heard");
        finding_remedy(finding, "set groupPolicy to allowlist and name the "
                                "groups in channels.napcatqq.groups");
    }
}

/* ---- the bus ------------------------------------------------------------- */

static void judge_bus(const struct config *config, struct findings *findings)
{
    struct finding *finding;
    for (size_t i = 0; i < config->action_urls.count; i++) {
        if (address_url_is_local(config->action_urls.items[i]) ||
            config->grant_count > 0)
            continue;
        finding = findings_add(findings, FINDING_WARN, "open-actions", NULL,
                               "%s takes actions from everybody",
                               config->action_urls.items[i]);
        finding_why(finding, "whoever reaches it can send as your QQ");
        finding_remedy(finding, "set bridge.grants, or listen on 127.0.0.1");
    }
    for (size_t i = 0; i < config->event_urls.count; i++) {
        if (address_url_is_local(config->event_urls.items[i]))
            continue;
        finding = findings_add(findings, FINDING_WARN, "open-events", NULL,
                               "%s tells everybody what is written to the bot",
                               config->event_urls.items[i]);
        finding_why(finding, "the event socket knows no tokens");
        finding_remedy(finding,
                       "let a firewall or a private network decide who "
                       "reaches it, or listen on 127.0.0.1");
    }
}

static void on_unmatched(void *ctx, const char *line)
{
    struct finding *finding =
        findings_add(ctx, FINDING_WARN, "fits-nothing", NULL, "%s", line);
    finding_why(finding, "what it was to allow is denied, or what it was to "
                         "deny is allowed");
    finding_remedy(finding, "onebus call bridge.actions '{\"name\": \"*ban*\"}'"
                            " tells the names there are");
}

/* ---- all of it ----------------------------------------------------------- */

void judge_settings(const struct config *config, const char *only,
                    struct findings *findings)
{
    struct finding *finding;
    findings_add(findings, FINDING_OK, "settings", NULL, "%s, %zu account%s",
                 config->file == NULL ? "no file is there: the defaults"
                                      : config->file,
                 config->account_count, config->account_count == 1 ? "" : "s");
    if (config->account_count == 0) {
        finding = findings_add(findings, FINDING_FAULT, "no-account", NULL,
                               "no account is enabled");
        finding_remedy(finding, "set channels.napcatqq.enabled, or that of an "
                                "account, to true");
    }
    for (size_t i = 0; i < config->notes.count; i++)
        findings_add(findings, FINDING_NOTE, "settings", NULL, "%s",
                     config->notes.messages[i]);
    for (size_t i = 0; i < config->account_count; i++)
        if (only == NULL || strcmp(config->accounts[i].key, only) == 0)
            judge_account(&config->accounts[i], findings);
    judge_bus(config, findings);
    unmatched_each(config, on_unmatched, findings);
}

/* Docker and Kubernetes put secrets there for all of the container to read. */
static bool is_secret_mount(const char *path)
{
    return strncmp(path, "/run/secrets/", 13) == 0 ||
           strncmp(path, "/var/run/secrets/", 17) == 0;
}

void judge_secret_file(const char *path, unsigned mode,
                       struct findings *findings)
{
    if ((mode & OTHERS_READ) == 0 || is_secret_mount(path))
        return;
    struct finding *finding =
        findings_add(findings, FINDING_WARN, "secret-readable", NULL,
                     "%s has a secret in it and everybody may read it (mode "
                     "%04o)",
                     path, mode & 07777);
    finding_remedy(finding, "chmod 640 %s, with the bridge's group", path);
}

void judge_missing_share(const char *from, struct findings *findings)
{
    struct finding *finding =
        findings_add(findings, FINDING_NOTE, "share-not-here", NULL,
                     "bridge.media.paths: %s is not on this machine", from);
    finding_why(finding, "that is right only where those who send files run "
                         "elsewhere");
    finding_remedy(finding, "ls -d %s where they run", from);
}
