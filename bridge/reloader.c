/* SPDX-License-Identifier: MIT */
#include "reloader.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

struct reloader {
    enum status (*load)(void *ctx, struct config *config,
                        struct config_faults *faults);
    void *load_ctx;
    void (*wake)(void *ctx);
    void *wake_ctx;
    pthread_t thread;
    bool runs;  /* the thread is to be joined */
    bool again; /* somebody asked while it ran */
    pthread_mutex_t mutex;
    bool is_done; /* under the mutex, and so are these: */
    enum status status;
    struct config config;
    struct config_faults faults;
};

struct reloader *
reloader_create(enum status (*load)(void *ctx, struct config *config,
                                    struct config_faults *),
                void *load_ctx, void (*wake)(void *ctx), void *wake_ctx)
{
    struct reloader *reloader = mem_zalloc(1, sizeof(*reloader));
    reloader->load = load;
    reloader->load_ctx = load_ctx;
    reloader->wake = wake;
    reloader->wake_ctx = wake_ctx;
    pthread_mutex_init(&reloader->mutex, NULL);
    return reloader;
}

static void *run(void *ctx)
{
    struct reloader *reloader = ctx;
    struct config config = {0};
    struct config_faults faults = {0};
    enum status status = reloader->load(reloader->load_ctx, &config, &faults);
    pthread_mutex_lock(&reloader->mutex);
    reloader->status = status;
    reloader->config = config;
    reloader->faults = faults;
    reloader->is_done = true;
    pthread_mutex_unlock(&reloader->mutex);
    reloader->wake(reloader->wake_ctx);
    return NULL;
}

bool reloader_start(struct reloader *reloader)
{
    if (reloader->runs) {
        reloader->again = true;
        return true;
    }
    reloader->runs =
        pthread_create(&reloader->thread, NULL, run, reloader) == 0;
    return reloader->runs;
}

bool reloader_is_busy(const struct reloader *reloader)
{
    return reloader->runs;
}

static bool is_done(struct reloader *reloader)
{
    pthread_mutex_lock(&reloader->mutex);
    bool done = reloader->is_done;
    pthread_mutex_unlock(&reloader->mutex);
    return done;
}

bool reloader_take(struct reloader *reloader, enum status *status,
                   struct config *config, struct config_faults *faults)
{
    if (!reloader->runs || !is_done(reloader))
        return false;
    pthread_join(reloader->thread, NULL);
    *status = reloader->status;
    *config = reloader->config;
    *faults = reloader->faults;
    reloader->runs = false;
    reloader->is_done = false;
    if (reloader->again) {
        reloader->again = false;
        (void)reloader_start(reloader);
    }
    return true;
}

void reloader_destroy(struct reloader *reloader)
{
    if (reloader == NULL)
        return;
    if (reloader->runs) {
        pthread_join(reloader->thread, NULL);
        if (reloader->status == STATUS_OK)
            config_finish(&reloader->config);
        config_faults_finish(&reloader->faults);
    }
    pthread_mutex_destroy(&reloader->mutex);
    free(reloader);
}
