/* SPDX-License-Identifier: MIT */
#include "bridge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/admission.h"
#include "core/brake.h"
#include "core/breaker.h"
#include "core/callers.h"
#include "core/calls.h"
#include "core/census.h"
#include "core/cursors.h"
#include "core/dump.h"
#include "core/fold.h"
#include "core/gate.h"
#include "core/greeter.h"
#include "core/inside.h"
#include "core/job_id.h"
#include "core/job_run.h"
#include "core/jobs.h"
#include "core/knocks.h"
#include "core/ledger.h"
#include "core/links.h"
#include "core/media_desk.h"
#include "core/news.h"
#include "core/once.h"
#include "core/onebot.h"
#include "core/own.h"
#include "core/pacing.h"
#include "core/pack.h"
#include "core/pairing.h"
#include "core/pending.h"
#include "core/permit.h"
#include "core/publisher.h"
#include "core/recent.h"
#include "core/replay.h"
#include "core/service.h"
#include "core/serving.h"
#include "core/settling.h"
#include "core/standing.h"
#include "core/unsaid.h"
#include "core/verdicts.h"

static void add_account(struct bridge *bridge,
                        const struct account_options *options,
                        struct instant now)
{
    struct account *account = mem_zalloc(1, sizeof(*account));
    account_init(account, options, bridge->accounts_seen++, now.mono_ms);
    account->book = pairing_of(bridge->pairing, options->name);
    bridge->accounts =
        mem_realloc(bridge->accounts,
                    (bridge->account_count + 1) * sizeof(struct account *));
    bridge->accounts[bridge->account_count++] = account;
    inside_watch_deadline(bridge, account->dial_ms);
}

/* Peers do not know it, so that they cannot choose what meets in a table. */
static uint64_t random_seed(const struct bridge_ports *ports)
{
    uint64_t seed;
    ports->random(ports->ctx, &seed, sizeof(seed));
    return seed;
}

static void create_memories(struct bridge *bridge, uint64_t seed)
{
    bridge->settling = settling_create(seed);
    bridge->fold = fold_create(seed);
    bridge->sent = recent_create(seed);
    bridge->told = recent_create(seed);
    bridge->brake = brake_create(seed);
    bridge->breaker = breaker_create(seed);
    bridge->verdicts = verdicts_create();
    bridge->ledger = ledger_create();
    bridge->knocks = knocks_create();
    bridge->pairing = pairing_create();
    bridge->cursors = cursors_create();
    bridge->once = once_create(seed);
}

static void destroy_memories(struct bridge *bridge)
{
    settling_destroy(bridge->settling);
    fold_destroy(bridge->fold);
    recent_destroy(bridge->sent);
    recent_destroy(bridge->told);
    brake_destroy(bridge->brake);
    breaker_destroy(bridge->breaker);
    pacing_destroy(bridge->pacing);
    verdicts_destroy(bridge->verdicts);
    ledger_destroy(bridge->ledger);
    knocks_destroy(bridge->knocks);
    pairing_destroy(bridge->pairing);
    cursors_destroy(bridge->cursors);
    once_destroy(bridge->once);
    ids_finish(&bridge->self_ids);
}

/* The options are those of now: others take the place of the grants before. */
static void set_grants(struct bridge *bridge,
                       const struct bridge_options *options)
{
    struct grants *before = bridge->grants;
    bridge->grants = NULL;
    if (options->grant_count > 0) {
        bridge->grants = grants_create(options->grants, options->grant_count);
        grants_keep_counts(bridge->grants, before);
    }
    grants_destroy(before);
}

struct bridge *bridge_create(const struct bridge_options *options,
                             const struct bridge_ports *ports,
                             struct instant now)
{
    struct bridge *bridge = mem_zalloc(1, sizeof(*bridge));
    bridge->options = *options;
    bridge->ports = *ports;
    bridge->due_ms = UINT64_MAX;
    bridge->unsaid_ms = UINT64_MAX;
    bridge->seq = options->first_seq;
    bridge->pending =
        pending_create(options->calls_max + OWN_CALLS_MAX, options->run);
    bridge->seed = random_seed(ports);
    create_memories(bridge, bridge->seed);
    bridge->pacing =
        pacing_create(random_seed(ports), options->calls_max + OWN_CALLS_MAX);
    pacing_set_options(bridge->pacing, &options->pacing, now.mono_ms);
    for (size_t i = 0; i < options->account_count; i++)
        add_account(bridge, &options->accounts[i], now);
    set_grants(bridge, options);
    links_learn_bots(bridge);
    return bridge;
}

