/* SPDX-License-Identifier: MIT */
/* Where a setting comes from, as a fault tells it:
 *
 *     onebus.json:7: channels.napcatqq.wsPort: …     the file
 *     ONEBUS_CHANNELS_NAPCATQQ_WSPORT: …             the environment
 *     --set channels.napcatqq.wsPort=…: …            --set
 *     --log-level: …                                 a flag of its own
 *     channels.napcatqq.wsPort: …                    the default
 *
 * Plain data; everything in it is borrowed. One thread. */
#ifndef ONEBUS_ORIGIN_H
#define ONEBUS_ORIGIN_H

#include <stdbool.h>

#include <cjson/cJSON.h>

struct config_faults;
struct config_flag;
struct document;

/* The first that is set among `flag`, `variable` and `item` counts. */
struct origin {
    const struct config_flag *flag;
    const char *variable;            /* NAME=value; the value is not shown */
    const struct document *document; /* that has `item` */
    const cJSON *item;
    const char *place; /* "channels.napcatqq" */
    const char *key;   /* "wsPort" below it; NULL: the place itself */
};

/* Is it more than a default? */
bool origin_is_given(const struct origin *origin);

/* The same as text: "onebus.json:7: channels.napcatqq.wsPort". A default says
 * that it is one. */
enum { ORIGIN_TEXT_SIZE = 768 };
void origin_format(const struct origin *origin, char out[ORIGIN_TEXT_SIZE]);

void origin_fault(const struct origin *origin, struct config_faults *faults,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
