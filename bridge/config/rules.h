/* SPDX-License-Identifier: MIT */
/* What no single value can tell: settings that contradict each other, or that
 * together leave a door open.
 *
 *   - A host that others can reach needs a token, or allowInsecure.
 *   - So does an address of actions: a grant, or allowInsecure. One of events
 *     has no token: it needs allowInsecure.
 *   - Accounts behind one host, port and path are told apart by selfId.
 *   - No QQ number is two accounts.
 *   - No address is on the bus twice, unless it asks for any free port.
 *   - A server of NATS that is not on this machine needs credentials, or
 *     allowInsecure.
 *
 * One thread. */
#ifndef ONEBUS_RULES_H
#define ONEBUS_RULES_H

#include <stddef.h>

struct config_faults;
struct scope;

/* Over struct config_account, the enabled ones. */
void rules_check_accounts(const struct scope *accounts, size_t count,
                          struct config_faults *faults);

/* Over struct config. */
void rules_check_bridge(const struct scope *bridge,
                        struct config_faults *faults);

/* Of bridge.nats in it. `notes`: what counts for nothing. */
void rules_check_nats(const struct scope *bridge, struct config_faults *faults,
                      struct config_faults *notes);

#endif
