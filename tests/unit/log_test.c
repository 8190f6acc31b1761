/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

enum { LINE_SIZE = 64 * 1024 };

static void set(enum log_level level, enum log_format format,
                enum log_content content)
{
    log_setup(&(struct log_options){level, format, content, {0}});
}

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
    set(LOG_INFO, LOG_AUTO, LOG_CONTENT_NONE);
}

TEST(what_is_below_the_level_is_neither_written_nor_counted)
{
    char text[LINE_SIZE];
    uint64_t infos = log_count(LOG_INFO), warnings = log_count(LOG_WARN);
    struct capture capture = capture_begin();
    set(LOG_WARN, LOG_TEXT, LOG_CONTENT_NONE);
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
    set(LOG_INFO, LOG_AUTO, LOG_CONTENT_PREVIEW);
    CHECK_EQ(log_content(), LOG_CONTENT_PREVIEW);
    set(LOG_INFO, LOG_AUTO, LOG_CONTENT_NONE);
    CHECK_EQ(log_content(), LOG_CONTENT_NONE);
}

TEST(the_pairs_of_a_message_are_members_of_its_json)
{
    char text[LINE_SIZE];
    struct capture capture = capture_begin();
    set(LOG_INFO, LOG_JSON, LOG_CONTENT_NONE);
    log_info("link: down account=%s link=%d reason=\"%s\"", "bot1", 3, "bye");
    log_info("link: level=%s\xff", "odd");
    capture_end(&capture, text);
    CHECK(strstr(text, "\"level\":\"info\",\"component\":\"link\",\"msg\":"
                       "\"down account=bot1 link=3 reason=\\\"bye\\\"\","
                       "\"account\":\"bot1\",\"link\":3,"
                       "\"reason\":\"bye\"}\n") != NULL);
    CHECK(strstr(text, "\"msg\":\"level=odd\\\\xff\"}\n") != NULL);
}

/* What systemd says of the stream that it gave us. */
static void name_journal(int fd)
{
    struct stat file;
    char stream[64];
    CHECK_EQ(fstat(fd, &file), 0);
    snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)file.st_dev,
             (uintmax_t)file.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
}

TEST(the_journal_gets_priorities_and_no_time)
{
    char text[LINE_SIZE];
    struct capture capture = capture_begin();
    name_journal(STDERR_FILENO);
    set(LOG_DEBUG, LOG_AUTO, LOG_CONTENT_NONE);
    log_debug("part: a=1");
    log_info("part: b=1");
    log_warn("part: c=1");
    log_error("part: d=1");
    set(LOG_DEBUG, LOG_JSON, LOG_CONTENT_NONE);
    log_warn("part: e=1");
    capture_end(&capture, text);
    unsetenv("JOURNAL_STREAM");
    const char *json = strstr(text, "<4>{\"ts\":");
    CHECK(json != NULL);
    CHECK_SLICE(
        ((struct slice){text, json == NULL ? 0 : (size_t)(json - text)}),
        slice_of("<7>part: a=1\n<6>part: b=1\n<4>part: c=1\n<3>part: d=1\n"));
}

TEST(another_stream_than_the_journals_gets_none)
{
    char text[LINE_SIZE];
    setenv("JOURNAL_STREAM", "1:1", 1);
    struct capture capture = capture_begin();
    log_info("part: a=1");
    capture_end(&capture, text);
    unsetenv("JOURNAL_STREAM");
    CHECK_EQ(text[0], '{');
}

TEST(a_component_may_have_a_level_of_its_own)
{
    char text[LINE_SIZE];
    struct log_options options = {.level = LOG_WARN, .format = LOG_TEXT};
    const struct log_change link = {
        LOG_DEBUG, -1, log_word(log_components, slice_of("link")), 0};
    const struct log_change bus = {
        LOG_ERROR, -1, log_word(log_components, slice_of("bus")), 0};
    log_options_change(&options, &link);
    log_options_change(&options, &bus);
    struct capture capture = capture_begin();
    log_setup(&options);
    log_debug("link: a");
    log_info("ws: b");
    log_warn("ws: c");
    log_warn("bus: d");
    log_warn("nobody: e");
    capture_end(&capture, text);
    CHECK(strstr(text, "link: a") != NULL);
    CHECK(strstr(text, "ws: b") == NULL);
    CHECK(strstr(text, "ws: c") != NULL);
    CHECK(strstr(text, "bus: d") == NULL);
    CHECK(strstr(text, "nobody: e") != NULL);
    CHECK(log_options_shows(&options, LOG_DEBUG, "link"));
    CHECK(!log_options_shows(&options, LOG_INFO, "ws"));
    const struct log_change all = {LOG_INFO, LOG_CONTENT_FULL, -1, 0};
    log_options_change(&options, &all);
    CHECK_EQ(log_options_level(&options, link.component), LOG_INFO);
    CHECK_EQ(options.content, LOG_CONTENT_FULL);
}

SUITE(log, a_component_may_have_a_level_of_its_own,
      the_pairs_of_a_message_are_members_of_its_json,
      the_journal_gets_priorities_and_no_time,
      another_stream_than_the_journals_gets_none,
      what_is_below_the_level_is_neither_written_nor_counted,
      content_is_hidden_unless_the_settings_show_it)
