/* SPDX-License-Identifier: MIT */
/* Standard output, as a terminal or as whatever else it is. One thread. */
#ifndef ONEBUS_SCREEN_H
#define ONEBUS_SCREEN_H

#include <stdbool.h>

#include "base/buffer.h"
#include "cli/tone.h"

struct screen {
    bool is_redrawn; /* it will be, in place */
    bool was_drawn;  /* not at first */
};

/* Colours on a terminal, unless it is dumb or $NO_COLOR is set
 * (no-color.org); as wide as that is, and elsewhere as wide as it takes. */
struct surface screen_surface(void);

/* Print whole lines. Where they are redrawn: on a terminal over those drawn
 * before, as many as there is room for; elsewhere behind them and a blank line.
 * False: nobody reads. */
bool screen_draw(struct screen *screen, struct slice lines);

#endif
