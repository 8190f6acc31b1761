/* SPDX-License-Identifier: MIT */
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "core/archive.h"
#include "core/inside.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/serving.h"

enum {
    FAULT_SIZE = 512,
    EVENTS = 1000, /* unless it is said how many */
    EVENTS_MAX = 10 * 1000,
    /* The loop packs them: a millisecond for a MiB. */
    BYTES = 256 << 10,
    BYTES_MAX = 4 << 20,
    PATTERN_SHOWN_MAX = 64,
};

/* ---- what is asked ------------------------------------------------------ */

static void ask(struct serving *serving, const struct archive_query *query,
                struct archive_filter *filter)
{
    static const char busy[] = "too many such requests wait; try again soon";
    struct bridge *bridge = serving->bridge;
    uint64_t cookie = ++bridge->cookies;
    if (!serving_wait(serving, cookie)) {
        free(filter);
        bridge->tally.replays[TALLY_REPLAY_BUSY]++;
        serving_refuse(serving, REPLY_BUSY, busy);
    } else if (bridge->ports.read(bridge->ports.ctx, query, filter, cookie) !=
               STATUS_OK) {
        free(filter);
        bridge->tally.replays[TALLY_REPLAY_BUSY]++;
        serving_settle(bridge, cookie, (struct slice){0}, REPLY_BUSY, busy);
    }
}

static void refuse_topics(struct serving *serving)
{
    char text[FAULT_SIZE];
    snprintf(text, sizeof(text),
             "topics: allowed: a list of up to %d patterns, e.g. qq.group.*",
             ARCHIVE_PATTERNS_MAX);
    serving_refuse(serving, REPLY_BAD_PARAMS, text);
}

/* It may be any bytes. */
static void refuse_pattern(struct serving *serving, struct slice pattern)
{
    char text[FAULT_SIZE];
    struct buffer shown = {0};
    if (pattern.size > PATTERN_SHOWN_MAX)
        pattern.size = PATTERN_SHOWN_MAX;
    visible_append(&shown, pattern);
    snprintf(text, sizeof(text),
             "topics: %.*s is no pattern; allowed: tokens of letters, digits, "
             "_ and - or *, separated by dots",
             (int)shown.size, shown.size == 0 ? "" : shown.data);
    serving_refuse(serving, REPLY_BAD_PARAMS, text);
    buffer_finish(&shown);
}

/* One pattern of the list. False: it is none, and the caller has been told. */
static bool read_pattern(struct serving *serving, struct mp_reader *reader,
                         char pattern[TOPIC_SIZE])
{
    struct mp_token token;
    if (!mp_next(reader, &token) || token.kind != MP_STR) {
        refuse_topics(serving);
        return false;
    }
    size_t size = token.bytes.size < TOPIC_SIZE ? token.bytes.size : 0;
    memcpy(pattern, token.bytes.data, size);
    pattern[size] = '\0';
    if (strlen(pattern) == token.bytes.size && topic_pattern_valid(pattern))
        return true;
    refuse_pattern(serving, token.bytes);
    return false;
}

/* The head of the list, and where its elements are. False: it is none. */
static bool open_topics(const struct serving *serving, struct mp_token *list,
                        struct mp_reader *reader)
{
    struct slice value;
    *list = (struct mp_token){.kind = MP_ARRAY, .count = 0};
    if (!serving_has(serving, "topics") ||
        !mp_find(serving->request->params, "topics", &value))
        return true;
    *reader = mp_reader_of(value);
    return mp_next(reader, list) && list->kind == MP_ARRAY &&
           list->count <= ARCHIVE_PATTERNS_MAX;
}

/* NULL: they are none, and the caller has been told. */
static struct archive_filter *read_topics(struct serving *serving)
{
    struct mp_token list;
    struct mp_reader reader;
    if (!open_topics(serving, &list, &reader)) {
        refuse_topics(serving);
        return NULL;
    }
    struct archive_filter *filter = archive_filter_create(list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        if (read_pattern(serving, &reader, filter->patterns[i]))
            continue;
        free(filter);
        return NULL;
    }
    return filter;
}

/* Where to begin. False: that is nowhere, and the caller has been told. */
static bool read_start(struct serving *serving, struct archive_query *query)
{
    uint64_t age_ms, now_ms = serving->now.wall_ms;
    query->misses_start = serving_has(serving, "after");
    if (!serving_epoch(serving) ||
        !serving_uint(serving, "after", 0, INT64_MAX, 0, &query->after) ||
        !serving_uint(serving, "max_age", 0, INT64_MAX, 0, &age_ms))
        return false;
    if (serving_has(serving, "max_age"))
        query->since_ms = now_ms > age_ms ? now_ms - age_ms : 1;
    return true;
}

static bool read_bounds(struct serving *serving, struct archive_query *query)
{
    uint64_t events, bytes;
    if (!serving_uint(serving, "limit", 1, EVENTS_MAX, EVENTS, &events) ||
        !serving_uint(serving, "max_bytes", 1, BYTES_MAX, BYTES, &bytes))
        return false;
    query->events_max = events;
    query->bytes_max = bytes;
    return true;
}

/* The caller has been told why. */
static void reject(struct serving *serving, struct archive_filter *filter)
{
    free(filter);
    serving->bridge->tally.replays[TALLY_REPLAY_REJECTED]++;
}

