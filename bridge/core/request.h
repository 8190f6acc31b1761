/* SPDX-License-Identifier: MIT */
/* An action request from the bus, and the reply to it.
 *
 * Both are MessagePack maps; a request that begins with `{` is JSON and gets a
 * JSON reply. Keys, types and errors: schema/README.md. Any thread. */
#ifndef ONEBUS_REQUEST_H
#define ONEBUS_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

enum {
    REQUEST_ACTION_BYTES_MAX = 128,
    REQUEST_ID_BYTES_MAX = 128,
    REQUEST_TRACE_BYTES_MAX = 256,
    REQUEST_TOKEN_BYTES_MAX = 1024,
    REQUEST_TIMEOUT_MS_MAX = 30 * 60 * 1000,
};

struct grant;
struct warnings;

/* The error classes of the contract. REPLY_FINE is none. */
enum reply_error {
    REPLY_FINE,
    REPLY_BAD_REQUEST,
    REPLY_BAD_PARAMS,
    REPLY_UNKNOWN_ACTION,
    REPLY_ACCOUNT_REQUIRED,
    REPLY_UNKNOWN_ACCOUNT,
    REPLY_UNAUTHORIZED,
    REPLY_DENIED,
    REPLY_TOO_LARGE,
    REPLY_BUSY,
    REPLY_RATE_LIMITED,
    REPLY_MUTED,
    REPLY_NOT_IN_GROUP,
    REPLY_NOT_CONNECTED,
    REPLY_OFFLINE,
    REPLY_STALLED,
    REPLY_TIMEOUT,
    REPLY_UNKNOWN,
    REPLY_UNSUPPORTED_BY_PEER,
    REPLY_PEER_ERROR,
    REPLY_SHUTTING_DOWN,
    REPLY_INTERNAL,
};

/* Slices point into the bytes that were read. */
struct request {
    bool is_json;
    struct slice action;
    struct slice params;  /* a MessagePack map; empty if none were given */
    struct slice account; /* empty if not given */
    int64_t self_id;      /* 0 if not given */
    struct slice id;
    struct slice trace;
    struct slice token;  /* a secret; empty if not given */
    struct grant *grant; /* whose token it is; NULL: no grants are set */
    uint64_t timeout_ms; /* 0 if not given */
};

enum { REQUEST_FAULT_SIZE = 512 };

/* Read `bytes`. `scratch` is cleared and holds a JSON request's MessagePack;
 * it must stay as it is as long as `request` is used.
 * STATUS_INVALID: `fault` says which field is wrong and what is allowed;
 * `request` then holds what was read before it, `is_json` always. */
MUST_CHECK enum status request_read(struct slice bytes, struct buffer *scratch,
                                    struct request *request,
                                    char fault[static REQUEST_FAULT_SIZE]);

/* A reply. Empty slices and NULL strings are left out. */
struct reply {
    const char *status; /* NULL: "ok" or "failed" by `error` */
    enum reply_error error;
    bool has_retcode;     /* else the error's own */
    int64_t retcode;      /* the peer's */
    struct slice data;    /* MessagePack */
    struct slice message; /* MessagePack, as the peer sent it */
    struct slice wording;
    const char *text; /* our own message, when there is none of the peer's */
    const char *account;
    const struct warnings *warnings; /* NULL: none */
    struct slice id;
    struct slice trace;
    uint64_t ms;
};

/* Replace `out` by the reply's bytes, as JSON text if `as_json`. */
void reply_pack(const struct reply *reply, bool as_json, struct buffer *out);

/* Read what reply_pack() made, as MessagePack, without account, id, trace and
 * ms. Slices point into `pack`; the warnings are added to `warnings`. What is
 * no such reply is `internal`. */
void reply_read(struct slice pack, struct reply *reply,
                struct warnings *warnings);

const char *reply_error_name(enum reply_error error);

/* What it says: a literal, and the peer's retcode or the error's own. */
const char *reply_status(const struct reply *reply);
int64_t reply_retcode(const struct reply *reply);

#endif
