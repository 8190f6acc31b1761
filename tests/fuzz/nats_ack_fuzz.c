/* SPDX-License-Identifier: MIT */
/* What a NATS server answers to a publish, which may be anything.
 *
 *   - it is one of the kinds; a place is told of what is stored, and no other;
 *   - a fault is text that ends, and is told of all else;
 *   - what is told as stored is so by a document that is JSON and names the
 *     stream. */
#include "fuzz.h"

#include "core/puback.h"
#include "strict_json.h"

static void ensure_stored(const struct puback *puback, struct slice json)
{
    struct strict_json strict = strict_json_read(json);
    ENSURE(strict.is_good);
    ENSURE(puback->place > 0);
    ENSURE(puback->fault[0] == '\0');
    strict_json_finish(&strict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice json = {(const char *)data, size};
    struct puback puback;
    puback_read(json, "QQ", &puback);
    ENSURE(strnlen(puback.fault, PUBACK_FAULT_SIZE) < PUBACK_FAULT_SIZE);
    ENSURE(puback.kind <= PUBACK_FAILED);
    if (puback.kind == PUBACK_STORED || puback.kind == PUBACK_DUPLICATE)
        ensure_stored(&puback, json);
    else
        ENSURE(puback.place == 0);
    return 0;
}
