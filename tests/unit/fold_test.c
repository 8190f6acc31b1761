/* SPDX-License-Identifier: MIT */
/* What is folded is in flow/folding_test.c; here, how much is remembered. */
#include "core/fold.h"

#include "check.h"
#include "core/account.h"
#include "core/onebot.h"

/* One account with one link, and a fold. */
struct memory {
    struct account account;
    struct link *link;
    struct fold *fold;
    uint64_t now_ms;
};

static struct memory memory_create(void)
{
    static const struct link_info info = {.role = LINK_UNIVERSAL};
    static int wire;
    struct memory memory = {.fold = fold_create(42), .now_ms = 1000};
    memory.link = account_add_link(&memory.account, &info, &wire, 1, 0);
    return memory;
}

static void memory_destroy(struct memory *memory)
{
    memory->link->account = &memory->account;
    account_remove_link(&memory->account, memory->link, 0);
    fold_destroy(memory->fold);
}

/* Has the message with this id come before? */
static bool is_repeat(struct memory *memory, int64_t id)
{
    const struct onebot_frame message = {
        .post = ONEBOT_POST_MESSAGE,
        .message_id = {.kind = JSON_INT, .integer = id},
    };
    char key[32];
    memory->link->account = &memory->account;
    snprintf(key, sizeof(key), "group:1:%" PRId64, id);
    return fold_is_repeat(memory->fold, &message, slice_of(key), memory->link,
                          slice_of("the frame"), memory->now_ms);
}

TEST(thousands_of_events_are_remembered_and_no_more_than_two_generations)
{
    struct memory memory = memory_create();
    for (int64_t id = 1; id <= FOLD_ENTRIES; id++)
        CHECK(!is_repeat(&memory, id));
    for (int64_t id = 1; id <= FOLD_ENTRIES; id++)
        CHECK(is_repeat(&memory, id));
    for (int64_t id = 1; id <= 2 * FOLD_ENTRIES; id++)
        (void)is_repeat(&memory, 1000000 + id);
    CHECK(!is_repeat(&memory, 1));
    CHECK(is_repeat(&memory, 1000000 + 2 * FOLD_ENTRIES));
    memory_destroy(&memory);
}

TEST(an_event_is_remembered_for_one_to_two_times_five_minutes)
{
    struct memory memory = memory_create();
    CHECK(!is_repeat(&memory, 1));
    memory.now_ms += FOLD_MS;
    CHECK(is_repeat(&memory, 1));
    CHECK(!is_repeat(&memory, 2));
    memory.now_ms += FOLD_MS;
    CHECK(!is_repeat(&memory, 3));
    CHECK(!is_repeat(&memory, 1));
    CHECK(is_repeat(&memory, 2));
    memory_destroy(&memory);
}

SUITE(fold, thousands_of_events_are_remembered_and_no_more_than_two_generations,
      an_event_is_remembered_for_one_to_two_times_five_minutes)
