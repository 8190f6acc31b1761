/* SPDX-License-Identifier: MIT */
#include "log_pairs.h"

#include <string.h>

#include "visible.h"

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- one pair -------------------------------------------------------- */

/* The bytes of the key that `text` begins with; 0: it begins with none. */
static size_t key_size(struct slice text)
{
    size_t size = 0;
    if (text.size == 0 || !is_letter(text.data[0]))
        return 0;
    while (size < text.size &&
           (is_letter(text.data[size]) || is_digit(text.data[size]) ||
            text.data[size] == '_'))
        size++;
    bool is_key = size < text.size && text.data[size] == '=' &&
                  size <= LOG_PAIRS_KEY_BYTES_MAX;
    return is_key ? size : 0;
}

static size_t count_digits(struct slice text, size_t at)
{
    size_t end = at;
    while (end < text.size && is_digit(text.data[end]))
        end++;
    return end - at;
}

/* As JSON has them, without an exponent. */
static bool is_number(struct slice text)
{
    size_t at = text.size > 0 && text.data[0] == '-' ? 1 : 0;
    size_t whole = count_digits(text, at), part = 0;
    if (whole == 0 || (whole > 1 && text.data[at] == '0'))
        return false;
    at += whole;
    if (at < text.size && text.data[at] == '.') {
        part = count_digits(text, at + 1);
        if (part == 0)
            return false;
        at += 1 + part;
    }
    return at == text.size && whole + part <= LOG_PAIRS_DIGITS_MAX;
}

static void advance(struct slice *text, size_t size)
{
    text->data += size;
    text->size -= size;
}

/* False: there is no second quote, as where a line was cut. */
static bool take_quoted(struct slice *rest, struct log_pair *pair)
{
    const char *end = memchr(rest->data + 1, '"', rest->size - 1);
    if (end == NULL)
        return false;
    size_t size = (size_t)(end - rest->data) - 1;
    pair->value = (struct slice){rest->data + 1, size};
    pair->is_number = false;
    advance(rest, size + 2);
    return true;
}

static bool ends_a_phrase(char mark)
{
    return mark == ':' || mark == ';' || mark == ',';
}

static bool take_bare(struct slice *rest, struct log_pair *pair)
{
    const char *space =
        rest->size == 0 ? NULL : memchr(rest->data, ' ', rest->size);
    size_t size = space == NULL ? rest->size : (size_t)(space - rest->data);
    pair->value = (struct slice){rest->data, size};
    advance(rest, size);
    if (size > 0 && ends_a_phrase(pair->value.data[size - 1]))
        pair->value.size--;
    pair->is_number = is_number(pair->value);
    return true;
}

static bool take_pair(struct slice *rest, struct log_pair *pair)
{
    struct slice after = *rest;
    size_t size = key_size(after);
    if (size == 0)
        return false;
    pair->key = (struct slice){after.data, size};
    advance(&after, size + 1);
    bool is_taken = after.size > 0 && after.data[0] == '"'
                        ? take_quoted(&after, pair)
                        : take_bare(&after, pair);
    if (is_taken)
        *rest = after;
    return is_taken;
}

bool log_pairs_next(struct slice *rest, struct log_pair *pair)
{
    while (rest->size > 0) {
        if (take_pair(rest, pair))
            return true;
        const char *space = memchr(rest->data, ' ', rest->size);
        advance(rest,
                space == NULL ? rest->size : (size_t)(space - rest->data) + 1);
    }
    return false;
}

/* ---- all of them ----------------------------------------------------- */

static bool is_taken(const struct slice *keys, size_t count, struct slice key)
{
    static const char *const own[] = {"ts", "level", "component", "msg"};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (slice_equals(key, own[i]))
            return true;
    for (size_t i = 0; i < count; i++)
        if (slice_is_same(keys[i], key))
            return true;
    return false;
}

static void append_member(struct buffer *out, const struct log_pair *pair)
{
    const char *quote = pair->is_number ? "" : "\"";
    buffer_append_string(out, ",\"");
    buffer_append(out, pair->key.data, pair->key.size);
    buffer_append_string(out, "\":");
    buffer_append_string(out, quote);
    visible_append_json(out, pair->value);
    buffer_append_string(out, quote);
}

void log_pairs_append_json(struct buffer *out, struct slice message)
{
    struct slice keys[LOG_PAIRS_MAX];
    struct log_pair pair;
    size_t count = 0;
    while (count < LOG_PAIRS_MAX && log_pairs_next(&message, &pair)) {
        if (is_taken(keys, count, pair.key))
            continue;
        keys[count++] = pair.key;
        append_member(out, &pair);
    }
}
