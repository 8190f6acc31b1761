/* SPDX-License-Identifier: MIT */
/* Printing events, one a line, in one of two forms. One thread. */
#ifndef ONEBUS_PRINTER_H
#define ONEBUS_PRINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* Zero-initialised but for the first five. */
struct printer {
    const char *command; /* "onebus listen", for messages */
    bool json;
    long count; /* enough; 0: never */
    const char *const *patterns;
    size_t pattern_count; /* 0: every event is wanted */
    long shown;
    struct buffer line;
};

/* Take the patterns that the command line ends in. False, with a line on
 * stderr: one of them is none. */
bool printer_take_patterns(struct printer *printer, size_t count, char **words);

/* Print the message if it is wanted. False: it was the last, or nobody reads
 * our output any more. */
bool printer_show(struct printer *printer, struct slice message);

/* Say on stderr that these are not to be had. */
void printer_say_lost(const struct printer *printer, uint64_t first,
                      uint64_t last);

void printer_finish(struct printer *printer);

#endif
