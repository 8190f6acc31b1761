/* SPDX-License-Identifier: MIT */
/* The draft's items are put into messages one after the other; a message is
 * closed when it is full of text, or when a poke comes between. */
#include "outgoing.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/chunk.h"
#include "core/draft.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/segment_form.h"
#include "core/warnings.h"

/* The messages while they are made. */
struct composer {
    const struct draft *draft;
    struct outgoing *out;
    size_t text_max; /* 0: nothing is cut */
    bool is_blank;   /* the whole message is; else a piece that is goes */
    bool is_overfull;

    /* The message that is open. */
    struct buffer segments;
    size_t count;
    size_t replies;      /* that many of them are replies, in front */
    size_t replies_size; /* and their bytes */
    size_t characters;
    bool has_substance; /* something that is not blank */
    size_t held;        /* the items from here on wait for the text they
                           belong to */
};

/* ---- parts ------------------------------------------------------------- */

/* The last one; NULL if there is no room for it. */
static struct outgoing_part *add_part(struct composer *composer,
                                      enum outgoing_kind kind)
{
    struct outgoing *out = composer->out;
    if (out->count == OUTGOING_PARTS_MAX) {
        composer->is_overfull = true;
        return NULL;
    }
    if (out->count == out->capacity) {
        out->capacity = out->capacity == 0 ? 4 : 2 * out->capacity;
        out->parts =
            mem_realloc(out->parts, out->capacity * sizeof(out->parts[0]));
    }
    struct outgoing_part *part = &out->parts[out->count++];
    *part = (struct outgoing_part){.kind = kind};
    return part;
}

/* The parts' messages lie one behind the other. */
static void point_into_bytes(struct outgoing *out)
{
    const char *at = out->bytes.data;
    for (size_t i = 0; i < out->count; i++) {
        if (out->parts[i].kind != OUTGOING_MESSAGE)
            continue;
        out->parts[i].message.data = at;
        at += out->parts[i].message.size;
    }
}

/* ---- the open message -------------------------------------------------- */

/* Blank pieces are what is left between two cuts: QQ takes no blank message. */
static bool is_to_go(const struct composer *composer)
{
    return composer->text_max > 0 && !composer->has_substance &&
           !composer->is_blank;
}

static void begin_message(struct composer *composer)
{
    composer->segments.size = 0;
    composer->count = composer->replies = composer->replies_size = 0;
    composer->characters = 0;
    composer->has_substance = false;
}

/* Forget all but the replies, which wait for the next message. */
static void empty_message(struct composer *composer)
{
    composer->segments.size = composer->replies_size;
    composer->count = composer->replies;
    composer->characters = 0;
}

static void close_message(struct composer *composer)
{
    struct outgoing *out = composer->out;
    size_t before = out->bytes.size;
    if (composer->count == composer->replies || is_to_go(composer)) {
        empty_message(composer);
        return;
    }
    struct outgoing_part *part = add_part(composer, OUTGOING_MESSAGE);
    if (part == NULL)
        return;
    struct msgpack_packer packer = pack_into(&out->bytes);
    msgpack_pack_array(&packer, composer->count);
    pack_raw(&packer, buffer_slice(&composer->segments));
    part->message.size = out->bytes.size - before;
    begin_message(composer);
}

static void put_segment(struct composer *composer,
                        const struct draft_item *item)
{
    struct msgpack_packer packer = pack_into(&composer->segments);
    pack_raw(&packer, draft_segment(composer->draft, item));
    composer->count++;
    composer->has_substance = true;
}

static void put_reply(struct composer *composer, const struct draft_item *item)
{
    put_segment(composer, item);
    composer->has_substance = false;
    composer->replies = composer->count;
    composer->replies_size = composer->segments.size;
}

static void put_text(struct composer *composer, struct slice text)
{
    struct msgpack_packer packer = pack_into(&composer->segments);
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "type", "text");
    pack_string(&packer, "data");
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "text");
    pack_text(&packer, text);
    composer->count++;
    composer->characters += chunk_characters(text);
    if (!chunk_is_blank(text))
        composer->has_substance = true;
}

/* ---- item by item
 * --------------------------------------------------- */

/* An `at` waits to see where the text behind it goes. Put those that wait
 * before the item `next`. */
static void release(struct composer *composer, size_t next)
{
    for (; composer->held < next; composer->held++)
        put_segment(composer, &composer->draft->items[composer->held]);
}

/* The bytes of `text` that go into the open message. */
static size_t fitting(const struct composer *composer, struct slice text)
{
    size_t room = composer->text_max - composer->characters;
    if (composer->text_max == 0)
        return text.size;
    return room == 0 ? 0 : chunk_first(text, room, composer->characters > 0);
}

static void compose_text(struct composer *composer, size_t at)
{
    struct slice text =
        draft_text(composer->draft, &composer->draft->items[at]);
    while (text.size > 0 && !composer->is_overfull) {
        size_t size = fitting(composer, text);
        if (size > 0) {
            release(composer, at);
            put_text(composer, (struct slice){text.data, size});
            text.data += size;
            text.size -= size;
        }
        if (text.size > 0)
            close_message(composer);
    }
    release(composer, at);
}

static void compose_poke(struct composer *composer, int64_t user_id)
{
    close_message(composer);
    struct outgoing_part *part = add_part(composer, OUTGOING_POKE);
    if (part != NULL)
        part->user_id = user_id;
}

