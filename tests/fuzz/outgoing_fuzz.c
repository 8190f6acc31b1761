/* SPDX-License-Identifier: MIT */
/* What a message becomes before it leaves. The first byte of the input says
 * for which peer, the second how, the third how long a text may be; the rest
 * is the message: a string, JSON or MessagePack.
 *
 *   - what is refused has a fault that is text, and no parts;
 *   - what leaves as given has no parts, else there are some, within bounds;
 *   - a message is one array of segments, sound MessagePack, UTF-8 if the
 *     message was, and no longer than allowed;
 *   - replies are in the first message, or nowhere;
 *   - what was made once leaves as given the second time. */
#include "fuzz.h"

#include "core/chunk.h"
#include "core/json_read.h"
#include "core/mp.h"
#include "core/outgoing.h"
#include "core/pack.h"
#include "core/peer.h"
#include "core/segment.h"
#include "core/warnings.h"

enum form { FORM_STRING, FORM_JSON, FORM_PACK, FORMS };

enum { AUTO_ESCAPE = 4, FORWARD = 8, PRIVATE = 16, MARKDOWN_AS_TEXT = 32 };

struct planned {
    struct outgoing out;
    struct warnings warnings;
    enum reply_error error;
    bool is_as_given;
    char fault[REQUEST_FAULT_SIZE];
};

static void plan(struct planned *planned, struct slice message,
                 const struct outgoing_options *options)
{
    *planned = (struct planned){0};
    planned->error =
        outgoing_plan(message, options, &planned->out, &planned->is_as_given,
                      &planned->warnings, planned->fault);
}

static void finish(struct planned *planned)
{
    outgoing_finish(&planned->out);
    warnings_finish(&planned->warnings);
}

static void ensure_refused(const struct planned *planned)
{
    struct slice fault = slice_of(planned->fault);
    ENSURE(planned->error == REPLY_BAD_PARAMS ||
           planned->error == REPLY_UNSUPPORTED_BY_PEER);
    ENSURE(planned->out.count == 0);
    ENSURE(fault.size > 0 && fuzz_is_utf8(fault));
    ENSURE(fuzz_holds(fault, slice_of("params.message")));
}

static void ensure_stays(struct slice message,
                         const struct outgoing_options *options)
{
    struct planned again;
    plan(&again, message, options);
    ENSURE(again.error == REPLY_FINE);
    ENSURE(again.is_as_given);
    finish(&again);
}

/* Returns whether there is a reply in it. */
static bool ensure_message(struct slice message, bool is_utf8,
                           const struct outgoing_options *options)
{
    struct mp_reader reader = mp_reader_of(message);
    struct mp_token head;
    struct buffer text = {0};
    fuzz_ensure_pack(message, is_utf8);
    ENSURE(mp_next(&reader, &head) && head.kind == MP_ARRAY && head.count > 0);
    struct segment_summary summary = segment_summarise(message, 0, &text);
    ENSURE(options->text_max == 0 ||
           !chunk_is_above(buffer_slice(&text), options->text_max));
    ensure_stays(message, options);
    buffer_finish(&text);
    return summary.reply.size > 0;
}

static void ensure_parts(const struct outgoing *out, bool is_utf8,
                         const struct outgoing_options *options)
{
    struct slice bytes = buffer_slice(&out->bytes);
    size_t messages = 0;
    ENSURE(out->count > 0 && out->count <= OUTGOING_PARTS_MAX);
    for (size_t i = 0; i < out->count; i++) {
        const struct outgoing_part *part = &out->parts[i];
        if (part->kind == OUTGOING_POKE) {
            ENSURE(part->user_id > 0);
            continue;
        }
        ENSURE(fuzz_is_inside(part->message, bytes));
        bool has_reply = ensure_message(part->message, is_utf8, options);
        ENSURE(!has_reply || messages == 0);
        messages++;
    }
}

static void try_message(struct slice message, bool is_utf8,
                        const struct outgoing_options *options)
{
    struct planned planned;
    struct buffer warnings = {0};
    plan(&planned, message, options);
    warnings_pack(&planned.warnings, &warnings);
    fuzz_ensure_pack(buffer_slice(&warnings), true);
    if (planned.error != REPLY_FINE)
        ensure_refused(&planned);
    else if (planned.is_as_given)
        ENSURE(planned.out.count == 0);
    else
        ensure_parts(&planned.out, is_utf8, options);
    buffer_finish(&warnings);
    finish(&planned);
}

/* The message in `rest`. False if it is no JSON. */
static bool read_message(enum form form, struct slice rest, struct buffer *pack)
{
    const struct json_reader_options options = {0};
    struct msgpack_packer packer = pack_into(pack);
    struct json_error error;
    switch (form) {
    case FORM_STRING:
        pack_text(&packer, rest);
        return true;
    case FORM_JSON:
        return json_to_msgpack(rest, &options, pack, &error) == STATUS_OK;
    default:
        buffer_append(pack, rest.data, rest.size);
        return true;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct peer peer = {.kind =
                            (enum peer_kind)(fuzz_byte(&input) % PEER_KINDS)};
    unsigned how = fuzz_byte(&input);
    const struct outgoing_options options = {
        .peer = &peer,
        .auto_escape = (how & AUTO_ESCAPE) != 0,
        .is_forward = (how & FORWARD) != 0,
        .is_private = (how & PRIVATE) != 0,
        .markdown_as_text = (how & MARKDOWN_AS_TEXT) != 0,
        .user_id = 10009,
        .text_max = fuzz_byte(&input),
    };
    enum form form = (enum form)((how & 3) % FORMS);
    struct slice rest = {input.at, input.left};
    struct buffer pack = {0};
    if (read_message(form, rest, &pack))
        try_message(buffer_slice(&pack),
                    form != FORM_PACK && fuzz_is_utf8(rest), &options);
    buffer_finish(&pack);
    return 0;
}
