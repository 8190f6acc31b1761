/* SPDX-License-Identifier: MIT */
/* How far the subscriber has come, told to the generator: the generator then
 * keeps a window of events on their way instead of flooding a bridge that by
 * design drops what a subscriber does not take in time.
 *
 * The two share one eventfd, inherited from whoever started them: a counter in
 * the kernel that both can wait for. The subscriber adds the events it has
 * seen or missed, so what was lost on the way does not narrow the window. */
#ifndef ONEBUS_BENCH_PROGRESS_H
#define ONEBUS_BENCH_PROGRESS_H

#include <stdint.h>

/* Tell at each so many events: telling costs a system call. A window must be
 * some times wider. */
enum { PROGRESS_STEP = 64 };

/* Add `events`. */
void progress_tell(int fd, uint64_t events);

/* What was added since the last call; 0 if nothing was. Does not wait. */
uint64_t progress_take(int fd);

#endif
