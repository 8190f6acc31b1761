/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/exposition.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/measures.h"

enum { ACCOUNTS_MAX = 4, NAME_SIZE = 4 };

static const char NAMES[ACCOUNTS_MAX][NAME_SIZE] = {"a0", "a1", "a2", "a3"};

struct account_options world_account(size_t index)
{
    return (struct account_options){
        .name = NAMES[index],
        .grace_ms = WORLD_GRACE_MS,
        .watch = {.interval_ms = WORLD_INTERVAL_MS,
                  .timeout_ms = WORLD_TIMEOUT_MS},
        .access = {.dm_policy = ACCESS_OPEN, .group_policy = ACCESS_OPEN},
        .media_bytes_max = 1 << 20,
    };
}

static cJSON *parse(struct slice text)
{
    return cJSON_ParseWithLength(text.data, text.size);
}

static const char *string_at(const cJSON *json, const char *key)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
    return text == NULL ? "" : text;
}

static enum status on_send(void *ctx, void *wire, struct slice text)
{
    struct world *world = ctx;
    if (world->refuse_sends)
        return STATUS_FULL;
    cJSON *json = parse(text);
    if (world->is_linking &&
        strcmp(string_at(json, "action"), "get_version_info") == 0) {
        snprintf(world->introduction, sizeof(world->introduction), "%s",
                 string_at(json, "echo"));
        cJSON_Delete(json);
        return STATUS_OK;
    }
    world->frames[world->frame_count++] = (struct world_frame){
        .wire = wire,
        .text = mem_dup(text.data, text.size),
        .echo = mem_strdup(string_at(json, "echo")),
    };
    cJSON_Delete(json);
    return STATUS_OK;
}

static void on_emit(void *ctx, const struct bridge_event *event)
{
    struct slice message = event->message;
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX};
    struct world *world = ctx;
    struct buffer text = {0};
    struct json_error error;
    size_t topic = strlen(message.data) + 1;
    struct slice envelope = {message.data + topic, message.size - topic};
    if (json_from_msgpack(envelope, &options, &text, &error) != STATUS_OK)
        abort();
    world->events[world->event_count++] = (struct world_event){
        .topic = mem_strdup(message.data),
        .envelope = parse(buffer_slice(&text)),
    };
    buffer_finish(&text);
}

static void on_reply(void *ctx, void *ticket, struct slice payload)
{
    struct world *world = ctx;
    cJSON *json = parse(payload);
    world->replies[world->reply_count++] = (struct world_reply){
        .ticket = (size_t)ticket,
        .json = json,
        .status = string_at(json, "status"),
        .error = string_at(json, "error"),
    };
}

static bool on_hold(void *ctx, void *ticket)
{
    struct world *world = ctx;
    (void)ticket;
    world->hold_count++;
    return world->holds;
}

static const char *on_caller(void *ctx, void *ticket)
{
    (void)ctx;
    (void)ticket;
    return "caller";
}

static void on_say(void *ctx, enum log_level level, const char *line)
{
    struct world *world = ctx;
    (void)level;
    buffer_append_string(&world->log, line);
    buffer_append_string(&world->log, "\n");
    buffer_reserve(&world->log, 1); /* tests look into it as a string */
    world->log.data[world->log.size] = '\0';
}

static void on_ping(void *ctx, void *wire)
{
    struct world *world = ctx;
    (void)wire;
    world->pings++;
}

static size_t unsent(void *ctx, const void *wire)
{
    (void)ctx;
    (void)wire;
    return 17;
}

static void on_close(void *ctx, void *wire, uint16_t code, const char *reason)
{
    struct world *world = ctx;
    world->closed[world->closed_count++] = (struct world_closed){
        .wire = wire,
        .code = code,
        .reason = reason,
    };
}

static void on_dial(void *ctx, void *dialer)
{
    struct world *world = ctx;
    (void)dialer;
    world->dials++;
}

/* Always the same: the jitter is in the middle. */
static void on_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 0x80, size);
}

