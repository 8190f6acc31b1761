/* SPDX-License-Identifier: MIT */
/* Looking at the bytes of JSON strings, many at a time: what both ways spend
 * most of their time with. Any thread. */
#ifndef ONEBUS_JSON_SCAN_H
#define ONEBUS_JSON_SCAN_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes that a JSON string cannot hold as they are (quote, backslash, control
 * characters) and those that are not ASCII. */
static inline bool json_is_special(unsigned char byte)
{
    return byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x80;
}

#ifdef __SSE2__

enum { JSON_STRIDE = 16 };

/* Bytes before the first special one of the JSON_STRIDE at `at`. */
static inline size_t json_plain_bytes(const unsigned char *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)at);
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    /* As signed numbers those above 0x7f are below 0x20 as well. */
    __m128i other = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    __m128i special = _mm_or_si128(_mm_or_si128(quote, backslash), other);
    unsigned mask = (unsigned)_mm_movemask_epi8(special);
    return mask == 0 ? JSON_STRIDE : (size_t)__builtin_ctz(mask);
}

#else

enum { JSON_STRIDE = 8 };

/* A bit is set in the lowest byte of `word` that is special. Bytes above that
 * one may be marked wrongly, by its borrow. */
static inline uint64_t json_special_bytes(uint64_t word)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t quote = (word ^ each * '"') - each;
    uint64_t backslash = (word ^ each * '\\') - each;
    uint64_t control = word - each * 0x20;
    return (quote | backslash | control | word) & each * 0x80;
}

/* Bytes before the first special one of the JSON_STRIDE at `at`. */
static inline size_t json_plain_bytes(const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    uint64_t special = json_special_bytes(le64toh(word));
    return special == 0 ? JSON_STRIDE : (size_t)__builtin_ctzll(special) / 8;
}

#endif

/* Is the first character of `four` bytes a well-formed one of three bytes? Most
 * text beyond ASCII is CJK, and this asks about all its bytes at once. */
static inline bool json_is_three_wide(uint32_t four)
{
    four = le32toh(four);
    if ((four & 0xc0c0f0) != 0x8080e0)
        return false;
    /* Bit 5 of the second byte: 0xe0 without it would be overlong, 0xed with
     * it a surrogate. */
    uint32_t second = four & 0x200f;
    return second != 0x0000 && second != 0x200d;
}

#endif
