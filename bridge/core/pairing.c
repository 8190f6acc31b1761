/* SPDX-License-Identifier: MIT */
#include "pairing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* 32 of them, so that five bits of a random byte make one. The first are
 * letters. */
static const char LETTERS[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
enum { LETTERS_ALONE = 24 };

enum {
    /* Clocks are corrected by so much without anybody's doing. */
    CLOCK_SLACK_MS = 5 * 60 * 1000,
};

struct pairing_book {
    struct pairing_book *next;
    char account[PAIRING_ACCOUNT_SIZE];
    struct pairing_entry *entries; /* by user_id, ascending */
    size_t count, capacity;
    size_t undecided; /* not approved: mostly none, and then none is sought */
};

struct pairing {
    struct pairing_book *first;
};

struct pairing *pairing_create(void)
{
    return mem_zalloc(1, sizeof(struct pairing));
}

void pairing_destroy(struct pairing *pairing)
{
    if (pairing == NULL)
        return;
    while (pairing->first != NULL) {
        struct pairing_book *book = pairing->first;
        pairing->first = book->next;
        free(book->entries);
        free(book);
    }
    free(pairing);
}

struct pairing_book *pairing_of(struct pairing *pairing, const char *account)
{
    struct pairing_book **place = &pairing->first;
    while (*place != NULL && strcmp((*place)->account, account) != 0)
        place = &(*place)->next;
    if (*place == NULL) {
        *place = mem_zalloc(1, sizeof(struct pairing_book));
        snprintf((*place)->account, PAIRING_ACCOUNT_SIZE, "%s", account);
    }
    return *place;
}

/* ---- a book ---------------------------------------------------------- */

/* Where the user's entry is, or would be. */
static size_t place_of(const struct pairing_book *book, int64_t user_id)
{
    size_t low = 0;
    size_t high = book->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (book->entries[middle].user_id < user_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct pairing_entry *find(const struct pairing_book *book,
                                  int64_t user_id)
{
    size_t place = place_of(book, user_id);
    return place < book->count && book->entries[place].user_id == user_id
               ? &book->entries[place]
               : NULL;
}

/* A new entry, with its names and nothing else; NULL if the book is full. */
static struct pairing_entry *insert(struct pairing_book *book, int64_t user_id)
{
    size_t place = place_of(book, user_id);
    if (book->count == PAIRING_ENTRIES_MAX)
        return NULL;
    if (book->count == book->capacity) {
        book->capacity = book->capacity * 2 + 8;
        book->entries = mem_realloc(
            book->entries, book->capacity * sizeof(struct pairing_entry));
    }
    memmove(&book->entries[place + 1], &book->entries[place],
            (book->count - place) * sizeof(struct pairing_entry));
    book->count++;
    book->entries[place] = (struct pairing_entry){.user_id = user_id};
    memcpy(book->entries[place].account, book->account, PAIRING_ACCOUNT_SIZE);
    return &book->entries[place];
}

static void take_out(struct pairing_book *book, struct pairing_entry *entry,
                     struct pairing_entry *gone)
{
    size_t place = (size_t)(entry - book->entries);
    *gone = *entry;
    gone->state = PAIRING_GONE;
    book->count--;
    memmove(entry, entry + 1,
            (book->count - place) * sizeof(struct pairing_entry));
}

bool pairing_is_approved(const struct pairing_book *book, int64_t user_id)
{
    const struct pairing_entry *entry = find(book, user_id);
    return entry != NULL && entry->state == PAIRING_APPROVED;
}

/* ---- asking ---------------------------------------------------------- */

/* Its hour is over, or the clock has been set back behind it. */
static bool is_over(const struct pairing_entry *entry, uint64_t now_ms)
{
    if (entry->state == PAIRING_APPROVED)
        return false;
    return now_ms >= entry->expires_ms ||
           entry->expires_ms - now_ms > PAIRING_CODE_MS + CLOCK_SLACK_MS;
}

static size_t count_pending(const struct pairing_book *book, uint64_t now_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < book->count && book->undecided > 0; i++)
        count += book->entries[i].state == PAIRING_PENDING &&
                 !is_over(&book->entries[i], now_ms);
    return count;
}

/* As many whole characters as there is room for. */
static void copy_nickname(struct pairing_entry *entry, struct slice nickname)
{
    size_t used = 0;
    while (used < nickname.size) {
        size_t width = utf8_width(nickname.data + used, nickname.size - used);
        if (width == 0 || used + width >= PAIRING_NICKNAME_SIZE)
            break;
        used += width;
    }
    if (used > 0)
        memcpy(entry->nickname, nickname.data, used);
    entry->nickname[used] = '\0';
}

/* It begins with a letter: eight digits would be taken for a QQ number, and
 * approving them would let in whoever has it. */
static void make_code(struct pairing_entry *entry,
                      const unsigned char random[PAIRING_CODE_BYTES])
{
    entry->code[0] = LETTERS[random[0] % LETTERS_ALONE];
    for (size_t i = 1; i < PAIRING_CODE_BYTES; i++)
        entry->code[i] = LETTERS[random[i] % (sizeof(LETTERS) - 1)];
    entry->code[PAIRING_CODE_BYTES] = '\0';
}

enum pairing_step pairing_ask(struct pairing_book *book, int64_t user_id,
                              struct slice nickname, uint64_t now_ms,
                              const unsigned char random[PAIRING_CODE_BYTES],
                              const struct pairing_entry **entry)
{
    struct pairing_entry *found = find(book, user_id);
    if (found != NULL && !is_over(found, now_ms)) {
        *entry = found;
        return found->state == PAIRING_REFUSED ? PAIRING_DENIED
                                               : PAIRING_WAITING;
    }
    if (count_pending(book, now_ms) == PAIRING_PENDING_MAX)
        return PAIRING_FULL;
    if (found == NULL) {
        found = insert(book, user_id);
        if (found == NULL)
            return PAIRING_FULL;
        book->undecided++;
    }
    copy_nickname(found, nickname);
    make_code(found, random);
    found->state = PAIRING_PENDING;
    found->asked_ms = now_ms;
    found->expires_ms = now_ms + PAIRING_CODE_MS;
    *entry = found;
    return PAIRING_ASKED;
}

/* ---- deciding -------------------------------------------------------- */

const struct pairing_entry *pairing_approve(struct pairing_book *book,
                                            int64_t user_id, uint64_t now_ms)
{
    struct pairing_entry *entry = find(book, user_id);
    if (entry != NULL && entry->state == PAIRING_APPROVED)
        return entry;
    if (entry != NULL)
        book->undecided--;
    else
        entry = insert(book, user_id);
    if (entry == NULL)
        return NULL;
    entry->state = PAIRING_APPROVED;
    entry->code[0] = '\0';
    entry->decided_ms = now_ms;
    return entry;
}

const struct pairing_entry *pairing_deny(struct pairing_book *book,
                                         int64_t user_id, uint64_t now_ms)
{
    struct pairing_entry *entry = find(book, user_id);
    if (entry == NULL || entry->state != PAIRING_PENDING)
        return NULL;
    entry->state = PAIRING_REFUSED;
    entry->code[0] = '\0';
    entry->decided_ms = now_ms;
    return entry;
}

bool pairing_revoke(struct pairing_book *book, int64_t user_id,
                    struct pairing_entry *gone)
{
    struct pairing_entry *entry = find(book, user_id);
    if (entry == NULL || entry->state != PAIRING_APPROVED)
        return false;
    take_out(book, entry, gone);
    return true;
}

/* ---- looking --------------------------------------------------------- */

static struct slice trim(struct slice text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

static char upper(char letter)
{
    return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

static bool has_code(const struct pairing_entry *entry, struct slice code)
{
    if (entry->state != PAIRING_PENDING || code.size != PAIRING_CODE_BYTES)
        return false;
    for (size_t i = 0; i < code.size; i++)
        if (upper(code.data[i]) != entry->code[i])
            return false;
    return true;
}

const struct pairing_entry *pairing_find_code(const struct pairing *pairing,
                                              const struct pairing_book *book,
                                              struct slice code)
{
    const struct pairing_book *at = book != NULL ? book : pairing->first;
    code = trim(code);
    for (; at != NULL; at = book != NULL ? NULL : at->next)
        for (size_t i = 0; i < at->count; i++)
            if (has_code(&at->entries[i], code))
                return &at->entries[i];
    return NULL;
}

const struct pairing_entry *pairing_at(const struct pairing *pairing,
                                       size_t index)
{
    const struct pairing_book *book = pairing->first;
    while (book != NULL && index >= book->count) {
        index -= book->count;
        book = book->next;
    }
    return book == NULL ? NULL : &book->entries[index];
}

bool pairing_expire(struct pairing *pairing, uint64_t now_ms,
                    struct pairing_entry *gone)
{
    for (struct pairing_book *book = pairing->first; book != NULL;
         book = book->next)
        for (size_t i = 0; i < book->count && book->undecided > 0; i++)
            if (is_over(&book->entries[i], now_ms)) {
                book->undecided--;
                take_out(book, &book->entries[i], gone);
                return true;
            }
    return false;
}

uint64_t pairing_due(const struct pairing *pairing)
{
    uint64_t due_ms = UINT64_MAX;
    for (const struct pairing_book *book = pairing->first; book != NULL;
         book = book->next)
        for (size_t i = 0; i < book->count && book->undecided > 0; i++)
            if (book->entries[i].state != PAIRING_APPROVED &&
                book->entries[i].expires_ms < due_ms)
                due_ms = book->entries[i].expires_ms;
    return due_ms;
}

bool pairing_restore(struct pairing *pairing, const struct pairing_entry *entry)
{
    if (entry->account[0] == '\0' || entry->user_id <= 0 ||
        entry->state == PAIRING_GONE)
        return false;
    struct pairing_book *book = pairing_of(pairing, entry->account);
    struct pairing_entry *place = find(book, entry->user_id);
    if (place != NULL)
        return false; /* what is known since is newer */
    place = insert(book, entry->user_id);
    if (place == NULL)
        return false;
    *place = *entry;
    book->undecided += entry->state != PAIRING_APPROVED;
    return true;
}

void pairing_instructions(const struct pairing_entry *entry, struct buffer *out)
{
    char text[640];
    snprintf(text, sizeof(text),
             "你好！要和这个机器人私聊，需要主人先同意。\n"
             "你的 QQ 号：%" PRId64 "\n"
             "配对码：%s（一小时内有效）\n"
             "请把配对码告诉主人，由主人执行：\n"
             "onebus pairing approve napcatqq %s\n"
             "\n"
             "Hello! The owner of this bot has to let you in first. Give them "
             "the pairing code %s, valid for an hour.",
             entry->user_id, entry->code, entry->code, entry->code);
    buffer_append_string(out, text);
}
