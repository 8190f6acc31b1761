/* SPDX-License-Identifier: MIT */
#include "media_desk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/admission.h"
#include "core/calls.h"
#include "core/catalog.h"
#include "core/download.h"
#include "core/inside.h"
#include "core/pack.h"
#include "core/serving.h"

enum {
    /* NapCat loads the file itself before it answers. */
    ANSWER_TIMEOUT_MS = 60 * 1000,
};

/* One file that is being got. */
struct media_task {
    struct media_task *next;
    uint64_t cookie; /* of who waits for it */
    size_t account;  /* its index */
    struct download *download;
    struct call *call; /* under way; NULL: none is */
    bool is_fetched;   /* it came from where a URL leads, not from the peer */
};

/* ---- the tasks ------------------------------------------------------- */

size_t media_desk_count(const struct bridge *bridge)
{
    size_t count = 0;
    for (const struct media_task *task = bridge->media_tasks; task != NULL;
         task = task->next)
        count++;
    return count;
}

static void destroy(struct media_task *task)
{
    if (task->call != NULL)
        calls_disown(task->call);
    download_destroy(task->download);
    free(task);
}

static void remove_task(struct bridge *bridge, struct media_task *task)
{
    struct media_task **place = &bridge->media_tasks;
    while (*place != task)
        place = &(*place)->next;
    *place = task->next;
    destroy(task);
}

void media_desk_forget(struct bridge *bridge)
{
    while (bridge->media_tasks != NULL)
        remove_task(bridge, bridge->media_tasks);
}

/* ---- their ends ------------------------------------------------------ */

static void fail(struct bridge *bridge, struct media_task *task,
                 enum reply_error error, const char *why)
{
    serving_settle(bridge, task->cookie, (struct slice){0}, error, why);
    remove_task(bridge, task);
}

static void finish(struct bridge *bridge, struct media_task *task)
{
    struct buffer bytes = {0};
    struct buffer data = {0};
    struct msgpack_packer packer = pack_into(&data);
    download_take(task->download, &bytes);
    bridge->tally
        .media_bytes[task->is_fetched ? TALLY_IN_FETCH : TALLY_IN_PEER] +=
        bytes.size;
    msgpack_pack_map(&packer, 3);
    pack_string(&packer, "name");
    pack_text(&packer, download_name(task->download));
    pack_number(&packer, "size", bytes.size);
    pack_string(&packer, "data");
    msgpack_pack_bin(&packer, bytes.size);
    msgpack_pack_bin_body(&packer, bytes.data, bytes.size);
    buffer_finish(&bytes);
    serving_settle(bridge, task->cookie, buffer_slice(&data), REPLY_FINE, "");
    buffer_finish(&data);
    remove_task(bridge, task);
}

/* ---- one way after the other ----------------------------------------- */

static void take_step(struct bridge *bridge, struct media_task *task,
                      enum download_step step, struct instant now);

static void on_answer(struct bridge *bridge, const struct call *call,
                      const struct reply *reply, struct instant now)
{
    struct media_task *task = call->ctx;
    task->call = NULL;
    task->is_fetched = false;
    take_step(bridge, task,
              download_on_end(task->download, reply->error, reply->data,
                              reply->message),
              now);
}

static void ask(struct bridge *bridge, struct media_task *task,
                struct instant now)
{
    struct account *account = inside_account_at(bridge, task->account);
    struct catalog_name name =
        catalog_resolve(slice_of(download_action(task->download)));
    struct buffer params = {0};
    struct refusal refusal;
    if (account == NULL || account->is_leaving) {
        fail(bridge, task, REPLY_UNKNOWN_ACCOUNT,
             "the settings have this account no longer");
        return;
    }
    download_pack_params(task->download, &params);
    const struct exchange exchange = {
        .account = account,
        .action = name.name,
        .params = buffer_slice(&params),
        .is_read = true,
        .is_stream = name.action != NULL && name.action->is_stream,
        .counts = true,
        .deadline_ms = now.mono_ms + ANSWER_TIMEOUT_MS,
        .on_end = on_answer,
        .ctx = task,
    };
    task->call = calls_ask(bridge, &exchange, &refusal, now);
    buffer_finish(&params);
    if (task->call == NULL)
        fail(bridge, task, refusal.error, refusal.text);
}

