/* SPDX-License-Identifier: MIT */
/* Memory that is always there.
 *
 * Running out of memory ends the process with a line on stderr: the size of
 * everything that comes from outside is bounded, so nobody outside can force
 * it, and a bridge that goes on half built would lose events in silence.
 * Any thread. Free with free(). */
#ifndef ONEBUS_MEM_H
#define ONEBUS_MEM_H

#include <stddef.h>

/* `size` bytes, uninitialised. */
void *mem_alloc(size_t size);

/* `count` elements of `size` bytes, all zero. */
void *mem_zalloc(size_t count, size_t size);

/* As realloc(): `memory` may be NULL. */
void *mem_realloc(void *memory, size_t size);

/* A copy of `size` bytes with a NUL behind them. */
char *mem_dup(const void *data, size_t size);

/* A copy of the string; NULL gives NULL. */
char *mem_strdup(const char *string);

/* End the process: a library could not get `size` bytes. */
_Noreturn void mem_exhausted(size_t size);

#endif
