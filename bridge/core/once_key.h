/* SPDX-License-Identifier: MIT */
/* What a request id is known by, and what was asked for with it. Any thread. */
#ifndef ONEBUS_ONCE_KEY_H
#define ONEBUS_ONCE_KEY_H

#include <stddef.h>

#include "base/buffer.h"
#include "core/account.h"
#include "core/request.h"

enum {
    /* Account, NUL, id. */
    ONCE_KEY_SIZE = ACCOUNT_NAME_SIZE + REQUEST_ID_BYTES_MAX,
    ONCE_DIGEST_SIZE = 16,
};

/* An id is its account's alone. It may hold any byte, NUL too. */
struct once_key {
    char bytes[ONCE_KEY_SIZE];
    size_t size;
};

/* An id that comes with something else than before is a mistake. */
struct once_digest {
    unsigned char bytes[ONCE_DIGEST_SIZE];
};

/* `account` is a name of the settings, `id` at most REQUEST_ID_BYTES_MAX. */
struct once_key once_key_of(struct slice account, struct slice id);

/* `params` is a well-formed MessagePack map, or empty, which is the same as an
 * empty map. In what order its keys come, and in how many bytes a number lies,
 * is not what is asked for: libraries that shuffle a map may repeat a call. */
struct once_digest once_digest_of(struct slice account, struct slice action,
                                  struct slice params);

#endif
