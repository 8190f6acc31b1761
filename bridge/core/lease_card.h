/* SPDX-License-Identifier: MIT */
/* What the holder of an account's name has written beside it in the shared
 * bucket: who it is.
 *
 *   {"bridge":"<epoch>","run":"…","host":"…","pid":1,"version":"…","since":ms}
 *
 * Any thread. */
#ifndef ONEBUS_LEASE_CARD_H
#define ONEBUS_LEASE_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

enum {
    LEASE_WORD_SIZE = 65,       /* with the NUL */
    LEASE_CARD_BYTES_MAX = 4096 /* no holder writes more */
};

struct lease_card {
    char bridge[LEASE_WORD_SIZE]; /* the epoch of its journal */
    char run[LEASE_WORD_SIZE];    /* its process */
    char host[LEASE_WORD_SIZE];   /* "": it did not say */
    char version[LEASE_WORD_SIZE];
    int64_t pid;      /* 0: it did not say */
    int64_t since_ms; /* wall; 0: it did not say */
};

/* Append it as JSON. */
void lease_card_write(const struct lease_card *card, struct buffer *out);

/* False: it does not say which bridge and which run; the card is then empty.
 * Host and version are made visible, and cut where they are long: they are for
 * people. */
bool lease_card_read(struct slice text, struct lease_card *card);

#endif
