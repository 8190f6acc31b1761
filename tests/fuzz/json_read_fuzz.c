/* SPDX-License-Identifier: MIT */
/* Text to MessagePack. The input is the text.
 *
 *   - taken is what strict_json.h takes, up to the depth allowed, and nothing
 *     else;
 *   - what is taken has cJSON's values, exact integers and the order of keys,
 *     and is packed as msgpack-c packs it;
 *   - written as text again it is an equal document to cJSON, and becomes the
 *     same bytes;
 *   - what is refused leaves the output alone and says where and why. */
#include "fuzz.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/pack.h"
#include "strict_json.h"

enum {
    /* cJSON's limit is 1000. */
    CJSON_DEPTH = 999,
    NUMBER_SIZE = 32,
};

static const char BEFORE[] = "before";
enum { BEFORE_SIZE = sizeof(BEFORE) - 1 };

/* What json_to_msgpack() made of a text. */
struct conversion {
    bool is_taken;
    struct buffer out;
    struct slice pack; /* in `out` */
    struct json_value members[JSON_MEMBERS_MAX];
};

static bool kind_fits(enum json_kind kind, const struct mp_token *token)
{
    switch (kind) {
    case JSON_NULL:
        return token->kind == MP_NIL;
    case JSON_BOOL:
        return token->kind == MP_BOOL;
    case JSON_INT:
        return token->kind == MP_INT;
    case JSON_NUMBER:
        return token->kind == MP_UINT || token->kind == MP_DOUBLE;
    case JSON_STRING:
        return token->kind == MP_STR;
    case JSON_ARRAY:
        return token->kind == MP_ARRAY;
    case JSON_OBJECT:
        return token->kind == MP_MAP;
    }
    return false;
}

static void ensure_value(const struct json_value *value)
{
    struct mp_reader reader = mp_reader_of(value->pack);
    struct mp_token token;
    ENSURE(fuzz_is_whole(value->pack));
    ENSURE(mp_next(&reader, &token) && kind_fits(value->kind, &token));
    ENSURE(value->kind != JSON_BOOL || value->boolean == token.boolean);
    ENSURE(value->kind != JSON_INT || value->integer == token.integer);
    ENSURE(value->kind != JSON_STRING || fuzz_same(value->text, token.bytes));
    ENSURE(value->kind != JSON_STRING ||
           fuzz_is_inside(value->text, value->pack));
}

/* Members by the last byte of their key, so that a number has many keys. */
static int member_of(struct slice key)
{
    return key.size == 0 ? -1 : (unsigned char)key.data[key.size - 1] % 33 - 1;
}

static struct conversion convert(struct slice text, unsigned depth_max)
{
    struct conversion conversion = {0};
    struct json_error error = {SIZE_MAX, NULL};
    const struct json_reader_options options = {
        .depth_max = depth_max,
        .member_of = member_of,
        .members = conversion.members,
    };
    buffer_append(&conversion.out, BEFORE, BEFORE_SIZE);
    conversion.is_taken =
        json_to_msgpack(text, &options, &conversion.out, &error) == STATUS_OK;
    ENSURE(conversion.out.size >= BEFORE_SIZE);
    ENSURE(memcmp(conversion.out.data, BEFORE, BEFORE_SIZE) == 0);
    conversion.pack = (struct slice){conversion.out.data + BEFORE_SIZE,
                                     conversion.out.size - BEFORE_SIZE};
    if (!conversion.is_taken) {
        ENSURE(conversion.pack.size == 0);
        ENSURE(error.offset <= text.size && error.reason != NULL);
    }
    return conversion;
}

/* Those found are the last of their number in the outermost map. */
static void ensure_members(const struct conversion *conversion)
{
    struct slice last[JSON_MEMBERS_MAX] = {0};
    struct mp_reader reader = mp_reader_of(conversion->pack);
    struct mp_token head = {.kind = MP_NIL};
    (void)mp_next(&reader, &head);
    for (uint32_t i = 0; head.kind == MP_MAP && i < head.count; i++) {
        struct mp_token key;
        struct slice value;
        ENSURE(mp_next(&reader, &key) && mp_skip(&reader, &value));
        int member = key.bytes.size < 32 ? member_of(key.bytes) : -1;
        if (member >= 0)
            last[member] = value;
    }
    for (size_t i = 0; i < JSON_MEMBERS_MAX; i++) {
        const struct json_value *value = &conversion->members[i];
        ENSURE(value->pack.data == last[i].data);
        ENSURE(value->pack.size == last[i].size);
        if (value->pack.size != 0)
            ensure_value(value);
    }
}

