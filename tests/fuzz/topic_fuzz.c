/* SPDX-License-Identifier: MIT */
/* Patterns. The input is a pattern, a line feed, a topic; both may be
 * anything.
 *
 *   - the valid patterns are those of the grammar, and no others;
 *   - a topic is matched as by a matcher written anew, one token at a time;
 *   - what matches begins with the prefix that is subscribed to, the NUL
 *     behind the topic counted in. */
#include "fuzz.h"

#include <stdlib.h>

#include "core/topic.h"

static bool is_one_of(char byte, const char *bytes)
{
    return byte != '\0' && strchr(bytes, byte) != NULL;
}

/* ---- the grammar, once more ---- */

static bool is_token(struct slice token)
{
    for (size_t i = 0; i < token.size; i++)
        if (!is_one_of(token.data[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "abcdefghijklmnopqrstuvwxyz"
                                      "0123456789_-"))
            return false;
    return token.size > 0;
}

static bool is_valid(const char *pattern)
{
    size_t size = strlen(pattern);
    struct fuzz_input rest = {pattern, size};
    if (size == 0 || size >= TOPIC_SIZE)
        return false;
    while (rest.left > 0) {
        struct slice token = fuzz_until(&rest, '.');
        if (!is_token(token) && !slice_equals(token, "*"))
            return false;
    }
    return pattern[size - 1] != '.' || strchr(pattern, '*') == NULL;
}

/* ---- the matcher, once more ---- */

static const char *behind_token(const char *text)
{
    return text + strcspn(text, ".");
}

/* Does a token begin here, and is it not empty? */
static bool has_token(const char *text)
{
    return *text != '\0' && *text != '.';
}

static bool matches(const char *pattern, const char *topic)
{
    const char *pattern_end = behind_token(pattern);
    const char *topic_end = behind_token(topic);
    size_t size = (size_t)(topic_end - topic);
    if (!has_token(topic))
        return false;
    if (strcmp(pattern, "") == 0 || strcmp(pattern, "*") == 0)
        return true;
    bool is_star = pattern[0] == '*' && pattern_end == pattern + 1;
    bool is_same = (size_t)(pattern_end - pattern) == size &&
                   memcmp(pattern, topic, size) == 0;
    if (!is_star && !is_same)
        return false;
    if (*pattern_end == '\0' || *topic_end == '\0')
        return *pattern_end == *topic_end;
    return matches(pattern_end + 1, topic_end + 1);
}

/* ---- all of it ---- */

static void ensure_prefix(const char *pattern, const char *topic, bool is_match)
{
    char prefix[TOPIC_SIZE];
    size_t size = topic_pattern_prefix(pattern, prefix);
    ENSURE(size <= TOPIC_SIZE);
    ENSURE(size == 0 || prefix[size - 1] == '.' || prefix[size - 1] == '\0');
    ENSURE(size == 0 || prefix[size - 1] != '\0' ||
           strchr(pattern, '*') == NULL);
    if (!is_match)
        return;
    ENSURE(size <= strlen(topic) + 1);
    ENSURE(memcmp(prefix, topic, size) == 0);
    /* Without a star the prefix is all there is to a pattern. */
    ENSURE(strchr(pattern, '*') != NULL || size >= strlen(pattern));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct slice first = fuzz_until(&input, '\n');
    char *pattern = strndup(first.data, first.size);
    char *topic = strndup(input.left == 0 ? "" : input.at, input.left);
    bool valid = topic_pattern_valid(pattern);
    bool is_match = topic_matches(pattern, slice_of(topic));
    ENSURE(valid == is_valid(pattern));
    if (valid) {
        ENSURE(is_match == matches(pattern, topic));
        ensure_prefix(pattern, topic, is_match);
    }
    free(pattern);
    free(topic);
    return 0;
}
