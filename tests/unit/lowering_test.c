/* SPDX-License-Identifier: MIT */
#include "core/lowering.h"

#include "planned.h"

/* One segment, given as `type` and `data`, sent to a group by each peer. */
struct row {
    const char *label;
    enum peer_kind peer;
    const char *segment;
    const char *line;
    const char *warnings; /* NULL: none */
};

static void check_rows(const struct row *rows, size_t count, bool is_private)
{
    struct planned planned = {0};
    for (size_t i = 0; i < count; i++) {
        struct peer peer = {.kind = rows[i].peer};
        const struct outgoing_options options = {
            .peer = &peer, .is_private = is_private, .user_id = 10009};
        char json[1024];
        snprintf(json, sizeof(json), "[%s]", rows[i].segment);
        plan(&planned, json, &options);
        CHECK_ROW(buffer_slice(&planned.line), slice_of(rows[i].line),
                  rows[i].label);
        CHECK_ROW(buffer_slice(&planned.warnings),
                  slice_of(rows[i].warnings == NULL ? "[]" : rows[i].warnings),
                  rows[i].label);
    }
    planned_finish(&planned);
}

#define CHECK_ROWS(rows, is_private)                                           \
    check_rows((rows), sizeof(rows) / sizeof((rows)[0]), (is_private))

TEST(what_a_peer_delivers_passes)
{
    static const struct row rows[] = {
        {"text", PEER_NAPCAT, "{\"type\":\"text\",\"data\":{\"text\":\"a\"}}",
         "as given", NULL},
        {"a mention", PEER_NAPCAT, "{\"type\":\"at\",\"data\":{\"qq\":\"1\"}}",
         "as given", NULL},
        {"an image by its url", PEER_NAPCAT,
         "{\"type\":\"image\",\"data\":{\"url\":\"http://a/b\"}}", "as given",
         NULL},
        {"dice", PEER_NAPCAT, "{\"type\":\"dice\",\"data\":{}}", "as given",
         NULL},
        {"a face", PEER_NAPCAT, "{\"type\":\"face\",\"data\":{\"id\":\"14\"}}",
         "as given", NULL},
        {"a shop sticker", PEER_NAPCAT,
         "{\"type\":\"mface\",\"data\":{\"emoji_package_id\":12345,"
         "\"emoji_id\":\"abc123\",\"key\":\"k\",\"summary\":\"s\"}}",
         "as given", NULL},
        {"a card as a map", PEER_NAPCAT,
         "{\"type\":\"json\",\"data\":{\"data\":{\"app\":1}}}", "as given",
         NULL},
        {"a place", PEER_LAGRANGE,
         "{\"type\":\"location\",\"data\":{\"lat\":\"1.5\",\"lon\":\"2\"}}",
         "as given", NULL},
        {"dice with a result", PEER_LLBOT,
         "{\"type\":\"dice\",\"data\":{\"result\":6}}", "as given", NULL},
        {"xml", PEER_GOCQHTTP,
         "{\"type\":\"xml\",\"data\":{\"data\":\"<a/>\"}}", "as given", NULL},
        {"a type nobody knows", PEER_LAGRANGE,
         "{\"type\":\"sparkle\",\"data\":{\"a\":[1]}}", "as given", NULL},
    };
    CHECK_ROWS(rows, false);
}

TEST(everything_passes_to_a_peer_that_nothing_is_known_of)
{
    static const struct row rows[] = {
        {"xml", PEER_UNKNOWN, "{\"type\":\"xml\",\"data\":{\"data\":\"<a/>\"}}",
         "as given", NULL},
        {"miniapp", PEER_UNKNOWN,
         "{\"type\":\"miniapp\",\"data\":{\"data\":\"{}\"}}", "as given", NULL},
        {"poke", PEER_UNKNOWN,
         "{\"type\":\"poke\",\"data\":{\"type\":\"1\",\"id\":\"-1\"}}",
         "as given", NULL},
        {"anonymous", PEER_UNKNOWN, "{\"type\":\"anonymous\",\"data\":{}}",
         "as given", NULL},
        {"a new one", PEER_UNKNOWN, "{\"type\":\"sparkle\",\"data\":{}}",
         "as given", NULL},
        {"a result", PEER_UNKNOWN, "{\"type\":\"rps\",\"data\":{\"result\":1}}",
         "as given", NULL},
    };
    CHECK_ROWS(rows, false);
}

