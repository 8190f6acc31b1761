/* SPDX-License-Identifier: MIT */
/* CQ codes: a message as one string, `[CQ:at,qq=10001] hello`.
 *
 * Reading follows what the implementations write (OneBot 11, message/string;
 * NapCat's pattern \[CQ:(\w+)((,\w+=[^,\]]*)*)]): a code that does not fit the
 * pattern stays plain text, `&#91; &#93; &#44;` are unescaped before `&amp;`,
 * once. Any thread. */
#ifndef ONEBUS_CQCODE_H
#define ONEBUS_CQCODE_H

#include "base/buffer.h"

/* Append `text` to `out` as a MessagePack array of segments
 * {"type": str, "data": {str: str}}, in the shortest form. The text between
 * codes becomes `text` segments; an empty string gives an empty array. */
void cqcode_to_segments(struct slice text, struct buffer *out);

#endif
