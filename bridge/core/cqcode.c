/* SPDX-License-Identifier: MIT */
/* The text is cut into pieces, plain text and codes, twice: MessagePack wants
 * the number of segments before the first of them, and counting is quicker
 * than moving what was written. */
#include "cqcode.h"

#include <stdint.h>

#include "core/pack.h"

static const char OPENING[] = "[CQ:";
enum { OPENING_SIZE = sizeof(OPENING) - 1 };

/* A code of the text, borrowed: `[CQ:<type>,<params>]`. */
struct code {
    const char *begin;
    const char *end; /* behind the `]` */
    struct slice type;
    const char *params; /* at the first `,`, or at the `]` */
    uint32_t param_count;
};

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

static struct slice word_at(const char *at, const char *end)
{
    const char *begin = at;
    while (at < end && is_word_byte(*at))
        at++;
    return (struct slice){begin, (size_t)(at - begin)};
}

static const char *end_of_value(const char *at, const char *end)
{
    while (at < end && *at != ',' && *at != ']')
        at++;
    return at;
}

/* One `,key=value` at `at`. Returns where it ends, or NULL if it is none;
 * `broken` is then where the pattern broke. */
static const char *read_param(const char *at, const char *end,
                              struct slice *key, struct slice *value,
                              const char **broken)
{
    *key = word_at(at + 1, end);
    const char *equals = key->data + key->size;
    *broken = equals;
    if (key->size == 0 || equals == end || *equals != '=')
        return NULL;
    const char *value_end = end_of_value(equals + 1, end);
    *value = (struct slice){equals + 1, (size_t)(value_end - equals - 1)};
    return value_end;
}

/* Read the code that opens at `code->begin`. False: there is none, and none
 * begins before `broken` either, as any `[CQ:` on the way there stands in a
 * value and would meet the same break. So a text is read once however many
 * openings it has. */
static bool read_code(const char *end, struct code *code, const char **broken)
{
    code->type = word_at(code->begin + OPENING_SIZE, end);
    const char *at = code->type.data + code->type.size;
    *broken = at;
    if (code->type.size == 0)
        return false;
    code->params = at;
    code->param_count = 0;
    while (at < end && *at == ',') {
        struct slice key;
        struct slice value;
        at = read_param(at, end, &key, &value, broken);
        if (at == NULL)
            return false;
        code->param_count++;
    }
    *broken = at;
    if (at == end || *at != ']')
        return false;
    code->end = at + 1;
    return true;
}

/* The next code at or behind `at`. False if there is none. */
static bool find_code(const char *at, const char *end, struct code *code)
{
    while (at < end) {
        code->begin = memmem(at, (size_t)(end - at), OPENING, OPENING_SIZE);
        if (code->begin == NULL)
            return false;
        if (read_code(end, code, &at))
            return true;
    }
    return false;
}

/* The character that the escape at the start of `text` stands for, and its
 * size; the first byte itself if there is none. Going through once from left
 * to right is what the implementations do in two steps: `&amp;#91;` gives
 * `&#91;`, as nothing that was written is read again. */
static char unescape(struct slice text, size_t *size)
{
    static const struct {
        char escape[6];
        char character;
    } ESCAPES[] = {
        {"&#91;", '['}, {"&#93;", ']'}, {"&#44;", ','}, {"&amp;", '&'}};
    enum { ESCAPE_SIZE = 5 };
    *size = 1;
    if (text.data[0] != '&' || text.size < ESCAPE_SIZE)
        return text.data[0];
    for (size_t i = 0; i < sizeof(ESCAPES) / sizeof(ESCAPES[0]); i++)
        if (memcmp(text.data, ESCAPES[i].escape, ESCAPE_SIZE) == 0) {
            *size = ESCAPE_SIZE;
            return ESCAPES[i].character;
        }
    return text.data[0];
}

static size_t unescaped_size(struct slice text)
{
    size_t size = 0;
    for (size_t i = 0, step; i < text.size; i += step, size++)
        unescape((struct slice){text.data + i, text.size - i}, &step);
    return size;
}

static void pack_unescaped(struct msgpack_packer *packer, struct slice text,
                           struct buffer *out)
{
    size_t size = unescaped_size(text);
    msgpack_pack_str(packer, size);
    buffer_reserve(out, size);
    for (size_t i = 0, step; i < text.size; i += step)
        out->data[out->size++] =
            unescape((struct slice){text.data + i, text.size - i}, &step);
}

static void pack_head(struct msgpack_packer *packer, struct slice type,
                      uint32_t param_count)
{
    msgpack_pack_map(packer, 2);
    pack_string(packer, "type");
    pack_text(packer, type);
    pack_string(packer, "data");
    msgpack_pack_map(packer, param_count);
}

static void pack_plain(const char *begin, const char *end, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    if (begin == end)
        return;
    pack_head(&packer, slice_of("text"), 1);
    pack_string(&packer, "text");
    pack_unescaped(&packer, (struct slice){begin, (size_t)(end - begin)}, out);
}

static void pack_code(const struct code *code, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    const char *at = code->params;
    pack_head(&packer, code->type, code->param_count);
    for (uint32_t i = 0; i < code->param_count; i++) {
        struct slice key;
        struct slice value;
        const char *broken;
        at = read_param(at, code->end, &key, &value, &broken);
        pack_text(&packer, key);
        pack_unescaped(&packer, value, out);
    }
}

static uint32_t count_segments(const char *at, const char *end)
{
    uint32_t count = 0;
    struct code code;
    for (; find_code(at, end, &code); at = code.end)
        count += code.begin == at ? 1 : 2;
    return count + (at < end);
}

void cqcode_to_segments(struct slice text, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    if (text.size == 0) {
        msgpack_pack_array(&packer, 0);
        return;
    }
    const char *at = text.data;
    const char *end = at + text.size;
    struct code code;
    msgpack_pack_array(&packer, count_segments(at, end));
    for (; find_code(at, end, &code); at = code.end) {
        pack_plain(at, code.begin, out);
        pack_code(&code, out);
    }
    pack_plain(at, end, out);
}
