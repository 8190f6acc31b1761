/* SPDX-License-Identifier: MIT */
/* How a fault puts it: the value that was given and the values that would do.
 *
 *     "5 parsecs" is no duration; allowed: 1 ms to 30 min, as a number of ms …
 *     ^^^^^^^^^^^                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 *
 * Never asked for a secret. Any thread. */
#ifndef ONEBUS_WORDING_H
#define ONEBUS_WORDING_H

#include <cjson/cJSON.h>

struct field;

enum { WORDING_VALUE_SIZE = 96, WORDING_ALLOWED_SIZE = 256 };

/* In quotes, cut short if it is long. */
void wording_text(const char *text, char out[static WORDING_VALUE_SIZE]);

/* A string is shown as it is written in the file: what its ${NAME} stands for
 * may be a secret that was put in the wrong place. */
void wording_json(const cJSON *json, char out[static WORDING_VALUE_SIZE]);

/* What the row allows. */
void wording_allowed(const struct field *field,
                     char out[static WORDING_ALLOWED_SIZE]);

#endif
