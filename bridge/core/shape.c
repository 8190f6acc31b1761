/* SPDX-License-Identifier: MIT */
#include "shape.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#include "core/catalog.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/peer.h"

/* Up to here doubles hold every integer. */
static const uint64_t EXACT_MAX = UINT64_C(1) << 53;

/* One more than int64 has above zero. */
static const uint64_t NEGATIVE_MAX = UINT64_C(1) << 63;

static const struct shape WRONG = {.form = SHAPE_WRONG};
static const struct shape MISSING = {.form = SHAPE_MISSING};
static const struct shape AS_IS = {.form = SHAPE_AS_IS};

/* ---- integers ------------------------------------------------------------ */

/* As `SHAPE_INTEGER`; the next three are wrong where there is none. */
static struct shape whole_of(int64_t integer)
{
    return (struct shape){
        .form = SHAPE_INTEGER,
        .is_negative = integer < 0,
        .magnitude = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer,
    };
}

static struct shape whole_of_double(double real)
{
    /* Not a number is no more within them than it is outside. */
    if (!(real >= -(double)EXACT_MAX && real <= (double)EXACT_MAX) ||
        (double)(int64_t)real != real)
        return WRONG;
    return whole_of((int64_t)real);
}

static struct shape whole_of_text(struct slice text)
{
    bool is_negative = text.size > 0 && text.data[0] == '-';
    uint64_t magnitude = 0;
    size_t i = is_negative ? 1 : 0;
    if (i == text.size)
        return WRONG;
    for (; i < text.size; i++) {
        unsigned digit = (unsigned char)text.data[i] - (unsigned)'0';
        if (digit > 9 || magnitude > (UINT64_MAX - digit) / 10)
            return WRONG;
        magnitude = magnitude * 10 + digit;
    }
    if (is_negative && magnitude > NEGATIVE_MAX)
        return WRONG;
    return (struct shape){.form = SHAPE_INTEGER,
                          .is_negative = is_negative && magnitude > 0,
                          .magnitude = magnitude};
}

static struct shape whole_of_token(const struct mp_token *token)
{
    switch (token->kind) {
    case MP_INT:
        return whole_of(token->integer);
    case MP_UINT:
        return (struct shape){.form = SHAPE_INTEGER,
                              .magnitude = token->natural};
    case MP_DOUBLE:
        return whole_of_double(token->real);
    case MP_STR:
        return whole_of_text(token->bytes);
    default:
        return WRONG;
    }
}

static bool is_integer(const struct mp_token *token)
{
    return token->kind == MP_INT || token->kind == MP_UINT;
}

/* ---- by what is wanted --------------------------------------------------- */

/* Peers in JavaScript read numbers as doubles; one that has not said who it is
 * may be one of them. */
static bool reads_doubles(const struct peer *peer)
{
    return peer->kind != PEER_GOCQHTTP && peer->kind != PEER_LAGRANGE;
}

/* Numbers of QQ's: NapCat takes them as text, too, all others as numbers,
 * unless those would be rounded. */
static struct shape shape_id(const struct mp_token *token,
                             const struct peer *peer)
{
    struct shape shape = whole_of_token(token);
    if (shape.form == SHAPE_WRONG)
        return WRONG;
    bool is_text = token->kind == MP_STR;
    bool wants_text = (shape.magnitude > EXACT_MAX && reads_doubles(peer)) ||
                      (is_text && peer->kind == PEER_NAPCAT);
    if (wants_text ? is_text : is_integer(token))
        return AS_IS;
    shape.form = wants_text ? SHAPE_DIGITS : SHAPE_INTEGER;
    return shape;
}

/* Python writes True, forms write yes. */
static struct shape bool_of_text(struct slice text)
{
    static const char *const WORDS[] = {"false", "true", "no", "yes"};
    for (int i = 0; i < (int)(sizeof(WORDS) / sizeof(WORDS[0])); i++)
        if (text.size == strlen(WORDS[i]) &&
            strncasecmp(text.data, WORDS[i], text.size) == 0)
            return whole_of(i % 2);
    return whole_of_text(text);
}

static struct shape shape_bool(const struct mp_token *token)
{
    struct shape shape = token->kind == MP_STR ? bool_of_text(token->bytes)
                                               : whole_of_token(token);
    if (shape.form == SHAPE_WRONG || shape.is_negative || shape.magnitude > 1)
        return WRONG;
    shape.form = SHAPE_BOOLEAN;
    return shape;
}

static bool is_value(const struct catalog_param *param, struct slice text)
{
    if (param->values == NULL)
        return true;
    for (size_t i = 0; param->values[i] != NULL; i++)
        if (slice_equals(text, param->values[i]))
            return true;
    return false;
}

