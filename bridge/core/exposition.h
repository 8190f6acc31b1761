/* SPDX-License-Identifier: MIT */
/* Samples as text: Prometheus' exposition format, version 0.0.4.
 *
 *     # HELP onebus_ws_bytes_total Bytes of whole frames, …
 *     # TYPE onebus_ws_bytes_total counter
 *     onebus_ws_bytes_total{account="default",direction="in"} 8128
 *
 * Families come in the order of family.h, each once and only if there are
 * samples of it. Pure. Any thread. */
#ifndef ONEBUS_EXPOSITION_H
#define ONEBUS_EXPOSITION_H

#include "base/buffer.h"

struct measures;

/* The Content-Type of what is printed. */
#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Append all of them to `out`. */
void exposition_print(const struct measures *measures, struct buffer *out);

#endif
