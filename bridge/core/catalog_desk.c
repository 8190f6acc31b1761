/* SPDX-License-Identifier: MIT */
#include "catalog_desk.h"

#include <string.h>

#include "core/catalog.h"
#include "core/glob.h"
#include "core/pack.h"
#include "core/service.h"
#include "core/serving.h"

/* The words of schema/actions.json. Of SnowLuma nothing is recorded. */
static const char *const PEERS[PEER_KINDS] = {
    [PEER_UNKNOWN] = "onebot11",  [PEER_NAPCAT] = "napcat",
    [PEER_LLBOT] = "llbot",       [PEER_LAGRANGE] = "lagrange",
    [PEER_GOCQHTTP] = "gocqhttp",
};

static const struct {
    unsigned type;
    const char *word;
} TYPES[] = {
    {CATALOG_INT, "integer"},  {CATALOG_STRING, "string"},
    {CATALOG_BOOL, "boolean"}, {CATALOG_OBJECT, "object"},
    {CATALOG_ARRAY, "array"},  {CATALOG_MESSAGE, "message"},
    {CATALOG_NULL, "null"},
};

enum { TYPE_COUNT = sizeof(TYPES) / sizeof(TYPES[0]) };

static const char *const ANSWERS[] = {
    [CATALOG_ANSWERS] = "always",
    [CATALOG_MAY_NOT_ANSWER] = "maybe",
    [CATALOG_NEVER_ANSWERS] = "never",
};

/* ---- what is asked ------------------------------------------------------- */

struct question {
    char pattern[REQUEST_ACTION_BYTES_MAX + 1]; /* "": all */
    const struct catalog_action *action;        /* that `name` leads to */
    unsigned peers;                             /* 0: all */
};

static bool read_name(struct serving *serving, struct question *question)
{
    struct slice name = serving_text(serving, "name");
    if (!serving_has(serving, "name"))
        return true;
    if (name.size == 0 || name.size > REQUEST_ACTION_BYTES_MAX) {
        serving_refuse(serving, REPLY_BAD_PARAMS,
                       "name: allowed: a name, or a pattern with *, of 1 to "
                       "128 bytes");
        return false;
    }
    memcpy(question->pattern, name.data, name.size);
    question->pattern[name.size] = '\0';
    question->action = catalog_resolve(name).action;
    return true;
}

static bool read_peer(struct serving *serving, struct question *question)
{
    struct slice peer = serving_text(serving, "peer");
    if (!serving_has(serving, "peer"))
        return true;
    for (size_t i = 0; i < PEER_KINDS; i++)
        if (PEERS[i] != NULL && slice_equals(peer, PEERS[i]))
            question->peers = 1u << i;
    if (question->peers != 0)
        return true;
    serving_refuse(serving, REPLY_BAD_PARAMS,
                   "peer: allowed: onebot11, napcat, llbot, lagrange or "
                   "gocqhttp");
    return false;
}

static bool is_named(const struct question *question, const char *name)
{
    return question->pattern[0] == '\0' ||
           glob_matches(question->pattern, slice_of(name));
}

static bool is_alias(const struct catalog_name *name)
{
    return !slice_equals(name->name, name->action->name);
}

/* The pattern may be of how the settings guide calls it. */
static bool has_such_alias(const struct question *question,
                           const struct catalog_action *action)
{
    for (size_t i = 0; i < catalog_name_count(); i++) {
        struct catalog_name name = catalog_name_at(i);
        if (name.action == action && is_alias(&name) &&
            glob_matches(question->pattern, name.name))
            return true;
    }
    return false;
}

static bool is_wanted(const struct question *question,
                      const struct catalog_action *action)
{
    return (question->peers == 0 || (question->peers & action->peers) != 0) &&
           (question->action == action || is_named(question, action->name) ||
            has_such_alias(question, action));
}

/* ---- a map that grows ---------------------------------------------------- */

/* The pairs of a map whose size is known only when they are all there. */
struct fields {
    struct buffer pairs;
    size_t count;
};

static struct msgpack_packer field(struct fields *fields, const char *key)
{
    struct msgpack_packer packer = pack_into(&fields->pairs);
    pack_string(&packer, key);
    fields->count++;
    return packer;
}

/* A word that is NULL is left out; so is a flag that is false, and a list that
 * is NULL. */
static void field_word(struct fields *fields, const char *key, const char *word)
{
    if (word == NULL)
        return;
    struct msgpack_packer packer = field(fields, key);
    pack_string(&packer, word);
}

static void field_flag(struct fields *fields, const char *key, bool flag)
{
    if (!flag)
        return;
    struct msgpack_packer packer = field(fields, key);
    msgpack_pack_true(&packer);
}

static void field_words(struct fields *fields, const char *key,
                        const char *const *words)
{
    size_t count = 0;
    if (words == NULL)
        return;
    while (words[count] != NULL)
        count++;
    struct msgpack_packer packer = field(fields, key);
    msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < count; i++)
        pack_string(&packer, words[i]);
}

static void field_peers(struct fields *fields, const char *key, unsigned peers)
{
    const char *words[PEER_KINDS + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < PEER_KINDS; i++)
        if ((peers & 1u << i) != 0 && PEERS[i] != NULL)
            words[count++] = PEERS[i];
    field_words(fields, key, words);
}

