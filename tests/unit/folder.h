/* SPDX-License-Identifier: MIT */
/* A folder of its own for a test that needs a disk. */
#ifndef ONEBUS_TEST_FOLDER_H
#define ONEBUS_TEST_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

enum { FOLDER_SIZE = 64 };

/* Make it. */
static inline void folder_make(char folder[FOLDER_SIZE])
{
    snprintf(folder, FOLDER_SIZE, "/tmp/onebus-test-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
}

/* Remove it with all that is in it. */
static inline void folder_remove(const char *folder)
{
    char command[FOLDER_SIZE + 16];
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    CHECK_EQ(system(command), 0);
}

#endif
