/* SPDX-License-Identifier: MIT */
/* How many wait in how many lines, so that one can tell how many of them may
 * go first while each line sends only so many: without a look at each. The
 * lines are counted by length, in classes that double. Pure. One thread. */
#ifndef ONEBUS_CROWD_H
#define ONEBUS_CROWD_H

#include <stddef.h>

enum { CROWD_CLASSES = 24 };

/* All zero is an empty one. Lines of 2^n to 2^(n+1) - 1 are class n. */
struct crowd {
    size_t lines[CROWD_CLASSES];
    size_t waiting[CROWD_CLASSES];
};

/* A line that was so long is so long now; 0: there is none. */
void crowd_change(struct crowd *crowd, size_t from, size_t to);

/* How many go, if of each line the first `most` may: rather too many, by no
 * more than the double. */
size_t crowd_front(const struct crowd *crowd, size_t most);

#endif
