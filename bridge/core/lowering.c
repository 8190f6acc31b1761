/* SPDX-License-Identifier: MIT */
/* A table of rules, gone through from top to bottom: each is for one type and
 * some peers, and changes the form. What the peer then still does not send is
 * refused: it would drop it in silence, or fail the whole request. */
#include "lowering.h"

#include "base/visible.h"
#include "core/card.h"
#include "core/json_write.h"
#include "core/peer.h"
#include "core/segment_form.h"
#include "core/segment_type.h"
#include "core/warnings.h"

/* One segment under the rules. */
struct work {
    const struct lowering *to;
    const char *path;
    struct segment_form *form;
    int64_t *poked;
    char *fault;
};

static const char *name_of(const struct work *work)
{
    return peer_name(work->to->peer->kind);
}

static void become_text(struct work *work, struct slice text)
{
    segment_form_become(work->form, "text");
    segment_form_set_text(work->form, "text", text);
}

/* ---- cards -------------------------------------------------------------- */

static bool place_to_card(struct work *work)
{
    struct segment_form *form = work->form;
    struct card_place place = {.title = slice_of("位置")};
    (void)segment_form_text(form, "lat", &place.lat);
    (void)segment_form_text(form, "lon", &place.lon);
    (void)segment_form_text(form, "title", &place.title);
    (void)segment_form_text(form, "content", &place.content);
    card_append_place(&place, &form->text);
    segment_form_become(form, "json");
    segment_form_set_text(form, "data", buffer_slice(&form->text));
    warnings_add(work->to->warnings,
                 "%s: %s does not send a location; it left as a map card",
                 work->path, name_of(work));
    return true;
}

static bool map_to_json(struct work *work)
{
    const struct json_writer_options options = {0};
    struct segment_form *form = work->form;
    struct json_error error;
    struct slice map;
    if (segment_form_text(form, "data", &map) ||
        !segment_form_value(form, "data", &map))
        return true;
    if (json_from_msgpack(map, &options, &form->text, &error) != STATUS_OK)
        return segment_fault(work->fault, work->path, ".data.data: no JSON: %s",
                             error.reason);
    segment_form_set_text(form, "data", buffer_slice(&form->text));
    return true;
}

static bool miniapp_to_card(struct work *work)
{
    struct slice data;
    if (!map_to_json(work))
        return false;
    if (!segment_form_text(work->form, "data", &data))
        return segment_fault(work->fault, work->path,
                             ".data.data: required: JSON as a text, or a map");
    segment_form_become(work->form, "json");
    segment_form_set_text(work->form, "data", data);
    warnings_add(work->to->warnings,
                 "%s: %s does not send a miniapp; it left as a json card, "
                 "which QQ shows only if it is signed",
                 work->path, name_of(work));
    return true;
}

static bool note_json_token(struct work *work)
{
    if (segment_form_has(work->form, "config"))
        warnings_add(work->to->warnings, "%s: %s passes over data.config.token",
                     work->path, name_of(work));
    return true;
}

/* ---- what becomes text --------------------------------------------------- */

static bool share_to_text(struct work *work)
{
    struct segment_form *form = work->form;
    struct slice title = {0};
    struct slice url = {0};
    (void)segment_form_text(form, "title", &title);
    (void)segment_form_text(form, "url", &url);
    buffer_append(&form->text, title.data, title.size);
    buffer_append_string(&form->text, " ");
    buffer_append(&form->text, url.data, url.size);
    become_text(work, buffer_slice(&form->text));
    warnings_add(work->to->warnings,
                 "%s: %s does not send a share; it left as its title and url",
                 work->path, name_of(work));
    return true;
}

/* In a private chat nobody else is there to be called. */
static bool private_at_to_text(struct work *work)
{
    struct segment_form *form = work->form;
    struct slice who = {0};
    if (!work->to->is_private)
        return true;
    (void)segment_form_text(form, "qq", &who);
    (void)segment_form_text(form, "name", &who);
    buffer_append_string(&form->text, "@");
    buffer_append(&form->text, who.data, who.size);
    become_text(work, buffer_slice(&form->text));
    warnings_add(work->to->warnings,
                 "%s: %s drops an at in a private chat; it left as text",
                 work->path, name_of(work));
    return true;
}

static bool markdown_to_text(struct work *work)
{
    struct slice content = {0};
    if (!work->to->markdown_as_text)
        return true;
    (void)segment_form_text(work->form, "content", &content);
    become_text(work, content);
    warnings_add(work->to->warnings, "%s: the markdown left as text",
                 work->path);
    return true;
}

static bool note_markdown(struct work *work)
{
    warnings_add(work->to->warnings,
                 "%s: markdown that %s sends is often not shown: QQ wants it "
                 "signed",
                 work->path, name_of(work));
    return true;
}

/* ---- dice and rps ----------------------------------------------------- */

/* go-cqhttp's `value` of rps counts from 0: rock, scissors, paper. */
static int64_t least_value(const struct work *work)
{
    return slice_equals(work->form->name, "rps") ? 0 : 1;
}

/* The result that is asked for, counted from 1; 0: none. */
static int64_t wanted_result(const struct work *work)
{
    int64_t number;
    if (segment_form_number(work->form, "result", &number))
        return number;
    if (segment_form_number(work->form, "value", &number))
        return number + 1 - least_value(work);
    return 0;
}

