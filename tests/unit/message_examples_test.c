/* SPDX-License-Identifier: MIT */
/* What the contract says of messages as data, which clients read too: the
 * examples of schema/examples/messages, and schema/segments.json. */
#include "check.h"
#include "core/cqcode.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/segment.h"
#include "core/segment_type.h"
#include "files.h"

#define MESSAGES_DIR ONEBUS_SCHEMA_DIR "/examples/messages"

enum { EXAMPLES_MIN = 20 };

static void check_text(struct slice message, const cJSON *row)
{
    struct buffer text = {0};
    (void)segment_summarise(message, 0, &text);
    CHECK_ROW(buffer_slice(&text), slice_of(file_string(row, "text")),
              file_string(row, "what"));
    buffer_finish(&text);
}

static cJSON *parse_pack(struct slice pack)
{
    const struct json_writer_options options = {0};
    struct json_error error;
    struct buffer text = {0};
    CHECK_EQ(json_from_msgpack(pack, &options, &text, &error), STATUS_OK);
    cJSON *document = cJSON_ParseWithLength(text.data, text.size);
    buffer_finish(&text);
    return document;
}

static void check_read(const cJSON *row)
{
    struct buffer pack = {0};
    cqcode_to_segments(slice_of(file_string(row, "cq")), &pack);
    cJSON *got = parse_pack(buffer_slice(&pack));
    bool is_same =
        cJSON_Compare(got, cJSON_GetObjectItem(row, "message"), true);
    CHECK_ROW(slice_of(is_same ? "the segments" : "others"),
              slice_of("the segments"), file_string(row, "what"));
    check_text(buffer_slice(&pack), row);
    cJSON_Delete(got);
    buffer_finish(&pack);
}

static void check_written(const cJSON *row)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer pack = {0};
    char *json = cJSON_PrintUnformatted(cJSON_GetObjectItem(row, "message"));
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, &pack, &error),
             STATUS_OK);
    check_text(buffer_slice(&pack), row);
    cJSON_free(json);
    buffer_finish(&pack);
}

static void check_rows(const char *name, void (*check)(const cJSON *row))
{
    cJSON *rows = file_parse(MESSAGES_DIR, name);
    const cJSON *row;
    cJSON_ArrayForEach(row, rows) check(row);
    CHECK(cJSON_GetArraySize(rows) >= EXAMPLES_MIN);
    cJSON_Delete(rows);
}

TEST(strings_are_read_as_the_examples_say)
{
    check_rows("read.json", check_read);
}

TEST(messages_say_what_the_examples_say)
{
    check_rows("write.json", check_written);
}

/* The aliases of `row` are names of `expected`. */
static void check_aliases(const cJSON *row, const void *expected,
                          const void *(*find)(const void *, struct slice),
                          const void *context)
{
    const cJSON *alias;
    cJSON_ArrayForEach(alias, cJSON_GetObjectItem(row, "aliases"))
    {
        struct slice name = slice_of(cJSON_GetStringValue(alias));
        bool is_alias = find(context, name) == expected;
        CHECK_ROW(slice_of(is_alias ? "an alias" : "none"),
                  slice_of("an alias"), name.data);
    }
}

static const void *find_type(const void *context, struct slice name)
{
    (void)context;
    return segment_type_find(name);
}

static const void *find_param(const void *type, struct slice name)
{
    return segment_type_param(type, name);
}

/* The bridge knows the parameters that it does something about. */
static void check_param(const struct segment_type *type, const cJSON *row)
{
    const char *name = file_string(row, "name");
    const struct segment_param *param =
        segment_type_param(type, slice_of(name));
    bool is_required = cJSON_HasObjectItem(row, "required");
    if (param == NULL) {
        check_int(is_required, false, name, __FILE__, __LINE__);
        return;
    }
    CHECK_STR(param->name, name);
    check_int(param->is_required, is_required, name, __FILE__, __LINE__);
    check_aliases(row, param, find_param, type);
}

static void check_type(const cJSON *row)
{
    const char *name = file_string(row, "type");
    const struct segment_type *type = segment_type_find(slice_of(name));
    const cJSON *param;
    CHECK_ROW(slice_of(type == NULL ? "unknown" : type->name), slice_of(name),
              name);
    if (type == NULL)
        return;
    check_aliases(row, type, find_type, NULL);
    cJSON_ArrayForEach(param, cJSON_GetObjectItem(row, "params"))
        check_param(type, param);
}

TEST(the_bridge_knows_the_types_of_the_contract)
{
    enum { TYPES = 33 };
    cJSON *document = file_parse(ONEBUS_SCHEMA_DIR, "segments.json");
    const cJSON *rows = cJSON_GetObjectItem(document, "segments");
    const cJSON *row;
    cJSON_ArrayForEach(row, rows) check_type(row);
    CHECK_EQ(cJSON_GetArraySize(rows), TYPES);
    cJSON_Delete(document);
}

SUITE(message_examples, strings_are_read_as_the_examples_say,
      messages_say_what_the_examples_say,
      the_bridge_knows_the_types_of_the_contract)
