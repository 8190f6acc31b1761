/* SPDX-License-Identifier: MIT */
/* May a request go to a peer at all, and to which account's? One thread. */
#ifndef ONEBUS_ADMISSION_H
#define ONEBUS_ADMISSION_H

#include "core/catalog.h"
#include "core/request.h"

struct account;
struct bridge;

/* The account that the request names; NULL: `error` and `text` say why there
 * is none. */
struct account *admission_account(const struct bridge *bridge,
                                  const struct request *request,
                                  enum reply_error *error, const char **text);

/* Whether it is of no use to ask the account's peer for this now. NULL: it is;
 * else why not. */
const char *admission_hindrance(const struct account *account,
                                const struct catalog_name *name,
                                enum reply_error *error);

#endif
