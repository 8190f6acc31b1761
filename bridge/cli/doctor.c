/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <libwebsockets.h>
#include <nng/nng.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/exchange.h"
#include "cli/judge_nats.h"
#include "cli/judge_settings.h"
#include "cli/look_address.h"
#include "cli/look_bridge.h"
#include "cli/look_machine.h"
#include "cli/look_nats.h"
#include "cli/look_peer.h"
#include "cli/look_state.h"
#include "cli/report.h"
#include "cli/screen.h"
#include "config/shares.h"
#include "core/mp.h"

static const char COMMAND[] = "onebus doctor";

struct doctor_options {
    struct exchange_flags common;
    const char *account;
};

/* What the checks look at and leave for each other. */
struct checkup {
    const struct doctor_options *options;
    struct config config;
    bool has_settings;
    struct config_faults faults;
    struct look_bridge bridge;
    struct look_state state;
    struct findings findings;
};

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct doctor_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'a')
            options->account = optarg;
        else if (!exchange_take(&options->common, option, optarg))
            return option;
    }
    if (optind == argc)
        return 0;
    fprintf(stderr, "%s: takes no arguments, got %s\n", COMMAND, argv[optind]);
    return '?';
}

/* ---- the checks ---------------------------------------------------------- */

static bool is_running(const struct checkup *checkup)
{
    return look_bridge_is_running(&checkup->bridge);
}

static void check_secret_files(struct checkup *checkup)
{
    const struct field_list *files = &checkup->config.secret_files;
    struct stat status;
    for (size_t i = 0; i < files->count; i++)
        if (stat(files->items[i], &status) == 0)
            judge_secret_file(files->items[i], status.st_mode,
                              &checkup->findings);
}

static void check_shares(struct checkup *checkup)
{
    struct shares shares = {0};
    shares_read(checkup->config.media_paths, &shares);
    for (size_t i = 0; i < shares.count; i++)
        if (access(shares.items[i].from, F_OK) != 0)
            judge_missing_share(shares.items[i].from, &checkup->findings);
    shares_finish(&shares);
}

static void check_settings(struct checkup *checkup)
{
    if (!checkup->has_settings) {
        judge_faults(&checkup->faults, &checkup->findings);
        return;
    }
    judge_settings(&checkup->config, checkup->options->account,
                   &checkup->findings);
    check_secret_files(checkup);
    check_shares(checkup);
}

/* Faulty settings do not keep from asking a bridge that is named. */
static void check_bridge(struct checkup *checkup)
{
    const char *url = checkup->options->common.url;
    if (url == NULL && checkup->has_settings)
        url = checkup->config.action_urls.items[0];
    if (url != NULL)
        look_for_bridge(&checkup->bridge, url,
                        checkup->options->common.token_file,
                        &checkup->findings);
}

static void check_addresses(struct checkup *checkup)
{
    const struct look_address look = {
        .config = &checkup->config,
        .only = checkup->options->account,
        .is_running = is_running(checkup),
        .is_in_container = look_is_in_container(),
    };
    look_at_addresses(&look, &checkup->findings);
}

static bool skips(void *ctx, const char *account)
{
    const struct checkup *checkup = ctx;
    const char *only = checkup->options->account;
    return (only != NULL && strcmp(only, account) != 0) ||
           look_bridge_has_up(&checkup->bridge, account);
}

static void check_peers(struct checkup *checkup)
{
    const struct look_peer look = {
        .config = &checkup->config,
        .is_in_container = look_is_in_container(),
        .skips = skips,
        .ctx = checkup,
    };
    look_at_peers(&look, &checkup->findings);
}

static void check_accounts(struct checkup *checkup)
{
    look_at_accounts(&checkup->bridge, &checkup->config,
                     checkup->options->account, &checkup->findings);
}

static void check_rest(struct checkup *checkup)
{
    look_at_bridge(&checkup->bridge, &checkup->config, &checkup->findings);
}

/* Servers to which the bridge is connected need not be asked. */
static void check_nats(struct checkup *checkup)
{
    struct slice nats = {0};
    struct slice status = buffer_slice(&checkup->bridge.status);
    judge_nats_settings(&checkup->config, &checkup->findings);
    judge_nats_state(&checkup->config, status, &checkup->findings);
    (void)mp_find(status, "nats", &nats);
    if (answer_text(nats, "server").size == 0)
        look_at_nats(&checkup->config, &checkup->findings);
}

static void check_state(struct checkup *checkup)
{
    look_at_state(&checkup->config, is_running(checkup), &checkup->state,
                  &checkup->findings);
}

static void check_clock(struct checkup *checkup)
{
    int64_t newest_ms = look_bridge_newest(&checkup->bridge);
    look_at_clock(newest_ms == 0 ? checkup->state.newest_ms : newest_ms,
                  &checkup->findings);
}

