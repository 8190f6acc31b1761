/* SPDX-License-Identifier: MIT */
#include "edge/nats_position.h"

#include <errno.h>

#include "check.h"
#include "folder.h"

static const struct nats_position SAMPLE = {
    .epoch = "0123456789abcdef",
    .seq = UINT64_MAX,
    .stream = "QQ",
    .created_ns = 1793887133715000001,
    .place = 12,
};

static void put(const char *folder, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, NATS_POSITION_FILE_NAME);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

TEST(what_was_written_is_read)
{
    char folder[FOLDER_SIZE];
    struct nats_position position;
    folder_make(folder);
    CHECK(!nats_position_read(folder, &position));
    CHECK_STR(position.epoch, "");
    CHECK(nats_position_write(folder, &SAMPLE));
    CHECK(nats_position_write(folder, &SAMPLE));
    CHECK(nats_position_read(folder, &position));
    CHECK_STR(position.epoch, SAMPLE.epoch);
    CHECK_STR(position.stream, SAMPLE.stream);
    CHECK(position.seq == SAMPLE.seq && position.place == SAMPLE.place);
    CHECK(position.created_ns == SAMPLE.created_ns);
    folder_remove(folder);
}

TEST(what_is_no_position_is_all_zero)
{
    static const char *const texts[] = {
        "",
        "epoch=\nseq=1\nstream=QQ\ncreated_ns=1\nplace=1\n",
        "epoch=0123456789abcdef\nseq=1\nstream=QQ\ncreated_ns=1\n",
        "epoch=0123456789abcdef\nseq=x\nstream=QQ\ncreated_ns=1\nplace=1\n",
        "epoch=0123456789abcdef\nseq=1\nstream=QQ\ncreated_ns=1\nplace=1\nx",
    };
    char folder[FOLDER_SIZE];
    struct nats_position position;
    folder_make(folder);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        put(folder, texts[i]);
        position = SAMPLE;
        CHECK(nats_position_read(folder, &position));
        CHECK_STR(position.epoch, "");
        CHECK_EQ(position.seq, 0);
    }
    folder_remove(folder);
}

TEST(where_it_cannot_be_written_errno_says_why)
{
    CHECK(!nats_position_write("/nowhere/at/all", &SAMPLE));
    CHECK_EQ(errno, ENOENT);
}

SUITE(nats_position, what_was_written_is_read, what_is_no_position_is_all_zero,
      where_it_cannot_be_written_errno_says_why)
