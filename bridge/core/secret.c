/* SPDX-License-Identifier: MIT */
#include "secret.h"

bool secret_equals(struct slice offered, const char *wanted)
{
    size_t size = strlen(wanted);
    unsigned difference = offered.size != size;
    for (size_t i = 0; i < offered.size; i++)
        difference |= (unsigned char)offered.data[i] ^
                      (unsigned char)wanted[size == 0 ? 0 : i % size];
    return difference == 0;
}
