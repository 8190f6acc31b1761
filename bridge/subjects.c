/* SPDX-License-Identifier: MIT */
#include "subjects.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "core/callers.h"
#include "core/excuse.h"
#include "edge/nats_actions.h"
#include "edge/nats_link.h"
#include "edge/nats_subject.h"
#include "lease.h"

struct subjects {
    struct nats_actions *actions;
    bool is_served; /* the owner's: as the lease and the link are now */
};

/* ---- instead of the core: any thread ----------------------------------- */

static void refuse(struct slice request, bool is_over, struct buffer *out)
{
    if (is_over)
        excuse_request(request, REPLY_SHUTTING_DOWN,
                       "the bridge is shutting down", out);
    else
        excuse_request(request, REPLY_BUSY, CALLERS_TOO_MANY, out);
}

/* It has been carried out: asking for it once more does not help. */
static void shrink(struct slice reply, size_t bytes_max, struct buffer *out)
{
    char text[REQUEST_FAULT_SIZE];
    snprintf(text, sizeof(text),
             "it was carried out, but the reply of %zu bytes is above the %zu "
             "that the NATS server passes on: ask for less at a time, or raise "
             "max_payload in the server's configuration",
             reply.size, bytes_max);
    excuse_reply(reply, REPLY_TOO_LARGE, text, out);
}

/* ---- life ------------------------------------------------------------- */

struct subjects *subjects_create(const struct subjects_options *options)
{
    struct subjects *subjects = mem_zalloc(1, sizeof(*subjects));
    char *prefix = nats_subject_under(options->prefix, "qq.action.");
    const struct nats_actions_options actions = {
        .prefix = prefix,
        .contexts = options->contexts,
        .wake = options->wake,
        .ctx = options->ctx,
        .refuse = refuse,
        .shrink = shrink,
    };
    subjects->actions = nats_actions_create(&actions);
    free(prefix);
    if (subjects->actions != NULL)
        return subjects;
    free(subjects);
    return NULL;
}

void subjects_destroy(struct subjects *subjects)
{
    if (subjects == NULL)
        return;
    nats_actions_destroy(subjects->actions);
    free(subjects);
}

/* ---- the link's owner ------------------------------------------------- */

void subjects_serve(struct subjects *subjects, struct nats_link *link,
                    const struct lease *lease)
{
    char fault[NATS_FAULT_SIZE];
    size_t count = lease_name_count(lease);
    if (subjects->is_served)
        return;
    const char **tokens = mem_zalloc(count + 1, sizeof(*tokens));
    for (size_t i = 0; i < count; i++)
        tokens[i] = lease_name(lease, i);
    subjects->is_served =
        nats_actions_serve(subjects->actions, nats_link_connection(link),
                           tokens, count, fault, sizeof(fault));
    if (!subjects->is_served) /* with the connection, which is made anew */
        log_debug("actions: %s", fault);
    free(tokens);
}

void subjects_rename(struct subjects *subjects)
{
    subjects->is_served = false;
}

void subjects_rest(struct subjects *subjects)
{
    subjects->is_served = false;
    nats_actions_rest(subjects->actions);
}

void subjects_leave(struct subjects *subjects)
{
    if (subjects == NULL)
        return;
    subjects->is_served = false;
    nats_actions_leave(subjects->actions);
}

/* ---- the loop --------------------------------------------------------- */

void subjects_take(struct subjects *subjects,
                   void (*on_request)(void *ctx, struct ticket *ticket,
                                      struct slice token, struct slice request),
                   void *ctx)
{
    if (subjects != NULL)
        nats_actions_take(subjects->actions, on_request, ctx);
}

void subjects_stop(struct subjects *subjects)
{
    if (subjects != NULL)
        nats_actions_stop(subjects->actions);
}

size_t subjects_unsent(const struct subjects *subjects)
{
    return subjects == NULL ? 0 : nats_actions_unsent(subjects->actions);
}

uint64_t subjects_requests(const struct subjects *subjects)
{
    return subjects == NULL ? 0 : nats_actions_requests(subjects->actions);
}
