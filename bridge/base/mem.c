/* SPDX-License-Identifier: MIT */
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void mem_exhausted(size_t size)
{
    fprintf(stderr, "onebus: out of memory (%zu bytes)\n", size);
    abort();
}

static void *must(void *memory, size_t size)
{
    if (memory == NULL && size != 0)
        mem_exhausted(size);
    return memory;
}

void *mem_alloc(size_t size)
{
    return must(malloc(size), size);
}

void *mem_zalloc(size_t count, size_t size)
{
    return must(calloc(count, size), count * size);
}

void *mem_realloc(void *memory, size_t size)
{
    return must(realloc(memory, size), size);
}

char *mem_dup(const void *data, size_t size)
{
    char *copy = mem_alloc(size + 1);
    if (size != 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

char *mem_strdup(const char *string)
{
    return string == NULL ? NULL : mem_dup(string, strlen(string));
}
