/* SPDX-License-Identifier: MIT */
#include "loudness.h"

#include <inttypes.h>

#include "base/log.h"
#include "config/config.h"
#include "config/log_levels.h"

/* A warning, so that it is there whatever the level: who reads the log later is
 * to know why it is so long, or has what people said in it. */
static void say(const struct log_options *options,
                const struct log_change *change)
{
    bool is_part = change->level >= 0 && change->component >= 0;
    log_warn(
        "log: changed level=%s content=%s component=%s for_ms=%" PRIu64 ": %s",
        log_level_names[change->level < 0 ? (int)options->level
                                          : change->level],
        log_content_names[options->content],
        is_part ? log_components[change->component] : "all", change->for_ms,
        change->for_ms == 0 ? "until the settings are read again"
                            : "then the settings count again");
}

void loudness_settle(struct loudness *loudness, const struct config *config)
{
    loudness->settings = (struct log_options){
        .level = config->log_level,
        .format = config->log_format,
        .content = config->log_content,
    };
    log_levels_read(config->log_levels, &loudness->settings);
    loudness->now = loudness->settings;
    loudness->until_ms = UINT64_MAX;
    log_setup(&loudness->now);
}

/* What was changed before ends with the last change. */
void loudness_change(struct loudness *loudness, const struct log_change *change,
                     uint64_t now_ms)
{
    if (change->level < 0 && change->content < 0)
        return;
    log_options_change(&loudness->now, change);
    loudness->until_ms =
        change->for_ms == 0 ? UINT64_MAX : now_ms + change->for_ms;
    log_setup(&loudness->now);
    say(&loudness->now, change);
}

bool loudness_tick(struct loudness *loudness, uint64_t now_ms)
{
    if (now_ms < loudness->until_ms)
        return false;
    loudness->until_ms = UINT64_MAX;
    loudness->now = loudness->settings;
    log_setup(&loudness->now);
    log_info("log: as the settings have it again level=%s content=%s",
             log_level_names[loudness->now.level],
             log_content_names[loudness->now.content]);
    return true;
}
