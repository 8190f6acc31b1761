/* SPDX-License-Identifier: MIT */
/* Whose an account is, where several bridges share one stream: a bridge serves
 * its accounts there while it holds a lease on the name of each, all or none.
 *
 * A lease is an entry of a bucket that forgets what is not written again in
 * time. Each write says which revision it is to take the place of, so that of
 * two who want a name one is refused, if need be at the next write.
 *
 *     free ── write, of revision 0 ──▶ ours ── write, of our revision ──▶ ours
 *                                        └── refused: whose is it now? Another
 *                                            bridge's: nothing is ours
 *
 * An entry of our own epoch that is there when we come is what is left of our
 * last run, and taken over. One that takes the place of ours while we run is
 * another process with a copy of our state. No socket, no clock. One thread. */
#ifndef ONEBUS_LEASING_H
#define ONEBUS_LEASING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"

struct leasing;

enum {
    /* Entries are to be forgotten this long after they were written. */
    LEASING_TTL_MS = 15 * 1000,
    LEASING_RENEW_MS = 5 * 1000,
    /* The first time, after they have been taken: nats-server 2.9 may tell two
     * who take the place of the same revision at once that each has done so,
     * where the bucket has replicas. The next write tells them apart. */
    LEASING_CHECK_MS = 1000,
    /* Ours for so long after the last time that was certain: no other can have
     * a name before the entry is forgotten, and we have let go by then. */
    LEASING_SURE_MS = 10 * 1000,
    /* Who comes is known to all that are there after so long: none of them is
     * sure for longer, and what they have sent takes a while. */
    LEASING_HEARD_MS = 15 * 1000,
    /* One that has gone counts as there for so long: what it had sent may come
     * once the network is whole again. */
    LEASING_GONE_MS = 3 * 60 * 1000,
    LEASING_FAULT_SIZE = 512,
};

enum lease_verdict {
    LEASE_OURS,      /* all of them */
    LEASE_ELSEWHERE, /* another has one of them: none is ours */
    LEASE_UNKNOWN,   /* the bucket did not answer in time */
};

enum leasing_answer {
    LEASING_DONE,
    LEASING_REFUSED, /* another revision is there */
    LEASING_SILENT,  /* no answer, or an error: it may have happened or not */
};

/* A write. Both strings are borrowed. */
struct leasing_put {
    const char *key;
    struct slice value;         /* empty: the entry is deleted */
    uint64_t revision;          /* that it takes the place of; 0: there must be
                                   none. Once DONE: its own */
    enum leasing_answer answer; /* filled in */
};

/* What is there. The value is borrowed until the next call. */
struct leasing_entry {
    uint64_t revision;  /* 0: nothing */
    struct slice value; /* empty: it was deleted */
};

/* What it asks of the outside. */
struct leasing_ports {
    void *ctx;
    /* All of these, and fill in their answers. */
    void (*put)(void *ctx, struct leasing_put *puts, size_t count);
    /* DONE: `entry` is filled in; or SILENT. */
    enum leasing_answer (*get)(void *ctx, const char *key,
                               struct leasing_entry *entry);
    /* DONE: how many entries there are, the deleted counted in; or SILENT. */
    enum leasing_answer (*count)(void *ctx, size_t *entries);
};

/* Copied. */
struct leasing_options {
    const char *const *accounts; /* their names, as in the settings */
    size_t account_count;
    const char *epoch; /* of our journal */
    const char *run;   /* names this process */
    const char *host;
    const char *version;
    int64_t pid;
};

struct leasing *leasing_create(const struct leasing_options *options,
                               const struct leasing_ports *ports,
                               struct instant now);
/* Nothing is given back. NULL is fine. */
void leasing_destroy(struct leasing *leasing);

/* The accounts are these now; what is dropped is given back, and what is new
 * taken, with the next renewal, which is due at once. */
void leasing_rename(struct leasing *leasing, const char *const *accounts,
                    size_t account_count);

/* Take the names, or keep them. Unless they are ours, `fault` says why. If they
 * are ours again after another had one, `alive_ms` is a moment (wall) at which
 * that one was still there, and none later is known; else 0. */
enum lease_verdict leasing_renew(struct leasing *leasing, struct instant now,
                                 char fault[static LEASING_FAULT_SIZE],
                                 uint64_t *alive_ms);

/* When to renew next: mono ms. */
uint64_t leasing_due(const struct leasing *leasing);

/* Whether other bridges have names there, or may have: it is not known that
 * none has. `now_ms`: mono. */
bool leasing_is_shared(const struct leasing *leasing, uint64_t now_ms);

/* Once the names are ours, all others who have some know that we are there from
 * then on: mono ms. */
uint64_t leasing_heard_ms(const struct leasing *leasing);

/* Give back what is ours. */
void leasing_release(struct leasing *leasing);

/* The topic tokens of the accounts, sorted, each once: the keys in the bucket,
 * and what their subjects end in. */
size_t leasing_name_count(const struct leasing *leasing);
const char *leasing_name(const struct leasing *leasing, size_t index);

#endif
