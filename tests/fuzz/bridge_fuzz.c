/* SPDX-License-Identifier: MIT */
/* The whole core, driven by a script. Each line of the input is a step, told
 * by its first letter:
 *
 *     U<account><role><self id: z is none><user agent>    a link opens
 *     D<link>                 it closes
 *     F<link><text>           a frame comes over it
 *     A<link><frame><how>     over it comes the answer to a frame that was
 *                             sent: ok, failed, async, version or its data
 *     C<bytes>                a call
 *     N<account><bytes>       a call on the subject of an account
 *     T<ms>                   time passes
 *     Q                       the links' queues are full, or no longer
 *     S                       the bridge stops
 *     X                       the bridge gives up on calls that wait
 *
 * Accounts, links (those open) and frames are one character, taken modulo how
 * many there are. In the end the bridge gives up. After each step the disk has
 * written, what was to be loaded is there or is not, and what is due is done.
 *
 *   - each call gets one reply in its own form, with its own id and trace; the
 *     calls without one are those the bridge says are waiting;
 *   - an answer on the account's own link settles its call at once, no other;
 *     when the last link is gone, what was sent is settled as well; of a call
 *     that takes several frames that holds for the last;
 *   - no call takes more frames than were planned for it;
 *   - none waits beyond its deadline, none begins after the stop;
 *   - frames leave on the newest open link that takes calls, none twice;
 *   - a request id is claimed before its reply is kept, and forgotten without
 *     one;
 *   - event messages are sound and numbered without holes;
 *   - an event over its account's only link is not folded if it is none of the
 *     frames before. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/archive.h"
#include "core/bridge.h"
#include "core/cursors.h"
#include "core/exposition.h"
#include "core/json_read.h"
#include "core/measures.h"
#include "core/mp.h"
#include "core/nats_state.h"
#include "core/once.h"
#include "core/onebot.h"
#include "core/outgoing.h"
#include "core/peer.h"
#include "core/plan.h"
#include "core/request.h"
#include "core/warnings.h"
#include "strict_json.h"

enum {
    ACCOUNTS = 2,
    WIRES_MAX = 64, /* over all of a script; the same below */
    TICKETS_MAX = 128,
    QUESTIONS_MAX = 128,
    FRAMES_MAX = 4 * TICKETS_MAX + QUESTIONS_MAX,
    NEWS_MAX = 128,
    CALLS_MAX = 4,
    REQUEST_BYTES_MAX = 1024,
    TEXT_MAX = 16, /* characters in one message */
    MEDIA_BYTES_MAX = 512,
    INLINE_MAX = 64,
    TICKS_MAX = 1000, /* in which all is done that can be done now */
    READ_TIMEOUT_MS = 10 * 1000,
    WRITE_TIMEOUT_MS = 30 * 1000,
    GRACE_MS = 5 * 1000,
    INTERVAL_MS = 30 * 1000,
    TIMEOUT_MS = 10 * 1000,
    STEP_MS_MAX = 60 * 60 * 1000,
    LINE_SIZE = 1024,
};

static const char EPOCH[] = "0123456789abcdef";

struct wire {
    struct link *link; /* NULL: closed */
    size_t account;
    enum link_role role;
    bool is_closing;
};

struct ticket {
    unsigned replies;
    bool is_json;
    struct buffer id, trace;
    size_t steps;         /* that were planned; 0: it is refused */
    bool is_plain;        /* it takes one frame, and one answer */
    uint64_t deadline_ms; /* at the latest */
};

/* A frame that was sent to a peer. */
struct sent {
    char *echo;
    size_t account;
    struct ticket *ticket; /* NULL: it was held, so nobody knows here */
};

/* A request id on disk. */
struct claim {
    struct once_key key;
    struct once_digest digest;
    bool is_done, is_gone;
    struct buffer reply;
};

