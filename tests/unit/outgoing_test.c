/* SPDX-License-Identifier: MIT */
#include "core/outgoing.h"

#include <stdlib.h>

#include "core/chunk.h"
#include "core/pack.h"
#include "core/segment.h"
#include "planned.h"

static const struct peer NAPCAT = {.kind = PEER_NAPCAT};

struct row {
    const char *label;
    const char *message;
    const char *line;
};

static void check_rows(const struct row *rows, size_t count,
                       const struct outgoing_options *options)
{
    struct planned planned = {0};
    for (size_t i = 0; i < count; i++) {
        plan(&planned, rows[i].message, options);
        CHECK_ROW(buffer_slice(&planned.line), slice_of(rows[i].line),
                  rows[i].label);
    }
    planned_finish(&planned);
}

#define CHECK_ROWS(rows, ...)                                                  \
    check_rows((rows), sizeof(rows) / sizeof((rows)[0]),                       \
               &(const struct outgoing_options){.peer = &NAPCAT, __VA_ARGS__})

#define TEXT(value) "{\"type\":\"text\",\"data\":{\"text\":\"" value "\"}}"
#define FACE        "{\"type\":\"face\",\"data\":{\"id\":\"1\"}}"
#define AT(qq)      "{\"type\":\"at\",\"data\":{\"qq\":\"" qq "\"}}"
#define IMAGE       "{\"type\":\"image\",\"data\":{\"file\":\"a.png\"}}"
#define REPLY       "{\"type\":\"reply\",\"data\":{\"id\":\"-7\"}}"
#define POKE        "{\"type\":\"poke\",\"data\":{\"qq\":\"10002\"}}"
#define NODE(content)                                                          \
    "{\"type\":\"node\",\"data\":{\"user_id\":\"1\",\"nickname\":\"n\","       \
    "\"content\":" content "}}"

TEST(a_message_comes_in_any_form)
{
    static const struct row rows[] = {
        {"plain text", "\"hello\"", "as given"},
        {"codes", "\"[CQ:at,qq=1] &amp;\"", "[" AT("1") "," TEXT(" &") "]"},
        {"an escape", "\"a&amp;b\"", "[" TEXT("a&b") "]"},
        {"a bracket", "\"[x]\"", "[" TEXT("[x]") "]"},
        {"a segment", FACE, "as given"},
        {"segments", "[" FACE "," TEXT("a") "]", "as given"},
        {"strings among segments", "[\"a\"," FACE ",\"[CQ:at,qq=1]\"]",
         "[" TEXT("a") "," FACE "," TEXT("[CQ:at,qq=1]") "]"},
        {"codes in a segment are none", "[" TEXT("[CQ:at,qq=1]&amp;") "]",
         "as given"},
        {"data before type", "[{\"data\":{\"id\":\"1\"},\"type\":\"face\"}]",
         "as given"},
        {"no data", "[{\"type\":\"dice\"}]",
         "[{\"type\":\"dice\",\"data\":{}}]"},
        {"data of null", "[{\"type\":\"rps\",\"data\":null}]",
         "[{\"type\":\"rps\",\"data\":{}}]"},
    };
    CHECK_ROWS(rows, .text_max = 100);
}

TEST(a_string_has_no_codes_if_that_is_said)
{
    static const struct row rows[] = {
        {"plain", "\"hello\"", "as given"},
        {"a code", "\"[CQ:at,qq=1]&amp;\"", "[" TEXT("[CQ:at,qq=1]&amp;") "]"},
    };
    CHECK_ROWS(rows, .auto_escape = true);
}

