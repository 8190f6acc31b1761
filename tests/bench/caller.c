/* SPDX-License-Identifier: MIT */
/* onebus_bench_caller: sends requests (ask.h) to the bridge's action socket
 * from so many callers at once, looks at each reply, and prints at the end, as
 * a line of JSON, how many went well and how long they took.
 *
 * Each caller is an NNG context with one aio and goes round:
 *
 *   pausing ──▶ sending ──▶ receiving ──▶ pausing …
 *
 * Its callbacks run on NNG's threads, one at a time for each caller; the
 * callers share nothing but the number of calls begun. */
#include <err.h>
#include <msgpack.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "ask.h"
#include "base/buffer.h"
#include "base/mem.h"
#include "histogram.h"
#include "nanos.h"

enum {
    REPLY_TIMEOUT_MS = 20 * 1000,
    FAILURE_BYTES = 128,
};

struct options {
    unsigned long parallel, calls, rate, time_limit;
    const char *url, *kind;
    bool allow_refusals;
};

enum caller_state {
    CALLER_PAUSING,
    CALLER_SENDING,
    CALLER_RECEIVING,
};

/* What the callers share. */
struct load {
    struct options options;
    nng_socket socket;
    struct ask ask;
    nng_msg *request; /* each call sends a copy */
    uint64_t started_ns;
    atomic_ulong begun;
};

struct caller {
    struct load *load;
    nng_ctx context;
    nng_aio *aio;
    enum caller_state state;
    unsigned long index; /* of the call, among all */
    uint64_t sent_ns;
    unsigned long ok, failed;
    char failure[FAILURE_BYTES]; /* what the first one was */
    struct histogram latency;
};

static struct options read_options(int argc, char **argv)
{
    struct options o = {
        .parallel = 1, .calls = 1, .time_limit = 120, .kind = "send"};
    const struct arg args[] = {
        {"url", "of the action socket", .text = &o.url},
        {"kind", "read, send, once or upload (send)", .text = &o.kind},
        {"parallel", "callers (1)", .number = &o.parallel},
        {"calls", "how many in all (1)", .number = &o.calls},
        {"rate", "calls a second (as fast as they go)", .number = &o.rate},
        {"allow-refusals", "are no failure", .flag = &o.allow_refusals},
        {"time-limit", "seconds (120)", .number = &o.time_limit},
        {.name = NULL},
    };
    args_read(argc, argv, args);
    if (o.url == NULL || o.parallel == 0)
        errx(2, "--url is needed, and at least one caller");
    return o;
}

static void must(int result, const char *what)
{
    if (result != 0)
        errx(EXIT_FAILURE, "%s: %s", what, nng_strerror(result));
}

static nng_msg *make_request(const struct ask *ask)
{
    nng_msg *request;
    must(nng_msg_alloc(&request, 0), "message");
    must(nng_msg_append(request, ask->bytes.data, ask->bytes.size), "message");
    return request;
}

/* The string under `key` in a reply; empty if there is none. */
static struct slice member(const msgpack_object *map, const char *key)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return (struct slice){0};
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *entry = &map->via.map.ptr[i];
        if (entry->key.type != MSGPACK_OBJECT_STR ||
            entry->val.type != MSGPACK_OBJECT_STR ||
            !slice_equals(
                (struct slice){entry->key.via.str.ptr, entry->key.via.str.size},
                key))
            continue;
        return (struct slice){entry->val.via.str.ptr, entry->val.via.str.size};
    }
    return (struct slice){0};
}

static void fail(struct caller *caller, struct slice why)
{
    /* Goes into JSON as it is: what would break a string there is left out. */
    if (caller->failed++ != 0)
        return;
    size_t size = 0;
    for (size_t i = 0; i < why.size && size < FAILURE_BYTES - 1; i++)
        if (why.data[i] >= ' ' && why.data[i] != '"' && why.data[i] != '\\')
            caller->failure[size++] = why.data[i];
}

static void judge(struct caller *caller, nng_msg *reply)
{
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    if (msgpack_unpack_next(&unpacked, nng_msg_body(reply), nng_msg_len(reply),
                            NULL) != MSGPACK_UNPACK_SUCCESS)
        fail(caller, slice_of("the reply is no MessagePack"));
    else if (!slice_equals(member(&unpacked.data, "status"), "ok"))
        fail(caller, member(&unpacked.data, "message"));
    else
        caller->ok++;
    msgpack_unpacked_destroy(&unpacked);
}

static void send_request(struct caller *caller)
{
    nng_msg *request;
    must(nng_msg_dup(&request, caller->load->request), "message");
    /* The clock makes ids that no run before this one had. */
    ask_set_id(&caller->load->ask, nng_msg_body(request),
               caller->load->started_ns + caller->index);
    nng_aio_set_msg(caller->aio, request);
    caller->state = CALLER_SENDING;
    caller->sent_ns = nanos_now();
    nng_ctx_send(caller->context, caller->aio);
}

/* When call number `index` is due. NNG sleeps whole milliseconds: the rate
 * holds over many calls, not from one to the next. */
