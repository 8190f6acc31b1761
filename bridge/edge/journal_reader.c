/* SPDX-License-Identifier: MIT */
#include "journal_reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "edge/database.h"
#include "edge/journal_file.h"

enum {
    /* What one page may look at: some ten milliseconds. A block, looked
     * through, costs as much as a few events. */
    ROWS_MAX = 16384,
    BLOCK_ROWS = 4,
};

enum statement {
    BEGIN,
    END,
    EPOCH,
    OLDEST,
    NEWEST,
    LAST_LOST,
    LOST,
    TIME_FROM,
    ONE,
    ROWS,
    ROWS_BACK,
    BLOCKS,
    BLOCKS_BACK,
    LAST_BLOCK,
    STATEMENT_COUNT,
};

#define EVENT_COLUMNS "SELECT seq, topic, envelope, time_ms FROM event "

static const char *const STATEMENTS[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN",
    [END] = "COMMIT",
    [EPOCH] = "SELECT value FROM meta WHERE key = 'epoch'",
    [OLDEST] = "SELECT min(seq) FROM event",
    [NEWEST] = "SELECT max(seq) FROM event",
    [LAST_LOST] = "SELECT max(last) FROM gap",
    [LOST] = "SELECT first, last FROM gap WHERE last > ? AND first <= ?"
             " ORDER BY first",
    [TIME_FROM] = "SELECT seq, time_ms FROM event WHERE seq >= ?"
                  " ORDER BY seq LIMIT 1",
    [ONE] = EVENT_COLUMNS "WHERE seq = ?",
    [ROWS] = EVENT_COLUMNS "WHERE seq > ? ORDER BY seq",
    [ROWS_BACK] = EVENT_COLUMNS "WHERE seq < ? AND seq >= ? ORDER BY seq DESC",
    [BLOCKS] = "SELECT id, chats FROM block WHERE id >= ? ORDER BY id",
    [BLOCKS_BACK] =
        "SELECT id, chats FROM block WHERE id <= ? ORDER BY id DESC",
    [LAST_BLOCK] = "SELECT max(id) FROM block",
};

struct journal_reader {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* One page on its way. */
struct reading {
    struct journal_reader *reader;
    const struct journal_query *query;
    struct journal_page *page;
    size_t rows;     /* looked at */
    bool has_failed; /* page->fault says why */
};

/* ---- the connection ----------------------------------------------------- */

struct journal_reader *journal_reader_open(const char *folder)
{
    struct journal_reader *reader = mem_zalloc(1, sizeof(*reader));
    reader->db = database_open_reader(folder, JOURNAL_FILE_NAME);
    for (size_t i = 0; i < STATEMENT_COUNT && reader->db != NULL; i++) {
        reader->statements[i] = database_prepare(reader->db, STATEMENTS[i]);
        if (reader->statements[i] != NULL)
            continue;
        journal_reader_close(reader);
        return NULL;
    }
    if (reader->db != NULL)
        return reader;
    journal_reader_close(reader);
    return NULL;
}

void journal_reader_close(struct journal_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(reader->statements[i]);
    sqlite3_close(reader->db);
    free(reader);
}

/* ---- rows --------------------------------------------------------------- */

static sqlite3_stmt *query_with(struct journal_reader *reader,
                                enum statement which, uint64_t number)
{
    sqlite3_stmt *query = reader->statements[which];
    sqlite3_bind_int64(query, 1, (sqlite3_int64)number);
    return query;
}

static uint64_t column_uint(sqlite3_stmt *row, int column)
{
    return (uint64_t)sqlite3_column_int64(row, column);
}

static struct slice column_bytes(sqlite3_stmt *row, int column)
{
    const char *data = sqlite3_column_blob(row, column);
    return (struct slice){data, (size_t)sqlite3_column_bytes(row, column)};
}

/* Whether there is a row; an error is the end of the page, not of the rows. */
static bool next_row(struct reading *reading, sqlite3_stmt *query)
{
    int result = sqlite3_step(query);
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        reading->has_failed = true;
        snprintf(reading->page->fault, sizeof(reading->page->fault), "%s",
                 sqlite3_errmsg(reading->reader->db));
    }
    return result == SQLITE_ROW;
}

static uint64_t number_of(struct reading *reading, enum statement which)
{
    sqlite3_stmt *query = reading->reader->statements[which];
    uint64_t number = next_row(reading, query) ? column_uint(query, 0) : 0;
    sqlite3_reset(query);
    return number;
}

/* Take the event in the row if it is wanted. False: it does not fit. The
 * envelope, which may lie on many pages, is not touched unless need be. */
