/* SPDX-License-Identifier: MIT */
#include "manual.h"

#include "cli/cli.h"
#include "cli/usage.h"
#include "cli/width.h"

enum { COLUMNS = 78 };

/* Of what is written here; the rest is as old as the program. */
#define DATE "2026-11-28"

static const char HEAD[] =
    ".TH ONEBUS 1 " DATE " \"onebus " ONEBUS_VERSION "\"\n"
    ".SH NAME\n"
    "onebus \\- put QQ bots on a message bus\n"
    ".SH SYNOPSIS\n"
    ".B onebus\n"
    "[\\fICOMMAND\\fR] [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
    ".SH DESCRIPTION\n"
    "NapCatQQ, or any other implementation of OneBot 11, connects to\n"
    ".B onebus\n"
    "by WebSocket. Each event comes out as a MessagePack message on a topic "
    "of\n"
    "an NNG publisher, and actions that are sent to an NNG request socket "
    "reach\n"
    "QQ and come back with a verdict.\n"
    ".PP\n"
    "Without a command the bridge is run. The other commands check its\n"
    "settings, or find the running bridge by them and ask it.\n"
    ".SH COMMANDS\n";

static const char TAIL[] =
    ".SH ENVIRONMENT\n"
    ".TP\n"
    ".B ONEBUS_CONFIG\n"
    "the settings file, if\n"
    ".B \\-\\-config\n"
    "names none\n"
    ".TP\n"
    ".B ONEBUS_BRIDGE_LOG_LEVEL\n"
    "and the like: any setting, by its path in capitals; wins over the file\n"
    ".TP\n"
    ".BR ONEBUS_TOKEN , \" ONEBUS_TOKEN_FILE\"\n"
    "the token of a grant, or the file that holds it\n"
    ".TP\n"
    ".B STATE_DIRECTORY\n"
    "where the bridge keeps its journal, unless bridge.stateDir says so; else\n"
    "it is onebus in\n"
    ".B XDG_STATE_HOME\n"
    "or in ~/.local/state\n"
    ".TP\n"
    ".B NO_COLOR\n"
    "if it is set and not empty, terminals are shown no colours\n"
    ".SH FILES\n"
    ".TP\n"
    ".I ./onebus.json\n"
    ".TQ\n"
    ".I ~/.config/onebus/onebus.json\n"
    ".TQ\n"
    ".I /etc/onebus/onebus.json\n"
    "the settings: the first of these that is there\n"
    ".TP\n"
    ".I journal.db\n"
    "in bridge.stateDir: every event of the last days\n"
    ".TP\n"
    ".I console\\-token\n"
    "beside it: the token with which the console may act\n"
    ".SH EXIT STATUS\n"
    ".TP\n"
    ".B 0\n"
    "all is well\n"
    ".TP\n"
    ".B 1\n"
    "it failed: there is no bridge, or it said no\n"
    ".TP\n"
    ".B 2\n"
    "the command line is not right\n"
    ".TP\n"
    ".B 78\n"
    "the settings are not right\n";

/* What many commands have is told once. */
static const char *const COMMON[] = {"config", "set", "token-file", "url"};

enum { COMMON_COUNT = sizeof(COMMON) / sizeof(COMMON[0]) };

static void append(struct buffer *out, const char *text)
{
    buffer_append_string(out, text);
}

/* ---- text for troff -------------------------------------------------------
 */

/* A dash is a minus only with a backslash, and a line that begins with a dot a
 * request. `is_literal`: to be typed as it is. */
static void append_char(struct buffer *out, const char *at, bool is_literal)
{
    if (*at == '\\')
        append(out, "\\e");
    else if (*at == '-' && is_literal)
        append(out, "\\-");
    else
        buffer_append(out, at, 1);
}

static void append_text(struct buffer *out, struct slice text, bool is_literal)
{
    static const char ellipsis[] = "…";
    size_t dots = strlen(ellipsis);
    if (text.size > 0 && (text.data[0] == '.' || text.data[0] == '\''))
        append(out, "\\&");
    for (size_t i = 0; i < text.size; i++) {
        if (text.size - i < dots ||
            memcmp(text.data + i, ellipsis, dots) != 0) {
            append_char(out, text.data + i, is_literal);
            continue;
        }
        append(out, "...");
        i += dots - 1;
    }
}

