/* SPDX-License-Identifier: MIT */
#include "strict_json.h"

#include <math.h>
#include <stdlib.h>

#include "fuzz.h"

/* cJSON copies a number to 64 bytes, NUL included, and goes on behind what
 * fits there. */
enum { CJSON_NUMBER_MAX = 62 };

struct parser {
    const char *at;
    const char *end;
    unsigned depth;
    struct strict_json *json;
};

static bool parse_value(struct parser *parser);

/* The byte here; -1, which is none, at the end. */
static int here(const struct parser *parser)
{
    return parser->at < parser->end ? (unsigned char)*parser->at : -1;
}

static bool take(struct parser *parser, char byte)
{
    if (here(parser) != byte)
        return false;
    parser->at++;
    return true;
}

static bool take_word(struct parser *parser, const char *word)
{
    for (; *word != '\0'; word++)
        if (!take(parser, *word))
            return false;
    return true;
}

static void pass_space(struct parser *parser)
{
    while (take(parser, ' ') || take(parser, '\t') || take(parser, '\n') ||
           take(parser, '\r'))
        continue;
}

static bool take_digits(struct parser *parser)
{
    const char *first = parser->at;
    while (here(parser) >= '0' && here(parser) <= '9')
        parser->at++;
    return parser->at > first;
}

static bool is_finite(struct slice number)
{
    char *copy = strndup(number.data, number.size);
    bool answer = isfinite(strtod(copy, NULL));
    free(copy);
    return answer;
}

static bool pass_number(struct parser *parser)
{
    take(parser, '-');
    if (!take(parser, '0') && !take_digits(parser))
        return false;
    if (take(parser, '.') && !take_digits(parser))
        return false;
    if (!take(parser, 'e') && !take(parser, 'E'))
        return true;
    if (!take(parser, '+'))
        take(parser, '-');
    return take_digits(parser);
}

static bool parse_number(struct parser *parser)
{
    struct slice number = {parser->at, 0};
    if (!pass_number(parser))
        return false;
    number.size = (size_t)(parser->at - number.data);
    if (number.size > CJSON_NUMBER_MAX)
        parser->json->has_long_number = true;
    buffer_append(&parser->json->numbers, &number, sizeof(number));
    return is_finite(number);
}

/* The number in the four hex digits here; -1 if there are none. */
static long take_unit(struct parser *parser)
{
    char digits[5] = {0};
    if (parser->end - parser->at < 4)
        return -1;
    memcpy(digits, parser->at, 4);
    parser->at += 4;
    return strspn(digits, "0123456789abcdefABCDEF") == 4
               ? strtol(digits, NULL, 16)
               : -1;
}

static bool is_between(long unit, long least, long most)
{
    return unit >= least && unit <= most;
}

/* Behind `\u`. What follows a high surrogate and is no low one is read once
 * more, as what it is. */
static bool parse_unicode(struct parser *parser)
{
    long unit = take_unit(parser);
    struct parser ahead = *parser;
    bool is_high = is_between(unit, 0xd800, 0xdbff);
    if (is_high && take_word(&ahead, "\\u") &&
        is_between(take_unit(&ahead), 0xdc00, 0xdfff))
        parser->at = ahead.at;
    else if (is_high || is_between(unit, 0xdc00, 0xdfff))
        parser->json->has_lone_surrogate = true;
    return unit >= 0;
}

static bool parse_character(struct parser *parser)
{
    if (take(parser, '\\')) {
        if (take(parser, 'u'))
            return parse_unicode(parser);
        int letter = here(parser);
        parser->at++;
        return letter > 0 && strchr("\"\\/bfnrt", letter) != NULL;
    }
    if (here(parser) < 0x20) /* or the end */
        return false;
    size_t left = (size_t)(parser->end - parser->at);
    size_t width = fuzz_utf8_width(parser->at, left);
    parser->at += width;
    return width > 0;
}

static bool parse_string(struct parser *parser)
{
    if (!take(parser, '"'))
        return false;
    while (!take(parser, '"'))
        if (!parse_character(parser))
            return false;
    return true;
}

static bool parse_member(struct parser *parser)
{
    pass_space(parser);
    if (!parse_string(parser))
        return false;
    pass_space(parser);
    return take(parser, ':') && parse_value(parser);
}

/* What is between the brackets, the closing one included. */
static bool parse_inside(struct parser *parser, char closer,
                         bool (*parse_element)(struct parser *parser))
{
    pass_space(parser);
    if (take(parser, closer))
        return true;
    do {
        if (!parse_element(parser))
            return false;
        pass_space(parser);
    } while (take(parser, ','));
    return take(parser, closer);
}

static bool parse_brackets(struct parser *parser, char closer)
{
    struct strict_json *json = parser->json;
    if (++parser->depth > STRICT_JSON_DEPTH_MAX)
        return false;
    if (parser->depth > json->depth)
        json->depth = parser->depth;
    if (!parse_inside(parser, closer,
                      closer == ']' ? parse_value : parse_member))
        return false;
    parser->depth--;
    return true;
}

static bool parse_scalar(struct parser *parser)
{
    switch (here(parser)) {
    case '"':
        return parse_string(parser);
    case 't':
        return take_word(parser, "true");
    case 'f':
        return take_word(parser, "false");
    case 'n':
        return take_word(parser, "null");
    default:
        return parse_number(parser);
    }
}

static bool parse_value(struct parser *parser)
{
    pass_space(parser);
    bool is_good = take(parser, '[')   ? parse_brackets(parser, ']')
                   : take(parser, '{') ? parse_brackets(parser, '}')
                                       : parse_scalar(parser);
    pass_space(parser);
    return is_good;
}

struct strict_json strict_json_read(struct slice text)
{
    struct strict_json json = {0};
    struct parser parser = {.at = text.size == 0 ? "" : text.data,
                            .json = &json};
    parser.end = parser.at + text.size;
    if (text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        parser.at += 3;
    json.is_good = parse_value(&parser) && parser.at == parser.end;
    return json;
}

void strict_json_finish(struct strict_json *json)
{
    buffer_finish(&json->numbers);
}
