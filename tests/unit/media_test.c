/* SPDX-License-Identifier: MIT */
#include "core/media.h"

#include <stdint.h>

#include "base/base64.h"
#include "check.h"
#include "core/catalog.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/warnings.h"

static const struct media_path SHARED[] = {{"/data", "/app/data"}};

static const struct media_options OPTIONS = {
    .paths = SHARED,
    .path_count = 1,
    .inline_max = 1024,
    .bytes_max = 50000000,
    .may_upload = true,
};

/* The number behind the first `skip` bytes. */
static size_t number_behind(struct slice text, size_t skip)
{
    size_t number = 0;
    for (size_t i = skip; i < text.size; i++)
        number = 10 * number + (size_t)(text.data[i] - '0');
    return number;
}

static void append_x(struct buffer *out, size_t count)
{
    buffer_reserve(out, count);
    memset(out->data + out->size, 'x', count);
    out->size += count;
}

/* "bin:abc" becomes the bin abc, "bin#1000" one of a thousand x, and "base64#8"
 * base64:// and the text of eight x: JSON has neither, nor room. */
static void pack_string_of_json(struct buffer *out, struct slice text)
{
    struct msgpack_packer packer = pack_into(out);
    struct buffer bytes = {0};
    struct buffer digits = {0};
    bool is_many = text.size > 4 && memcmp(text.data, "bin#", 4) == 0;
    bool is_bin = text.size >= 4 && memcmp(text.data, "bin:", 4) == 0;
    bool is_base64 = text.size > 7 && memcmp(text.data, "base64#", 7) == 0;
    if (is_many || is_base64)
        append_x(&bytes, number_behind(text, is_many ? 4 : 7));
    else if (is_bin)
        buffer_append(&bytes, text.data + 4, text.size - 4);
    if (is_base64) {
        buffer_append_string(&digits, "base64://");
        base64_append(&digits, buffer_slice(&bytes));
        pack_text(&packer, buffer_slice(&digits));
    } else if (is_many || is_bin) {
        msgpack_pack_bin(&packer, bytes.size);
        msgpack_pack_bin_body(&packer, bytes.data, bytes.size);
    } else {
        pack_text(&packer, text);
    }
    buffer_finish(&bytes);
    buffer_finish(&digits);
}

static void pack_params(const char *json, struct buffer *out)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer plain = {0};
    struct mp_token token;
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, &plain, &error),
             STATUS_OK);
    struct mp_reader reader = mp_reader_of(buffer_slice(&plain));
    for (const unsigned char *at = reader.at; mp_next(&reader, &token);
         at = reader.at) {
        if (token.kind == MP_STR)
            pack_string_of_json(out, token.bytes);
        else
            buffer_append(out, at, (size_t)(reader.at - at));
    }
    buffer_finish(&plain);
}

/* A call's parameters, and what was found in them. */
struct call {
    struct buffer params;
    struct media_list list;
    struct warnings warnings;
    char fault[MEDIA_FAULT_SIZE];
    enum reply_error error;
    struct buffer json; /* what is written, if nothing waits */
};

static void write_json(struct call *call)
{
    const struct json_writer_options options = {0};
    struct json_error error;
    struct buffer written = {0};
    buffer_clear(&call->json, SIZE_MAX);
    media_write(buffer_slice(&call->params), &call->list, &written);
    CHECK_EQ(json_from_msgpack(buffer_slice(&written), &options, &call->json,
                               &error),
             STATUS_OK);
    buffer_finish(&written);
}

static struct call find_with(const char *action, const char *json,
                             const struct media_options *options)
{
    struct call call = {0};
    pack_params(json, &call.params);
    call.error = media_find(slice_of(action), buffer_slice(&call.params),
                            options, &call.list, &call.warnings, call.fault);
    if (call.error == REPLY_FINE && media_waiting(&call.list) == 0)
        write_json(&call);
    return call;
}

static struct call find(const char *action, const char *json)
{
    return find_with(action, json, &OPTIONS);
}

static void finish(struct call *call)
{
    media_finish(&call->list);
    warnings_finish(&call->warnings);
    buffer_finish(&call->params);
    buffer_finish(&call->json);
}

