/* SPDX-License-Identifier: MIT */
/* How jobs go: their media reach the peer, their turn comes, the peer is asked
 * for one step after the other. One thread. */
#ifndef ONEBUS_JOB_RUN_H
#define ONEBUS_JOB_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/request.h"

struct bridge;
struct job;

/* Take a place in the chat's line, in which it keeps its order from here on, if
 * its plan needs one and it has none. False: there is no room, or the turn
 * would come too late. */
bool job_join_line(struct bridge *bridge, struct job *job, struct instant now);

/* Find the media of its steps. Unless it is REPLY_FINE `fault` says what is
 * wrong with them. */
enum reply_error job_find_media(struct bridge *bridge, struct job *job,
                                char fault[REQUEST_FAULT_SIZE]);

/* It is sound and new: off it goes. */
void job_set_out(struct bridge *bridge, struct job *job, struct instant now);

/* Who waits for it is told that it is under way, and waits no more. */
void job_tell_async(struct bridge *bridge, struct job *job, struct instant now);

/* Let all go whose turn it is. */
void job_take_turns(struct bridge *bridge, struct instant now);

/* bridge_on_fetched(), if it is a job's. */
void job_on_fetched(struct bridge *bridge, uint64_t cookie,
                    enum reply_error error, struct buffer *bytes,
                    const char *fault, struct instant now);

#endif
