/* SPDX-License-Identifier: MIT */
/* The versions of what is kept in the state folder, as `user_version` of the
 * files: those who write them and those who only look agree on them here. */
#ifndef ONEBUS_SCHEMA_H
#define ONEBUS_SCHEMA_H

enum { SCHEMA_JOURNAL = 1 };

#endif
