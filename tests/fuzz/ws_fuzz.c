/* SPDX-License-Identifier: MIT */
/* A stranger at the WebSocket port, which is the real one. The input's first
 * byte says who comes, the second how many bytes are written at a time (0:
 * all):
 *
 *     r    the rest is what the stranger sends
 *     o    an opening request that is let in, then the rest
 *     m    the same, then messages framed here: of each one byte for the
 *          fragments, the ping before each and the opcode, one for how often
 *          its text is repeated, and the text, its size before it
 *
 * Each message that comes in is sent back, as far as the queue takes it.
 *
 *   - nobody comes in but whom the judge let in, and each goes once;
 *   - nothing above the limit comes in, nor after the link is gone;
 *   - messages come in whole and in order, those sent back go out likewise;
 *   - the answer is HTTP, 101 if the link came up, and has no token in it;
 *   - when the stranger has hung up, nothing is left of it. */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "core/handshake.h"
#include "edge/loop.h"
#include "edge/ws_link.h"
#include "edge/ws_server.h"

enum {
    FRAME_BYTES_MAX = 2000,
    QUEUE_BYTES_MAX = 8000,
    MESSAGES_BYTES_MAX = 64 * 1024,
    FRAGMENTS_MAX = 8,
    TIMES_MAX = 16,
    READ_BYTES = 4096,
    TURNS_MAX = 1000, /* of the loop, until it is done with a stranger */
};

static const char HOST[] = "127.0.0.1";

static const char TOKEN[] = "t0ken-0f-N0b0dy-e1se";

static const char OPENING[] = "GET /open HTTP/1.1\r\n"
                              "Host: a\r\n"
                              "Connection: Upgrade\r\n"
                              "Upgrade: websocket\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                              "\r\n";

struct world {
    struct loop *loop;
    struct ws_server *server;
    unsigned let_in; /* by the judge */
    unsigned ups;
    void *wire;         /* NULL: no link is up */
    struct buffer came; /* messages, each behind its size */
    struct buffer sent_back;
    struct buffer answer; /* all bytes that the stranger got */
};

static void append_message(struct buffer *out, struct slice message)
{
    buffer_append(out, (const char *)&message.size, sizeof(message.size));
    buffer_append(out, message.data, message.size);
}

/* ---- what the server asks and tells ---- */

static struct handshake_verdict judge(const struct ws_request *request)
{
    static const struct endpoint endpoints[] = {
        {.account = "open", .path = "/open"},
        {.account = "closed", .path = "/closed", .token = TOKEN},
    };
    const struct handshake handshake = {
        .path = request->path,
        .query_token = request->query_token,
        .authorization = request->authorization,
        .self_id = request->self_id,
        .role = request->role,
        .subprotocol = request->subprotocol,
    };
    return handshake_judge(endpoints, 2, &handshake);
}

static bool on_judge(void *ctx, const struct ws_request *request,
                     struct ws_refusal *refusal)
{
    struct world *world = ctx;
    struct handshake_verdict verdict = judge(request);
    ENSURE(request->remote != NULL);
    if (verdict.status == 101) {
        world->let_in++;
        return true;
    }
    refusal->status = verdict.status;
    snprintf(refusal->body, sizeof(refusal->body), "%s", verdict.body);
    return false;
}

static void *on_up(void *ctx, const struct ws_request *request, void *wire)
{
    struct world *world = ctx;
    ENSURE(world->wire == NULL && wire != NULL);
    ENSURE(++world->ups <= world->let_in);
    ENSURE(judge(request).status == 101);
    world->wire = wire;
    return world;
}

static void on_frame(void *ctx, void *link, struct slice text)
{
    struct world *world = ctx;
    ENSURE(link == world && world->wire != NULL);
    ENSURE(text.size <= FRAME_BYTES_MAX);
    append_message(&world->came, text);
    if (ws_link_send(world->wire, text) == STATUS_OK)
        append_message(&world->sent_back, text);
}

static void on_pong(void *ctx, void *link)
{
    struct world *world = ctx;
    ENSURE(link == world && world->wire != NULL);
}

static void on_down(void *ctx, void *link, uint16_t code, const char *reason)
{
    struct world *world = ctx;
    ENSURE(code != 0 && reason[0] != '\0');
    ENSURE(link == world && world->wire != NULL);
    world->wire = NULL;
}

static void on_signal(void *ctx, int number)
{
    (void)ctx;
    (void)number;
}

/* ---- the world ---- */

