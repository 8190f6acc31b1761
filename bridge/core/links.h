/* SPDX-License-Identifier: MIT */
/* The links of the accounts: their coming and going, whether they live, whether
 * QQ is online behind them and whether actions are answered; and dialling,
 * where it is the bridge that does. Each change of state is an event of the
 * bridge's own. One thread. */
#ifndef ONEBUS_LINKS_H
#define ONEBUS_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct account;
struct bridge;
struct link;
struct link_info;
struct onebot_frame;

/* bridge_admits(). */
bool links_admit(struct bridge *bridge, struct account *account,
                 int64_t self_id, int64_t *other, struct instant now);

/* A peer has opened a link, or the bridge has opened one to it. */
struct link *links_on_up(struct bridge *bridge, struct account *account,
                         const struct link_info *info, void *wire,
                         struct instant now);

/* A link has ended. `code` is the peer's close code (RFC 6455, 7.4; 1005:
 * none, 1006: the connection was lost), `reason` says how it ended. */
void links_on_down(struct bridge *bridge, struct link *link, uint16_t code,
                   const char *reason, struct instant now);

/* An attempt to dial has led nowhere. */
void links_on_dial_failed(struct bridge *bridge, struct account *account,
                          const char *reason, struct instant now);

/* A frame of kind ONEBOT_EVENT has come. False: it is none of this account's,
 * and the link is being closed. */
bool links_on_event(struct bridge *bridge, struct link *link,
                    const struct onebot_frame *frame, struct instant now);

/* A frame of kind ONEBOT_ANSWER has come over `link`, to a call that had been
 * sent over the one with the serial `asked`; 0: nobody knows. */
void links_on_answer(struct bridge *bridge, struct link *link,
                     const struct onebot_frame *frame, uint64_t asked,
                     struct instant now);

/* Close the account's links: the settings no longer have it, or have it
 * somewhere else. */
void links_close(struct bridge *bridge, struct account *account,
                 const char *why, struct instant now);

/* The account's settings are others now: dial, or no longer. */
void links_on_options(struct bridge *bridge, struct account *account,
                      struct instant now);

/* Close them because the account is reached in another way now, and dial anew
 * if it is the bridge that does. */
void links_renew(struct bridge *bridge, struct account *account,
                 struct instant now);

/* Note which QQ numbers are bots of this bridge. */
void links_learn_bots(struct bridge *bridge);

/* Do what is due, and have the next moment watched. */
void links_on_tick(struct bridge *bridge, struct instant now);

#endif
