/* SPDX-License-Identifier: MIT */
#include "look_machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/judge_machine.h"
#include "config/config.h"

enum { LINE_SIZE = 1024, PATH_SIZE = LINE_SIZE + 64, CHANNEL_FRAME = 64 << 20 };

/* ---- containers ---------------------------------------------------------- */

/* Has a line of the file one of these words in it? */
static bool has_word(const char *path, const char *const *words, size_t count)
{
    char line[LINE_SIZE];
    bool is_found = false;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    while (!is_found && fgets(line, sizeof(line), file) != NULL)
        for (size_t i = 0; i < count; i++)
            is_found |= strstr(line, words[i]) != NULL;
    fclose(file);
    return is_found;
}

/* The marks that Docker, Podman, systemd-nspawn, LXC and Kubernetes leave. */
bool look_is_in_container(void)
{
    static const char *const words[] = {"docker", "kubepods", "containerd",
                                        "libpod", "lxc"};
    const char *named = getenv("container");
    return (named != NULL && named[0] != '\0') ||
           access("/.dockerenv", F_OK) == 0 ||
           access("/run/.containerenv", F_OK) == 0 ||
           has_word("/proc/1/cgroup", words, sizeof(words) / sizeof(words[0]));
}

/* ---- the clock ----------------------------------------------------------- */

void look_at_clock(int64_t newest_ms, struct findings *findings)
{
    struct timex kernel = {.modes = 0}; /* only to read */
    int state = adjtimex(&kernel);
    const struct clock_facts facts = {
        .now_ms = (int64_t)clock_now().wall_ms,
        .newest_ms = newest_ms,
        .is_known = state >= 0,
        .is_unsynchronised =
            state == TIME_ERROR || (kernel.status & STA_UNSYNC) != 0,
    };
    judge_clock(&facts, findings);
}

/* ---- limits -------------------------------------------------------------- */

static uint64_t files_max(long pid)
{
    struct rlimit limit;
    if (pid == 0 || prlimit((pid_t)pid, RLIMIT_NOFILE, NULL, &limit) != 0)
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

static bool read_number(const char *path, uint64_t *number)
{
    FILE *file = fopen(path, "re");
    bool is_read = file != NULL && fscanf(file, "%" SCNu64, number) == 1;
    if (file != NULL)
        fclose(file);
    return is_read;
}

/* The memory that the group, or one above it, may have. */
static void take_group(const char *root, char *group, const char *name,
                       uint64_t *most)
{
    char path[PATH_SIZE + LINE_SIZE];
    uint64_t number;
    for (;;) {
        snprintf(path, sizeof(path), "%s%s/%s", root, group, name);
        if (read_number(path, &number) && number < *most)
            *most = number;
        char *slash = strrchr(group, '/');
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}

/* A line of /proc/PID/cgroup: "0::/group", or "4:memory:/group" of the first
 * version. */
static void take_line(char *line, uint64_t *most)
{
    line[strcspn(line, "\n")] = '\0';
    char *kind = strchr(line, ':');
    char *group = kind == NULL ? NULL : strchr(kind + 1, ':');
    if (group == NULL)
        return;
    *group++ = '\0';
    if (kind[1] == '\0')
        take_group("/sys/fs/cgroup", group, "memory.max", most);
    else if (strcmp(kind + 1, "memory") == 0)
        take_group("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes",
                   most);
}

static uint64_t memory_max(long pid)
{
    /* The first version says "none" with a number as large as this. */
    const uint64_t none = UINT64_C(1) << 60;
    char path[PATH_SIZE], line[LINE_SIZE];
    uint64_t most = UINT64_MAX;
    if (pid == 0)
        pid = getpid();
    snprintf(path, sizeof(path), "/proc/%ld/cgroup", pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        take_line(line, &most);
    if (file != NULL)
        fclose(file);
    return most < none ? most : UINT64_MAX;
}

void look_at_limits(const struct config *config, long pid,
                    struct findings *findings)
{
    const struct limit_facts facts = {
        .files_max = files_max(pid),
        .account_count = config == NULL ? 1 : config->account_count,
        .memory_max = memory_max(pid),
        .frame_bytes_max =
            config == NULL ? CHANNEL_FRAME : config->frame_bytes_max,
        .is_in_container = look_is_in_container(),
    };
    judge_limits(&facts, findings);
}
