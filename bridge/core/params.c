/* SPDX-License-Identifier: MIT */
/* One pass over the map notes where each parameter is; then each parameter is
 * judged by itself. Only if one has to change is the map written anew. */
#include "params.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/nearmiss.h"
#include "base/visible.h"
#include "core/catalog.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/peer.h"
#include "core/shape.h"
#include "core/warnings.h"

enum { OUT_KEEP_BYTES = 1 << 20, SHOWN_KEY_BYTES = 64 };

enum found { FOUND_NOT, FOUND_BY_ALIAS, FOUND_BY_NAME };

struct entry {
    enum found found;
    uint32_t at; /* which of the map's pairs counts */
    struct shape shape;
    struct slice value;
};

struct shaping {
    const struct catalog_action *action;
    const struct peer *peer;
    struct warnings *warnings;
    char *fault;
    bool has_changed;
    size_t unknown_count;
    struct entry entries[CATALOG_PARAMS_MAX]; /* as the action's params */
};

static enum status refuse(const struct shaping *shaping, const char *format,
                          ...) __attribute__((format(printf, 2, 3)));

static enum status refuse(const struct shaping *shaping, const char *format,
                          ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(shaping->fault, REQUEST_FAULT_SIZE, format, arguments);
    va_end(arguments);
    return STATUS_INVALID;
}

/* ---- what is there ------------------------------------------------------- */

struct pair {
    uint32_t at;
    struct slice key_pack;
    struct slice key; /* `data` NULL if it is no string */
    struct slice value;
};

static bool read_pair(struct mp_reader *reader, struct pair *pair)
{
    if (!mp_skip(reader, &pair->key_pack) || !mp_skip(reader, &pair->value))
        return false;
    if (!mp_read_str(pair->key_pack, &pair->key))
        pair->key = (struct slice){NULL, 0};
    return true;
}

static void offer_names(struct nearmiss *miss,
                        const struct catalog_param *param)
{
    nearmiss_offer(miss, slice_of(param->name));
    for (size_t i = 0; param->aliases != NULL && param->aliases[i] != NULL; i++)
        nearmiss_offer(miss, slice_of(param->aliases[i]));
}

/* What is a key of the request itself, under any name. */
static const char *hint_of_request(struct slice key)
{
    static const char *const KEYS[] = {"account", "accountId", "account_id",
                                       "self_id"};
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++)
        if (slice_equals(key, KEYS[i]))
            return "; the account is named beside params, as account or "
                   "self_id";
    return "";
}

static void warn_of_unknown(struct shaping *shaping, struct slice key)
{
    const struct catalog_action *action = shaping->action;
    char hint[NEARMISS_HINT_SIZE] = "";
    struct buffer shown = {0};
    /* A flood of keys is not worth a flood of comparisons. */
    if (shaping->warnings->count < WARNINGS_MAX) {
        struct nearmiss miss = nearmiss_of(key);
        for (size_t i = 0; i < action->param_count; i++)
            offer_names(&miss, &action->params[i]);
        nearmiss_hint(&miss, hint);
    }
    if (key.size > SHOWN_KEY_BYTES)
        key.size = SHOWN_KEY_BYTES;
    visible_append(&shown, key);
    warnings_add(shaping->warnings, "params.%.*s: not known to %s%s%s",
                 (int)shown.size, shown.data, action->name, hint,
                 hint_of_request(key));
    buffer_finish(&shown);
}

/* Null, or an empty text where an id or one of some words belongs. */
static bool says_nothing(const struct catalog_param *param, struct slice pack)
{
    if (slice_equals(pack, "\xc0"))
        return (param->types & CATALOG_NULL) == 0;
    return slice_equals(pack, "\xa0") &&
           (param->is_id || param->values != NULL);
}

/* It is the same as leaving it out; for the peers it is not. */
static void note_nothing(struct shaping *shaping, struct entry *entry,
                         enum found found)
{
    shaping->has_changed = true;
    if (entry->found == found)
        entry->found = FOUND_NOT;
}

static void note_known(struct shaping *shaping,
                       const struct catalog_param *param,
                       const struct pair *pair, enum found found)
{
    struct entry *entry = &shaping->entries[param - shaping->action->params];
    if (says_nothing(param, pair->value)) {
        note_nothing(shaping, entry, found);
        return;
    }
    if (entry->found != FOUND_NOT) {
        warnings_add(shaping->warnings, "params.%s: is there twice",
                     param->name);
        shaping->has_changed = true;
    }
    if (found < entry->found)
        return;
    entry->found = found;
    entry->at = pair->at;
    entry->value = pair->value;
}

static void note_pair(struct shaping *shaping, const struct pair *pair)
{
    bool by_alias = false;
    const struct catalog_param *param =
        pair->key.data == NULL
            ? NULL
            : catalog_param(shaping->action, pair->key, &by_alias);
    if (param != NULL) {
        note_known(shaping, param, pair,
                   by_alias ? FOUND_BY_ALIAS : FOUND_BY_NAME);
        return;
    }
    shaping->unknown_count++;
    if (pair->key.data != NULL)
        warn_of_unknown(shaping, pair->key);
}

static bool open_map(struct slice params, struct mp_reader *reader,
                     uint32_t *count)
{
    struct mp_token head;
    *reader = mp_reader_of(params);
    if (!mp_next(reader, &head) || head.kind != MP_MAP)
        return false;
    *count = head.count;
    return true;
}

static enum status note_all(struct shaping *shaping, struct slice params)
{
    struct mp_reader reader;
    uint32_t count = 0;
    if (params.size == 0)
        return STATUS_OK;
    bool is_sound = open_map(params, &reader, &count);
    for (uint32_t i = 0; is_sound && i < count; i++) {
        struct pair pair = {.at = i};
        is_sound = read_pair(&reader, &pair);
        if (is_sound)
            note_pair(shaping, &pair);
    }
    if (!is_sound || reader.at != reader.end)
        return refuse(shaping, "params: allowed: a map");
    return STATUS_OK;
}