static enum status on_keep(void *ctx, const struct pairing_entry *entry,
                           uint64_t cookie)
{
    struct world *world = ctx;
    if (world->refuse_keeping)
        return STATUS_FULL;
    world->kept[world->kept_count++] = *entry;
    world->cookie = cookie;
    return STATUS_OK;
}

static enum status on_keep_cursor(void *ctx, const struct cursor *cursor,
                                  bool forget, uint64_t cookie)
{
    struct world *world = ctx;
    if (world->refuse_keeping)
        return STATUS_FULL;
    world->cursor = *cursor;
    world->forgets_cursor = forget;
    world->cookie = cookie;
    return STATUS_OK;
}

static enum status on_claim(void *ctx, const struct once_key *key,
                            const struct once_digest *digest, uint64_t wall_ms,
                            uint64_t cookie)
{
    struct world *world = ctx;
    if (world->refuse_claims)
        return STATUS_FULL;
    if (wall_ms != world->now.wall_ms)
        abort();
    world->claims[world->claim_count++] =
        (struct world_claim){.key = *key, .digest = *digest, .cookie = cookie};
    return STATUS_OK;
}

static enum status on_finish(void *ctx, const struct once_key *key,
                             struct slice reply, uint64_t cookie)
{
    struct world *world = ctx;
    if (world->refuse_claims)
        return STATUS_FULL;
    world->finished[world->finished_count++] = (struct world_claim){
        .key = *key,
        .reply = mem_dup(reply.data, reply.size),
        .reply_bytes = reply.size,
        .cookie = cookie,
    };
    return STATUS_OK;
}

static enum status on_fetch(void *ctx, struct slice url, size_t bytes_max,
                            uint64_t cookie)
{
    struct world *world = ctx;
    (void)bytes_max;
    if (world->refuse_fetches)
        return STATUS_FULL;
    snprintf(world->url, sizeof(world->url), "%.*s", (int)url.size, url.data);
    world->fetch_cookie = cookie;
    world->fetch_count++;
    return STATUS_OK;
}

static void on_forget(void *ctx, const struct once_key *key)
{
    struct world *world = ctx;
    world->forgotten[world->forgotten_count++] = *key;
}

static enum status on_read(void *ctx, const struct archive_query *query,
                           struct archive_filter *filter, uint64_t cookie)
{
    struct world *world = ctx;
    if (world->refuse_reading)
        return STATUS_FULL;
    free(world->filter);
    world->query = *query;
    world->filter = filter;
    world->cookie = cookie;
    return STATUS_OK;
}

static void on_archive(void *ctx, struct archive_state *state)
{
    const char *fault = ((struct world *)ctx)->journal_fault;
    *state = (struct archive_state){.mode = "ok",
                                    .fault = fault == NULL ? "" : fault,
                                    .oldest = 1,
                                    .newest = 9,
                                    .queue_max = 4096};
}

static void on_nats(void *ctx, struct nats_state *state)
{
    *state = ((struct world *)ctx)->nats;
}

static enum status on_reload(void *ctx)
{
    ((struct world *)ctx)->reloads++;
    return STATUS_OK;
}

static void on_log(void *ctx, const struct log_change *change,
                   struct log_options *now, uint64_t *left_ms)
{
    struct world *world = ctx;
    log_options_change(&world->loudness, change);
    *now = world->loudness;
    *left_ms = change->for_ms;
}