TEST(a_place_becomes_a_map_card)
{
    static const struct row rows[] = {
        {"NapCat", PEER_NAPCAT,
         "{\"type\":\"location\",\"data\":{\"lat\":39.9042,\"lon\":116.4074,"
         "\"title\":\"Beijing\",\"content\":\"a \\\"b\\\"\"}}",
         "[{\"type\":\"json\",\"data\":{\"data\":\"{\\\"app\\\":\\\"com."
         "tencent."
         "map\\\",\\\"desc\\\":\\\"地图\\\",\\\"view\\\":\\\"LocationShare\\\","
         "\\\"ver\\\":\\\"0.0.0.1\\\",\\\"from\\\":1,\\\"prompt\\\":\\\"[位置]"
         "Beijing\\\",\\\"meta\\\":{\\\"Location.Search\\\":{\\\"from\\\":"
         "\\\"plusPanel\\\",\\\"lat\\\":\\\"39.9042\\\",\\\"lng\\\":"
         "\\\"116.4074\\\",\\\"name\\\":\\\"Beijing\\\",\\\"address\\\":\\\"a "
         "\\\\\\\"b\\\\\\\"\\\"}},\\\"config\\\":{\\\"autosize\\\":1,"
         "\\\"forward\\\":1,\\\"type\\\":\\\"card\\\"}}\"}}]",
         "[\"params.message[0]: NapCat does not send a location; it left as a "
         "map card\"]"},
        {"SnowLuma makes its own", PEER_SNOWLUMA,
         "{\"type\":\"location\",\"data\":{\"lat\":1.5,\"lon\":2}}",
         "[{\"type\":\"location\",\"data\":{\"lat\":\"1.5\",\"lon\":\"2\"}}]",
         NULL},
    };
    CHECK_ROWS(rows, false);
}

TEST(a_mini_app_becomes_a_card)
{
    static const struct row rows[] = {
        {"as text", PEER_NAPCAT,
         "{\"type\":\"miniapp\",\"data\":{\"data\":\"{\\\"app\\\":1}\"}}",
         "[{\"type\":\"json\",\"data\":{\"data\":\"{\\\"app\\\":1}\"}}]",
         "[\"params.message[0]: NapCat does not send a miniapp; it left as a "
         "json card, which QQ shows only if it is signed\"]"},
        {"as a map", PEER_LLBOT,
         "{\"type\":\"miniapp\",\"data\":{\"data\":{\"app\":[1,2.5]}}}",
         "[{\"type\":\"json\",\"data\":{\"data\":\"{\\\"app\\\":[1,2.5]}\"}}]",
         "[\"params.message[0]: LLBot does not send a miniapp; it left as a "
         "json card, which QQ shows only if it is signed\"]"},
    };
    CHECK_ROWS(rows, false);
}

TEST(json_is_text_for_all_but_napcat)
{
    static const struct row rows[] = {
        {"a map", PEER_LAGRANGE,
         "{\"type\":\"json\",\"data\":{\"data\":{\"key\":\"value\"}}}",
         "[{\"type\":\"json\",\"data\":{\"data\":\"{\\\"key\\\":\\\"value\\\"}"
         "\"}}]",
         NULL},
        {"a token that is passed over", PEER_NAPCAT,
         "{\"type\":\"json\",\"data\":{\"data\":\"{}\",\"config\":{\"token\":"
         "\"t\"}}}",
         "as given",
         "[\"params.message[0]: NapCat passes over data.config.token\"]"},
        {"a list", PEER_NAPCAT, "{\"type\":\"json\",\"data\":{\"data\":[1]}}",
         "bad_params: params.message[0].data.data: required: JSON as a text, "
         "or "
         "a map",
         NULL},
    };
    CHECK_ROWS(rows, false);
}

