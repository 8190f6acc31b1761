/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/quantity.h"

/* What NNG and libcurl can wait: three weeks. */
enum { TIME_MS_MAX = INT32_MAX };

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

long cli_number(const char *option, const char *text, long least)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno == 0 && *text != '\0' && *end == '\0' && number >= least)
        return number;
    fprintf(stderr, "onebus: %s %s: allowed: a whole number from %ld on\n",
            option, text, least);
    return -1;
}

long cli_time(const char *option, const char *text)
{
    int64_t ms;
    if (quantity_parse_time(text, &ms) && ms > 0 && ms <= TIME_MS_MAX)
        return (long)ms;
    fprintf(stderr, "onebus: %s %s: allowed: a time, as 500ms, 5s or 2m\n",
            option, text);
    return -1;
}