static struct world *create(const struct account_options *accounts,
                            size_t count, size_t calls_max,
                            size_t request_bytes_max)
{
    struct world *world = mem_zalloc(1, sizeof(*world));
    world->app_name = world->app_version = "";
    world->loudness.level = LOG_INFO;
    world->nats = (struct nats_state){
        .mode = "off", .fault = "", .server = "", .stream = ""};
    world->now = (struct instant){1000000, 1786700000000};
    world->options = (struct bridge_options){
        .allows_unknown = true,
        .accounts = accounts,
        .account_count = count,
        .enforces = true,
        .version = "test",
        .epoch = "0123456789abcdef",
        .run = "fedcba9876543210",
        .read_timeout_ms = WORLD_READ_TIMEOUT_MS,
        .write_timeout_ms = WORLD_WRITE_TIMEOUT_MS,
        .calls_max = calls_max,
        .request_bytes_max = request_bytes_max,
        .media = {.inline_max = 1024},
    };
    const struct bridge_ports ports = {
        .ctx = world,
        .send = on_send,
        .ping = on_ping,
        .unsent = unsent,
        .close = on_close,
        .dial = on_dial,
        .emit = on_emit,
        .reply = on_reply,
        .hold = on_hold,
        .caller = on_caller,
        .say = on_say,
        .random = on_random,
        .keep = on_keep,
        .keep_cursor = on_keep_cursor,
        .claim = on_claim,
        .finish = on_finish,
        .forget = on_forget,
        .fetch = on_fetch,
        .read = on_read,
        .archive = on_archive,
        .nats = on_nats,
        .reload = on_reload,
        .log = on_log,
    };
    world->bridge = bridge_create(&world->options, &ports, world->now);
    return world;
}

struct world *world_create_from(const struct account_options *accounts,
                                size_t count)
{
    return create(accounts, count, WORLD_CALLS_MAX, WORLD_REQUEST_BYTES_MAX);
}

struct world *world_create_sized(size_t accounts, size_t calls_max,
                                 size_t request_bytes_max)
{
    struct account_options options[ACCOUNTS_MAX];
    for (size_t i = 0; i < accounts; i++)
        options[i] = world_account(i);
    return create(options, accounts, calls_max, request_bytes_max);
}

struct world *world_create_with(size_t accounts, size_t calls_max)
{
    return world_create_sized(accounts, calls_max, WORLD_REQUEST_BYTES_MAX);
}

struct world *world_create(size_t accounts)
{
    return world_create_with(accounts, WORLD_CALLS_MAX);
}

void world_destroy(struct world *world)
{
    bridge_destroy(world->bridge);
    for (size_t i = 0; i < world->reply_count; i++)
        cJSON_Delete(world->replies[i].json);
    for (size_t i = 0; i < world->event_count; i++) {
        free(world->events[i].topic);
        cJSON_Delete(world->events[i].envelope);
    }
    for (size_t i = 0; i < world->frame_count; i++) {
        free(world->frames[i].text);
        free(world->frames[i].echo);
    }
    for (size_t i = 0; i < world->finished_count; i++)
        free(world->finished[i].reply);
    free(world->filter);
    buffer_finish(&world->metrics);
    buffer_finish(&world->log);
    free(world);
}

/* The store has done what it was asked for. */
static void answer_store(struct world *world)
{
    if (world->is_store_slow)
        return;
    world_claimed_new(world);
    world_finished(world);
}

/* The peer says who it is. */
static void introduce(struct world *world, struct link *link)
{
    char text[256];
    snprintf(text, sizeof(text),
             "{\"status\":\"ok\",\"retcode\":0,\"data\":{\"app_name\":\"%s\","
             "\"app_version\":\"%s\"},\"echo\":\"%s\"}",
             world->app_name, world->app_version, world->introduction);
    world->introduction[0] = '\0';
    world_frame_in(world, link, text);
}

struct link *world_link(struct world *world, size_t account,
                        enum link_role role)
{
    static char wires[WORLD_KEPT_MAX];
    static size_t next;
    const struct link_info info = {
        .role = role,
        .self_id = 10001 + (int64_t)account,
        .remote = "127.0.0.1",
        .user_agent = "OneBot/11",
    };
    world->is_linking = true;
    struct link *link = bridge_on_link_up(
        world->bridge, bridge_account(world->bridge, NAMES[account]), &info,
        &wires[next++ % WORLD_KEPT_MAX], world->now);
    world->is_linking = false;
    if (world->introduction[0] != '\0' && world->app_name != NULL)
        introduce(world, link);
    answer_store(world);
    return link;
}