static void free_account(struct account *account)
{
    while (account->newest != NULL)
        account_remove_link(account, account->newest, 0);
    account_finish(account);
    free(account);
}

void bridge_destroy(struct bridge *bridge)
{
    if (bridge == NULL)
        return;
    unsaid_tell_all(bridge);
    for (size_t i = 0; i < bridge->account_count; i++)
        free_account(bridge->accounts[i]);
    free(bridge->accounts);
    serving_forget(bridge);
    jobs_forget(bridge);
    media_desk_forget(bridge);
    pending_destroy(bridge->pending);
    grants_destroy(bridge->grants);
    destroy_memories(bridge);
    buffer_finish(&bridge->frame);
    buffer_finish(&bridge->own_frame);
    buffer_finish(&bridge->out);
    buffer_finish(&bridge->request);
    event_scratch_finish(&bridge->event);
    free(bridge);
}

/* Not one of the bridge's own: it goes to an account. */
static void take_call(struct bridge *bridge, void *ticket, struct slice token,
                      struct request *request, struct instant now)
{
    char fault[REQUEST_FAULT_SIZE];
    enum reply_error error = REPLY_FINE;
    if (token.size > 0)
        error = admission_address(bridge, token, request, fault);
    if (bridge->is_stopping)
        callers_refuse(bridge, ticket, request, REPLY_SHUTTING_DOWN,
                       "the bridge is shutting down", now);
    else if (error != REPLY_FINE)
        callers_refuse(bridge, ticket, request, error, fault, now);
    else
        jobs_take(bridge, ticket, request, now);
}

void bridge_on_call(struct bridge *bridge, void *ticket, struct slice token,
                    struct slice bytes, struct instant now)
{
    struct request request;
    char fault[REQUEST_FAULT_SIZE];
    if (request_read(bytes, &bridge->request, &request, fault) != STATUS_OK)
        callers_refuse(bridge, ticket, &request, REPLY_BAD_REQUEST, fault, now);
    else if (!permit_enter(bridge, ticket, &request, now))
        return; /* it has been told */
    else if (own_is(request.action))
        service_take(bridge, ticket, &request, now);
    else
        take_call(bridge, ticket, token, &request, now);
}

/* ---- frames ---------------------------------------------------------- */

static void drop_invalid(struct bridge *bridge, struct account *account,
                         struct slice text, const struct json_error *error,
                         struct instant now)
{
    char detail[INSIDE_REASON_SIZE];
    snprintf(detail, sizeof(detail), " offset=%zu bytes=%zu", error->offset,
             text.size);
    inside_drop_frame(bridge, account, TALLY_INVALID_JSON, error->reason,
                      detail, now);
}

static void drop_other(struct bridge *bridge, struct account *account,
                       const struct onebot_frame *frame, struct slice text,
                       struct instant now)
{
    char detail[INSIDE_REASON_SIZE];
    snprintf(detail, sizeof(detail), " bytes=%zu", text.size);
    inside_drop_frame(bridge, account, TALLY_NOT_ONEBOT,
                      onebot_other_reason(frame), detail, now);
}

/* What a peer's settings show in: how it writes messages, and whether it tells
 * of its own. */
static void note_form(struct account_past *past,
                      const struct onebot_frame *event)
{
    bool is_own = event->post == ONEBOT_POST_MESSAGE_SENT;
    past->own_messages += is_own;
    past->string_messages += (is_own || event->post == ONEBOT_POST_MESSAGE) &&
                             event->message.kind == JSON_STRING;
}