#define MAY_SHOW(type)                                                         \
    "[\"params.message[0]: NapCat may show another result of the " type        \
    " than the one asked for\"]"

TEST(a_result_is_asked_for_as_the_peer_takes_it)
{
    static const struct row rows[] = {
        {"dice", PEER_NAPCAT, "{\"type\":\"dice\",\"data\":{\"result\":6}}",
         "[{\"type\":\"face\",\"data\":{\"id\":\"358\",\"resultId\":\"6\"}}]",
         MAY_SHOW("dice")},
        {"dice, as text", PEER_NAPCAT,
         "{\"type\":\"dice\",\"data\":{\"result\":\"1\"}}",
         "[{\"type\":\"face\",\"data\":{\"id\":\"358\",\"resultId\":\"1\"}}]",
         MAY_SHOW("dice")},
        {"rps", PEER_NAPCAT, "{\"type\":\"rps\",\"data\":{\"result\":3}}",
         "[{\"type\":\"face\",\"data\":{\"id\":\"359\",\"resultId\":\"3\"}}]",
         MAY_SHOW("rps")},
        {"rps, counted from 0", PEER_NAPCAT,
         "{\"type\":\"rps\",\"data\":{\"value\":\"0\"}}",
         "[{\"type\":\"face\",\"data\":{\"id\":\"359\",\"resultId\":\"1\"}}]",
         MAY_SHOW("rps")},
        {"dice of another name", PEER_NAPCAT,
         "{\"type\":\"dice\",\"data\":{\"value\":2}}",
         "[{\"type\":\"face\",\"data\":{\"id\":\"358\",\"resultId\":\"2\"}}]",
         MAY_SHOW("dice")},
        {"go-cqhttp's rps", PEER_GOCQHTTP,
         "{\"type\":\"rps\",\"data\":{\"result\":1}}",
         "[{\"type\":\"rps\",\"data\":{\"value\":\"0\"}}]", NULL},
        {"go-cqhttp's dice", PEER_GOCQHTTP,
         "{\"type\":\"dice\",\"data\":{\"result\":6}}",
         "[{\"type\":\"dice\",\"data\":{\"value\":\"6\"}}]", NULL},
        {"LLBot, from go-cqhttp's", PEER_LLBOT,
         "{\"type\":\"rps\",\"data\":{\"value\":2}}",
         "[{\"type\":\"rps\",\"data\":{\"result\":\"3\"}}]", NULL},
        {"SnowLuma", PEER_SNOWLUMA,
         "{\"type\":\"dice\",\"data\":{\"result\":6}}", "as given",
         "[\"params.message[0]: SnowLuma rolls a result of its own, not the "
         "one asked for\"]"},
        {"too high", PEER_NAPCAT, "{\"type\":\"dice\",\"data\":{\"result\":7}}",
         "bad_params: params.message[0].data.result: allowed: an integer from "
         "1 to 6",
         NULL},
        {"too low", PEER_UNKNOWN, "{\"type\":\"rps\",\"data\":{\"result\":0}}",
         "bad_params: params.message[0].data.result: allowed: an integer from "
         "1 to 3",
         NULL},
        {"a value too high", PEER_GOCQHTTP,
         "{\"type\":\"rps\",\"data\":{\"value\":3}}",
         "bad_params: params.message[0].data.value: allowed: an integer from 0 "
         "to 2",
         NULL},
        {"no number", PEER_LLBOT,
         "{\"type\":\"dice\",\"data\":{\"result\":\"six\"}}",
         "bad_params: params.message[0].data.result: allowed: an integer from "
         "1 to 6",
         NULL},
    };
    CHECK_ROWS(rows, false);
}