TEST(what_is_no_message_is_refused)
{
#define BAD "bad_params: params.message"
    static const struct row rows[] = {
        {"nothing", "\"\"", BAD ": a message needs at least one segment"},
        {"no segments", "[]", BAD ": a message needs at least one segment"},
        {"texts of nothing", "[\"\"," TEXT("") "]",
         BAD ": a message needs some text, or a segment other than text"},
        {"a file of a number", "[{\"type\":\"image\",\"data\":{\"file\":7}}]",
         BAD "[0].data.file: allowed: a text, or bytes"},
        {"a number", "7",
         BAD ": required: a text, a segment, or an array of segments"},
        {"null", "null",
         BAD ": required: a text, a segment, or an array of segments"},
        {"null within", "[" FACE ",null]",
         BAD "[1]: allowed: a segment, which is a map with type and data, or a "
             "text"},
        {"no type", "[{\"data\":{}}]", BAD "[0].type: required: a text"},
        {"a type of another kind", "[{\"type\":1}]",
         BAD "[0].type: required: a text"},
        {"one segment without a type", "{\"text\":\"a\"}",
         BAD ".type: required: a text"},
        {"data of another kind", "[{\"type\":\"face\",\"data\":[]}]",
         BAD "[0].data: allowed: a map"},
        {"required", "[" FACE ",{\"type\":\"face\",\"data\":{}}]",
         BAD "[1].data.id: required: a text"},
        {"required, and null", "[{\"type\":\"at\",\"data\":{\"qq\":null}}]",
         BAD "[0].data.qq: required: a QQ number, or \"all\""},
        {"nobody to mention", "[" AT("me") "]",
         BAD "[0].data.qq: required: a QQ number, or \"all\""},
        {"no latitude",
         "[{\"type\":\"location\",\"data\":{\"lat\":\"north\",\"lon\":1}}]",
         BAD "[0].data.lat: required: a number from -90 to 90"},
        {"too far east",
         "[{\"type\":\"location\",\"data\":{\"lat\":1,\"lon\":181}}]",
         BAD "[0].data.lon: required: a number from -180 to 180"},
        {"no file", "[{\"type\":\"image\",\"data\":{}}]",
         BAD "[0].data.file: required: a file, or its url or path"},
        {"an empty file",
         "[{\"type\":\"image\",\"data\":{\"file\":\"\",\"url\":\"\"}}]",
         BAD "[0].data.file: required: a file, or its url or path"},
        {"nothing to reply to", "[{\"type\":\"reply\",\"data\":{}}]",
         BAD "[0].data.id: required: a message_id"},
        {"a song of nobody",
         "[{\"type\":\"music\",\"data\":{\"type\":\"cd\",\"id\":\"1\"}}]",
         BAD "[0].data.type: required: \"qq\", \"163\", \"xm\", \"kugou\", "
             "\"migu\", \"kuwo\" or \"custom\""},
        {"a song without a name",
         "[{\"type\":\"music\",\"data\":{\"type\":\"custom\",\"url\":\"a\","
         "\"audio\":\"b\"}}]",
         BAD "[0].data.title: required: a text, with type custom"},
        {"a contact of a kind",
         "[{\"type\":\"contact\",\"data\":{\"type\":\"fan\",\"id\":\"1\"}}]",
         BAD "[0].data.type: required: \"qq\" or \"group\""},
        {"in a code", "\"a[CQ:face]\"", BAD "[1].data.id: required: a text"},
    };
    CHECK_ROWS(rows, .text_max = 0);
}

