/* SPDX-License-Identifier: MIT */
/* onebus_bench_replayer: a consumer that has the bridge replay all that it
 * keeps, a page after the other with the limits that a request has by itself,
 * over and over until SIGTERM. Prints a line once it has the first page, and at
 * the end, as a line of JSON, how much it was given. */
#include <err.h>
#include <msgpack.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "nanos.h"

enum { REPLY_TIMEOUT_MS = 10 * 1000 };

/* What has been given so far, and where to go on. */
struct replay {
    uint64_t after;
    unsigned long pages, events, rounds;
};

static volatile sig_atomic_t is_ending;

static void on_terminate(int number)
{
    (void)number;
    is_ending = 1;
}

static void must(int result, const char *what)
{
    if (result != 0)
        errx(EXIT_FAILURE, "%s: %s", what, nng_strerror(result));
}

static nng_socket dial(const char *url)
{
    nng_socket requests;
    must(nng_req0_open(&requests), "socket");
    must(nng_socket_set_ms(requests, NNG_OPT_RECVTIMEO, REPLY_TIMEOUT_MS),
         "timeout");
    /* A page may be larger than NNG takes by itself. */
    must(nng_socket_set_size(requests, NNG_OPT_RECVMAXSZ, 0), "size");
    must(nng_dial(requests, url, NULL, 0), url);
    return requests;
}

static void pack_string(msgpack_packer *packer, const char *string)
{
    msgpack_pack_str(packer, strlen(string));
    msgpack_pack_str_body(packer, string, strlen(string));
}

static void pack_request(msgpack_sbuffer *request, uint64_t after)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, request, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "action");
    pack_string(&packer, "bridge.replay");
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "after");
    msgpack_pack_uint64(&packer, after);
}

static nng_msg *ask(nng_socket requests, uint64_t after)
{
    nng_msg *reply;
    msgpack_sbuffer request;
    msgpack_sbuffer_init(&request);
    pack_request(&request, after);
    must(nng_send(requests, request.data, request.size, 0), "request");
    must(nng_recvmsg(requests, &reply, 0), "reply");
    msgpack_sbuffer_destroy(&request);
    return reply;
}

/* What a reply has under `key`. */
static const msgpack_object *find(const msgpack_object *map, const char *key)
{
    for (uint32_t i = 0;
         map->type == MSGPACK_OBJECT_MAP && i < map->via.map.size; i++) {
        const msgpack_object_kv *entry = &map->via.map.ptr[i];
        const msgpack_object_str *name = &entry->key.via.str;
        if (entry->key.type == MSGPACK_OBJECT_STR &&
            name->size == strlen(key) &&
            memcmp(name->ptr, key, name->size) == 0)
            return &entry->val;
    }
    errx(EXIT_FAILURE, "the reply has no %s", key);
}

/* A refusal has no data. */
static void take_page(struct replay *replay, const msgpack_object *reply)
{
    const msgpack_object *data = find(reply, "data");
    replay->events += find(data, "events")->via.array.size;
    replay->pages++;
    replay->after = find(data, "next")->via.u64;
    if (!find(data, "truncated")->via.boolean) {
        replay->after = 0;
        replay->rounds++;
    }
}

static void read_page(struct replay *replay, nng_socket requests)
{
    msgpack_unpacked unpacked;
    nng_msg *reply = ask(requests, replay->after);
    msgpack_unpacked_init(&unpacked);
    if (msgpack_unpack_next(&unpacked, nng_msg_body(reply), nng_msg_len(reply),
                            NULL) != MSGPACK_UNPACK_SUCCESS)
        errx(EXIT_FAILURE, "the reply is no MessagePack");
    take_page(replay, &unpacked.data);
    msgpack_unpacked_destroy(&unpacked);
    nng_msg_free(reply);
}

int main(int argc, char **argv)
{
    const char *url = NULL;
    unsigned long time_limit = 120;
    const struct arg args[] = {
        {"url", "of the action socket", .text = &url},
        {"time-limit", "seconds (120)", .number = &time_limit},
        {.name = NULL},
    };
    struct replay replay = {0};
    args_read(argc, argv, args);
    if (url == NULL)
        errx(2, "--url is needed");
    alarm((unsigned)time_limit);
    signal(SIGTERM, on_terminate);
    nng_socket requests = dial(url);
    read_page(&replay, requests);
    puts("{\"replaying\":true}");
    fflush(stdout);
    uint64_t started_ns = nanos_now();
    while (is_ending == 0)
        read_page(&replay, requests);
    printf("{\"pages\":%lu,\"events\":%lu,\"rounds\":%lu,"
           "\"events_per_second\":%.0f}\n",
           replay.pages, replay.events, replay.rounds,
           (double)replay.events / nanos_to_seconds(nanos_now() - started_ns));
    /* The socket is left to the end of the process: see caller.c. */
    return EXIT_SUCCESS;
}
