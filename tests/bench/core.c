/* SPDX-License-Identifier: MIT */
/* onebus_bench_core: sends a fixed corpus of events through the pure core, a
 * number of rounds: JSON text in, event message out, no socket, no thread.
 *
 * It is made to be run twice under callgrind, with N rounds and with 2N: the
 * difference, divided by the events of N rounds, is what an event costs in
 * instructions, without start and end of the process. That figure is the same
 * on any day. The line of JSON it prints has the time as well. */
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "base/buffer.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/onebot.h"
#include "nanos.h"
#include "open_gate.h"
#include "sample.h"

enum {
    FRAMES_MAX = 1024,
    PATH_BYTES = 4096,
    SCRATCH_KEEP = 1024 * 1024,
};

struct corpus {
    struct buffer frames[FRAMES_MAX];
    size_t count;
    size_t events; /* of them; the others are converted all the same */
    size_t bytes;  /* of the frames */
};

/* All that is used again from event to event. */
struct core {
    struct buffer pack, out;
    struct event_scratch scratch;
};

static void read_file(const char *path, struct buffer *text)
{
    FILE *file = fopen(path, "rb");
    char piece[4096];
    size_t size;
    if (file == NULL)
        err(EXIT_FAILURE, "%s", path);
    while ((size = fread(piece, 1, sizeof(piece), file)) != 0)
        buffer_append(text, piece, size);
    if (ferror(file))
        err(EXIT_FAILURE, "%s", path);
    fclose(file);
}

static int is_json(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".json") == 0;
}

static struct buffer *next_frame(struct corpus *corpus)
{
    if (corpus->count == FRAMES_MAX)
        errx(EXIT_FAILURE, "more than %d frames", FRAMES_MAX);
    return &corpus->frames[corpus->count++];
}

/* In the order of the names: the corpus is the same on every machine. */
static void add_fixtures(struct corpus *corpus, const char *directory)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_json, alphasort);
    if (count < 0)
        err(EXIT_FAILURE, "%s", directory);
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];
        snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
        read_file(path, next_frame(corpus));
        free(entries[i]);
    }
    free(entries);
}

static void add_sample(struct corpus *corpus, const char *size)
{
    struct sample sample;
    if (!sample_find(size, &sample))
        errx(2, "--sample: small, medium or large");
    buffer_append(next_frame(corpus), sample.text.data, sample.text.size);
}

/* One frame through the core. False if it is no event. */
static bool cross(struct core *core, struct slice text)
{
    static const struct event_context context = {
        .epoch = "bench",
        .seq = 1,
        .time_ms = 1731234567000,
        .account = "default",
        .self_id = 3889001741,
        .peer = "NapCat.Onebot/4.8.0",
    };
    struct onebot_frame frame;
    struct json_error error;
    if (onebot_read(text, JSON_DEPTH_DEFAULT, &core->pack, &frame, &error) !=
        STATUS_OK)
        errx(EXIT_FAILURE, "refused at %zu: %s", error.offset, error.reason);
    if (frame.kind != ONEBOT_EVENT)
        return false;
    buffer_clear(&core->out, SCRATCH_KEEP);
    open_gate_pack(&frame, &context, &core->scratch, &core->out);
    return true;
}

static void core_finish(struct core *core)
{
    buffer_finish(&core->pack);
    buffer_finish(&core->out);
    event_scratch_finish(&core->scratch);
}

/* The whole corpus once. */
static void run_round(struct core *core, struct corpus *corpus)
{
    corpus->events = corpus->bytes = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        struct slice text = buffer_slice(&corpus->frames[i]);
        corpus->bytes += text.size;
        if (cross(core, text))
            corpus->events++;
    }
}

static void corpus_destroy(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++)
        buffer_finish(&corpus->frames[i]);
    free(corpus);
}

static void report(const struct corpus *corpus, unsigned long rounds,
                   uint64_t nanos)
{
    double events = (double)corpus->events * (double)rounds;
    printf("{\"frames\":%zu,\"events\":%zu,\"bytes\":%zu,\"rounds\":%lu,"
           "\"seconds\":%.6f,\"ns_per_event\":%.1f}\n",
           corpus->count, corpus->events, corpus->bytes, rounds,
           nanos_to_seconds(nanos), events > 0 ? (double)nanos / events : 0);
}

int main(int argc, char **argv)
{
    const char *fixtures = NULL, *sample = NULL;
    unsigned long rounds = 1, time_limit = 300;
    const struct arg args[] = {
        {"fixtures", "directory of frames, *.json", .text = &fixtures},
        {"sample", "small, medium or large", .text = &sample},
        {"rounds", "through the whole corpus (1)", .number = &rounds},
        {"time-limit", "seconds (300)", .number = &time_limit},
        {.name = NULL},
    };
    args_read(argc, argv, args);
    alarm((unsigned)time_limit);
    struct corpus *corpus = mem_zalloc(1, sizeof(*corpus));
    if (fixtures != NULL)
        add_fixtures(corpus, fixtures);
    if (sample != NULL)
        add_sample(corpus, sample);

    struct core core = {0};
    uint64_t started_ns = nanos_now();
    for (unsigned long i = 0; i < rounds; i++)
        run_round(&core, corpus);
    report(corpus, rounds, nanos_now() - started_ns);
    core_finish(&core);
    corpus_destroy(corpus);
    return EXIT_SUCCESS;
}
