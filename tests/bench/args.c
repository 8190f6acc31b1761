/* SPDX-License-Identifier: MIT */
#include "args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_usage(FILE *to, const char *program, const struct arg *args)
{
    fprintf(to, "usage: %s [options]\n", program);
    for (; args->name != NULL; args++)
        fprintf(to, "  --%-12s %-6s %s\n", args->name,
                args->flag != NULL     ? ""
                : args->number != NULL ? "NUMBER"
                                       : "TEXT",
                args->help);
}

static _Noreturn void refuse(char **argv, const struct arg *args,
                             const char *what, const char *word)
{
    fprintf(stderr, "%s: %s: %s\n", argv[0], what, word);
    print_usage(stderr, argv[0], args);
    exit(2);
}

static const struct arg *find(const struct arg *args, const char *word)
{
    if (strncmp(word, "--", 2) != 0)
        return NULL;
    for (; args->name != NULL; args++)
        if (strcmp(args->name, word + 2) == 0)
            return args;
    return NULL;
}

static bool read_number(const char *word, unsigned long *number)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(word, &end, 10);
    /* strtoul() would take a sign and turn -1 into the greatest number. */
    if (errno != 0 || end == word || *end != '\0' || word[0] == '-')
        return false;
    *number = value;
    return true;
}

void args_read(int argc, char **argv, const struct arg *args)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_usage(stdout, argv[0], args);
            exit(0);
        }
        const struct arg *arg = find(args, argv[i]);
        if (arg == NULL)
            refuse(argv, args, "unknown option", argv[i]);
        if (arg->flag != NULL) {
            *arg->flag = true;
            continue;
        }
        if (++i == argc)
            refuse(argv, args, "value missing", argv[i - 1]);
        if (arg->text != NULL)
            *arg->text = argv[i];
        else if (!read_number(argv[i], arg->number))
            refuse(argv, args, "not a number", argv[i]);
    }
}
