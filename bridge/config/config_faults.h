/* SPDX-License-Identifier: MIT */
/* What is wrong with the settings: all of it, so that one run is enough to
 * mend it all. A message is one line without a line feed,
 *
 *     onebus.json:7: channels.napcatqq.wsPrt: unknown key, did you mean wsPort?
 *
 * and never holds a secret. One thread. */
#ifndef ONEBUS_CONFIG_FAULTS_H
#define ONEBUS_CONFIG_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/* A file that is no settings file at all must not fill the screen: beyond this
 * many, faults are only counted. */
enum { CONFIG_FAULTS_MAX = 100 };

/* Zero-initialised is a valid empty list. */
struct config_faults {
    char **messages;
    size_t count;
    size_t dropped; /* how many more there were */
};

/* Control characters in the message are written as \xNN. */
void config_faults_add(struct config_faults *faults, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next one would only be counted. */
bool config_faults_full(const struct config_faults *faults);

void config_faults_finish(struct config_faults *faults);

#endif
