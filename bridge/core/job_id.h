/* SPDX-License-Identifier: MIT */
/* The ids of jobs: what is asked for again is not done again.
 *
 *     known to this process?  under way ─▶ joined        done ─▶ its reply
 *     known to the store?     begun ─▶ unknown           done ─▶ its reply
 *     else it is new, and written down before it sets out
 *
 * One thread. */
#ifndef ONEBUS_JOB_ID_H
#define ONEBUS_JOB_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/request.h"

struct account;
struct bridge;
struct job;
struct job_id;
struct once_found;

/* What a request to the job's account gives as id. */
struct job_id job_id_of(const struct job *job, const struct request *request);

/* Whether the id is known to this process; whoever asks has then been seen
 * to. */
bool job_is_known(struct bridge *bridge, const struct account *account,
                  const struct job_id *id, void *ticket,
                  const struct request *request, struct instant now);

/* Ask the store; the job sets out if the id is new. */
void job_claim(struct bridge *bridge, struct job *job, struct instant now);

/* bridge_on_claimed(). */
void job_on_claimed(struct bridge *bridge, uint64_t cookie,
                    const struct once_found *found, struct instant now);

/* bridge_on_kept(). False: that was nothing of a job's. */
bool job_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                 const char *why, struct instant now);

#endif
