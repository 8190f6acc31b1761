/* SPDX-License-Identifier: MIT */
/* Actions by NATS: the subjects of the accounts whose names are ours, and what
 * is told where the core does not get to it.
 *
 * The link's owner says when; the loop takes the requests. */
#ifndef ONEBUS_SUBJECTS_H
#define ONEBUS_SUBJECTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct lease;
struct nats_link;
struct subjects;
struct ticket;

struct subjects_options {
    const char *prefix; /* of all subjects; NULL: none */
    size_t contexts;    /* requests at a time */
    /* Requests wait. Any thread. */
    void (*wake)(void *ctx);
    void *ctx;
};

/* NULL: there is no thread. That is fine where it ends and where the loop
 * asks. */
struct subjects *subjects_create(const struct subjects_options *options);

/* After subjects_stop() and subjects_leave(). */
void subjects_destroy(struct subjects *subjects);

/* ---- the link's owner ---------------------------------------------------- */

/* The names of the lease are ours, and the link is up: take what is asked on
 * their subjects. Cheap where that is so already. */
void subjects_serve(struct subjects *subjects, struct nats_link *link,
                    const struct lease *lease);

/* The names of the lease are others, ours or not. */
void subjects_rename(struct subjects *subjects);

/* They are not ours any more. Replies still leave. */
void subjects_rest(struct subjects *subjects);

/* Before the link is dropped, dialled anew or destroyed. */
void subjects_leave(struct subjects *subjects);

/* ---- the loop ----------------------------------------------------------- */

/* As nats_actions_take(). */
void subjects_take(struct subjects *subjects,
                   void (*on_request)(void *ctx, struct ticket *ticket,
                                      struct slice token, struct slice request),
                   void *ctx);

/* No more replies come: those there are leave first. */
void subjects_stop(struct subjects *subjects);

/* Replies that have not left yet. */
size_t subjects_unsent(const struct subjects *subjects);

/* Requests that have come. */
uint64_t subjects_requests(const struct subjects *subjects);

#endif
