/* SPDX-License-Identifier: MIT */
/* Where a long text may be cut, so that each piece reads as one.
 *
 * Characters are Unicode code points; a byte that is no UTF-8 counts as one. A
 * cut stands at a sentence end if one lies in the second half of the room, else
 * at a word end, else between two characters as a reader sees them (grapheme
 * clusters: emoji families, flags, letters with their marks), and never in an
 * http(s) link. Only a link or a cluster that is longer than the room is cut
 * itself. Nothing is added or taken away. Any thread. */
#ifndef ONEBUS_CHUNK_H
#define ONEBUS_CHUNK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Are there more than `most` characters in `text`? Looks no further. */
bool chunk_is_above(struct slice text, size_t most);

size_t chunk_characters(struct slice text);

/* The bytes of `text` that go into `room` characters: all of it, or up to the
 * best cut. With `may_wait` the text could begin a message of its own just as
 * well: 0 unless a sentence or a word ends within the room. Else above 0, if
 * there is any text and any room. */
size_t chunk_first(struct slice text, size_t room, bool may_wait);

/* The bytes of `text` that go into `room` characters, as above but wherever
 * words end: for a glance at what begins so. */
size_t chunk_head(struct slice text, size_t room);

/* Nothing but white space, or nothing at all. */
bool chunk_is_blank(struct slice text);

#endif
