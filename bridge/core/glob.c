/* SPDX-License-Identifier: MIT */
/* What a `*` has taken is only ever given back to the last one: where that one
 * finds no match, neither would one before it. */
#include "glob.h"

#include <string.h>

bool glob_matches(const char *glob, struct slice text)
{
    const char *star = NULL; /* behind the last `*` */
    size_t taken = 0;        /* where in the text that `*` ends */
    size_t at = 0;
    while (at < text.size) {
        if (*glob == '*') {
            star = ++glob;
            taken = at;
        } else if (*glob != '\0' && (*glob == '?' || *glob == text.data[at])) {
            glob++;
            at++;
        } else if (star != NULL) {
            glob = star;
            at = ++taken;
        } else {
            return false;
        }
    }
    return glob[strspn(glob, "*")] == '\0';
}

bool globs_match(const struct globs *globs, struct slice text)
{
    for (size_t i = 0; i < globs->count; i++)
        if (glob_matches(globs->items[i], text))
            return true;
    return false;
}

bool globs_are_all(const struct globs *globs)
{
    for (size_t i = 0; i < globs->count; i++)
        if (strcmp(globs->items[i], "*") == 0)
            return true;
    return false;
}
