/* SPDX-License-Identifier: MIT */
/* A group's `tools`: which actions calls into the group may use.
 *
 *     ["send_*", "get_*"]                      these
 *     "get_*"                                  these
 *     {"allow": ["send_*"], "deny": ["…"]}     those of `allow`, if it is
 * there, that are not of `deny`
 *
 * The elements are patterns; a single string is a list of one. One thread. */
#ifndef ONEBUS_TOOLS_H
#define ONEBUS_TOOLS_H

#include <cjson/cJSON.h>

#include "field_list.h"

#define TOOLS_ALLOWED                                                          \
    "a list of actions, or {\"allow\": list, \"deny\": list}; * and ? stand "  \
    "for any part and any letter"

struct tools {
    struct field_list allow; /* "*" if nothing is said */
    struct field_list deny;
};

/* NULL, or why this is none, to be read behind the value. */
const char *tools_check(const cJSON *json);

/* Read a text that has been checked. `tools` is all zero before. */
void tools_read(const char *json, struct tools *tools);

void tools_finish(struct tools *tools);

#endif
