/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include <inttypes.h>
#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    GROUP_ID = 714829356,
    FILE_BYTES = 50 << 20,
};

static int write_out(void *data, const char *bytes, size_t size)
{
    buffer_append(data, bytes, size);
    return 0;
}

static void pack_text(msgpack_packer *packer, const char *string)
{
    msgpack_pack_str(packer, strlen(string));
    msgpack_pack_str_body(packer, string, strlen(string));
}

static void pack_pair(msgpack_packer *packer, const char *key,
                      const char *value)
{
    pack_text(packer, key);
    pack_text(packer, value);
}

static void pack_group(msgpack_packer *packer)
{
    pack_text(packer, "group_id");
    msgpack_pack_int64(packer, GROUP_ID);
}

static void pack_text_segment(msgpack_packer *packer, const char *text)
{
    msgpack_pack_map(packer, 2);
    pack_pair(packer, "type", "text");
    pack_text(packer, "data");
    msgpack_pack_map(packer, 1);
    pack_pair(packer, "text", text);
}

static void pack_read(msgpack_packer *packer)
{
    pack_pair(packer, "action", "get_group_info");
    pack_text(packer, "params");
    msgpack_pack_map(packer, 1);
    pack_group(packer);
}

static void pack_send(msgpack_packer *packer)
{
    pack_pair(packer, "action", "send_group_msg");
    pack_text(packer, "params");
    msgpack_pack_map(packer, 2);
    pack_group(packer);
    pack_text(packer, "message");
    msgpack_pack_array(packer, 1);
    pack_text_segment(packer, "收到,会议记录已经归档。\n下次会议:周三上午十点,"
                              "地点不变,请大家提前准备 \"v1.2\" 的问题清单。");
}

static void pack_upload(msgpack_packer *packer)
{
    char *bytes = mem_zalloc(1, FILE_BYTES);
    pack_pair(packer, "action", "upload_group_file");
    pack_text(packer, "params");
    msgpack_pack_map(packer, 3);
    pack_group(packer);
    pack_pair(packer, "name", "bench.bin");
    pack_text(packer, "file");
    msgpack_pack_bin(packer, FILE_BYTES);
    msgpack_pack_bin_body(packer, bytes, FILE_BYTES);
    free(bytes);
}

bool ask_find(const char *kind, struct ask *ask)
{
    static const char zeros[ASK_ID_DIGITS + 1] = "00000000000000000000";
    bool is_once = strcmp(kind, "once") == 0;
    msgpack_packer packer;
    *ask = (struct ask){.id_at = 0};
    msgpack_packer_init(&packer, &ask->bytes, write_out);
    msgpack_pack_map(&packer, is_once ? 3 : 2);
    if (strcmp(kind, "read") == 0)
        pack_read(&packer);
    else if (strcmp(kind, "upload") == 0)
        pack_upload(&packer);
    else if (is_once || strcmp(kind, "send") == 0)
        pack_send(&packer);
    else
        return false;
    if (is_once) {
        pack_pair(&packer, "id", zeros);
        ask->id_at = ask->bytes.size - ASK_ID_DIGITS;
    }
    return true;
}

void ask_set_id(const struct ask *ask, char *copy, uint64_t number)
{
    char digits[ASK_ID_DIGITS + 1];
    if (ask->id_at == 0)
        return;
    snprintf(digits, sizeof(digits), "%0*" PRIu64, ASK_ID_DIGITS, number);
    memcpy(copy + ask->id_at, digits, ASK_ID_DIGITS);
}

void ask_finish(struct ask *ask)
{
    buffer_finish(&ask->bytes);
}
