/* SPDX-License-Identifier: MIT */
#include "nats_subject.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"

/* The token here, which is passed over, with its dot. False: there is none. */
static bool next_token(const char **at, struct slice *token)
{
    if (**at == '\0')
        return false;
    *token = (struct slice){*at, strcspn(*at, ".")};
    *at += token->size;
    if (**at == '.')
        (*at)++;
    return true;
}

bool nats_subject_covers(const char *pattern, const char *subject)
{
    struct slice wanted, given;
    while (next_token(&pattern, &wanted)) {
        if (!next_token(&subject, &given))
            return false;
        if (slice_equals(wanted, ">"))
            return true;
        if (slice_equals(given, ">"))
            return false;
        if (!slice_equals(wanted, "*") && !slice_is_same(wanted, given))
            return false;
    }
    return *subject == '\0';
}

bool nats_subject_meets(const char *one, const char *other)
{
    struct slice a, b;
    for (;;) {
        bool has_a = next_token(&one, &a);
        bool has_b = next_token(&other, &b);
        if (!has_a || !has_b)
            return has_a == has_b;
        if (slice_equals(a, ">") || slice_equals(b, ">"))
            return true;
        if (!slice_equals(a, "*") && !slice_equals(b, "*") &&
            !slice_is_same(a, b))
            return false;
    }
}

char *nats_subject_under(const char *prefix, const char *subject)
{
    if (prefix == NULL || prefix[0] == '\0')
        return mem_strdup(subject);
    size_t size = strlen(prefix) + strlen(subject) + 2;
    char *under = mem_alloc(size);
    snprintf(under, size, "%s.%s", prefix, subject);
    return under;
}
