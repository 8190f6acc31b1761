/* SPDX-License-Identifier: MIT */
/* onebus_bench_calls: sends calls through the pure core, a number of rounds,
 * and plays the peer and the store: MessagePack in, the frame to the peer, its
 * answer, the reply out. No socket, no thread, and time that stands still
 * within a round.
 *
 * Like onebus_bench_core it is made to be run twice under callgrind. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "ask.h"
#include "base/buffer.h"
#include "base/mem.h"
#include "core/bridge.h"
#include "core/once.h"
#include "nanos.h"

enum {
    PARALLEL_MAX = 256,
    ECHO_SIZE = 80,
    TEXT_SIZE = 512,
    TIMEOUT_MS = 30 * 1000,
};

/* What the bridge has asked for and is not told yet. */
struct world {
    struct bridge *bridge;
    struct link *link;
    struct instant now;
    struct ask ask;
    uint64_t asked, replies, failed;
    uint64_t message_id;
    char echoes[PARALLEL_MAX][ECHO_SIZE]; /* with their quotes */
    size_t echo_count;
    uint64_t claims[PARALLEL_MAX], keeps[PARALLEL_MAX];
    size_t claim_count, keep_count;
};

/* ---- ports ----------------------------------------------------------- */

/* The frame ends with its echo. */
static enum status on_send(void *ctx, void *wire, struct slice text)
{
    static const char key[] = ",\"echo\":";
    struct world *world = ctx;
    (void)wire;
    const char *end = text.data + text.size - 1;
    const char *at = end - 1;
    while (at > text.data && at[-1] != '"')
        at--;
    size_t size = (size_t)(end - at) + 1;
    if (memcmp(at - sizeof(key), key, sizeof(key) - 1) != 0 ||
        size >= ECHO_SIZE || world->echo_count == PARALLEL_MAX)
        errx(EXIT_FAILURE, "a frame that cannot be answered");
    char *echo = world->echoes[world->echo_count++];
    memcpy(echo, at - 1, size);
    echo[size] = '\0';
    return STATUS_OK;
}

static void on_wire(void *ctx, void *wire)
{
    (void)ctx;
    (void)wire;
}

static void on_close(void *ctx, void *wire, uint16_t code, const char *reason)
{
    (void)ctx;
    (void)wire;
    errx(EXIT_FAILURE, "the link is closed: %u %s", code, reason);
}

static void on_emit(void *ctx, const struct bridge_event *event)
{
    (void)ctx;
    (void)event;
}

static void on_reply(void *ctx, void *ticket, struct slice payload)
{
    struct world *world = ctx;
    (void)ticket;
    world->replies++;
    if (memmem(payload.data, payload.size, "\xa2ok", 3) == NULL)
        world->failed++;
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
    if (level >= LOG_WARN)
        warnx("%s", line);
}

static void on_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 0x80, size);
}

static enum status on_claim(void *ctx, const struct once_key *key,
                            const struct once_digest *digest, uint64_t wall_ms,
                            uint64_t cookie)
{
    struct world *world = ctx;
    (void)key;
    (void)digest;
    (void)wall_ms;
    world->claims[world->claim_count++] = cookie;
    return STATUS_OK;
}

static enum status on_finish(void *ctx, const struct once_key *key,
                             struct slice reply, uint64_t cookie)
{
    struct world *world = ctx;
    (void)key;
    (void)reply;
    world->keeps[world->keep_count++] = cookie;
    return STATUS_OK;
}

/* ---- the peer and the store ------------------------------------------ */

static void answer_peer(struct world *world)
{
    for (size_t i = 0; i < world->echo_count; i++) {
        char text[TEXT_SIZE];
        int size = snprintf(text, sizeof(text),
                            "{\"status\":\"ok\",\"retcode\":0,\"data\":"
                            "{\"message_id\":%" PRIu64 "},\"message\":\"\","
                            "\"wording\":\"\",\"echo\":%s}",
                            ++world->message_id, world->echoes[i]);
        bridge_on_frame(world->bridge, world->link,
                        (struct slice){text, (size_t)size}, world->now);
    }
    world->echo_count = 0;
}