/* Gives the serial of the link that the call was sent on; 0 if nobody waits. */
static uint64_t take_answer(struct bridge *bridge, struct account *account,
                            const struct onebot_frame *frame,
                            struct instant now)
{
    if (settling_on_answer(bridge, account, frame, now))
        return 0;
    return calls_take_answer(bridge, account, frame, now);
}

void bridge_on_frame(struct bridge *bridge, struct link *link,
                     struct slice text, struct instant now)
{
    struct account *account = link->account;
    struct onebot_frame frame;
    struct json_error error;
    watch_heard(&link->watch, now.mono_ms);
    account->tally.bytes_in += text.size;
    if (account->is_leaving)
        return;
    buffer_clear(&bridge->frame, SCRATCH_KEEP_BYTES);
    if (onebot_read(text, bridge->options.depth_max, &bridge->frame, &frame,
                    &error) != STATUS_OK) {
        drop_invalid(bridge, account, text, &error, now);
        return;
    }
    switch (frame.kind) {
    case ONEBOT_EVENT:
        note_form(&account->past, &frame);
        account->tally.received[frame.post]++;
        if (links_on_event(bridge, link, &frame, now))
            gate_take(bridge, link, &frame, text, now);
        break;
    case ONEBOT_ANSWER:
        links_on_answer(bridge, link, &frame,
                        take_answer(bridge, account, &frame, now), now);
        break;
    case ONEBOT_OTHER:
        drop_other(bridge, account, &frame, text, now);
        break;
    }
}

/* ---- links and time -------------------------------------------------- */

struct account *bridge_account(const struct bridge *bridge, const char *name)
{
    return inside_account(bridge, slice_of(name));
}

bool bridge_admits(struct bridge *bridge, struct account *account,
                   int64_t self_id, int64_t *other, struct instant now)
{
    return links_admit(bridge, account, self_id, other, now);
}

struct link *bridge_on_link_up(struct bridge *bridge, struct account *account,
                               const struct link_info *info, void *wire,
                               struct instant now)
{
    struct link *link = links_on_up(bridge, account, info, wire, now);
    standing_on_link_up(bridge, account, now);
    settling_on_link_up(bridge, account, now);
    return link;
}

static const struct account_options *
options_of(const struct bridge_options *options, const char *name)
{
    for (size_t i = 0; i < options->account_count; i++)
        if (strcmp(options->accounts[i].name, name) == 0)
            return &options->accounts[i];
    return NULL;
}

/* The settings have it no longer. It goes when its last link is down. */
static void leave_account(struct bridge *bridge, struct account *account,
                          struct instant now)
{
    account->is_leaving = true;
    account->dial_ms = UINT64_MAX;
    jobs_on_leave(bridge, account, now);
    calls_on_leave(bridge, account, now);
    links_close(bridge, account, "the settings have this account no longer",
                now);
}

static void update_accounts(struct bridge *bridge,
                            const struct bridge_options *options,
                            struct instant now)
{
    for (size_t i = 0; i < bridge->account_count; i++) {
        struct account *account = bridge->accounts[i];
        const struct account_options *found =
            options_of(options, account->name);
        if (account->is_leaving)
            continue;
        if (found != NULL) {
            account_set_options(account, found, now.mono_ms);
            links_on_options(bridge, account, now);
        } else {
            leave_account(bridge, account, now);
        }
    }
}

static bool is_gone(const struct account *account)
{
    return account->is_leaving && account->link_count == 0;
}

/* All of them are there until nobody asks for any of them. */
static void drop_gone(struct bridge *bridge, struct instant now)
{
    size_t kept = 0;
    for (size_t i = 0; i < bridge->account_count; i++) {
        if (!is_gone(bridge->accounts[i]))
            continue;
        standing_forget(bridge, bridge->accounts[i]);
        settling_on_leave(bridge, bridge->accounts[i], now);
    }
    for (size_t i = 0; i < bridge->account_count; i++) {
        struct account *account = bridge->accounts[i];
        if (is_gone(account))
            free_account(account);
        else
            bridge->accounts[kept++] = account;
    }
    bridge->account_count = kept;
}

