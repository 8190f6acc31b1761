/* SPDX-License-Identifier: MIT */
#include "cli/completion.h"

#include "check.h"
#include "cli/cli.h"

static const struct cli_option OPTIONS[] = {
    {"odd", "A:B", "it's [odd], isn't it: yes", 'o'},
    {"file", "FILE|URL", "a file; or not", 'f'},
    {"watch", "[TIME]", "again", 'w'},
    {0},
};

static const struct cli_command DANCE = {
    .name = "dance",
    .summary = "don't: sit",
    .words = "left|right",
    .options = OPTIONS,
};

static const struct cli_section SECTIONS[] = {
    {"All:", (const struct cli_command *const[]){&DANCE, NULL}},
    {0},
};

static void check_script(const char *shell, const char *const *parts,
                         size_t count)
{
    struct buffer out = {0};
    completion_append(shell, SECTIONS, &out);
    buffer_append(&out, "", 1);
    for (size_t i = 0; i < count; i++)
        if (strstr(out.data, parts[i]) == NULL)
            CHECK_STR(out.data, parts[i]);
    buffer_finish(&out);
}

#define CHECK_SCRIPT(shell, ...)                                               \
    do {                                                                       \
        static const char *const parts[] = {__VA_ARGS__};                      \
        check_script(shell, parts, sizeof(parts) / sizeof(parts[0]));          \
    } while (0)

TEST(bash_knows_what_can_be_typed)
{
    CHECK_SCRIPT("bash", "\n    dance)\n",
                 "options='--help --odd --file --watch'\n",
                 "words='left right'\n", "--odd) kind=any ;;\n",
                 "--file) kind=file ;;\n", "commands='dance'\n");
}

TEST(what_means_something_to_zsh_is_escaped)
{
    CHECK_SCRIPT("zsh", "'dance:don'\\''t\\: sit'\n",
                 "'*--odd=[it'\\''s \\[odd\\], isn'\\''t it]:A\\:B: '",
                 "'*--file=[a file]:FILE|URL:_files'", "'--watch[again]'",
                 "'1: :(left right)'");
}

TEST(what_means_something_to_fish_is_escaped)
{
    CHECK_SCRIPT("fish", "-a dance -d 'don\\'t: sit'\n",
                 " -l odd -x -d 'it\\'s [odd], isn\\'t it'\n",
                 " -l file -r -F -d 'a file'\n", " -l watch -d 'again'\n",
                 " -a 'left right'\n");
}

SUITE(completion, bash_knows_what_can_be_typed,
      what_means_something_to_zsh_is_escaped,
      what_means_something_to_fish_is_escaped)
