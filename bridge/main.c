/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>

#include "base/nearmiss.h"
#include "cli/cli.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "cli/usage.h"
#include "run.h"

#define COMMANDS(...)                                                          \
    (const struct cli_command *const[])                                        \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }

static int help(const struct cli_command *command, int argc, char **argv);
static int complete(const struct cli_command *command, int argc, char **argv);

static const struct cli_command CLI_HELP = {
    .name = "help",
    .summary = "explain a command",
    .arguments = "[COMMAND]\n--man\n",
    .about = "Print what commands there are, or all there is to say of one.\n",
    .words = CLI_ANY_COMMAND,
    .options =
        (const struct cli_option[]){
            {"man", NULL, "print the manual page, for man -l -", 'm'},
            {0},
        },
    .run = help,
};

static const struct cli_command CLI_COMPLETION = {
    .name = "completion",
    .summary = "print what completes commands in a shell",
    .arguments = "bash|zsh|fish",
    .about =
        "Print the script with which the shell completes commands and "
        "options.\n"
        "An installed onebus has it where the shells look for it. Without:\n"
        "for bash, in ~/.bashrc, the first of these; for zsh, in ~/.zshrc\n"
        "behind compinit, the second; for fish the third, once.\n",
    .words = COMPLETION_SHELLS,
    .examples =
        "source <(onebus completion bash)\n"
        "source <(onebus completion zsh)\n"
        "onebus completion fish >~/.config/fish/completions/onebus.fish\n",
    .options =
        (const struct cli_option[]){
            {0},
        },
    .run = complete,
};

static const struct cli_section SECTIONS[] = {
    {"Run it:", COMMANDS(&CLI_RUN, &CLI_CHECK, &CLI_NAPCAT_CONFIG)},
    {"See how it is:", COMMANDS(&CLI_STATUS, &CLI_DOCTOR, &CLI_WHY, &CLI_LOG,
                                &CLI_HEALTH, &CLI_CONSOLE)},
    {"Events and actions:",
     COMMANDS(&CLI_LISTEN, &CLI_REPLAY, &CLI_SEND, &CLI_CALL, &CLI_PAIRING)},
    {"The rest:", COMMANDS(&CLI_HELP, &CLI_COMPLETION, &CLI_VERSION)},
    {0},
};

static int print(void (*append)(const struct cli_section *sections,
                                struct buffer *out),
                 FILE *stream)
{
    struct buffer text = {0};
    append(SECTIONS, &text);
    fwrite(text.data, 1, text.size, stream);
    buffer_finish(&text);
    return EXIT_OK;
}

/* ---- help ---------------------------------------------------------------- */

static int refuse(const char *name)
{
    struct nearmiss miss = nearmiss_of(slice_of(name));
    char hint[NEARMISS_HINT_SIZE];
    for (const struct cli_section *section = SECTIONS; section->title != NULL;
         section++)
        for (size_t i = 0; section->commands[i] != NULL; i++)
            nearmiss_offer(&miss, slice_of(section->commands[i]->name));
    nearmiss_hint(&miss, hint);
    fprintf(stderr, "onebus: %.80s is no command%s\n", name, hint);
    if (hint[0] == '\0') {
        fputc('\n', stderr);
        print(usage_append_all, stderr);
    }
    return EXIT_USAGE;
}

static int help(const struct cli_command *command, int argc, char **argv)
{
    bool is_manual = false;
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option != 'm')
            return cli_end(command, option);
        is_manual = true;
    }
    if (argc - optind > (is_manual ? 0 : 1)) {
        fprintf(stderr, "onebus help: one command at most, got %.80s\n",
                argv[argc - 1]);
        return cli_misuse(command);
    }
    if (optind == argc)
        return print(is_manual ? manual_append : usage_append_all, stdout);
    const struct cli_command *about = cli_find(SECTIONS, argv[optind]);
    return about == NULL ? refuse(argv[optind]) : cli_help(about);
}

/* ---- completion ---------------------------------------------------------- */

static int complete(const struct cli_command *command, int argc, char **argv)
{
    struct buffer text = {0};
    int option = cli_next(command, argc, argv);
    if (option != -1)
        return cli_end(command, option);
    if (argc - optind != 1 || !cli_has_word(COMPLETION_SHELLS, argv[optind])) {
        fprintf(stderr,
                "onebus completion: wants bash, zsh or fish, got %.80s\n",
                optind == argc ? "nothing" : argv[argc - 1]);
        return cli_misuse(command);
    }
    completion_append(argv[optind], SECTIONS, &text);
    fwrite(text.data, 1, text.size, stdout);
    buffer_finish(&text);
    return EXIT_OK;
}

/* ---- which command ------------------------------------------------------- */

int main(int argc, char **argv)
{
    const char *name = argc < 2 ? NULL : argv[1];
    if (name != NULL && strcmp(name, "--help") == 0)
        return print(usage_append_all, stdout);
    if (name != NULL && strcmp(name, "--version") == 0)
        name = CLI_VERSION.name;
    if (name == NULL || name[0] == '-')
        return CLI_RUN.run(&CLI_RUN, argc, argv);
    const struct cli_command *command = cli_find(SECTIONS, name);
    if (command == NULL)
        return refuse(name);
    return command->run(command, argc - 1, argv + 1);
}