void bridge_reconfigure(struct bridge *bridge,
                        const struct bridge_options *options,
                        struct instant now)
{
    bridge->options.read_timeout_ms = options->read_timeout_ms;
    bridge->options.write_timeout_ms = options->write_timeout_ms;
    bridge->options.enforces = options->enforces;
    bridge->options.allows_unknown = options->allows_unknown;
    bridge->options.media = options->media;
    bridge->options.pacing = options->pacing;
    pacing_set_options(bridge->pacing, &options->pacing, now.mono_ms);
    set_grants(bridge, options);
    update_accounts(bridge, options, now);
    drop_gone(bridge, now);
    for (size_t i = 0; i < options->account_count; i++)
        if (bridge_account(bridge, options->accounts[i].name) == NULL)
            add_account(bridge, &options->accounts[i], now);
    links_learn_bots(bridge);
    inside_watch_deadline(bridge, now.mono_ms);
}

void bridge_dump(struct bridge *bridge, struct instant now)
{
    dump_write(bridge, now);
}

void bridge_narrate(struct bridge *bridge, const struct log_options *options)
{
    bridge->content = options->content;
    bridge->narrates_events = log_options_shows(options, LOG_DEBUG, "event");
    bridge->narrates_calls = log_options_shows(options, LOG_DEBUG, "call");
}

void bridge_renew_links(struct bridge *bridge, struct account *account,
                        struct instant now)
{
    links_renew(bridge, account, now);
}

void bridge_on_link_down(struct bridge *bridge, struct link *link,
                         uint16_t code, const char *reason, struct instant now)
{
    bool is_last = link->account->is_leaving && link->account->link_count == 1;
    links_on_down(bridge, link, code, reason, now);
    if (is_last)
        drop_gone(bridge, now);
}

void bridge_on_knock(struct bridge *bridge, const struct knock_info *info,
                     struct instant now)
{
    struct account *account = inside_account(bridge, slice_of(info->account));
    uint64_t *refused =
        account == NULL ? bridge->tally.refused : account->tally.refused;
    refused[info->kind]++;
    knocks_add(bridge->knocks, info, now.wall_ms);
}

void bridge_on_pong(struct bridge *bridge, struct link *link,
                    struct instant now)
{
    (void)bridge;
    watch_heard(&link->watch, now.mono_ms);
}

void bridge_on_dial_failed(struct bridge *bridge, struct account *account,
                           const char *reason, struct instant now)
{
    links_on_dial_failed(bridge, account, reason, now);
}

bool bridge_restore(struct bridge *bridge, const struct pairing_entry *entry)
{
    bool is_sound = pairing_restore(bridge->pairing, entry);
    inside_watch_deadline(bridge, 0);
    return is_sound;
}

bool bridge_restore_cursor(struct bridge *bridge, const struct cursor *cursor)
{
    return cursors_set(bridge->cursors, cursor) == STATUS_OK;
}

void bridge_on_page(struct bridge *bridge, uint64_t cookie,
                    const struct archive_page *page, struct instant now)
{
    (void)now;
    replay_on_page(bridge, cookie, page);
}

void bridge_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                    const char *why, struct instant now)
{
    if (!job_on_kept(bridge, cookie, is_kept, why, now))
        service_on_kept(bridge, cookie, is_kept, why, now);
}

void bridge_on_claimed(struct bridge *bridge, uint64_t cookie,
                       const struct once_found *found, struct instant now)
{
    job_on_claimed(bridge, cookie, found, now);
}

void bridge_on_fetched(struct bridge *bridge, uint64_t cookie,
                       enum reply_error error, struct buffer *bytes,
                       const char *fault, struct instant now)
{
    job_on_fetched(bridge, cookie, error, bytes, fault, now);
    media_desk_on_fetched(bridge, cookie, error, bytes, fault, now);
}

static void pack_paths(struct msgpack_packer *packer, const char *key,
                       const char *const *paths, size_t count)
{
    pack_string(packer, key);
    msgpack_pack_array(packer, count);
    for (size_t i = 0; i < count; i++)
        pack_string(packer, paths[i]);
}