TEST(a_poke_becomes_an_action)
{
    static const struct row rows[] = {
        {"qq", PEER_NAPCAT, "{\"type\":\"poke\",\"data\":{\"qq\":\"10002\"}}",
         "poke 10002", NULL},
        {"user_id, a number", PEER_NAPCAT,
         "{\"type\":\"poke\",\"data\":{\"user_id\":10002}}", "poke 10002",
         NULL},
        {"id", PEER_SNOWLUMA, "{\"type\":\"poke\",\"data\":{\"id\":10002}}",
         "poke 10002", NULL},
        {"a kind of poke names nobody", PEER_NAPCAT,
         "{\"type\":\"poke\",\"data\":{\"type\":\"126\",\"id\":\"2003\"}}",
         "bad_params: params.message[0].data.qq: required: the QQ number of "
         "whom to poke",
         NULL},
        {"nobody", PEER_NAPCAT, "{\"type\":\"poke\"}",
         "bad_params: params.message[0].data.qq: required: the QQ number of "
         "whom to poke",
         NULL},
        {"LLBot takes the segment", PEER_LLBOT,
         "{\"type\":\"poke\",\"data\":{\"qq\":\"10002\"}}", "as given", NULL},
    };
    static const struct row private_rows[] = {
        {"the other end", PEER_NAPCAT, "{\"type\":\"poke\",\"data\":{}}",
         "poke 10009", NULL},
        {"the other end, with a kind", PEER_NAPCAT,
         "{\"type\":\"poke\",\"data\":{\"type\":\"1\",\"id\":\"-1\"}}",
         "poke 10009", NULL},
    };
    CHECK_ROWS(rows, false);
    CHECK_ROWS(private_rows, true);
}

TEST(a_mention_in_a_private_chat_is_text)
{
    static const struct row rows[] = {
        {"by number", PEER_NAPCAT, "{\"type\":\"at\",\"data\":{\"qq\":10002}}",
         "[{\"type\":\"text\",\"data\":{\"text\":\"@10002\"}}]",
         "[\"params.message[0]: NapCat drops an at in a private chat; it left "
         "as text\"]"},
        {"by name", PEER_NAPCAT,
         "{\"type\":\"at\",\"data\":{\"qq\":\"10002\",\"name\":\"Ann\"}}",
         "[{\"type\":\"text\",\"data\":{\"text\":\"@Ann\"}}]",
         "[\"params.message[0]: NapCat drops an at in a private chat; it left "
         "as text\"]"},
        {"elsewhere", PEER_LLBOT, "{\"type\":\"at\",\"data\":{\"qq\":\"1\"}}",
         "as given", NULL},
    };
    CHECK_ROWS(rows, true);
}

TEST(markdown_is_noted_or_made_text)
{
    static const struct row rows[] = {
        {"noted", PEER_NAPCAT,
         "{\"type\":\"markdown\",\"data\":{\"content\":\"# T\"}}", "as given",
         "[\"params.message[0]: markdown that NapCat sends is often not shown: "
         "QQ wants it signed\"]"},
        {"not sent", PEER_GOCQHTTP,
         "{\"type\":\"markdown\",\"data\":{\"content\":\"# T\"}}",
         "unsupported_by_peer: params.message[0]: go-cqhttp does not send "
         "segments of type markdown; send text instead",
         NULL},
    };
    struct peer peer = {.kind = PEER_GOCQHTTP};
    const struct outgoing_options options = {.peer = &peer,
                                             .markdown_as_text = true};
    struct planned planned = {0};
    CHECK_ROWS(rows, false);
    plan(&planned, "[{\"type\":\"markdown\",\"data\":{\"content\":\"# T\"}}]",
         &options);
    CHECK_SLICE(buffer_slice(&planned.line),
                slice_of("[{\"type\":\"text\",\"data\":{\"text\":\"# T\"}}]"));
    planned_finish(&planned);
}

