/* SPDX-License-Identifier: MIT */
/* One walk over the characters in the room, and one beyond it: at each border
 * between two of them it is noted what kind of border that is, and the last of
 * each kind is kept. */
#include "chunk.h"

#include <stdint.h>
#include <utf8proc.h>

#include "base/utf8.h"

enum { REPLACEMENT = 0xfffd };

/* ---- characters ------------------------------------------------------- */

/* The character at the start of `text`, which has one, and its bytes. */
static int32_t read_character(struct slice text, size_t *width)
{
    utf8proc_int32_t character = REPLACEMENT;
    *width = utf8_width(text.data, text.size);
    if (*width == 0) {
        *width = 1;
        return REPLACEMENT;
    }
    utf8proc_iterate((const utf8proc_uint8_t *)text.data,
                     (utf8proc_ssize_t)*width, &character);
    return character;
}

static bool is_one_of(int32_t character, const int32_t *set, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (set[i] == character)
            return true;
    return false;
}

#define IS_ONE_OF(character, set)                                              \
    is_one_of((character), (set), sizeof(set) / sizeof((set)[0]))

static bool is_line_end(int32_t character)
{
    return character == '\n' || character == '\r' || character == 0x2028 ||
           character == 0x2029;
}

/* White space as Unicode has it, U+00A0 and its like included. */
static bool is_blank(int32_t character)
{
    static const int32_t BLANKS[] = {0x85,   0xa0,   0x1680, 0x2028,
                                     0x2029, 0x202f, 0x205f, 0x3000};
    if (character < 0x80)
        return character == ' ' || (character >= '\t' && character <= '\r');
    return (character >= 0x2000 && character <= 0x200a) ||
           IS_ONE_OF(character, BLANKS);
}

/* A blank that holds the words beside it together. */
static bool is_joining(int32_t character)
{
    return character == 0xa0 || character == 0x202f;
}

/* Written without blanks between the words: kana, ideographs, and the marks
 * that go with them. */
static bool is_ideographic(int32_t character)
{
    return (character >= 0x2e80 && character <= 0x30ff) ||
           (character >= 0x31f0 && character <= 0x4dbf) ||
           (character >= 0x4e00 && character <= 0x9fff) ||
           (character >= 0xf900 && character <= 0xfaff) ||
           (character >= 0xfe30 && character <= 0xfe4f) ||
           (character >= 0xff00 && character <= 0xffef) ||
           (character >= 0x20000 && character <= 0x3ffff);
}

/* 。 ！ ？ ． ｡ … ‼ ⁇ ⁈ ⁉: they end a sentence whatever follows. */
static bool is_wide_end(int32_t character)
{
    static const int32_t ENDS[] = {0x3002, 0xff01, 0xff1f, 0xff0e, 0xff61,
                                   0x2026, 0x203c, 0x2047, 0x2048, 0x2049};
    return IS_ONE_OF(character, ENDS);
}

/* These do where a blank or an ideograph follows: 3.14 and a.b do not. */
static bool is_narrow_end(int32_t character)
{
    return character == '.' || character == '!' || character == '?';
}

static bool is_end(int32_t character)
{
    return is_wide_end(character) || is_narrow_end(character);
}

/* What must not begin a line: it belongs to what stands before it. */
static bool is_closing(int32_t character)
{
    static const int32_t CLOSING[] = {
        '"',    '\'',   ')',    ']',    '}',    ',',    ';',    ':',
        0x2019, 0x201d, 0x3001, 0x3005, 0x3009, 0x300b, 0x300d, 0x300f,
        0x3011, 0x3015, 0x3017, 0x3019, 0x301b, 0x301e, 0x301f, 0x30fb,
        0x30fc, 0xff09, 0xff0c, 0xff1a, 0xff1b, 0xff3d, 0xff5d, 0xff5e,
        0xff60, 0xff63, 0xff64, '%',    0x2014, 0xff05};
    return is_end(character) || IS_ONE_OF(character, CLOSING);
}

/* What must not end a line: it belongs to what follows. */
static bool is_opening(int32_t character)
{
    static const int32_t OPENING[] = {'(',    '[',    '{',    0x2018, 0x201c,
                                      0x3008, 0x300a, 0x300c, 0x300e, 0x3010,
                                      0x3014, 0x3016, 0x3018, 0x301a, 0x301d,
                                      0xff08, 0xff3b, 0xff5b, 0xff5f, 0xff62};
    return IS_ONE_OF(character, OPENING);
}

/* ---- links ------------------------------------------------------------- */

static bool begins(struct slice text, const char *word)
{
    size_t size = strlen(word);
    return text.size >= size && memcmp(text.data, word, size) == 0;
}

static bool begins_link(struct slice text)
{
    return text.data[0] == 'h' &&
           (begins(text, "https://") || begins(text, "http://"));
}

