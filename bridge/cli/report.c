/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdint.h>
#include <stdio.h>

#include "cli/width.h"
#include "core/json_write.h"

enum {
    SUBJECTS_MAX = 16,
    NUMBER_SIZE = 64,
    /* Where a finding's text begins, and what is added to it. */
    TEXT_COLUMN = 9,
    MORE_COLUMN = 14,
    COLUMNS_LEAST = 40,
};

/* ---- for people ---------------------------------------------------------- */

/* The subjects, in the order in which they are shown. */
struct order {
    const char *subjects[SUBJECTS_MAX];
    enum finding_severity worst[SUBJECTS_MAX];
    size_t count;
};

static size_t place_of(const struct order *order, const char *subject)
{
    size_t i = 0;
    while (i < order->count && strcmp(order->subjects[i], subject) != 0)
        i++;
    return i;
}

static void take_subjects(struct order *order, const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        size_t place = place_of(order, finding->subject);
        if (place == SUBJECTS_MAX)
            continue;
        if (place == order->count) {
            order->subjects[place] = finding->subject;
            order->worst[place] = finding->severity;
            order->count++;
        } else if (finding->severity > order->worst[place]) {
            order->worst[place] = finding->severity;
        }
    }
}

static enum tone tone_of(enum finding_severity severity)
{
    static const enum tone tones[] = {TONE_GOOD, TONE_PLAIN, TONE_WARN,
                                      TONE_BAD};
    return tones[severity];
}

/* A word in front, and text that stands in a column behind it. */
static void append_line(struct buffer *out, const struct surface *surface,
                        size_t column, const char *text)
{
    size_t columns =
        surface->columns < COLUMNS_LEAST ? SIZE_MAX : surface->columns;
    width_wrap(out, slice_of(text), column, column, columns);
    buffer_append_string(out, "\n");
}

static void append_more(struct buffer *out, const struct surface *surface,
                        const char *label, const char *text)
{
    if (text == NULL)
        return;
    width_pad(out, TEXT_COLUMN);
    tone_append(out, surface, TONE_DIM, slice_of(label));
    width_pad(out, MORE_COLUMN - TEXT_COLUMN - strlen(label));
    append_line(out, surface, MORE_COLUMN, text);
}

static void append_seen(struct buffer *out, const struct surface *surface,
                        const struct finding *finding)
{
    struct buffer text = {0};
    if (finding->account != NULL) {
        buffer_append_string(&text, finding->account);
        buffer_append_string(&text, ": ");
    }
    buffer_append(&text, finding->seen, strlen(finding->seen) + 1);
    append_line(out, surface, TEXT_COLUMN, text.data);
    buffer_finish(&text);
}

static void append_finding(struct buffer *out, const struct surface *surface,
                           const struct finding *finding)
{
    const char *name = finding_severity_name(finding->severity);
    buffer_append_string(out, "  ");
    tone_append(out, surface, tone_of(finding->severity), slice_of(name));
    width_pad(out, TEXT_COLUMN - 2 - strlen(name));
    append_seen(out, surface, finding);
    append_more(out, surface, "why", finding->why);
    append_more(out, surface, "do", finding->remedy);
}

static void append_subject(struct buffer *out, const struct surface *surface,
                           const struct findings *findings, const char *subject)
{
    tone_append(out, surface, TONE_BOLD, slice_of(subject));
    buffer_append_string(out, "\n");
    for (int severity = FINDING_OK; severity <= FINDING_FAULT; severity++)
        for (size_t i = 0; i < findings->count; i++)
            if (strcmp(findings->items[i].subject, subject) == 0 &&
                (int)findings->items[i].severity == severity)
                append_finding(out, surface, &findings->items[i]);
    buffer_append_string(out, "\n");
}

static void append_count(struct buffer *out, size_t count, const char *word,
                         const char *behind)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof(text), "%zu %s%s%s", count, word,
             count == 1 ? "" : "s", behind);
    buffer_append_string(out, text);
}

void report_append_text(const struct report *report,
                        const struct surface *surface, struct buffer *out)
{
    const struct findings *findings = report->findings;
    struct order order = {0};
    take_subjects(&order, findings);
    for (int worst = FINDING_OK; worst <= FINDING_FAULT; worst++)
        for (size_t i = 0; i < order.count; i++)
            if ((int)order.worst[i] == worst)
                append_subject(out, surface, findings, order.subjects[i]);
    append_count(out, findings_of(findings, FINDING_FAULT), "fault", ", ");
    append_count(out, findings_of(findings, FINDING_WARN), "warning", ", ");
    append_count(out, findings_of(findings, FINDING_NOTE), "note", "");
    buffer_append_string(out, report->is_running
                                  ? "; the bridge runs\n"
                                  : "; no bridge answers here\n");
}

/* ---- for programs -------------------------------------------------------- */

static void append_text(struct buffer *out, const char *key, const char *text)
{
    buffer_append_string(out, "\"");
    buffer_append_string(out, key);
    buffer_append_string(out, "\":");
    if (text == NULL)
        buffer_append_string(out, "null");
    else
        json_append_string(out, slice_of(text));
}

static void append_flag(struct buffer *out, const char *key, bool flag)
{
    buffer_append_string(out, ",\"");
    buffer_append_string(out, key);
    buffer_append_string(out, flag ? "\":true" : "\":false");
}

static void append_number(struct buffer *out, const char *key, size_t number)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof(text), ",\"%s\":%zu", key, number);
    buffer_append_string(out, text);
}

static void append_object(struct buffer *out, const struct finding *finding)
{
    const struct {
        const char *key, *text;
    } members[] = {
        {"severity", finding_severity_name(finding->severity)},
        {"subject", finding->subject},
        {"code", finding->code},
        {"account", finding->account},
        {"seen", finding->seen},
        {"why", finding->why},
        {"remedy", finding->remedy},
    };
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        buffer_append_string(out, i == 0 ? "{" : ",");
        append_text(out, members[i].key, members[i].text);
    }
    buffer_append_string(out, "}");
}

void report_append_json(const struct report *report, struct buffer *out)
{
    const struct findings *findings = report->findings;
    size_t faults = findings_of(findings, FINDING_FAULT);
    buffer_append_string(out, "{");
    append_text(out, "version", report->version);
    buffer_append_string(out, ",");
    append_text(out, "settings", report->file);
    append_flag(out, "settings_usable", report->are_settings_usable);
    append_flag(out, "running", report->is_running);
    append_flag(out, "ok", faults == 0);
    append_number(out, "faults", faults);
    append_number(out, "warnings", findings_of(findings, FINDING_WARN));
    append_number(out, "notes", findings_of(findings, FINDING_NOTE));
    buffer_append_string(out, ",\"findings\":[");
    for (size_t i = 0; i < findings->count; i++) {
        if (i > 0)
            buffer_append_string(out, ",");
        append_object(out, &findings->items[i]);
    }
    buffer_append_string(out, "]}");
}