struct world {
    struct bridge *bridge;
    struct instant now;
    struct log_options loudness;
    uint64_t seq;
    bool is_full, is_stopping;
    struct ticket *calling; /* whose call the bridge is taking right now */
    struct wire wires[WIRES_MAX];
    size_t wire_count;
    struct ticket tickets[TICKETS_MAX];
    size_t ticket_count;
    size_t reply_count;
    size_t plain_reply_count; /* to calls without an id, which none joins */
    size_t step_count;        /* of all tickets */
    struct sent sent[FRAMES_MAX];
    size_t sent_count;
    size_t question_count; /* of those, how many the bridge asked itself */
    bool wants_settings;
    bool wants_page, wants_it_backward;
    uint64_t page_cookie;
    struct claim claims[TICKETS_MAX];
    size_t claim_count;
    bool wants_claim;
    uint64_t claim_cookie;
    enum once_state claim_state; /* what is to be told, */
    size_t claim_index;          /* and of which */
    bool wants_kept;
    uint64_t kept_cookie;
    bool wants_fetch, can_fetch;
    uint64_t fetch_cookie;
    struct slice news[NEWS_MAX]; /* frames that came, each once */
    size_t news_count;
};

/* ---- the ports ---- */

/* The newest open link of the account that takes calls. */
static const struct wire *call_wire(const struct world *world, size_t account)
{
    for (size_t i = world->wire_count; i-- > 0;) {
        const struct wire *wire = &world->wires[i];
        if (wire->link != NULL && wire->account == account &&
            wire->role != LINK_EVENT)
            return wire;
    }
    return NULL;
}

static char *echo_of(struct slice text)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct buffer pack = {0};
    struct json_error error;
    struct slice value;
    struct slice echo;
    ENSURE(json_to_msgpack(text, &options, &pack, &error) == STATUS_OK);
    ENSURE(mp_find(buffer_slice(&pack), "action", &value));
    ENSURE(mp_find(buffer_slice(&pack), "params", &value));
    ENSURE(mp_find(buffer_slice(&pack), "echo", &value));
    ENSURE(mp_read_str(value, &echo) && echo.size > 0);
    char *copy = mem_dup(echo.data, echo.size);
    buffer_finish(&pack);
    return copy;
}

/* What the bridge may ask by itself; callers whose call was held may have asked
 * the same. */
static bool is_question(struct slice text)
{
    static const char *const questions[] = {
        "{\"action\":\"get_status\"",
        "{\"action\":\"get_version_info\"",
        "{\"action\":\"get_group_msg_history\"",
        "{\"action\":\"get_friend_msg_history\"",
        "{\"action\":\"send_private_msg\"", /* how to be paired */
        "{\"action\":\"upload_file_stream\"",
    };
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        size_t size = strlen(questions[i]);
        if (text.size > size && memcmp(text.data, questions[i], size) == 0)
            return true;
    }
    return false;
}

static enum status on_send(void *ctx, void *handle, struct slice text)
{
    struct world *world = ctx;
    const struct wire *wire = handle;
    /* What the bridge asks itself goes over each link; what callers ask, over
     * one that takes calls and is not being closed. */
    ENSURE(wire->link != NULL && wire->role != LINK_EVENT);
    ENSURE(!wire->is_closing);
    ENSURE(text.size <= REQUEST_BYTES_MAX);
    ENSURE(!world->is_stopping);
    bool is_own = world->calling == NULL && is_question(text);
    if (world->is_full || world->sent_count == FRAMES_MAX ||
        (is_own && world->question_count == QUESTIONS_MAX))
        return STATUS_FULL;
    world->question_count += is_own;
    char *echo = echo_of(text);
    for (size_t i = 0; i < world->sent_count; i++)
        ENSURE(strcmp(world->sent[i].echo, echo) != 0);
    world->sent[world->sent_count++] = (struct sent){
        .echo = echo,
        .account = wire->account,
        .ticket = world->calling,
    };
    return STATUS_OK;
}

static void on_emit(void *ctx, const struct bridge_event *event)
{
    struct slice message = event->message;
    struct world *world = ctx;
    size_t topic_size = strnlen(message.data, message.size) + 1;
    ENSURE(topic_size < message.size);
    ENSURE(strncmp(message.data, "qq.", 3) == 0);
    struct slice envelope = {message.data + topic_size,
                             message.size - topic_size};
    struct slice value;
    int64_t seq;
    fuzz_ensure_pack(envelope, true);
    ENSURE(mp_find(envelope, "seq", &value) && mp_read_int(value, &seq));
    ENSURE((uint64_t)seq == ++world->seq && event->seq == world->seq);
}

