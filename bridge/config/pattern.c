/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define DIGITS "0123456789"
#define WORD   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_" DIGITS

enum { BYTES_MAX = 64 };

static bool is_made_of(const char *text, const char *letters)
{
    size_t size = strlen(text);
    return size > 0 && size <= BYTES_MAX && strspn(text, letters) == size;
}

const char *pattern_check_action(char *text)
{
    return is_made_of(text, WORD "-.*?") ? NULL : "is no pattern of actions";
}

const char *pattern_check_account(char *text)
{
    return is_made_of(text, WORD "-*?") ? NULL : "is no pattern of accounts";
}

const char *pattern_check_chat(char *text)
{
    static const char *const scopes[] = {"group.", "private.", "*."};
    if (strcmp(text, "*") == 0)
        return NULL;
    if (is_made_of(text, DIGITS))
        return "is a bare number: write group.<id> or private.<id>";
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        size_t size = strlen(scopes[i]);
        if (strncmp(text, scopes[i], size) == 0 &&
            is_made_of(text + size, DIGITS "*?"))
            return NULL;
    }
    return "is no pattern of chats";
}
