/* SPDX-License-Identifier: MIT */
#include "card.h"

#include "core/json_write.h"

static void append_member(struct buffer *out, const char *key,
                          struct slice value)
{
    buffer_append_string(out, ",\"");
    buffer_append_string(out, key);
    buffer_append_string(out, "\":");
    json_append_string(out, value);
}

/* What clients show where the card itself cannot be shown. */
static void append_prompt(const struct card_place *place, struct buffer *out)
{
    struct buffer prompt = {0};
    buffer_append_string(&prompt, "[位置]");
    buffer_append(&prompt, place->title.data, place->title.size);
    append_member(out, "prompt", buffer_slice(&prompt));
    buffer_finish(&prompt);
}

void card_append_place(const struct card_place *place, struct buffer *out)
{
    buffer_append_string(out, "{\"app\":\"com.tencent.map\","
                              "\"desc\":\"地图\",\"view\":\"LocationShare\","
                              "\"ver\":\"0.0.0.1\",\"from\":1");
    append_prompt(place, out);
    buffer_append_string(out, ",\"meta\":{\"Location.Search\":{"
                              "\"from\":\"plusPanel\"");
    append_member(out, "lat", place->lat);
    append_member(out, "lng", place->lon);
    append_member(out, "name", place->title);
    append_member(out, "address", place->content);
    buffer_append_string(out, "}},\"config\":{\"autosize\":1,\"forward\":1,"
                              "\"type\":\"card\"}}");
}
