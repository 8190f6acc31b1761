/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/unmatched.h"
#include "core/pack.h"

struct check_options {
    struct flags flags;
    bool print;
    bool json;
};

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct check_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'p')
            options->print = true;
        else if (option == 'j')
            options->json = true;
        else if (!flags_take(&options->flags, option, optarg))
            return option;
    }
    if (optind < argc) {
        fprintf(stderr,
                "onebus check: takes no arguments, got %s (a file is named "
                "with --config)\n",
                argv[optind]);
        return '?';
    }
    if (!options->print || !options->json)
        return 0;
    fprintf(stderr, "onebus check: --print is JSON by itself: allowed: --print "
                    "or --json\n");
    return '?';
}

/* ---- as JSON ------------------------------------------------------------- */

static void pack_messages(struct msgpack_packer *packer, const char *key,
                          const struct config_faults *messages)
{
    pack_string(packer, key);
    msgpack_pack_array(packer, messages->count);
    for (size_t i = 0; i < messages->count; i++)
        pack_prose(packer, messages->messages[i]);
}

static void pack_accounts(struct msgpack_packer *packer,
                          const struct config *config)
{
    pack_string(packer, "accounts");
    msgpack_pack_array(packer, config->account_count);
    for (size_t i = 0; i < config->account_count; i++)
        pack_prose(packer, config->accounts[i].key);
}

static void add_note(void *ctx, const char *line)
{
    config_faults_add(ctx, "%s", line);
}

/* With faults there are no settings: `config` is all zero. */
static int print_json(struct config *config, const struct config_faults *faults)
{
    struct buffer pack = {0};
    struct msgpack_packer packer = pack_into(&pack);
    unmatched_each(config, add_note, &config->notes);
    msgpack_pack_map(&packer, 6);
    pack_flag(&packer, "ok", faults->count == 0);
    pack_string(&packer, "file");
    if (config->file == NULL)
        msgpack_pack_nil(&packer);
    else
        pack_prose(&packer, config->file);
    pack_accounts(&packer, config);
    pack_messages(&packer, "faults", faults);
    pack_number(&packer, "more_faults", faults->dropped);
    pack_messages(&packer, "notes", &config->notes);
    answer_print_json(buffer_slice(&pack));
    buffer_finish(&pack);
    return faults->count == 0 ? EXIT_OK : EXIT_SETTINGS;
}

static int check_as_json(const struct flags *flags)
{
    struct config config = {0};
    struct config_faults faults = {0};
    if (flags_read(flags, &config, &faults) != STATUS_OK)
        config = (struct config){0};
    int exit = print_json(&config, &faults);
    config_faults_finish(&faults);
    config_finish(&config);
    return exit;
}

/* ---- for people ---------------------------------------------------------- */

static void print_note(void *ctx, const char *line)
{
    (void)ctx;
    fprintf(stderr, "note: %s\n", line);
}

static int show(const struct config *config, bool print)
{
    struct buffer text = {0};
    if (print) {
        config_print(config, &text);
        fwrite(text.data, 1, text.size, stdout);
    } else {
        printf("%s: fine, %zu account%s\n",
               config->file == NULL ? "no file, the defaults" : config->file,
               config->account_count, config->account_count == 1 ? "" : "s");
    }
    for (size_t i = 0; i < config->notes.count; i++)
        print_note(NULL, config->notes.messages[i]);
    unmatched_each(config, print_note, NULL);
    buffer_finish(&text);
    return EXIT_OK;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct check_options options = {0};
    struct config config;
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    if (options.json)
        return check_as_json(&options.flags);
    if (!flags_load(&options.flags, &config))
        return EXIT_SETTINGS;
    int exit = show(&config, options.print);
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_CHECK = {
    .name = "check",
    .summary = "check the settings and print every fault",
    .arguments = "[OPTION…]",
    .about = "Check the settings: the file, the environment and --set. Prints\n"
             "every fault, not the first; exits with 0 or 78.\n",
    .options =
        (const struct cli_option[]){
            {"print", NULL, "print the settings in effect, secrets as \"***\"",
             'p'},
            {"json", NULL, "print what was found as a line of JSON", 'j'},
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
