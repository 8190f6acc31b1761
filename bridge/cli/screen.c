/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    /* Where a terminal does not tell. */
    COLUMNS = 80,
    LINES = 24,
};

static bool is_terminal(void)
{
    const char *kind = getenv("TERM");
    return isatty(STDOUT_FILENO) == 1 && kind != NULL &&
           strcmp(kind, "dumb") != 0;
}

static struct winsize size_of(void)
{
    struct winsize size = {0};
    (void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    if (size.ws_col == 0)
        size.ws_col = COLUMNS;
    if (size.ws_row == 0)
        size.ws_row = LINES;
    return size;
}

struct surface screen_surface(void)
{
    const char *refused = getenv("NO_COLOR");
    if (!is_terminal())
        return (struct surface){0};
    return (struct surface){
        .columns = size_of().ws_col,
        .has_colours = refused == NULL || refused[0] == '\0',
    };
}

/* The line at the front of `text`, its line feed taken off both. */
static struct slice take_line(struct slice *text)
{
    const char *end = memchr(text->data, '\n', text->size);
    size_t size = end == NULL ? text->size : (size_t)(end - text->data);
    struct slice line = {text->data, size};
    size_t taken = size + (end == NULL ? 0 : 1);
    *text = (struct slice){text->data + taken, text->size - taken};
    return line;
}

/* The cursor ends below the last line, where a prompt can follow. Each line is
 * overwritten and its rest wiped: to wipe it all first would flicker. */
static void append_frame(struct buffer *out, struct slice lines)
{
    size_t rows = size_of().ws_row;
    buffer_append_string(out, "\033[H");
    for (size_t i = 1; lines.size > 0 && i < rows; i++) {
        struct slice line = take_line(&lines);
        buffer_append(out, line.data, line.size);
        buffer_append_string(out, "\033[K\n");
    }
    buffer_append_string(out, "\033[J");
}

bool screen_draw(struct screen *screen, struct slice lines)
{
    struct buffer out = {0};
    if (!screen->is_redrawn || !is_terminal()) {
        if (screen->was_drawn)
            buffer_append(&out, "\n", 1);
        buffer_append(&out, lines.data, lines.size);
    } else {
        if (!screen->was_drawn)
            buffer_append_string(&out, "\033[2J");
        append_frame(&out, lines);
    }
    screen->was_drawn = true;
    bool is_read = fwrite(out.data, 1, out.size, stdout) == out.size &&
                   fflush(stdout) == 0;
    buffer_finish(&out);
    return is_read;
}
