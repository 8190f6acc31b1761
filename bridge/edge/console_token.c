/* SPDX-License-Identifier: MIT */
#include "console_token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"

enum { PATH_SIZE = 512, DIGITS = CONSOLE_TOKEN_SIZE - 1 };

static bool is_token(const char *text)
{
    return strlen(text) == DIGITS && strspn(text, "0123456789abcdef") == DIGITS;
}

static bool read_token(const char *path, char token[CONSOLE_TOKEN_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t size = read(fd, token, DIGITS);
    close(fd);
    token[size > 0 ? size : 0] = '\0';
    return is_token(token);
}

/* Whole or not at all: it is written beside, and then takes its place. */
static bool write_token(const char *path, const char *token)
{
    char beside[PATH_SIZE + 8];
    snprintf(beside, sizeof(beside), "%s.new", path);
    (void)unlink(beside);
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool is_written =
        write(fd, token, DIGITS) == DIGITS && write(fd, "\n", 1) == 1;
    close(fd);
    return is_written && rename(beside, path) == 0;
}

bool console_token_load(const char *folder,
                        char token[static CONSOLE_TOKEN_SIZE], char *fault,
                        size_t fault_size)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%.400s/console-token", folder);
    if (read_token(path, token))
        return true;
    random_digits(token, CONSOLE_TOKEN_SIZE);
    if (write_token(path, token))
        return true;
    snprintf(fault, fault_size, "%s: %s", path, strerror(errno));
    token[0] = '\0';
    return false;
}
