/* SPDX-License-Identifier: MIT */
/* What `onebus doctor` has found: what was seen, why that matters, and what to
 * do, as a command or a line of the settings. Parts of it are strangers' words:
 * each text is kept as one visible line. Pure. One thread. */
#ifndef ONEBUS_FINDING_H
#define ONEBUS_FINDING_H

#include <stddef.h>

/* From the mildest on. */
enum finding_severity {
    FINDING_OK,
    FINDING_NOTE,  /* good to know */
    FINDING_WARN,  /* it may be the cause, or become one */
    FINDING_FAULT, /* so it cannot work */
};

enum { FINDING_SEVERITIES = FINDING_FAULT + 1 };

/* The texts are owned; NULL: there is none. */
struct finding {
    enum finding_severity severity;
    const char *subject; /* a literal: "addresses" */
    const char *code;    /* a literal, for programs: "port-taken" */
    char *account;
    char *seen;
    char *why;
    char *remedy;
};

/* Zero-initialised is empty. */
struct findings {
    struct finding *items;
    size_t count, capacity;
    const char *subject; /* of those that come next; a literal */
};

/* Add one. `account` may be NULL. The result is good until the next one. */
struct finding *findings_add(struct findings *findings,
                             enum finding_severity severity, const char *code,
                             const char *account, const char *seen, ...)
    __attribute__((format(printf, 5, 6)));

/* Once each for a finding. */
void finding_why(struct finding *finding, const char *why, ...)
    __attribute__((format(printf, 2, 3)));
void finding_remedy(struct finding *finding, const char *remedy, ...)
    __attribute__((format(printf, 2, 3)));

size_t findings_of(const struct findings *findings,
                   enum finding_severity severity);

/* "ok", "note", "warn", "fault" */
const char *finding_severity_name(enum finding_severity severity);

void findings_finish(struct findings *findings);

#endif
