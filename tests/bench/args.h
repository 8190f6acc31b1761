/* SPDX-License-Identifier: MIT */
/* Command lines of the benchmark tools: `--name VALUE` and `--flag`. */
#ifndef ONEBUS_BENCH_ARGS_H
#define ONEBUS_BENCH_ARGS_H

#include <stdbool.h>
#include <stddef.h>

/* One option; exactly one of the three places is set. The place holds the
 * default beforehand. */
struct arg {
    const char *name; /* without the dashes */
    const char *help;
    bool *flag;
    unsigned long *number;
    const char **text;
};

/* Read the command line into the places of `args`, which ends in an element
 * without a name. Ends the process with status 2 and a usage text when the
 * line does not fit, with 0 on --help. */
void args_read(int argc, char **argv, const struct arg *args);

#endif
