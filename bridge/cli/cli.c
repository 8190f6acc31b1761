/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <stdio.h>

int cli_help(const struct cli_command *command)
{
    fputs(command->usage, stdout);
    return EXIT_OK;
}

int cli_misuse(const struct cli_command *command)
{
    fprintf(stderr, "See: onebus %s --help\n", command->name);
    return EXIT_USAGE;
}

bool cli_print(struct slice text)
{
    return fwrite(text.data, 1, text.size, stdout) == text.size &&
           fputc('\n', stdout) != EOF && fflush(stdout) == 0;
}
