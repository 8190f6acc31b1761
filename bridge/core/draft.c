/* SPDX-License-Identifier: MIT */
/* A node's content is read like a message of its own: its items are put behind
 * those there are, packed into one array, and taken away again. */
#include "draft.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/cqcode.h"
#include "core/mp.h"
#include "core/outgoing.h"
#include "core/pack.h"
#include "core/segment_form.h"
#include "core/warnings.h"

/* A path at the deepest has 80 or so. */
enum { PATH_SIZE = 120 };

/* A message within the draft: the whole, or the content of a node. */
struct level {
    struct draft *draft;
    const char *path;
    unsigned depth; /* how many nodes it is in */
    bool is_changed;
    char *fault;
};

static enum reply_error bad(const struct level *level, const char *what)
{
    segment_fault(level->fault, level->path, "%s", what);
    return REPLY_BAD_PARAMS;
}

/* ---- items -------------------------------------------------------------- */

static struct draft_item *add_item(struct draft *draft, enum draft_kind kind)
{
    if (draft->count == draft->capacity) {
        draft->capacity = draft->capacity == 0 ? 16 : 2 * draft->capacity;
        draft->items = mem_realloc(draft->items,
                                   draft->capacity * sizeof(draft->items[0]));
    }
    struct draft_item *item = &draft->items[draft->count++];
    *item = (struct draft_item){.kind = kind};
    return item;
}

static enum draft_kind kind_of(struct slice type)
{
    static const struct {
        const char *type;
        enum draft_kind kind;
    } KINDS[] = {{"text", DRAFT_TEXT},
                 {"at", DRAFT_AT},
                 {"reply", DRAFT_REPLY},
                 {"node", DRAFT_NODE}};
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
        if (slice_equals(type, KINDS[i].type))
            return KINDS[i].kind;
    return DRAFT_OTHER;
}

/* Add the segment in `form`, which was read from `given`. */
static void add_form(struct level *level, const struct segment_form *form,
                     struct slice given)
{
    struct draft *draft = level->draft;
    struct draft_item *item = add_item(draft, kind_of(form->name));
    item->pack = given;
    if (!form->is_changed)
        return;
    level->is_changed = true;
    item->is_made = true;
    item->made_at = draft->made.size;
    segment_form_pack(form, &draft->made);
    item->pack.size = draft->made.size - item->made_at;
}

static void add_text(struct level *level, struct slice text)
{
    struct draft *draft = level->draft;
    struct draft_item *item = add_item(draft, DRAFT_TEXT);
    struct msgpack_packer packer = pack_into(&draft->made);
    level->is_changed = true;
    item->is_made = true;
    item->made_at = draft->made.size;
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "type", "text");
    pack_string(&packer, "data");
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "text");
    pack_text(&packer, text);
    item->pack.size = draft->made.size - item->made_at;
}

struct slice draft_segment(const struct draft *draft,
                           const struct draft_item *item)
{
    if (!item->is_made)
        return item->pack;
    return (struct slice){draft->made.data + item->made_at, item->pack.size};
}

struct slice draft_text(const struct draft *draft,
                        const struct draft_item *item)
{
    struct slice value;
    struct slice text = {0};
    if (mp_find(draft_segment(draft, item), "data", &value) &&
        mp_find(value, "text", &value))
        (void)mp_read_str(value, &text);
    return text;
}

/* ---- nodes ------------------------------------------------------------- */

static enum reply_error read_message(struct level *level, struct slice message,
                                     struct buffer *codes);

/* Pack the items from `first` on into `out` as one array, and forget them. */
static void pack_items(struct draft *draft, size_t first, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_array(&packer, draft->count - first);
    for (size_t i = first; i < draft->count; i++)
        pack_raw(&packer, draft_segment(draft, &draft->items[i]));
    draft->count = first;
}

/* `content`, which is in the node's form, as what leaves of it. */
static enum reply_error read_content(struct level *level, struct slice content,
                                     struct segment_form *form)
{
    char path[PATH_SIZE];
    struct draft *draft = level->draft;
    struct buffer codes = {0};
    size_t first = draft->count;
    struct level inner = {draft, path, level->depth + 1, false, level->fault};
    snprintf(path, sizeof(path), "%.*s.data.content", PATH_SIZE - 16,
             level->path);
    enum reply_error error = read_message(&inner, content, &codes);
    if (error == REPLY_FINE && inner.is_changed) {
        pack_items(draft, first, &form->text);
        segment_form_set_value(form, "content", buffer_slice(&form->text));
    }
    draft->count = first;
    buffer_finish(&codes);
    return error;
}

static enum reply_error read_node(struct level *level,
                                  struct segment_form *form)
{
    struct slice content;
    if (level->depth == OUTGOING_NODE_DEPTH_MAX)
        return bad(level, ": nodes may be nested 3 levels deep");
    if (!segment_form_value(form, "content", &content))
        return REPLY_FINE;
    return read_content(level, content, form);
}

/* ---- segments ---------------------------------------------------------- */