static struct slice text_in(struct slice reply, const char *key)
{
    struct slice value;
    struct slice text = {0};
    if (mp_find(reply, key, &value))
        ENSURE(mp_read_str(value, &text));
    return text;
}

static void ensure_reply(const struct ticket *ticket, struct slice reply)
{
    struct slice status = text_in(reply, "status");
    bool is_fine = slice_equals(status, "ok") || slice_equals(status, "async");
    fuzz_ensure_pack(reply, false);
    ENSURE(is_fine || slice_equals(status, "failed") ||
           slice_equals(status, "unknown"));
    ENSURE(is_fine == (text_in(reply, "error").size == 0));
    ENSURE(fuzz_same(text_in(reply, "id"), buffer_slice(&ticket->id)));
    ENSURE(fuzz_same(text_in(reply, "trace"), buffer_slice(&ticket->trace)));
}

static void ensure_json_reply(const struct ticket *ticket, struct slice text)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct strict_json strict = strict_json_read(text);
    struct buffer pack = {0};
    struct json_error error;
    ENSURE(strict.is_good);
    ENSURE(json_to_msgpack(text, &options, &pack, &error) == STATUS_OK);
    ensure_reply(ticket, buffer_slice(&pack));
    buffer_finish(&pack);
    strict_json_finish(&strict);
}

static void on_reply(void *ctx, void *handle, struct slice payload)
{
    struct world *world = ctx;
    struct ticket *ticket = handle;
    ENSURE(ticket->replies++ == 0);
    world->reply_count++;
    world->plain_reply_count += ticket->id.size == 0;
    if (ticket->is_json)
        ensure_json_reply(ticket, payload);
    else
        ensure_reply(ticket, payload);
}

static bool on_hold(void *ctx, void *ticket)
{
    (void)ctx;
    (void)ticket;
    return false;
}

static const char *on_caller(void *ctx, void *ticket)
{
    (void)ctx;
    (void)ticket;
    return "caller";
}

static void on_say(void *ctx, enum log_level level, const char *line)
{
    (void)ctx;
    ENSURE(level <= LOG_ERROR);
    ENSURE(strnlen(line, LINE_SIZE) < LINE_SIZE && line[0] != '\0');
}

static void on_ping(void *ctx, void *handle)
{
    (void)ctx;
    ENSURE(((const struct wire *)handle)->link != NULL);
}

static size_t unsent(void *ctx, const void *handle)
{
    (void)ctx;
    ENSURE(((const struct wire *)handle)->link != NULL);
    return 0;
}

static void on_close(void *ctx, void *handle, uint16_t code, const char *reason)
{
    struct wire *wire = handle;
    (void)ctx;
    (void)code;
    ENSURE(wire->link != NULL && reason[0] != '\0');
    wire->is_closing = true;
}

static void on_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 7, size);
}

static enum status on_keep(void *ctx, const struct pairing_entry *entry,
                           uint64_t cookie)
{
    (void)ctx;
    (void)entry;
    (void)cookie;
    return STATUS_FULL;
}

static enum status on_keep_cursor(void *ctx, const struct cursor *cursor,
                                  bool forget, uint64_t cookie)
{
    (void)ctx;
    (void)cookie;
    ENSURE(forget || cursors_is_name(slice_of(cursor->consumer)));
    return STATUS_FULL;
}

static struct claim *find_claim(struct world *world, const struct once_key *key)
{
    for (size_t i = 0; i < world->claim_count; i++) {
        struct claim *claim = &world->claims[i];
        if (!claim->is_gone && claim->key.size == key->size &&
            memcmp(claim->key.bytes, key->bytes, key->size) == 0)
            return claim;
    }
    return NULL;
}

static enum once_state claim_state(const struct claim *claim,
                                   const struct once_digest *digest)
{
    if (memcmp(&claim->digest, digest, sizeof(*digest)) != 0)
        return ONCE_OTHER;
    return claim->is_done ? ONCE_DONE : ONCE_BEGUN;
}

