/* SPDX-License-Identifier: MIT */
#include "puback.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/json_read.h"
#include "core/mp.h"

/* JetStream's `err_code`s, of its errors.json. */
enum {
    CODE_TOO_LARGE = 10054,
    CODE_OTHER_STREAM = 10060,
    CODE_WRONG_LAST_ID = 10070,
    CODE_WRONG_LAST_PLACE = 10071,
    CODE_WRONG_LAST_PLACE_TOO = 10164, /* the same, of later servers */
};

enum member { MEMBER_STREAM, MEMBER_SEQ, MEMBER_DUPLICATE, MEMBER_ERROR };

enum { MEMBERS = MEMBER_ERROR + 1, DEPTH_MAX = 8 };

static int member_of(struct slice key)
{
    static const char *const keys[MEMBERS] = {"stream", "seq", "duplicate",
                                              "error"};
    for (int i = 0; i < MEMBERS; i++)
        if (slice_equals(key, keys[i]))
            return i;
    return -1;
}

static void fail(struct puback *puback, enum puback_kind kind,
                 struct slice reason)
{
    puback->kind = kind;
    snprintf(puback->fault, sizeof(puback->fault), "%.*s",
             (int)(reason.size < PUBACK_FAULT_SIZE ? reason.size
                                                   : PUBACK_FAULT_SIZE - 1),
             reason.data == NULL ? "" : reason.data);
}

static enum puback_kind kind_of(int64_t code)
{
    switch (code) {
    case CODE_WRONG_LAST_ID:
    case CODE_WRONG_LAST_PLACE:
    case CODE_WRONG_LAST_PLACE_TOO:
        return PUBACK_REFUSED;
    case CODE_TOO_LARGE:
        return PUBACK_TOO_LARGE;
    case CODE_OTHER_STREAM:
        return PUBACK_STRANGE;
    default:
        return PUBACK_FAILED;
    }
}

static void read_error(struct slice error, struct puback *puback)
{
    static const char *const keys[] = {"err_code", "description"};
    struct slice values[2];
    struct slice text = slice_of("it failed and does not say why");
    int64_t code = 0;
    if (mp_find_all(error, keys, 2, values)) {
        (void)mp_read_int(values[0], &code);
        (void)mp_read_str(values[1], &text);
    }
    fail(puback, kind_of(code), text);
}

static void read_success(const struct json_value *members, const char *stream,
                         struct puback *puback)
{
    const struct json_value *seq = &members[MEMBER_SEQ];
    const struct json_value *name = &members[MEMBER_STREAM];
    if (name->kind == JSON_STRING && !slice_equals(name->text, stream)) {
        fail(puback, PUBACK_STRANGE, slice_of("another stream took it: "));
        size_t size = strlen(puback->fault);
        snprintf(puback->fault + size, sizeof(puback->fault) - size, "%.*s",
                 (int)(name->text.size < 128 ? name->text.size : 128),
                 name->text.data);
        return;
    }
    if (name->kind != JSON_STRING || seq->kind != JSON_INT ||
        seq->integer <= 0) {
        fail(puback, PUBACK_FAILED,
             slice_of("the answer is none of JetStream"));
        return;
    }
    const struct json_value *duplicate = &members[MEMBER_DUPLICATE];
    puback->kind = duplicate->kind == JSON_BOOL && duplicate->boolean
                       ? PUBACK_DUPLICATE
                       : PUBACK_STORED;
    puback->place = (uint64_t)seq->integer;
}

void puback_read(struct slice json, const char *stream, struct puback *puback)
{
    struct json_value members[MEMBERS] = {{0}};
    const struct json_reader_options options = {
        .depth_max = DEPTH_MAX,
        .member_of = member_of,
        .members = members,
    };
    struct buffer pack = {0};
    struct json_error error;
    *puback = (struct puback){0};
    if (json_to_msgpack(json, &options, &pack, &error) != STATUS_OK)
        fail(puback, PUBACK_FAILED, slice_of("the answer is no JSON"));
    else if (members[MEMBER_ERROR].kind == JSON_OBJECT)
        read_error(members[MEMBER_ERROR].pack, puback);
    else
        read_success(members, stream, puback);
    buffer_finish(&pack);
}
