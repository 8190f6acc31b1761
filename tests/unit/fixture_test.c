/* SPDX-License-Identifier: MIT */
/* Every frame of tests/fixtures goes through reading and packing: those that
 * OneBot implementations write, and those that nobody should. */
#include "core/event.h"

#include "check.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "files.h"
#include "open_gate.h"

static const struct event_context CONTEXT = {
    .epoch = "0123456789abcdef",
    .seq = 1,
    .time_ms = 1786700000000,
    .account = "default",
    .self_id = 10001,
    .peer = "NapCat.Onebot/4.8.0",
};

/* One frame on its way, and what became of it. */
struct passage {
    const char *file;
    struct buffer text;
    struct buffer scratch;
    struct onebot_frame frame;
    enum status status;
    struct event_scratch event_scratch;
    struct buffer message;
    const char *topic;
    struct slice envelope;
};

static void check_passage(const struct passage *passage, bool fine,
                          const char *what)
{
    char text[256];
    snprintf(text, sizeof(text), "%s: %s", passage->file, what);
    CU_assertImplementation(fine, __LINE__, text, __FILE__, "", CU_FALSE);
}

static bool is_event(const struct passage *passage)
{
    return passage->status == STATUS_OK && passage->frame.kind == ONEBOT_EVENT;
}

static void pass(const char *directory, const char *file,
                 struct passage *passage)
{
    struct json_error error;
    *passage = (struct passage){.file = file};
    file_read(directory, file, &passage->text);
    passage->status = onebot_read(buffer_slice(&passage->text), 0,
                                  &passage->scratch, &passage->frame, &error);
    if (!is_event(passage))
        return;
    open_gate_pack(&passage->frame, &CONTEXT, &passage->event_scratch,
                   &passage->message);
    passage->topic = passage->message.data;
    size_t topic_size = strlen(passage->topic) + 1;
    passage->envelope = (struct slice){passage->message.data + topic_size,
                                       passage->message.size - topic_size};
}

static void passage_finish(struct passage *passage)
{
    buffer_finish(&passage->text);
    buffer_finish(&passage->scratch);
    buffer_finish(&passage->message);
    event_scratch_finish(&passage->event_scratch);
}

static bool topic_is_good(const char *topic)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-";
    size_t tokens = 0;
    for (;; topic++) {
        size_t size = strspn(topic, LETTERS);
        if (size == 0 || size > TOPIC_TOKEN_MAX)
            return false;
        tokens++;
        topic += size;
        if (*topic == '\0')
            return tokens >= 4;
        if (*topic != '.')
            return false;
    }
}

/* The JSON text of a value; freed by the caller. Fails for broken UTF-8. */
static struct buffer text_of(const struct passage *passage, struct slice pack)
{
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX};
    struct buffer text = {0};
    struct json_error error;
    check_passage(passage,
                  json_from_msgpack(pack, &options, &text, &error) == STATUS_OK,
                  "has a JSON form");
    return text;
}

/* What holds for everything that is published. */
static void check_published(const struct passage *passage)
{
    struct mp_reader reader = mp_reader_of(passage->envelope);
    struct slice envelope;
    check_passage(passage, topic_is_good(passage->topic), passage->topic);
    check_passage(passage,
                  mp_skip(&reader, &envelope) && reader.at == reader.end,
                  "is one MessagePack value");
    struct buffer text = text_of(passage, passage->envelope);
    buffer_finish(&text);
}

static bool is_string_message(const struct passage *passage)
{
    const struct onebot_frame *frame = &passage->frame;
    return frame->message.kind == JSON_STRING &&
           (frame->post == ONEBOT_POST_MESSAGE ||
            frame->post == ONEBOT_POST_MESSAGE_SENT);
}

