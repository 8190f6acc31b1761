/* SPDX-License-Identifier: MIT */
#include "log_desk.h"

#include <stdio.h>

#include "base/log_level.h"
#include "core/inside.h"
#include "core/pack.h"
#include "core/serving.h"

enum { FAULT_SIZE = 512, FOR_MS_MAX = 7 * 24 * 60 * 60 * 1000 };

static void refuse_word(struct serving *serving, const char *key,
                        const char *const *words)
{
    char text[FAULT_SIZE];
    size_t size = (size_t)snprintf(text, sizeof(text), "%s: allowed:", key);
    for (size_t i = 0; words[i] != NULL; i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%s %s",
                                 i == 0 ? "" : ",", words[i]);
    serving_refuse(serving, REPLY_BAD_PARAMS, text);
}

/* -1 if it is not there. False: it is no such word, and the caller has been
 * told. */
static bool read_word(struct serving *serving, const char *key,
                      const char *const *words, int *word)
{
    *word = -1;
    if (!serving_has(serving, key))
        return true;
    *word = log_word(words, serving_text(serving, key));
    if (*word < 0)
        refuse_word(serving, key, words);
    return *word >= 0;
}

static bool read_change(struct serving *serving, struct log_change *change)
{
    if (!read_word(serving, "level", log_level_names, &change->level) ||
        !read_word(serving, "content", log_content_names, &change->content) ||
        !read_word(serving, "component", log_components, &change->component) ||
        !serving_uint(serving, "for_ms", 1, FOR_MS_MAX, 0, &change->for_ms))
        return false;
    bool is_change = change->level >= 0 || change->content >= 0;
    if (change->component >= 0 && change->level < 0)
        serving_refuse(serving, REPLY_BAD_PARAMS,
                       "component: allowed: with a level, which it is to have");
    else if (change->for_ms > 0 && !is_change)
        serving_refuse(serving, REPLY_BAD_PARAMS,
                       "for_ms: allowed: with a level or a content");
    else
        return true;
    return false;
}

static size_t count_levels(const struct log_options *options)
{
    size_t count = 0;
    for (size_t i = 0; i < LOG_COMPONENTS; i++)
        count += options->levels[i] != 0;
    return count;
}

static void pack_state(struct msgpack_packer *packer,
                       const struct log_options *options, uint64_t left_ms)
{
    msgpack_pack_map(packer, 4 + (size_t)(left_ms > 0));
    pack_word(packer, "level", log_level_names[options->level]);
    pack_word(packer, "format", log_format_names[options->format]);
    pack_word(packer, "content", log_content_names[options->content]);
    pack_string(packer, "levels");
    msgpack_pack_map(packer, count_levels(options));
    for (int i = 0; i < LOG_COMPONENTS; i++)
        if (options->levels[i] != 0)
            pack_word(packer, log_components[i],
                      log_level_names[log_options_level(options, i)]);
    if (left_ms > 0)
        pack_number(packer, "for_ms", left_ms);
}

void log_desk_serve(struct serving *serving)
{
    struct bridge *bridge = serving->bridge;
    struct log_change change = {0};
    struct log_options options;
    uint64_t left_ms;
    if (!read_change(serving, &change))
        return;
    bridge->ports.log(bridge->ports.ctx, &change, &options, &left_ms);
    bridge_narrate(bridge, &options);
    struct msgpack_packer packer = pack_into(&serving->data);
    pack_state(&packer, &options, left_ms);
}
