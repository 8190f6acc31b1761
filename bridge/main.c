/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/nearmiss.h"
#include "cli/cli.h"
#include "cli/usage.h"
#include "run.h"

#define COMMANDS(...)                                                          \
    (const struct cli_command *const[])                                        \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }

static int help(const struct cli_command *command, int argc, char **argv);

static const struct cli_command CLI_HELP = {
    .name = "help",
    .summary = "explain a command",
    .arguments = "[COMMAND]",
    .about = "Print what commands there are, or all there is to say of one.\n",
    .options =
        (const struct cli_option[]){
            {0},
        },
    .run = help,
};

static const struct cli_section SECTIONS[] = {
    {"Run it:", COMMANDS(&CLI_RUN, &CLI_CHECK, &CLI_NAPCAT_CONFIG)},
    {"See how it is:",
     COMMANDS(&CLI_STATUS, &CLI_DOCTOR, &CLI_WHY, &CLI_HEALTH, &CLI_CONSOLE)},
    {"Events and actions:",
     COMMANDS(&CLI_LISTEN, &CLI_REPLAY, &CLI_SEND, &CLI_CALL, &CLI_PAIRING)},
    {"The rest:", COMMANDS(&CLI_HELP, &CLI_VERSION)},
    {0},
};

/* ---- help ---------------------------------------------------------------- */

static int print_all(FILE *stream)
{
    struct buffer text = {0};
    usage_append_all(SECTIONS, &text);
    fwrite(text.data, 1, text.size, stream);
    buffer_finish(&text);
    return EXIT_OK;
}

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
        print_all(stderr);
    }
    return EXIT_USAGE;
}

static int help(const struct cli_command *command, int argc, char **argv)
{
    const struct cli_command *about = NULL;
    if (argc == 1)
        return print_all(stdout);
    if (strcmp(argv[1], "--help") == 0)
        return cli_help(command);
    if (argc > 2 || argv[1][0] == '-') {
        fprintf(stderr, "onebus help: takes the name of a command, got %s\n",
                argv[argc - 1]);
        return cli_misuse(command);
    }
    about = cli_find(SECTIONS, argv[1]);
    return about == NULL ? refuse(argv[1]) : cli_help(about);
}

/* ---- which command ------------------------------------------------------- */

int main(int argc, char **argv)
{
    const char *name = argc < 2 ? NULL : argv[1];
    if (name != NULL && strcmp(name, "--help") == 0)
        return print_all(stdout);
    if (name != NULL && strcmp(name, "--version") == 0)
        name = CLI_VERSION.name;
    if (name == NULL || name[0] == '-')
        return CLI_RUN.run(&CLI_RUN, argc, argv);
    const struct cli_command *command = cli_find(SECTIONS, name);
    if (command == NULL)
        return refuse(name);
    return command->run(command, argc - 1, argv + 1);
}