/* Tell it for each account. */
static void tell_all(struct bridge *bridge, const struct news *news,
                     struct instant now)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        if (!bridge->accounts[i]->is_leaving)
            publisher_tell(bridge, bridge->accounts[i], news, now);
}

static void tell_reload(struct bridge *bridge, struct slice changes,
                        struct instant now)
{
    const struct news_field fields[] = {NEWS_PACK("settings", changes)};
    const struct news news = {"config.reloaded", fields, 1};
    tell_all(bridge, &news, now);
}

void bridge_on_journal(struct bridge *bridge, const char *fault,
                       struct instant now)
{
    const struct news_field fields[] = {NEWS_TEXT("reason", fault)};
    const struct news failing = {"journal.failing", fields, 1};
    const struct news ok = {"journal.ok", NULL, 0};
    tell_all(bridge, fault[0] == '\0' ? &ok : &failing, now);
}

void bridge_on_nats(struct bridge *bridge, const char *fault,
                    struct instant now)
{
    const struct news_field fields[] = {NEWS_TEXT("reason", fault)};
    const struct news failing = {"nats.failing", fields, 1};
    const struct news ok = {"nats.ok", NULL, 0};
    tell_all(bridge, fault[0] == '\0' ? &ok : &failing, now);
}

void bridge_on_nats_gap(struct bridge *bridge, uint64_t first, uint64_t last,
                        const char *reason, struct instant now)
{
    const struct news_field fields[] = {
        NEWS_NUMBER("first", first),
        NEWS_NUMBER("last", last),
        NEWS_TEXT("reason", reason),
    };
    const struct news gap = {"nats.gap", fields, 3};
    tell_all(bridge, &gap, now);
}

void bridge_on_reloaded(struct bridge *bridge,
                        const struct bridge_changes *changes, const char *fault,
                        struct instant now)
{
    struct buffer pack = {0};
    bridge->reload_ms = now.wall_ms;
    snprintf(bridge->reload_fault, sizeof(bridge->reload_fault), "%s",
             fault == NULL ? "" : fault);
    if (fault == NULL) {
        struct msgpack_packer packer = pack_into(&pack);
        msgpack_pack_map(&packer, 2);
        pack_paths(&packer, "changed", changes->changed,
                   changes->changed_count);
        pack_paths(&packer, "restart", changes->restart,
                   changes->restart_count);
        tell_reload(bridge, buffer_slice(&pack), now);
    }
    service_on_reloaded(bridge, buffer_slice(&pack), fault, now);
    buffer_finish(&pack);
}

void bridge_on_tick(struct bridge *bridge, struct instant now)
{
    if (now.mono_ms < bridge->due_ms)
        return;
    bridge->due_ms = UINT64_MAX;
    calls_on_tick(bridge, now);
    jobs_on_tick(bridge, now);
    settling_on_tick(bridge, now);
    links_on_tick(bridge, now);
    greeter_on_tick(bridge, now);
    standing_on_tick(bridge, now);
    unsaid_on_tick(bridge, now);
}

uint64_t bridge_due(const struct bridge *bridge)
{
    return bridge->due_ms;
}

void bridge_stop(struct bridge *bridge, struct instant now)
{
    bridge->is_stopping = true;
    calls_stop(bridge, now);
    jobs_stop(bridge, now);
}

void bridge_describe(const struct bridge *bridge, struct buffer *out,
                     struct instant now)
{
    service_describe(bridge, slice_of("bridge.status"), out, now);
}

void bridge_measure(const struct bridge *bridge, struct measures *measures,
                    struct instant now)
{
    census_take(bridge, measures, now);
}

size_t bridge_calls_waiting(const struct bridge *bridge)
{
    return bridge->callers_waiting + bridge->waiting_count;
}

bool bridge_is_drained(const struct bridge *bridge)
{
    return bridge_calls_waiting(bridge) == 0 &&
           !jobs_have_ids_to_give_back(bridge);
}

void bridge_abandon(struct bridge *bridge, struct instant now)
{
    calls_abandon(bridge, now);
    jobs_abandon(bridge, now);
    settling_abandon(bridge, now);
    service_abandon(bridge, now);
}