static void world_init(struct world *world)
{
    const struct ws_server_options options = {
        .host = HOST,
        .frame_bytes_max = FRAME_BYTES_MAX,
        .queue_bytes_max = QUEUE_BYTES_MAX,
    };
    const struct ws_events events = {world,    on_judge, on_up,
                                     on_frame, on_pong,  on_down};
    log_setup(&(struct log_options){.level = LOG_ERROR, .format = LOG_TEXT});
    world->loop = loop_create(on_signal, world);
    ENSURE(world->loop != NULL);
    world->server = ws_server_create(world->loop, &options, &events);
    ENSURE(world->server != NULL);
}

static void world_finish(struct world *world)
{
    loop_destroy(world->loop);
    ENSURE(world->wire == NULL);
    ws_server_destroy(world->server);
    buffer_finish(&world->came);
    buffer_finish(&world->sent_back);
    buffer_finish(&world->answer);
}

/* ---- the stranger ---- */

/* A connection to the listener; closing it leaves nothing waiting in the
 * kernel, which would soon be out of ports. */
static int connect_to(struct world *world)
{
    const struct linger at_once = {.l_onoff = 1};
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(ws_server_port(world->server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ENSURE(fd >= 0);
    ENSURE(connect(fd, (const struct sockaddr *)&address, sizeof(address)) ==
           0);
    ENSURE(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
    ENSURE(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) ==
           0);
    return fd;
}

/* One turn of the loop. False once the listener has hung up and all it said
 * is read. */
static bool turn(struct world *world, int fd)
{
    ssize_t got;
    ENSURE(loop_turn(world->loop, 0));
    do {
        buffer_reserve(&world->answer, READ_BYTES);
        got = recv(fd, world->answer.data + world->answer.size, READ_BYTES, 0);
        if (got > 0)
            world->answer.size += (size_t)got;
    } while (got > 0);
    return got < 0 && errno == EAGAIN;
}

static void say(struct world *world, int fd, struct slice bytes, size_t piece)
{
    size_t said = 0;
    while (said < bytes.size) {
        size_t left = bytes.size - said;
        ssize_t sent = send(fd, bytes.data + said, left < piece ? left : piece,
                            MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) /* it has hung up */
            return;
        said += sent < 0 ? 0 : (size_t)sent;
        if (!turn(world, fd))
            return;
    }
}

/* RFC 6455, 4.1: nothing follows the opening request before its answer. */
static void come_in(struct world *world, int fd)
{
    say(world, fd, slice_of(OPENING), sizeof(OPENING) - 1);
    for (unsigned i = 0; world->wire == NULL; i++)
        ENSURE(turn(world, fd) && i < TURNS_MAX);
}

static void hang_up(struct world *world, int fd)
{
    (void)shutdown(fd, SHUT_WR);
    for (unsigned i = 0; turn(world, fd); i++)
        ENSURE(i < TURNS_MAX);
    close(fd);
    ENSURE(world->wire == NULL && ws_server_links(world->server) == 0);
}

/* ---- messages, framed ---- */

/* The size in its shortest form, as RFC 6455, 5.2 wants it. */
static void append_head(struct buffer *out, unsigned first, size_t size)
{
    const unsigned char head[] = {
        (unsigned char)first,
        (unsigned char)(0x80 | (size < 126 ? size : 126)),
        (unsigned char)(size >> 8),
        (unsigned char)size,
    };
    buffer_append(out, (const char *)head, size < 126 ? 2 : 4);
}

static void append_frame(struct buffer *out, unsigned first, struct slice text)
{
    static const unsigned char MASK[] = {0x5a, 0xa5, 0xff, 0x01};
    append_head(out, first, text.size);
    buffer_append(out, (const char *)MASK, sizeof(MASK));
    for (size_t i = 0; i < text.size; i++) {
        char byte = (char)((unsigned char)text.data[i] ^ MASK[i % 4]);
        buffer_append(out, &byte, 1);
    }
}

/* In so many fragments, each with a ping before it if that is wanted. */
static void append_fragments(struct buffer *out, struct slice text,
                             unsigned how)
{
    static const struct slice PING = {"ping", 4};
    size_t count = how % FRAGMENTS_MAX + 1;
    size_t begun = 0;
    for (size_t i = 1; i <= count; i++) {
        size_t end = text.size * i / count;
        unsigned opcode = i > 1 ? 0 : how & 0x20 ? 2 : 1;
        if (how & 0x10)
            append_frame(out, 0x89, PING);
        append_frame(out, (i == count ? 0x80U : 0) | opcode,
                     (struct slice){text.data + begun, end - begun});
        begun = end;
    }
}

/* Frame the messages of `input`; those that have to come in are `wanted`. */
static void frame_messages(struct fuzz_input *input, struct buffer *out,
                           struct buffer *wanted)
{
    bool is_open = true;
    while (input->left > 0 && out->size < MESSAGES_BYTES_MAX) {
        struct buffer text = {0};
        buffer_reserve(&text, 1); /* or there is nothing to count from */
        unsigned how = fuzz_byte(input);
        unsigned times = fuzz_byte(input) % TIMES_MAX;
        struct slice part = fuzz_run(input, UINT8_MAX);
        for (unsigned i = 0; i < times; i++)
            buffer_append(&text, part.data, part.size);
        append_fragments(out, buffer_slice(&text), how);
        is_open = is_open && text.size <= FRAME_BYTES_MAX;
        if (is_open)
            append_message(wanted, buffer_slice(&text));
        buffer_finish(&text);
    }
}

/* ---- the answer ---- */

static struct slice next_message(struct fuzz_input *messages)
{
    struct slice message = {0};
    ENSURE(messages->left >= sizeof(message.size));
    memcpy(&message.size, messages->at, sizeof(message.size));
    message.data = messages->at + sizeof(message.size);
    messages->at += sizeof(message.size) + message.size;
    messages->left -= sizeof(message.size) + message.size;
    return message;
}

/* Take a frame of ours: nothing we send has a head of ten bytes. */
static bool take_frame(struct fuzz_input *frames, unsigned *first,
                       struct slice *text)
{
    size_t head = 2;
    if (frames->left < head)
        return false;
    *first = fuzz_byte(frames);
    text->size = fuzz_byte(frames);
    ENSURE(text->size <= 126);
    if (text->size == 126) {
        text->size = fuzz_byte(frames) << 8;
        text->size |= fuzz_byte(frames);
    }
    if (text->size > frames->left)
        return false;
    text->data = frames->at;
    frames->at += text->size;
    frames->left -= text->size;
    return true;
}

/* The texts are what was sent back; the last ones may be missing. Beside them
 * there are only control frames, a ping if the machine stood still for long. */
static void ensure_sent_back(const struct world *world,
                             struct fuzz_input frames)
{
    struct fuzz_input messages = {world->sent_back.data, world->sent_back.size};
    struct slice text;
    unsigned first;
    while (take_frame(&frames, &first, &text)) {
        ENSURE(first == 0x81 || (first >= 0x88 && first <= 0x8a));
        if (first == 0x81)
            ENSURE(fuzz_same(text, next_message(&messages)));
    }
}

static void ensure_answer(const struct world *world)
{
    static const char UPGRADED[] = "HTTP/1.1 101 ";
    static const char HEAD_END[] = "\r\n\r\n";
    struct slice answer = buffer_slice(&world->answer);
    ENSURE(answer.size == 0 || memcmp(answer.data, UPGRADED, 7) == 0);
    ENSURE(world->ups == 0 || fuzz_holds(answer, slice_of(UPGRADED)));
    if (answer.size < sizeof(UPGRADED) ||
        memcmp(answer.data, UPGRADED, sizeof(UPGRADED) - 1) != 0)
        return;
    const char *end = memmem(answer.data, answer.size, HEAD_END, 4);
    ENSURE(world->ups == 1 && end != NULL);
    ensure_sent_back(
        world, (struct fuzz_input){
                   end + 4, answer.size - (size_t)(end + 4 - answer.data)});
}

/* ---- all of it ---- */

/* What is to be said, behind the opening if there is one. */
static void prepare(struct fuzz_input *input, unsigned who, struct buffer *out,
                    struct buffer *wanted)
{
    if (who == 'm')
        frame_messages(input, out, wanted);
    else
        buffer_append(out, input->at, input->left);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct world world = {0};
    struct buffer speech = {0};
    struct buffer wanted = {0};
    unsigned who = fuzz_byte(&input);
    size_t piece = fuzz_byte(&input);
    prepare(&input, who, &speech, &wanted);
    world_init(&world);
    int fd = connect_to(&world);
    if (who == 'o' || who == 'm')
        come_in(&world, fd);
    /* The more there is to say, the larger the pieces. */
    say(&world, fd, buffer_slice(&speech),
        piece == 0 ? speech.size : piece * (1 + speech.size / 1024));
    hang_up(&world, fd);
    ensure_answer(&world);
    ENSURE(
        fuzz_holds((struct slice){(const char *)data, size}, slice_of(TOKEN)) ||
        !fuzz_holds(buffer_slice(&world.answer), slice_of(TOKEN)));
    ENSURE(who != 'm' ||
           fuzz_same(buffer_slice(&world.came), buffer_slice(&wanted)));
    world_finish(&world);
    buffer_finish(&speech);
    buffer_finish(&wanted);
    return 0;
}
