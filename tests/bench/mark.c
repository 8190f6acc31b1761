/* SPDX-License-Identifier: MIT */
#include "mark.h"

/* Read what mark_write() wrote: the digits behind the leading one. */
static uint64_t read_digits(const char *text, unsigned digits)
{
    uint64_t value = 0;
    for (unsigned i = 1; i < digits; i++)
        value = value * 10 + (uint64_t)(text[i] - '0');
    return value;
}

bool mark_find(struct slice message, struct mark *mark)
{
    const char *at =
        memmem(message.data, message.size, MARK_HEAD, MARK_HEAD_SIZE);
    if (at == NULL || message.data + message.size - at < MARK_SIZE)
        return false;
    const char *time = at + MARK_HEAD_SIZE;
    mark->sent_ns = read_digits(time, MARK_TIME_DIGITS);
    mark->number = read_digits(time + MARK_TIME_DIGITS + 1, MARK_NUMBER_DIGITS);
    return true;
}

void mark_write(char *blank, unsigned digits, uint64_t value)
{
    for (unsigned i = digits; --i > 0; value /= 10)
        blank[i] = (char)('0' + value % 10);
}
