/* SPDX-License-Identifier: MIT */
#include "log_level.h"

#include <string.h>

const char *const log_components[LOG_COMPONENTS + 1] = {
    "access",   "account", "actions", "bridge",     "bus",     "call",
    "event",    "fetcher", "frame",   "http",       "journal", "libwebsockets",
    "link",     "log",     "loop",    "nats",       "pairing", "sending",
    "settings", "store",   "state",   "supervisor", "ws",      NULL,
};

const char *const log_level_names[] = {
    [LOG_DEBUG] = "debug", [LOG_INFO] = "info",    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error", [LOG_ERROR + 1] = NULL,
};

const char *const log_format_names[] = {
    [LOG_AUTO] = "auto",
    [LOG_TEXT] = "text",
    [LOG_JSON] = "json",
    [LOG_JSON + 1] = NULL,
};

const char *const log_content_names[] = {
    [LOG_CONTENT_NONE] = "none",
    [LOG_CONTENT_PREVIEW] = "preview",
    [LOG_CONTENT_FULL] = "full",
    [LOG_CONTENT_FULL + 1] = NULL,
};

int log_word(const char *const *words, struct slice word)
{
    for (int i = 0; words[i] != NULL; i++)
        if (slice_equals(word, words[i]))
            return i;
    return -1;
}

enum log_level log_options_level(const struct log_options *options,
                                 int component)
{
    if (component < 0 || options->levels[component] == 0)
        return options->level;
    return (enum log_level)(options->levels[component] - 1);
}

bool log_options_shows(const struct log_options *options, enum log_level level,
                       const char *component)
{
    int place = log_word(log_components, slice_of(component));
    return level >= log_options_level(options, place);
}

void log_options_change(struct log_options *options,
                        const struct log_change *change)
{
    if (change->content >= 0)
        options->content = (enum log_content)change->content;
    if (change->level < 0)
        return;
    if (change->component >= 0) {
        options->levels[change->component] = (uint8_t)(change->level + 1);
        return;
    }
    options->level = (enum log_level)change->level;
    memset(options->levels, 0, sizeof(options->levels));
}
