/* SPDX-License-Identifier: MIT */
#include "pending.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/gathering.h"

enum {
    /* Of the run's name, in an echo: enough that no answer to an earlier
     * process is taken for one to this; short, for there are peers with little
     * room. */
    RUN_CHARACTERS = 8,
};

/* A slot is reused, a serial never is: the echo names both, so finding a call
 * is one look at one slot. */
struct pending {
    struct call **slots;
    size_t *free_slots;
    size_t free_count;
    size_t capacity;
    struct call *first, *last;
    uint64_t next_serial;
    char *run;
};

struct pending *pending_create(size_t capacity, const char *run)
{
    struct pending *pending = mem_zalloc(1, sizeof(*pending));
    pending->slots = mem_zalloc(capacity, sizeof(struct call *));
    pending->free_slots = mem_zalloc(capacity, sizeof(size_t));
    for (size_t i = 0; i < capacity; i++)
        pending->free_slots[i] = capacity - 1 - i;
    pending->free_count = capacity;
    pending->capacity = capacity;
    pending->run = mem_strdup(run);
    return pending;
}

static void free_call(struct call *call)
{
    free(call->text);
    gathering_destroy(call->stream);
    free(call);
}

void pending_destroy(struct pending *pending)
{
    if (pending == NULL)
        return;
    struct call *next;
    for (struct call *call = pending->first; call != NULL; call = next) {
        next = call->next;
        free_call(call);
    }
    free(pending->slots);
    free(pending->free_slots);
    free(pending->run);
    free(pending);
}

static size_t slot_of(const struct pending *pending, const struct call *call)
{
    return (size_t)(call->serial % pending->capacity);
}

struct call *pending_add(struct pending *pending)
{
    if (pending->free_count == 0)
        return NULL;
    size_t slot = pending->free_slots[--pending->free_count];
    struct call *call = mem_zalloc(1, sizeof(*call));
    call->serial = pending->next_serial++ * pending->capacity + slot;
    call->previous = pending->last;
    if (pending->last != NULL)
        pending->last->next = call;
    else
        pending->first = call;
    pending->last = call;
    pending->slots[slot] = call;
    snprintf(call->echo, sizeof(call->echo), "%.*s-%" PRIu64, RUN_CHARACTERS,
             pending->run, call->serial);
    return call;
}

/* The number behind the last `-`; false if there is none. */
static bool parse_serial(struct slice echo, uint64_t *serial)
{
    uint64_t value = 0;
    size_t i = echo.size;
    while (i > 0 && echo.data[i - 1] != '-')
        i--;
    if (i == 0 || i == echo.size || echo.size - i > 19)
        return false;
    for (; i < echo.size; i++) {
        if (echo.data[i] < '0' || echo.data[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(echo.data[i] - '0');
    }
    *serial = value;
    return true;
}

struct call *pending_find(const struct pending *pending, struct slice echo)
{
    uint64_t serial;
    if (!parse_serial(echo, &serial))
        return NULL;
    struct call *call = pending->slots[serial % pending->capacity];
    return call != NULL && slice_equals(echo, call->echo) ? call : NULL;
}

static void unlink_call(struct pending *pending, struct call *call)
{
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        pending->first = call->next;
    if (call->next != NULL)
        call->next->previous = call->previous;
    else
        pending->last = call->previous;
}

void pending_remove(struct pending *pending, struct call *call)
{
    size_t slot = slot_of(pending, call);
    unlink_call(pending, call);
    pending->slots[slot] = NULL;
    pending->free_slots[pending->free_count++] = slot;
    free_call(call);
}

struct call *pending_first(const struct pending *pending)
{
    return pending->first;
}

size_t pending_count(const struct pending *pending)
{
    return pending->capacity - pending->free_count;
}
