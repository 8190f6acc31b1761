/* SPDX-License-Identifier: MIT */
/* bridge.log: how much the log says, told and changed. One thread. */
#ifndef ONEBUS_LOG_DESK_H
#define ONEBUS_LOG_DESK_H

struct serving;

void log_desk_serve(struct serving *serving);

#endif
