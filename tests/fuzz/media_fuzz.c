/* SPDX-License-Identifier: MIT */
/* Media in parameters. The input is a byte of options, the action up to a line
 * end, and the MessagePack of the parameters.
 *
 *   - what is found lies in the parameters, one behind the other;
 *   - a refusal says something, in UTF-8, and leaves nothing behind;
 *   - what is written is one whole value without bin, and, where nothing was
 *     found, what was there before;
 *   - what is written is taken once more as it is: no path in it but those that
 *     the peer has, no bytes that are too many. */
#include "fuzz.h"

#include "core/media.h"
#include "core/mp.h"
#include "core/warnings.h"

/* What the peer knows it may be told again. */
static const struct media_path PATHS[] = {
    {"/data", "/peer"}, {"/data/x/", "/peer/y"},  {"C:\\Bot", "D:\\Peer"},
    {"/peer", "/peer"}, {"D:\\Peer", "D:\\Peer"},
};

enum { FETCHES = 1, MAY_UPLOAD = 2, SMALL = 4 };

static struct media_options options_of(unsigned flags)
{
    return (struct media_options){
        .paths = PATHS,
        .path_count = sizeof(PATHS) / sizeof(PATHS[0]),
        .inline_max = (flags & SMALL) != 0 ? 4 : 1024,
        .bytes_max = (flags & SMALL) != 0 ? 64 : 65536,
        .fetches = (flags & FETCHES) != 0,
        .may_upload = (flags & MAY_UPLOAD) != 0,
    };
}

static void ensure_fault(const char *fault, const struct media_list *list)
{
    size_t size = strnlen(fault, MEDIA_FAULT_SIZE);
    ENSURE(size > 0 && size < MEDIA_FAULT_SIZE);
    ENSURE(fuzz_is_utf8((struct slice){fault, size}));
    ENSURE(list->items == NULL && list->count == 0);
}

static void ensure_in_order(const struct media_list *list, struct slice params)
{
    const char *end = params.data;
    for (size_t i = 0; i < list->count; i++) {
        struct slice value = list->items[i].value;
        ENSURE(fuzz_is_inside(value, params));
        ENSURE(value.data >= end);
        end = value.data + value.size;
    }
}

static void load(struct media_list *list, struct media_item *item,
                 struct slice params, const struct media_options *options,
                 struct warnings *warnings)
{
    char fault[MEDIA_FAULT_SIZE];
    struct buffer bytes = {0};
    buffer_append_string(&bytes, "loaded");
    if (media_set_bytes(list, item, &bytes, params, options, warnings, fault) !=
        REPLY_FINE)
        media_set_path(item, slice_of("refused"));
}

/* Until nothing waits. */
static void serve(struct media_list *list, struct slice params,
                  const struct media_options *options,
                  struct warnings *warnings)
{
    for (size_t i = 0; i < list->count; i++) {
        struct media_item *item = &list->items[i];
        if (item->need == MEDIA_FETCH)
            load(list, item, params, options, warnings);
        if (item->need == MEDIA_UPLOAD)
            media_set_path(item, slice_of("/peer/uploaded"));
    }
    ENSURE(media_waiting(list) == 0);
}

static void ensure_no_bin(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    while (mp_next(&reader, &token))
        ENSURE(token.kind != MP_BIN);
}

static void ensure_taken_again(struct slice action, struct slice written,
                               const struct media_options *options)
{
    struct media_options again = *options;
    struct media_list list = {0};
    struct warnings warnings = {0};
    char fault[MEDIA_FAULT_SIZE] = "";
    again.inline_max = options->bytes_max;
    ENSURE(media_find(action, written, &again, &list, &warnings, fault) ==
           REPLY_FINE);
    ENSURE(media_waiting(&list) == 0);
    media_finish(&list);
    warnings_finish(&warnings);
}

static void ensure_written(struct slice action, struct slice params,
                           const struct media_list *list,
                           const struct media_options *options)
{
    struct buffer out = {0};
    buffer_append_string(&out, "kept");
    media_write(params, list, &out);
    struct slice written = {out.data + 4, out.size - 4};
    ENSURE(memcmp(out.data, "kept", 4) == 0);
    ENSURE(list->count > 0 || fuzz_same(written, params));
    if (fuzz_is_whole(params)) {
        ENSURE(fuzz_is_whole(written));
        ensure_no_bin(written);
        ensure_taken_again(action, written, options);
    }
    buffer_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct media_options options = options_of(fuzz_byte(&input));
    struct slice action = fuzz_until(&input, '\n');
    struct slice params = {input.at, input.left};
    struct media_list list = {0};
    struct warnings warnings = {0};
    char fault[MEDIA_FAULT_SIZE] = "";
    if (media_find(action, params, &options, &list, &warnings, fault) !=
        REPLY_FINE) {
        ensure_fault(fault, &list);
    } else {
        ensure_in_order(&list, params);
        serve(&list, params, &options, &warnings);
        ensure_written(action, params, &list, &options);
    }
    media_finish(&list);
    warnings_finish(&warnings);
    return 0;
}
