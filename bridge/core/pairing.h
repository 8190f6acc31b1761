/* SPDX-License-Identifier: MIT */
/* Who may write to the bot in private: who has asked, who is let in.
 *
 *   a stranger writes       pending, with a code           for an hour
 *     the owner approves    approved                       until revoked
 *     the owner denies      refused: asking is in vain     until that hour ends
 *
 * At most three wait at a time for an account, and nobody gets a second code
 * within the hour. Times are ms since 1970; a clock that is set back ends what
 * would otherwise last too long. Pure: what is to survive a restart is kept by
 * others and comes back by pairing_restore(). One thread. */
#ifndef ONEBUS_PAIRING_H
#define ONEBUS_PAIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

enum {
    PAIRING_ACCOUNT_SIZE = 65,
    PAIRING_CODE_SIZE = 9,
    PAIRING_CODE_BYTES = PAIRING_CODE_SIZE - 1,
    PAIRING_NICKNAME_SIZE = 65,
    PAIRING_PENDING_MAX = 3,
    PAIRING_CODE_MS = 60 * 60 * 1000,
    /* Of an account; refused ones are few and count as well. */
    PAIRING_ENTRIES_MAX = 10000,
};

enum pairing_state {
    PAIRING_PENDING,
    PAIRING_APPROVED,
    PAIRING_REFUSED,
    PAIRING_GONE, /* revoked or expired: to be forgotten */
};

struct pairing_entry {
    char account[PAIRING_ACCOUNT_SIZE];
    int64_t user_id;
    /* Without 0 O 1 I; begins with a letter. Empty if there was none. */
    char code[PAIRING_CODE_SIZE];
    char nickname[PAIRING_NICKNAME_SIZE]; /* UTF-8; empty if unknown */
    enum pairing_state state;
    uint64_t asked_ms, expires_ms, decided_ms;
};

/* What a stranger's message leads to. */
enum pairing_step {
    PAIRING_ASKED,   /* a code was made: tell them */
    PAIRING_WAITING, /* they have one */
    PAIRING_DENIED,  /* they were refused within the hour */
    PAIRING_FULL,    /* too many wait already */
};

struct pairing;
struct pairing_book; /* one account's */

struct pairing *pairing_create(void);
void pairing_destroy(struct pairing *pairing);

/* The account's book; it stays as long as `pairing`. */
struct pairing_book *pairing_of(struct pairing *pairing, const char *account);

bool pairing_is_approved(const struct pairing_book *book, int64_t user_id);

/* Somebody who is not approved has written. `random`: nobody can foretell it.
 * `entry` stays valid until the next change of the book. */
enum pairing_step pairing_ask(struct pairing_book *book, int64_t user_id,
                              struct slice nickname, uint64_t now_ms,
                              const unsigned char random[PAIRING_CODE_BYTES],
                              const struct pairing_entry **entry);

/* Decide. Somebody who never asked can be approved as well. NULL: the book is
 * full; or there is nobody to deny, or to revoke. */
const struct pairing_entry *pairing_approve(struct pairing_book *book,
                                            int64_t user_id, uint64_t now_ms);
const struct pairing_entry *pairing_deny(struct pairing_book *book,
                                         int64_t user_id, uint64_t now_ms);
/* The copy in `gone` has the state PAIRING_GONE. */
bool pairing_revoke(struct pairing_book *book, int64_t user_id,
                    struct pairing_entry *gone);

/* Who has this code, in any letter case and with blanks around it; `book` may
 * be NULL: in any. NULL: nobody. */
const struct pairing_entry *pairing_find_code(const struct pairing *pairing,
                                              const struct pairing_book *book,
                                              struct slice code);

/* The entry with this number, over all books; NULL behind the last one. */
const struct pairing_entry *pairing_at(const struct pairing *pairing,
                                       size_t index);

/* Take out one entry whose hour is over; it has a code still if nobody had
 * decided. False: there is none. */
bool pairing_expire(struct pairing *pairing, uint64_t now_ms,
                    struct pairing_entry *gone);

/* When an hour is over next; UINT64_MAX if none runs. */
uint64_t pairing_due(const struct pairing *pairing);

/* Take in what was kept. False: it is no sound entry, or the book is full. */
bool pairing_restore(struct pairing *pairing,
                     const struct pairing_entry *entry);

/* Append what a stranger is told. */
void pairing_instructions(const struct pairing_entry *entry,
                          struct buffer *out);

#endif