static enum status on_claim(void *ctx, const struct once_key *key,
                            const struct once_digest *digest, uint64_t wall_ms,
                            uint64_t cookie)
{
    struct world *world = ctx;
    struct claim *claim = find_claim(world, key);
    ENSURE(key->size <= ONCE_KEY_SIZE && wall_ms == world->now.wall_ms);
    ENSURE(!world->wants_claim);
    if (world->is_full || world->claim_count == TICKETS_MAX)
        return STATUS_FULL;
    world->claim_state = claim == NULL ? ONCE_NEW : claim_state(claim, digest);
    if (claim == NULL) {
        claim = &world->claims[world->claim_count++];
        *claim = (struct claim){.key = *key, .digest = *digest};
    }
    world->claim_index = (size_t)(claim - world->claims);
    world->claim_cookie = cookie;
    world->wants_claim = true;
    return STATUS_OK;
}

static enum status on_finish(void *ctx, const struct once_key *key,
                             struct slice reply, uint64_t cookie)
{
    struct world *world = ctx;
    struct claim *claim = find_claim(world, key);
    ENSURE(reply.size <= ONCE_REPLY_BYTES_MAX);
    ENSURE(claim != NULL);
    buffer_clear(&claim->reply, ONCE_REPLY_BYTES_MAX);
    buffer_append(&claim->reply, reply.data, reply.size);
    claim->is_done = true;
    if (cookie == 0)
        return STATUS_OK;
    ENSURE(!world->wants_kept);
    world->wants_kept = true;
    world->kept_cookie = cookie;
    return STATUS_OK;
}

static void on_forget(void *ctx, const struct once_key *key)
{
    struct claim *claim = find_claim(ctx, key);
    ENSURE(claim != NULL && !claim->is_done);
    claim->is_gone = true;
}

static enum status on_fetch(void *ctx, struct slice url, size_t bytes_max,
                            uint64_t cookie)
{
    struct world *world = ctx;
    ENSURE(url.size > 0 && bytes_max == MEDIA_BYTES_MAX);
    if (world->is_full || world->wants_fetch)
        return STATUS_FULL;
    world->wants_fetch = true;
    world->can_fetch = url.size % 4 != 0;
    world->fetch_cookie = cookie;
    return STATUS_OK;
}

static enum status on_read(void *ctx, const struct archive_query *query,
                           struct archive_filter *filter, uint64_t cookie)
{
    struct world *world = ctx;
    ENSURE(query->bytes_max > 0);
    for (size_t i = 0; i < filter->pattern_count; i++)
        ENSURE(topic_pattern_valid(filter->patterns[i]));
    if (world->is_full)
        return STATUS_FULL;
    world->wants_page = true;
    world->wants_it_backward = query->is_backward;
    world->page_cookie = cookie;
    free(filter);
    return STATUS_OK;
}

static void on_archive(void *ctx, struct archive_state *state)
{
    (void)ctx;
    *state = (struct archive_state){.mode = "ok", .fault = ""};
}

static void on_nats(void *ctx, struct nats_state *state)
{
    (void)ctx;
    *state = (struct nats_state){
        .mode = "off", .fault = "", .server = "", .stream = ""};
}

