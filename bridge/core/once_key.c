/* SPDX-License-Identifier: MIT */
#include "once_key.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "core/mp.h"

enum {
    /* Maps are put in order down to here, each level going over its bytes once
     * more, and up to this size; what is beyond counts as it lies. */
    ORDERED_DEPTH_MAX = 16,
    ORDERED_PAIRS_MAX = 4096,
    /* Before what it is of, so that no two things run into each other. */
    TAG_SIZE = 9,
};

struct entry {
    struct slice key, value;
    struct slice name; /* what the key says, in however many bytes */
};

struct once_key once_key_of(struct slice account, struct slice id)
{
    struct once_key key;
    assert(account.size < ACCOUNT_NAME_SIZE && id.size <= REQUEST_ID_BYTES_MAX);
    memcpy(key.bytes, account.data, account.size);
    key.bytes[account.size] = '\0';
    if (id.size > 0)
        memcpy(key.bytes + account.size + 1, id.data, id.size);
    key.size = account.size + 1 + id.size;
    return key;
}

static void add_tag(struct digest *digest, enum mp_kind kind, uint64_t number)
{
    char tag[TAG_SIZE] = {(char)kind};
    for (size_t i = 1; i < TAG_SIZE; i++, number >>= 8)
        tag[i] = (char)(number & 0xff);
    digest_add(digest, (struct slice){tag, TAG_SIZE});
}

static void add_bytes(struct digest *digest, enum mp_kind kind,
                      struct slice bytes)
{
    add_tag(digest, kind, bytes.size);
    digest_add(digest, bytes);
}

static int compare(const void *left, const void *right)
{
    const struct slice *one = &((const struct entry *)left)->name;
    const struct slice *other = &((const struct entry *)right)->name;
    size_t shorter = one->size < other->size ? one->size : other->size;
    int order = memcmp(one->data, other->data, shorter);
    if (order == 0 && one->size != other->size)
        return one->size < other->size ? -1 : 1;
    /* Of equal keys the last one counts: they stay as they lie. */
    if (order == 0)
        return (one->data > other->data) - (one->data < other->data);
    return order;
}

static void add_value(struct digest *digest, struct slice value,
                      unsigned depth);

static bool read_entry(struct mp_reader *reader, struct entry *entry)
{
    if (!mp_skip(reader, &entry->key) || !mp_skip(reader, &entry->value))
        return false;
    if (!mp_read_str(entry->key, &entry->name))
        entry->name = entry->key;
    return true;
}

static void add_map(struct digest *digest, struct mp_reader reader,
                    size_t count, unsigned depth)
{
    struct entry *entries = mem_zalloc(count + 1, sizeof(*entries));
    size_t read = 0;
    while (read < count && read_entry(&reader, &entries[read]))
        read++;
    qsort(entries, read, sizeof(*entries), compare);
    add_tag(digest, MP_MAP, read);
    for (size_t i = 0; i < read; i++) {
        add_value(digest, entries[i].key, depth + 1);
        add_value(digest, entries[i].value, depth + 1);
    }
    free(entries);
}

static void add_array(struct digest *digest, struct mp_reader reader,
                      size_t count, unsigned depth)
{
    struct slice value;
    add_tag(digest, MP_ARRAY, count);
    for (size_t i = 0; i < count && mp_skip(&reader, &value); i++)
        add_value(digest, value, depth + 1);
}

static void add_value(struct digest *digest, struct slice value, unsigned depth)
{
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token token;
    if (!mp_next(&reader, &token))
        return;
    bool is_near = depth < ORDERED_DEPTH_MAX;
    if (token.kind == MP_MAP && is_near && token.count <= ORDERED_PAIRS_MAX)
        add_map(digest, reader, token.count, depth);
    else if (token.kind == MP_ARRAY && is_near)
        add_array(digest, reader, token.count, depth);
    else if (token.kind == MP_INT)
        add_tag(digest, MP_INT, (uint64_t)token.integer);
    else if (token.kind == MP_STR || token.kind == MP_BIN)
        add_bytes(digest, token.kind, token.bytes);
    else
        add_bytes(digest, token.kind, value);
}

struct once_digest once_digest_of(struct slice account, struct slice action,
                                  struct slice params)
{
    static const struct slice empty_map = {"\x80", 1};
    unsigned char whole[DIGEST_SIZE];
    struct once_digest short_one;
    struct digest digest;
    digest_start(&digest);
    add_bytes(&digest, MP_STR, account);
    add_bytes(&digest, MP_STR, action);
    add_value(&digest, params.size == 0 ? empty_map : params, 0);
    digest_end(&digest, whole);
    memcpy(short_one.bytes, whole, sizeof(short_one.bytes));
    return short_one;
}
