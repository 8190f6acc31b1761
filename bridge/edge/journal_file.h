/* SPDX-License-Identifier: MIT */
/* The journal's SQLite file, `journal.db` in the state folder: events by seq,
 * the ranges that it never got, and for each 256 events which chats they are
 * of, so that a chat's are found without a look at all of them. An index would
 * find them too, but cost a page of disk for each event.
 *
 *     event (seq, time_ms, topic, envelope)   a message is topic NUL envelope
 *     block (id, chats)                       id = seq / 256; journal_chat()
 *     gap (first, last)                       seqs that were given and are not
 *                                             here
 *     meta (key, value)                       'epoch'; 'boot': below
 *
 * Written by one thread; readers have connections of their own
 * (journal_reader.h). Where a function gives false, journal_file_fault() says
 * why. */
#ifndef ONEBUS_JOURNAL_FILE_H
#define ONEBUS_JOURNAL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/ring.h"

enum {
    JOURNAL_EPOCH_SIZE = 17, /* 16 hexadecimal digits */
    JOURNAL_BOOT_SIZE = 40,  /* a UUID, and room for a line feed */
    JOURNAL_FAULT_SIZE = 512,
    JOURNAL_BLOCK_EVENTS = 256,
};

#define JOURNAL_FILE_NAME "journal.db"

struct journal_file;

struct journal_file_options {
    const char *folder;
    bool syncs_fully; /* each commit survives a power cut */
    size_t bytes_max; /* of the file and what SQLite keeps beside it */
};

/* NULL: `fault` says why, `is_damaged` whether the file is broken. */
struct journal_file *
journal_file_open(const struct journal_file_options *options,
                  char fault[static JOURNAL_FAULT_SIZE], bool *is_damaged);

/* NULL is fine. */
void journal_file_close(struct journal_file *file);

/* The epoch and the newest seq of a file that cannot be opened to be written,
 * for the disk is full. False: they cannot be read either. */
bool journal_file_peek(const char *folder,
                       char epoch[static JOURNAL_EPOCH_SIZE], uint64_t *newest);

/* Rename a damaged file, and what is beside it, so that a new one can begin.
 * `name` gets what it is called now. */
bool journal_file_set_aside(const char *folder, uint64_t time_ms,
                            char name[static JOURNAL_FAULT_SIZE]);

/* "" if the file is new and has none yet. */
const char *journal_file_epoch(const struct journal_file *file);

/* Give a new file its epoch. */
bool journal_file_set_epoch(struct journal_file *file, const char *epoch);

/* Note that it is written by a process of this boot of the machine, or ("")
 * that it was closed in order. What is written without full syncs and not
 * closed in order may have lost its end if the machine has been booted since:
 * journal_file_is_cut_off(). */
bool journal_file_set_boot(struct journal_file *file, const char *boot);
bool journal_file_is_cut_off(const struct journal_file *file, const char *boot);

/* The seq of the oldest event; 0 if there is none. */
uint64_t journal_file_oldest(const struct journal_file *file);

/* The highest seq that was ever given; 0 if none was. */
uint64_t journal_file_newest(const struct journal_file *file);

/* What the events take on the disk. */
uint64_t journal_file_bytes(const struct journal_file *file);

/* How many bytes of messages a transaction should have at most, so that the
 * bound is kept. */
size_t journal_file_slice_bytes(const struct journal_file *file);

/* One transaction: add and lose in the order of seq, then commit. After a
 * false, journal_file_undo() brings back what was there before. */
bool journal_file_begin(struct journal_file *file);
bool journal_file_add(struct journal_file *file,
                      const struct ring_event *event);
bool journal_file_lose(struct journal_file *file, uint64_t first,
                       uint64_t last);
bool journal_file_commit(struct journal_file *file);
void journal_file_undo(struct journal_file *file);

/* Drop the oldest events that are too many, or from before `expired_ms`, in
 * small transactions until `events_max` are gone; the newest always stays. */
bool journal_file_tidy(struct journal_file *file, uint64_t expired_ms,
                       size_t events_max);

/* Move what was committed to its place, if much of it waits for that. */
bool journal_file_checkpoint(struct journal_file *file);

/* Whether the file on the disk is still the one that is written. */
bool journal_file_is_there(const struct journal_file *file);

const char *journal_file_fault(const struct journal_file *file);
bool journal_file_is_damaged(const struct journal_file *file);

/* What the messages of one chat, `group.20002`, have in `block.chats`; never
 * 0. Two chats may have the same. FNV-1a, 32 bits. */
uint32_t journal_chat(struct slice chat);

/* The chat in a topic: the second and third token. */
struct slice journal_chat_of(struct slice topic);

/* The topic of an event message. */
struct slice journal_topic_of(struct slice message);

#endif