TEST(a_share_becomes_text)
{
    static const struct row rows[] = {
        {"NapCat", PEER_NAPCAT,
         "{\"type\":\"share\",\"data\":{\"url\":\"http://a\",\"title\":\"T\"}}",
         "[{\"type\":\"text\",\"data\":{\"text\":\"T http://a\"}}]",
         "[\"params.message[0]: NapCat does not send a share; it left as its "
         "title and url\"]"},
        {"go-cqhttp", PEER_GOCQHTTP,
         "{\"type\":\"share\",\"data\":{\"url\":\"http://a\",\"title\":\"T\"}}",
         "as given", NULL},
    };
    CHECK_ROWS(rows, false);
}

#define NOT_SENT(peer, type)                                                   \
    "unsupported_by_peer: params.message[0]: " peer                            \
    " does not send segments of type " type

TEST(what_a_peer_drops_is_refused)
{
    static const struct row rows[] = {
        {"xml", PEER_NAPCAT, "{\"type\":\"xml\",\"data\":{\"data\":\"<a/>\"}}",
         NOT_SENT("NapCat", "xml; send json or markdown instead"), NULL},
        {"anonymous", PEER_NAPCAT, "{\"type\":\"anonymous\",\"data\":{}}",
         NOT_SENT("NapCat", "anonymous; leave it out: QQ has withdrawn it"),
         NULL},
        {"flashtransfer", PEER_NAPCAT,
         "{\"type\":\"flashtransfer\",\"data\":{\"fileSetId\":\"1\"}}",
         NOT_SENT("NapCat", "flashtransfer; use send_flash_msg"), NULL},
        {"tts", PEER_NAPCAT, "{\"type\":\"tts\",\"data\":{\"text\":\"a\"}}",
         NOT_SENT("NapCat", "tts; send a record instead"), NULL},
        {"a new one", PEER_NAPCAT, "{\"type\":\"sparkle\",\"data\":{}}",
         NOT_SENT("NapCat", "sparkle"), NULL},
        {"a file", PEER_LAGRANGE,
         "{\"type\":\"file\",\"data\":{\"file\":\"a\"}}",
         NOT_SENT("Lagrange.OneBot",
                  "file; use upload_group_file or upload_private_file"),
         NULL},
    };
    CHECK_ROWS(rows, false);
}

TEST(media_by_url_or_path_is_media_by_file_elsewhere)
{
    static const struct row rows[] = {
        {"url", PEER_LLBOT,
         "{\"type\":\"image\",\"data\":{\"url\":\"http://a/b\"}}",
         "[{\"type\":\"image\",\"data\":{\"file\":\"http://a/b\"}}]", NULL},
        {"path", PEER_UNKNOWN,
         "{\"type\":\"record\",\"data\":{\"path\":\"/a\"}}",
         "[{\"type\":\"record\",\"data\":{\"file\":\"/a\"}}]", NULL},
        {"file", PEER_UNKNOWN,
         "{\"type\":\"video\",\"data\":{\"file\":\"a\",\"url\":\"b\"}}",
         "as given", NULL},
    };
    CHECK_ROWS(rows, false);
}

SUITE(lowering, what_a_peer_delivers_passes,
      everything_passes_to_a_peer_that_nothing_is_known_of,
      a_place_becomes_a_map_card, a_mini_app_becomes_a_card,
      json_is_text_for_all_but_napcat,
      a_result_is_asked_for_as_the_peer_takes_it, a_poke_becomes_an_action,
      a_mention_in_a_private_chat_is_text, markdown_is_noted_or_made_text,
      a_share_becomes_text, what_a_peer_drops_is_refused,
      media_by_url_or_path_is_media_by_file_elsewhere)
