/* SPDX-License-Identifier: MIT */
/* The whole journal, to be read: the file as far as it goes, then the tail. One
 * thread. */
#ifndef ONEBUS_JOURNAL_VIEW_H
#define ONEBUS_JOURNAL_VIEW_H

#include "edge/journal_page.h"

struct journal_tail;
struct journal_view;

/* `folder`: where the journal's file is, copied; NULL: there is none. */
struct journal_view *journal_view_create(const char *folder,
                                         struct journal_tail *tail);

/* NULL is fine. */
void journal_view_destroy(struct journal_view *view);

/* Fill an empty page; it is a slice, be it empty. Where page->fault says that
 * the file cannot be read, it may be another time. */
void journal_view_read(struct journal_view *view,
                       const struct journal_query *query,
                       struct journal_page *page);

#endif
