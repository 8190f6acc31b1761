/* SPDX-License-Identifier: MIT */
#include "core/news.h"

#include "check.h"
#include "core/event.h"
#include "core/json_write.h"
#include "core/mp.h"

TEST(news_is_a_whole_event_message)
{
    const struct event_context context = {
        .epoch = "e",
        .seq = 9,
        .time_ms = 1786700000000,
        .account = "bot",
        .self_id = 10001,
    };
    const struct news_field fields[] = {
        NEWS_NUMBER("link", 7),
        NEWS_TEXT("role", "Event"),
        NEWS_PACK("list", ((struct slice){"\x91\x01", 2})),
    };
    const struct json_writer_options options = {0};
    struct buffer out = {0};
    struct buffer text = {0};
    struct json_error error;
    struct slice event;
    struct slice key = {0};
    news_pack(&context, &(struct news){"link.down", fields, 3}, &out);
    CHECK_STR(out.data, "qq.bridge.bot.link.down");
    size_t topic = strlen(out.data) + 1;
    struct slice envelope = {out.data + topic, out.size - topic};
    CHECK(mp_find(envelope, "event", &event));
    CHECK_EQ(json_from_msgpack(event, &options, &text, &error), STATUS_OK);
    CHECK_SLICE(buffer_slice(&text),
                slice_of("{\"link\":7,\"role\":\"Event\",\"list\":[1]}"));
    CHECK(mp_find(envelope, "key", &event) && mp_read_str(event, &key));
    CHECK_SLICE(key, slice_of("bridge:bot:link.down:e:9"));
    buffer_finish(&out);
    buffer_finish(&text);
}

SUITE(news, news_is_a_whole_event_message)
