/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include "cli/cli.h"
#include "cli/width.h"

enum {
    COLUMNS = 79,
    HELP_AT = 21, /* where the help of an option begins */
};

void usage_each_line(const char *text,
                     void (*on_line)(void *ctx, struct slice line), void *ctx)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        on_line(ctx, (struct slice){text, size});
        text += size + (text[size] == '\n' ? 1 : 0);
    }
}

static void append(struct buffer *out, const char *text)
{
    buffer_append_string(out, text);
}

/* ---- one command --------------------------------------------------------- */

struct synopsis {
    const struct cli_command *command;
    struct buffer *out;
    bool is_first;
};

static void append_way(void *ctx, struct slice arguments)
{
    struct synopsis *synopsis = ctx;
    append(synopsis->out,
           synopsis->is_first ? "Usage: onebus " : "       onebus ");
    append(synopsis->out, synopsis->command->name);
    append(synopsis->out, " ");
    buffer_append(synopsis->out, arguments.data, arguments.size);
    append(synopsis->out, "\n");
    synopsis->is_first = false;
}

static void append_option(const struct cli_option *option, struct buffer *out)
{
    size_t start = out->size;
    append(out, "  --");
    append(out, option->name);
    if (option->value != NULL) {
        append(out, " ");
        append(out, option->value);
    }
    struct slice head = {out->data + start, out->size - start};
    size_t at = width_of(head);
    if (at + 2 > HELP_AT) {
        append(out, "\n");
        at = 0;
    }
    width_pad(out, HELP_AT - at);
    width_wrap(out, slice_of(option->help), HELP_AT, HELP_AT, COLUMNS);
    append(out, "\n");
}

static void append_example(void *ctx, struct slice line)
{
    append(ctx, "  ");
    buffer_append(ctx, line.data, line.size);
    append(ctx, "\n");
}

void usage_append(const struct cli_command *command, struct buffer *out)
{
    struct synopsis synopsis = {command, out, true};
    usage_each_line(command->arguments, append_way, &synopsis);
    append(out, "\n");
    append(out, command->about);
    append(out, "\n");
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++)
        append_option(option, out);
    if (command->examples == NULL)
        return;
    append(out, "\nExamples:\n");
    usage_each_line(command->examples, append_example, out);
}

/* ---- all of them --------------------------------------------------------- */

static size_t widest(const struct cli_section *section)
{
    size_t most = 0;
    for (; section->title != NULL; section++)
        for (size_t i = 0; section->commands[i] != NULL; i++) {
            size_t size = strlen(section->commands[i]->name);
            most = size > most ? size : most;
        }
    return most;
}

static void append_section(const struct cli_section *section, size_t wide,
                           struct buffer *out)
{
    append(out, "\n");
    append(out, section->title);
    append(out, "\n");
    for (size_t i = 0; section->commands[i] != NULL; i++) {
        const struct cli_command *command = section->commands[i];
        append(out, "  ");
        append(out, command->name);
        width_pad(out, wide - strlen(command->name) + 2);
        append(out, command->summary);
        append(out, "\n");
    }
}

void usage_append_all(const struct cli_section *sections, struct buffer *out)
{
    size_t wide = widest(sections);
    append(out, "onebus puts QQ bots on a message bus: OneBot 11 in, NNG out.\n"
                "\n"
                "Usage: onebus [COMMAND] [OPTION…] [ARGUMENT…]\n");
    for (; sections->title != NULL; sections++)
        append_section(sections, wide, out);
    append(out, "\n"
                "Each command explains itself: onebus COMMAND --help\n"
                "Exit status: 0 ok, 1 failed, 2 usage, 78 settings\n");
}
