/* SPDX-License-Identifier: MIT */
/* bridge.calls: the last calls and how they ended. One thread. */
#ifndef ONEBUS_LEDGER_DESK_H
#define ONEBUS_LEDGER_DESK_H

struct serving;

void ledger_desk_serve(struct serving *serving);

#endif