static bool take(struct reading *reading, sqlite3_stmt *row)
{
    const struct journal_query *query = reading->query;
    struct slice topic = column_bytes(row, 1);
    if (query->wants != NULL && !query->wants(query->ctx, topic))
        return true;
    struct slice envelope = column_bytes(row, 2);
    if (query->accepts != NULL && !query->accepts(query->ctx, envelope))
        return true;
    if (journal_page_is_full(reading->page, query,
                             topic.size + 1 + envelope.size))
        return false;
    journal_page_add(reading->page, column_uint(row, 0), column_uint(row, 3),
                     topic, envelope);
    return true;
}

static bool cut(struct reading *reading)
{
    reading->page->is_cut = true;
    return false;
}

/* False: it has looked at enough. */
static bool may_look(struct reading *reading, size_t rows)
{
    reading->rows += rows;
    return reading->rows <= ROWS_MAX;
}

/* Walk along the rows of a query. False: the page is cut. */
static bool walk(struct reading *reading, sqlite3_stmt *rows)
{
    bool goes_on = true;
    while (goes_on && next_row(reading, rows)) {
        if (!may_look(reading, 1) || !take(reading, rows))
            goes_on = cut(reading);
        else
            reading->page->next = column_uint(rows, 0);
    }
    sqlite3_reset(rows);
    return goes_on && !reading->has_failed;
}

/* ---- chats -------------------------------------------------------------- */

static uint32_t chat_at(struct slice chats, size_t index)
{
    uint32_t chat;
    memcpy(&chat, chats.data + index * sizeof(chat), sizeof(chat));
    return chat;
}

static bool take_one(struct reading *reading, uint64_t seq)
{
    sqlite3_stmt *row = query_with(reading->reader, ONE, seq);
    bool goes_on =
        next_row(reading, row) ? take(reading, row) : !reading->has_failed;
    sqlite3_reset(row);
    return goes_on;
}

/* Whether the query reaches so far. */
static bool is_in_range(const struct journal_query *query, uint64_t from,
                        uint64_t seq)
{
    return query->is_backward ? seq < from : seq > from;
}

/* What there is of the chats in one block. False: the page is cut. */
static bool walk_block(struct reading *reading, sqlite3_stmt *row,
                       uint64_t from)
{
    const struct journal_query *query = reading->query;
    uint64_t first = column_uint(row, 0) * JOURNAL_BLOCK_EVENTS;
    struct slice chats = column_bytes(row, 1);
    size_t count = chats.size / sizeof(uint32_t);
    for (size_t i = 0; i < count; i++) {
        size_t index = query->is_backward ? count - 1 - i : i;
        if (!journal_query_has(query, chat_at(chats, index)) ||
            !is_in_range(query, from, first + index))
            continue;
        if (!may_look(reading, 1) || !take_one(reading, first + index))
            return cut(reading);
        reading->page->next = first + index;
    }
    reading->page->next =
        query->is_backward ? first : first + JOURNAL_BLOCK_EVENTS - 1;
    return true;
}

static bool walk_blocks(struct reading *reading, sqlite3_stmt *rows,
                        uint64_t from)
{
    /* A history comes in one piece, however quiet the chat has been. */
    size_t cost = reading->query->is_backward ? 0 : BLOCK_ROWS;
    bool goes_on = true;
    while (goes_on && next_row(reading, rows))
        goes_on = may_look(reading, cost) ? walk_block(reading, rows, from)
                                          : cut(reading);
    sqlite3_reset(rows);
    return goes_on && !reading->has_failed;
}

/* Behind the last whole block the events themselves are looked at. */
static uint64_t end_of_blocks(struct reading *reading)
{
    sqlite3_stmt *query = reading->reader->statements[LAST_BLOCK];
    uint64_t end = 0;
    if (next_row(reading, query) &&
        sqlite3_column_type(query, 0) != SQLITE_NULL)
        end = (column_uint(query, 0) + 1) * JOURNAL_BLOCK_EVENTS;
    sqlite3_reset(query);
    return end;
}

/* ---- forward ------------------------------------------------------------ */

/* The seq before the first event from `since_ms` on. Clocks are set back:
 * then it is before one of the events at which the time passes it. */
static uint64_t seq_before(struct reading *reading, uint64_t since_ms)
{
    const struct journal_page *page = reading->page;
    uint64_t low = page->oldest, high = page->newest + 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        sqlite3_stmt *row = query_with(reading->reader, TIME_FROM, middle);
        if (!next_row(reading, row) || column_uint(row, 1) >= since_ms)
            high = middle;
        else
            low = column_uint(row, 0) + 1;
        sqlite3_reset(row);
    }
    return low == 0 ? 0 : low - 1;
}

