/* SPDX-License-Identifier: MIT */
/* The parameters of an action that is in the catalogue: checked before they
 * leave, and in the form that the peer takes. Any thread. */
#ifndef ONEBUS_PARAMS_H
#define ONEBUS_PARAMS_H

#include "base/buffer.h"
#include "base/status.h"
#include "core/request.h"

struct catalog_action;
struct peer;
struct warnings;

/* Check `params` (a MessagePack map; empty: none) against the action and put
 * them in the form that the peer takes: what is null is left out, of a key that
 * is there twice the last counts, an alias becomes the name (and counts only
 * where the name is missing), values are shaped (shape.h). What the catalogue
 * does not know stays, with a warning.
 *
 * `shaped` is `params` itself where nothing had to change, else points into
 * `out`, which is cleared first; `params` must not lie in it.
 * STATUS_INVALID: `fault` says which is wrong and what is allowed. */
MUST_CHECK enum status
params_shape(const struct catalog_action *action, struct slice params,
             const struct peer *peer, struct buffer *out, struct slice *shaped,
             struct warnings *warnings, char fault[static REQUEST_FAULT_SIZE]);

#endif
