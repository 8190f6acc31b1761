/* SPDX-License-Identifier: MIT */
/* Comparing what is shown with what is secret. Pure. Any thread. */
#ifndef ONEBUS_SECRET_H
#define ONEBUS_SECRET_H

#include <stdbool.h>

#include "base/buffer.h"

/* In time that depends on the length of what was offered alone. */
bool secret_equals(struct slice offered, const char *wanted);

#endif
