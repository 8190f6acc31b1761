/* SPDX-License-Identifier: MIT */
/* The settings, judged beyond what makes them faulty: can a token be guessed,
 * are doors open, do others read the secrets, does a pattern fit nothing?
 * Pure. One thread. */
#ifndef ONEBUS_JUDGE_SETTINGS_H
#define ONEBUS_JUDGE_SETTINGS_H

#include <stdbool.h>

#include "cli/finding.h"
#include "config/config.h"

/* The faults that make them unusable. */
void judge_faults(const struct config_faults *faults,
                  struct findings *findings);

/* Of `only`, or of each account if that is NULL. */
void judge_settings(const struct config *config, const char *only,
                    struct findings *findings);

/* A file that has secrets in it, and its mode (stat.st_mode). */
void judge_secret_file(const char *path, unsigned mode,
                       struct findings *findings);

/* A folder of bridge.media.paths, as callers name it, that is not here. */
void judge_missing_share(const char *from, struct findings *findings);

#endif
