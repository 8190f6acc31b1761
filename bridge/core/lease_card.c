/* SPDX-License-Identifier: MIT */
#include "lease_card.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/visible.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"

/* ---- writing ---------------------------------------------------------- */

static void write_word(struct buffer *out, const char *key, const char *word)
{
    buffer_append_string(out, key);
    json_append_string(out, slice_of(word));
}

static void write_number(struct buffer *out, const char *key, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRId64, number);
    buffer_append_string(out, key);
    buffer_append_string(out, digits);
}

void lease_card_write(const struct lease_card *card, struct buffer *out)
{
    write_word(out, "{\"bridge\":", card->bridge);
    write_word(out, ",\"run\":", card->run);
    write_word(out, ",\"host\":", card->host);
    write_number(out, ",\"pid\":", card->pid);
    write_word(out, ",\"version\":", card->version);
    write_number(out, ",\"since\":", card->since_ms);
    buffer_append_string(out, "}");
}

/* ---- reading ---------------------------------------------------------- */

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~' || text.data[i] == '"')
            return false;
    return true;
}

/* Who it is must be whole: what was cut could be like another. */
static bool read_id(struct slice pack, char id[static LEASE_WORD_SIZE])
{
    struct slice text;
    if (!mp_read_str(pack, &text) || text.size == 0 ||
        text.size >= LEASE_WORD_SIZE || !is_plain(text))
        return false;
    memcpy(id, text.data, text.size);
    id[text.size] = '\0';
    return true;
}

static void read_word(struct slice pack, char word[static LEASE_WORD_SIZE])
{
    struct slice text;
    if (mp_read_str(pack, &text))
        visible_quote(word, LEASE_WORD_SIZE, text);
}

static void read_number(struct slice pack, int64_t *number)
{
    if (!mp_read_int(pack, number) || *number < 0)
        *number = 0;
}

static bool read_fields(struct slice map, struct lease_card *card)
{
    enum { BRIDGE, RUN, HOST, PID, VERSION, SINCE, COUNT };
    static const char *const keys[COUNT] = {"bridge", "run",     "host",
                                            "pid",    "version", "since"};
    struct slice at[COUNT];
    if (!mp_find_all(map, keys, COUNT, at) ||
        !read_id(at[BRIDGE], card->bridge) || !read_id(at[RUN], card->run))
        return false;
    read_word(at[HOST], card->host);
    read_word(at[VERSION], card->version);
    read_number(at[PID], &card->pid);
    read_number(at[SINCE], &card->since_ms);
    return true;
}

bool lease_card_read(struct slice text, struct lease_card *card)
{
    const struct json_reader_options options = {0};
    struct buffer pack = {0};
    struct json_error error;
    *card = (struct lease_card){0};
    bool is_read =
        text.size <= LEASE_CARD_BYTES_MAX &&
        json_to_msgpack(text, &options, &pack, &error) == STATUS_OK &&
        read_fields(buffer_slice(&pack), card);
    if (!is_read)
        *card = (struct lease_card){0};
    buffer_finish(&pack);
    return is_read;
}
