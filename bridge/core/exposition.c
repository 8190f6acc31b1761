/* SPDX-License-Identifier: MIT */
#include "exposition.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/family.h"
#include "core/measures.h"

enum { DIGITS_MAX = 20 };

/* ---- numbers --------------------------------------------------------- */

/* `number` / 10^`places`, without zeros that say nothing. */
static void print_scaled(struct buffer *out, uint64_t number, unsigned places)
{
    char text[DIGITS_MAX + 2];
    char *end = text + sizeof(text);
    char *at = end;
    unsigned place = 0;
    for (; number > 0 || place <= places; place++, number /= 10) {
        char digit = (char)('0' + number % 10);
        if (place == places && at != end)
            *--at = '.';
        if (place >= places || digit != '0' || at != end)
            *--at = digit;
    }
    buffer_append(out, at, (size_t)(end - at));
}

static unsigned places_of(const struct family_info *info)
{
    static const unsigned places[] = {
        [FAMILY_PLAIN] = 0,
        [FAMILY_MILLISECONDS] = 3,
        [FAMILY_MICROSECONDS] = 6,
    };
    return places[info->unit];
}

/* ---- labels ---------------------------------------------------------- */

static void print_escaped(struct buffer *out, const char *text,
                          const char *special)
{
    for (;;) {
        size_t plain = strcspn(text, special);
        buffer_append(out, text, plain);
        if (text[plain] == '\0')
            return;
        const char escape[2] = {'\\', text[plain] == '\n' ? 'n' : text[plain]};
        buffer_append(out, escape, sizeof(escape));
        text += plain + 1;
    }
}

static void print_label(struct buffer *out, const char *label,
                        const char *value)
{
    buffer_append_string(out, label);
    buffer_append_string(out, "=\"");
    print_escaped(out, value, "\\\"\n");
    buffer_append_string(out, "\"");
}

/* The labels that the sample names, without what is around them. */
static void print_named(struct buffer *out, const struct measures *measures,
                        const struct family_info *info,
                        const struct measure *sample)
{
    size_t count = family_labels_named(info);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_string(out, ",");
        print_label(out, info->labels[i],
                    i == 0 ? measures->names.data + sample->name
                           : sample->words[i - 1]);
    }
}

/* ---- samples --------------------------------------------------------- */

/* One line: name, suffix, labels, one more label unless that is NULL. */
static void print_line(struct buffer *out, const struct family_info *info,
                       const char *suffix, struct slice labels,
                       const char *label, const char *value, uint64_t number,
                       unsigned places)
{
    buffer_append_string(out, info->name);
    buffer_append_string(out, suffix);
    if (labels.size > 0 || label != NULL) {
        buffer_append_string(out, "{");
        buffer_append(out, labels.data, labels.size);
        if (labels.size > 0 && label != NULL)
            buffer_append_string(out, ",");
        if (label != NULL)
            print_label(out, label, value);
        buffer_append_string(out, "}");
    }
    buffer_append_string(out, " ");
    print_scaled(out, number, places);
    buffer_append_string(out, "\n");
}

static void print_bucket(struct buffer *out, const struct family_info *info,
                         struct slice labels, size_t i, uint64_t count)
{
    struct buffer bound = {0};
    if (i < info->bounds->count)
        print_scaled(&bound, info->bounds->us[i], places_of(info));
    else
        buffer_append_string(&bound, "+Inf");
    buffer_append(&bound, "", 1);
    print_line(out, info, "_bucket", labels, "le", bound.data, count, 0);
    buffer_finish(&bound);
}

static void print_histogram(struct buffer *out, const struct family_info *info,
                            struct slice labels, const uint64_t *numbers)
{
    struct histogram histogram;
    uint64_t count = 0;
    memcpy(&histogram, numbers, sizeof(histogram));
    for (size_t i = 0; i < info->bounds->count; i++) {
        count += histogram.counts[i];
        print_bucket(out, info, labels, i, count);
    }
    count = histogram_count(&histogram);
    print_bucket(out, info, labels, info->bounds->count, count);
    print_line(out, info, "_sum", labels, NULL, NULL, histogram.sum_us,
               places_of(info));
    print_line(out, info, "_count", labels, NULL, NULL, count, 0);
}

static void print_numbers(struct buffer *out, const struct family_info *info,
                          struct slice labels, const uint64_t *numbers)
{
    size_t last = family_labels(info);
    if (info->words == NULL) {
        print_line(out, info, "", labels, NULL, NULL, numbers[0],
                   places_of(info));
        return;
    }
    for (size_t i = 0; i < info->word_count; i++)
        print_line(out, info, "", labels, info->labels[last - 1],
                   info->words[i], numbers[i], places_of(info));
}

static void print_sample(struct buffer *out, const struct measures *measures,
                         const struct measure *sample, struct buffer *scratch)
{
    const struct family_info *info = family_info(sample->family);
    const uint64_t *numbers = measures->numbers + sample->number;
    scratch->size = 0;
    print_named(scratch, measures, info, sample);
    if (info->kind == FAMILY_HISTOGRAM)
        print_histogram(out, info, buffer_slice(scratch), numbers);
    else
        print_numbers(out, info, buffer_slice(scratch), numbers);
}

/* ---- families -------------------------------------------------------- */

static void print_head(struct buffer *out, const struct family_info *info)
{
    static const char *const kinds[] = {
        [FAMILY_COUNTER] = "counter",
        [FAMILY_GAUGE] = "gauge",
        [FAMILY_HISTOGRAM] = "histogram",
    };
    buffer_append_string(out, "# HELP ");
    buffer_append_string(out, info->name);
    buffer_append_string(out, " ");
    print_escaped(out, info->help, "\\\n");
    buffer_append_string(out, "\n# TYPE ");
    buffer_append_string(out, info->name);
    buffer_append_string(out, " ");
    buffer_append_string(out, kinds[info->kind]);
    buffer_append_string(out, "\n");
}

/* The samples by family; of a family in the order in which they were put.
 * `starts` has one more than there are families. */
static const struct measure **sort(const struct measures *measures,
                                   size_t starts[FAMILIES + 1])
{
    size_t next[FAMILIES];
    const struct measure **sorted =
        mem_alloc((measures->count + 1) * sizeof(struct measure *));
    memset(starts, 0, (FAMILIES + 1) * sizeof(*starts));
    for (size_t i = 0; i < measures->count; i++)
        starts[measures->samples[i].family + 1]++;
    for (size_t i = 0; i < FAMILIES; i++) {
        starts[i + 1] += starts[i];
        next[i] = starts[i];
    }
    for (size_t i = 0; i < measures->count; i++)
        sorted[next[measures->samples[i].family]++] = &measures->samples[i];
    return sorted;
}

void exposition_print(const struct measures *measures, struct buffer *out)
{
    size_t starts[FAMILIES + 1];
    struct buffer scratch = {0};
    const struct measure **sorted = sort(measures, starts);
    for (size_t family = 0; family < FAMILIES; family++) {
        if (starts[family] == starts[family + 1])
            continue;
        print_head(out, family_info((enum family)family));
        for (size_t i = starts[family]; i < starts[family + 1]; i++)
            print_sample(out, measures, sorted[i], &scratch);
    }
    buffer_finish(&scratch);
    free(sorted);
}