static void check_limits(struct checkup *checkup)
{
    look_at_limits(checkup->has_settings ? &checkup->config : NULL,
                   is_running(checkup) ? checkup->state.holder.pid : 0,
                   &checkup->findings);
}

static void check_libraries(struct checkup *checkup)
{
    findings_add(&checkup->findings, FINDING_OK, "libraries", NULL,
                 "onebus %s, libwebsockets %s, NNG %s, SQLite %s",
                 ONEBUS_VERSION, lws_get_library_version(), nng_version(),
                 sqlite3_libversion());
}

static const struct check {
    const char *subject;
    bool needs_settings;
    void (*run)(struct checkup *checkup);
} CHECKS[] = {
    {"settings", false, check_settings},
    {"bridge", false, check_bridge},
    {"accounts", true, check_accounts},
    {"bridge", true, check_rest},
    {"addresses", true, check_addresses},
    {"peers", true, check_peers},
    {"nats", true, check_nats},
    {"state", true, check_state},
    {"clock", false, check_clock},
    {"limits", false, check_limits},
    {"libraries", false, check_libraries},
};

/* ---- the whole ----------------------------------------------------------- */

static void print(const struct checkup *checkup)
{
    const struct report report = {
        .findings = &checkup->findings,
        .version = ONEBUS_VERSION,
        .file = checkup->config.file,
        .are_settings_usable = checkup->has_settings,
        .is_running = is_running(checkup),
    };
    const struct surface surface = screen_surface();
    struct buffer text = {0};
    if (checkup->options->common.json) {
        report_append_json(&report, &text);
        (void)cli_print(buffer_slice(&text));
    } else {
        report_append_text(&report, &surface, &text);
        fwrite(text.data, 1, text.size, stdout);
    }
    buffer_finish(&text);
}

static int exit_of(const struct checkup *checkup)
{
    if (!checkup->has_settings)
        return EXIT_SETTINGS;
    return findings_of(&checkup->findings, FINDING_FAULT) == 0 ? EXIT_OK
                                                               : EXIT_FAILED;
}

static bool has_account(const struct checkup *checkup)
{
    const char *name = checkup->options->account;
    const struct config *config = &checkup->config;
    if (name == NULL || !checkup->has_settings)
        return true;
    for (size_t i = 0; i < config->account_count; i++)
        if (strcmp(config->accounts[i].key, name) == 0)
            return true;
    fprintf(stderr,
            "%s: --account %s: no such account is enabled; there are:", COMMAND,
            name);
    for (size_t i = 0; i < config->account_count; i++)
        fprintf(stderr, " %s", config->accounts[i].key);
    fputs("\n", stderr);
    return false;
}

static int examine(struct checkup *checkup)
{
    if (!has_account(checkup))
        return EXIT_USAGE;
    for (size_t i = 0; i < sizeof(CHECKS) / sizeof(CHECKS[0]); i++) {
        checkup->findings.subject = CHECKS[i].subject;
        if (checkup->has_settings || !CHECKS[i].needs_settings)
            CHECKS[i].run(checkup);
    }
    print(checkup);
    return exit_of(checkup);
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct doctor_options options = {0};
    struct checkup checkup = {.options = &options};
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    /* A name server that does not answer must not hold it up. */
    (void)setenv("RES_OPTIONS", "timeout:1 attempts:1", 0);
    checkup.has_settings = flags_read(&options.common.flags, &checkup.config,
                                      &checkup.faults) == STATUS_OK;
    int exit = examine(&checkup);
    look_bridge_finish(&checkup.bridge);
    findings_finish(&checkup.findings);
    config_faults_finish(&checkup.faults);
    config_finish(&checkup.config);
    return exit;
}

const struct cli_command CLI_DOCTOR = {
    .name = "doctor",
    .summary = "say why a peer cannot connect, or why it is silent",
    .arguments = "[OPTION…]",
    .about =
        "Look for what keeps the bridge from its work: settings, ports and "
        "who\n"
        "has them, peers that are dialled, NATS, the state folder, disk and "
        "journal,\n"
        "clock and limits; and, if a bridge runs, what it has seen: who was\n"
        "refused and why, QQ offline, messages that nobody is let to hear.\n"
        "Each finding comes with its remedy. Nothing is changed, and no "
        "secret\n"
        "printed.\n"
        "\n"
        "Exits with 0, with 1 if there is a fault, with 78 if the settings\n"
        "cannot be used.\n",
    .examples = "onebus doctor --account bot1\n"
                "onebus doctor --json | jq '.findings[] | "
                "select(.severity == \"fault\")'\n",
    .options =
        (const struct cli_option[]){
            {"account", "NAME", "of this account alone", 'a'},
            {"json", NULL, "print what was found as a line of JSON", 'j'},
            {"url", "URL",
             "the bridge's action socket (default: the first of "
             "bridge.actions)",
             'u'},
            TOKEN_OPTION,
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
