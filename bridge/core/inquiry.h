/* SPDX-License-Identifier: MIT */
/* bridge.why: the last decisions of the gate about a chat, a user or an event,
 * and what to change in the settings. One thread. */
#ifndef ONEBUS_INQUIRY_H
#define ONEBUS_INQUIRY_H

struct serving;

void inquiry_serve(struct serving *serving);

#endif
