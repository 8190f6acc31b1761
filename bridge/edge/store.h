/* SPDX-License-Identifier: MIT */
/* What outlives a restart, beside the events: who is paired, how far the
 * consumers are, and which request ids have been used. One SQLite file,
 * `onebus.db`, in the state folder.
 *
 *     loop ── store_put() ──▶ queue ──▶ thread: commit ──▶ mailbox ──▶ loop:
 *                                                          store_take()
 *
 * Writing is a thread's of its own, so that nothing waits for the disk; what
 * has gathered meanwhile is one transaction, and what is kept has been synced.
 * People and cursors are read once, before the loop runs; request ids, of which
 * there may be a million, by the thread when they come. */
#ifndef ONEBUS_STORE_H
#define ONEBUS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "edge/claims.h"

enum {
    STORE_ACCOUNT_SIZE = 65,
    STORE_CODE_SIZE = 9,
    STORE_NICKNAME_SIZE = 65,
    /* Changes on their way to the disk. */
    STORE_QUEUE_MAX = 1024,
    STORE_CONSUMER_SIZE = 129,
    STORE_EPOCH_SIZE = 33,
    STORE_FAULT_SIZE = 512,
    STORE_KEY_BYTES_MAX = 256,
    /* Of used request ids, and of the replies to their calls. */
    STORE_CLAIMS_MAX = 1000 * 1000,
    STORE_REPLIES_BYTES_MAX = 512 << 20,
};

/* One person at one account. What `state` means is the caller's; the key is
 * account and user_id. */
struct store_person {
    char account[STORE_ACCOUNT_SIZE];
    int64_t user_id;
    char code[STORE_CODE_SIZE];
    char nickname[STORE_NICKNAME_SIZE];
    int state;
    uint64_t asked_ms, expires_ms, decided_ms; /* since 1970 */
};

/* Up to which event a consumer has come, in the journal of this epoch. */
struct store_cursor {
    char consumer[STORE_CONSUMER_SIZE];
    char epoch[STORE_EPOCH_SIZE];
    uint64_t seq;
};

/* What has become of a claim. If it could not be kept it is CLAIMS_NEW. */
struct store_found {
    enum claims_state state;
    struct slice reply; /* of CLAIMS_DONE */
    bool is_kept;
    const char *why; /* it is not; else "" */
};

/* Who is told how the changes went. */
struct store_listener {
    void *ctx;
    void (*on_done)(void *ctx, uint64_t cookie, bool is_kept, const char *why);
    void (*on_claimed)(void *ctx, uint64_t cookie,
                       const struct store_found *found);
};

struct store;

/* Open the file in `folder`, which is made if it is not there. `wake` is called
 * by the store's thread when store_take() has something. NULL: `fault` says
 * why, and what to do. */
struct store *store_open(const char *folder, void (*wake)(void *ctx), void *ctx,
                         char fault[static STORE_FAULT_SIZE]);

/* What is queued is written first. NULL is fine. */
void store_close(struct store *store);

/* Each person, each cursor that is kept; before anything is put. */
void store_each_person(struct store *store,
                       void (*on_person)(void *ctx,
                                         const struct store_person *person),
                       void *ctx);
void store_each_cursor(struct store *store,
                       void (*on_cursor)(void *ctx,
                                         const struct store_cursor *cursor),
                       void *ctx);

/* Keep, or forget, this person or cursor. The cookie comes back with the
 * outcome. STATUS_FULL: too many changes are on their way. The loop's thread.
 */
MUST_CHECK enum status store_put_person(struct store *store,
                                        const struct store_person *person,
                                        bool forget, uint64_t cookie);
MUST_CHECK enum status store_put_cursor(struct store *store,
                                        const struct store_cursor *cursor,
                                        bool forget, uint64_t cookie);

/* Use this request id, if nobody has within CLAIMS_KEEP_MS; on_claimed() tells.
 * `key` has STORE_KEY_BYTES_MAX at most, `digest` is CLAIMS_DIGEST_SIZE bytes
 * of what is asked for. Otherwise as above. */
MUST_CHECK enum status store_claim(struct store *store, struct slice key,
                                   const unsigned char *digest,
                                   uint64_t wall_ms, uint64_t cookie);

/* Keep the reply to a claim, or a better one than before; on_done() tells. */
MUST_CHECK enum status store_end_claim(struct store *store, struct slice key,
                                       struct slice reply, uint64_t cookie);

/* A claim that has no reply may be made again. Nobody is told; there is always
 * room for it, for there are no more of them than of claims. */
void store_forget_claim(struct store *store, struct slice key);

/* Tell how the changes went that are done. The loop's thread. */
void store_take(struct store *store, const struct store_listener *listener);

/* Changes on their way. */
size_t store_waiting(const struct store *store);

#endif
