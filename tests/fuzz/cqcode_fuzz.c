/* SPDX-License-Identifier: MIT */
/* CQ codes and the summary of segments. The input is a message string, and
 * once more the MessagePack of a message.
 *
 *   - the segments are those of a reader written anew after the pattern in
 *     cqcode.h, without any care for speed;
 *   - any bytes, escaped, come back as one text segment;
 *   - a long text is no trap: were the time its square, libFuzzer's own
 *     -timeout would end it;
 *   - the summary's text is that of the text segments, and nothing leaves the
 *     bytes it was given. */
#include "fuzz.h"

#include "core/cqcode.h"
#include "core/mp.h"
#include "core/segment.h"

/* ---- the pattern, once more ---- */

/* How many word bytes begin at `at`. */
static size_t word_size(struct slice text, size_t at)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t size = 0;
    while (at + size < text.size &&
           memchr(LETTERS, text.data[at + size], sizeof(LETTERS) - 1) != NULL)
        size++;
    return size;
}

static bool has(struct slice text, size_t at, const char *word)
{
    size_t size = strlen(word);
    return at + size <= text.size && memcmp(text.data + at, word, size) == 0;
}

static size_t value_size(struct slice text, size_t at)
{
    size_t size = 0;
    while (at + size < text.size && !has(text, at + size, ",") &&
           !has(text, at + size, "]"))
        size++;
    return size;
}

/* Behind `,key=value` at `at`; 0 if that is none. */
static size_t behind_param(struct slice text, size_t at)
{
    size_t size = has(text, at, ",") ? word_size(text, at + 1) : 0;
    size_t equals = at + 1 + size;
    if (size == 0 || !has(text, equals, "="))
        return 0;
    return equals + 1 + value_size(text, equals + 1);
}

/* Behind the code at `at`; 0 if there is none. */
static size_t behind_code(struct slice text, size_t at)
{
    if (!has(text, at, "[CQ:"))
        return 0;
    size_t size = word_size(text, at + 4);
    size_t end = at + 4 + size;
    for (size_t next = end; size > 0 && next > 0;) {
        next = behind_param(text, end);
        end = next > 0 ? next : end;
    }
    return size > 0 && has(text, end, "]") ? end + 1 : 0;
}

/* Append `text` with each `what` replaced. */
static void replace(struct slice text, const char *what, const char *by,
                    struct buffer *out)
{
    for (size_t i = 0; i < text.size;) {
        bool is_it = has(text, i, what);
        buffer_append(out, is_it ? by : text.data + i, is_it ? strlen(by) : 1);
        i += is_it ? strlen(what) : 1;
    }
}

/* As the implementations do it: one after the other, `&amp;` last. */
static void unescape(struct slice text, struct buffer *out)
{
    struct buffer a = {0};
    struct buffer b = {0};
    struct buffer c = {0};
    replace(text, "&#91;", "[", &a);
    replace(buffer_slice(&a), "&#93;", "]", &b);
    replace(buffer_slice(&b), "&#44;", ",", &c);
    replace(buffer_slice(&c), "&amp;", "&", out);
    buffer_finish(&a);
    buffer_finish(&b);
    buffer_finish(&c);
}

/* ---- what came of a text ---- */

static void ensure_head(struct mp_reader *reader, enum mp_kind kind,
                        uint32_t count)
{
    struct mp_token token;
    ENSURE(mp_next(reader, &token) && token.kind == kind);
    ENSURE(token.count == count);
}

static void ensure_string(struct mp_reader *reader, struct slice string)
{
    struct mp_token token;
    ENSURE(mp_next(reader, &token) && token.kind == MP_STR);
    ENSURE(fuzz_same(token.bytes, string));
}

static void ensure_unescaped(struct mp_reader *reader, struct slice text)
{
    struct buffer plain = {0};
    unescape(text, &plain);
    ensure_string(reader, buffer_slice(&plain));
    buffer_finish(&plain);
}

static void ensure_segment_head(struct mp_reader *reader, struct slice type,
                                uint32_t param_count)
{
    ensure_head(reader, MP_MAP, 2);
    ensure_string(reader, slice_of("type"));
    ensure_string(reader, type);
    ensure_string(reader, slice_of("data"));
    ensure_head(reader, MP_MAP, param_count);
}

static void ensure_plain(struct mp_reader *reader, struct slice text)
{
    ensure_segment_head(reader, slice_of("text"), 1);
    ensure_string(reader, slice_of("text"));
    ensure_unescaped(reader, text);
}

static struct slice part(struct slice text, size_t begin, size_t end)
{
    return (struct slice){text.data + begin, end - begin};
}

static void ensure_code(struct mp_reader *reader, struct slice text, size_t at)
{
    size_t type_end = at + 4 + word_size(text, at + 4);
    uint32_t count = 0;
    for (size_t i = type_end; has(text, i, ","); i = behind_param(text, i))
        count++;
    ensure_segment_head(reader, part(text, at + 4, type_end), count);
    for (size_t i = type_end; has(text, i, ",");) {
        size_t equals = i + 1 + word_size(text, i + 1);
        size_t end = behind_param(text, i);
        ensure_string(reader, part(text, i + 1, equals));
        ensure_unescaped(reader, part(text, equals + 1, end));
        i = end;
    }
}

