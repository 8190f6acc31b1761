/* SPDX-License-Identifier: MIT */
/* The examples of schema/examples, which other programs read too: each frame
 * must give that topic and that envelope. */
#include <dirent.h>

#include "check.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "files.h"
#include "open_gate.h"

#define EXAMPLES_DIR ONEBUS_SCHEMA_DIR "/examples"

enum { EXAMPLES_MIN = 15 };

static struct buffer text_of(struct slice pack)
{
    const struct json_writer_options options = {0};
    struct buffer text = {0};
    struct json_error error;
    CHECK_EQ(json_from_msgpack(pack, &options, &text, &error), STATUS_OK);
    return text;
}

/* The text of the member `key` of an example, read without cJSON, whose
 * numbers are doubles. */
static struct buffer exact_text_of(const char *name, const char *key)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer text = {0};
    struct buffer pack = {0};
    struct slice value = {0};
    file_read(EXAMPLES_DIR, name, &text);
    CHECK_EQ(json_to_msgpack(buffer_slice(&text), &options, &pack, &error),
             STATUS_OK);
    CHECK(mp_find(buffer_slice(&pack), key, &value));
    struct buffer result = text_of(value);
    buffer_finish(&text);
    buffer_finish(&pack);
    return result;
}

/* What the example takes for granted about the link. */
static struct event_context context_of(const cJSON *example)
{
    const cJSON *envelope = cJSON_GetObjectItem(example, "envelope");
    const cJSON *self_id = cJSON_GetObjectItem(example, "self_id");
    return (struct event_context){
        .epoch = "0123456789abcdef",
        .seq = 1,
        .time_ms = 1786700000000,
        .account = "default",
        .self_id = (int64_t)cJSON_GetNumberValue(self_id),
        .peer = cJSON_HasObjectItem(envelope, "peer") ? "NapCat.Onebot/4.8.0"
                                                      : NULL,
    };
}

static bool pack_frame(const cJSON *example, struct buffer *message)
{
    struct buffer scratch = {0};
    struct event_scratch event_scratch = {0};
    struct onebot_frame frame;
    struct json_error error;
    struct event_context context = context_of(example);
    bool is_event = onebot_read(slice_of(file_string(example, "frame")), 0,
                                &scratch, &frame, &error) == STATUS_OK &&
                    frame.kind == ONEBOT_EVENT;
    if (is_event)
        open_gate_pack(&frame, &context, &event_scratch, message);
    event_scratch_finish(&event_scratch);
    buffer_finish(&scratch);
    return is_event;
}

/* Long texts, shown from shortly before they part. */
static void check_same(struct slice got, struct slice expected,
                       const char *name)
{
    enum { SHOWN_BEFORE = 60 };
    size_t same = 0;
    while (same < got.size && same < expected.size &&
           got.data[same] == expected.data[same])
        same++;
    size_t from = same < SHOWN_BEFORE ? 0 : same - SHOWN_BEFORE;
    CHECK_ROW(((struct slice){got.data + from, got.size - from}),
              ((struct slice){expected.data + from, expected.size - from}),
              name);
}

/* By value as cJSON reads it, and as text: every digit and the order of the
 * keys. */
static void check_envelope(const cJSON *example, const char *name,
                           struct slice pack)
{
    struct buffer got = text_of(pack);
    struct buffer expected = exact_text_of(name, "envelope");
    check_same(buffer_slice(&got), buffer_slice(&expected), name);
    cJSON *envelope = cJSON_ParseWithLength(got.data, got.size);
    CHECK(cJSON_Compare(envelope, cJSON_GetObjectItem(example, "envelope"),
                        true));
    cJSON_Delete(envelope);
    buffer_finish(&got);
    buffer_finish(&expected);
}

static void check_example(const char *name)
{
    cJSON *example = file_parse(EXAMPLES_DIR, name);
    struct buffer message = {0};
    bool is_event = pack_frame(example, &message);
    check_int(is_event, true, name, __FILE__, __LINE__);
    if (is_event) {
        size_t topic_size = strlen(message.data) + 1;
        CHECK_ROW(slice_of(message.data),
                  slice_of(file_string(example, "topic")), name);
        check_envelope(example, name,
                       (struct slice){message.data + topic_size,
                                      message.size - topic_size});
    }
    cJSON_Delete(example);
    buffer_finish(&message);
}

TEST(the_examples_of_the_contract_hold)
{
    DIR *directory = opendir(EXAMPLES_DIR);
    int count = 0;
    CHECK(directory != NULL);
    if (directory == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (strstr(entry->d_name, ".json") == NULL)
            continue;
        check_example(entry->d_name);
        count++;
    }
    CHECK(count >= EXAMPLES_MIN);
    closedir(directory);
}

SUITE(golden, the_examples_of_the_contract_hold)
