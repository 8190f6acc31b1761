/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <string.h>
#include <unistd.h>

#include "check.h"

enum { LINE_SIZE = 64 * 1024 };

/* stderr, while a test looks at it. */
struct capture {
    int kept, ends[2];
};

static struct capture capture_begin(void)
{
    struct capture capture = {.kept = dup(STDERR_FILENO)};
    CHECK_EQ(pipe(capture.ends), 0);
    dup2(capture.ends[1], STDERR_FILENO);
    return capture;
}

/* What was written meanwhile, without the times. */
static void capture_end(struct capture *capture, char text[LINE_SIZE])
{
    dup2(capture->kept, STDERR_FILENO);
    close(capture->kept);
    close(capture->ends[1]);
    ssize_t size = read(capture->ends[0], text, LINE_SIZE - 1);
    text[size > 0 ? size : 0] = '\0';
    close(capture->ends[0]);
    log_setup(LOG_INFO, LOG_AUTO, LOG_CONTENT_NONE);
}

TEST(what_is_below_the_level_is_neither_written_nor_counted)
{
    char text[LINE_SIZE];
    uint64_t infos = log_count(LOG_INFO), warnings = log_count(LOG_WARN);
    struct capture capture = capture_begin();
    log_setup(LOG_WARN, LOG_TEXT, LOG_CONTENT_NONE);
    log_info("part: quiet");
    log_warn("part: loud key=%d", 1);
    capture_end(&capture, text);
    CHECK(strstr(text, "quiet") == NULL);
    CHECK(strstr(text, "Z warn  part: loud key=1\n") != NULL);
    CHECK_EQ(log_count(LOG_INFO), infos);
    CHECK_EQ(log_count(LOG_WARN), warnings + 1);
}

TEST(content_is_hidden_unless_the_settings_show_it)
{
    CHECK_EQ(log_content(), LOG_CONTENT_NONE);
    log_setup(LOG_INFO, LOG_AUTO, LOG_CONTENT_PREVIEW);
    CHECK_EQ(log_content(), LOG_CONTENT_PREVIEW);
    log_setup(LOG_INFO, LOG_AUTO, LOG_CONTENT_NONE);
    CHECK_EQ(log_content(), LOG_CONTENT_NONE);
}

SUITE(log, what_is_below_the_level_is_neither_written_nor_counted,
      content_is_hidden_unless_the_settings_show_it)
