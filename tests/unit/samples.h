/* SPDX-License-Identifier: MIT */
/* Event messages for tests of the journal: topic NUL `seq`, padded to a size,
 * so that each one says which it is. */
#ifndef ONEBUS_TEST_SAMPLES_H
#define ONEBUS_TEST_SAMPLES_H

#include <stdio.h>
#include <stdlib.h>

#include "base/ring.h"
#include "check.h"

#define SAMPLE_TOPIC "qq.group.20002.message.normal"

/* The event borrows from `room`. */
static inline struct ring_event sample_make(struct buffer *room, uint64_t seq,
                                            uint64_t time_ms, const char *topic,
                                            size_t size)
{
    char number[24];
    snprintf(number, sizeof(number), "%" PRIu64, seq);
    buffer_clear(room, SIZE_MAX);
    buffer_append(room, topic, strlen(topic) + 1);
    buffer_append(room, number, strlen(number) + 1);
    if (room->size < size) {
        buffer_reserve(room, size - room->size);
        memset(room->data + room->size, 'x', size - room->size);
        room->size = size;
    }
    return (struct ring_event){seq, time_ms, buffer_slice(room)};
}

/* Which event a message is. */
static inline uint64_t sample_seq(struct slice message)
{
    const char *nul = memchr(message.data, '\0', message.size);
    CHECK(nul != NULL);
    return nul == NULL ? 0 : strtoull(nul + 1, NULL, 10);
}

#endif
