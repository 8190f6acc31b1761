/* SPDX-License-Identifier: MIT */
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/request.h"

const char TOKEN_HINT[] =
    "the bridge asks for the token of one of its grants: name a file that "
    "holds it with --token-file or $ONEBUS_TOKEN_FILE, or set $ONEBUS_TOKEN";

static bool complain(const char *source, const char *what)
{
    fprintf(stderr, "onebus: the token of %s %s\n", source, what);
    return false;
}

/* An editor's last newline is not part of it. */
static void drop_newline(struct buffer *token)
{
    while (token->size > 0 && strchr("\r\n", token->data[token->size - 1]))
        token->size--;
}

static bool is_sound(const char *source, struct buffer *token)
{
    drop_newline(token);
    if (token->size == 0)
        return complain(source, "is empty");
    return token->size <= REQUEST_TOKEN_BYTES_MAX ||
           complain(source, "is too long");
}

/* The file's name is not shown: who mistakes it for the token itself has put
 * that there. */
static bool read_file(const char *source, const char *file,
                      struct buffer *token)
{
    char what[160];
    int error = file_read(file, (size_t)REQUEST_TOKEN_BYTES_MAX * 2, token);
    if (error == 0)
        return is_sound(source, token);
    snprintf(what, sizeof(what), "cannot be read: %s", strerror(error));
    return complain(source, what);
}

bool token_read(const char *file, struct buffer *token)
{
    const char *text = getenv("ONEBUS_TOKEN");
    const char *named = getenv("ONEBUS_TOKEN_FILE");
    if (file != NULL)
        return read_file("--token-file", file, token);
    if (text != NULL && named != NULL)
        return complain("$ONEBUS_TOKEN",
                        "and that of $ONEBUS_TOKEN_FILE are both set; "
                        "allowed: one of the two");
    if (named != NULL)
        return read_file("$ONEBUS_TOKEN_FILE", named, token);
    if (text == NULL)
        return true;
    buffer_append_string(token, text);
    return is_sound("$ONEBUS_TOKEN", token);
}

void token_sign(struct slice request, struct slice token, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    struct mp_reader reader = mp_reader_of(request);
    struct mp_token head;
    if (token.size == 0 || !mp_next(&reader, &head) || head.kind != MP_MAP) {
        buffer_append(out, request.data, request.size);
        return;
    }
    msgpack_pack_map(&packer, (size_t)head.count + 1);
    buffer_append(out, reader.at, (size_t)(reader.end - reader.at));
    pack_string(&packer, "token");
    pack_text(&packer, token);
}