static void compose_item(struct composer *composer, size_t at)
{
    const struct draft_item *item = &composer->draft->items[at];
    switch (item->kind) {
    case DRAFT_AT:
        return;
    case DRAFT_TEXT:
        compose_text(composer, at);
        break;
    case DRAFT_POKE:
        release(composer, at);
        compose_poke(composer, item->poked);
        break;
    case DRAFT_REPLY:
        release(composer, at);
        break;
    default:
        release(composer, at);
        put_segment(composer, item);
    }
    composer->held = at + 1;
}

/* A reply goes into the first message, wherever it stood. */
static void compose_all(struct composer *composer)
{
    const struct draft *draft = composer->draft;
    for (size_t i = 0; i < draft->count; i++)
        if (draft->items[i].kind == DRAFT_REPLY)
            put_reply(composer, &draft->items[i]);
    for (size_t i = 0; i < draft->count && !composer->is_overfull; i++)
        compose_item(composer, i);
    release(composer, draft->count);
    close_message(composer);
}

/* ---- the whole
 * ------------------------------------------------------ */

static bool has_kind(const struct draft *draft, enum draft_kind kind)
{
    for (size_t i = 0; i < draft->count; i++)
        if (draft->items[i].kind == kind)
            return true;
    return false;
}

static size_t count_characters(const struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->count; i++)
        if (draft->items[i].kind == DRAFT_TEXT)
            count += chunk_characters(draft_text(draft, &draft->items[i]));
    return count;
}

static bool is_all_blank(const struct draft *draft)
{
    for (size_t i = 0; i < draft->count; i++)
        if (draft->items[i].kind != DRAFT_REPLY &&
            (draft->items[i].kind != DRAFT_TEXT ||
             !chunk_is_blank(draft_text(draft, &draft->items[i]))))
            return false;
    return true;
}

/* Segments, and not a character in them. */
static bool says_nothing(const struct draft *draft)
{
    for (size_t i = 0; i < draft->count; i++)
        if (draft->items[i].kind != DRAFT_TEXT ||
            draft_text(draft, &draft->items[i]).size > 0)
            return false;
    return true;
}

/* One message, all items in their order. */
static void compose_one(struct composer *composer)
{
    const struct draft *draft = composer->draft;
    for (size_t i = 0; i < draft->count; i++)
        put_segment(composer, &draft->items[i]);
    close_message(composer);
}

static size_t count_messages(const struct outgoing *out)
{
    size_t count = 0;
    for (size_t i = 0; i < out->count; i++)
        count += out->parts[i].kind == OUTGOING_MESSAGE;
    return count;
}

static enum reply_error refuse_silence(char *fault)
{
    segment_fault(fault, "params.message",
                  ": a message needs some text, or a segment other than text");
    return REPLY_BAD_PARAMS;
}

static enum reply_error refuse_length(const struct outgoing_options *options,
                                      struct outgoing *out, char *fault)
{
    outgoing_finish(out);
    segment_fault(fault, "params.message",
                  ": too long: allowed: at most %d messages of textChunkLimit "
                  "(%zu) characters, pokes counted",
                  OUTGOING_PARTS_MAX, options->text_max);
    return REPLY_BAD_PARAMS;
}

static enum reply_error compose(const struct draft *draft,
                                const struct outgoing_options *options,
                                struct outgoing *out, bool *is_as_given,
                                char *fault)
{
    size_t characters = count_characters(draft);
    bool is_long = options->text_max > 0 && characters > options->text_max;
    struct composer composer = {
        .draft = draft,
        .out = out,
        .text_max = is_long ? options->text_max : 0,
        .is_blank = is_all_blank(draft),
    };
    if (says_nothing(draft))
        return refuse_silence(fault);
    *is_as_given = !draft->is_changed && !is_long;
    if (*is_as_given)
        return REPLY_FINE;
    if (is_long || has_kind(draft, DRAFT_POKE))
        compose_all(&composer);
    else
        compose_one(&composer);
    buffer_finish(&composer.segments);
    if (composer.is_overfull)
        return refuse_length(options, out, fault);
    point_into_bytes(out);
    if (is_long)
        warnings_add(draft->to.warnings,
                     "the text of %zu characters left as %zu messages",
                     characters, count_messages(out));
    return REPLY_FINE;
}

/* Text that is the same with CQ codes and without, and not too long. */
static bool is_plain(struct slice message,
                     const struct outgoing_options *options)
{
    struct slice text;
    return !options->is_forward && mp_read_str(message, &text) &&
           text.size > 0 && memchr(text.data, '[', text.size) == NULL &&
           memchr(text.data, '&', text.size) == NULL &&
           (options->text_max == 0 || !chunk_is_above(text, options->text_max));
}

enum reply_error outgoing_plan(struct slice message,
                               const struct outgoing_options *options,
                               struct outgoing *out, bool *is_as_given,
                               struct warnings *warnings,
                               char fault[static REQUEST_FAULT_SIZE])
{
    struct draft draft = {
        .to = {.peer = options->peer,
               .is_private = options->is_private,
               .markdown_as_text = options->markdown_as_text,
               .user_id = options->user_id,
               .warnings = warnings},
        .auto_escape = options->auto_escape,
        .is_forward = options->is_forward,
    };
    *is_as_given = is_plain(message, options);
    if (*is_as_given)
        return REPLY_FINE;
    enum reply_error error = draft_read(&draft, message, fault);
    if (error == REPLY_FINE)
        error = compose(&draft, options, out, is_as_given, fault);
    draft_finish(&draft);
    return error;
}

void outgoing_finish(struct outgoing *out)
{
    free(out->parts);
    buffer_finish(&out->bytes);
    *out = (struct outgoing){0};
}
