/* SPDX-License-Identifier: MIT */
#include "envelope.h"

#include <msgpack.h>

enum {
    ENVELOPE_VERSION = 1,
    /* Enough for all that is of no great size: words, heads, numbers, names. */
    FIXED_BYTES = 1024,
};

/* As buffer_append(), but here, where the compiler can make a few moves of it:
 * every event comes through with some forty pieces, and the room for them is
 * there already. */
static int append(void *out, const char *data, size_t size)
{
    struct buffer *buffer = out;
    if (buffer->capacity - buffer->size < size)
        buffer_reserve(buffer, size);
    if (size != 0) /* else `data` may be NULL */
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return 0;
}

/* Pack `literal`, shorter than 32 bytes, as a str. The compiler makes its
 * MessagePack, so that a word is a few moves instead of two calls. */
#define PACK_WORD(packer, literal)                                             \
    do {                                                                       \
        static const struct {                                                  \
            unsigned char head;                                                \
            char bytes[sizeof(literal)];                                       \
        } word = {0xa0 | (sizeof(literal) - 1), literal};                      \
        append((packer)->data, (const char *)&word, sizeof(literal));          \
    } while (0)

static void pack_text(struct msgpack_packer *packer, struct slice text)
{
    msgpack_pack_str(packer, text.size);
    msgpack_pack_str_body(packer, text.data, text.size);
}

static void pack_string(struct msgpack_packer *packer, const char *string)
{
    pack_text(packer, slice_of(string));
}

static void pack_flag(struct msgpack_packer *packer, bool flag)
{
    if (flag)
        msgpack_pack_true(packer);
    else
        msgpack_pack_false(packer);
}

static void pack_policy(struct msgpack_packer *packer,
                        const struct envelope_policy *policy)
{
    msgpack_pack_map(packer, 4 + policy->from_bot + policy->extra_count);
    PACK_WORD(packer, "allowed");
    pack_flag(packer, policy->allowed);
    PACK_WORD(packer, "respond");
    pack_flag(packer, policy->respond);
    PACK_WORD(packer, "mentioned");
    pack_flag(packer, policy->mentioned);
    PACK_WORD(packer, "reason");
    pack_string(packer, policy->reason);
    if (policy->from_bot) {
        PACK_WORD(packer, "from_bot");
        pack_flag(packer, true);
    }
    append(packer->data, policy->extras.data, policy->extras.size);
}

static void pack_members(struct msgpack_packer *packer,
                         const struct envelope *envelope)
{
    PACK_WORD(packer, "v");
    msgpack_pack_uint64(packer, ENVELOPE_VERSION);
    PACK_WORD(packer, "epoch");
    pack_string(packer, envelope->epoch);
    PACK_WORD(packer, "seq");
    msgpack_pack_uint64(packer, envelope->seq);
    PACK_WORD(packer, "time");
    msgpack_pack_uint64(packer, envelope->time_ms);
    PACK_WORD(packer, "account");
    pack_string(packer, envelope->account);
    PACK_WORD(packer, "self_id");
    msgpack_pack_int64(packer, envelope->self_id);
    if (envelope->peer != NULL) {
        PACK_WORD(packer, "peer");
        pack_string(packer, envelope->peer);
    }
    PACK_WORD(packer, "origin");
    PACK_WORD(packer, "live");
    PACK_WORD(packer, "type");
    pack_string(packer, envelope->type);
    PACK_WORD(packer, "key");
    pack_text(packer, envelope->key);
    if (envelope->is_message) {
        PACK_WORD(packer, "text");
        pack_text(packer, envelope->text);
        PACK_WORD(packer, "policy");
        pack_policy(packer, &envelope->policy);
    }
    PACK_WORD(packer, "event");
    for (size_t i = 0; i < 3; i++)
        append(packer->data, envelope->event[i].data, envelope->event[i].size);
}

static size_t count_members(const struct envelope *envelope)
{
    enum { ALWAYS_PRESENT = 10 };
    size_t count = ALWAYS_PRESENT;
    if (envelope->peer != NULL)
        count++;
    return envelope->is_message ? count + 2 : count;
}

/* A guess that is seldom too low: then the buffer grows. */
static size_t bytes_expected(const struct envelope *envelope)
{
    size_t bytes = FIXED_BYTES + envelope->key.size + envelope->text.size +
                   envelope->policy.extras.size;
    for (size_t i = 0; i < 3; i++)
        bytes += envelope->event[i].size;
    return bytes;
}

void envelope_pack(const struct envelope *envelope, struct buffer *out)
{
    buffer_reserve(out, bytes_expected(envelope));
    buffer_append(out, envelope->topic, strlen(envelope->topic) + 1);
    struct msgpack_packer packer;
    msgpack_packer_init(&packer, out, append);
    msgpack_pack_map(&packer, count_members(envelope));
    pack_members(&packer, envelope);
}
