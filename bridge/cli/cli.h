/* SPDX-License-Identifier: MIT */
/* The command line: `onebus COMMAND [OPTION…] [ARGUMENT…]`.
 *
 * A command is a row of data and one function. The data tells all there is to
 * tell of it: its --help (usage.h), its part of the manual (manual.h) and of
 * the shells' completions (completion.h) are made from it, and its options are
 * taken with it (cli_next()), so that none of them can say what is not so. */
#ifndef ONEBUS_CLI_H
#define ONEBUS_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum exit_status {
    EXIT_OK = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SETTINGS = 78, /* sysexits.h: EX_CONFIG */
};

/* --name, or --name VALUE. */
struct cli_option {
    const char *name;
    /* What its value is called: "FILE", "TIME"; "a|b" is a choice; "[TIME]" may
     * be left out, and is behind a "=". NULL: it takes none. */
    const char *value;
    const char *help; /* no line feeds */
    int key;          /* what cli_next() gives; not 'h', which is --help */
};

enum { CLI_OPTIONS_MAX = 32 };

struct cli_command {
    const char *name;
    const char *summary;   /* one line */
    const char *arguments; /* "[PATTERN…]"; a line for each way to call it */
    const char *about;     /* paragraphs, broken into lines */
    /* What the first argument can be: "a|b", CLI_ANY_COMMAND; NULL: anything.
     */
    const char *words;
    const char *examples;             /* a line each; NULL: none */
    const struct cli_option *options; /* up to one without a name */
    /* Gets its own arguments, argv[0] being its name; gives the exit status:
     * 0 ok, 1 failed, 2 usage, 78 settings. */
    int (*run)(const struct cli_command *command, int argc, char **argv);
};

/* The command that is run when none is named. */
#define CLI_DEFAULT "run"

#define CLI_ANY_COMMAND "*"

/* Commands that belong together; both lists end in NULL. */
struct cli_section {
    const char *title;
    const struct cli_command *const *commands;
};

extern const struct cli_command CLI_CALL;
extern const struct cli_command CLI_CHECK;
extern const struct cli_command CLI_CONSOLE;
extern const struct cli_command CLI_DOCTOR;
extern const struct cli_command CLI_HEALTH;
extern const struct cli_command CLI_LISTEN;
extern const struct cli_command CLI_LOG;
extern const struct cli_command CLI_NAPCAT_CONFIG;
extern const struct cli_command CLI_PAIRING;
extern const struct cli_command CLI_REPLAY;
extern const struct cli_command CLI_SEND;
extern const struct cli_command CLI_STATUS;
extern const struct cli_command CLI_VERSION;
extern const struct cli_command CLI_WHY;

/* The command of that name; NULL: there is none. */
const struct cli_command *cli_find(const struct cli_section *sections,
                                   const char *name);

/* The key of the next option, with its value in `optarg`; 'h' for --help; -1
 * at the end, where `optind` is the first argument. '?', with a line on stderr:
 * it has no such option, or that option is used wrongly. */
int cli_next(const struct cli_command *command, int argc, char **argv);

/* Of a choice, "a|b|c", call `on_word` for each. */
void cli_each_word(const char *choice,
                   void (*on_word)(void *ctx, struct slice word), void *ctx);

/* Is `word` one of them? */
bool cli_has_word(const char *choice, const char *word);

/* Print the usage to stdout. EXIT_OK, for it was asked for. */
int cli_help(const struct cli_command *command);

/* Say on stderr where the usage is. EXIT_USAGE. */
int cli_misuse(const struct cli_command *command);

/* The one or the other, for an option that is 'h' or wrong. */
int cli_end(const struct cli_command *command, int option);

/* The number in `text`; -1, with a line on stderr that names `option`, if it
 * is no whole number from `least` on. */
long cli_number(const char *option, const char *text, long least);

/* The ms in `text`, 1500 or "30s"; -1, with a line on stderr that names
 * `option`, if it is no time, or none. */
long cli_time(const char *option, const char *text);

/* Print `text` and a line feed to stdout at once. False: nobody reads. */
bool cli_print(struct slice text);

#endif
