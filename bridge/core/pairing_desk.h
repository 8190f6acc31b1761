/* SPDX-License-Identifier: MIT */
/* bridge.pairing.*: whoever runs the bot sees who waits to be let in, and
 * decides. What is decided is answered once it is on disk. One thread. */
#ifndef ONEBUS_PAIRING_DESK_H
#define ONEBUS_PAIRING_DESK_H

struct serving;

void pairing_desk_list(struct serving *serving);
void pairing_desk_approve(struct serving *serving);
void pairing_desk_deny(struct serving *serving);
void pairing_desk_revoke(struct serving *serving);

#endif
