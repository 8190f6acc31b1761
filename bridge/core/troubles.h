/* SPDX-License-Identifier: MIT */
/* bridge.troubles: what has gone wrong of late, for whoever asks why a peer
 * cannot connect or why it is silent. One thread. */
#ifndef ONEBUS_TROUBLES_H
#define ONEBUS_TROUBLES_H

struct serving;

void troubles_serve(struct serving *serving);

#endif