static bool result_to_face(struct work *work)
{
    int64_t result = wanted_result(work);
    const char *type = least_value(work) == 0 ? "rps" : "dice";
    const char *face = least_value(work) == 0 ? "359" : "358";
    if (result == 0)
        return true;
    segment_form_become(work->form, "face");
    segment_form_set_text(work->form, "id", slice_of(face));
    segment_form_set_number(work->form, "resultId", result);
    warnings_add(work->to->warnings,
                 "%s: %s may show another result of the %s than the one asked "
                 "for",
                 work->path, name_of(work), type);
    return true;
}

static bool result_to_value(struct work *work)
{
    int64_t result = wanted_result(work);
    if (!segment_form_has(work->form, "result"))
        return true;
    segment_form_remove(work->form, "result");
    segment_form_set_number(work->form, "value",
                            result - 1 + least_value(work));
    return true;
}

static bool value_to_result(struct work *work)
{
    int64_t result = wanted_result(work);
    if (segment_form_has(work->form, "result") || result == 0)
        return true;
    segment_form_remove(work->form, "value");
    segment_form_set_number(work->form, "result", result);
    return true;
}

static bool note_result(struct work *work)
{
    if (wanted_result(work) != 0)
        warnings_add(work->to->warnings,
                     "%s: %s rolls a result of its own, not the one asked for",
                     work->path, name_of(work));
    return true;
}

/* ---- the rest --------------------------------------------------------- */

/* Only NapCat looks at `url` and `path`. */
static bool media_to_file(struct work *work)
{
    if (segment_form_has(work->form, "file"))
        return true;
    segment_form_rename(work->form,
                        segment_form_has(work->form, "url") ? "url" : "path",
                        "file");
    return true;
}

/* Whom a poke names. OneBot 11's `type` and `id` are a kind of poke. */
static int64_t poked_by(const struct work *work)
{
    int64_t who;
    if (segment_form_number(work->form, "qq", &who))
        return who;
    if (!segment_form_has(work->form, "type") &&
        segment_form_number(work->form, "id", &who))
        return who;
    return work->to->is_private ? work->to->user_id : 0;
}

static bool poke_to_action(struct work *work)
{
    if (work->to->is_in_node)
        return segment_fault(work->fault, work->path,
                             ": a poke cannot be forwarded");
    *work->poked = poked_by(work);
    return *work->poked > 0 ||
           segment_fault(work->fault, work->path,
                         ".data.qq: required: the QQ number of whom to poke");
}

/* ---- the rules -------------------------------------------------------- */

enum {
    U = PEER_BIT(PEER_UNKNOWN),
    N = PEER_BIT(PEER_NAPCAT),
    G = PEER_BIT(PEER_GOCQHTTP),
    L = PEER_BIT(PEER_LAGRANGE),
    B = PEER_BIT(PEER_LLBOT),
    S = PEER_BIT(PEER_SNOWLUMA),
};

static const struct {
    const char *type;
    unsigned peers;
    bool (*apply)(struct work *work);
} RULES[] = {
    {"at", N, private_at_to_text},
    {"image", U | G | L | B | S, media_to_file},
    {"record", U | G | L | B | S, media_to_file},
    {"video", U | G | L | B | S, media_to_file},
    {"file", U | G | L | B | S, media_to_file},
    {"json", U | G | L | B | S, map_to_json},
    {"json", N, note_json_token},
    {"markdown", U | N | G | L | B | S, markdown_to_text},
    {"markdown", N, note_markdown},
    {"dice", N, result_to_face},
    {"dice", G, result_to_value},
    {"dice", B, value_to_result},
    {"dice", L | S, note_result},
    {"rps", N, result_to_face},
    {"rps", G, result_to_value},
    {"rps", B, value_to_result},
    {"rps", L | S, note_result},
    {"location", N | G | B, place_to_card},
    {"miniapp", N | G | L | B | S, miniapp_to_card},
    {"poke", N | S, poke_to_action},
    {"share", N | L | B, share_to_text},
};

static void refuse_to_send(const struct work *work)
{
    enum { SHOWN_MAX = 20 }; /* so that the fault is never cut off */
    struct slice name = work->form->name;
    const struct segment_type *type = work->form->type;
    const char *instead = type == NULL ? NULL : type->instead;
    struct buffer shown = {0};
    visible_append(&shown, (struct slice){name.data, name.size < SHOWN_MAX
                                                         ? name.size
                                                         : SHOWN_MAX});
    segment_fault(work->fault, work->path,
                  ": %s does not send segments of type %.*s%s%s", name_of(work),
                  (int)shown.size, shown.data, instead == NULL ? "" : "; ",
                  instead == NULL ? "" : instead);
    buffer_finish(&shown);
}

/* NapCat fails a request that has a type it does not know; others may know
 * more than we do. */
static bool is_sent(const struct work *work)
{
    enum peer_kind kind = work->to->peer->kind;
    if (kind == PEER_UNKNOWN)
        return true;
    if (work->form->type == NULL)
        return kind != PEER_NAPCAT;
    return (work->form->type->senders & PEER_BIT(kind)) != 0;
}

enum reply_error lowering_apply(const struct lowering *to, const char *path,
                                struct segment_form *form, int64_t *poked,
                                char fault[static REQUEST_FAULT_SIZE])
{
    struct work work = {to, path, form, poked, fault};
    *poked = 0;
    for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++)
        if ((RULES[i].peers & PEER_BIT(to->peer->kind)) != 0 &&
            slice_equals(form->name, RULES[i].type) && !RULES[i].apply(&work))
            return REPLY_BAD_PARAMS;
    if (*poked > 0 || is_sent(&work))
        return REPLY_FINE;
    refuse_to_send(&work);
    return REPLY_UNSUPPORTED_BY_PEER;
}