static enum status on_reload(void *ctx)
{
    ((struct world *)ctx)->wants_settings = true;
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

/* ---- the world ---- */

#define OPTIONS                                                                \
    .text_max = TEXT_MAX, .media_bytes_max = MEDIA_BYTES_MAX,                  \
    .watch = {.interval_ms = INTERVAL_MS, .timeout_ms = TIMEOUT_MS},           \
    .access = {.dm_policy = ACCESS_PAIRING, .group_policy = ACCESS_ALLOWLIST}

static void world_init(struct world *world)
{
    static const struct account_options accounts[ACCOUNTS] = {
        {.name = "a0", .grace_ms = GRACE_MS, OPTIONS},
        {.name = "a1", .self_id = 10002, OPTIONS}};
    world->now = (struct instant){1000000, 1786700000000};
    world->bridge = bridge_create(
        &(struct bridge_options){
            .allows_unknown = true,
            .accounts = accounts,
            .account_count = ACCOUNTS,
            .version = "fuzz",
            .epoch = EPOCH,
            .run = EPOCH,
            .read_timeout_ms = READ_TIMEOUT_MS,
            .write_timeout_ms = WRITE_TIMEOUT_MS,
            .calls_max = CALLS_MAX,
            .request_bytes_max = REQUEST_BYTES_MAX,
            .media = {.inline_max = INLINE_MAX, .fetches = true},
        },
        &(struct bridge_ports){.ctx = world,
                               .send = on_send,
                               .ping = on_ping,
                               .unsent = unsent,
                               .close = on_close,
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
                               .log = on_log},
        world->now);
}

static void world_finish(struct world *world)
{
    bridge_destroy(world->bridge);
    for (size_t i = 0; i < world->sent_count; i++)
        free(world->sent[i].echo);
    for (size_t i = 0; i < world->ticket_count; i++) {
        buffer_finish(&world->tickets[i].id);
        buffer_finish(&world->tickets[i].trace);
    }
    for (size_t i = 0; i < world->claim_count; i++)
        buffer_finish(&world->claims[i].reply);
}

/* ---- what comes of what was asked ---- */

static void tell_claim(struct world *world)
{
    const struct claim *claim = &world->claims[world->claim_index];
    const struct once_found found = {
        .state = world->claim_state,
        .reply = buffer_slice(&claim->reply),
        .is_durable = true,
        .why = "",
    };
    world->wants_claim = false;
    bridge_on_claimed(world->bridge, world->claim_cookie, &found, world->now);
}

static void tell_kept(struct world *world)
{
    world->wants_kept = false;
    bridge_on_kept(world->bridge, world->kept_cookie, true, "", world->now);
}

static void tell_fetched(struct world *world)
{
    struct buffer bytes = {0};
    world->wants_fetch = false;
    if (world->can_fetch)
        buffer_append_string(&bytes, "a picture");
    bridge_on_fetched(world->bridge, world->fetch_cookie,
                      world->can_fetch ? REPLY_FINE : REPLY_BAD_PARAMS, &bytes,
                      "there is none", world->now);
    buffer_finish(&bytes);
}

static void tell_all(struct world *world)
{
    while (world->wants_claim || world->wants_fetch || world->wants_kept)
        if (world->wants_claim)
            tell_claim(world);
        else if (world->wants_fetch)
            tell_fetched(world);
        else
            tell_kept(world);
}

/* Do all that is due now. */
static void tick(struct world *world)
{
    unsigned ticks = 0;
    while (bridge_due(world->bridge) <= world->now.mono_ms) {
        bridge_on_tick(world->bridge, world->now);
        tell_all(world);
        ENSURE(++ticks < TICKS_MAX);
    }
}

/* The open link with this number, modulo how many there are; or NULL. */
static struct wire *open_wire(struct world *world, unsigned number)
{
    size_t open = 0;
    for (size_t i = 0; i < world->wire_count; i++)
        open += world->wires[i].link != NULL;
    size_t wanted = open == 0 ? 0 : number % open;
    for (size_t i = 0; i < world->wire_count; i++)
        if (world->wires[i].link != NULL && wanted-- == 0)
            return &world->wires[i];
    return NULL;
}

/* ---- the steps ---- */

static struct slice rest_of(const struct fuzz_input *line)
{
    return (struct slice){line->left == 0 ? "" : line->at, line->left};
}

/* The number behind a digit or letter: 0 for '0'. */
static unsigned number_of(struct fuzz_input *line)
{
    return (unsigned)(unsigned char)(fuzz_byte(line) - '0');
}

static struct account *account_of(const struct world *world,
                                  const struct wire *wire)
{
    return bridge_account(world->bridge, wire->account == 0 ? "a0" : "a1");
}

static void step_up(struct world *world, struct fuzz_input *line)
{
    if (world->wire_count == WIRES_MAX)
        return;
    struct wire *wire = &world->wires[world->wire_count++];
    wire->account = number_of(line) % ACCOUNTS;
    wire->role = (enum link_role)(number_of(line) % 3);
    bool has_self_id = fuzz_byte(line) != 'z';
    char *user_agent = strndup(rest_of(line).data, rest_of(line).size);
    const struct link_info info = {
        .role = wire->role,
        .self_id = has_self_id ? 10001 + (int64_t)wire->account : 0,
        .remote = "127.0.0.1:5",
        .user_agent = line->left == 0 ? NULL : user_agent,
    };
    /* Held calls leave before the link has a name. */
    wire->link = (struct link *)wire;
    wire->link = bridge_on_link_up(world->bridge, account_of(world, wire),
                                   &info, wire, world->now);
    free(user_agent);
}

/* Nobody is there to answer what was sent. */
static void ensure_none_waits_for(const struct world *world, size_t account)
{
    for (size_t i = 0; i < world->sent_count; i++)
        if (world->sent[i].account == account &&
            world->sent[i].ticket != NULL && world->sent[i].ticket->is_plain)
            ENSURE(world->sent[i].ticket->replies == 1);
}

static void step_down(struct world *world, struct fuzz_input *line)
{
    struct wire *wire = open_wire(world, number_of(line));
    if (wire == NULL)
        return;
    struct link *link = wire->link;
    wire->link = NULL;
    bridge_on_link_down(world->bridge, link, 1006, "lost", world->now);
    tell_all(world);
    if (call_wire(world, wire->account) == NULL)
        ensure_none_waits_for(world, wire->account);
}

static bool is_only_wire(const struct world *world, const struct wire *wire)
{
    for (size_t i = 0; i < world->wire_count; i++) {
        const struct wire *other = &world->wires[i];
        if (other != wire && other->link != NULL &&
            other->account == wire->account)
            return false;
    }
    return true;
}

/* Is it none of the frames before? False when there is no telling any more. */
static bool is_news(struct world *world, struct slice text)
{
    for (size_t i = 0; i < world->news_count; i++)
        if (fuzz_same(world->news[i], text))
            return false;
    if (world->news_count == NEWS_MAX)
        return false;
    world->news[world->news_count++] = text;
    return true;
}

static bool is_event(struct slice text)
{
    struct buffer scratch = {0};
    struct onebot_frame frame;
    struct json_error error;
    bool is_read = onebot_read(text, 0, &scratch, &frame, &error) == STATUS_OK;
    buffer_finish(&scratch);
    return is_read && frame.kind == ONEBOT_EVENT;
}

static void step_frame(struct world *world, struct fuzz_input *line)
{
    struct wire *wire = open_wire(world, number_of(line));
    size_t replies = world->plain_reply_count;
    uint64_t seq = world->seq;
    struct slice text = rest_of(line);
    if (wire == NULL)
        return;
    /* The other account is pinned to a number that the event may not have. */
    bool is_due = is_news(world, text) && is_only_wire(world, wire) &&
                  is_event(text) && wire->account == 0;
    bridge_on_frame(world->bridge, wire->link, text, world->now);
    tell_all(world);
    ENSURE(world->plain_reply_count - replies <= 1);
    /* It, that QQ is online, and that sending is paused or goes on. */
    ENSURE(world->seq - seq <= 3);
    ENSURE(!is_due || world->seq > seq);
}

/* The members of an answer but for its echo. */
static void append_answer(struct slice how, struct buffer *out)
{
    static const struct {
        const char *name, *members;
    } ANSWERS[] = {
        {"ok", "\"status\":\"ok\",\"retcode\":0,\"data\":null"},
        {"failed", "\"status\":\"failed\",\"retcode\":1404,\"wording\":\"w\""},
        {"async", "\"status\":\"async\",\"retcode\":1,\"message\":[]"},
        {"version", "\"status\":\"ok\",\"retcode\":0,\"data\":"
                    "{\"app_name\":\"n\",\"app_version\":\"\\u0001v\"}"},
    };
    for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(ANSWERS[0]); i++)
        if (slice_equals(how, ANSWERS[i].name)) {
            buffer_append_string(out, ANSWERS[i].members);
            return;
        }
    buffer_append_string(out, "\"status\":\"ok\",\"retcode\":0,\"data\":");
    buffer_append(out, how.data, how.size);
}