static void fetch(struct bridge *bridge, struct media_task *task)
{
    const struct account *account = inside_account_at(bridge, task->account);
    size_t bytes_max = account == NULL ? 0 : account->options.media_bytes_max;
    if (bridge->ports.fetch(bridge->ports.ctx,
                            slice_of(download_url(task->download)), bytes_max,
                            task->cookie) != STATUS_OK)
        fail(bridge, task, REPLY_BUSY, "too much is being loaded already");
}

static void take_step(struct bridge *bridge, struct media_task *task,
                      enum download_step step, struct instant now)
{
    switch (step) {
    case DOWNLOAD_ASK:
        ask(bridge, task, now);
        break;
    case DOWNLOAD_FETCH:
        fetch(bridge, task);
        break;
    case DOWNLOAD_DONE:
        finish(bridge, task);
        break;
    case DOWNLOAD_FAILED:
        fail(bridge, task, download_error(task->download),
             download_fault(task->download));
        break;
    }
}

void media_desk_on_fetched(struct bridge *bridge, uint64_t cookie,
                           enum reply_error error, struct buffer *bytes,
                           const char *fault, struct instant now)
{
    struct media_task *task = bridge->media_tasks;
    while (task != NULL && task->cookie != cookie)
        task = task->next;
    if (task == NULL)
        return;
    task->is_fetched = true;
    take_step(bridge, task,
              download_on_loaded(task->download,
                                 error == REPLY_FINE ? bytes : NULL, fault),
              now);
}

/* ---- requests -------------------------------------------------------- */

static bool read_kind(struct serving *serving, enum download_kind *kind)
{
    struct slice type = serving_text(serving, "type");
    *kind = DOWNLOAD_FILE;
    if (!serving_has(serving, "type") || download_kind_of(type, kind))
        return true;
    serving_refuse(serving, REPLY_BAD_PARAMS,
                   "type: allowed: image, record, video, file");
    return false;
}

static struct account *account_of(struct serving *serving)
{
    struct request named = *serving->request;
    enum reply_error error;
    const char *text;
    named.account = serving_account_name(serving);
    struct account *account =
        admission_account(serving->bridge, &named, &error, &text);
    if (account == NULL)
        serving_refuse(serving, error, text);
    return account;
}

static struct media_task *add_task(struct serving *serving,
                                   const struct account *account,
                                   enum download_kind kind)
{
    struct bridge *bridge = serving->bridge;
    const struct download_options options = {
        .kind = kind,
        .file = serving_text(serving, "file"),
        .file_id = serving_text(serving, "file_id"),
        .url = serving_text(serving, "url"),
        .out_format = serving_text(serving, "out_format"),
        .group_id = serving_id(serving, "group_id"),
        .bytes_max = account->options.media_bytes_max,
    };
    struct media_task *task = mem_zalloc(1, sizeof(*task));
    task->cookie = ++bridge->cookies;
    task->account = account->index;
    task->download = download_create(&options);
    task->next = bridge->media_tasks;
    bridge->media_tasks = task;
    return task;
}

static bool names_a_file(const struct serving *serving)
{
    return serving_text(serving, "file").size > 0 ||
           serving_text(serving, "file_id").size > 0 ||
           serving_text(serving, "url").size > 0;
}

void media_desk_serve(struct serving *serving)
{
    struct bridge *bridge = serving->bridge;
    enum download_kind kind;
    if (!read_kind(serving, &kind))
        return;
    if (!names_a_file(serving)) {
        serving_refuse(serving, REPLY_BAD_PARAMS,
                       "file, file_id or url: required: a string, as in the "
                       "segment that was received");
        return;
    }
    struct account *account = account_of(serving);
    if (account == NULL)
        return;
    if (media_desk_count(bridge) == MEDIA_DESK_MAX) {
        serving_refuse(serving, REPLY_BUSY, "four files are being got already");
        return;
    }
    struct media_task *task = add_task(serving, account, kind);
    if (serving_wait(serving, task->cookie)) {
        take_step(bridge, task, download_begin(task->download), serving->now);
        return;
    }
    remove_task(bridge, task);
    serving_refuse(serving, REPLY_BUSY, "many wait for this already");
}
