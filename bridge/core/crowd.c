/* SPDX-License-Identifier: MIT */
#include "crowd.h"

static size_t class_of(size_t length)
{
    size_t class = 0;
    while (length > 1 && class < CROWD_CLASSES - 1) {
        length /= 2;
        class ++;
    }
    return class;
}

void crowd_change(struct crowd *crowd, size_t from, size_t to)
{
    if (from > 0) {
        crowd->lines[class_of(from)]--;
        crowd->waiting[class_of(from)] -= from;
    }
    if (to > 0) {
        crowd->lines[class_of(to)]++;
        crowd->waiting[class_of(to)] += to;
    }
}

size_t crowd_front(const struct crowd *crowd, size_t most)
{
    size_t front = 0;
    for (size_t i = 0; i < CROWD_CLASSES; i++) {
        size_t lines = crowd->lines[i], waiting = crowd->waiting[i];
        front += lines != 0 && most < waiting / lines ? lines * most : waiting;
    }
    return front;
}
