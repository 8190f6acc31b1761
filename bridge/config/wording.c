/* SPDX-License-Identifier: MIT */
#include "wording.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "quantity.h"

void wording_text(const char *text, char out[static WORDING_VALUE_SIZE])
{
    enum { MOST = 60 };
    size_t size = strlen(text);
    const char *dots = "";
    if (size > MOST) {
        dots = "…";
        size = MOST;
        /* Not through a character; but a flag need not be UTF-8. */
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
            size--;
    }
    snprintf(out, WORDING_VALUE_SIZE, "\"%.*s%s\"", (int)size, text, dots);
}

/* The fewest digits that are this number: cJSON's own print rounds. */
static void show_number(double number, char out[static WORDING_VALUE_SIZE])
{
    int digits = 15;
    do
        snprintf(out, WORDING_VALUE_SIZE, "%.*g", digits, number);
    while (strtod(out, NULL) != number && digits++ < 17);
}

void wording_json(const cJSON *json, char out[static WORDING_VALUE_SIZE])
{
    if (cJSON_IsString(json)) {
        wording_text(json->valuestring, out);
        return;
    }
    if (cJSON_IsObject(json) || cJSON_IsArray(json)) {
        snprintf(out, WORDING_VALUE_SIZE,
                 cJSON_IsArray(json) ? "a list" : "an object");
        return;
    }
    if (cJSON_IsNumber(json))
        show_number(json->valuedouble, out);
    else
        snprintf(out, WORDING_VALUE_SIZE, "%s",
                 cJSON_IsNull(json)   ? "null"
                 : cJSON_IsTrue(json) ? "true"
                                      : "false");
}

static void describe_names(const char *const *names,
                           char out[static WORDING_ALLOWED_SIZE])
{
    size_t used = 0;
    for (size_t i = 0; names[i] != NULL && used < WORDING_ALLOWED_SIZE; i++)
        used += (size_t)snprintf(out + used, WORDING_ALLOWED_SIZE - used,
                                 "%s\"%s\"", i == 0 ? "" : ", ", names[i]);
}

static void describe_range(const struct field *field,
                           void (*format)(int64_t value, char *out),
                           const char *examples,
                           char out[static WORDING_ALLOWED_SIZE])
{
    char least[QUANTITY_TEXT_SIZE];
    char most[QUANTITY_TEXT_SIZE];
    format(field->least, least);
    format(field->most, most);
    snprintf(out, WORDING_ALLOWED_SIZE, "%s to %s, as a number of %s", least,
             most, examples);
}

void wording_allowed(const struct field *field,
                     char out[static WORDING_ALLOWED_SIZE])
{
    switch (field->type) {
    case FIELD_BOOL:
        snprintf(out, WORDING_ALLOWED_SIZE, "true or false");
        break;
    case FIELD_INT:
        snprintf(out, WORDING_ALLOWED_SIZE,
                 "a whole number from %" PRId64 " to %" PRId64, field->least,
                 field->most);
        break;
    case FIELD_TIME:
        describe_range(field, quantity_format_time,
                       "ms or \"500ms\", \"10s\", \"5m\"", out);
        break;
    case FIELD_SIZE:
        describe_range(field, quantity_format_size,
                       "bytes or \"64KiB\", \"50MiB\"", out);
        break;
    case FIELD_ID:
        snprintf(out, WORDING_ALLOWED_SIZE,
                 "1 to %" PRId64 ", as a number or as text", FIELD_ID_MAX);
        break;
    case FIELD_REAL:
        snprintf(out, WORDING_ALLOWED_SIZE,
                 "a number from %" PRId64 " to %" PRId64, field->least,
                 field->most);
        break;
    case FIELD_IDS:
        snprintf(out, WORDING_ALLOWED_SIZE,
                 field->tells_kinds
                     ? "a list of QQ numbers, of \"user:<number>\" and "
                       "\"group:<number>\", or \"*\" for everyone"
                     : "a list of QQ numbers, or \"*\" for everyone");
        break;
    case FIELD_ENUM:
        describe_names(field->names, out);
        break;
    default:
        snprintf(out, WORDING_ALLOWED_SIZE, "%s", field->allowed);
    }
}
