/* SPDX-License-Identifier: MIT */
/* How the bots stand in their chats: may they speak there, do their sends
 * arrive, who has just spoken to them. What the events and the answers say of
 * it goes to the breaker and to pacing; each change is an event of the
 * bridge's own. One thread. */
#ifndef ONEBUS_STANDING_H
#define ONEBUS_STANDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/request.h"

struct account;
struct bridge;
struct onebot_frame;
struct pacing_chat;

enum { STANDING_TEXT_SIZE = 160 };

/* An event has come, whether or not the gate lets it pass. */
void standing_on_event(struct bridge *bridge, struct account *account,
                       const struct onebot_frame *event, struct instant now);

/* What speaks against a send there now: REPLY_FINE, REPLY_MUTED,
 * REPLY_NOT_IN_GROUP or REPLY_RATE_LIMITED. Unless it is REPLY_FINE, `text`
 * says why and `retry_after_ms` when it may be otherwise; 0: nobody knows.
 * After a pause for failed sends one asker gets REPLY_FINE, the others wait for
 * what comes of it: ask right before sending. */
enum reply_error standing_hindrance(struct bridge *bridge,
                                    const struct pacing_chat *chat,
                                    char text[static STANDING_TEXT_SIZE],
                                    uint64_t *retry_after_ms,
                                    struct instant now);

/* The same as it looks now, for one that does not send yet: whoever asks tries
 * nothing. */
enum reply_error standing_outlook(const struct bridge *bridge,
                                  const struct pacing_chat *chat,
                                  char text[static STANDING_TEXT_SIZE],
                                  uint64_t *retry_after_ms, struct instant now);

/* What came of a send that left at `asked_ms`, mono: REPLY_FINE and
 * REPLY_PEER_ERROR count; whatever else says nothing of the chat. */
void standing_on_sent(struct bridge *bridge, const struct account *account,
                      const struct pacing_chat *chat, enum reply_error outcome,
                      uint64_t asked_ms, struct instant now);

/* A link has come up. If it is the only one, mutes may have been lifted and
 * groups joined without a word to us: none of them counts any more. */
void standing_on_link_up(struct bridge *bridge, const struct account *account,
                         struct instant now);

/* The account is no more. */
void standing_forget(struct bridge *bridge, const struct account *account);

/* Do what is due, and have the next moment watched. */
void standing_on_tick(struct bridge *bridge, struct instant now);

#endif
