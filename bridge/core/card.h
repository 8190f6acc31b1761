/* SPDX-License-Identifier: MIT */
/* JSON cards as QQ shows them: the text of a `json` segment. Any thread. */
#ifndef ONEBUS_CARD_H
#define ONEBUS_CARD_H

#include "base/buffer.h"

/* A place on the map. Coordinates are decimals; empty texts are left empty. */
struct card_place {
    struct slice lat;
    struct slice lon;
    struct slice title;
    struct slice content;
};

/* Append the card `com.tencent.map`, view LocationShare, to `out`. */
void card_append_place(const struct card_place *place, struct buffer *out);

#endif
