/* SPDX-License-Identifier: MIT */
/* Each shell wants to be told the same in another form:
 *
 *     bash   a function that puts what fits into COMPREPLY; no descriptions
 *     zsh    a function that hands specifications to _arguments
 *     fish   a line for each thing that can be typed
 */
#include "completion.h"

#include <assert.h>

#include "cli/cli.h"

const char COMPLETION_SHELLS[] = "bash|zsh|fish";

/* What can be behind an option. */
enum value_kind {
    VALUE_NONE,
    VALUE_ANY,
    VALUE_FILE,
    VALUE_CHOICE,
};

/* Choices are written small, and what stands for something is not. */
static enum value_kind kind_of(const struct cli_option *option)
{
    if (option->value == NULL || option->value[0] == '[')
        return VALUE_NONE;
    if (strncmp(option->value, "FILE", 4) == 0)
        return VALUE_FILE;
    return option->value[0] >= 'a' && option->value[0] <= 'z' ? VALUE_CHOICE
                                                              : VALUE_ANY;
}

static void append(struct buffer *out, const char *text)
{
    buffer_append_string(out, text);
}

static void append_word(void *ctx, struct slice word)
{
    struct buffer *out = ctx;
    if (out->data[out->size - 1] != '\'' && out->data[out->size - 1] != '(')
        append(out, " ");
    buffer_append(out, word.data, word.size);
}

static void each_command(const struct cli_section *sections,
                         void (*on_command)(void *ctx,
                                            const struct cli_command *command),
                         void *ctx)
{
    for (; sections->title != NULL; sections++)
        for (size_t i = 0; sections->commands[i] != NULL; i++)
            on_command(ctx, sections->commands[i]);
}

static void append_name(void *ctx, const struct cli_command *command)
{
    append_word(ctx, slice_of(command->name));
}

/* What the first argument of a command can be. */
static void append_words(const struct cli_command *command,
                         const struct cli_section *sections, struct buffer *out)
{
    if (strcmp(command->words, CLI_ANY_COMMAND) == 0)
        each_command(sections, append_name, out);
    else
        cli_each_word(command->words, append_word, out);
}

/* The gist of a help, for a line beside the word: up to the first pause. */
static struct slice gist_of(const char *help)
{
    size_t size = strcspn(help, ";:(");
    while (size > 0 && strchr(" ,.", help[size - 1]) != NULL)
        size--;
    return (struct slice){help, size};
}

/* Append `text`; each of `special` in it with `escape` before it. */
static void append_escaped(struct buffer *out, struct slice text,
                           const char *special, const char *escape)
{
    for (size_t i = 0; i < text.size; i++) {
        if (strchr(special, text.data[i]) != NULL)
            append(out, escape);
        buffer_append(out, &text.data[i], 1);
    }
}

struct script {
    const struct cli_section *sections;
    struct buffer *out;
};

/* ---- bash ---------------------------------------------------------------- */

static const char BASH_HEAD[] =
    "# Completion of onebus for bash, made by `onebus completion bash`.\n"
    "_onebus() {\n"
    "    local at=$COMP_CWORD current=${COMP_WORDS[COMP_CWORD]} previous\n"
    "    local options= words= choices= kind=\n"
    "    # --option=value comes in three words.\n"
    "    if [ \"$current\" = = ]; then\n"
    "        current=\n"
    "    elif [ \"${COMP_WORDS[at - 1]}\" = = ]; then\n"
    "        at=$((at - 1))\n"
    "    fi\n"
    "    previous=${COMP_WORDS[at - 1]}\n"
    "    case ${COMP_WORDS[1]} in\n";