void world_unlink(struct world *world, struct link *link)
{
    bridge_on_link_down(world->bridge, link, 1006, "the connection was lost",
                        world->now);
    answer_store(world);
}

void world_frame_in(struct world *world, struct link *link, const char *text)
{
    bridge_on_frame(world->bridge, link, slice_of(text), world->now);
    answer_store(world);
}

size_t world_call(struct world *world, const char *request)
{
    return world_call_on(world, "", request);
}

size_t world_call_on(struct world *world, const char *token,
                     const char *request)
{
    size_t ticket = ++world->tickets;
    bridge_on_call(world->bridge, (void *)ticket, slice_of(token),
                   slice_of(request), world->now);
    answer_store(world);
    return ticket;
}

void world_answer(struct world *world, struct link *link, size_t frame)
{
    char text[512];
    snprintf(text, sizeof(text),
             "{\"status\":\"ok\",\"retcode\":0,\"data\":{\"message_id\":7},"
             "\"message\":\"\",\"wording\":\"\",\"echo\":\"%s\"}",
             world->frames[frame].echo);
    world_frame_in(world, link, text);
}

void world_claimed(struct world *world, size_t index, enum once_state state,
                   const char *reply, const char *why)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct buffer pack = {0};
    struct json_error error;
    if (reply != NULL &&
        json_to_msgpack(slice_of(reply), &options, &pack, &error) != STATUS_OK)
        abort();
    const struct once_found found = {
        .state = state,
        .reply = buffer_slice(&pack),
        .is_durable = why == NULL,
        .why = why == NULL ? "" : why,
    };
    world->claims[index].is_answered = true;
    bridge_on_claimed(world->bridge, world->claims[index].cookie, &found,
                      world->now);
    buffer_finish(&pack);
}

void world_claimed_new(struct world *world)
{
    for (size_t i = 0; i < world->claim_count; i++)
        if (!world->claims[i].is_answered)
            world_claimed(world, i, ONCE_NEW, NULL, NULL);
}

void world_finished(struct world *world)
{
    for (size_t i = 0; i < world->finished_count; i++) {
        struct world_claim *finished = &world->finished[i];
        if (finished->is_answered)
            continue;
        finished->is_answered = true;
        bridge_on_kept(world->bridge, finished->cookie, true, "", world->now);
    }
}

void world_fetched(struct world *world, const char *bytes, const char *why)
{
    struct buffer loaded = {0};
    if (bytes != NULL)
        buffer_append_string(&loaded, bytes);
    bridge_on_fetched(world->bridge, world->fetch_cookie,
                      bytes != NULL ? REPLY_FINE : REPLY_BAD_PARAMS, &loaded,
                      why, world->now);
    buffer_finish(&loaded);
    answer_store(world);
}

void world_advance_ms(struct world *world, uint64_t ms)
{
    uint64_t end_ms = world->now.mono_ms + ms;
    while (bridge_due(world->bridge) <= end_ms) {
        uint64_t due_ms = bridge_due(world->bridge);
        if (due_ms > world->now.mono_ms) {
            world->now.wall_ms += due_ms - world->now.mono_ms;
            world->now.mono_ms = due_ms;
        }
        bridge_on_tick(world->bridge, world->now);
        answer_store(world);
    }
    world->now.wall_ms += end_ms - world->now.mono_ms;
    world->now.mono_ms = end_ms;
}

const char *world_metrics(struct world *world)
{
    struct measures measures = {.count = 0};
    bridge_measure(world->bridge, &measures, world->now);
    buffer_clear(&world->metrics, SIZE_MAX);
    exposition_print(&measures, &world->metrics);
    buffer_append(&world->metrics, "", 1);
    measures_finish(&measures);
    return world->metrics.data;
}

const struct world_reply *world_reply(const struct world *world, size_t index)
{
    return index < world->reply_count ? &world->replies[index] : NULL;
}