#define MESSAGE(segments)   "{\"group_id\":1,\"message\":[" segments "]}"
#define SEGMENT(type, data) "{\"type\":\"" type "\",\"data\":{" data "}}"
#define IMAGE(value)        SEGMENT("image", "\"file\":\"" value "\"")

TEST(small_media_are_written_at_once)
{
    static const struct {
        const char *label, *action, *before, *after;
    } rows[] = {
        {"bin", "send_group_msg", MESSAGE(IMAGE("bin:foobar")),
         MESSAGE(IMAGE("base64://Zm9vYmFy"))},
        {"base64", "send_group_msg", MESSAGE(IMAGE("base64://Zm9vYmE=")),
         MESSAGE(IMAGE("base64://Zm9vYmE="))},
        {"base64 in lines, not padded", "send_group_msg",
         MESSAGE(IMAGE("base64://Zm9v\\nYmE\\n")),
         MESSAGE(IMAGE("base64://Zm9vYmE="))},
        {"base64 for URLs", "send_group_msg",
         MESSAGE(IMAGE("data:image/png;base64,-_8")),
         MESSAGE(IMAGE("base64://+/8="))},
        {"base64 in capitals", "send_group_msg",
         MESSAGE(IMAGE("BASE64://Zm8=")), MESSAGE(IMAGE("base64://Zm8="))},
        {"data:", "send_group_msg",
         MESSAGE(IMAGE("data:image/png;base64,Zm9v")),
         MESSAGE(IMAGE("base64://Zm9v"))},
        {"a URL", "send_group_msg", MESSAGE(IMAGE("https://example.org/a%20b")),
         MESSAGE(IMAGE("https://example.org/a%20b"))},
        {"a received file", "send_group_msg", MESSAGE(IMAGE("{1F}.png")),
         MESSAGE(IMAGE("{1F}.png"))},
        {"a path", "send_group_msg", MESSAGE(IMAGE("/data/a.png")),
         MESSAGE(IMAGE("/app/data/a.png"))},
        {"file://", "send_group_msg", MESSAGE(IMAGE("file:///data/a%20b.png")),
         MESSAGE(IMAGE("file:///app/data/a%20b.png"))},
        {"two, and text", "send_msg",
         MESSAGE(IMAGE("bin:f") "," SEGMENT(
             "text", "\"text\":\"/data\"") "," IMAGE("bin:foo")),
         MESSAGE(IMAGE("base64://Zg==") "," SEGMENT(
             "text", "\"text\":\"/data\"") "," IMAGE("base64://Zm9v"))},
        {"each kind", "send_private_msg",
         MESSAGE(SEGMENT("record", "\"file\":\"bin:f\"") "," SEGMENT(
             "video", "\"file\":\"bin:f\",\"thumb\":\"bin:fo\",\"cover\":\"bin:"
                      "foo\"") "," SEGMENT("file", "\"file\":\"bin:f\"")),
         MESSAGE(SEGMENT("record", "\"file\":\"base64://Zg==\"") "," SEGMENT(
             "video",
             "\"file\":\"base64://Zg==\",\"thumb\":\"base64://Zm8=\","
             "\"cover\":\"base64://Zm9v\"") "," SEGMENT("file",
                                                        "\"file\":\"base64://"
                                                        "Zg==\""))},
        {"data before type", "send_msg",
         MESSAGE("{\"data\":{\"file\":\"bin:f\"},\"type\":\"image\"}"),
         MESSAGE("{\"data\":{\"file\":\"base64://Zg==\"},\"type\":\"image\"}")},
        {"one segment", "send_msg", "{\"message\":" IMAGE("bin:f") "}",
         "{\"message\":" IMAGE("base64://Zg==") "}"},
        {"a path that does not count", "send_msg",
         MESSAGE(SEGMENT("record", "\"path\":\"/peer/x\",\"file\":\"x.amr\"")),
         MESSAGE(SEGMENT("record", "\"path\":\"/peer/x\",\"file\":\"x.amr\""))},
        {"a path that counts", "send_msg",
         MESSAGE(SEGMENT("image", "\"url\":\"\",\"file\":null,\"path\":"
                                  "\"/data/x\"")),
         MESSAGE(SEGMENT("image", "\"url\":\"\",\"file\":null,\"path\":"
                                  "\"/app/data/x\""))},
        {"nodes", "send_group_forward_msg",
         "{\"messages\":[" SEGMENT(
             "node", "\"content\":[" IMAGE("bin:f") "," SEGMENT(
                         "node", "\"content\":" IMAGE("bin:fo")) "]") "]}",
         "{\"messages\":[" SEGMENT(
             "node",
             "\"content\":[" IMAGE("base64://Zg==") "," SEGMENT(
                 "node", "\"content\":" IMAGE("base64://Zm8=")) "]") "]}"},
        {"a suffix", "send_msg_async", MESSAGE(IMAGE("bin:f")),
         MESSAGE(IMAGE("base64://Zg=="))},
        {"a quick answer", ".handle_quick_operation",
         "{\"context\":{},\"operation\":{\"reply\":[" IMAGE("bin:f") "]}}",
         "{\"context\":{},\"operation\":{\"reply\":[" IMAGE(
             "base64://Zg==") "]}}"},
        {"a parameter", "set_qq_avatar", "{\"file\":\"bin:f\"}",
         "{\"file\":\"base64://Zg==\"}"},
        {"a file", "upload_group_file",
         "{\"group_id\":1,\"file\":\"/data/a\",\"name\":\"/etc/a\"}",
         "{\"group_id\":1,\"file\":\"/app/data/a\",\"name\":\"/etc/a\"}"},
        {"a dot and a suffix", ".ocr_image_rate_limited",
         "{\"image\":\"bin:f\"}", "{\"image\":\"base64://Zg==\"}"},
        {"a list", "send_qzone_msg", "{\"images\":[\"bin:f\",\"bin:fo\"]}",
         "{\"images\":[\"base64://Zg==\",\"base64://Zm8=\"]}"},
        {"not in the order of the table", "create_flash_task",
         "{\"thumb_path\":\"/data/a\",\"files\":[\"/data/b\",\"c\"]}",
         "{\"thumb_path\":\"/app/data/a\",\"files\":[\"/app/data/b\",\"c\"]}"},
        {"bare base64", "download_file", "{\"base64\":\"bin:f\"}",
         "{\"base64\":\"Zg==\"}"},
        {"bare base64, with the prefix", "download_file",
         "{\"base64\":\"base64://Zg==\"}", "{\"base64\":\"Zg==\"}"},
        {"bare base64 with a slash", "download_file", "{\"base64\":\"/+++\"}",
         "{\"base64\":\"/+++\"}"},
        {"a folder", "send_online_folder", "{\"folder_path\":\"/data/\"}",
         "{\"folder_path\":\"/app/data\"}"},
        {"no place", "set_group_name", "{\"file\":\"/etc/passwd\"}",
         "{\"file\":\"/etc/passwd\"}"},
        {"text is not looked into", "send_msg",
         MESSAGE(SEGMENT("text", "\"text\":\"a\",\"file\":\"/etc\"")),
         MESSAGE(SEGMENT("text", "\"text\":\"a\",\"file\":\"/etc\""))},
        {"no message", "send_msg", "{\"group_id\":1}", "{\"group_id\":1}"},
        {"odd forms", "send_msg",
         "{\"message\":[1,null,[],{},{\"type\":\"image\"},{\"type\":\"image\","
         "\"data\":null},{\"type\":\"image\",\"data\":[]},{\"data\":{\"file\":"
         "\"/x\"}}],\"messages\":7}",
         "{\"message\":[1,null,[],{},{\"type\":\"image\"},{\"type\":\"image\","
         "\"data\":null},{\"type\":\"image\",\"data\":[]},{\"data\":{\"file\":"
         "\"/x\"}}],\"messages\":7}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct call call = find(rows[i].action, rows[i].before);
        CHECK_ROW(slice_of(call.fault), slice_of(""), rows[i].label);
        CHECK_ROW(buffer_slice(&call.json), slice_of(rows[i].after),
                  rows[i].label);
        CHECK_EQ(call.warnings.count, 0);
        finish(&call);
    }
}

#define OTHER                                                                  \
    "allowed: bin, base64://, data:, http://, https://, file:// or the id of " \
    "a received file"
#define NO_BASE64                                                              \
    "this is no base64; allowed: letters, digits, + and /, or - and _"
#define NO_PATH                                                                \
    "this is no path: there is a percent sign without two hexadecimal "        \
    "digits, a NUL, or a name of dots and blanks"
#define UNMAPPED(path)                                                         \
    "no entry of bridge.media.paths maps \"" path "\", and the peer may live " \
    "elsewhere; send the bytes (bin or base64://) or an http(s) URL, or map "  \
    "a folder that both can reach"
#define OTHER_BIN                                                              \
    "bin is allowed only where a file is, and of `url`, `file` and `path` in " \
    "one only"

TEST(what_cannot_be_sent_is_refused)
{
    static const struct {
        const char *label, *action, *params;
        enum reply_error error;
        const char *fault;
    } rows[] = {
        {"another scheme", "send_msg", MESSAGE(IMAGE("ftp://x/y")),
         REPLY_BAD_PARAMS, "params.message[0].data.file: " OTHER},
        {"broken base64", "send_msg", MESSAGE(IMAGE("base64://Z")),
         REPLY_BAD_PARAMS, "params.message[0].data.file: " NO_BASE64},
        {"a digit too many", "send_msg",
         MESSAGE(SEGMENT("at", "") "," IMAGE("base64://Zm9vY\\n")),
         REPLY_BAD_PARAMS, "params.message[1].data.file: " NO_BASE64},
        {"nothing", "send_msg", MESSAGE(IMAGE("bin:")), REPLY_BAD_PARAMS,
         "params.message[0].data.file: the file is empty"},
        {"no base64", "send_msg", MESSAGE(IMAGE("base64://")), REPLY_BAD_PARAMS,
         "params.message[0].data.file: the file is empty"},
        {"data: without base64", "send_msg", MESSAGE(IMAGE("data:,hello")),
         REPLY_BAD_PARAMS,
         "params.message[0].data.file: of data: addresses only those of base64 "
         "are taken: data:image/png;base64,..."},
        {"a path", "send_msg", MESSAGE(IMAGE("/etc/passwd")), REPLY_DENIED,
         "params.message[0].data.file: " UNMAPPED("/etc/passwd")},
        {"a path beside", "send_msg", MESSAGE(IMAGE("file:///database/x")),
         REPLY_DENIED,
         "params.message[0].data.file: " UNMAPPED("file:///database/x")},
        {"a way out", "send_msg", MESSAGE(IMAGE("file:///data/%2e%2e/etc")),
         REPLY_DENIED,
         "params.message[0].data.file: " UNMAPPED("file:///data/%2e%2e/etc")},
        {"a NUL", "send_msg", MESSAGE(IMAGE("file:///data/a%00b")),
         REPLY_BAD_PARAMS, "params.message[0].data.file: " NO_PATH},
        {"a drive", "upload_group_file", "{\"file\":\"C:\\\\a.png\"}",
         REPLY_DENIED, "params.file: " UNMAPPED("C:\\a.png")},
        {"a number", "send_msg", MESSAGE(SEGMENT("image", "\"file\":7")),
         REPLY_BAD_PARAMS,
         "params.message[0].data.file: allowed: a string or bin"},
        {"a list of bin", "set_qq_avatar", "{\"file\":[[\"bin:f\"]]}",
         REPLY_BAD_PARAMS, "params.file[0]: allowed: a string or bin"},
        {"bin in text", "send_msg",
         MESSAGE(SEGMENT("text", "\"text\":\"bin:f\"")), REPLY_BAD_PARAMS,
         "params.message[0].data.text: " OTHER_BIN},
        {"bin as a key", "send_msg", "{\"message\":{\"bin:f\":1}}",
         REPLY_BAD_PARAMS, "params.message: " OTHER_BIN},
        {"bin twice", "send_msg",
         MESSAGE(SEGMENT("image", "\"file\":\"bin:f\",\"path\":\"bin:f\"")),
         REPLY_BAD_PARAMS, "params.message[0].data.path: " OTHER_BIN},
        {"bin for another action", "set_group_name",
         "{\"group_name\":\"bin:f\"}", REPLY_BAD_PARAMS,
         "params.group_name: " OTHER_BIN},
        {"bin as a folder", "send_online_folder", "{\"folder_path\":\"bin:f\"}",
         REPLY_BAD_PARAMS, "params.folder_path: allowed: a path"},
        {"a folder without a slash", "send_online_folder",
         "{\"folder_path\":\"data\"}", REPLY_DENIED,
         "params.folder_path: " UNMAPPED("data")},
        {"a node's", "send_forward_msg",
         "{\"messages\":[" SEGMENT("node",
                                   "\"content\":[" IMAGE("/x") "]") "]}",
         REPLY_DENIED,
         "params.messages[0].data.content[0].data.file: " UNMAPPED("/x")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct call call = find(rows[i].action, rows[i].params);
        CHECK_ROW(slice_of(call.fault), slice_of(rows[i].fault), rows[i].label);
        CHECK_EQ(call.error, rows[i].error);
        CHECK_EQ(call.list.count, 0);
        finish(&call);
    }
}

TEST(large_media_are_uploaded)
{
    struct call call =
        find("upload_group_file", "{\"file\":\"bin#1025\",\"name\":\"a.zip\"}");
    CHECK_EQ(call.error, REPLY_FINE);
    CHECK_EQ(media_waiting(&call.list), 1);
    CHECK_EQ(call.list.items[0].need, MEDIA_UPLOAD);
    CHECK_EQ(call.list.items[0].bytes.size, 1025);
    CHECK_SLICE(call.list.items[0].name, slice_of("a.zip"));
    media_set_path(&call.list.items[0], slice_of("/tmp/a"));
    CHECK_EQ(media_waiting(&call.list), 0);
    write_json(&call);
    CHECK_SLICE(buffer_slice(&call.json),
                slice_of("{\"file\":\"/tmp/a\",\"name\":\"a.zip\"}"));
    finish(&call);
}

TEST(large_base64_is_uploaded_unread)
{
    struct call call = find("send_msg", MESSAGE(IMAGE("base64#1025")));
    CHECK_EQ(call.list.items[0].need, MEDIA_UPLOAD);
    CHECK_EQ(call.list.items[0].text.size, base64_text_size(1025));
    CHECK_EQ(call.list.items[0].bytes.size, 0);
    finish(&call);
    call = find("send_msg", MESSAGE(IMAGE("base64#1024")));
    CHECK_EQ(call.list.items[0].need, MEDIA_READY);
    finish(&call);
}

TEST(without_upload_they_go_whole_and_it_is_said)
{
    struct media_options options = OPTIONS;
    options.may_upload = false;
    struct call call =
        find_with("send_msg", MESSAGE(IMAGE("bin#1025")), &options);
    CHECK_EQ(call.error, REPLY_FINE);
    CHECK_EQ(call.list.items[0].need, MEDIA_READY);
    CHECK_EQ(call.warnings.count, 1);
    CHECK(call.json.size > base64_text_size(1025));
    finish(&call);
    call = find_with("send_msg", MESSAGE(IMAGE("bin#37000000")), &options);
    CHECK_EQ(call.error, REPLY_TOO_LARGE);
    CHECK_STR(call.fault,
              "params.message[0].data.file: 37000000 bytes, with what else is "
              "in the request, are more than the peer takes in one frame, and "
              "this one takes no files in parts (upload_file_stream)");
    finish(&call);
}

TEST(what_must_lie_on_the_peer_s_disk_is_uploaded_however_small)
{
    static const char PARAMS[] = "{\"file_path\":\"bin:f\"}";
    struct media_options options = OPTIONS;
    struct call call = find("send_online_file", PARAMS);
    CHECK_EQ(call.list.items[0].need, MEDIA_UPLOAD);
    CHECK_EQ(media_send_whole(&call.list, &call.list.items[0],
                              buffer_slice(&call.params), &OPTIONS,
                              &call.warnings, call.fault),
             REPLY_UNSUPPORTED_BY_PEER);
    finish(&call);
    options.may_upload = false;
    call = find_with("send_online_file", PARAMS, &options);
    CHECK_EQ(call.error, REPLY_UNSUPPORTED_BY_PEER);
    finish(&call);
    call = find("send_online_file", "{\"file_path\":\"http://x/y\"}");
    CHECK_EQ(call.error, REPLY_BAD_PARAMS);
    finish(&call);
}

/* Of the parameter `action.name` a path is asked for that leads nowhere. */
static bool is_looked_at(const char *action, const char *name)
{
    char json[256];
    snprintf(json, sizeof(json), "{\"%s\":\"/no/where\"}", name);
    struct call call = find(action, json);
    bool is_refused = call.error == REPLY_DENIED;
    finish(&call);
    return is_refused;
}

TEST(all_that_the_catalogue_calls_media_are_looked_at)
{
    for (size_t i = 0; i < catalog_count(); i++) {
        const struct catalog_action *action = catalog_at(i);
        for (size_t k = 0; k < action->param_count; k++)
            if (action->params[k].is_media &&
                !is_looked_at(action->name, action->params[k].name))
                CHECK_STR(action->name, "looked at");
    }
}

TEST(all_speech_of_the_catalogue_is_looked_at)
{
    for (size_t i = 0; i < catalog_count(); i++) {
        const struct catalog_action *action = catalog_at(i);
        for (size_t k = 0; k < action->param_count; k++)
            if (action->is_speech &&
                (action->params[k].types & CATALOG_MESSAGE) != 0) {
                struct buffer json = {0};
                buffer_append_string(&json, "{\"");
                buffer_append_string(&json, action->params[k].name);
                buffer_append_string(&json, "\":[" IMAGE("/x") "]}");
                buffer_append(&json, "", 1);
                struct call call = find(action->name, json.data);
                if (call.error != REPLY_DENIED)
                    CHECK_STR(action->name, "looked at");
                finish(&call);
                buffer_finish(&json);
            }
    }
}

TEST(small_ones_that_are_too_much_together_are_uploaded)
{
    struct media_options options = OPTIONS;
    options.inline_max = 31457280;
    struct call call = find_with(
        "send_msg", MESSAGE(IMAGE("bin#31000000") "," IMAGE("bin#31000000")),
        &options);
    CHECK_EQ(call.list.items[0].need, MEDIA_READY);
    CHECK_EQ(call.list.items[1].need, MEDIA_UPLOAD);
    finish(&call);
}

TEST(above_the_limit_is_too_large)
{
    struct media_options options = OPTIONS;
    options.bytes_max = 2048;
    static const char *const params[] = {
        MESSAGE(IMAGE("bin#2049")),
        MESSAGE(IMAGE("base64#2049")),
    };
    for (size_t i = 0; i < 2; i++) {
        struct call call = find_with("send_msg", params[i], &options);
        CHECK_EQ(call.error, REPLY_TOO_LARGE);
        CHECK_STR(call.fault, "params.message[0].data.file: 2049 bytes are "
                              "more than mediaMaxMb allows: 2048");
        finish(&call);
    }
}

static struct buffer x_bytes(size_t count)
{
    struct buffer bytes = {0};
    append_x(&bytes, count);
    return bytes;
}

TEST(what_is_loaded_is_judged_as_bytes)
{
    struct media_options options = OPTIONS;
    options.fetches = true;
    struct call call = find_with(
        "send_msg",
        MESSAGE(IMAGE("https://x/a") "," IMAGE("http://x/b") "," IMAGE("c")),
        &options);
    struct slice params = buffer_slice(&call.params);
    struct media_item *items = call.list.items;
    CHECK_EQ(media_waiting(&call.list), 2);
    CHECK_EQ(items[0].need, MEDIA_FETCH);
    CHECK_SLICE(items[0].text, slice_of("https://x/a"));
    struct buffer small = x_bytes(3);
    struct buffer large = x_bytes(2000);
    CHECK_EQ(media_set_bytes(&call.list, &items[0], &small, params, &options,
                             &call.warnings, call.fault),
             REPLY_FINE);
    CHECK_EQ(media_set_bytes(&call.list, &items[1], &large, params, &options,
                             &call.warnings, call.fault),
             REPLY_FINE);
    CHECK(small.data == NULL);
    CHECK_EQ(items[0].need, MEDIA_READY);
    CHECK_EQ(items[1].need, MEDIA_UPLOAD);
    CHECK_EQ(items[1].bytes.size, 2000);
    media_set_path(&items[1], slice_of("/p"));
    write_json(&call);
    CHECK_SLICE(buffer_slice(&call.json),
                slice_of(MESSAGE(
                    IMAGE("base64://eHh4") "," IMAGE("/p") "," IMAGE("c"))));
    options.bytes_max = 1;
    small = x_bytes(3);
    CHECK_EQ(media_set_bytes(&call.list, &items[0], &small, params, &options,
                             &call.warnings, call.fault),
             REPLY_TOO_LARGE);
    finish(&call);
}

TEST(parameters_may_be_copied_meanwhile)
{
    struct media_options options = OPTIONS;
    options.fetches = true;
    struct call call = find_with(
        "send_msg",
        MESSAGE(SEGMENT(
            "file",
            "\"file\":\"bin#2000\",\"name\":"
            "\"n\"") "," IMAGE("https://x/y") "," IMAGE("base64#2000") "," IMAGE("bin:foo") "," IMAGE("https://x/"
                                                                                                      "z")),
        &options);
    struct slice old = buffer_slice(&call.params);
    struct media_item *items = call.list.items;
    struct buffer copy = {0};
    struct buffer loaded = x_bytes(3);
    CHECK_EQ(media_set_bytes(&call.list, &items[4], &loaded, old, &options,
                             &call.warnings, call.fault),
             REPLY_FINE);
    buffer_append(&copy, old.data, old.size);
    media_move(&call.list, old, buffer_slice(&copy));
    buffer_finish(&call.params);
    call.params = copy;
    CHECK_EQ(items[0].bytes.data[1999], 'x');
    CHECK_SLICE(items[0].name, slice_of("n"));
    CHECK_SLICE(items[1].text, slice_of("https://x/y"));
    media_set_path(&items[0], slice_of("/a"));
    media_set_path(&items[1], slice_of("/b"));
    media_set_path(&items[2], slice_of("/c"));
    write_json(&call);
    CHECK_SLICE(
        buffer_slice(&call.json),
        slice_of(
            MESSAGE(SEGMENT("file", "\"file\":\"/a\",\"name\":\"n\"") "," IMAGE(
                "/b") "," IMAGE("/c") "," IMAGE("base64://Zm9v") "," IMAGE("bas"
                                                                           "e64"
                                                                           "://"
                                                                           "eHh"
                                                                           "4"))));
    finish(&call);
}

TEST(base64_that_was_tidied_needs_the_parameters_no_more)
{
    struct call call = find("send_msg", MESSAGE(IMAGE("base64://Zm9v\\nYmE")));
    struct slice old = buffer_slice(&call.params);
    struct buffer copy = {0};
    buffer_append(&copy, old.data, old.size);
    media_move(&call.list, old, buffer_slice(&copy));
    buffer_finish(&call.params);
    call.params = copy;
    write_json(&call);
    CHECK_SLICE(buffer_slice(&call.json),
                slice_of(MESSAGE(IMAGE("base64://Zm9vYmE="))));
    finish(&call);
}

TEST(a_peer_without_uploads_gets_them_whole)
{
    struct call call =
        find("send_msg", MESSAGE(IMAGE("bin#2000") "," IMAGE("base64#3000")));
    struct slice params = buffer_slice(&call.params);
    for (size_t i = 0; i < 2; i++)
        CHECK_EQ(media_send_whole(&call.list, &call.list.items[i], params,
                                  &OPTIONS, &call.warnings, call.fault),
                 REPLY_FINE);
    CHECK_EQ(media_waiting(&call.list), 0);
    CHECK_EQ(call.warnings.count, 2);
    write_json(&call);
    CHECK(call.json.size > base64_text_size(2000) + base64_text_size(3000));
    finish(&call);
    call = find("send_msg", MESSAGE(IMAGE("bin#40000000")));
    params = buffer_slice(&call.params);
    CHECK_EQ(media_send_whole(&call.list, &call.list.items[0], params, &OPTIONS,
                              &call.warnings, call.fault),
             REPLY_TOO_LARGE);
    finish(&call);
}

TEST(a_refusal_of_the_caller_s_has_the_name_before_it)
{
    struct call call = find("send_msg", MESSAGE(IMAGE("https://x/y")));
    CHECK_EQ(media_refuse(&call.list.items[0], buffer_slice(&call.params),
                          REPLY_BAD_PARAMS, "not there", call.fault),
             REPLY_BAD_PARAMS);
    CHECK_STR(call.fault, "params.message[0].data.file: not there");
    finish(&call);
}

TEST(faults_are_cut_between_characters)
{
    struct buffer json = {0};
    buffer_append_string(&json, "{\"file\":\"/x");
    for (int i = 0; i < 500; i++)
        buffer_append_string(&json, "\xe4\xbd\xa0");
    buffer_append(&json, "\"}", 3);
    struct call call = find("set_qq_avatar", json.data);
    CHECK_EQ(call.error, REPLY_DENIED);
    CHECK(strstr(call.fault, "\xe4\xbd\xa0...\", and the peer") != NULL);
    CHECK(strlen(call.fault) < MEDIA_FAULT_SIZE - 1);
    finish(&call);
    buffer_finish(&json);
}

/* As deep as JSON may be: no recursion follows. */
TEST(nodes_without_end_are_refused)
{
    struct buffer json = {0};
    buffer_append_string(&json, "{\"message\":");
    for (int i = 0; i < 20; i++)
        buffer_append_string(&json,
                             "[{\"type\":\"node\",\"data\":{\"content\":");
    buffer_append_string(&json, "[]");
    for (int i = 0; i < 20; i++)
        buffer_append_string(&json, "}}]");
    buffer_append(&json, "}", 2);
    struct call call = find("send_msg", json.data);
    CHECK_EQ(call.error, REPLY_BAD_PARAMS);
    CHECK_STR(call.fault, "params: nodes are nested too deep");
    finish(&call);
    buffer_finish(&json);
}

TEST(more_files_than_a_call_may_have_are_refused)
{
    struct buffer json = {0};
    buffer_append_string(&json, "{\"images\":[\"a\"");
    for (int i = 0; i < MEDIA_ITEMS_MAX; i++)
        buffer_append_string(&json, ",\"a\"");
    buffer_append(&json, "]}", 3);
    struct call call = find("send_qzone_msg", json.data);
    CHECK_EQ(call.error, REPLY_BAD_PARAMS);
    CHECK_STR(call.fault, "params.images[1024]: one call may have 1024 files");
    finish(&call);
    buffer_finish(&json);
}

TEST(no_parameters_have_no_media)
{
    struct media_list list = {0};
    struct warnings warnings = {0};
    struct buffer out = {0};
    char fault[MEDIA_FAULT_SIZE];
    CHECK_EQ(media_find(slice_of("send_msg"), (struct slice){0}, &OPTIONS,
                        &list, &warnings, fault),
             REPLY_FINE);
    media_write((struct slice){0}, &list, &out);
    CHECK_EQ(out.size, 0);
    media_finish(&list);
}

SUITE(media, small_media_are_written_at_once, what_cannot_be_sent_is_refused,
      large_media_are_uploaded, large_base64_is_uploaded_unread,
      without_upload_they_go_whole_and_it_is_said,
      what_must_lie_on_the_peer_s_disk_is_uploaded_however_small,
      all_that_the_catalogue_calls_media_are_looked_at,
      all_speech_of_the_catalogue_is_looked_at,
      small_ones_that_are_too_much_together_are_uploaded,
      above_the_limit_is_too_large, what_is_loaded_is_judged_as_bytes,
      parameters_may_be_copied_meanwhile,
      base64_that_was_tidied_needs_the_parameters_no_more,
      a_peer_without_uploads_gets_them_whole,
      a_refusal_of_the_caller_s_has_the_name_before_it,
      faults_are_cut_between_characters, nodes_without_end_are_refused,
      more_files_than_a_call_may_have_are_refused, no_parameters_have_no_media)
