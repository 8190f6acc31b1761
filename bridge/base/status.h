/* SPDX-License-Identifier: MIT */
/* How a function fails when it can fail in more than one way.
 *
 * A question answers `bool`, a constructor a pointer or NULL; everything else
 * that can fail returns one of these. A function that fails has changed
 * nothing that its caller can see. */
#ifndef ONEBUS_STATUS_H
#define ONEBUS_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum status {
    STATUS_OK = 0,
    /* The input breaks its grammar or its contract. */
    STATUS_INVALID,
    /* A bounded queue or table has no room. */
    STATUS_FULL,
};

#endif