/* A link runs to a blank or to a mark of Chinese text, which is in no link
 * that anybody writes by hand. */
static bool ends_link(int32_t character)
{
    return is_blank(character) || character == '<' || character == '>' ||
           character == '"' ||
           (is_ideographic(character) &&
            (is_closing(character) || is_opening(character)));
}

/* ---- borders ------------------------------------------------------------ */

struct walk {
    int32_t before; /* the character before the border */
    bool in_link;   /* that one is in a link */
    bool
        has_ended; /* a sentence has, and only closing marks and blanks since */
    bool has_word; /* something other than blanks has been passed */
    utf8proc_int32_t grapheme; /* state of utf8proc's rules */
    /* Bytes before the last border of each kind; 0: none. `unlinked` is that
     * of a cluster outside of links. */
    size_t character, cluster, unlinked, word, sentence;
};

static bool is_word_end(int32_t before, int32_t after)
{
    if (is_joining(before) || is_joining(after))
        return false;
    if (is_blank(before) || is_blank(after))
        return true;
    return (is_ideographic(before) || is_ideographic(after)) &&
           !is_closing(after) && !is_opening(before);
}

static bool is_sentence_end(const struct walk *walk, int32_t after)
{
    if (!walk->has_ended || is_closing(after))
        return false;
    return is_wide_end(walk->before) || is_blank(walk->before) ||
           is_blank(after) || is_ideographic(walk->before) ||
           is_ideographic(after);
}

/* Note the border at `at`, between the character before and `after`. */
static void note_border(struct walk *walk, int32_t after, size_t at,
                        bool is_half)
{
    bool is_cluster_end =
        utf8proc_grapheme_break_stateful(walk->before, after, &walk->grapheme);
    walk->character = at;
    if (!is_cluster_end)
        return;
    walk->cluster = at;
    if (walk->in_link && !ends_link(after))
        return;
    walk->unlinked = at;
    if (is_half && is_sentence_end(walk, after))
        walk->sentence = at;
    if (walk->has_word && is_word_end(walk->before, after))
        walk->word = at;
}

/* Pass the character at the start of `rest`. */
static void pass(struct walk *walk, int32_t character, struct slice rest)
{
    if (walk->in_link)
        walk->in_link = !ends_link(character);
    else
        walk->in_link = begins_link(rest);
    if (is_end(character) || is_line_end(character))
        walk->has_ended = walk->has_word || is_end(character);
    else if (!is_blank(character) && !is_closing(character))
        walk->has_ended = false;
    if (!is_blank(character))
        walk->has_word = true;
    walk->before = character;
}

static size_t best_of(const struct walk *walk, bool may_wait)
{
    if (walk->sentence > 0)
        return walk->sentence;
    if (walk->word > 0 || may_wait)
        return walk->word;
    if (walk->unlinked > 0)
        return walk->unlinked;
    return walk->cluster > 0 ? walk->cluster : walk->character;
}

/* Over as many characters as there is room for. False: that is all of them. */
static bool walk_over(struct walk *walk, struct slice text, size_t room)
{
    size_t at = 0;
    for (size_t count = 0; at < text.size; count++) {
        size_t width;
        struct slice rest = {text.data + at, text.size - at};
        int32_t character = read_character(rest, &width);
        if (count > 0)
            note_border(walk, character, at, count >= room / 2);
        if (count == room)
            return true;
        pass(walk, character, rest);
        at += width;
    }
    return false;
}

size_t chunk_first(struct slice text, size_t room, bool may_wait)
{
    struct walk walk = {0};
    return walk_over(&walk, text, room) ? best_of(&walk, may_wait) : text.size;
}

size_t chunk_head(struct slice text, size_t room)
{
    struct walk walk = {0};
    if (!walk_over(&walk, text, room))
        return text.size;
    return walk.cluster > 0 ? walk.cluster : walk.character;
}

/* ---- counting ----------------------------------------------------------- */

/* Bytes of the character at `at`. */
static size_t width_at(struct slice text, size_t at)
{
    size_t width = utf8_width(text.data + at, text.size - at);
    return width == 0 ? 1 : width;
}

bool chunk_is_above(struct slice text, size_t most)
{
    if (text.size <= most)
        return false;
    for (size_t at = 0, count = 0; at < text.size; count++) {
        if (count == most)
            return true;
        at += width_at(text, at);
    }
    return false;
}

size_t chunk_characters(struct slice text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size; at += width_at(text, at))
        count++;
    return count;
}

bool chunk_is_blank(struct slice text)
{
    size_t width;
    for (size_t at = 0; at < text.size; at += width)
        if (!is_blank(read_character(
                (struct slice){text.data + at, text.size - at}, &width)))
            return false;
    return true;
}
