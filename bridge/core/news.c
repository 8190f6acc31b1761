/* SPDX-License-Identifier: MIT */
#include "news.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/envelope.h"
#include "core/event.h"
#include "core/pack.h"
#include "core/topic.h"

enum { KEY_SIZE = 256 };

static void pack_field(struct msgpack_packer *packer,
                       const struct news_field *field)
{
    pack_string(packer, field->key);
    if (field->text != NULL)
        pack_prose(packer, field->text);
    else if (field->pack.size > 0)
        pack_raw(packer, field->pack);
    else
        msgpack_pack_int64(packer, field->number);
}

static void pack_fields(const struct news *news, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_map(&packer, news->field_count);
    for (size_t i = 0; i < news->field_count; i++)
        pack_field(&packer, &news->fields[i]);
}

void news_pack(const struct event_context *context, const struct news *news,
               struct buffer *out)
{
    struct topic topic;
    struct buffer event = {0};
    char key[KEY_SIZE];
    topic_of_bridge(context->account, news->what, &topic);
    snprintf(key, sizeof(key), "bridge:%s:%s:%s:%" PRIu64, context->account,
             news->what, context->epoch, context->seq);
    pack_fields(news, &event);
    const struct envelope envelope = {
        .topic = topic.name,
        .type = topic.type,
        .epoch = context->epoch,
        .seq = context->seq,
        .time_ms = context->time_ms,
        .account = context->account,
        .self_id = context->self_id,
        .peer = context->peer,
        .key = slice_of(key),
        .event = {buffer_slice(&event)},
    };
    envelope_pack(&envelope, out);
    buffer_finish(&event);
}