/* Append the map to `out` and forget it. */
static void fields_end(struct fields *fields, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_map(&packer, fields->count);
    pack_raw(&packer, buffer_slice(&fields->pairs));
    buffer_finish(&fields->pairs);
}

/* ---- an action ----------------------------------------------------------- */

static void field_types(struct fields *fields, const char *key, unsigned types)
{
    const char *words[TYPE_COUNT + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if ((types & TYPES[i].type) != 0)
            words[count++] = TYPES[i].word;
    if (count > 0)
        field_words(fields, key, words);
}

static void field_required(struct fields *fields, unsigned required_by)
{
    if (required_by != 0 && required_by != CATALOG_EVERY_PEER) {
        field_peers(fields, "required", required_by);
        return;
    }
    struct msgpack_packer packer = pack_into(&fields->pairs);
    pack_flag(&packer, "required", required_by != 0);
    fields->count++;
}

static void pack_param(const struct catalog_param *param, struct buffer *out)
{
    struct fields fields = {0};
    field_word(&fields, "name", param->name);
    field_word(&fields, "summary", param->summary);
    field_types(&fields, "types", param->types);
    field_types(&fields, "items", param->item_types);
    field_required(&fields, param->required_by);
    field_flag(&fields, "one_of", param->is_one_of);
    field_flag(&fields, "id", param->is_id);
    field_word(&fields, "media",
               param->is_path    ? "path"
               : param->is_media ? "file"
                                 : NULL);
    field_word(&fields, "same_as", param->same_as);
    field_words(&fields, "aliases", param->aliases);
    field_words(&fields, "values", param->values);
    if (param->fallback.size > 0) {
        struct msgpack_packer packer = field(&fields, "default");
        pack_raw(&packer, param->fallback);
    }
    field_word(&fields, "warn_if_missing", param->warning_if_missing);
    fields_end(&fields, out);
}

static void field_flags(struct fields *fields,
                        const struct catalog_action *action)
{
    const struct {
        bool is_set;
        const char *word;
    } flags[] = {
        {action->is_speech, "speech"},  {action->is_paced, "paced"},
        {action->needs_qq, "needs_qq"}, {action->is_upload, "upload"},
        {action->is_stream, "stream"},
    };
    enum { FLAG_COUNT = sizeof(flags) / sizeof(flags[0]) };
    const char *words[FLAG_COUNT + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (flags[i].is_set)
            words[count++] = flags[i].word;
    field_words(fields, "flags", words);
}

static const char *kind_of(bool is_read)
{
    return is_read ? "read" : "write";
}

static void pack_action(const struct catalog_action *action, struct buffer *out)
{
    struct fields fields = {0};
    field_word(&fields, "name", action->name);
    field_word(&fields, "summary", action->summary);
    field_word(&fields, "kind", kind_of(action->is_read));
    field_peers(&fields, "peers", action->peers);
    field_flags(&fields, action);
    field_word(&fields, "answer", ANSWERS[action->answer]);
    struct msgpack_packer packer = field(&fields, "params");
    msgpack_pack_array(&packer, action->param_count);
    for (size_t i = 0; i < action->param_count; i++)
        pack_param(&action->params[i], &fields.pairs);
    field_word(&fields, "note", action->note);
    fields_end(&fields, out);
}

/* ---- the answer ---------------------------------------------------------- */

static void answer_actions(const struct question *question, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    size_t count = 0;
    for (size_t i = 0; i < catalog_count(); i++)
        count += is_wanted(question, catalog_at(i));
    pack_string(&packer, "actions");
    msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < catalog_count(); i++)
        if (is_wanted(question, catalog_at(i)))
            pack_action(catalog_at(i), out);
}

static void answer_aliases(const struct question *question, struct buffer *out)
{
    struct fields fields = {0};
    struct msgpack_packer packer = pack_into(out);
    for (size_t i = 0; i < catalog_name_count(); i++) {
        struct catalog_name name = catalog_name_at(i);
        if (!is_alias(&name) || !is_wanted(question, name.action))
            continue;
        struct msgpack_packer pairs = pack_into(&fields.pairs);
        pack_text(&pairs, name.name);
        pack_string(&pairs, name.action->name);
        fields.count++;
    }
    pack_string(&packer, "aliases");
    fields_end(&fields, out);
}

/* The bridge's own have no peer, so one that is asked for leaves none out. */
static void answer_own(const struct question *question, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    size_t count = 0;
    for (size_t i = 0; i < service_count(); i++)
        count += is_named(question, service_at(i).name);
    pack_string(&packer, "bridge");
    msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < service_count(); i++) {
        struct service_action action = service_at(i);
        if (!is_named(question, action.name))
            continue;
        msgpack_pack_map(&packer, 2);
        pack_word(&packer, "name", action.name);
        pack_word(&packer, "kind", kind_of(action.is_read));
    }
}

void catalog_desk_serve(struct serving *serving)
{
    struct question question = {0};
    struct msgpack_packer packer = pack_into(&serving->data);
    if (!read_name(serving, &question) || !read_peer(serving, &question))
        return;
    msgpack_pack_map(&packer, 3);
    answer_actions(&question, &serving->data);
    answer_aliases(&question, &serving->data);
    answer_own(&question, &serving->data);
}