static const char BASH_TAIL[] =
    "    COMPREPLY=()\n"
    "    if [ \"$kind\" = file ]; then\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "    elif [ \"$kind\" = choice ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- "
    "\"$current\")\n"
    "    elif [ -n \"$kind\" ]; then\n"
    "        return\n"
    "    elif [[ $current == -* ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- "
    "\"$current\")\n"
    "    elif [ \"$COMP_CWORD\" = 1 ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$commands\" -- "
    "\"$current\")\n"
    "    elif [ \"$COMP_CWORD\" = 2 ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
    "    fi\n"
    "}\n"
    "complete -F _onebus onebus\n";

static void append_bash_value(const struct cli_option *option,
                              struct buffer *out)
{
    static const char *const kinds[] = {
        [VALUE_ANY] = "any", [VALUE_FILE] = "file", [VALUE_CHOICE] = "choice"};
    enum value_kind kind = kind_of(option);
    if (kind == VALUE_NONE)
        return;
    append(out, "        --");
    append(out, option->name);
    append(out, ") kind=");
    append(out, kinds[kind]);
    if (kind == VALUE_CHOICE) {
        append(out, " choices='");
        cli_each_word(option->value, append_word, out);
        append(out, "'");
    }
    append(out, " ;;\n");
}

static void append_bash_command(void *ctx, const struct cli_command *command)
{
    const struct script *script = ctx;
    struct buffer *out = script->out;
    bool is_default = strcmp(command->name, CLI_DEFAULT) == 0;
    append(out, "    ");
    append(out, command->name);
    append(out, is_default ? " | -* | '')\n" : ")\n");
    append(out, "        options='--help");
    append(out, is_default ? " --version" : "");
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++) {
        append(out, " --");
        append(out, option->name);
    }
    append(out, "'\n");
    if (command->words != NULL) {
        append(out, "        words='");
        append_words(command, script->sections, out);
        append(out, "'\n");
    }
    append(out, "        case $previous in\n");
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++)
        append_bash_value(option, out);
    append(out, "        esac\n        ;;\n");
}

static void append_bash(const struct script *script)
{
    append(script->out, BASH_HEAD);
    each_command(script->sections, append_bash_command, (void *)script);
    append(script->out, "    esac\n    local commands='");
    each_command(script->sections, append_name, script->out);
    append(script->out, "'\n");
    append(script->out, BASH_TAIL);
}

/* ---- zsh ----------------------------------------------------------------- */

/* Within single quotes; `special` means something to what reads it. */
static void append_zsh(struct buffer *out, struct slice text,
                       const char *special)
{
    for (size_t i = 0; i < text.size; i++) {
        struct slice one = {text.data + i, 1};
        if (*one.data == '\'')
            append(out, "'\\''");
        else
            append_escaped(out, one, special, "\\");
    }
}

static void append_zsh_name(void *ctx, const struct cli_command *command)
{
    struct buffer *out = ctx;
    append(out, "        '");
    append(out, command->name);
    append(out, ":");
    append_zsh(out, slice_of(command->summary), "\\:");
    append(out, "'\n");
}

static void append_zsh_option(const struct cli_option *option,
                              struct buffer *out)
{
    enum value_kind kind = kind_of(option);
    append(out, kind == VALUE_NONE ? "            '--" : "            '*--");
    append(out, option->name);
    append(out, kind == VALUE_NONE ? "[" : "=[");
    append_zsh(out, gist_of(option->help), "\\[]:");
    append(out, "]");
    if (kind != VALUE_NONE) {
        append(out, ":");
        append_zsh(out, slice_of(option->value), "\\:");
        append(out, kind == VALUE_FILE  ? ":_files"
                    : kind == VALUE_ANY ? ": "
                                        : ":(");
    }
    if (kind == VALUE_CHOICE) {
        cli_each_word(option->value, append_word, out);
        append(out, ")");
    }
    append(out, "' \\\n");
}

static void append_zsh_command(void *ctx, const struct cli_command *command)
{
    const struct script *script = ctx;
    struct buffer *out = script->out;
    bool is_default = strcmp(command->name, CLI_DEFAULT) == 0;
    append(out, "    ");
    append(out, command->name);
    append(out, is_default ? " | -*)\n" : ")\n");
    append(out, "        _arguments \\\n");
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++)
        append_zsh_option(option, out);
    if (command->words != NULL) {
        append(out, "            '1: :(");
        append_words(command, script->sections, out);
        append(out, ")' \\\n");
    }
    append(out, "            '--help[explain it]'\n        ;;\n");
}