void replay_serve(struct serving *serving)
{
    struct archive_query query = {.is_backward = false};
    struct archive_filter *filter = NULL;
    if (read_start(serving, &query) && read_bounds(serving, &query))
        filter = read_topics(serving);
    if (filter != NULL)
        ask(serving, &query, filter);
    else
        reject(serving, NULL);
}

/* How many events there are unless it is said: as the account has it, or the
 * first one. */
static uint64_t usual_history(const struct bridge *bridge, struct slice name)
{
    const struct account *account = inside_account(bridge, name);
    if (account == NULL && bridge->account_count > 0)
        account = bridge->accounts[0];
    return account == NULL ? EVENTS : account->options.history_limit;
}

/* The account and the chat. False: there are none such, and the caller has been
 * told. */
static bool read_chat(struct serving *serving, struct archive_filter *filter)
{
    struct slice name = serving_account_name(serving);
    int64_t group_id = serving_id(serving, "group_id");
    int64_t user_id = serving_id(serving, "user_id");
    bool is_known =
        name.size == 0 || inside_account(serving->bridge, name) != NULL;
    if (!is_known)
        serving_refuse(serving, REPLY_UNKNOWN_ACCOUNT,
                       "no account has this name");
    else if ((group_id == 0) == (user_id == 0))
        serving_refuse(serving, REPLY_BAD_PARAMS,
                       "group_id: required, a QQ number; or user_id, but not "
                       "both");
    snprintf(filter->account, sizeof(filter->account), "%.*s", (int)name.size,
             name.size == 0 ? "" : name.data);
    snprintf(filter->patterns[0], TOPIC_SIZE, "qq.%s.%" PRId64 ".*",
             group_id != 0 ? "group" : "private",
             group_id != 0 ? group_id : user_id);
    return is_known && (group_id == 0) != (user_id == 0);
}

/* False: they make no sense, and the caller has been told. */
static bool read_history(struct serving *serving, struct archive_query *query)
{
    struct slice name = serving_account_name(serving);
    uint64_t events, usual = usual_history(serving->bridge, name);
    if (!serving_uint(serving, "limit", 1, EVENTS_MAX, usual, &events) ||
        !serving_uint(serving, "before", 1, INT64_MAX, INT64_MAX,
                      &query->before))
        return false;
    query->events_max = events;
    return true;
}

void replay_serve_history(struct serving *serving)
{
    struct archive_query query = {.is_backward = true, .bytes_max = BYTES_MAX};
    struct archive_filter *filter = archive_filter_create(1);
    if (read_chat(serving, filter) && read_history(serving, &query))
        ask(serving, &query, filter);
    else
        reject(serving, filter);
}

/* ---- what is answered --------------------------------------------------- */

static void pack_events(struct msgpack_packer *packer,
                        const struct archive_page *page, bool is_reversed)
{
    pack_string(packer, "events");
    msgpack_pack_array(packer, page->event_count);
    for (size_t i = 0; i < page->event_count; i++) {
        struct slice event =
            page->events[is_reversed ? page->event_count - 1 - i : i];
        msgpack_pack_bin(packer, event.size);
        msgpack_pack_bin_body(packer, event.data, event.size);
    }
}

static void pack_lost(struct msgpack_packer *packer,
                      const struct archive_page *page)
{
    pack_string(packer, "lost");
    msgpack_pack_array(packer, page->lost_count);
    for (size_t i = 0; i < page->lost_count; i++) {
        msgpack_pack_array(packer, 2);
        msgpack_pack_uint64(packer, page->lost[i].first);
        msgpack_pack_uint64(packer, page->lost[i].last);
    }
}

static void pack_history(struct msgpack_packer *packer,
                         const struct archive_page *page, const char *epoch)
{
    msgpack_pack_map(packer, 4);
    pack_word(packer, "epoch", epoch);
    pack_events(packer, page, true);
    pack_number(packer, "next", page->next);
    pack_flag(packer, "truncated", page->is_cut);
}

static void pack_replay(struct msgpack_packer *packer,
                        const struct archive_page *page, const char *epoch)
{
    msgpack_pack_map(packer, 7);
    pack_word(packer, "epoch", epoch);
    pack_events(packer, page, false);
    pack_number(packer, "next", page->next);
    pack_number(packer, "oldest", page->oldest);
    pack_number(packer, "newest", page->newest);
    pack_flag(packer, "truncated", page->is_cut || page->next < page->newest);
    pack_lost(packer, page);
}

void replay_on_page(struct bridge *bridge, uint64_t cookie,
                    const struct archive_page *page)
{
    char why[FAULT_SIZE];
    struct buffer data = {0};
    bridge->tally
        .replays[page->fault == NULL ? TALLY_REPLAY_OK : TALLY_REPLAY_FAILED]++;
    bridge->tally.replayed_events += page->event_count;
    struct msgpack_packer packer = pack_into(&data);
    (page->is_backward ? pack_history : pack_replay)(&packer, page,
                                                     bridge->options.epoch);
    snprintf(why, sizeof(why), "the journal cannot be read: %s",
             page->fault == NULL ? "" : page->fault);
    serving_settle(bridge, cookie, buffer_slice(&data),
                   page->fault == NULL ? REPLY_FINE : REPLY_INTERNAL, why);
    buffer_finish(&data);
}
