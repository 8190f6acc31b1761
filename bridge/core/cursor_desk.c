/* SPDX-License-Identifier: MIT */
#include "cursor_desk.h"

#include <stdio.h>

#include "core/cursors.h"
#include "core/inside.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/serving.h"

/* Whose cursor it is about. False: nobody's, and the caller has been told. */
static bool read_consumer(struct serving *serving, struct slice *consumer)
{
    *consumer = serving_text(serving, "consumer");
    if (cursors_is_name(*consumer))
        return true;
    serving_refuse(serving, REPLY_BAD_PARAMS,
                   "consumer: required: 1 to 128 letters, digits and ._:@/-");
    return false;
}

static void pack_seq(struct msgpack_packer *packer, const struct cursor *cursor)
{
    pack_string(packer, "seq");
    if (cursor == NULL)
        msgpack_pack_nil(packer);
    else
        msgpack_pack_uint64(packer, cursor->seq);
    pack_string(packer, "epoch");
    if (cursor == NULL)
        msgpack_pack_nil(packer);
    else
        pack_string(packer, cursor->epoch);
}

void cursor_desk_get(struct serving *serving)
{
    const struct bridge *bridge = serving->bridge;
    struct slice consumer;
    if (!read_consumer(serving, &consumer))
        return;
    const struct cursor *cursor = cursors_find(bridge->cursors, consumer);
    struct msgpack_packer packer = pack_into(&serving->data);
    msgpack_pack_map(&packer, 4);
    pack_string(&packer, "consumer");
    pack_text(&packer, consumer);
    pack_seq(&packer, cursor);
    pack_flag(&packer, "valid",
              cursor != NULL &&
                  strcmp(cursor->epoch, bridge->options.epoch) == 0);
}

/* Reply once it is on disk. */
static void keep(struct serving *serving, const struct cursor *cursor,
                 bool forget)
{
    struct bridge *bridge = serving->bridge;
    uint64_t cookie = ++bridge->cookies;
    struct msgpack_packer packer = pack_into(&serving->data);
    msgpack_pack_map(&packer, 3);
    pack_word(&packer, "consumer", cursor->consumer);
    pack_seq(&packer, forget ? NULL : cursor);
    if (!serving_wait(serving, cookie))
        serving_refuse(serving, REPLY_BUSY,
                       "too many such changes wait for the disk; this one "
                       "counts until the next restart");
    if (bridge->ports.keep_cursor(bridge->ports.ctx, cursor, forget, cookie) !=
        STATUS_OK)
        serving_settle(bridge, cookie, (struct slice){0}, REPLY_INTERNAL,
                       "this could not be kept: it counts until the next "
                       "restart");
}

static void set(struct serving *serving, const struct cursor *cursor)
{
    if (cursors_set(serving->bridge->cursors, cursor) == STATUS_OK)
        keep(serving, cursor, false);
    else
        serving_refuse(serving, REPLY_BUSY,
                       "there are 1024 cursors, and no more fit; set the seq "
                       "of one that is not needed to null");
}

/* A cursor must not be forgotten because its seq was. False: there is none, and
 * the caller has been told. */
static bool names_seq(struct serving *serving)
{
    struct slice value;
    if (mp_find(serving->request->params, "seq", &value))
        return true;
    serving_refuse(serving, REPLY_BAD_PARAMS,
                   "seq: required: of the last event that was dealt with, or "
                   "null to forget the cursor");
    return false;
}

void cursor_desk_set(struct serving *serving)
{
    struct bridge *bridge = serving->bridge;
    struct slice consumer;
    struct cursor cursor = {{0}, {0}, 0};
    if (!read_consumer(serving, &consumer) || !names_seq(serving) ||
        !serving_epoch(serving) ||
        !serving_uint(serving, "seq", 0, bridge->seq, 0, &cursor.seq))
        return;
    memcpy(cursor.consumer, consumer.data, consumer.size);
    snprintf(cursor.epoch, sizeof(cursor.epoch), "%s", bridge->options.epoch);
    if (serving_has(serving, "seq")) {
        set(serving, &cursor);
    } else {
        (void)cursors_drop(bridge->cursors, consumer);
        keep(serving, &cursor, true);
    }
}
