/* SPDX-License-Identifier: MIT */
#include "utf8.h"

#include <stdbool.h>

static bool in_range(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* The second byte's range depends on the first (RFC 3629, section 4): that
 * alone keeps overlong forms, surrogates and too large values out. */
static bool second_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return in_range(second, 0xa0, 0xbf);
    case 0xed:
        return in_range(second, 0x80, 0x9f);
    case 0xf0:
        return in_range(second, 0x90, 0xbf);
    case 0xf4:
        return in_range(second, 0x80, 0x8f);
    default:
        return in_range(second, 0x80, 0xbf);
    }
}

static size_t width_by_first(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (in_range(first, 0xc2, 0xdf))
        return 2;
    if (in_range(first, 0xe0, 0xef))
        return 3;
    return in_range(first, 0xf0, 0xf4) ? 4 : 0;
}

size_t utf8_width(const char *text, size_t size)
{
    if (size == 0)
        return 0;
    const unsigned char *bytes = (const unsigned char *)text;
    size_t width = width_by_first(bytes[0]);
    if (width > size || (width > 1 && !second_fits(bytes[0], bytes[1])))
        return 0;
    for (size_t i = 2; i < width; i++)
        if (!in_range(bytes[i], 0x80, 0xbf))
            return 0;
    return width;
}
