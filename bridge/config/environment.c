/* SPDX-License-Identifier: MIT */
#include "environment.h"

#include <stdbool.h>

const char *environment_entry(char *const *environment, struct slice name)
{
    for (; environment != NULL && *environment != NULL; environment++)
        if (strncmp(*environment, name.data, name.size) == 0 &&
            (*environment)[name.size] == '=')
            return *environment;
    return NULL;
}

static const char *value_of(char *const *environment, struct slice name)
{
    const char *entry = environment_entry(environment, name);
    return entry == NULL ? NULL : entry + name.size + 1;
}

const char *environment_get(char *const *environment, const char *name)
{
    return value_of(environment, slice_of(name));
}

/* The name between `${` and `}`; empty if there is none. */
static struct slice name_at(const char *text)
{
    static const char letters[] =
        "_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t size = strspn(text, letters);
    bool sound = text[size] == '}' && (*text < '0' || *text > '9');
    return (struct slice){text, sound ? size : 0};
}

enum status environment_expand(char *const *environment, const char *text,
                               struct buffer *out, struct slice *missing)
{
    size_t start = out->size;
    while (*text != '\0') {
        if (strncmp(text, "$${", 3) == 0) {
            buffer_append_string(out, "${");
            text += 3;
            continue;
        }
        if (strncmp(text, "${", 2) != 0) {
            buffer_append(out, text++, 1);
            continue;
        }
        struct slice name = name_at(text + 2);
        const char *value = name.size == 0 ? NULL : value_of(environment, name);
        if (value == NULL) {
            out->size = start;
            *missing = name;
            return STATUS_INVALID;
        }
        buffer_append_string(out, value);
        text = name.data + name.size + 1;
    }
    return STATUS_OK;
}
