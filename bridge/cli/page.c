/* SPDX-License-Identifier: MIT */
#include "page.h"

#include "cli/answer.h"
#include "core/mp.h"
#include "core/pack.h"

static void pack_uint(struct msgpack_packer *packer, const char *key,
                      uint64_t value)
{
    pack_string(packer, key);
    msgpack_pack_uint64(packer, value);
}

void page_pack_request(const struct page_query *query, struct buffer *request)
{
    bool has_since = query->since.kind != SINCE_OLDEST;
    bool has_limit = query->limit > 0;
    bool has_topics = query->pattern_count > 0;
    struct msgpack_packer packer = pack_into(request);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "action");
    pack_string(&packer, "bridge.replay");
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, (size_t)has_since + (size_t)has_limit +
                                  (size_t)has_topics);
    if (has_since)
        pack_uint(&packer, query->since.kind == SINCE_SEQ ? "after" : "max_age",
                  query->since.value);
    if (has_limit)
        pack_uint(&packer, "limit", query->limit);
    if (!has_topics)
        return;
    pack_string(&packer, "topics");
    msgpack_pack_array(&packer, query->pattern_count);
    for (size_t i = 0; i < query->pattern_count; i++)
        pack_string(&packer, query->patterns[i]);
}

/* ---- the reply -------------------------------------------------------- */

static bool read_seq(struct slice map, const char *key, uint64_t *seq)
{
    struct slice value;
    int64_t number;
    if (!mp_find(map, key, &value) || !mp_read_int(value, &number) ||
        number < 0)
        return false;
    *seq = (uint64_t)number;
    return true;
}

bool page_read(struct slice data, struct page *page)
{
    *page = (struct page){
        .data = data,
        .epoch = answer_text(data, "epoch"),
        .truncated = answer_flag(data, "truncated"),
    };
    return page->epoch.size > 0 && page->epoch.size < PAGE_EPOCH_SIZE &&
           read_seq(data, "next", &page->next) &&
           read_seq(data, "newest", &page->newest);
}

/* At the first element of the array under `key`; its length, 0 without one. */
static uint32_t open_array(struct slice map, const char *key,
                           struct mp_reader *reader)
{
    struct slice list;
    struct mp_token head;
    if (!mp_find(map, key, &list))
        return 0;
    *reader = mp_reader_of(list);
    return mp_next(reader, &head) && head.kind == MP_ARRAY ? head.count : 0;
}

bool page_each_event(const struct page *page,
                     bool (*on_event)(void *ctx, struct slice message),
                     void *ctx)
{
    struct mp_reader reader;
    struct mp_token token;
    struct slice item;
    uint32_t count = open_array(page->data, "events", &reader);
    for (uint32_t i = 0; i < count && mp_skip(&reader, &item); i++) {
        struct mp_reader inside = mp_reader_of(item);
        if (mp_next(&inside, &token) && token.kind == MP_BIN &&
            !on_event(ctx, token.bytes))
            return false;
    }
    return true;
}

struct lost_listener {
    void (*on_lost)(void *ctx, uint64_t first, uint64_t last);
    void *ctx;
};

static void on_range(void *ctx, struct slice range)
{
    const struct lost_listener *listener = ctx;
    struct mp_reader reader = mp_reader_of(range);
    struct mp_token head, first, last;
    if (mp_next(&reader, &head) && head.kind == MP_ARRAY && head.count == 2 &&
        mp_next(&reader, &first) && first.kind == MP_INT &&
        mp_next(&reader, &last) && last.kind == MP_INT)
        listener->on_lost(listener->ctx, (uint64_t)first.integer,
                          (uint64_t)last.integer);
}

void page_each_lost(const struct page *page,
                    void (*on_lost)(void *ctx, uint64_t first, uint64_t last),
                    void *ctx)
{
    struct lost_listener listener = {on_lost, ctx};
    answer_each(page->data, "lost", on_range, &listener);
}
