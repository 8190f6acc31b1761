/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/bridge.h"
#include "core/cursors.h"
#include "core/once.h"
#include "core/pairing.h"
#include "edge/loop.h"
#include "edge/store.h"

static_assert((int)ONCE_KEY_SIZE <= (int)STORE_KEY_BYTES_MAX &&
                  (int)ONCE_DIGEST_SIZE == (int)CLAIMS_DIGEST_SIZE &&
                  (int)ONCE_KEEP_MS == (int)CLAIMS_KEEP_MS,
              "one is handed on as the other");

struct kept {
    struct store *store;   /* NULL: nothing outlives a restart */
    struct bridge *bridge; /* that is told */
    struct complaints complaints;
};

struct kept *kept_open(const char *folder, struct loop *loop)
{
    struct kept *kept = mem_zalloc(1, sizeof(*kept));
    char fault[STORE_FAULT_SIZE] =
        "no place for it: set bridge.stateDir, $STATE_DIRECTORY or $HOME";
    if (folder != NULL)
        kept->store = store_open(folder, loop_wake, loop, fault);
    if (kept->store == NULL)
        log_error("store: %s; who is paired, the consumers' cursors and the "
                  "request ids are forgotten when the bridge ends",
                  fault);
    return kept;
}

void kept_close(struct kept *kept)
{
    if (kept == NULL)
        return;
    store_close(kept->store);
    free(kept);
}

/* ---- from before this start -----------------------------------------------
 */

static void on_person(void *ctx, const struct store_person *person)
{
    struct pairing_entry entry = {
        .user_id = person->user_id,
        .state = (enum pairing_state)person->state,
        .asked_ms = person->asked_ms,
        .expires_ms = person->expires_ms,
        .decided_ms = person->decided_ms,
    };
    memcpy(entry.account, person->account, sizeof(entry.account));
    memcpy(entry.code, person->code, sizeof(entry.code));
    memcpy(entry.nickname, person->nickname, sizeof(entry.nickname));
    if (!bridge_restore(ctx, &entry))
        log_warn("store: an entry makes no sense account=%s user=%" PRId64,
                 entry.account, entry.user_id);
}

static void on_cursor(void *ctx, const struct store_cursor *stored)
{
    struct cursor cursor = {.seq = stored->seq};
    memcpy(cursor.consumer, stored->consumer, sizeof(cursor.consumer));
    memcpy(cursor.epoch, stored->epoch, sizeof(cursor.epoch));
    if (!bridge_restore_cursor(ctx, &cursor))
        log_warn("store: there are too many cursors consumer=%s",
                 cursor.consumer);
}

void kept_restore(struct kept *kept, struct bridge *bridge)
{
    if (kept->store == NULL)
        return;
    store_each_person(kept->store, on_person, bridge);
    store_each_cursor(kept->store, on_cursor, bridge);
}

/* ---- to be kept -----------------------------------------------------------
 */

enum status kept_person(struct kept *kept, const struct pairing_entry *entry,
                        uint64_t cookie)
{
    struct store_person person = {
        .user_id = entry->user_id,
        .state = (int)entry->state,
        .asked_ms = entry->asked_ms,
        .expires_ms = entry->expires_ms,
        .decided_ms = entry->decided_ms,
    };
    if (kept->store == NULL)
        return STATUS_FULL;
    memcpy(person.account, entry->account, sizeof(person.account));
    memcpy(person.code, entry->code, sizeof(person.code));
    memcpy(person.nickname, entry->nickname, sizeof(person.nickname));
    return store_put_person(kept->store, &person, entry->state == PAIRING_GONE,
                            cookie);
}

enum status kept_cursor(struct kept *kept, const struct cursor *cursor,
                        bool forget, uint64_t cookie)
{
    struct store_cursor stored = {.seq = cursor->seq};
    if (kept->store == NULL)
        return STATUS_FULL;
    memcpy(stored.consumer, cursor->consumer, sizeof(stored.consumer));
    memcpy(stored.epoch, cursor->epoch, sizeof(stored.epoch));
    return store_put_cursor(kept->store, &stored, forget, cookie);
}

static struct slice bytes_of(const struct once_key *key)
{
    return (struct slice){key->bytes, key->size};
}

enum status kept_claim(struct kept *kept, const struct once_key *key,
                       const struct once_digest *digest, uint64_t wall_ms,
                       uint64_t cookie)
{
    if (kept->store == NULL)
        return STATUS_FULL;
    return store_claim(kept->store, bytes_of(key), digest->bytes, wall_ms,
                       cookie);
}

enum status kept_finish(struct kept *kept, const struct once_key *key,
                        struct slice reply, uint64_t cookie)
{
    if (kept->store == NULL)
        return STATUS_FULL;
    return store_end_claim(kept->store, bytes_of(key), reply, cookie);
}

void kept_forget(struct kept *kept, const struct once_key *key)
{
    if (kept->store != NULL)
        store_forget_claim(kept->store, bytes_of(key));
}

static void complain(struct kept *kept, const char *why, struct instant now)
{
    static const char reason[] = "cannot write";
    uint64_t count = complaint_count(&kept->complaints, reason, now.mono_ms);
    if (count > 0)
        log_error("store: %s: %s; changes count until the next restart "
                  "count=%" PRIu64,
                  reason, why, count);
}

static void on_done(void *ctx, uint64_t cookie, bool is_kept, const char *why)
{
    struct kept *kept = ctx;
    struct instant now = clock_now();
    if (!is_kept)
        complain(kept, why, now);
    bridge_on_kept(kept->bridge, cookie, is_kept, why, now);
}

static enum once_state once_state_of(enum claims_state state)
{
    switch (state) {
    case CLAIMS_BEGUN:
        return ONCE_BEGUN;
    case CLAIMS_DONE:
        return ONCE_DONE;
    case CLAIMS_OTHER:
        return ONCE_OTHER;
    case CLAIMS_NEW:
        break;
    }
    return ONCE_NEW;
}

static void on_claimed(void *ctx, uint64_t cookie,
                       const struct store_found *stored)
{
    struct kept *kept = ctx;
    struct instant now = clock_now();
    const struct once_found found = {
        .state = once_state_of(stored->state),
        .reply = stored->reply,
        .is_durable = stored->is_kept,
        .why = stored->why,
    };
    if (!stored->is_kept)
        complain(kept, stored->why, now);
    bridge_on_claimed(kept->bridge, cookie, &found, now);
}

size_t kept_waiting(const struct kept *kept)
{
    return kept->store == NULL ? 0 : store_waiting(kept->store);
}

void kept_take(struct kept *kept, struct bridge *bridge)
{
    const struct store_listener listener = {
        .ctx = kept, .on_done = on_done, .on_claimed = on_claimed};
    kept->bridge = bridge;
    if (kept->store != NULL)
        store_take(kept->store, &listener);
}