static nng_duration pause_ms(const struct load *load, unsigned long index)
{
    if (load->options.rate == 0)
        return 0;
    uint64_t due_ns =
        load->started_ns + index * NANOS_PER_SECOND / load->options.rate;
    uint64_t now_ns = nanos_now();
    return due_ns > now_ns ? (nng_duration)((due_ns - now_ns) / NANOS_PER_MS)
                           : 0;
}

static void begin_call(struct caller *caller)
{
    struct load *load = caller->load;
    unsigned long index = atomic_fetch_add(&load->begun, 1);
    caller->index = index;
    if (index >= load->options.calls)
        return; /* for good: nng_aio_wait() then returns */
    nng_duration pause = pause_ms(load, index);
    if (pause == 0) {
        send_request(caller);
        return;
    }
    caller->state = CALLER_PAUSING;
    nng_sleep_aio(pause, caller->aio);
}

static void end_call(struct caller *caller)
{
    nng_msg *reply = nng_aio_get_msg(caller->aio);
    histogram_add(&caller->latency, nanos_now() - caller->sent_ns);
    judge(caller, reply);
    nng_msg_free(reply);
    begin_call(caller);
}

/* A refused send leaves the message with its sender. */
static void on_failure(struct caller *caller, int result)
{
    if (caller->state == CALLER_SENDING)
        nng_msg_free(nng_aio_get_msg(caller->aio));
    fail(caller, slice_of(nng_strerror(result)));
    begin_call(caller);
}

static void on_aio(void *arg)
{
    struct caller *caller = arg;
    int result = nng_aio_result(caller->aio);
    if (result != 0) {
        on_failure(caller, result);
        return;
    }
    switch (caller->state) {
    case CALLER_PAUSING:
        send_request(caller);
        break;
    case CALLER_SENDING:
        caller->state = CALLER_RECEIVING;
        nng_ctx_recv(caller->context, caller->aio);
        break;
    case CALLER_RECEIVING:
        end_call(caller);
        break;
    }
}

static void load_init(struct load *load, const struct options *options)
{
    *load = (struct load){.options = *options};
    if (!ask_find(options->kind, &load->ask))
        errx(2, "--kind: read, send, once or upload");
    load->request = make_request(&load->ask);
    must(nng_req0_open(&load->socket), "socket");
    /* NNG would send an unanswered request again: no call counts twice. */
    must(nng_socket_set_ms(load->socket, NNG_OPT_REQ_RESENDTIME,
                           NNG_DURATION_INFINITE),
         "resend time");
    must(nng_dial(load->socket, options->url, NULL, 0), options->url);
}

static struct caller *callers_create(struct load *load)
{
    unsigned long count = load->options.parallel;
    struct caller *callers = mem_zalloc(count, sizeof(*callers));
    for (unsigned long i = 0; i < count; i++) {
        callers[i].load = load;
        must(nng_ctx_open(&callers[i].context, load->socket), "context");
        must(nng_aio_alloc(&callers[i].aio, on_aio, &callers[i]), "aio");
        nng_aio_set_timeout(callers[i].aio, REPLY_TIMEOUT_MS);
    }
    return callers;
}

/* Run all calls. Returns how long they took. */
static uint64_t run(struct load *load, struct caller *callers)
{
    load->started_ns = nanos_now();
    for (unsigned long i = 0; i < load->options.parallel; i++)
        begin_call(&callers[i]);
    for (unsigned long i = 0; i < load->options.parallel; i++)
        nng_aio_wait(callers[i].aio);
    return nanos_now() - load->started_ns;
}

/* All that the callers counted, in the first of them. */
static struct caller *sum(struct caller *callers, unsigned long count)
{
    struct caller *all = &callers[0];
    for (unsigned long i = 1; i < count; i++) {
        all->ok += callers[i].ok;
        if (all->failed == 0)
            memcpy(all->failure, callers[i].failure, FAILURE_BYTES);
        all->failed += callers[i].failed;
        histogram_merge(&all->latency, &callers[i].latency);
    }
    return all;
}

static void report(const struct caller *all, double seconds)
{
    printf("{\"calls\":%lu,\"ok\":%lu,\"failed\":%lu,\"failure\":\"%s\","
           "\"seconds\":%.6f,\"calls_per_second\":%.0f,\"latency_us\":",
           all->ok + all->failed, all->ok, all->failed, all->failure, seconds,
           (double)(all->ok + all->failed) / seconds);
    histogram_print(&all->latency, stdout);
    printf("}\n");
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    struct load load;
    alarm((unsigned)options.time_limit);
    load_init(&load, &options);
    struct caller *callers = callers_create(&load);
    uint64_t nanos = run(&load, callers);
    struct caller *all = sum(callers, options.parallel);
    report(all, nanos_to_seconds(nanos));
    /* The sockets are left to the end of the process: nng_close() of NNG 1.5.2
     * now and then waits for ever. */
    return all->failed == 0 || options.allow_refusals ? EXIT_SUCCESS
                                                      : EXIT_FAILURE;
}