static void append_zsh_script(const struct script *script)
{
    struct buffer *out = script->out;
    append(out, "#compdef onebus\n"
                "# Completion of onebus for zsh, made by `onebus completion "
                "zsh`.\n"
                "_onebus() {\n"
                "    local -a commands\n"
                "    commands=(\n");
    each_command(script->sections, append_zsh_name, out);
    append(out, "    )\n"
                "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                "        _describe -t commands command commands\n"
                "        return\n"
                "    fi\n"
                "    local command=$words[2]\n"
                "    if [[ $command != -* ]]; then\n"
                "        shift words\n"
                "        (( CURRENT-- ))\n"
                "    fi\n"
                "    case $command in\n");
    each_command(script->sections, append_zsh_command, (void *)script);
    append(out, "    esac\n"
                "}\n"
                "if [ \"$funcstack[1]\" = _onebus ]; then\n"
                "    _onebus \"$@\"\n"
                "else\n"
                "    compdef _onebus onebus\n"
                "fi\n");
}

/* ---- fish ---------------------------------------------------------------- */

static void append_fish_text(struct buffer *out, struct slice text)
{
    append(out, " -d '");
    append_escaped(out, text, "\\'", "\\");
    append(out, "'\n");
}

/* When the command, or with its options no command yet, has been typed. */
static void append_fish_when(const struct cli_command *command,
                             struct buffer *out)
{
    append(out, "complete -c onebus -n '__fish_seen_subcommand_from ");
    append(out, command->name);
    append(out, strcmp(command->name, CLI_DEFAULT) == 0
                    ? "; or __fish_use_subcommand'"
                    : "'");
}

static void append_fish_option(const struct cli_command *command,
                               const struct cli_option *option,
                               struct buffer *out)
{
    static const char *const kinds[] = {
        [VALUE_NONE] = "",
        [VALUE_ANY] = " -x",
        [VALUE_FILE] = " -r -F",
        [VALUE_CHOICE] = " -x -a '",
    };
    enum value_kind kind = kind_of(option);
    append_fish_when(command, out);
    append(out, " -l ");
    append(out, option->name);
    append(out, kinds[kind]);
    if (kind == VALUE_CHOICE) {
        cli_each_word(option->value, append_word, out);
        append(out, "'");
    }
    append_fish_text(out, gist_of(option->help));
}

static void append_fish_command(void *ctx, const struct cli_command *command)
{
    const struct script *script = ctx;
    struct buffer *out = script->out;
    append(out, "complete -c onebus -n __fish_use_subcommand -a ");
    append(out, command->name);
    append_fish_text(out, slice_of(command->summary));
    for (const struct cli_option *option = command->options;
         option->name != NULL; option++)
        append_fish_option(command, option, out);
    if (command->words == NULL)
        return;
    append_fish_when(command, out);
    append(out, " -a '");
    append_words(command, script->sections, out);
    append(out, "'\n");
}

static void append_fish(const struct script *script)
{
    append(script->out,
           "# Completion of onebus for fish, made by `onebus completion "
           "fish`.\n"
           "complete -c onebus -f\n"
           "complete -c onebus -l help -d 'explain it'\n"
           "complete -c onebus -n __fish_use_subcommand -l version\n");
    each_command(script->sections, append_fish_command, (void *)script);
}

/* -------------------------------------------------------------------------- */

void completion_append(const char *shell, const struct cli_section *sections,
                       struct buffer *out)
{
    const struct script script = {sections, out};
    assert(cli_has_word(COMPLETION_SHELLS, shell));
    if (strcmp(shell, "bash") == 0)
        append_bash(&script);
    else if (strcmp(shell, "zsh") == 0)
        append_zsh_script(&script);
    else
        append_fish(&script);
}
