/* SPDX-License-Identifier: MIT */
/* Packing MessagePack into a buffer with msgpack-c. Any thread. */
#ifndef ONEBUS_PACK_H
#define ONEBUS_PACK_H

#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* A packer that appends to `buffer`. Packing into it cannot fail. */
struct msgpack_packer pack_into(struct buffer *buffer);

/* A str: msgpack-c packs its head and its bytes apart. */
void pack_text(struct msgpack_packer *packer, struct slice text);

void pack_string(struct msgpack_packer *packer, const char *string);

/* A str for people, whoever has written parts of it: what is no UTF-8, as a
 * character that was cut, becomes U+FFFD, for readers refuse it. */
void pack_prose(struct msgpack_packer *packer, const char *string);

/* A value that is MessagePack already, as it is. */
void pack_raw(struct msgpack_packer *packer, struct slice pack);

/* An entry of a map: its key and its value. */
void pack_number(struct msgpack_packer *packer, const char *key,
                 uint64_t number);
void pack_word(struct msgpack_packer *packer, const char *key,
               const char *word);
void pack_flag(struct msgpack_packer *packer, const char *key, bool flag);

#endif