TEST(other_names_and_numbers_are_put_right)
{
    static const struct row rows[] = {
        {"voice", "[{\"type\":\"voice\",\"data\":{\"file\":\"a\"}}]",
         "[{\"type\":\"record\",\"data\":{\"file\":\"a\"}}]"},
        {"mention", "[{\"type\":\"mention\",\"data\":{\"user_id\":10002}}]",
         "[" AT("10002") "]"},
        {"at all", "[" AT("all") "]", "as given"},
        {"at by number", "[{\"type\":\"at\",\"data\":{\"qq\":10002}}]",
         "[" AT("10002") "]"},
        {"reply by number", "[{\"type\":\"reply\",\"data\":{\"id\":-7}}]",
         "[" REPLY "]"},
        {"face by number", "[{\"type\":\"face\",\"data\":{\"id\":1}}]",
         "[" FACE "]"},
        {"mface ids",
         "[{\"type\":\"mface\",\"data\":{\"emoji_package_id\":\"12345\","
         "\"emoji_id\":77,\"key\":\"k\"}}]",
         "[{\"type\":\"mface\",\"data\":{\"emoji_package_id\":12345,"
         "\"emoji_id\":\"77\",\"key\":\"k\"}}]"},
        {"music id",
         "[{\"type\":\"music\",\"data\":{\"type\":163,\"id\":28949129}}]",
         "[{\"type\":\"music\",\"data\":{\"type\":\"163\",\"id\":"
         "\"28949129\"}}]"},
        {"keys nobody knows stay",
         "[{\"type\":\"face\",\"data\":{\"id\":1,\"x\":[null,true]}}]",
         "[{\"type\":\"face\",\"data\":{\"id\":\"1\",\"x\":[null,true]}}]"},
        {"a file with its name",
         "[{\"type\":\"file\",\"data\":{\"file\":\"file:///a\",\"name\":\"b\"}}"
         "]",
         "as given"},
    };
    CHECK_ROWS(rows, .text_max = 0);
}

TEST(nodes_are_read_to_the_bottom)
{
    static const struct row rows[] = {
        {"by id", "[{\"type\":\"node\",\"data\":{\"id\":7}}]",
         "[{\"type\":\"node\",\"data\":{\"id\":\"7\"}}]"},
        {"a string", "[" NODE("\"a\"") "]", "as given"},
        {"codes", "[" NODE("\"[CQ:face,id=1]\"") "]",
         "[" NODE("[" FACE "]") "]"},
        {"segments", "[" NODE("[" FACE "]") "]", "as given"},
        {"one segment", "[" NODE(FACE) "]", "as given"},
        {"other names",
         "[{\"type\":\"node\",\"data\":{\"uin\":1,\"name\":\"n\","
         "\"content\":\"a\"}}]",
         "[{\"type\":\"node\",\"data\":{\"user_id\":1,\"nickname\":\"n\","
         "\"content\":\"a\"}}]"},
        {"what is in them is lowered",
         "[" NODE("[{\"type\":\"dice\",\"data\":{\"result\":1}}]") "]",
         "[" NODE("[{\"type\":\"face\",\"data\":{\"id\":\"358\",\"resultId\":"
                  "\"1\"}}]") "]"},
        {"three levels", "[" NODE("[" NODE("[" NODE("\"a\"") "]") "]") "]",
         "as given"},
        {"four levels",
         "[" NODE("[" NODE("[" NODE("[" NODE("\"a\"") "]") "]") "]") "]",
         "bad_params: params.messages[0].data.content[0].data.content[0].data."
         "content[0]: nodes may be nested 3 levels deep"},
        {"beside others", "[" NODE("\"a\"") "," FACE "]",
         "bad_params: params.messages: a message with nodes must hold nothing "
         "but nodes"},
        {"none", "[" FACE "]",
         "bad_params: params.messages: allowed: segments of type node"},
        {"a text", "\"a\"",
         "bad_params: params.messages: allowed: an array of segments of type "
         "node"},
        {"a poke", "[" NODE("[" POKE "]") "]",
         "bad_params: params.messages[0].data.content[0]: a poke cannot be "
         "forwarded"},
        {"nothing in it", "[" NODE("[]") "]",
         "bad_params: params.messages[0].data.content: a message needs at "
         "least one segment"},
        {"without content", "[{\"type\":\"node\",\"data\":{\"user_id\":1}}]",
         "bad_params: params.messages[0].data.content: required: a message, or "
         "the id of one in data.id"},
        {"long text is not cut", "[" NODE("\"aaaa aaaa aaaa\"") "]",
         "as given"},
    };
    CHECK_ROWS(rows, .is_forward = true, .text_max = 5);
}

