/* SPDX-License-Identifier: MIT */
#include "nats_position.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

enum { BYTES_MAX = 1024 };

static bool parse(const char *text, struct nats_position *position)
{
    int size = 0;
    int count = sscanf(text,
                       "epoch=%16[0-9a-f]\nseq=%" SCNu64 "\nstream=%255[^ \n]\n"
                       "created_ns=%" SCNu64 "\nplace=%" SCNu64 "\n%n",
                       position->epoch, &position->seq, position->stream,
                       &position->created_ns, &position->place, &size);
    return count == 5 && size > 0 && text[size] == '\0';
}

bool nats_position_read(const char *folder, struct nats_position *position)
{
    char path[PATH_MAX];
    struct buffer text = {0};
    struct nats_position found = {0};
    snprintf(path, sizeof(path), "%s/%s", folder, NATS_POSITION_FILE_NAME);
    int error = file_read(path, BYTES_MAX, &text);
    buffer_append(&text, "", 1);
    bool is_sound = error == 0 && parse(text.data, &found);
    *position = is_sound ? found : (struct nats_position){0};
    buffer_finish(&text);
    return error != ENOENT;
}

static bool write_file(const char *path, const struct nats_position *position)
{
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return false;
    int size = fprintf(file,
                       "epoch=%s\nseq=%" PRIu64 "\nstream=%s\n"
                       "created_ns=%" PRIu64 "\nplace=%" PRIu64 "\n",
                       position->epoch, position->seq, position->stream,
                       position->created_ns, position->place);
    return fclose(file) == 0 && size > 0;
}

/* Beside it, and then in its place: it is whole or as it was. */
bool nats_position_write(const char *folder,
                         const struct nats_position *position)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", folder, NATS_POSITION_FILE_NAME);
    snprintf(fresh, sizeof(fresh), "%s/%s.new", folder,
             NATS_POSITION_FILE_NAME);
    if (write_file(fresh, position) && rename(fresh, path) == 0)
        return true;
    int error = errno;
    (void)unlink(fresh);
    errno = error;
    return false;
}
