/* SPDX-License-Identifier: MIT */
/* A peer's frame and the event message it becomes. The input is the frame.
 *
 *   - event, answer or neither: by the rules in onebot.h, applied to the last
 *     of the members with a name;
 *   - the topic is in the grammar, is a pattern that matches itself, and has
 *     the id of the place in it;
 *   - the envelope is sound, all its strings are UTF-8, and its `event` is the
 *     frame byte for byte but for a `message` that was a string;
 *   - packing the same frame again gives the same bytes. */
#include "fuzz.h"

#include <stdlib.h>

#include "core/cqcode.h"
#include "core/event.h"
#include "core/json_read.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "open_gate.h"

enum { SEQ = 42, TIME_MS = 1700000 };

static const char EPOCH[] = "0123456789abcdef";

/* ---- event, answer or neither ---- */

static enum mp_kind kind_in(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    ENSURE(mp_next(&reader, &token));
    return token.kind;
}

static bool is_text(struct slice frame, const char *key)
{
    struct slice value;
    return mp_find(frame, key, &value) && kind_in(value) == MP_STR;
}

static enum onebot_kind kind_of(struct slice frame)
{
    struct slice value;
    struct slice text;
    int64_t integer;
    if (mp_find(frame, "post_type", &value))
        return mp_read_str(value, &text) && text.size > 0 ? ONEBOT_EVENT
                                                          : ONEBOT_OTHER;
    bool has_retcode =
        mp_find(frame, "retcode", &value) && mp_read_int(value, &integer);
    return has_retcode && is_text(frame, "status") ? ONEBOT_ANSWER
                                                   : ONEBOT_OTHER;
}

/* ---- the topic ---- */

static bool is_token(struct slice token)
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789_-";
    for (size_t i = 0; i < token.size; i++)
        if (memchr(LETTERS, token.data[i], sizeof(LETTERS) - 1) == NULL)
            return false;
    return token.size >= 1 && token.size <= TOPIC_TOKEN_MAX;
}