/* Walk the text and the segments side by side. Returns how many there are. */
static uint32_t ensure_segments(struct mp_reader *reader, struct slice text)
{
    uint32_t count = 0;
    size_t plain = 0;
    for (size_t i = 0; i < text.size;) {
        size_t end = behind_code(text, i);
        if (end == 0) {
            i++;
            continue;
        }
        if (plain < i) {
            ensure_plain(reader, part(text, plain, i));
            count++;
        }
        ensure_code(reader, text, i);
        count++;
        plain = i = end;
    }
    if (plain < text.size) {
        ensure_plain(reader, part(text, plain, text.size));
        count++;
    }
    return count;
}

static void ensure_as_the_pattern(struct slice text, struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token head;
    ENSURE(mp_next(&reader, &head) && head.kind == MP_ARRAY);
    ENSURE(ensure_segments(&reader, text) == head.count);
    ENSURE(reader.at == reader.end);
}

static void ensure_escaped_comes_back(struct slice text)
{
    struct buffer a = {0};
    struct buffer b = {0};
    struct buffer escaped = {0};
    struct buffer pack = {0};
    struct buffer said = {0};
    replace(text, "&", "&amp;", &a);
    replace(buffer_slice(&a), "[", "&#91;", &b);
    replace(buffer_slice(&b), "]", "&#93;", &escaped);
    cqcode_to_segments(buffer_slice(&escaped), &pack);
    (void)segment_summarise(buffer_slice(&pack), 0, &said);
    ENSURE(fuzz_same(buffer_slice(&said), text));
    buffer_finish(&a);
    buffer_finish(&b);
    buffer_finish(&escaped);
    buffer_finish(&pack);
    buffer_finish(&said);
}

/* ---- length ---- */

/* Not each time: it takes longer than all the rest. */
static bool is_tried_at_length(struct slice text)
{
    unsigned sum = 0;
    for (size_t i = 0; i < text.size; i++)
        sum = sum * 31 + (unsigned char)text.data[i];
    return text.size > 0 && sum % 1024 == 0;
}

/* The text over and over. */
static void try_at_length(struct slice text)
{
    enum { BYTES = 256 * 1024 };
    struct buffer much = {0};
    struct buffer pack = {0};
    if (!is_tried_at_length(text))
        return;
    while (much.size < BYTES)
        buffer_append(&much, text.data, text.size);
    cqcode_to_segments(buffer_slice(&much), &pack);
    fuzz_ensure_pack(buffer_slice(&pack), false);
    buffer_finish(&much);
    buffer_finish(&pack);
}

/* ---- the summary ---- */

static const int64_t SELF_ID = 10001;

static void ensure_summary_stays_inside(struct slice pack)
{
    struct buffer text = {0};
    buffer_append_string(&text, "before");
    struct segment_summary summary = segment_summarise(pack, SELF_ID, &text);
    ENSURE(fuzz_is_inside(summary.reply, pack));
    ENSURE(summary.reply.size == 0 || fuzz_is_whole(summary.reply));
    ENSURE(text.size >= 6 && memcmp(text.data, "before", 6) == 0);
    ENSURE(text.size - 6 <= pack.size);
    buffer_finish(&text);
}

/* The last `data.text` of a segment of type text, as mp_find() sees it. */
static void append_text(struct slice segment, struct buffer *out)
{
    struct slice value;
    struct slice type;
    struct slice text;
    if (mp_find(segment, "type", &value) && mp_read_str(value, &type) &&
        slice_equals(type, "text") && mp_find(segment, "data", &value) &&
        mp_find(value, "text", &value) && mp_read_str(value, &text))
        buffer_append(out, text.data, text.size);
}

static void ensure_text_is_joined(struct slice pack)
{
    struct buffer wanted = {0};
    struct buffer text = {0};
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token head;
    if (!fuzz_is_whole(pack) || !mp_next(&reader, &head) ||
        head.kind != MP_ARRAY)
        return;
    struct slice segment;
    while (mp_skip(&reader, &segment))
        append_text(segment, &wanted);
    (void)segment_summarise(pack, SELF_ID, &text);
    ENSURE(fuzz_same(buffer_slice(&text), buffer_slice(&wanted)));
    buffer_finish(&wanted);
    buffer_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {size == 0 ? "" : (const char *)data, size};
    struct buffer pack = {0};
    cqcode_to_segments(text, &pack);
    fuzz_ensure_pack(buffer_slice(&pack), fuzz_is_utf8(text));
    ensure_as_the_pattern(text, buffer_slice(&pack));
    ensure_text_is_joined(buffer_slice(&pack));
    ensure_escaped_comes_back(text);
    try_at_length(text);
    ensure_summary_stays_inside(text);
    ensure_text_is_joined(text);
    buffer_finish(&pack);
    return 0;
}
