/* SPDX-License-Identifier: MIT */
/* Which OneBot implementation is at the other end, by the name and the version
 * that it gives (get_version_info: app_name, app_version). Pure. Any thread. */
#ifndef ONEBUS_PEER_H
#define ONEBUS_PEER_H

#include <stdbool.h>

#include "base/buffer.h"

enum peer_kind {
    PEER_UNKNOWN, /* it has not said, or is one that nothing is known of */
    PEER_NAPCAT,
    PEER_LLBOT, /* LLBot, LLOneBot, LuckyLilliaBot */
    PEER_LAGRANGE,
    PEER_GOCQHTTP,
    PEER_SNOWLUMA,
    PEER_KINDS,
};

struct peer {
    enum peer_kind kind;
    unsigned version[3]; /* 4.8.12 is {4, 8, 12}; zeros where it says none */
};

/* "NapCat.Onebot/4.8.12" and the like. A User-Agent will do, until the peer has
 * said more: NapCat's is `OneBot/11`, go-cqhttp's `CQHttp/4.15.0`; its number
 * is not the version. */
struct peer peer_of(struct slice name_and_version);

/* For people: "NapCat". */
const char *peer_name(enum peer_kind kind);

/* Is it of this version or a later one? Who says no version is taken for a
 * late one. */
bool peer_is_since(const struct peer *peer, unsigned major, unsigned minor,
                   unsigned patch);

#endif
