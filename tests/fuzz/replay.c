/* SPDX-License-Identifier: MIT */
/* Feed a fuzz target the files of the folders named, in the order of their
 * names: a corpus as an ordinary test, without libFuzzer.
 *
 *     json_read_replay tests/fuzz/corpus/json_read [FOLDER|FILE …]
 *
 * Each name is printed before its turn, so that the last one is to blame when
 * the target ends the process. A folder that is not there is empty: not every
 * target has regressions. Exits with 1 if there was no file at all. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn static void fail(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(1);
}

static void read_whole(FILE *file, struct buffer *out)
{
    enum { CHUNK = 4096 };
    size_t got;
    do {
        buffer_reserve(out, CHUNK);
        got = fread(out->data + out->size, 1, CHUNK, file);
        out->size += got;
    } while (got > 0);
}

/* The target gets a copy that ends where its memory does, so that a sanitizer
 * sees one byte read too many. */
static void feed(const struct buffer *content)
{
    uint8_t *copy = malloc(content->size);
    if (content->size > 0)
        memcpy(copy, content->data, content->size);
    LLVMFuzzerTestOneInput(copy, content->size);
    free(copy);
}

static void replay_file(const char *path)
{
    struct buffer content = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail(path);
    puts(path);
    fflush(stdout);
    read_whole(file, &content);
    if (ferror(file))
        fail(path);
    fclose(file);
    feed(&content);
    buffer_finish(&content);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Returns how many files there were. */
static size_t replay(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);
    if (count < 0 && errno == ENOENT)
        return 0;
    if (count < 0 && errno == ENOTDIR) {
        replay_file(path);
        return 1;
    }
    if (count < 0)
        fail(path);
    for (int i = 0; i < count; i++) {
        struct buffer name = {0};
        buffer_append_string(&name, path);
        buffer_append_string(&name, "/");
        buffer_append(&name, entries[i]->d_name,
                      strlen(entries[i]->d_name) + 1);
        replay_file(name.data);
        buffer_finish(&name);
        free(entries[i]);
    }
    free(entries);
    return (size_t)count;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    printf("%zu inputs\n", count);
    return count > 0 ? 0 : 1;
}