/* ---- whether it is right ------------------------------------------------- */

/* Under its own name, or the other that peers know it by. */
static bool is_given(const struct shaping *shaping,
                     const struct catalog_param *param)
{
    const struct catalog_action *action = shaping->action;
    if (shaping->entries[param - action->params].found != FOUND_NOT)
        return true;
    for (size_t i = 0; i < action->param_count; i++)
        if (shaping->entries[i].found != FOUND_NOT &&
            action->params[i].same_as != NULL &&
            strcmp(action->params[i].same_as, param->name) == 0)
            return true;
    return false;
}

static bool has_peer(unsigned peers, const struct peer *peer)
{
    return (peers & 1u << peer->kind) != 0;
}

/* Of one that has not said who it is no more is wanted than of all. */
static bool is_required(const struct catalog_param *param,
                        const struct peer *peer)
{
    return peer->kind == PEER_UNKNOWN ? param->required_by == CATALOG_EVERY_PEER
                                      : has_peer(param->required_by, peer);
}

static enum status judge_missing(struct shaping *shaping,
                                 const struct catalog_param *param)
{
    char words[SHAPE_WORDS_SIZE];
    bool is_wanted = is_required(param, shaping->peer);
    if ((!is_wanted && !has_peer(param->warned_peers, shaping->peer)) ||
        is_given(shaping, param))
        return STATUS_OK;
    if (is_wanted) {
        shape_describe(param, words);
        return refuse(shaping, "params.%s: required: %s", param->name, words);
    }
    warnings_add(shaping->warnings, "params.%s: missing: %s", param->name,
                 param->warning_if_missing);
    return STATUS_OK;
}

static enum status judge(struct shaping *shaping, size_t i)
{
    const struct catalog_param *param = &shaping->action->params[i];
    struct entry *entry = &shaping->entries[i];
    char words[SHAPE_WORDS_SIZE];
    if (entry->found == FOUND_NOT)
        return judge_missing(shaping, param);
    entry->shape = shape_of(param, entry->value, shaping->peer);
    if (entry->shape.form == SHAPE_WRONG) {
        shape_describe(param, words);
        return refuse(shaping, "params.%s: allowed: %s", param->name, words);
    }
    if (entry->shape.form != SHAPE_AS_IS || entry->found == FOUND_BY_ALIAS)
        shaping->has_changed = true;
    return STATUS_OK;
}

static enum status refuse_none_of(const struct shaping *shaping)
{
    const struct catalog_action *action = shaping->action;
    char names[SHAPE_WORDS_SIZE] = "";
    for (size_t i = 0, used = 0; i < action->param_count;
         i++, used = strlen(names))
        if (action->params[i].is_one_of)
            snprintf(names + used, sizeof(names) - used, "%s%s",
                     used == 0 ? "" : " or ", action->params[i].name);
    return refuse(shaping, "params: required: %s", names);
}

static enum status judge_all(struct shaping *shaping)
{
    const struct catalog_action *action = shaping->action;
    bool wants_one = false, has_one = false;
    for (size_t i = 0; i < action->param_count; i++) {
        if (judge(shaping, i) != STATUS_OK)
            return STATUS_INVALID;
        wants_one |= action->params[i].is_one_of;
        has_one |= action->params[i].is_one_of &&
                   shaping->entries[i].found != FOUND_NOT;
    }
    return wants_one && !has_one ? refuse_none_of(shaping) : STATUS_OK;
}

/* ---- out ----------------------------------------------------------------- */

static size_t count_leaving(const struct shaping *shaping)
{
    size_t count = shaping->unknown_count;
    for (size_t i = 0; i < shaping->action->param_count; i++)
        count += shaping->entries[i].found != FOUND_NOT;
    return count;
}

static void write_pair(const struct shaping *shaping, const struct pair *pair,
                       struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    bool by_alias;
    const struct catalog_param *param =
        pair->key.data == NULL
            ? NULL
            : catalog_param(shaping->action, pair->key, &by_alias);
    if (param == NULL) {
        pack_raw(&packer, pair->key_pack);
        pack_raw(&packer, pair->value);
        return;
    }
    const struct entry *entry =
        &shaping->entries[param - shaping->action->params];
    if (entry->found == FOUND_NOT || entry->at != pair->at)
        return;
    pack_string(&packer, param->name);
    shape_pack(&entry->shape, entry->value, out);
}

static void write_all(const struct shaping *shaping, struct slice params,
                      struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    struct mp_reader reader;
    struct pair pair = {0};
    uint32_t count = 0;
    msgpack_pack_map(&packer, count_leaving(shaping));
    if (!open_map(params, &reader, &count))
        return;
    for (; pair.at < count && read_pair(&reader, &pair); pair.at++)
        write_pair(shaping, &pair, out);
}

enum status params_shape(const struct catalog_action *action,
                         struct slice params, const struct peer *peer,
                         struct buffer *out, struct slice *shaped,
                         struct warnings *warnings,
                         char fault[static REQUEST_FAULT_SIZE])
{
    struct shaping shaping = {
        .action = action, .peer = peer, .warnings = warnings, .fault = fault};
    buffer_clear(out, OUT_KEEP_BYTES);
    if (note_all(&shaping, params) != STATUS_OK ||
        judge_all(&shaping) != STATUS_OK)
        return STATUS_INVALID;
    *shaped = params;
    if (shaping.has_changed) {
        write_all(&shaping, params, out);
        *shaped = buffer_slice(out);
    }
    return STATUS_OK;
}
