/* SPDX-License-Identifier: MIT */
#include "printer.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/shown.h"
#include "core/topic.h"

enum { SHOWN_BYTES_MAX = 80 };

bool printer_take_patterns(struct printer *printer, size_t count, char **words)
{
    printer->patterns = (const char *const *)words;
    printer->pattern_count = count;
    for (size_t i = 0; i < count; i++) {
        if (topic_pattern_valid(words[i]))
            continue;
        /* The beginning of an endless one is enough. */
        fprintf(stderr,
                "%s: %.*s is no pattern; allowed: tokens of letters, digits, "
                "_ and - or *, separated by dots, at most %d bytes, e.g. "
                "qq.group.*\n",
                printer->command, SHOWN_BYTES_MAX, words[i], TOPIC_SIZE - 1);
        return false;
    }
    return true;
}

static bool is_wanted(const struct printer *printer, struct slice topic)
{
    for (size_t i = 0; i < printer->pattern_count; i++)
        if (topic_matches(printer->patterns[i], topic))
            return true;
    return printer->pattern_count == 0;
}

bool printer_show(struct printer *printer, struct slice message)
{
    struct shown_event event;
    if (!shown_event_read(message, &event) || !is_wanted(printer, event.topic))
        return true;
    printer->line.size = 0;
    if (printer->json)
        shown_append_json(&event, &printer->line);
    else
        shown_append_line(&event, &printer->line);
    printer->shown++;
    return cli_print(buffer_slice(&printer->line)) &&
           printer->shown != printer->count;
}

void printer_say_lost(const struct printer *printer, uint64_t first,
                      uint64_t last)
{
    if (first == last)
        fprintf(stderr, "%s: event %" PRIu64 " is no longer in the journal\n",
                printer->command, first);
    else
        fprintf(stderr,
                "%s: events %" PRIu64 " to %" PRIu64
                " are no longer in the journal\n",
                printer->command, first, last);
}

void printer_finish(struct printer *printer)
{
    buffer_finish(&printer->line);
}