TEST(a_poke_keeps_its_place)
{
    static const struct row rows[] = {
        {"alone", "[" POKE "]", "poke 10002"},
        {"between", "[" TEXT("a") "," POKE "," TEXT("b") "]",
         "[" TEXT("a") "] | poke 10002 | [" TEXT("b") "]"},
        {"first, and a reply", "[" POKE "," REPLY "," TEXT("b") "]",
         "poke 10002 | [" REPLY "," TEXT("b") "]"},
        {"last", "[" AT("1") "," POKE "]", "[" AT("1") "] | poke 10002"},
    };
    CHECK_ROWS(rows, .text_max = 100);
}

TEST(long_text_leaves_as_several_messages)
{
    static const struct row rows[] = {
        {"at the limit", "\"1234567890\"", "as given"},
        {"above it", "\"12345 67890\"",
         "[" TEXT("12345 ") "] | [" TEXT("67890") "]"},
        {"a string with codes counts its text", "\"[CQ:face,id=1]123456789\"",
         "[" FACE "," TEXT("123456789") "]"},
        {"the texts of a message together",
         "[" TEXT("12345 ") "," FACE "," TEXT("67890") "]",
         "[" TEXT("12345 ") "," FACE "] | [" TEXT("67890") "]"},
        {"a reply goes first", "[" TEXT("12345 67890") "," REPLY "]",
         "[" REPLY "," TEXT("12345 ") "] | [" TEXT("67890") "]"},
        {"an image stays beside its text",
         "[" TEXT("12345 67890") "," IMAGE "," TEXT("abcdefgh") "]",
         "[" TEXT("12345 ") "] | [" TEXT("67890") "," IMAGE
                                                  "] | [" TEXT("abcdefgh") "]"},
        {"a mention goes with its text",
         "[" TEXT("12345678 ") "," AT("1") "," TEXT("hello") "]",
         "[" TEXT("12345678 ") "] | [" AT("1") "," TEXT("hello") "]"},
        {"a mention at the end", "[" TEXT("12345 67890") "," AT("1") "]",
         "[" TEXT("12345 ") "] | [" TEXT("67890") "," AT("1") "]"},
        {"a word too long", "\"123456789012345\"",
         "[" TEXT("1234567890") "] | [" TEXT("12345") "]"},
        {"blanks between", "\"12345                         67890\"",
         "[" TEXT("12345     ") "] | [" TEXT("67890") "]"},
        {"blanks alone", "\"           \"",
         "[" TEXT("          ") "] | [" TEXT(" ") "]"},
        {"a poke between counts anew",
         "[" TEXT("12345678") "," POKE "," TEXT("12345678") "]",
         "[" TEXT("12345678") "] | poke 10002 | [" TEXT("12345678") "]"},
    };
    CHECK_ROWS(rows, .text_max = 10);
}

TEST(the_reply_tells_that_it_was_cut)
{
    const struct outgoing_options options = {.peer = &NAPCAT, .text_max = 10};
    struct planned planned = {0};
    plan(&planned, "\"12345 67890 12345\"", &options);
    CHECK_SLICE(buffer_slice(&planned.warnings),
                slice_of("[\"the text of 17 characters left as 3 messages\"]"));
    planned_finish(&planned);
}

TEST(too_many_messages_are_refused)
{
    const struct outgoing_options options = {.peer = &NAPCAT, .text_max = 10};
    struct planned planned = {0};
    char text[1100];
    memset(text, 'a', sizeof(text));
    text[0] = text[1001] = '"';
    text[1002] = '\0';
    plan(&planned, text, &options);
    CHECK(planned.line.size > 0 && planned.line.data[0] == '[');
    text[1001] = 'a';
    text[1002] = '"';
    text[1003] = '\0';
    plan(&planned, text, &options);
    CHECK_SLICE(buffer_slice(&planned.line),
                slice_of("bad_params: params.message: too long: allowed: at "
                         "most 100 messages of textChunkLimit (10) characters, "
                         "pokes counted"));
    planned_finish(&planned);
}

