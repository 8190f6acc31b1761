/* SPDX-License-Identifier: MIT */
/* The bridge's own events: qq.bridge.<account>.<what>
 *
 * Which there are, and their fields: schema/README.md. Pure. */
#ifndef ONEBUS_NEWS_H
#define ONEBUS_NEWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct event_context;

/* One field of such an event: a text, MessagePack, or else a number. */
struct news_field {
    const char *key;
    int64_t number;
    const char *text;
    struct slice pack;
};

#define NEWS_NUMBER(name, value)                                               \
    {                                                                          \
        .key = (name), .number = (int64_t)(value)                              \
    }
#define NEWS_TEXT(name, value)                                                 \
    {                                                                          \
        .key = (name), .text = (value)                                         \
    }
#define NEWS_PACK(name, value)                                                 \
    {                                                                          \
        .key = (name), .pack = (value)                                         \
    }

struct news {
    const char *what; /* "link.up" */
    const struct news_field *fields;
    size_t field_count;
};

/* Append the whole event message. */
void news_pack(const struct event_context *context, const struct news *news,
               struct buffer *out);

#endif
