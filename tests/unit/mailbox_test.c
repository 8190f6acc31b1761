/* SPDX-License-Identifier: MIT */
#include "base/mailbox.h"

#include "check.h"

enum { THREADS = 4, ITEMS = 2000 };

struct letter {
    struct mailbox_item item;
    int sender;
    int number;
};

static void count_wake(void *ctx)
{
    ++*(int *)ctx;
}

TEST(a_burst_wakes_once_and_keeps_its_order)
{
    int wakes = 0;
    struct mailbox mailbox;
    struct letter letters[3] = {{.number = 1}, {.number = 2}, {.number = 3}};
    mailbox_init(&mailbox, count_wake, &wakes);
    for (int i = 0; i < 3; i++)
        mailbox_put(&mailbox, &letters[i].item);
    CHECK_EQ(wakes, 1);
    int expected = 1;
    for (struct mailbox_item *item = mailbox_take_all(&mailbox); item != NULL;
         item = item->next)
        CHECK_EQ(((struct letter *)item)->number, expected++);
    CHECK_EQ(expected, 4);
    CHECK(mailbox_take_all(&mailbox) == NULL);
    mailbox_put(&mailbox, &letters[0].item);
    CHECK_EQ(wakes, 2);
    mailbox_finish(&mailbox);
}

static void ignore_wake(void *ctx)
{
    (void)ctx;
}

struct sender {
    struct mailbox *mailbox;
    struct letter letters[ITEMS];
};

static void *send_all(void *arg)
{
    struct sender *sender = arg;
    for (int i = 0; i < ITEMS; i++)
        mailbox_put(sender->mailbox, &sender->letters[i].item);
    return NULL;
}

TEST(nothing_is_lost_between_threads_and_each_keeps_its_order)
{
    static struct sender senders[THREADS];
    pthread_t threads[THREADS];
    struct mailbox mailbox;
    mailbox_init(&mailbox, ignore_wake, NULL);
    for (int t = 0; t < THREADS; t++) {
        senders[t].mailbox = &mailbox;
        for (int i = 0; i < ITEMS; i++)
            senders[t].letters[i] = (struct letter){.sender = t, .number = i};
        pthread_create(&threads[t], NULL, send_all, &senders[t]);
    }
    int next[THREADS] = {0};
    int taken = 0;
    while (taken < THREADS * ITEMS) {
        struct mailbox_item *item = mailbox_take_all(&mailbox);
        for (; item != NULL; item = item->next, taken++) {
            struct letter *letter = (struct letter *)item;
            CHECK_EQ(letter->number, next[letter->sender]++);
        }
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    mailbox_finish(&mailbox);
}

SUITE(mailbox, a_burst_wakes_once_and_keeps_its_order,
      nothing_is_lost_between_threads_and_each_keeps_its_order)