static void ensure_depth_counts(struct slice text, unsigned depth)
{
    struct conversion enough = convert(text, depth);
    ENSURE(enough.is_taken);
    buffer_finish(&enough.out);
    if (depth < 2) /* 0 would be the default */
        return;
    struct conversion little = convert(text, depth - 1);
    ENSURE(!little.is_taken);
    buffer_finish(&little.out);
}

/* ---- the shortest form ---- */

static void pack_boolean(struct msgpack_packer *packer, bool flag)
{
    if (flag)
        msgpack_pack_true(packer);
    else
        msgpack_pack_false(packer);
}

static void pack_again(struct msgpack_packer *packer,
                       const struct mp_token *token)
{
    switch (token->kind) {
    case MP_NIL:
        msgpack_pack_nil(packer);
        break;
    case MP_BOOL:
        pack_boolean(packer, token->boolean);
        break;
    case MP_INT:
        msgpack_pack_int64(packer, token->integer);
        break;
    case MP_UINT:
        msgpack_pack_uint64(packer, token->natural);
        break;
    case MP_DOUBLE:
        msgpack_pack_double(packer, token->real);
        break;
    case MP_STR:
        pack_text(packer, token->bytes);
        break;
    case MP_ARRAY:
        msgpack_pack_array(packer, token->count);
        break;
    case MP_MAP:
        msgpack_pack_map(packer, token->count);
        break;
    default: /* JSON has none */
        ENSURE(false);
    }
}

static void ensure_packed_as_by_msgpack(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct buffer again = {0};
    struct msgpack_packer packer = pack_into(&again);
    struct mp_token token;
    while (mp_next(&reader, &token))
        pack_again(&packer, &token);
    ENSURE(fuzz_same(buffer_slice(&again), pack));
    buffer_finish(&again);
}

/* ---- numbers ---- */

static bool is_integer(const char *number)
{
    return strpbrk(number, ".eE") == NULL && strcmp(number, "-0") != 0;
}

static bool fits(const char *number)
{
    errno = 0;
    if (number[0] == '-')
        (void)strtoll(number, NULL, 10);
    else
        (void)strtoull(number, NULL, 10);
    return errno == 0;
}

/* The text of a number and what became of it. */
static void ensure_number(const char *number, const struct mp_token *token)
{
    char digits[NUMBER_SIZE];
    if (!is_integer(number) || !fits(number)) {
        double real = strtod(number, NULL);
        ENSURE(token->kind == MP_DOUBLE);
        ENSURE(memcmp(&real, &token->real, sizeof(real)) == 0);
        return;
    }
    ENSURE(token->kind == MP_INT || token->kind == MP_UINT);
    if (token->kind == MP_INT)
        snprintf(digits, sizeof(digits), "%" PRId64, token->integer);
    else
        snprintf(digits, sizeof(digits), "%" PRIu64, token->natural);
    ENSURE(strcmp(digits, number) == 0);
}

static bool is_number(enum mp_kind kind)
{
    return kind == MP_INT || kind == MP_UINT || kind == MP_DOUBLE;
}

static void ensure_numbers(struct slice pack, const struct buffer *numbers)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    size_t used = 0;
    while (mp_next(&reader, &token)) {
        struct slice number;
        if (!is_number(token.kind))
            continue;
        ENSURE(used < numbers->size);
        memcpy(&number, numbers->data + used, sizeof(number));
        used += sizeof(number);
        char *copy = strndup(number.data, number.size);
        ensure_number(copy, &token);
        free(copy);
    }
    ENSURE(used == numbers->size);
}

/* ---- cJSON ---- */

/* cJSON ends a string at its first NUL. */
static bool is_string(const char *string, struct slice text)
{
    size_t size = strlen(string);
    return size <= text.size && memcmp(string, text.data, size) == 0 &&
           (size == text.size || text.data[size] == '\0');
}

