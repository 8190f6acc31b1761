/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include <stdio.h>
#include <string.h>

#include "core/mp.h"
#include "core/pack.h"

enum {
    /* No peer's id is longer; what is may be as large as a frame, and there
     * may be many. */
    ID_BYTES_MAX = 128,
};

static const char MESSAGE_IDS[] = "message_ids";

void outcome_add_message(struct outcome *outcome, struct slice data)
{
    struct slice message_id;
    buffer_clear(&outcome->data, SIZE_MAX);
    buffer_append(&outcome->data, data.data, data.size);
    if (!mp_find(data, "message_id", &message_id) ||
        message_id.size > ID_BYTES_MAX)
        return;
    buffer_append(&outcome->ids, message_id.data, message_id.size);
    outcome->id_count++;
}

static void pack_ids(const struct outcome *outcome,
                     struct msgpack_packer *packer)
{
    pack_string(packer, MESSAGE_IDS);
    msgpack_pack_array(packer, outcome->id_count);
    pack_raw(packer, buffer_slice(&outcome->ids));
}

/* The entries of the map `data`, as they are, behind a head that counts more.
 */
static void pack_with_ids(struct outcome *outcome)
{
    struct msgpack_packer packer = pack_into(&outcome->built);
    struct mp_reader reader = mp_reader_of(buffer_slice(&outcome->data));
    struct mp_token map = {0};
    bool is_map = mp_next(&reader, &map) && map.kind == MP_MAP;
    msgpack_pack_map(&packer, (is_map ? map.count : 0) + 1);
    if (is_map)
        buffer_append(&outcome->built, reader.at,
                      (size_t)(reader.end - reader.at));
    pack_ids(outcome, &packer);
}

void outcome_complete(struct outcome *outcome, struct reply *reply)
{
    pack_with_ids(outcome);
    reply->data = buffer_slice(&outcome->built);
}

/* What is said of the one step: of the whole, something was sent. */
static int size_of_why(const char *text)
{
    static const char unsent[] = "; nothing was sent";
    enum { WHY_MAX = 200 };
    size_t size = strlen(text);
    size_t end = sizeof(unsent) - 1;
    if (size >= end && strcmp(text + size - end, unsent) == 0)
        size -= end;
    return size < WHY_MAX ? (int)size : WHY_MAX;
}

void outcome_break(struct outcome *outcome, size_t done, size_t steps,
                   struct reply *reply)
{
    struct msgpack_packer packer = pack_into(&outcome->built);
    msgpack_pack_map(&packer, 3);
    pack_ids(outcome, &packer);
    pack_number(&packer, "done", done);
    pack_number(&packer, "steps", steps);
    reply->data = buffer_slice(&outcome->built);
    if (reply->text == NULL)
        return;
    snprintf(outcome->text, sizeof(outcome->text),
             "after %zu of %zu: %.*s; the rest was not tried", done, steps,
             size_of_why(reply->text), reply->text);
    reply->text = outcome->text;
}

void outcome_retry_after(struct outcome *outcome, uint64_t retry_after_ms,
                         struct reply *reply)
{
    struct msgpack_packer packer = pack_into(&outcome->built);
    msgpack_pack_map(&packer, 1);
    pack_number(&packer, "retry_after_ms", retry_after_ms);
    reply->data = buffer_slice(&outcome->built);
}

void outcome_finish(struct outcome *outcome)
{
    buffer_finish(&outcome->data);
    buffer_finish(&outcome->ids);
    buffer_finish(&outcome->built);
}
