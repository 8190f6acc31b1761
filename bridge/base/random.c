/* SPDX-License-Identifier: MIT */
#include "random.h"

#include <assert.h>
#include <stdio.h>
#include <sys/random.h>

enum { DIGIT_BYTES_MAX = 32 };

void random_bytes(void *bytes, size_t size)
{
    while (getrandom(bytes, size, 0) != (ssize_t)size)
        ;
}

void random_digits(char *text, size_t size)
{
    unsigned char bytes[DIGIT_BYTES_MAX];
    size_t count = size / 2;
    assert(size % 2 == 1 && count <= DIGIT_BYTES_MAX);
    random_bytes(bytes, count);
    for (size_t i = 0; i < count; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}
