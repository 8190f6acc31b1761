/* SPDX-License-Identifier: MIT */
/* NATS subjects: tokens with dots between them, where `*` stands for one token
 * and `>`, at the end, for one or more. Any thread. */
#ifndef ONEBUS_NATS_SUBJECT_H
#define ONEBUS_NATS_SUBJECT_H

#include <stdbool.h>

/* Whether all that matches `subject`, which may have wildcards itself, matches
 * `pattern`. */
bool nats_subject_covers(const char *pattern, const char *subject);

/* Whether there is something that matches both. */
bool nats_subject_meets(const char *one, const char *other);

/* `subject` below `prefix`, with a dot between them; NULL and "" are none. To
 * be freed. */
char *nats_subject_under(const char *prefix, const char *subject);

#endif