/* The event is the frame, but for a message in string form. */
static void check_event_is_frame(const struct passage *passage,
                                 struct slice event)
{
    struct buffer text = text_of(passage, event);
    cJSON *got = cJSON_ParseWithLength(text.data, text.size);
    cJSON *sent = cJSON_ParseWithLength(passage->text.data, passage->text.size);
    if (is_string_message(passage)) {
        check_passage(passage,
                      cJSON_IsArray(cJSON_GetObjectItem(got, "message")),
                      "has an array of segments");
        cJSON_DeleteItemFromObject(got, "message");
        cJSON_DeleteItemFromObject(sent, "message");
    } else {
        check_passage(
            passage,
            event.size == passage->frame.pack.size &&
                memcmp(event.data, passage->frame.pack.data, event.size) == 0,
            "is byte for byte what was read");
    }
    check_passage(passage, sent != NULL && cJSON_Compare(got, sent, true),
                  "has the fields of the frame");
    cJSON_Delete(got);
    cJSON_Delete(sent);
    buffer_finish(&text);
}

/* Files are named <post_type>.<detail>.<number>-<what>, types begin so. */
static void check_type_is_of_name(const struct passage *passage)
{
    const char *detail = strchr(passage->file, '.') + 1;
    size_t size = (size_t)(detail - passage->file) + strcspn(detail, ".");
    struct slice value;
    struct slice type;
    check_passage(passage,
                  mp_find(passage->envelope, "type", &value) &&
                      mp_read_str(value, &type) && type.size >= size &&
                      memcmp(type.data, passage->file, size) == 0,
                  "has the type that its file name says");
}

TEST(every_event_is_published_as_it_was_sent)
{
    cJSON *index = file_parse(ONEBUS_FIXTURE_DIR, "index.json");
    const cJSON *row;
    int count = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(index, "events"))
    {
        struct passage passage;
        struct slice event;
        pass(ONEBUS_FIXTURE_DIR "/events", file_string(row, "file"), &passage);
        check_passage(&passage, is_event(&passage), "is an event");
        if (is_event(&passage)) {
            check_published(&passage);
            check_passage(&passage, mp_find(passage.envelope, "event", &event),
                          "has an event");
            check_event_is_frame(&passage, event);
            check_type_is_of_name(&passage);
            count++;
        }
        passage_finish(&passage);
    }
    CHECK(count > 200);
    cJSON_Delete(index);
}

TEST(malformed_frames_are_dropped_or_published_whole)
{
    cJSON *index = file_parse(ONEBUS_FIXTURE_DIR, "index.json");
    const cJSON *row;
    int published = 0;
    int dropped = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(index, "malformed"))
    {
        struct passage passage;
        const char *expect = file_string(row, "expect");
        pass(ONEBUS_FIXTURE_DIR "/malformed", file_string(row, "file"),
             &passage);
        if (strcmp(expect, "either") != 0)
            check_passage(
                &passage,
                is_event(&passage) == (strcmp(expect, "publish") == 0), expect);
        if (is_event(&passage)) {
            check_published(&passage);
            published++;
        } else {
            dropped++;
        }
        passage_finish(&passage);
    }
    CHECK(published > 20);
    CHECK(dropped > 30);
    cJSON_Delete(index);
}

TEST(integers_above_a_doubles_come_out_exactly)
{
    struct passage passage;
    pass(ONEBUS_FIXTURE_DIR "/malformed", "41-user-id-above-2pow53.txt",
         &passage);
    CHECK(is_event(&passage));
    struct buffer text = text_of(&passage, passage.envelope);
    buffer_append(&text, "", 1);
    CHECK(strstr(text.data, "\"user_id\":9007199254740993,") != NULL);
    buffer_finish(&text);
    passage_finish(&passage);
}

TEST(an_escaped_nul_does_not_end_a_post_type)
{
    struct passage passage;
    pass(ONEBUS_FIXTURE_DIR "/malformed", "31-post-type-nul-escape.txt",
         &passage);
    CHECK(is_event(&passage));
    CHECK_STR(passage.topic, "qq.other.3889001741.message__evil");
    passage_finish(&passage);
}

SUITE(fixture, every_event_is_published_as_it_was_sent,
      malformed_frames_are_dropped_or_published_whole,
      integers_above_a_doubles_come_out_exactly,
      an_escaped_nul_does_not_end_a_post_type)