static bool is_document(struct slice text)
{
    struct strict_json strict = strict_json_read(text);
    strict_json_finish(&strict);
    return strict.is_good && strict.depth <= JSON_DEPTH_DEFAULT;
}

/* Is it an answer and to this frame? Arbitrary `data` may end the map early. */
static bool is_plain(struct slice how)
{
    return how.size > 0 && strchr("ofav", how.data[0]) != NULL;
}

static void step_answer(struct world *world, struct fuzz_input *line)
{
    const struct wire *wire = open_wire(world, number_of(line));
    unsigned number = number_of(line);
    if (wire == NULL || world->sent_count == 0)
        return;
    const struct sent *sent = &world->sent[number % world->sent_count];
    struct ticket *ticket = sent->ticket;
    struct buffer text = {0};
    buffer_append_string(&text, "{");
    append_answer(rest_of(line), &text);
    buffer_append_string(&text, ",\"echo\":\"");
    buffer_append_string(&text, sent->echo);
    buffer_append_string(&text, "\"}");
    size_t replies = world->reply_count;
    size_t plain_replies = world->plain_reply_count;
    bool is_due = ticket != NULL && ticket->replies == 0 && ticket->is_plain &&
                  wire->account == sent->account && is_plain(rest_of(line)) &&
                  is_document(buffer_slice(&text));
    bridge_on_frame(world->bridge, wire->link, buffer_slice(&text), world->now);
    tell_all(world);
    ENSURE(world->plain_reply_count - plain_replies <= 1);
    ENSURE(!is_due || ticket->replies == 1);
    ENSURE(wire->account == sent->account || world->reply_count == replies ||
           !is_plain(rest_of(line)));
    buffer_finish(&text);
}