/* Are these tokens with dots between them? Returns how many. */
static size_t ensure_tokens(const char *text)
{
    struct fuzz_input rest = {text, strlen(text)};
    size_t count = 0;
    while (rest.left > 0) {
        ENSURE(is_token(fuzz_until(&rest, '.')));
        count++;
    }
    ENSURE(text[strlen(text) - 1] != '.');
    return count;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void ensure_topic(const char *topic)
{
    char prefix[TOPIC_SIZE];
    size_t tokens = ensure_tokens(topic);
    ENSURE(tokens >= 4 && tokens <= 6);
    ENSURE(begins(topic, "qq.group.") || begins(topic, "qq.private.") ||
           begins(topic, "qq.meta.") || begins(topic, "qq.other."));
    ENSURE(topic_pattern_valid(topic));
    ENSURE(topic_matches(topic, slice_of(topic)));
    ENSURE(topic_pattern_prefix(topic, prefix) == strlen(topic) + 1);
    ENSURE(strcmp(prefix, topic) == 0);
}

/* ---- the envelope ---- */

static struct slice member(struct slice envelope, const char *key)
{
    struct slice value;
    ENSURE(mp_find(envelope, key, &value));
    return value;
}

static struct slice text_of(struct slice envelope, const char *key)
{
    struct slice text;
    ENSURE(mp_read_str(member(envelope, key), &text));
    return text;
}

static int64_t integer_of(struct slice envelope, const char *key)
{
    int64_t integer;
    ENSURE(mp_read_int(member(envelope, key), &integer));
    return integer;
}

static bool is_message(const struct onebot_frame *frame)
{
    return slice_equals(frame->post_type.text, "message") ||
           slice_equals(frame->post_type.text, "message_sent");
}

/* What `event` must be: the frame, with the segments in the place of a message
 * that is a string. */
static void expect_event(const struct onebot_frame *frame, struct buffer *out)
{
    struct slice message = frame->message.pack;
    if (!is_message(frame) || frame->message.kind != JSON_STRING) {
        buffer_append(out, frame->pack.data, frame->pack.size);
        return;
    }
    size_t before = (size_t)(message.data - frame->pack.data);
    size_t behind = frame->pack.size - before - message.size;
    buffer_append(out, frame->pack.data, before);
    cqcode_to_segments(frame->message.text, out);
    buffer_append(out, message.data + message.size, behind);
}

static void ensure_event(const struct onebot_frame *frame,
                         struct slice envelope)
{
    struct buffer wanted = {0};
    expect_event(frame, &wanted);
    ENSURE(fuzz_same(member(envelope, "event"), buffer_slice(&wanted)));
    buffer_finish(&wanted);
}

static void ensure_policy(const struct onebot_frame *frame,
                          struct slice envelope)
{
    struct slice value;
    if (!is_message(frame)) {
        ENSURE(!mp_find(envelope, "policy", &value));
        ENSURE(!mp_find(envelope, "text", &value));
        return;
    }
    struct slice policy = member(envelope, "policy");
    ENSURE(kind_in(member(policy, "allowed")) == MP_BOOL);
    ENSURE(kind_in(member(policy, "respond")) == MP_BOOL);
    ENSURE(kind_in(member(policy, "mentioned")) == MP_BOOL);
    ENSURE(text_of(policy, "reason").size > 0);
    (void)text_of(envelope, "text");
}

static void ensure_envelope(const struct onebot_frame *frame,
                            const struct event_context *context,
                            struct slice envelope)
{
    fuzz_ensure_pack(envelope, true);
    ENSURE(kind_in(envelope) == MP_MAP);
    ENSURE(integer_of(envelope, "v") == 1);
    ENSURE(integer_of(envelope, "seq") == SEQ);
    ENSURE(integer_of(envelope, "time") == TIME_MS);
    ENSURE(slice_equals(text_of(envelope, "epoch"), EPOCH));
    ENSURE(text_of(envelope, "key").size > 0);
    int64_t self_id = onebot_id(&frame->self_id);
    ENSURE(integer_of(envelope, "self_id") ==
           (self_id == 0 ? context->self_id : self_id));
    char *type =
        strndup(text_of(envelope, "type").data, text_of(envelope, "type").size);
    ENSURE(ensure_tokens(type) <= 3);
    free(type);
    ensure_policy(frame, envelope);
    ensure_event(frame, envelope);
}

static void ensure_message(const struct onebot_frame *frame,
                           const struct event_context *context,
                           struct slice message)
{
    const char *nul = memchr(message.data, '\0', message.size);
    ENSURE(nul != NULL);
    size_t topic_size = (size_t)(nul - message.data) + 1;
    ENSURE(topic_size <= TOPIC_SIZE);
    ensure_topic(message.data);
    ensure_envelope(frame, context,
                    (struct slice){nul + 1, message.size - topic_size});
}

/* The scratch is warm the second time. */
static void ensure_packs(const struct onebot_frame *frame, int64_t self_id)
{
    const struct event_context context = {
        .epoch = EPOCH,
        .seq = SEQ,
        .time_ms = TIME_MS,
        .account = "default",
        .self_id = self_id,
        .peer = self_id == 0 ? NULL : "peer/1",
    };
    struct event_scratch scratch = {0};
    struct buffer message = {0};
    struct buffer again = {0};
    open_gate_pack(frame, &context, &scratch, &message);
    open_gate_pack(frame, &context, &scratch, &again);
    ENSURE(fuzz_same(buffer_slice(&message), buffer_slice(&again)));
    ensure_message(frame, &context, buffer_slice(&message));
    buffer_finish(&message);
    buffer_finish(&again);
    event_scratch_finish(&scratch);
}

static void ensure_frame(const struct onebot_frame *frame)
{
    ENSURE(frame->kind == kind_of(frame->pack));
    ENSURE(frame->kind == ONEBOT_EVENT || frame->post == ONEBOT_POST_UNKNOWN);
    ENSURE(onebot_other_reason(frame)[0] != '\0');
    if (frame->kind != ONEBOT_EVENT)
        return;
    ensure_packs(frame, 0);
    ensure_packs(frame, 10001);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct buffer scratch = {0};
    struct onebot_frame frame;
    struct json_error error = {SIZE_MAX, NULL};
    if (onebot_read(text, 0, &scratch, &frame, &error) == STATUS_OK)
        ensure_frame(&frame);
    else
        ENSURE(error.offset <= size && error.reason != NULL);
    buffer_finish(&scratch);
    return 0;
}
