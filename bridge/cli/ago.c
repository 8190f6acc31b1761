/* SPDX-License-Identifier: MIT */
#include "ago.h"

#include <stdio.h>

#include "config/quantity.h"

void ago_format_span(int64_t ms, char out[static AGO_SIZE])
{
    static const int64_t units[] = {INT64_C(86400000), INT64_C(3600000),
                                    INT64_C(60000), INT64_C(1000)};
    char text[QUANTITY_TEXT_SIZE];
    size_t i = 0;
    while (ms < 2 * units[i] && i < 3)
        i++;
    quantity_format_time(ms / units[i] * units[i], text);
    snprintf(out, AGO_SIZE, "%s", text);
}

void ago_format(int64_t then_ms, int64_t now_ms, char out[static AGO_SIZE])
{
    enum { SECOND_MS = 1000 };
    char span[AGO_SIZE];
    if (then_ms == 0 || now_ms - then_ms < SECOND_MS) {
        snprintf(out, AGO_SIZE, then_ms == 0 ? "never" : "just now");
        return;
    }
    ago_format_span(now_ms - then_ms, span);
    snprintf(out, AGO_SIZE, "%.32s ago", span);
}
