/* SPDX-License-Identifier: MIT */
/* The ids of what the bot itself has said, so that a reply to it can be told.
 * As many as recent.h remembers, of all accounts together. Pure. One
 * thread. */
#ifndef ONEBUS_SENT_IDS_H
#define ONEBUS_SENT_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct recent;

/* `id`: MessagePack, a number or text: 7 and "7" are the same. Anything else is
 * not remembered. */
void sent_ids_add(struct recent *recent, size_t account, struct slice id);
bool sent_ids_has(const struct recent *recent, size_t account, struct slice id);

#endif
