/* SPDX-License-Identifier: MIT */
#include "sent_ids.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/mp.h"
#include "core/recent.h"

enum { NAME_SIZE = 96 };

/* The id and whose it is, as text; empty if it is no id. */
static struct slice name_of(size_t account, struct slice id,
                            char name[NAME_SIZE])
{
    struct slice text;
    int64_t number;
    int size = 0;
    if (mp_read_int(id, &number))
        size = snprintf(name, NAME_SIZE, "%zu:%" PRId64, account, number);
    else if (mp_read_str(id, &text) && text.size > 0 && text.size < 64)
        size = snprintf(name, NAME_SIZE, "%zu:%.*s", account, (int)text.size,
                        text.data);
    return (struct slice){name, (size_t)size};
}

void sent_ids_add(struct recent *recent, size_t account, struct slice id)
{
    char text[NAME_SIZE];
    struct slice name = name_of(account, id, text);
    if (name.size > 0)
        recent_add(recent, name);
}

bool sent_ids_has(const struct recent *recent, size_t account, struct slice id)
{
    char text[NAME_SIZE];
    struct slice name = name_of(account, id, text);
    return name.size > 0 && recent_has(recent, name);
}
