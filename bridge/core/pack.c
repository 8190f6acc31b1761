/* SPDX-License-Identifier: MIT */
#include "pack.h"

#include "base/utf8.h"

static int append(void *buffer, const char *data, size_t size)
{
    buffer_append(buffer, data, size);
    return 0;
}

struct msgpack_packer pack_into(struct buffer *buffer)
{
    struct msgpack_packer packer;
    msgpack_packer_init(&packer, buffer, append);
    return packer;
}

void pack_text(struct msgpack_packer *packer, struct slice text)
{
    msgpack_pack_str(packer, text.size);
    msgpack_pack_str_body(packer, text.data, text.size);
}

void pack_string(struct msgpack_packer *packer, const char *string)
{
    pack_text(packer, slice_of(string));
}

void pack_prose(struct msgpack_packer *packer, const char *string)
{
    static const char substitute[] = "\xef\xbf\xbd"; /* U+FFFD */
    struct slice text = slice_of(string);
    struct buffer sound = {0};
    for (size_t i = 0; i < text.size;) {
        size_t width = utf8_width(text.data + i, text.size - i);
        if (width == 0)
            buffer_append_string(&sound, substitute);
        else
            buffer_append(&sound, text.data + i, width);
        i += width == 0 ? 1 : width;
    }
    pack_text(packer, buffer_slice(&sound));
    buffer_finish(&sound);
}

void pack_raw(struct msgpack_packer *packer, struct slice pack)
{
    append(packer->data, pack.data, pack.size);
}

void pack_number(struct msgpack_packer *packer, const char *key,
                 uint64_t number)
{
    pack_string(packer, key);
    msgpack_pack_uint64(packer, number);
}

void pack_word(struct msgpack_packer *packer, const char *key, const char *word)
{
    pack_string(packer, key);
    pack_string(packer, word);
}

void pack_flag(struct msgpack_packer *packer, const char *key, bool flag)
{
    pack_string(packer, key);
    if (flag)
        msgpack_pack_true(packer);
    else
        msgpack_pack_false(packer);
}
