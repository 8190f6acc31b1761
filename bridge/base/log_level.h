/* SPDX-License-Identifier: MIT */
/* How much the log says: the words for it. Pure. */
#ifndef ONEBUS_LOG_LEVEL_H
#define ONEBUS_LOG_LEVEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
/* LOG_AUTO: text when stderr is a terminal or systemd's journal, else JSON. */
enum log_format { LOG_AUTO, LOG_TEXT, LOG_JSON };
/* What may be seen of what people said: nothing, how it begins, all of it. */
enum log_content { LOG_CONTENT_NONE, LOG_CONTENT_PREVIEW, LOG_CONTENT_FULL };

enum {
    LOG_LEVELS = LOG_ERROR + 1,
    LOG_COMPONENTS = 23,
    LOG_COMPONENT_SIZE = 16,
};

/* The parts that a message can be of, "link" in "link: up"; and what the
 * settings call the enums' values. In their order, a NULL at the end. */
extern const char *const log_components[LOG_COMPONENTS + 1];
extern const char *const log_level_names[];
extern const char *const log_format_names[];
extern const char *const log_content_names[];

/* Where `word` is in such a list; -1: nowhere. */
int log_word(const char *const *words, struct slice word);

/* All of it. */
struct log_options {
    enum log_level level;
    enum log_format format;
    enum log_content content;
    /* By component: 1 + the level of its own; 0: the one above. */
    uint8_t levels[LOG_COMPONENTS];
};

enum log_level log_options_level(const struct log_options *options,
                                 int component);

/* Is what the component says at this level written? */
bool log_options_shows(const struct log_options *options, enum log_level level,
                       const char *component);

/* What somebody wants otherwise; -1: as it is. */
struct log_change {
    int level, content;
    int component; /* whose level; -1: of all, and none has its own any more */
    uint64_t for_ms; /* 0: until the settings are read again */
};

void log_options_change(struct log_options *options,
                        const struct log_change *change);

#endif