/* `form` has been read; lower it and add it. */
static enum reply_error take_form(struct level *level,
                                  struct segment_form *form, struct slice given)
{
    struct lowering to = level->draft->to;
    int64_t poked;
    to.is_in_node = level->depth > 0;
    enum reply_error error =
        lowering_apply(&to, level->path, form, &poked, level->fault);
    if (error == REPLY_FINE && slice_equals(form->name, "node"))
        error = read_node(level, form);
    if (error != REPLY_FINE)
        return error;
    if (poked == 0) {
        add_form(level, form, given);
        return REPLY_FINE;
    }
    add_item(level->draft, DRAFT_POKE)->poked = poked;
    level->is_changed = true;
    return REPLY_FINE;
}

static enum reply_error read_segment(struct level *level, struct slice given)
{
    struct segment_form form;
    enum reply_error error = REPLY_BAD_PARAMS;
    if (segment_form_read(&form, given, level->path, level->fault))
        error = take_form(level, &form, given);
    segment_form_finish(&form);
    return error;
}

static enum reply_error read_element(struct level *level, struct slice given)
{
    struct mp_reader reader = mp_reader_of(given);
    struct mp_token head;
    if (++level->draft->read > OUTGOING_SEGMENTS_MAX)
        return bad(level, ": allowed: at most 4096 segments in a message");
    if (!mp_next(&reader, &head))
        return bad(level, ": broken");
    if (head.kind == MP_MAP)
        return read_segment(level, given);
    if (head.kind != MP_STR)
        return bad(level, ": allowed: a segment, which is a map with type and "
                          "data, or a text");
    add_text(level, head.bytes);
    return REPLY_FINE;
}

/* ---- messages ---------------------------------------------------------- */

/* Nodes are for themselves, and what is forwarded is nodes. */
static enum reply_error check_nodes(struct level *level, size_t first)
{
    size_t nodes = 0;
    size_t count = level->draft->count - first;
    for (size_t i = first; i < level->draft->count; i++)
        nodes += level->draft->items[i].kind == DRAFT_NODE;
    if (nodes > 0 && nodes < count)
        return bad(level, ": a message with nodes must hold nothing but nodes");
    if (nodes < count && level->draft->is_forward && level->depth == 0)
        return bad(level, ": allowed: segments of type node");
    return REPLY_FINE;
}

/* The elements of an array whose head has been read. */
static enum reply_error read_elements(struct level *level,
                                      struct mp_reader *reader, uint32_t count)
{
    char path[PATH_SIZE];
    const char *outer = level->path;
    size_t first = level->draft->count;
    enum reply_error error = REPLY_FINE;
    struct slice element;
    if (count == 0)
        return bad(level, ": a message needs at least one segment");
    for (uint32_t i = 0; i < count && error == REPLY_FINE; i++) {
        snprintf(path, sizeof(path), "%.*s[%" PRIu32 "]", PATH_SIZE - 16, outer,
                 i);
        level->path = path;
        error = mp_skip(reader, &element) ? read_element(level, element)
                                          : bad(level, ": broken");
        level->path = outer;
    }
    return error == REPLY_FINE ? check_nodes(level, first) : error;
}

static bool has_codes(struct slice text)
{
    return text.size > 0 && (memchr(text.data, '[', text.size) != NULL ||
                             memchr(text.data, '&', text.size) != NULL);
}

/* A string as a whole message. One that is plain text in any reading stays as
 * it is, within a node. */
static enum reply_error read_string(struct level *level, struct slice text,
                                    struct buffer *codes)
{
    struct mp_reader reader;
    struct mp_token head;
    if (text.size == 0)
        return bad(level, ": a message needs at least one segment");
    if (level->draft->is_forward && level->depth == 0)
        return bad(level, ": allowed: an array of segments of type node");
    if (level->draft->auto_escape || !has_codes(text)) {
        bool was_changed = level->is_changed;
        add_text(level, text);
        level->is_changed = was_changed || has_codes(text);
        return REPLY_FINE;
    }
    cqcode_to_segments(text, codes);
    reader = mp_reader_of(buffer_slice(codes));
    level->is_changed = true;
    return mp_next(&reader, &head) ? read_elements(level, &reader, head.count)
                                   : bad(level, ": broken");
}

static enum reply_error read_message(struct level *level, struct slice message,
                                     struct buffer *codes)
{
    struct mp_reader reader = mp_reader_of(message);
    struct mp_token head;
    size_t first = level->draft->count;
    enum reply_error error;
    if (!mp_next(&reader, &head))
        return bad(level, ": broken");
    switch (head.kind) {
    case MP_STR:
        return read_string(level, head.bytes, codes);
    case MP_ARRAY:
        return read_elements(level, &reader, head.count);
    case MP_MAP:
        error = read_element(level, message);
        return error == REPLY_FINE ? check_nodes(level, first) : error;
    default:
        return bad(level, ": required: a text, a segment, or an array of "
                          "segments");
    }
}

enum reply_error draft_read(struct draft *draft, struct slice message,
                            char fault[static REQUEST_FAULT_SIZE])
{
    struct level level = {
        .draft = draft,
        .path = draft->is_forward ? "params.messages" : "params.message",
        .fault = fault,
    };
    enum reply_error error = read_message(&level, message, &draft->codes);
    draft->is_changed = level.is_changed;
    return error;
}

void draft_finish(struct draft *draft)
{
    free(draft->items);
    buffer_finish(&draft->codes);
    buffer_finish(&draft->made);
    draft->items = NULL;
    draft->count = draft->capacity = 0;
}