static void answer_store(struct world *world)
{
    static const struct once_found found = {
        .state = ONCE_NEW, .is_durable = true, .why = ""};
    for (size_t i = 0; i < world->claim_count; i++)
        bridge_on_claimed(world->bridge, world->claims[i], &found, world->now);
    world->claim_count = 0;
    for (size_t i = 0; i < world->keep_count; i++)
        bridge_on_kept(world->bridge, world->keeps[i], true, "", world->now);
    world->keep_count = 0;
}

static void answer_all(struct world *world)
{
    while (world->claim_count + world->keep_count + world->echo_count > 0) {
        answer_store(world);
        answer_peer(world);
    }
}

/* So many calls at a time, from the first to their replies. */
static void run_round(struct world *world, unsigned long parallel)
{
    for (unsigned long i = 0; i < parallel; i++) {
        ask_set_id(&world->ask, world->ask.bytes.data, ++world->asked);
        bridge_on_call(world->bridge, world, (struct slice){0},
                       buffer_slice(&world->ask.bytes), world->now);
    }
    answer_all(world);
    bridge_on_tick(world->bridge, world->now);
    world->now.mono_ms++;
    world->now.wall_ms++;
}

/* ---- all of it --------------------------------------------------------- */

static void world_open(struct world *world)
{
    static const struct account_options account = {.name = "default"};
    const struct bridge_options options = {
        .accounts = &account,
        .account_count = 1,
        .version = "bench",
        .epoch = "bench",
        .run = "0123456789abcdef",
        .read_timeout_ms = TIMEOUT_MS,
        .write_timeout_ms = TIMEOUT_MS,
        .calls_max = PARALLEL_MAX,
        .request_bytes_max = 1 << 20,
    };
    const struct bridge_ports ports = {
        .ctx = world,
        .send = on_send,
        .ping = on_wire,
        .close = on_close,
        .emit = on_emit,
        .reply = on_reply,
        .hold = on_hold,
        .caller = on_caller,
        .say = on_say,
        .random = on_random,
        .claim = on_claim,
        .finish = on_finish,
    };
    const struct link_info info = {
        .role = LINK_UNIVERSAL, .self_id = 3889001741, .remote = "bench"};
    world->now = (struct instant){1000000, 1731234567000};
    world->bridge = bridge_create(&options, &ports, world->now);
    struct account *own = bridge_account(world->bridge, account.name);
    world->link =
        bridge_on_link_up(world->bridge, own, &info, world, world->now);
    answer_all(world); /* who it is */
}

static void report(const struct world *world, unsigned long rounds,
                   uint64_t nanos)
{
    double calls = (double)world->replies;
    printf("{\"calls\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"rounds\":%lu,"
           "\"events\":%.0f,\"seconds\":%.6f,\"ns_per_call\":%.1f}\n",
           world->replies, world->failed, rounds, calls / (double)rounds,
           nanos_to_seconds(nanos), (double)nanos / calls);
}

int main(int argc, char **argv)
{
    const char *kind = "send";
    unsigned long rounds = 1, parallel = 1, time_limit = 300;
    const struct arg args[] = {
        {"kind", "read, send or once (send)", .text = &kind},
        {"parallel", "calls at a time (1)", .number = &parallel},
        {"rounds", "of so many calls (1)", .number = &rounds},
        {"time-limit", "seconds (300)", .number = &time_limit},
        {.name = NULL},
    };
    args_read(argc, argv, args);
    alarm((unsigned)time_limit);
    struct world *world = mem_zalloc(1, sizeof(*world));
    if (!ask_find(kind, &world->ask) || parallel == 0 ||
        parallel > PARALLEL_MAX || rounds == 0)
        errx(2, "--kind: read, send or once; --parallel: 1 to %d",
             PARALLEL_MAX);
    world_open(world);
    uint64_t started_ns = nanos_now();
    for (unsigned long i = 0; i < rounds; i++)
        run_round(world, parallel);
    report(world, rounds, nanos_now() - started_ns);
    bool is_whole =
        world->failed == 0 && world->replies == (uint64_t)rounds * parallel;
    bridge_destroy(world->bridge);
    ask_finish(&world->ask);
    free(world);
    return is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
}
