/* SPDX-License-Identifier: MIT */
/* What the console is told of an event. The first byte says how much may be
 * seen, the rest is a message of the event socket.
 *
 *   - it is strict JSON, one line of UTF-8, and not long, whatever the bytes;
 *   - what was said is in it only where it may be;
 *   - or the message is no event, and nothing is appended. */
#include "fuzz.h"

#include "core/json_read.h"
#include "core/mp.h"
#include "core/summary.h"
#include "strict_json.h"

enum {
    /* Of a character: what is a control character takes the most, \u001f. */
    ESCAPED_BYTES_MAX = 6,
    BYTES_MAX = ESCAPED_BYTES_MAX *
                (SUMMARY_FULL_CHARACTERS + 10 * SUMMARY_WORD_CHARACTERS +
                 (1 + SUMMARY_KINDS_MAX) * SUMMARY_NAME_CHARACTERS + 512),
};

static void ensure_content(struct slice json, enum log_content content)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer pack = {0};
    struct slice text;
    ENSURE(json_to_msgpack(json, &options, &pack, &error) == STATUS_OK);
    ENSURE(content != LOG_CONTENT_NONE ||
           !mp_find(buffer_slice(&pack), "text", &text));
    buffer_finish(&pack);
}

static void ensure_summary(struct slice json, enum log_content content)
{
    struct strict_json strict = strict_json_read(json);
    ENSURE(strict.is_good);
    ENSURE(fuzz_is_utf8(json));
    ENSURE(memchr(json.data, '\n', json.size) == NULL);
    ENSURE(json.size <= BYTES_MAX);
    ensure_content(json, content);
    strict_json_finish(&strict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    enum log_content content = fuzz_byte(&input) % (LOG_CONTENT_FULL + 1);
    struct slice message = {input.at, input.left};
    struct buffer out = {0};
    if (summary_append(message, content, &out))
        ensure_summary(buffer_slice(&out), content);
    else
        ENSURE(out.size == 0);
    buffer_finish(&out);
    return 0;
}
