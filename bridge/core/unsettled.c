/* SPDX-License-Identifier: MIT */
#include "unsettled.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/recent.h"
#include "core/sent_ids.h"

/* A message that is remembered. */
struct seen {
    size_t account;
    struct utterance said;
    uint64_t time_ms;
    char id[UNSETTLED_ID_BYTES_MAX];
    size_t id_size;
};

/* A call whose message cannot be told. */
struct doubt {
    size_t account;
    struct utterance said;
    uint64_t sent_ms;
};

struct unsettled {
    struct unsettled_call *first, *last;
    size_t count;
    struct recent *claimed;
    struct seen seen[UNSETTLED_SEEN_MAX];      /* a ring */
    size_t seen_count;                         /* of all ever */
    struct doubt doubts[UNSETTLED_DOUBTS_MAX]; /* likewise */
    size_t doubt_count;
};

struct unsettled *unsettled_create(uint64_t seed)
{
    struct unsettled *unsettled = mem_zalloc(1, sizeof(*unsettled));
    unsettled->claimed = recent_create(seed);
    return unsettled;
}

static void free_call(struct unsettled_call *call)
{
    free(call->action);
    buffer_finish(&call->id);
    buffer_finish(&call->trace);
    free(call);
}

void unsettled_destroy(struct unsettled *unsettled)
{
    if (unsettled == NULL)
        return;
    struct unsettled_call *next;
    for (struct unsettled_call *call = unsettled->first; call != NULL;
         call = next) {
        next = call->next;
        free_call(call);
    }
    recent_destroy(unsettled->claimed);
    free(unsettled);
}

/* ---- the calls --------------------------------------------------------- */

struct unsettled_call *unsettled_add(struct unsettled *unsettled)
{
    if (unsettled->count == UNSETTLED_MAX)
        return NULL;
    struct unsettled_call *call = mem_zalloc(1, sizeof(*call));
    call->previous = unsettled->last;
    if (unsettled->last != NULL)
        unsettled->last->next = call;
    else
        unsettled->first = call;
    unsettled->last = call;
    unsettled->count++;
    return call;
}

void unsettled_remove(struct unsettled *unsettled, struct unsettled_call *call)
{
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        unsettled->first = call->next;
    if (call->next != NULL)
        call->next->previous = call->previous;
    else
        unsettled->last = call->previous;
    unsettled->count--;
    free_call(call);
}

struct unsettled_call *unsettled_first(const struct unsettled *unsettled)
{
    return unsettled->first;
}

size_t unsettled_count(const struct unsettled *unsettled)
{
    return unsettled->count;
}

struct unsettled_call *unsettled_find(const struct unsettled *unsettled,
                                      size_t account, struct slice echo)
{
    for (struct unsettled_call *call = unsettled->first; call != NULL;
         call = call->next)
        if (call->account == account && slice_equals(echo, call->echo))
            return call;
    return NULL;
}

/* ---- the messages ------------------------------------------------------ */

void unsettled_doubt(struct unsettled *unsettled, size_t account,
                     const struct utterance *said, uint64_t sent_ms)
{
    size_t place = unsettled->doubt_count++ % UNSETTLED_DOUBTS_MAX;
    unsettled->doubts[place] = (struct doubt){account, *said, sent_ms};
}

/* An older one has its message from before the call. */
bool unsettled_is_doubtful(const struct unsettled *unsettled,
                           const struct unsettled_call *call)
{
    for (size_t i = 0; i < UNSETTLED_DOUBTS_MAX && i < unsettled->doubt_count;
         i++) {
        const struct doubt *doubt = &unsettled->doubts[i];
        if (doubt->account == call->account &&
            utterance_is_same(&doubt->said, &call->said) &&
            doubt->sent_ms + UNSETTLED_SKEW_MS >= call->sent_ms)
            return true;
    }
    return false;
}

bool unsettled_fits(const struct unsettled *unsettled,
                    const struct unsettled_call *call,
                    const struct unsettled_message *message)
{
    return call->said.chat_id != 0 && call->account == message->account &&
           utterance_is_same(&call->said, &message->said) &&
           message->time_ms + UNSETTLED_SKEW_MS >= call->sent_ms &&
           !sent_ids_has(unsettled->claimed, message->account, message->id) &&
           !unsettled_is_doubtful(unsettled, call);
}

struct unsettled_call *unsettled_match(const struct unsettled *unsettled,
                                       const struct unsettled_message *message)
{
    for (struct unsettled_call *call = unsettled->first; call != NULL;
         call = call->next)
        if (unsettled_fits(unsettled, call, message))
            return call;
    return NULL;
}

void unsettled_claim(struct unsettled *unsettled, size_t account,
                     struct slice id)
{
    sent_ids_add(unsettled->claimed, account, id);
}

void unsettled_see(struct unsettled *unsettled,
                   const struct unsettled_message *message)
{
    if (message->id.size > UNSETTLED_ID_BYTES_MAX ||
        sent_ids_has(unsettled->claimed, message->account, message->id))
        return;
    struct seen *seen =
        &unsettled->seen[unsettled->seen_count++ % UNSETTLED_SEEN_MAX];
    *seen = (struct seen){
        .account = message->account,
        .said = message->said,
        .time_ms = message->time_ms,
        .id_size = message->id.size,
    };
    memcpy(seen->id, message->id.data, message->id.size);
}

static struct unsettled_message message_of(const struct seen *seen)
{
    return (struct unsettled_message){
        .account = seen->account,
        .said = seen->said,
        .time_ms = seen->time_ms,
        .id = {seen->id, seen->id_size},
    };
}

bool unsettled_recall(const struct unsettled *unsettled,
                      const struct unsettled_call *call, struct slice *id)
{
    size_t i = unsettled->seen_count > UNSETTLED_SEEN_MAX
                   ? unsettled->seen_count - UNSETTLED_SEEN_MAX
                   : 0;
    for (; i < unsettled->seen_count; i++) {
        const struct unsettled_message message =
            message_of(&unsettled->seen[i % UNSETTLED_SEEN_MAX]);
        if (!unsettled_fits(unsettled, call, &message))
            continue;
        *id = message.id;
        return true;
    }
    return false;
}
