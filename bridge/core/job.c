/* SPDX-License-Identifier: MIT */
#include "job.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/callers.h"
#include "core/inside.h"
#include "core/preparing.h"

enum {
    /* What is smaller is copied, and its message goes at once. */
    HOLD_BYTES_MIN = 64 << 10,
};

struct job *job_add(struct bridge *bridge)
{
    struct job *job = mem_zalloc(1, sizeof(*job));
    job->cookie = ++bridge->cookies;
    job->previous = bridge->last_job;
    if (bridge->last_job != NULL)
        bridge->last_job->next = job;
    else
        bridge->first_job = job;
    bridge->last_job = job;
    return job;
}

void job_remove(struct bridge *bridge, struct job *job)
{
    if (job->previous != NULL)
        job->previous->next = job->next;
    else
        bridge->first_job = job->next;
    if (job->next != NULL)
        job->next->previous = job->previous;
    else
        bridge->last_job = job->previous;
    bridge->job_bytes -= job->held_bytes;
    callers_forget(job->told);
    preparing_destroy(job->preparing);
    plan_finish(&job->plan);
    outcome_finish(&job->outcome);
    warnings_finish(&job->warnings);
    buffer_finish(&job->reply);
    free(job);
}

struct job *job_find(const struct bridge *bridge, uint64_t cookie)
{
    struct job *job = bridge->first_job;
    while (job != NULL && job->cookie != cookie)
        job = job->next;
    return job;
}

/* A large request that has one caller, who is told nothing before the end, may
 * stay where it is: a copy would make it twice as large for a while. */
static bool is_held(struct bridge *bridge, const struct job *job, void *ticket,
                    const struct request *request)
{
    return job->plan.name.manner == CATALOG_PLAIN && !request->is_json &&
           request->id.size == 0 &&
           plan_borrows(&job->plan) >= HOLD_BYTES_MIN &&
           bridge->ports.hold(bridge->ports.ctx, ticket);
}

bool job_keep(struct bridge *bridge, struct job *job, void *ticket,
              const struct request *request)
{
    job->held_bytes = plan_size(&job->plan) + plan_borrows(&job->plan);
    bridge->job_bytes += job->held_bytes;
    if (bridge->job_bytes > JOB_BYTES_MAX)
        return false;
    if (!is_held(bridge, job, ticket, request))
        plan_keep(&job->plan);
    return true;
}

/* Those that wait for a peer have a deadline of their own: calls.h. */
bool job_is_waiting(const struct job *job)
{
    return job->stage == JOB_LINING || job->stage == JOB_CLAIMING ||
           job->stage == JOB_PREPARING;
}
