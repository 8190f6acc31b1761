/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int cli_help(const struct cli_command *command)
{
    fputs(command->usage, stdout);
    return EXIT_OK;
}

int cli_misuse(const struct cli_command *command)
{
    fprintf(stderr, "See: onebus %s --help\n", command->name);
    return EXIT_USAGE;
}

bool cli_print(struct slice text)
{
    return fwrite(text.data, 1, text.size, stdout) == text.size &&
           fputc('\n', stdout) != EOF && fflush(stdout) == 0;
}

long cli_number(const char *option, const char *text, long least)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno == 0 && *text != '\0' && *end == '\0' && number >= least)
        return number;
    fprintf(stderr, "onebus: %s %s: allowed: a whole number from %ld on\n",
            option, text, least);
    return -1;
}

/* DEL, or a C1 control in UTF-8 (U+0080 to U+009F): its code; else 0. */
static unsigned control_at(const char *at, const char *end)
{
    unsigned char first = (unsigned char)at[0];
    if (first == 0x7f)
        return first;
    if (first != 0xc2 || end - at < 2 || (unsigned char)at[1] >= 0xa0)
        return 0;
    return (unsigned char)at[1];
}

bool cli_print_json(struct slice json)
{
    struct buffer text = {0};
    const char *end = json.data + json.size;
    for (const char *at = json.data; at < end; at++) {
        unsigned control = control_at(at, end);
        char escape[16];
        if (control == 0) {
            buffer_append(&text, at, 1);
            continue;
        }
        snprintf(escape, sizeof(escape), "\\u%04x", control);
        buffer_append_string(&text, escape);
        at += control == 0x7f ? 0 : 1;
    }
    bool is_read = cli_print(buffer_slice(&text));
    buffer_finish(&text);
    return is_read;
}
