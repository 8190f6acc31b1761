/* SPDX-License-Identifier: MIT */
/* What outgoing_plan() makes of a message, as one line of text:
 *
 *     as given
 *     [{"type":…}] | poke 10002 | […]
 *     bad_params: params.message: …
 *
 * Messages are written as JSON in both directions. */
#ifndef ONEBUS_TEST_PLANNED_H
#define ONEBUS_TEST_PLANNED_H

#include "check.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/outgoing.h"
#include "core/peer.h"
#include "core/warnings.h"

struct planned {
    struct buffer line;
    struct buffer warnings; /* JSON */
};

static inline void planned_append_json(struct slice pack, struct buffer *out)
{
    const struct json_writer_options options = {.bin_as_base64 = true};
    struct json_error error;
    CHECK_EQ(json_from_msgpack(pack, &options, out, &error), STATUS_OK);
}

static inline void planned_append_part(const struct outgoing_part *part,
                                       struct buffer *line)
{
    char poke[32];
    if (line->size > 0)
        buffer_append_string(line, " | ");
    if (part->kind == OUTGOING_MESSAGE) {
        planned_append_json(part->message, line);
        return;
    }
    snprintf(poke, sizeof(poke), "poke %" PRId64, part->user_id);
    buffer_append_string(line, poke);
}

static inline void planned_append_error(enum reply_error error,
                                        const char *fault, struct buffer *line)
{
    buffer_append_string(line, reply_error_name(error));
    buffer_append_string(line, ": ");
    buffer_append_string(line, fault);
}

/* Plan `message`, MessagePack. */
static inline void plan_pack(struct planned *planned, struct slice message,
                             const struct outgoing_options *options)
{
    char fault[REQUEST_FAULT_SIZE] = "";
    struct outgoing out = {0};
    struct warnings warnings = {0};
    struct buffer pack = {0};
    bool is_as_given = false;
    enum reply_error error =
        outgoing_plan(message, options, &out, &is_as_given, &warnings, fault);
    buffer_clear(&planned->line, SIZE_MAX);
    buffer_clear(&planned->warnings, SIZE_MAX);
    if (error != REPLY_FINE)
        planned_append_error(error, fault, &planned->line);
    else if (is_as_given)
        buffer_append_string(&planned->line, "as given");
    if (error != REPLY_FINE || is_as_given)
        CHECK_EQ(out.count, 0);
    for (size_t i = 0; i < out.count; i++)
        planned_append_part(&out.parts[i], &planned->line);
    warnings_pack(&warnings, &pack);
    planned_append_json(buffer_slice(&pack), &planned->warnings);
    buffer_finish(&pack);
    warnings_finish(&warnings);
    outgoing_finish(&out);
}

static inline void plan(struct planned *planned, const char *json,
                        const struct outgoing_options *options)
{
    const struct json_reader_options reader = {0};
    struct buffer pack = {0};
    struct json_error error;
    CHECK_EQ(json_to_msgpack(slice_of(json), &reader, &pack, &error),
             STATUS_OK);
    plan_pack(planned, buffer_slice(&pack), options);
    buffer_finish(&pack);
}

static inline void planned_finish(struct planned *planned)
{
    buffer_finish(&planned->line);
    buffer_finish(&planned->warnings);
}

#endif
