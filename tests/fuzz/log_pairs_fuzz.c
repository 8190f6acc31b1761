/* SPDX-License-Identifier: MIT */
/* A message of the log with what strangers say in it, as members of JSON.
 *
 *   - with braces around them they are strict JSON, one line of UTF-8;
 *   - no key is there twice, and none of the line's own;
 *   - and what has been made fit to stand in quotes cannot leave them. */
#include "fuzz.h"

#include <cJSON.h>
#include <stdio.h>

#include "base/log_pairs.h"
#include "base/visible.h"
#include "strict_json.h"

enum { QUOTED_SIZE = 256 };

/* How often the key is in the object. */
static int count_key(const cJSON *object, const char *key)
{
    const cJSON *member;
    int count = 0;
    cJSON_ArrayForEach(member, object)
    {
        count += strcmp(member->string, key) == 0;
    }
    return count;
}

static void ensure_keys(struct slice json)
{
    cJSON *object = cJSON_ParseWithLength(json.data, json.size);
    const cJSON *member;
    ENSURE(cJSON_IsObject(object));
    ENSURE(cJSON_GetArraySize(object) <= 1 + LOG_PAIRS_MAX);
    cJSON_ArrayForEach(member, object)
    {
        ENSURE(count_key(object, member->string) == 1);
    }
    cJSON_Delete(object);
}

static void ensure_object(struct slice message)
{
    struct buffer out = {0};
    buffer_append_string(&out, "{\"msg\":\"\"");
    log_pairs_append_json(&out, message);
    buffer_append_string(&out, "}");
    struct slice json = buffer_slice(&out);
    struct strict_json strict = strict_json_read(json);
    ENSURE(strict.is_good);
    ENSURE(fuzz_is_utf8(json));
    ENSURE(memchr(json.data, '\n', json.size) == NULL);
    ensure_keys(json);
    strict_json_finish(&strict);
    buffer_finish(&out);
}

static void ensure_quoted(struct slice text)
{
    char quoted[QUOTED_SIZE], line[QUOTED_SIZE + 16];
    struct log_pair pair;
    visible_quote(quoted, sizeof(quoted), text);
    int size = snprintf(line, sizeof(line), "a=\"%s\" b=1", quoted);
    struct slice rest = {line, (size_t)size};
    ENSURE(log_pairs_next(&rest, &pair));
    ENSURE(slice_equals(pair.value, quoted));
    ENSURE(log_pairs_next(&rest, &pair));
    ENSURE(slice_equals(pair.key, "b") && pair.is_number);
    ENSURE(!log_pairs_next(&rest, &pair));
    ENSURE(fuzz_is_utf8(slice_of(quoted)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    ensure_object(text);
    ensure_quoted(text);
    return 0;
}
