/* SPDX-License-Identifier: MIT */
/* The bridge's reply to a command: shown as it is, or taken apart. */
#ifndef ONEBUS_ANSWER_H
#define ONEBUS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* Print the reply as one line of JSON. Gives the exit status: EXIT_FAILED if
 * the action failed. */
int answer_print(const char *command, struct slice reply);

/* Print what we have packed ourselves as one line of JSON. */
void answer_print_json(struct slice pack);

/* Take `data` out of the reply. False, with a line on stderr that says what
 * the bridge said: it has refused. */
bool answer_data(const char *command, struct slice reply, struct slice *data);

/* Is there such a member of a MessagePack map, and not nil? */
bool answer_has(struct slice map, const char *key);

/* Members of a MessagePack map, and what they are if they are not there. */
int64_t answer_number(struct slice map, const char *key);
bool answer_flag(struct slice map, const char *key);
struct slice answer_text(struct slice map, const char *key);

/* Call `on_item` for each element of the array under `key`. */
void answer_each(struct slice map, const char *key,
                 void (*on_item)(void *ctx, struct slice item), void *ctx);

enum { ANSWER_TIME_SIZE = 32 };

/* Ms since 1970 as local time: "2026-11-27 20:01:02". */
void answer_time(int64_t ms, char out[ANSWER_TIME_SIZE]);

#endif