static struct shape shape_text(const struct catalog_param *param,
                               const struct mp_token *token)
{
    if ((param->types & (CATALOG_STRING | CATALOG_MESSAGE)) != 0)
        return is_value(param, token->bytes) ? AS_IS : WRONG;
    if ((param->types & CATALOG_INT) != 0)
        return whole_of_token(token);
    return (param->types & CATALOG_BOOL) != 0 ? shape_bool(token) : WRONG;
}

static struct shape shape_number(const struct catalog_param *param,
                                 const struct mp_token *token)
{
    struct shape shape = whole_of_token(token);
    if ((param->types & CATALOG_INT) != 0)
        return is_integer(token) ? AS_IS : shape;
    if ((param->types & CATALOG_BOOL) != 0)
        return shape_bool(token);
    if ((param->types & (CATALOG_STRING | CATALOG_MESSAGE)) == 0 ||
        param->values != NULL || shape.form == SHAPE_WRONG)
        return WRONG;
    shape.form = SHAPE_DIGITS;
    return shape;
}

static struct shape allow(bool is_allowed)
{
    return is_allowed ? AS_IS : WRONG;
}

struct shape shape_of(const struct catalog_param *param, struct slice value,
                      const struct peer *peer)
{
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token token;
    if (!mp_next(&reader, &token))
        return WRONG;
    if (token.kind == MP_NIL)
        return (param->types & CATALOG_NULL) != 0 ? AS_IS : MISSING;
    if (param->is_id)
        return shape_id(&token, peer);
    switch (token.kind) {
    case MP_BOOL:
        return allow((param->types & CATALOG_BOOL) != 0);
    case MP_STR:
        return shape_text(param, &token);
    case MP_BIN:
        return allow(param->is_media);
    case MP_ARRAY:
        return allow((param->types & (CATALOG_ARRAY | CATALOG_MESSAGE)) != 0);
    case MP_MAP:
        return allow((param->types & (CATALOG_OBJECT | CATALOG_MESSAGE)) != 0);
    case MP_EXT:
        return WRONG;
    default:
        return shape_number(param, &token);
    }
}

/* ---- out ----------------------------------------------------------------- */

static void pack_whole(struct msgpack_packer *packer, const struct shape *shape)
{
    if (shape->is_negative)
        msgpack_pack_int64(packer, (int64_t)(0 - shape->magnitude));
    else
        msgpack_pack_uint64(packer, shape->magnitude);
}

static void pack_digits(struct msgpack_packer *packer,
                        const struct shape *shape)
{
    char text[32];
    snprintf(text, sizeof(text), "%s%" PRIu64, shape->is_negative ? "-" : "",
             shape->magnitude);
    pack_string(packer, text);
}

void shape_pack(const struct shape *shape, struct slice given,
                struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    assert(shape->form != SHAPE_WRONG && shape->form != SHAPE_MISSING);
    if (shape->form == SHAPE_AS_IS)
        pack_raw(&packer, given);
    else if (shape->form == SHAPE_INTEGER)
        pack_whole(&packer, shape);
    else if (shape->form == SHAPE_DIGITS)
        pack_digits(&packer, shape);
    else if (shape->magnitude != 0)
        msgpack_pack_true(&packer);
    else
        msgpack_pack_false(&packer);
}

/* ---- for people ---------------------------------------------------------- */

enum { WORDS_MAX = 12 };

static size_t list_types(const struct catalog_param *param,
                         const char *words[WORDS_MAX])
{
    unsigned types = param->types;
    size_t count = 0;
    if ((types & CATALOG_MESSAGE) != 0)
        types |= CATALOG_STRING | CATALOG_OBJECT | CATALOG_ARRAY;
    if ((types & CATALOG_BOOL) != 0) {
        words[count++] = "true";
        words[count++] = "false";
    }
    if ((types & CATALOG_INT) != 0)
        words[count++] = "an integer";
    if ((types & CATALOG_STRING) != 0)
        words[count++] = param->is_id ? "a string of digits" : "a string";
    if (param->is_media)
        words[count++] = "bytes";
    if ((types & CATALOG_OBJECT) != 0)
        words[count++] = "a map";
    if ((types & CATALOG_ARRAY) != 0)
        words[count++] = "an array";
    return count;
}

static size_t list_values(const char *const *values,
                          const char *words[WORDS_MAX])
{
    size_t count = 0;
    while (count < WORDS_MAX && values[count] != NULL) {
        words[count] = values[count];
        count++;
    }
    return count;
}

void shape_describe(const struct catalog_param *param,
                    char words[static SHAPE_WORDS_SIZE])
{
    const char *list[WORDS_MAX];
    size_t count = param->values != NULL ? list_values(param->values, list)
                                         : list_types(param, list);
    words[0] = '\0';
    for (size_t i = 0, used = 0; i < count; i++, used = strlen(words))
        snprintf(words + used, SHAPE_WORDS_SIZE - used, "%s%s",
                 i == 0           ? ""
                 : i + 1 == count ? " or "
                                  : ", ",
                 list[i]);
}
