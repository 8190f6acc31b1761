/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4) of bytes that come in pieces: for what is written down
 * or compared with others' sums, where nobody may be able to make two that
 * meet. For tables in memory hash.h is quicker.
 *
 *     struct digest digest;
 *     digest_start(&digest);
 *     digest_add(&digest, slice);      as often as need be
 *     digest_end(&digest, bytes);
 *
 * Any thread, one at a time. */
#ifndef ONEBUS_DIGEST_H
#define ONEBUS_DIGEST_H

#include "base/buffer.h"

enum { DIGEST_SIZE = 32, DIGEST_HEX_SIZE = 2 * DIGEST_SIZE + 1 };

struct digest {
    void *state;
};

/* Each start has one end. */
void digest_start(struct digest *digest);

void digest_add(struct digest *digest, struct slice bytes);

/* `bytes` may be NULL: it is given up. */
void digest_end(struct digest *digest, unsigned char *bytes);

/* Start, add and end. */
void digest_of(struct slice bytes, unsigned char digest[static DIGEST_SIZE]);

/* In lower-case hexadecimal, as sums are written. */
void digest_hex(const unsigned char digest[static DIGEST_SIZE],
                char hex[static DIGEST_HEX_SIZE]);

#endif
