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

/* The request has come on the subject of an account, which ends in the topic
 * token `token`: it is for that one unless it says so otherwise, and cannot be
 * for another. Sets `request->account`, good until the settings are others.
 * REPLY_FINE, or `fault` says what is wrong. */
enum reply_error admission_address(const struct bridge *bridge,
                                   struct slice token, struct request *request,
                                   char fault[static REQUEST_FAULT_SIZE]);

/* Whether it is of no use to ask the account's peer for this now. NULL: it is;
 * else why not. */
const char *admission_hindrance(const struct account *account,
                                const struct catalog_name *name,
                                enum reply_error *error);

#endif