/* An empty line is no paragraph of its own in man(7). */
static void append_prose(void *ctx, struct slice line)
{
    struct buffer *out = ctx;
    if (line.size == 0)
        append(out, ".PP");
    else
        append_text(out, line, false);
    append(out, "\n");
}

static void append_literal(void *ctx, struct slice line)
{
    append_text(ctx, line, true);
    append(ctx, "\n");
}

static void append_wrapped(struct buffer *out, const char *text)
{
    struct buffer lines = {0};
    width_wrap(&lines, slice_of(text), 0, 0, COLUMNS);
    buffer_append(&lines, "", 1);
    usage_each_line(lines.data, append_prose, out);
    buffer_finish(&lines);
}

/* ---- options --------------------------------------------------------------
 */

static void append_option(const struct cli_option *option, struct buffer *out)
{
    append(out, ".TP\n\\fB\\-\\-");
    append_text(out, slice_of(option->name), true);
    append(out, "\\fR");
    if (option->value != NULL) {
        append(out, " \\fI");
        append_text(out, slice_of(option->value), true);
        append(out, "\\fR");
    }
    append(out, "\n");
    append_wrapped(out, option->help);
}

static const struct cli_option *find(const struct cli_command *command,
                                     const char *name)
{
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++)
        if (strcmp(option->name, name) == 0)
            return option;
    return NULL;
}

/* As most commands have it: as the last of them has. */
static const struct cli_option *find_common(const struct cli_section *sections,
                                            const char *name)
{
    const struct cli_option *found = NULL;
    for (; sections->title != NULL; sections++)
        for (size_t i = 0; sections->commands[i] != NULL; i++) {
            const struct cli_option *option = find(sections->commands[i], name);
            found = option != NULL ? option : found;
        }
    return found;
}

static bool is_told_once(const struct cli_section *sections,
                         const struct cli_option *option)
{
    for (size_t i = 0; i < COMMON_COUNT; i++)
        if (strcmp(option->name, COMMON[i]) == 0)
            return strcmp(option->help,
                          find_common(sections, COMMON[i])->help) == 0;
    return false;
}

static void append_common(const struct cli_section *sections,
                          struct buffer *out)
{
    append(out, ".SH OPTIONS\nThese many commands have; the usage of each "
                "tells which.\n");
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        const struct cli_option *option = find_common(sections, COMMON[i]);
        if (option != NULL)
            append_option(option, out);
    }
}

/* ---- commands -------------------------------------------------------------
 */

struct synopsis {
    const struct cli_command *command;
    struct buffer *out;
    bool is_first;
};

static void append_way(void *ctx, struct slice arguments)
{
    struct synopsis *synopsis = ctx;
    append(synopsis->out, synopsis->is_first ? ".SS \"" : "or\n.B \"");
    append(synopsis->out, "onebus ");
    append_text(synopsis->out, slice_of(synopsis->command->name), true);
    append(synopsis->out, " ");
    append_text(synopsis->out, arguments, true);
    append(synopsis->out, synopsis->is_first ? "\"\n" : "\"\n.PP\n");
    synopsis->is_first = false;
}

static void append_command(const struct cli_section *sections,
                           const struct cli_command *command,
                           struct buffer *out)
{
    struct synopsis synopsis = {command, out, true};
    usage_each_line(command->arguments, append_way, &synopsis);
    usage_each_line(command->about, append_prose, out);
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++)
        if (!is_told_once(sections, option))
            append_option(option, out);
    if (command->examples == NULL)
        return;
    append(out, ".PP\nExamples:\n.PP\n.nf\n.RS\n");
    usage_each_line(command->examples, append_literal, out);
    append(out, ".RE\n.fi\n");
}

void manual_append(const struct cli_section *sections, struct buffer *out)
{
    append(out, HEAD);
    for (const struct cli_section *section = sections; section->title != NULL;
         section++)
        for (size_t i = 0; section->commands[i] != NULL; i++)
            append_command(sections, section->commands[i], out);
    append_common(sections, out);
    append(out, TAIL);
}