static void read_forward(struct reading *reading)
{
    struct journal_page *page = reading->page;
    uint64_t tail = 0;
    if (reading->query->chat_count > 0) {
        uint64_t first = (page->next + 1) / JOURNAL_BLOCK_EVENTS;
        tail = end_of_blocks(reading);
        if (!walk_blocks(reading, query_with(reading->reader, BLOCKS, first),
                         page->next))
            return;
    }
    uint64_t after = page->next + 1 > tail ? page->next : tail - 1;
    if (walk(reading, query_with(reading->reader, ROWS, after)) &&
        page->next < page->newest)
        page->next = page->newest;
}

/* What has rolled past, and what never came in. */
static void find_lost(struct reading *reading, uint64_t after)
{
    struct journal_page *page = reading->page;
    uint64_t from = after;
    if (page->oldest > after + 1) {
        uint64_t last =
            page->next < page->oldest - 1 ? page->next : page->oldest - 1;
        if (reading->query->misses_start)
            journal_page_lose(page, after + 1, last);
        from = page->oldest - 1;
    }
    sqlite3_stmt *rows = query_with(reading->reader, LOST, from);
    sqlite3_bind_int64(rows, 2, (sqlite3_int64)page->next);
    while (next_row(reading, rows)) {
        uint64_t first = column_uint(rows, 0), last = column_uint(rows, 1);
        journal_page_lose(page, first > from ? first : from + 1,
                          last < page->next ? last : page->next);
    }
    sqlite3_reset(rows);
}

/* ---- backward ----------------------------------------------------------- */

static void read_backward(struct reading *reading)
{
    struct journal_page *page = reading->page;
    uint64_t before = reading->query->before;
    uint64_t tail = reading->query->chat_count > 0 ? end_of_blocks(reading) : 0;
    page->next = before;
    sqlite3_stmt *rows = query_with(reading->reader, ROWS_BACK, before);
    sqlite3_bind_int64(rows, 2, (sqlite3_int64)tail);
    if (!walk(reading, rows) || tail == 0)
        return;
    uint64_t last = (before - 1) / JOURNAL_BLOCK_EVENTS;
    walk_blocks(reading, query_with(reading->reader, BLOCKS_BACK, last),
                before);
}

/* ---- a page ------------------------------------------------------------- */

static void read_extent(struct reading *reading)
{
    struct journal_page *page = reading->page;
    uint64_t lost = number_of(reading, LAST_LOST);
    page->oldest = number_of(reading, OLDEST);
    page->newest = number_of(reading, NEWEST);
    if (lost > page->newest)
        page->newest = lost;
}

/* The later of both starts. Where the age reaches back beyond the oldest event,
 * what has rolled past was asked for. */
static uint64_t start_of(struct reading *reading)
{
    const struct journal_query *query = reading->query;
    if (query->since_ms == 0)
        return query->after;
    uint64_t before = seq_before(reading, query->since_ms);
    bool is_all = before + 1 == reading->page->oldest && query->misses_start;
    return is_all || before < query->after ? query->after : before;
}

/* Another one may have been put in its place, or begun there. */
static bool is_of_epoch(struct reading *reading)
{
    const char *epoch = reading->query->epoch;
    sqlite3_stmt *query = reading->reader->statements[EPOCH];
    bool is_right =
        epoch == NULL || (next_row(reading, query) &&
                          slice_equals(column_bytes(query, 0), epoch));
    sqlite3_reset(query);
    if (!is_right && !reading->has_failed)
        snprintf(reading->page->fault, sizeof(reading->page->fault),
                 "the file there is another journal's");
    reading->has_failed |= !is_right;
    return is_right;
}

static void read_page(struct reading *reading)
{
    const struct journal_query *query = reading->query;
    struct journal_page *page = reading->page;
    read_extent(reading);
    if (query->is_backward) {
        read_backward(reading);
        return;
    }
    uint64_t after = start_of(reading);
    page->next = after;
    read_forward(reading);
    find_lost(reading, after);
}

bool journal_reader_read(struct journal_reader *reader,
                         const struct journal_query *query,
                         struct journal_page *page)
{
    struct reading reading = {.reader = reader, .query = query, .page = page};
    (void)next_row(&reading, reader->statements[BEGIN]);
    sqlite3_reset(reader->statements[BEGIN]);
    if (!reading.has_failed && is_of_epoch(&reading))
        read_page(&reading);
    (void)sqlite3_step(reader->statements[END]);
    sqlite3_reset(reader->statements[END]);
    return !reading.has_failed;
}
