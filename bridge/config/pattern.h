/* SPDX-License-Identifier: MIT */
/* Patterns in the settings: names in which `*` stands for any part and `?` for
 * any one letter. Each check gives NULL, or why `text` is none, to be read
 * behind it. Any thread. */
#ifndef ONEBUS_PATTERN_H
#define ONEBUS_PATTERN_H

/* "send_*", "bridge.status" */
const char *pattern_check_action(char *text);

/* "bot?" */
const char *pattern_check_account(char *text);

/* "group.20002", "private.*". One that can fit no chat is a slip. */
const char *pattern_check_chat(char *text);

#endif
