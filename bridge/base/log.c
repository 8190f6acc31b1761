/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "log_pairs.h"
#include "visible.h"

enum { MESSAGE_BYTES_MAX = 4096 };

/* The only state of the process as a whole: stderr is one, too. */
static atomic_int levels[LOG_COMPONENTS]; /* as log_options has them */
static atomic_int other_level = LOG_INFO; /* of those without one */
static atomic_int least_level = LOG_INFO; /* of them all */
static atomic_int current_format = LOG_AUTO;
static atomic_int current_content = LOG_CONTENT_NONE;
static atomic_uint_fast64_t counts[LOG_LEVELS];

void log_setup(const struct log_options *options)
{
    int least = (int)options->level;
    for (int i = 0; i < LOG_COMPONENTS; i++) {
        int level = (int)log_options_level(options, i);
        atomic_store(&levels[i], (int)options->levels[i]);
        least = level < least ? level : least;
    }
    atomic_store(&other_level, (int)options->level);
    atomic_store(&least_level, least);
    atomic_store(&current_format, (int)options->format);
    atomic_store(&current_content, (int)options->content);
}

enum log_content log_content(void)
{
    return (enum log_content)atomic_load(&current_content);
}

uint64_t log_count(enum log_level level)
{
    return atomic_load(&counts[level]);
}

/* systemd.exec(5): then the variable names the device and the inode of the
 * stream. It is inherited by whoever writes elsewhere, so they must be ours. */
static bool is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat file;
    char ours[48];
    if (stream == NULL || fstat(STDERR_FILENO, &file) != 0)
        return false;
    snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)file.st_dev,
             (uintmax_t)file.st_ino);
    return strcmp(stream, ours) == 0;
}

static bool as_json(bool to_journal)
{
    int format = atomic_load(&current_format);
    return format == LOG_JSON ||
           (format == LOG_AUTO && !to_journal && !isatty(STDERR_FILENO));
}

static void append_time(struct buffer *line)
{
    struct timespec now;
    struct tm utc;
    char text[40];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t size = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    buffer_append(line, text, size);
    snprintf(text, sizeof(text), ".%03dZ", (int)(now.tv_nsec / 1000000));
    buffer_append_string(line, text);
}

/* sd-daemon(3): what `journalctl -p` goes by. It is not kept in the message. */
static void append_priority(struct buffer *line, enum log_level level)
{
    static const char *const priorities[] = {"<7>", "<6>", "<4>", "<3>"};
    buffer_append_string(line, priorities[level]);
}

static void append_text_line(struct buffer *line, enum log_level level,
                             struct slice message)
{
    char head[16];
    append_time(line);
    snprintf(head, sizeof(head), " %-5s ", log_level_names[level]);
    buffer_append_string(line, head);
    visible_append(line, message);
}

static struct slice component_of(struct slice message)
{
    const char *colon = memmem(message.data, message.size, ": ", 2);
    return (struct slice){message.data,
                          colon == NULL ? 0 : (size_t)(colon - message.data)};
}

static int level_of(struct slice message)
{
    int component = log_word(log_components, component_of(message));
    int own = component < 0 ? 0 : atomic_load(&levels[component]);
    return own == 0 ? atomic_load(&other_level) : own - 1;
}

static void append_json_line(struct buffer *line, enum log_level level,
                             struct slice message)
{
    struct slice component = component_of(message);
    buffer_append_string(line, "{\"ts\":\"");
    append_time(line);
    buffer_append_string(line, "\",\"level\":\"");
    buffer_append_string(line, log_level_names[level]);
    if (component.size > 0) {
        buffer_append_string(line, "\",\"component\":\"");
        visible_append_json(line, component);
        message.data += component.size + 2;
        message.size -= component.size + 2;
    }
    buffer_append_string(line, "\",\"msg\":\"");
    visible_append_json(line, message);
    buffer_append_string(line, "\"");
    log_pairs_append_json(line, message);
    buffer_append_string(line, "}");
}

static void append_line(struct buffer *line, enum log_level level,
                        struct slice message)
{
    bool to_journal = is_journal();
    if (to_journal)
        append_priority(line, level);
    if (as_json(to_journal))
        append_json_line(line, level, message);
    else if (to_journal) /* it has a time and a level of its own */
        visible_append(line, message);
    else
        append_text_line(line, level, message);
    buffer_append(line, "\n", 1);
}

void log_write(enum log_level level, const char *format, ...)
{
    if ((int)level < atomic_load(&least_level))
        return;
    char message[MESSAGE_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    if ((size_t)size >= sizeof(message))
        size = (int)sizeof(message) - 1;

    struct buffer line = {0};
    struct slice text = {message, (size_t)size};
    if ((int)level < level_of(text))
        return;
    atomic_fetch_add(&counts[level], 1);
    append_line(&line, level, text);
    /* A log that cannot be written is nobody's to report. */
    ssize_t written = write(STDERR_FILENO, line.data, line.size);
    (void)written;
    buffer_finish(&line);
}