TEST(too_many_segments_are_refused)
{
    const struct outgoing_options options = {.peer = &NAPCAT};
    struct planned planned = {0};
    struct buffer json = {0};
    buffer_append_string(&json, "[\"a\"");
    for (int i = 0; i < OUTGOING_SEGMENTS_MAX; i++)
        buffer_append_string(&json, ",\"a\"");
    buffer_append(&json, "]", 2);
    plan(&planned, json.data, &options);
    CHECK_SLICE(buffer_slice(&planned.line),
                slice_of("bad_params: params.message[4096]: allowed: at most "
                         "4096 segments in a message"));
    buffer_finish(&json);
    planned_finish(&planned);
}

TEST(broken_bytes_are_refused)
{
    static const char *const broken[] = {"", "\x92\xa1", "\xc1",
                                         "\x91\x81\xa4type"};
    const struct outgoing_options options = {.peer = &NAPCAT};
    struct planned planned = {0};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        plan_pack(&planned, slice_of(broken[i]), &options);
        CHECK(planned.line.size > 11 &&
              memcmp(planned.line.data, "bad_params:", 11) == 0);
    }
    planned_finish(&planned);
}

/* ---- whatever the text -------------------------------------------------- */

static void make_text(unsigned *seed, struct buffer *text)
{
    static const char *const words[] = {"a",  "word ", "你好",           "。",
                                        "! ", "\n",    "https://a.b/c ", "é"};
    size_t count = 1 + (size_t)rand_r(seed) % 40;
    buffer_clear(text, SIZE_MAX);
    for (size_t i = 0; i < count; i++)
        buffer_append_string(
            text,
            words[(size_t)rand_r(seed) % (sizeof(words) / sizeof(words[0]))]);
}

/* The text but for white space, which may go where it would be a message. */
static void append_words(struct slice text, struct buffer *words)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != ' ' && text.data[i] != '\n')
            buffer_append(words, text.data + i, 1);
}

static void check_joined(const struct outgoing *out, struct slice text,
                         size_t text_max)
{
    struct buffer joined = {0};
    struct buffer piece = {0};
    struct buffer words = {0};
    append_words(text, &words);
    for (size_t i = 0; i < out->count; i++) {
        buffer_clear(&piece, SIZE_MAX);
        (void)segment_summarise(out->parts[i].message, 0, &piece);
        CHECK(!chunk_is_above(buffer_slice(&piece), text_max));
        CHECK(!chunk_is_blank(buffer_slice(&piece)) || chunk_is_blank(text));
        append_words(buffer_slice(&piece), &joined);
    }
    CHECK_SLICE(buffer_slice(&joined), buffer_slice(&words));
    buffer_finish(&joined);
    buffer_finish(&piece);
    buffer_finish(&words);
}

TEST(the_pieces_are_the_text)
{
    unsigned seed = 7;
    struct buffer text = {0};
    for (int i = 0; i < 3000; i++) {
        struct buffer pack = {0};
        struct outgoing out = {0};
        struct warnings warnings = {0};
        bool is_as_given;
        char fault[REQUEST_FAULT_SIZE];
        const struct outgoing_options options = {
            .peer = &NAPCAT, .text_max = 30 + (size_t)rand_r(&seed) % 20};
        make_text(&seed, &text);
        struct msgpack_packer packer = pack_into(&pack);
        pack_text(&packer, buffer_slice(&text));
        CHECK_EQ(outgoing_plan(buffer_slice(&pack), &options, &out,
                               &is_as_given, &warnings, fault),
                 REPLY_FINE);
        if (!is_as_given)
            check_joined(&out, buffer_slice(&text), options.text_max);
        warnings_finish(&warnings);
        outgoing_finish(&out);
        buffer_finish(&pack);
    }
    buffer_finish(&text);
}

SUITE(outgoing, a_message_comes_in_any_form,
      a_string_has_no_codes_if_that_is_said, what_is_no_message_is_refused,
      other_names_and_numbers_are_put_right, nodes_are_read_to_the_bottom,
      a_poke_keeps_its_place, long_text_leaves_as_several_messages,
      the_reply_tells_that_it_was_cut, too_many_messages_are_refused,
      too_many_segments_are_refused, broken_bytes_are_refused,
      the_pieces_are_the_text)
