/* SPDX-License-Identifier: MIT */
#include "cli/judge_settings.h"

#include <stdlib.h>
#include <unistd.h>

#include "found.h"

static struct config load(const char *text)
{
    char path[] = "/tmp/onebus-judge-XXXXXX";
    struct config config = {0};
    struct config_faults faults = {0};
    int file = mkstemp(path);
    CHECK(write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    const struct config_source source = {.path = path};
    CHECK_EQ(config_load(&source, &config, &faults), STATUS_OK);
    for (size_t i = 0; i < faults.count; i++)
        CHECK_STR(faults.messages[i], "");
    config_faults_finish(&faults);
    unlink(path);
    return config;
}

#define CHANNEL(inside) "{\"channels\":{\"napcatqq\":{" inside "}}}"
#define GRANT(inside)                                                          \
    "{\"bridge\":{\"grants\":[{\"name\":\"g\","                                \
    "\"token\":\"0123456789abcdef\"," inside "}]}}"
#define TOOLS(inside) CHANNEL("\"groups\":{\"1\":{\"tools\":" inside "}}")

TEST(settings_are_judged_beyond_their_faults)
{
    static const struct {
        const char *settings, *found;
    } rows[] = {
        {"{}", "ok:settings"},
        {CHANNEL("\"accessToken\":\"a long one of its own\""), "ok:settings"},
        {CHANNEL("\"accessToken\":\"short\""), "ok:settings note:weak-token"},
        {CHANNEL("\"accessToken\":\"aaaaaaaaaaaa\""),
         "ok:settings note:weak-token"},
        {CHANNEL("\"accessToken\":\"Your_Token\",\"wsHost\":\"0.0.0.0\""),
         "ok:settings warn:weak-token"},
        {CHANNEL("\"allowInsecure\":true,\"wsHost\":\"0.0.0.0\""),
         "ok:settings warn:no-token"},
        {CHANNEL("\"enabled\":false"), "ok:settings fault:no-account"},
        {CHANNEL("\"dmPolicy\":\"closed\",\"groupPolicy\":\"closed\""),
         "ok:settings warn:all-closed"},
        {CHANNEL("\"connect\":\"wss://a/\",\"tls\":{\"insecure\":true}"),
         "ok:settings warn:tls-unchecked"},
        {"{\"bridge\":{\"allowInsecure\":true,"
         "\"actions\":[\"tcp://0.0.0.0:1\"],\"events\":[\"tcp://*:2\"]}}",
         "ok:settings warn:open-actions warn:open-events"},
        {GRANT("\"actions\":[\"send_*\",\"bridge.*\",\"*\"]"), "ok:settings"},
        {GRANT("\"actions\":[\"send_grup_msg\"]"),
         "ok:settings warn:fits-nothing"},
        {GRANT("\"accounts\":[\"default\",\"def*\"]"), "ok:settings"},
        {GRANT("\"accounts\":[\"bot?\"]"), "ok:settings warn:fits-nothing"},
        {TOOLS("[\"send_*\"]"), "ok:settings"},
        {TOOLS("{\"allow\":[\"get_*\"],\"deny\":[\"set_group_bann\",\"xx*\"]}"),
         "ok:settings warn:fits-nothing warn:fits-nothing"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "settings"};
        struct config config = load(rows[i].settings);
        judge_settings(&config, NULL, &findings);
        check_found(&findings, rows[i].found, rows[i].settings);
        config_finish(&config);
    }
}

TEST(what_fits_nothing_is_told_with_its_place_and_what_may_be_meant)
{
    static const struct {
        const char *settings, *place, *meant;
    } rows[] = {
        {GRANT("\"actions\":[\"send_grup_msg\"]"),
         "bridge.grants[0] (g).actions", "did you mean send_group_msg?"},
        {GRANT("\"actions\":[\"bridge.statsu\"]"), "bridge.grants[0]",
         "did you mean bridge.status?"},
        {GRANT("\"actions\":[\"setGroupMute\"]"), "bridge.grants[0]",
         "did you mean set_group_ban?"},
        {TOOLS("[\"set_group_bann\"]"), "channels.napcatqq.groups.1.tools",
         "did you mean set_group_ban?"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "settings"};
        struct config config = load(rows[i].settings);
        judge_settings(&config, NULL, &findings);
        CHECK_EQ(findings.count, 2);
        CHECK(is_told(&findings.items[1], rows[i].place));
        CHECK(is_told(&findings.items[1], rows[i].meant));
        findings_finish(&findings);
        config_finish(&config);
    }
}

TEST(only_the_account_that_is_asked_about_is_judged)
{
    struct findings findings = {.subject = "settings"};
    struct config config =
        load(CHANNEL("\"accounts\":{\"a\":{\"accessToken\":\"x\"},"
                     "\"b\":{\"accessToken\":\"y\",\"wsPath\":\"/b\"}}"));
    judge_settings(&config, "b", &findings);
    CHECK_EQ(findings.count, 2);
    CHECK_STR(findings.items[1].account, "b");
    findings_finish(&findings);
    config_finish(&config);
}

TEST(no_finding_tells_a_secret)
{
    struct findings findings = {.subject = "settings"};
    struct config config =
        load(CHANNEL("\"accessToken\":\"changeme\",\"wsHost\":\"0.0.0.0\""));
    judge_settings(&config, NULL, &findings);
    for (size_t i = 0; i < findings.count; i++)
        CHECK(!is_told(&findings.items[i], "changeme"));
    findings_finish(&findings);
    config_finish(&config);
}

TEST(files_with_secrets_are_for_the_bridge_alone)
{
    static const struct {
        const char *path;
        unsigned mode;
        const char *found;
    } rows[] = {
        {"/etc/onebus/onebus.json", 0100644, "warn:secret-readable"},
        {"/etc/onebus/onebus.json", 0100640, ""},
        {"/run/secrets/napcat", 0100444, ""},
        {"/home/me/token", 0100604, "warn:secret-readable"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "settings"};
        judge_secret_file(rows[i].path, rows[i].mode, &findings);
        check_found(&findings, rows[i].found, rows[i].path);
    }
}

TEST(where_secrets_were_found_is_known)
{
    struct config config = load(CHANNEL("\"accessToken\":\"written here\""));
    CHECK_EQ(config.secret_files.count, 1);
    CHECK_STR(config.secret_files.items[0], config.file);
    config_finish(&config);
    config = load("{}");
    CHECK_EQ(config.secret_files.count, 0);
    config_finish(&config);
}

TEST(faults_are_told_each)
{
    struct findings findings = {.subject = "settings"};
    struct config_faults faults = {0};
    config_faults_add(&faults, "a:1: b: c");
    config_faults_add(&faults, "a:2: b: c");
    judge_faults(&faults, &findings);
    CHECK_EQ(findings_of(&findings, FINDING_FAULT), 2);
    CHECK_STR(findings.items[0].seen, "a:1: b: c");
    findings_finish(&findings);
    config_faults_finish(&faults);
}

SUITE(judge_settings, settings_are_judged_beyond_their_faults,
      what_fits_nothing_is_told_with_its_place_and_what_may_be_meant,
      only_the_account_that_is_asked_about_is_judged, no_finding_tells_a_secret,
      files_with_secrets_are_for_the_bridge_alone,
      where_secrets_were_found_is_known, faults_are_told_each)
