/* SPDX-License-Identifier: MIT */
/* Reading the journal's file, beside the one who writes it: a connection of
 * its own, a snapshot for each page, so that neither waits for the other. One
 * thread. */
#ifndef ONEBUS_JOURNAL_READER_H
#define ONEBUS_JOURNAL_READER_H

#include <stdbool.h>

#include "edge/journal_page.h"

struct journal_reader;

/* NULL: it cannot be opened now. */
struct journal_reader *journal_reader_open(const char *folder);

/* NULL is fine. */
void journal_reader_close(struct journal_reader *reader);

/* Fill an empty page from what the file holds, a slice at a time: after so
 * much looking it is cut, be it empty. False: the file cannot be read;
 * page->fault says why. */
bool journal_reader_read(struct journal_reader *reader,
                         const struct journal_query *query,
                         struct journal_page *page);

#endif
