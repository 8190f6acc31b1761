/* SPDX-License-Identifier: MIT */
/* One request to the bridge itself, being served. It gets one reply:
 *
 *     serving_refuse()              what is wrong with it, now
 *     serving_wait()                serving->data, once serving_settle() says
 *                                   how it ended, or the data that brings
 *     neither: serving_finish()     serving->data, now
 *
 * One thread. */
#ifndef ONEBUS_SERVING_H
#define ONEBUS_SERVING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/request.h"

struct bridge;

enum {
    /* Replies that wait for the disk, or for the settings. */
    SERVING_WAITING_MAX = 128,
};

struct serving {
    struct bridge *bridge;
    void *ticket;
    const struct request *request;
    struct instant now;
    struct buffer data; /* of the reply: MessagePack */
    bool is_waiting;    /* the reply comes later, or has gone already */
    bool is_noted;      /* among the last calls; else only if it fails */
};

/* ---- parameters ------------------------------------------------------ */

/* Whether there is such a parameter; nil is none. */
bool serving_has(const struct serving *serving, const char *key);

/* A QQ number, as a number or text; 0 if it is not there or none. */
int64_t serving_id(const struct serving *serving, const char *key);

/* Empty if it is not there or no text. */
struct slice serving_text(const struct serving *serving, const char *key);

/* `account`, in the request or among its parameters; may name none. */
struct slice serving_account_name(const struct serving *serving);

/* A whole number, as a number or text; `fallback` if it is not there. False: it
 * is something else or out of range, and the caller has been told. */
bool serving_uint(struct serving *serving, const char *key, uint64_t least,
                  uint64_t most, uint64_t fallback, uint64_t *value);

/* `epoch`, if it is there, must be the journal's. False: it is another, and the
 * caller has been told. */
bool serving_epoch(struct serving *serving);

/* ---- the reply ------------------------------------------------------- */

void serving_refuse(struct serving *serving, enum reply_error error,
                    const char *text);

/* Reply once it is known how this ends; cookie 0 is that of the settings.
 * False: too many wait, and nothing has been replied. */
bool serving_wait(struct serving *serving, uint64_t cookie);

/* Reply to those that wait for this, with their own data or `data`, or with
 * what went wrong. */
void serving_settle(struct bridge *bridge, uint64_t cookie, struct slice data,
                    enum reply_error error, const char *why);

/* Reply to all that wait: the bridge stops. */
void serving_abandon(struct bridge *bridge);

/* Forget all that wait, without a reply. */
void serving_forget(struct bridge *bridge);

/* Served: reply, unless that is done or comes later. */
void serving_finish(struct serving *serving);

#endif
