/* SPDX-License-Identifier: MIT */
#include "nearmiss.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>

/* The longest variable of an account with a name of middling length; longer
 * words just get no suggestion. */
enum { WORD_MAX = 160 };

struct rows {
    size_t before[WORD_MAX + 1]; /* two rows up: for swapped letters */
    size_t above[WORD_MAX + 1];
    size_t row[WORD_MAX + 1];
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t cell(const struct rows *rows, struct slice a, struct slice b,
                   size_t i, size_t j)
{
    size_t changed = same(a.data[i - 1], b.data[j - 1]) ? 0 : 1;
    size_t cost = least(rows->above[j], rows->row[j - 1]) + 1;
    cost = least(cost, rows->above[j - 1] + changed);
    if (i > 1 && j > 1 && same(a.data[i - 1], b.data[j - 2]) &&
        same(a.data[i - 2], b.data[j - 1]))
        cost = least(cost, rows->before[j - 2] + 1);
    return cost;
}

/* Damerau and Levenshtein's distance, where no letter moves twice. */
static size_t distance(struct slice a, struct slice b)
{
    struct rows rows = {0};
    for (size_t j = 0; j <= b.size; j++)
        rows.row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        memcpy(rows.before, rows.above, sizeof(rows.above));
        memcpy(rows.above, rows.row, sizeof(rows.row));
        rows.row[0] = i;
        for (size_t j = 1; j <= b.size; j++)
            rows.row[j] = cell(&rows, a, b, i, j);
    }
    return rows.row[b.size];
}

struct nearmiss nearmiss_of(struct slice word)
{
    /* Two slips, or one in every third letter of a long word; but a word of
     * which nothing is left is another word. */
    size_t most = word.size / 3 > 2 ? word.size / 3 : 2;
    return (struct nearmiss){.word = word,
                             .distance = least(most + 1, word.size)};
}

/* Each letter that one has more than the other is a slip. */
static size_t least_distance(struct slice a, struct slice b)
{
    return a.size > b.size ? a.size - b.size : b.size - a.size;
}

void nearmiss_offer(struct nearmiss *miss, struct slice candidate)
{
    if (miss->word.size > WORD_MAX || candidate.size > WORD_MAX ||
        least_distance(miss->word, candidate) >= miss->distance)
        return;
    size_t far = distance(miss->word, candidate);
    if (far >= miss->distance)
        return;
    miss->distance = far;
    miss->best = candidate;
}

void nearmiss_hint(const struct nearmiss *miss,
                   char out[static NEARMISS_HINT_SIZE])
{
    out[0] = '\0';
    if (miss->best.size != 0)
        snprintf(out, NEARMISS_HINT_SIZE, ", did you mean %.*s?",
                 (int)miss->best.size, miss->best.data);
}
