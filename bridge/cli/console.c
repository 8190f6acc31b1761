/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/remote.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus console";

enum {
    TOKEN_BYTES_MAX = 128,
    PATH_SIZE = 4096,
};

struct console_options {
    struct flags flags;
    bool json;
};

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct console_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'j')
            options->json = true;
        else if (!flags_take(&options->flags, option, optarg))
            return option;
    }
    if (optind == argc)
        return 0;
    fprintf(stderr, "%s: takes no arguments, got %s\n", COMMAND, argv[optind]);
    return '?';
}

/* ---- the token ------------------------------------------------------------
 */

static void complain(const char *path, int error)
{
    const char *what =
        error == ENOENT
            ? "the bridge makes it when it starts: is it running (onebus run), "
              "and with the same stateDir?"
        : error == EACCES
            ? "only the bridge's own user can read it: run this as that user"
            : "it should hold one line, the token; remove it, and the bridge "
              "makes another when it starts";
    fprintf(stderr, "%s: no token: %s: %s; %s\n", COMMAND, path,
            strerror(error), what);
}

/* As the bridge makes them; anything else has no place in an address. */
static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                   "XYZ-_",
                   text.data[i]) == NULL ||
            text.data[i] == '\0')
            return false;
    return text.size > 0;
}

static bool read_token(const struct config *config, struct buffer *token)
{
    char path[PATH_SIZE];
    if (config->state_dir == NULL) {
        fprintf(stderr,
                "%s: no token: there is no place for it: set "
                "bridge.stateDir\n",
                COMMAND);
        return false;
    }
    snprintf(path, sizeof(path), "%s/console-token", config->state_dir);
    int error = file_read(path, TOKEN_BYTES_MAX, token);
    if (token->size > 0 && token->data[token->size - 1] == '\n')
        token->size--;
    if (error == 0 && !is_token(buffer_slice(token)))
        error = EINVAL;
    if (error == 0)
        return true;
    complain(path, error);
    token->size = 0;
    return false;
}

/* ---- the address ----------------------------------------------------------
 */

static int print(const struct console_options *options, const char *base,
                 struct slice token)
{
    struct buffer text = {0};
    struct buffer pack = {0};
    struct msgpack_packer packer = pack_into(&pack);
    buffer_append_string(&text, base);
    buffer_append_string(&text, token.size > 0 ? "/#token=" : "/");
    buffer_append(&text, token.data, token.size);
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "url");
    pack_text(&packer, buffer_slice(&text));
    if (options->json)
        answer_print_json(buffer_slice(&pack));
    else
        cli_print(buffer_slice(&text));
    buffer_finish(&text);
    buffer_finish(&pack);
    return EXIT_OK;
}

/* With grants there is no token of the console's own. */
static int print_address(const struct console_options *options,
                         const struct config *config, const char *base)
{
    struct buffer token = {0};
    bool has_token = config->grant_count > 0 || read_token(config, &token);
    int exit = print(options, base, buffer_slice(&token));
    if (config->grant_count > 0)
        fprintf(stderr, "It asks for the token of a grant (bridge.grants).\n");
    buffer_finish(&token);
    return has_token ? exit : EXIT_FAILED;
}

static int find_address(const struct console_options *options,
                        const struct config *config)
{
    char listens[REMOTE_URL_SIZE];
    char base[REMOTE_URL_SIZE];
    if (config->http == NULL || config->http[0] == '\0') {
        fprintf(stderr,
                "%s: bridge.http is \"\", so there is no console: set it to an "
                "address, as 127.0.0.1:7712\n",
                COMMAND);
        return EXIT_SETTINGS;
    }
    snprintf(listens, sizeof(listens), "http://%s", config->http);
    if (!remote_url(listens, "bridge.http", base))
        return EXIT_FAILED;
    return print_address(options, config, base);
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct console_options options = {0};
    struct config config;
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    if (!flags_load(&options.flags, &config))
        return EXIT_SETTINGS;
    int exit = find_address(&options, &config);
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_CONSOLE = {
    .name = "console",
    .summary = "print the address of the console in the browser",
    .arguments = "[OPTION…]",
    .about =
        "Print the address of the bridge's console, to be opened in a browser\n"
        "on this machine. Its token is in it, behind the #, which no browser\n"
        "sends anywhere. With grants (bridge.grants) the page asks for the\n"
        "token of one instead.\n",
    .examples = "xdg-open \"$(onebus console)\"\n",
    .options =
        (const struct cli_option[]){
            {"json", NULL, "print it as a line of JSON", 'j'},
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
