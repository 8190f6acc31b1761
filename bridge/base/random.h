/* SPDX-License-Identifier: MIT */
/* What nobody can foretell. Any thread. */
#ifndef ONEBUS_RANDOM_H
#define ONEBUS_RANDOM_H

#include <stddef.h>

/* At most 256: so few come whole once the kernel's pool is ready. */
void random_bytes(void *bytes, size_t size);

/* `size - 1` hexadecimal digits and a NUL; an odd size, at most 65. */
void random_digits(char *text, size_t size);

#endif
