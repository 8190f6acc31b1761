/* SPDX-License-Identifier: MIT */
#include "cli/usage.h"

#include "check.h"
#include "cli/cli.h"

static const struct cli_option OPTIONS[] = {
    {"json", NULL, "as a line of JSON", 'j'},
    {"a-name-that-is-long", "FILE",
     "which has a line of its own, for what is "
     "said of it begins further to the left",
     'l'},
    {0},
};

static const struct cli_command DANCE = {
    .name = "dance",
    .summary = "move about",
    .arguments = "[OPTION…] [STEP…]\nstop\n",
    .about = "Move about,\nor do not.\n",
    .examples = "onebus dance left\n",
    .options = OPTIONS,
};

static const struct cli_command SIT = {
    .name = "sit",
    .summary = "be still",
};

static const struct cli_section SECTIONS[] = {
    {"Move:", (const struct cli_command *const[]){&DANCE, NULL}},
    {"Rest:", (const struct cli_command *const[]){&SIT, NULL}},
    {0},
};

TEST(the_usage_of_a_command_is_made_from_its_table)
{
    struct buffer out = {0};
    usage_append(&DANCE, &out);
    CHECK_SLICE(
        buffer_slice(&out),
        slice_of("Usage: onebus dance [OPTION…] [STEP…]\n"
                 "       onebus dance stop\n"
                 "\n"
                 "Move about,\n"
                 "or do not.\n"
                 "\n"
                 "  --json             as a line of JSON\n"
                 "  --a-name-that-is-long FILE\n"
                 "                     which has a line of its own, for "
                 "what is said of it begins\n"
                 "                     further to the left\n"
                 "\n"
                 "Examples:\n"
                 "  onebus dance left\n"));
    buffer_finish(&out);
}

TEST(all_commands_stand_in_their_sections)
{
    struct buffer out = {0};
    usage_append_all(SECTIONS, &out);
    buffer_append(&out, "", 1);
    CHECK(strstr(out.data, "\n\n"
                           "Move:\n"
                           "  dance  move about\n"
                           "\n"
                           "Rest:\n"
                           "  sit    be still\n"
                           "\n") != NULL);
    buffer_finish(&out);
}

TEST(commands_are_found_by_their_names)
{
    CHECK(cli_find(SECTIONS, "sit") == &SIT);
    CHECK(cli_find(SECTIONS, "dance") == &DANCE);
    CHECK(cli_find(SECTIONS, "danc") == NULL);
    CHECK(cli_find(SECTIONS, "") == NULL);
}

TEST(a_choice_has_its_words_and_no_others)
{
    CHECK(cli_has_word("group|private", "group"));
    CHECK(cli_has_word("group|private", "private"));
    CHECK(!cli_has_word("group|private", "priv"));
    CHECK(!cli_has_word("group|private", ""));
    CHECK(!cli_has_word("group|private", "group|private"));
}

SUITE(usage, the_usage_of_a_command_is_made_from_its_table,
      all_commands_stand_in_their_sections, commands_are_found_by_their_names,
      a_choice_has_its_words_and_no_others)
