/* SPDX-License-Identifier: MIT */
#include "occupant.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    ROW_SIZE = 512,
    COMMAND_SIZE = 4096,
    PATH_SIZE = 300,
    WORDS_MAX = 2,
    LISTENING = 10, /* TCP_LISTEN, of include/net/tcp_states.h */
};

/* ---- command lines ------------------------------------------------------- */

/* In the whole command line, in lower case; the first that is there counts. */
static const struct {
    const char *word;
    enum occupant_kind kind;
} WORDS[] = {
    {"napcat", OCCUPANT_NAPCAT},       {"docker-proxy", OCCUPANT_DOCKER},
    {"rootlessport", OCCUPANT_DOCKER}, {"go-cqhttp", OCCUPANT_ONEBOT},
    {"lagrange", OCCUPANT_ONEBOT},     {"llonebot", OCCUPANT_ONEBOT},
    {"llbot", OCCUPANT_ONEBOT},        {"luckylillia", OCCUPANT_ONEBOT},
    {"snowluma", OCCUPANT_ONEBOT},     {"onebot", OCCUPANT_ONEBOT},
    {"nonebot", OCCUPANT_ONEBOT},      {"koishi", OCCUPANT_ONEBOT},
    {"astrbot", OCCUPANT_ONEBOT},
};

static bool has_word(struct slice text, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        size_t j = 0;
        while (j < size && tolower((unsigned char)text.data[i + j]) == word[j])
            j++;
        if (j == size)
            return true;
    }
    return false;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static enum occupant_kind kind_of(const char *program, struct slice command)
{
    if (strcmp(base_of(program), "onebus") == 0)
        return OCCUPANT_ONEBUS;
    if (strcmp(base_of(program), "qq") == 0) /* NapCat lives inside of it */
        return OCCUPANT_NAPCAT;
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (has_word(command, WORDS[i].word))
            return WORDS[i].kind;
    return OCCUPANT_OTHER;
}

/* What an interpreter runs, which is no secret; a word without that form may be
 * one. */
static bool is_script(const char *word)
{
    static const char *const ends[] = {".js", ".mjs", ".cjs", ".py", ".jar"};
    size_t size = strlen(word);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t end = strlen(ends[i]);
        if (size > end && strcmp(word + size - end, ends[i]) == 0)
            return word[0] != '-';
    }
    return false;
}

struct occupant occupant_of_command(struct slice command)
{
    char words[WORDS_MAX][OCCUPANT_NAME_SIZE / 2] = {"", ""};
    struct occupant occupant = {.uid = -1};
    size_t at = 0;
    for (size_t i = 0; i < WORDS_MAX && at < command.size; i++) {
        size_t size = strnlen(command.data + at, command.size - at);
        snprintf(words[i], sizeof(words[i]), "%.*s", (int)size,
                 command.data + at);
        at += size + 1;
    }
    bool has_script = is_script(words[1]);
    snprintf(occupant.name, sizeof(occupant.name), "%s%s%s", words[0],
             has_script ? " " : "", has_script ? words[1] : "");
    occupant.kind =
        words[0][0] == '\0' ? OCCUPANT_HIDDEN : kind_of(words[0], command);
    return occupant;
}

static size_t read_file(const char *path, char *text, size_t room)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? 0 : read(file, text, room);
    if (file >= 0)
        close(file);
    return size > 0 ? (size_t)size : 0;
}

struct occupant occupant_of_pid(long pid)
{
    char path[PATH_SIZE], command[COMMAND_SIZE];
    snprintf(path, sizeof(path), "/proc/%ld/cmdline", pid);
    struct occupant occupant = occupant_of_command(
        (struct slice){command, read_file(path, command, sizeof(command))});
    occupant.pid = pid;
    return occupant;
}

/* ---- ports --------------------------------------------------------------- */

/* Eight digits a word, each word in the machine's order. */
static bool read_address(const char *text, size_t size,
                         struct in6_addr *address)
{
    uint32_t words[4] = {0, 0, htonl(0xffff), 0};
    size_t count = size / 8;
    if (size != 8 && size != 32)
        return false;
    for (size_t i = 0; i < count; i++) {
        char word[9];
        snprintf(word, sizeof(word), "%.8s", text + 8 * i);
        words[4 - count + i] = (uint32_t)strtoul(word, NULL, 16);
    }
    memcpy(address->s6_addr, words, sizeof(words));
    return true;
}

bool occupant_read_row(const char *text, struct occupant_row *row)
{
    char local[40];
    unsigned port, state;
    if (sscanf(text,
               " %*u: %39[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*x:%*x %*x:%*x "
               "%*x %ld %*u %lu",
               local, &port, &state, &row->uid, &row->inode) != 5)
        return false;
    row->port = (int)port;
    row->is_listening = state == LISTENING;
    return read_address(local, strlen(local), &row->address);
}

static bool is_any(const struct in6_addr *address)
{
    struct in6_addr mapped;
    memcpy(&mapped, address, sizeof(mapped));
    if (IN6_IS_ADDR_V4MAPPED(&mapped))
        return mapped.s6_addr32[3] == 0;
    return IN6_IS_ADDR_UNSPECIFIED(&mapped);
}

static bool is_in_the_way(const struct occupant_row *row,
                          const struct in6_addr *address, int port)
{
    return row->is_listening && row->port == port &&
           (is_any(&row->address) || is_any(address) ||
            memcmp(&row->address, address, sizeof(*address)) == 0);
}

static bool find_row(const char *table, const struct in6_addr *address,
                     int port, struct occupant_row *row)
{
    char text[ROW_SIZE];
    bool is_found = false;
    FILE *file = fopen(table, "re");
    if (file == NULL)
        return false;
    while (!is_found && fgets(text, sizeof(text), file) != NULL)
        is_found =
            occupant_read_row(text, row) && is_in_the_way(row, address, port);
    fclose(file);
    return is_found;
}

static bool has_socket(const char *pid, unsigned long inode)
{
    char path[PATH_SIZE], link[64], wanted[64];
    bool is_found = false;
    snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
    snprintf(path, sizeof(path), "/proc/%s/fd", pid);
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder != NULL && !is_found && (entry = readdir(folder)) != NULL) {
        ssize_t size =
            readlinkat(dirfd(folder), entry->d_name, link, sizeof(link) - 1);
        link[size > 0 ? size : 0] = '\0';
        is_found = strcmp(link, wanted) == 0;
    }
    if (folder != NULL)
        closedir(folder);
    return is_found;
}

static long find_pid(unsigned long inode)
{
    long pid = 0;
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    while (folder != NULL && pid == 0 && (entry = readdir(folder)) != NULL)
        if (isdigit((unsigned char)entry->d_name[0]) &&
            has_socket(entry->d_name, inode))
            pid = atol(entry->d_name);
    if (folder != NULL)
        closedir(folder);
    return pid;
}

struct occupant occupant_of_port(const struct in6_addr *address, int port)
{
    struct occupant_row row;
    if (!find_row("/proc/net/tcp", address, port, &row) &&
        !find_row("/proc/net/tcp6", address, port, &row))
        return (struct occupant){.uid = -1};
    long pid = find_pid(row.inode);
    struct occupant occupant = pid == 0
                                   ? (struct occupant){.kind = OCCUPANT_HIDDEN}
                                   : occupant_of_pid(pid);
    occupant.uid = row.uid;
    return occupant;
}
