/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LINE_SIZE = 1024 };

/* The first line of the file, or the first that begins with `key`. */
static bool read_line(const char *path, const char *key, char line[LINE_SIZE])
{
    FILE *file = fopen(path, "re");
    bool is_found = false;
    if (file == NULL)
        return false;
    while (!is_found && fgets(line, LINE_SIZE, file) != NULL)
        is_found = strncmp(line, key, strlen(key)) == 0;
    fclose(file);
    return is_found;
}

/* When the machine was booted, in seconds since 1970. */
static uint64_t boot_s(void)
{
    char line[LINE_SIZE];
    uint64_t seconds = 0;
    if (read_line("/proc/stat", "btime ", line))
        (void)sscanf(line, "btime %" SCNu64, &seconds);
    return seconds;
}

/* proc(5): the 20th field and those behind the 21st. The second is the name of
 * the program, which may have blanks and brackets. */
static void read_stat(struct process_state *state)
{
    char line[LINE_SIZE];
    uint64_t threads, start_ticks, bytes, pages;
    const char *behind_name;
    if (!read_line("/proc/self/stat", "", line) ||
        (behind_name = strrchr(line, ')')) == NULL ||
        sscanf(behind_name,
               ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
               "%*s %*s %" SCNu64 " %*s %" SCNu64 " %" SCNu64 " %" SCNu64,
               &threads, &start_ticks, &bytes, &pages) != 4)
        return;
    state->threads = threads;
    state->start_ms =
        1000 * boot_s() + 1000 * start_ticks / (uint64_t)sysconf(_SC_CLK_TCK);
    state->virtual_bytes = bytes;
    state->resident_bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void count_fds(struct process_state *state)
{
    DIR *folder = opendir("/proc/self/fd");
    struct rlimit limit;
    if (folder != NULL) {
        const struct dirent *entry;
        while ((entry = readdir(folder)) != NULL)
            state->open_fds += entry->d_name[0] != '.';
        state->open_fds--; /* the folder's own */
        closedir(folder);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        state->max_fds = (uint64_t)limit.rlim_cur;
}

static uint64_t us_of(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

void process_look(struct process_state *state)
{
    struct rusage usage;
    *state = (struct process_state){.cpu_us = 0};
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        state->cpu_us = us_of(&usage.ru_utime) + us_of(&usage.ru_stime);
    read_stat(state);
    count_fds(state);
}
