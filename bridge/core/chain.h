/* SPDX-License-Identifier: MIT */
/* The window of events on their way into a stream, and how their order is kept
 * although many are on their way at once.
 *
 *     stored ▏ sent, unanswered ───────▶ ▏ not sent
 *            head ◀─ 2nd ◀─ 3rd ◀─ …       each names the one before it, and
 *                                          the stream takes it behind that only
 *
 * The head of a run is sent when nothing is on its way, so that it needs to
 * name none. If one is lost on the way, or somebody else's message comes
 * between, the stream refuses all that follow it: nothing is ever stored out of
 * order. When all have been answered, the first that was refused begins a new
 * run. Each run gets at least its head stored, so that several who write to one
 * stream all get on; the fewer are on their way the fewer are refused, so the
 * window is halved then and grows while none are.
 *
 * A stream of several replicas may not be told the id of the one before: a
 * replica that has caught up with the others does not know the id of the last,
 * refuses by itself what they store, and has a hole from then on (nats-server
 * from 2.9 to 2.15). There each names the place of the one before, which the
 * answer to the head tells; nobody else may write to the stream then, for with
 * one message of somebody else's the second would come to where the first
 * should be. Where others write, each goes alone and names none.
 *
 * Pure. One thread. */
#ifndef ONEBUS_CHAIN_H
#define ONEBUS_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHAIN_WINDOW_MAX = 1024,
    /* On their way at once; one that is larger goes alone. More would only wait
     * in buffers, where it holds up what comes behind it. */
    CHAIN_BYTES_MAX = 1 << 20,
};

/* How the order is kept. */
enum chain_order {
    CHAIN_BY_ID,    /* each names the id of the one before */
    CHAIN_BY_PLACE, /* its place: only while nobody else writes */
    CHAIN_ALONE,    /* one at a time, which names none */
};

enum chain_answer {
    CHAIN_STORED,
    CHAIN_REFUSED, /* the one before it is not what the stream has last */
    CHAIN_UNFIT,   /* it can never be stored: passed over */
};

struct chain;

struct chain_event {
    uint64_t seq;     /* higher than all before */
    uint64_t time_ms; /* its own: chain_oldest_ms() */
    size_t bytes;
};

/* What is to be known of an event when it is sent. */
struct chain_link {
    uint64_t ticket; /* names this sending of it; never given twice */
    /* At most one of them: */
    uint64_t behind; /* the seq of the one before it; 0: it does not name it */
    uint64_t place;  /* of the one before it; 0: it does not name it */
};

/* All up to the seq `stored` is in the stream; CHAIN_ALONE. */
struct chain *chain_create(uint64_t stored);
/* NULL is fine. */
void chain_destroy(struct chain *chain);

/* Forget what is on its way, whose answers will be strangers: all up to
 * `stored` is in the stream now, and no more. */
void chain_restart(struct chain *chain, uint64_t stored);

/* From the next that is sent on; what is on its way is waited for. */
void chain_order(struct chain *chain, enum chain_order order);

/* Whether the next event may be sent, or passed over. */
bool chain_has_room(const struct chain *chain);

/* The next event is sent. */
struct chain_link chain_send(struct chain *chain,
                             const struct chain_event *event, uint64_t now_ms);

/* All up to this seq that was not sent can never be: as stored. */
void chain_pass(struct chain *chain, uint64_t seq);

/* The seq that is answered; 0: nothing of that ticket is on its way. `place`:
 * where it was stored. */
uint64_t chain_on_answer(struct chain *chain, uint64_t ticket,
                         enum chain_answer answer, uint64_t place);

/* Whether some were refused and all are answered: those behind
 * chain_stored() are to be sent again, from now on. */
bool chain_mend(struct chain *chain);

/* All up to this seq is in the stream, or never will be. */
uint64_t chain_stored(const struct chain *chain);

/* The time_ms of the first that is on its way; 0 if none is. */
uint64_t chain_oldest_ms(const struct chain *chain);

/* When the first that is unanswered was sent; UINT64_MAX if none is. */
uint64_t chain_waits_since_ms(const struct chain *chain);

size_t chain_count(const struct chain *chain);
size_t chain_window(const struct chain *chain);

#endif
