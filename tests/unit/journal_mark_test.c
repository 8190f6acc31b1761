/* SPDX-License-Identifier: MIT */
#include "edge/journal_mark.h"

#include <unistd.h>

#include "check.h"
#include "folder.h"

enum { FAULT_SIZE = 512 };

static struct journal_mark *open_at(const char *folder)
{
    char fault[FAULT_SIZE] = "";
    struct journal_mark *mark = journal_mark_open(folder, fault, sizeof(fault));
    CHECK_STR(fault, "");
    return mark;
}

/* What the next start reads. */
static uint64_t marked(const char *folder, const char *epoch)
{
    struct journal_mark *mark = open_at(folder);
    uint64_t seq = journal_mark_read(mark, epoch);
    journal_mark_close(mark);
    return seq;
}

TEST(a_mark_is_there_after_a_restart_for_its_epoch_alone)
{
    static const struct {
        const char *epoch;
        uint64_t seq;
    } rows[] = {
        {"0123456789abcdef", 1},
        {"0123456789abcdef", UINT64_MAX},
        {"0123456789abcdef", 7}, /* shorter than what was there */
        {"a", 0},
    };
    char folder[FOLDER_SIZE];
    folder_make(folder);
    CHECK_EQ(marked(folder, "a"), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_mark *mark = open_at(folder);
        CHECK(journal_mark_write(mark, rows[i].epoch, rows[i].seq));
        CHECK(journal_mark_read(mark, rows[i].epoch) == rows[i].seq);
        journal_mark_close(mark);
        CHECK(marked(folder, rows[i].epoch) == rows[i].seq);
        CHECK_EQ(marked(folder, "another"), 0);
    }
    folder_remove(folder);
}

TEST(what_is_no_mark_says_nothing)
{
    static const char *const texts[] = {
        "",
        "x",
        "a",
        "a b",
        "a -",
        "\n",
        "an-epoch-that-is-far-too-long-for-one 5"};
    char folder[FOLDER_SIZE], path[FOLDER_SIZE + 16];
    folder_make(folder);
    snprintf(path, sizeof(path), "%s/journal.mark", folder);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        FILE *file = fopen(path, "w");
        fprintf(file, "%-64s", texts[i]);
        fclose(file);
        CHECK_EQ(marked(folder, "a"), 0);
    }
    folder_remove(folder);
}

TEST(who_holds_it_is_alone)
{
    char folder[FOLDER_SIZE], fault[FAULT_SIZE] = "";
    folder_make(folder);
    struct journal_mark *mark = open_at(folder);
    CHECK(journal_mark_open(folder, fault, sizeof(fault)) == NULL);
    CHECK(strstr(fault, "another onebus keeps its journal there") != NULL);
    journal_mark_close(mark);
    journal_mark_close(open_at(folder));
    folder_remove(folder);
}

TEST(a_mark_that_cannot_be_opened_says_why)
{
    char folder[FOLDER_SIZE], path[FOLDER_SIZE + 16], fault[FAULT_SIZE] = "";
    folder_make(folder);
    snprintf(path, sizeof(path), "%s/none", folder);
    CHECK(journal_mark_open(path, fault, sizeof(fault)) == NULL);
    CHECK(strstr(fault, "none/journal.mark: No such file") != NULL);
    folder_remove(folder);
}

SUITE(journal_mark, a_mark_is_there_after_a_restart_for_its_epoch_alone,
      what_is_no_mark_says_nothing, who_holds_it_is_alone,
      a_mark_that_cannot_be_opened_says_why)
