/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/nearmiss.h"
#include "cli/usage.h"
#include "config/quantity.h"

enum {
    TIME_MS_MAX = INT32_MAX, /* what NNG and libcurl can wait: three weeks */
    SHOWN_BYTES_MAX = 80,    /* the beginning of an endless word is enough */
};

const struct cli_command *cli_find(const struct cli_section *sections,
                                   const char *name)
{
    for (; sections->title != NULL; sections++)
        for (size_t i = 0; sections->commands[i] != NULL; i++)
            if (strcmp(sections->commands[i]->name, name) == 0)
                return sections->commands[i];
    return NULL;
}

/* ---- options ------------------------------------------------------------- */

static size_t fill(const struct cli_option *options,
                   struct option known[CLI_OPTIONS_MAX + 2])
{
    size_t count = 0;
    known[count++] = (struct option){"help", no_argument, NULL, 'h'};
    for (; options->name != NULL; options++) {
        assert(count <= CLI_OPTIONS_MAX);
        known[count++] = (struct option){
            .name = options->name,
            .has_arg = options->value == NULL     ? no_argument
                       : options->value[0] == '[' ? optional_argument
                                                  : required_argument,
            .val = options->key,
        };
    }
    known[count] = (struct option){0};
    return count;
}

/* What they typed before its value, without the dashes. */
static struct slice typed_name(const char *word)
{
    word += strspn(word, "-");
    return (struct slice){word, strcspn(word, "=")};
}

static bool begins_with(const char *name, struct slice typed)
{
    return typed.size > 0 && strncmp(name, typed.data, typed.size) == 0;
}

static int complain(const struct cli_command *command, struct slice typed,
                    const char *what)
{
    size_t size = typed.size < SHOWN_BYTES_MAX ? typed.size : SHOWN_BYTES_MAX;
    fprintf(stderr, "onebus %s: --%.*s %s\n", command->name, (int)size,
            typed.data, what);
    return '?';
}

static int complain_unknown(const struct cli_command *command,
                            const struct option *known, struct slice typed)
{
    struct nearmiss miss = nearmiss_of(typed);
    char what[NEARMISS_HINT_SIZE] = "is no option";
    size_t begun = 0;
    for (; known->name != NULL; known++) {
        nearmiss_offer(&miss, slice_of(known->name));
        begun += begins_with(known->name, typed);
    }
    if (begun > 1)
        return complain(command, typed, "is short for several options");
    if (miss.best.size > 0)
        snprintf(what, sizeof(what), "is no option, did you mean --%.*s?",
                 (int)miss.best.size, miss.best.data);
    return complain(command, typed, what);
}

static const struct cli_option *option_of(const struct cli_command *command,
                                          int key)
{
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++)
        if (option->key == key)
            return option;
    return NULL;
}

static int complain_value(const struct cli_command *command, int key,
                          const char *what)
{
    const struct cli_option *option = option_of(command, key);
    const char *name = option == NULL ? "help" : option->name;
    char text[64];
    snprintf(text, sizeof(text), "%s%s", what,
             option != NULL && option->value != NULL ? option->value : "");
    return complain(command, slice_of(name), text);
}

int cli_next(const struct cli_command *command, int argc, char **argv)
{
    struct option known[CLI_OPTIONS_MAX + 2];
    fill(command->options, known);
    opterr = 0;
    int key = getopt_long(argc, argv, ":", known, NULL);
    if (key == ':')
        return complain_value(command, optopt, "wants a value: ");
    if (key != '?')
        return key;
    const char *word = argv[optind - 1];
    if (strncmp(word, "--", 2) != 0)
        fprintf(stderr, "onebus %s: there is no -%c; options have two dashes\n",
                command->name, optopt);
    else if (optopt != 0)
        complain_value(command, optopt, "takes no value");
    else
        complain_unknown(command, known, typed_name(word));
    return '?';
}

/* ---- choices ------------------------------------------------------------- */

void cli_each_word(const char *choice,
                   void (*on_word)(void *ctx, struct slice word), void *ctx)
{
    for (;;) {
        size_t size = strcspn(choice, "|");
        on_word(ctx, (struct slice){choice, size});
        if (choice[size] == '\0')
            return;
        choice += size + 1;
    }
}

struct look {
    const char *word;
    bool is_there;
};

static void look_at(void *ctx, struct slice word)
{
    struct look *look = ctx;
    look->is_there = look->is_there || slice_equals(word, look->word);
}

bool cli_has_word(const char *choice, const char *word)
{
    struct look look = {.word = word};
    cli_each_word(choice, look_at, &look);
    return look.is_there;
}

/* ---- what is said -------------------------------------------------------- */

int cli_help(const struct cli_command *command)
{
    struct buffer text = {0};
    usage_append(command, &text);
    fwrite(text.data, 1, text.size, stdout);
    buffer_finish(&text);
    return EXIT_OK;
}

int cli_misuse(const struct cli_command *command)
{
    fprintf(stderr, "See: onebus %s --help\n", command->name);
    return EXIT_USAGE;
}

int cli_end(const struct cli_command *command, int option)
{
    return option == 'h' ? cli_help(command) : cli_misuse(command);
}

bool cli_print(struct slice text)
{
    return fwrite(text.data, 1, text.size, stdout) == text.size &&
           fputc('\n', stdout) != EOF && fflush(stdout) == 0;
}

/* ---- values -------------------------------------------------------------- */

long cli_number(const char *option, const char *text, long least)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno == 0 && *text != '\0' && *end == '\0' && number >= least)
        return number;
    fprintf(stderr, "onebus: %s %.*s: allowed: a whole number from %ld on\n",
            option, SHOWN_BYTES_MAX, text, least);
    return -1;
}

long cli_time(const char *option, const char *text)
{
    int64_t ms;
    if (quantity_parse_time(text, &ms) && ms > 0 && ms <= TIME_MS_MAX)
        return (long)ms;
    fprintf(stderr, "onebus: %s %.*s: allowed: a time, as 500ms, 5s or 2m\n",
            option, SHOWN_BYTES_MAX, text);
    return -1;
}