static void ensure_equal(const cJSON *json, struct mp_reader *reader);

static void ensure_equal_inside(const cJSON *json, struct mp_reader *reader,
                                const struct mp_token *head)
{
    const cJSON *child = json->child;
    for (uint32_t i = 0; i < head->count; i++, child = child->next) {
        struct mp_token key;
        ENSURE(child != NULL);
        if (head->kind == MP_MAP) {
            ENSURE(mp_next(reader, &key) && key.kind == MP_STR);
            ENSURE(is_string(child->string, key.bytes));
        }
        ensure_equal(child, reader);
    }
    ENSURE(child == NULL);
}

static bool equals_scalar(const cJSON *json, const struct mp_token *token)
{
    switch (token->kind) {
    case MP_NIL:
        return cJSON_IsNull(json);
    case MP_BOOL:
        return token->boolean ? cJSON_IsTrue(json) : cJSON_IsFalse(json);
    case MP_INT:
        return cJSON_IsNumber(json) &&
               json->valuedouble == (double)token->integer;
    case MP_UINT:
        return cJSON_IsNumber(json) &&
               json->valuedouble == (double)token->natural;
    case MP_DOUBLE:
        return cJSON_IsNumber(json) && json->valuedouble == token->real;
    case MP_STR:
        return cJSON_IsString(json) &&
               is_string(json->valuestring, token->bytes);
    default:
        return false;
    }
}

static void ensure_equal(const cJSON *json, struct mp_reader *reader)
{
    struct mp_token token;
    ENSURE(mp_next(reader, &token));
    if (token.kind != MP_ARRAY && token.kind != MP_MAP) {
        ENSURE(equals_scalar(json, &token));
        return;
    }
    ENSURE(token.kind == MP_MAP ? cJSON_IsObject(json) : cJSON_IsArray(json));
    ensure_equal_inside(json, reader, &token);
}

/* cJSON passes over a byte order mark itself, but not before a document of one
 * byte. */
static struct slice without_mark(struct slice text)
{
    if (text.size < 3 || memcmp(text.data, "\xef\xbb\xbf", 3) != 0)
        return text;
    return (struct slice){text.data + 3, text.size - 3};
}

static void ensure_cjson_agrees(struct slice text, struct slice pack)
{
    text = without_mark(text);
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text.data, text.size, &end, false);
    struct mp_reader reader = mp_reader_of(pack);
    ENSURE(json != NULL);
    ensure_equal(json, &reader);
    ENSURE(reader.at == reader.end);
    cJSON_Delete(json);
}

/* ---- all of it ---- */

/* As an equal document, and not only to the reader that is tested here. */
static void ensure_comes_back(struct slice pack, unsigned depth)
{
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX};
    struct buffer text = {0};
    struct json_error error;
    ENSURE(json_from_msgpack(pack, &options, &text, &error) == STATUS_OK);
    ENSURE(fuzz_is_utf8(buffer_slice(&text)));
    struct conversion again = convert(buffer_slice(&text), JSON_DEPTH_MAX);
    ENSURE(again.is_taken && fuzz_same(again.pack, pack));
    if (depth <= CJSON_DEPTH)
        ensure_cjson_agrees(buffer_slice(&text), pack);
    buffer_finish(&again.out);
    buffer_finish(&text);
}

static void ensure_sound(struct slice text, struct slice pack,
                         const struct strict_json *strict)
{
    fuzz_ensure_pack(pack, true);
    ensure_packed_as_by_msgpack(pack);
    ensure_comes_back(pack, strict->depth);
    ensure_depth_counts(text, strict->depth);
    ensure_numbers(pack, &strict->numbers);
    if (!strict->has_lone_surrogate && !strict->has_long_number &&
        strict->depth <= CJSON_DEPTH)
        ensure_cjson_agrees(text, pack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct strict_json strict = strict_json_read(text);
    struct conversion conversion = convert(text, JSON_DEPTH_MAX);
    ENSURE(conversion.is_taken ==
           (strict.is_good && strict.depth <= JSON_DEPTH_MAX));
    if (conversion.is_taken) {
        ensure_members(&conversion);
        ensure_sound(text, conversion.pack, &strict);
    }
    buffer_finish(&conversion.out);
    strict_json_finish(&strict);
    return 0;
}