static bool has_media(const struct catalog_action *action)
{
    if (action == NULL)
        return false;
    bool has = action->is_speech || action->is_upload;
    for (size_t i = 0; i < action->param_count; i++)
        has |= action->params[i].is_media;
    return has;
}

static bool is_stream(const struct catalog_action *action)
{
    return action != NULL && action->is_stream;
}

/* Whatever the peer is: of each kind one has the most steps. */
static void plan_ticket(struct ticket *ticket, const struct request *request)
{
    for (int kind = 0; kind < PEER_KINDS; kind++) {
        const struct peer peer = {.kind = (enum peer_kind)kind};
        const struct plan_options options = {
            .peer = &peer, .text_max = TEXT_MAX, .allows_unknown = true};
        struct plan plan = {0};
        struct warnings warnings = {0};
        char fault[REQUEST_FAULT_SIZE];
        if (plan_make(request, &options, &plan, &warnings, fault) ==
                REPLY_FINE &&
            plan.count > ticket->steps)
            ticket->steps = plan.count;
        ticket->is_plain = ticket->steps <= 1 && !is_stream(plan.name.action);
        plan_finish(&plan);
        warnings_finish(&warnings);
    }
}

/* Files, further frames and those who came before have a time of their own. */
static uint64_t patience_of(const struct ticket *ticket,
                            const struct request *request)
{
    const struct catalog_action *action =
        catalog_resolve(request->action).action;
    if (!ticket->is_plain || has_media(action) || request->id.size > 0)
        return (ticket->steps + 1) * (uint64_t)REQUEST_TIMEOUT_MS_MAX;
    return request->timeout_ms == 0 ? WRITE_TIMEOUT_MS : request->timeout_ms;
}

/* What the reply must have, found with the reader that is fuzzed by itself, and
 * how many frames it may take. */
static struct ticket *new_ticket(struct world *world, struct slice bytes)
{
    struct ticket *ticket = &world->tickets[world->ticket_count++];
    struct buffer scratch = {0};
    struct request request;
    char fault[REQUEST_FAULT_SIZE];
    bool is_read = request_read(bytes, &scratch, &request, fault) == STATUS_OK;
    if (is_read)
        plan_ticket(ticket, &request);
    world->step_count += ticket->steps;
    ticket->is_json = request.is_json;
    ticket->deadline_ms =
        world->now.mono_ms + (is_read ? patience_of(ticket, &request) : 0);
    buffer_append(&ticket->id, request.id.data, request.id.size);
    buffer_append(&ticket->trace, request.trace.data, request.trace.size);
    buffer_finish(&scratch);
    return ticket;
}

/* A page that has in it what was asked with. */
static void give_page(struct world *world, struct slice bytes)
{
    const struct archive_range lost = {1, 2};
    const struct archive_page page = {
        .is_backward = world->wants_it_backward,
        .fault = bytes.size % 8 == 0 ? "it cannot be read" : NULL,
        .events = &bytes,
        .event_count = 1,
        .lost = &lost,
        .lost_count = bytes.size % 2,
        .next = 3,
        .newest = world->seq,
    };
    bridge_on_page(world->bridge, world->page_cookie, &page, world->now);
}

