/* SPDX-License-Identifier: MIT */
#include "core/exposition.h"

#include <ctype.h>
#include <string.h>

#include "check.h"
#include "core/measures.h"

/* The same as CHECK(), and says of what. */
static void check_of(bool is_so, const char *what)
{
    CHECK_ROW(slice_of(is_so ? "so" : "not so"), slice_of("so"), what);
}

/* ---- the table -------------------------------------------------------- */

static bool ends_in(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* The names that Prometheus' own conventions ask for. */
static void check_name(const struct family_info *info)
{
    const char *name = info->name;
    bool is_own = strncmp(name, "onebus_", 7) == 0;
    CHECK(is_own || strncmp(name, "process_", 8) == 0);
    for (const char *at = name; *at != '\0'; at++)
        CHECK(islower((unsigned char)*at) || *at == '_');
    check_of(ends_in(name, "_total") == (info->kind == FAMILY_COUNTER), name);
    if (info->unit != FAMILY_PLAIN)
        check_of(strstr(name, "_seconds") != NULL, name);
}

TEST(every_family_has_a_sound_name_and_says_what_it_is)
{
    for (int i = 0; i < FAMILIES; i++) {
        const struct family_info *info = family_info((enum family)i);
        CHECK(info->name != NULL);
        CHECK(ends_in(info->help, "."));
        check_of((info->bounds != NULL) == (info->kind == FAMILY_HISTOGRAM),
                 info->name);
        check_name(info);
        for (int k = 0; k < i; k++)
            CHECK(strcmp(info->name, family_info((enum family)k)->name) != 0);
    }
}

TEST(no_label_is_an_id_or_a_text)
{
    static const char *const known[] = {
        "version", "account",   "result",  "reason", "cause", "direction",
        "action",  "post_type", "outcome", "error",  "grant", "decision",
        "method",  "state",     "queue",   "level",
    };
    for (int i = 0; i < FAMILIES; i++) {
        const struct family_info *info = family_info((enum family)i);
        for (size_t k = 0; k < family_labels(info); k++) {
            size_t n = 0;
            while (n < sizeof(known) / sizeof(known[0]) &&
                   strcmp(known[n], info->labels[k]) != 0)
                n++;
            check_of(n < sizeof(known) / sizeof(known[0]), info->labels[k]);
        }
    }
}

TEST(every_word_of_a_label_is_there_and_plain)
{
    for (int i = 0; i < FAMILIES; i++) {
        const struct family_info *info = family_info((enum family)i);
        check_of((info->words == NULL) == (info->word_count == 0), info->name);
        for (size_t k = 0; k < info->word_count; k++) {
            CHECK(info->words[k] != NULL && info->words[k][0] != '\0');
            for (const char *at = info->words[k]; *at != '\0'; at++)
                CHECK(islower((unsigned char)*at) || *at == '_');
        }
    }
}

/* ---- the text ---------------------------------------------------------- */

static void check_text(const struct measures *measures, const char *text)
{
    struct buffer out = {0};
    exposition_print(measures, &out);
    CHECK_SLICE(buffer_slice(&out), slice_of(text));
    buffer_finish(&out);
}

TEST(nothing_is_printed_of_nothing)
{
    const struct measures measures = {.count = 0};
    check_text(&measures, "");
}

TEST(a_family_comes_once_whatever_the_order_of_its_samples)
{
    struct measures measures = {.count = 0};
    uint32_t one = measures_name(&measures, "one");
    uint32_t other = measures_name(&measures, "other");
    measures_put_number(&measures, FAMILY_ACTIONS_INFLIGHT, one, 3);
    measures_put_number(&measures, FAMILY_ACCOUNT_CONNECTED, one, 1);
    measures_put_number(&measures, FAMILY_ACTIONS_INFLIGHT, other, 0);
    measures_put_number(&measures, FAMILY_ACCOUNT_CONNECTED, other, 0);
    check_text(&measures,
               "# HELP onebus_account_connected 1 while a link is up that "
               "takes actions.\n"
               "# TYPE onebus_account_connected gauge\n"
               "onebus_account_connected{account=\"one\"} 1\n"
               "onebus_account_connected{account=\"other\"} 0\n"
               "# HELP onebus_actions_inflight Calls that wait for the peer's "
               "answer, or for the peer to come back.\n"
               "# TYPE onebus_actions_inflight gauge\n"
               "onebus_actions_inflight{account=\"one\"} 3\n"
               "onebus_actions_inflight{account=\"other\"} 0\n");
    measures_finish(&measures);
}

TEST(a_sample_has_a_line_for_each_word)
{
    const uint64_t bytes[] = {UINT64_MAX, 0};
    struct measures measures = {.count = 0};
    measures_put(&measures, FAMILY_WS_BYTES, measures_name(&measures, "a"),
                 NULL, NULL, bytes);
    check_text(&measures,
               "# HELP onebus_ws_bytes_total Bytes of whole frames, without "
               "what WebSocket and TLS add.\n"
               "# TYPE onebus_ws_bytes_total counter\n"
               "onebus_ws_bytes_total{account=\"a\",direction=\"in\"} "
               "18446744073709551615\n"
               "onebus_ws_bytes_total{account=\"a\",direction=\"out\"} 0\n");
    measures_finish(&measures);
}

static const char *lines_of(const struct measures *measures, struct buffer *out)
{
    buffer_clear(out, SIZE_MAX);
    exposition_print(measures, out);
    buffer_append(out, "", 1);
    return out->data;
}

TEST(labels_are_escaped)
{
    struct measures measures = {.count = 0};
    struct buffer out = {0};
    measures_put_number(&measures, FAMILY_ACTIONS_INFLIGHT,
                        measures_name(&measures, "a\"b\\c\nd{}e"), 1);
    CHECK(
        strstr(
            lines_of(&measures, &out),
            "\nonebus_actions_inflight{account=\"a\\\"b\\\\c\\nd{}e\"} 1\n") !=
        NULL);
    measures_finish(&measures);
    buffer_finish(&out);
}

TEST(times_are_in_seconds)
{
    static const struct {
        uint64_t ms;
        const char *text;
    } rows[] = {
        {0, "0"},       {1, "0.001"},      {20, "0.02"},
        {999, "0.999"}, {1000, "1"},       {1500, "1.5"},
        {60000, "60"},  {61001, "61.001"}, {1764322200123, "1764322200.123"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[64];
        struct measures measures = {.count = 0};
        struct buffer out = {0};
        measures_put_number(&measures, FAMILY_RELOAD_TIME, 0, rows[i].ms);
        snprintf(line, sizeof(line), "\n%s %s\n",
                 family_info(FAMILY_RELOAD_TIME)->name, rows[i].text);
        check_of(strstr(lines_of(&measures, &out), line) != NULL, rows[i].text);
        measures_finish(&measures);
        buffer_finish(&out);
    }
}

TEST(a_histogram_adds_up)
{
    struct measures measures = {.count = 0};
    struct buffer out = {0};
    struct histogram histogram = {{0}, 0};
    histogram_add(&histogram, &HISTOGRAM_OUTSIDE, 4000);
    histogram_add(&histogram, &HISTOGRAM_OUTSIDE, 5000);
    histogram_add(&histogram, &HISTOGRAM_OUTSIDE, 2400000);
    histogram_add(&histogram, &HISTOGRAM_OUTSIDE, 61000000);
    measures_put_histogram(&measures, FAMILY_ACTION_DURATION,
                           measures_name(&measures, "a"), &histogram);
    const char *text = lines_of(&measures, &out);
    const char *bucket = "onebus_action_duration_seconds_bucket";
    static const struct {
        const char *bound;
        unsigned count;
    } rows[] = {
        {"0.005", 2}, {"0.01", 2}, {"0.025", 2}, {"0.05", 2}, {"0.1", 2},
        {"0.25", 2},  {"0.5", 2},  {"1", 2},     {"2.5", 3},  {"5", 3},
        {"10", 3},    {"30", 3},   {"60", 3},    {"+Inf", 4},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[96];
        snprintf(line, sizeof(line), "\n%s{account=\"a\",le=\"%s\"} %u\n",
                 bucket, rows[i].bound, rows[i].count);
        const char *at = strstr(text, line);
        check_of(at != NULL, line);
        if (at != NULL)
            text = at;
    }
    CHECK(strstr(text, "_sum{account=\"a\"} 63.409\n") != NULL);
    CHECK(strstr(text, "_count{account=\"a\"} 4\n") != NULL);
    measures_finish(&measures);
    buffer_finish(&out);
}

/* The room of the last time is used again. */
TEST(cleared_it_is_as_new)
{
    struct measures measures = {.count = 0};
    for (int round = 0; round < 3; round++) {
        measures_clear(&measures);
        for (uint64_t i = 0; i < 1000; i++)
            measures_put_number(&measures, FAMILY_ACTIONS_INFLIGHT,
                                measures_name(&measures, "name"), i);
        CHECK_EQ(measures.count, 1000);
        CHECK_EQ(measures.numbers[999], 999);
        CHECK_STR(measures.names.data + measures.samples[999].name, "name");
    }
    measures_finish(&measures);
}

SUITE(exposition, every_family_has_a_sound_name_and_says_what_it_is,
      no_label_is_an_id_or_a_text, every_word_of_a_label_is_there_and_plain,
      nothing_is_printed_of_nothing,
      a_family_comes_once_whatever_the_order_of_its_samples,
      a_sample_has_a_line_for_each_word, labels_are_escaped,
      times_are_in_seconds, a_histogram_adds_up, cleared_it_is_as_new)
