/* SPDX-License-Identifier: MIT */
#include "measures.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

uint32_t measures_name(struct measures *measures, const char *name)
{
    uint32_t at = (uint32_t)measures->names.size;
    buffer_append(&measures->names, name, strlen(name) + 1);
    return at;
}

static size_t grown(size_t capacity, size_t wanted)
{
    size_t doubled = capacity < 64 ? 64 : 2 * capacity;
    return doubled < wanted ? wanted : doubled;
}

static struct measure *add_sample(struct measures *measures)
{
    if (measures->count == measures->capacity) {
        measures->capacity = grown(measures->capacity, 0);
        measures->samples = mem_realloc(
            measures->samples, measures->capacity * sizeof(*measures->samples));
    }
    return &measures->samples[measures->count++];
}

static uint32_t add_numbers(struct measures *measures, const uint64_t *numbers,
                            size_t count)
{
    size_t at = measures->number_count;
    if (count > measures->number_capacity - at) {
        measures->number_capacity =
            grown(measures->number_capacity, at + count);
        measures->numbers =
            mem_realloc(measures->numbers,
                        measures->number_capacity * sizeof(*measures->numbers));
    }
    memcpy(measures->numbers + at, numbers, count * sizeof(*numbers));
    measures->number_count += count;
    return (uint32_t)at;
}

void measures_put(struct measures *measures, enum family family, uint32_t name,
                  const char *first, const char *second,
                  const uint64_t *numbers)
{
    *add_sample(measures) = (struct measure){
        .family = family,
        .name = name,
        .number =
            add_numbers(measures, numbers, family_numbers(family_info(family))),
        .words = {first, second},
    };
}

void measures_put_number(struct measures *measures, enum family family,
                         uint32_t name, uint64_t number)
{
    measures_put(measures, family, name, NULL, NULL, &number);
}

void measures_put_histogram(struct measures *measures, enum family family,
                            uint32_t name, const struct histogram *histogram)
{
    uint64_t numbers[HISTOGRAM_BOUNDS_MAX + 2];
    _Static_assert(sizeof(numbers) == sizeof(*histogram), "all of it is sent");
    memcpy(numbers, histogram, sizeof(numbers));
    measures_put(measures, family, name, NULL, NULL, numbers);
}

void measures_put_queue(struct measures *measures, const char *queue,
                        uint64_t items, uint64_t items_max)
{
    uint32_t name = measures_name(measures, queue);
    measures_put_number(measures, FAMILY_QUEUE_ITEMS, name, items);
    measures_put_number(measures, FAMILY_QUEUE_ITEMS_MAX, name, items_max);
}

void measures_put_queue_bytes(struct measures *measures, const char *queue,
                              uint64_t bytes, uint64_t bytes_max)
{
    uint32_t name = measures_name(measures, queue);
    measures_put_number(measures, FAMILY_QUEUE_BYTES, name, bytes);
    measures_put_number(measures, FAMILY_QUEUE_BYTES_MAX, name, bytes_max);
}

void measures_clear(struct measures *measures)
{
    measures->names.size = 0;
    measures->count = 0;
    measures->number_count = 0;
}

void measures_finish(struct measures *measures)
{
    buffer_finish(&measures->names);
    free(measures->samples);
    free(measures->numbers);
    *measures = (struct measures){.count = 0};
}
