/* SPDX-License-Identifier: MIT */
/* One line on stderr for each thing worth knowing.
 *
 * A message reads `part: what happened key=value …`, for instance
 * `link: up account=bot1 self_id=10001`. As text the line is
 *
 *     2026-08-14T09:30:00.123Z info  link: up account=bot1 self_id=10001
 *
 * as JSON
 *
 *     {"ts":"2026-08-14T09:30:00.123Z","level":"info","component":"link",
 *      "msg":"up account=bot1 self_id=10001","account":"bot1","self_id":10001}
 *
 * with the pairs as members of their own (log_pairs.h), and in systemd's
 * journal, which knows the time and the level,
 *
 *     <6>link: up account=bot1 self_id=10001
 *
 * Bytes from outside may be in it: they are made visible (visible.h). A token
 * never is in it, and message text only as far as `enum log_content` lets it.
 * Any thread; a line is one write. */
#ifndef ONEBUS_LOG_H
#define ONEBUS_LOG_H

#include "log_level.h"

/* What is below the level of its component is not written. Default: LOG_INFO,
 * LOG_AUTO, LOG_CONTENT_NONE. */
void log_setup(const struct log_options *options);

enum log_content log_content(void);

/* How many messages of this level have been written since the start. */
uint64_t log_count(enum log_level level);

void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)  log_write(LOG_INFO, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)

#endif