static void step_call(struct world *world, struct slice token,
                      struct fuzz_input *line)
{
    if (world->ticket_count == TICKETS_MAX)
        return;
    struct ticket *ticket = new_ticket(world, rest_of(line));
    size_t replies = world->reply_count;
    world->calling = ticket;
    bridge_on_call(world->bridge, ticket, token, rest_of(line), world->now);
    tell_all(world);
    world->calling = NULL;
    if (world->wants_settings)
        bridge_on_reloaded(world->bridge, NULL, "they are no good", world->now);
    world->wants_settings = false;
    if (world->wants_page)
        give_page(world, rest_of(line));
    world->wants_page = false;
    ENSURE(world->reply_count - replies == ticket->replies);
    ENSURE(!world->is_stopping || ticket->replies == 1);
}

static void pass_until(struct world *world, uint64_t mono_ms)
{
    if (mono_ms <= world->now.mono_ms)
        return;
    world->now.wall_ms += mono_ms - world->now.mono_ms;
    world->now.mono_ms = mono_ms;
}

static void step_call_on(struct world *world, struct fuzz_input *line)
{
    static const char *const tokens[ACCOUNTS] = {"a0", "a1"};
    unsigned account = number_of(line) % ACCOUNTS;
    step_call(world, slice_of(tokens[account]), line);
}

/* Stop wherever the bridge has something to do. */
static void step_time(struct world *world, struct fuzz_input *line)
{
    uint64_t ms = 0;
    for (unsigned digit; line->left > 0 && (digit = number_of(line)) < 10;)
        ms = (ms * 10 + digit) % STEP_MS_MAX;
    uint64_t end_ms = world->now.mono_ms + ms;
    for (uint64_t due_ms; (due_ms = bridge_due(world->bridge)) <= end_ms;) {
        pass_until(world, due_ms);
        tick(world);
    }
    pass_until(world, end_ms);
    for (size_t i = 0; i < world->ticket_count; i++)
        ENSURE(world->tickets[i].replies == 1 ||
               world->now.mono_ms < world->tickets[i].deadline_ms);
}

static void step_stop(struct world *world)
{
    bridge_stop(world->bridge, world->now);
    tell_all(world);
    world->is_stopping = true;
}

static void step_abandon(struct world *world)
{
    bridge_abandon(world->bridge, world->now);
    ENSURE(bridge_calls_waiting(world->bridge) == 0);
    ENSURE(world->reply_count == world->ticket_count);
}

static void step(struct world *world, struct slice text)
{
    struct fuzz_input line = {text.data, text.size};
    switch (fuzz_byte(&line)) {
    case 'U':
        step_up(world, &line);
        break;
    case 'D':
        step_down(world, &line);
        break;
    case 'F':
        step_frame(world, &line);
        break;
    case 'A':
        step_answer(world, &line);
        break;
    case 'C':
        step_call(world, (struct slice){0}, &line);
        break;
    case 'N':
        step_call_on(world, &line);
        break;
    case 'T':
        step_time(world, &line);
        break;
    case 'Q':
        world->is_full = !world->is_full;
        break;
    case 'S':
        step_stop(world);
        break;
    case 'X':
        step_abandon(world);
        break;
    default:
        break;
    }
    tell_all(world);
    tick(world);
    ENSURE(world->ticket_count - world->reply_count ==
           bridge_calls_waiting(world->bridge));
    ENSURE(bridge_calls_waiting(world->bridge) <= CALLS_MAX);
    ENSURE(world->sent_count <= world->step_count + world->question_count);
}

/* All of them can be shown, whatever has come. */
static void show_metrics(struct world *world)
{
    struct measures measures = {.count = 0};
    struct buffer text = {0};
    bridge_measure(world->bridge, &measures, world->now);
    exposition_print(&measures, &text);
    ENSURE(text.size > 0 && text.data[text.size - 1] == '\n');
    buffer_finish(&text);
    measures_finish(&measures);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input script = fuzz_input_of(data, size);
    struct world *world = mem_zalloc(1, sizeof(*world));
    world_init(world);
    while (script.left > 0)
        step(world, fuzz_until(&script, '\n'));
    show_metrics(world);
    step_abandon(world);
    world_finish(world);
    free(world);
    return 0;
}
