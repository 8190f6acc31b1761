/* SPDX-License-Identifier: MIT */
#include "base/worker.h"

#include <stddef.h>

#include "check.h"

enum { ITEMS = 1000 };

struct task {
    struct mailbox_item item;
    int number;
};

struct done {
    int next; /* in order: the number that must come now */
    int misplaced;
};

static void work(void *ctx, struct mailbox_item *items)
{
    struct done *done = ctx;
    for (struct mailbox_item *item = items; item != NULL; item = item->next)
        if (((struct task *)item)->number != done->next++)
            done->misplaced++;
}

TEST(all_is_done_in_order_before_it_stops)
{
    static struct task tasks[ITEMS];
    struct done done = {0};
    struct worker worker;
    CHECK(worker_start(&worker, "test", work, &done));
    for (int i = 0; i < ITEMS; i++) {
        tasks[i].number = i;
        worker_put(&worker, &tasks[i].item);
    }
    worker_stop(&worker);
    CHECK_EQ(done.next, ITEMS);
    CHECK_EQ(done.misplaced, 0);
}

TEST(one_that_was_given_nothing_stops)
{
    struct done done = {0};
    struct worker worker;
    CHECK(worker_start(&worker, "test", work, &done));
    worker_stop(&worker);
    CHECK_EQ(done.next, 0);
}

SUITE(worker, all_is_done_in_order_before_it_stops,
      one_that_was_given_nothing_stops)
