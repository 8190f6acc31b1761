/* SPDX-License-Identifier: MIT */
#include "warnings.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/mp.h"
#include "core/pack.h"

enum { LINE_SIZE = 512 };

static bool is_there(const struct warnings *warnings, struct slice line)
{
    struct mp_reader reader = mp_reader_of(buffer_slice(&warnings->lines));
    struct mp_token token;
    while (mp_next(&reader, &token))
        if (token.bytes.size == line.size &&
            memcmp(token.bytes.data, line.data, line.size) == 0)
            return true;
    return false;
}

void warnings_add(struct warnings *warnings, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (is_there(warnings, slice_of(line)))
        return;
    warnings->count++;
    if (warnings->count > WARNINGS_MAX)
        return;
    struct msgpack_packer packer = pack_into(&warnings->lines);
    pack_prose(&packer, line);
}

void warnings_pack(const struct warnings *warnings, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    if (warnings->count <= WARNINGS_MAX) {
        msgpack_pack_array(&packer, warnings->count);
        pack_raw(&packer, buffer_slice(&warnings->lines));
        return;
    }
    char rest[LINE_SIZE];
    snprintf(rest, sizeof(rest), "and %zu more",
             warnings->count - (size_t)WARNINGS_MAX);
    msgpack_pack_array(&packer, WARNINGS_MAX + 1);
    pack_raw(&packer, buffer_slice(&warnings->lines));
    pack_string(&packer, rest);
}

void warnings_finish(struct warnings *warnings)
{
    buffer_finish(&warnings->lines);
    warnings->count = 0;
}
