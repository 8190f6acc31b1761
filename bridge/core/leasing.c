/* SPDX-License-Identifier: MIT */
#include "leasing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "core/lease_card.h"
#include "core/topic.h"

enum {
    /* A name that another has is looked at so often, and a bit at random, so
     * that two who wait for the same do not step on each other for ever. */
    LOOK_MS = 2000,
    LOOK_SPREAD_MS = 500,
    /* After a round without an answer. */
    AGAIN_MS = 1000,
    /* A write that is refused is repeated with what is there now; once more if
     * that has changed meanwhile. */
    WRITES_MAX = 3,
};

enum name_state {
    NAME_WANTED,  /* nobody has it, or our last run */
    NAME_OURS,    /* the newest that we know of is ours */
    NAME_FOREIGN, /* another has it */
};

struct name {
    char key[TOPIC_TOKEN_MAX + 1];
    char *account; /* the first whose key this is */
    enum name_state state;
    uint64_t revision; /* that the next write is to take the place of */
    bool is_due;       /* to be written in this round */
    /* Of another that has it, or had it last: */
    uint64_t seen_revision;   /* 0: there was none */
    uint64_t looked_ms;       /* wall: the last look at it */
    uint64_t alive_ms;        /* wall: no later sign of it is known */
    struct lease_card holder; /* empty: it does not say */
};

struct leasing {
    struct leasing_ports ports;
    struct lease_card card; /* ours */
    struct name *names;     /* sorted by key */
    size_t count;
    struct name *dropped; /* to be given back */
    size_t dropped_count;
    bool is_held;    /* all were ours when last heard of */
    bool has_stayed; /* one was ours, and there, in this round */
    bool has_twin;   /* another process has our epoch */
    uint64_t sure_ms, due_ms;
    uint64_t spread_ms;
    uint64_t counted_ms; /* the last time that others were looked for; or 0 */
    uint64_t others_ms;  /* the last time that there were some; or 0 */
    uint64_t heard_ms;
};

/* ---- names ------------------------------------------------------------ */

static int by_key(const void *one, const void *other)
{
    return strcmp(((const struct name *)one)->key,
                  ((const struct name *)other)->key);
}

static struct name *find(struct name *names, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].key, key) == 0)
            return &names[i];
    return NULL;
}

static void free_names(struct name *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i].account);
    free(names);
}

/* Two accounts may come to one key. */
static void add_name(struct leasing *leasing, const char *account)
{
    struct name *name = &leasing->names[leasing->count];
    topic_token(slice_of(account), name->key);
    if (find(leasing->names, leasing->count, name->key) != NULL)
        return;
    name->account = mem_strdup(account);
    leasing->count++;
}

static void add_names(struct leasing *leasing, const char *const *accounts,
                      size_t account_count)
{
    leasing->names = mem_zalloc(account_count + 1, sizeof(struct name));
    leasing->count = 0;
    for (size_t i = 0; i < account_count; i++)
        add_name(leasing, accounts[i]);
    if (leasing->count > 0)
        qsort(leasing->names, leasing->count, sizeof(struct name), by_key);
}

/* What is known of a name that stays; the account's own name may be another. */
static void keep(struct name *name, const struct name *before)
{
    char *account = name->account;
    *name = *before;
    name->account = account;
}

static void drop(struct leasing *leasing, const struct name *name)
{
    leasing->dropped = mem_realloc(
        leasing->dropped, (leasing->dropped_count + 1) * sizeof(struct name));
    struct name *dropped = &leasing->dropped[leasing->dropped_count++];
    *dropped = *name;
    dropped->account = NULL;
}

void leasing_rename(struct leasing *leasing, const char *const *accounts,
                    size_t account_count)
{
    struct name *before = leasing->names;
    size_t before_count = leasing->count;
    add_names(leasing, accounts, account_count);
    for (size_t i = 0; i < before_count; i++) {
        struct name *name = find(leasing->names, leasing->count, before[i].key);
        if (name != NULL)
            keep(name, &before[i]);
        else if (before[i].state == NAME_OURS)
            drop(leasing, &before[i]);
    }
    for (size_t i = 0; i < leasing->count; i++)
        if (find(before, before_count, leasing->names[i].key) == NULL)
            leasing->is_held = false;
    free_names(before, before_count);
    leasing->due_ms = 0;
}

static void copy_word(char word[static LEASE_WORD_SIZE], const char *from)
{
    snprintf(word, LEASE_WORD_SIZE, "%s", from);
}

struct leasing *leasing_create(const struct leasing_options *options,
                               const struct leasing_ports *ports,
                               struct instant now)
{
    struct leasing *leasing = mem_zalloc(1, sizeof(*leasing));
    leasing->ports = *ports;
    leasing->due_ms = now.mono_ms;
    leasing->spread_ms = hash_bytes(slice_of(options->run), 0) % LOOK_SPREAD_MS;
    leasing->card.pid = options->pid;
    copy_word(leasing->card.bridge, options->epoch);
    copy_word(leasing->card.run, options->run);
    copy_word(leasing->card.host, options->host);
    copy_word(leasing->card.version, options->version);
    add_names(leasing, options->accounts, options->account_count);
    return leasing;
}

void leasing_destroy(struct leasing *leasing)
{
    if (leasing == NULL)
        return;
    free_names(leasing->names, leasing->count);
    free_names(leasing->dropped, leasing->dropped_count);
    free(leasing);
}

size_t leasing_name_count(const struct leasing *leasing)
{
    return leasing->count;
}

const char *leasing_name(const struct leasing *leasing, size_t index)
{
    return leasing->names[index].key;
}

uint64_t leasing_due(const struct leasing *leasing)
{
    return leasing->due_ms;
}

bool leasing_is_shared(const struct leasing *leasing, uint64_t now_ms)
{
    bool is_known = leasing->counted_ms != 0 &&
                    now_ms < leasing->counted_ms + LEASING_SURE_MS;
    bool are_there = leasing->others_ms != 0 &&
                     now_ms < leasing->others_ms + LEASING_GONE_MS;
    return !is_known || are_there;
}

uint64_t leasing_heard_ms(const struct leasing *leasing)
{
    return leasing->heard_ms;
}

/* ---- whose a name is -------------------------------------------------- */

/* The last sign of the holder's life lies between two looks: the earlier one
 * is safe. At the first look the entry may be as old as one can be. */
static void note_holder(struct name *name, uint64_t revision,
                        struct instant now)
{
    if (name->seen_revision == 0)
        name->alive_ms = now.wall_ms - LEASING_TTL_MS;
    else if (name->seen_revision != revision)
        name->alive_ms = name->looked_ms;
    name->seen_revision = revision;
    name->looked_ms = now.wall_ms;
}

static enum name_state judge_holder(struct leasing *leasing, struct name *name)
{
    const struct lease_card *ours = &leasing->card;
    if (strcmp(name->holder.bridge, ours->bridge) != 0)
        return NAME_FOREIGN;
    if (strcmp(name->holder.run, ours->run) == 0)
        return NAME_OURS; /* written, and the answer was lost */
    if (name->state == NAME_OURS)
        leasing->has_twin = true; /* it is later than we */
    return leasing->has_twin ? NAME_FOREIGN : NAME_WANTED;
}

static enum name_state judge(struct leasing *leasing, struct name *name,
                             const struct leasing_entry *entry,
                             struct instant now)
{
    if (entry->revision == 0)
        return NAME_WANTED;
    if (entry->value.size == 0) {
        if (name->seen_revision != 0) /* given back since the last look */
            name->alive_ms = name->looked_ms;
        return NAME_WANTED;
    }
    enum name_state state = lease_card_read(entry->value, &name->holder)
                                ? judge_holder(leasing, name)
                                : NAME_FOREIGN;
    if (state == NAME_FOREIGN)
        note_holder(name, entry->revision, now);
    return state;
}

/* False: it is not known. */
static bool look(struct leasing *leasing, struct name *name, struct instant now)
{
    struct leasing_entry entry = {0};
    if (leasing->ports.get(leasing->ports.ctx, name->key, &entry) !=
        LEASING_DONE)
        return false;
    name->state = judge(leasing, name, &entry, now);
    name->revision = entry.revision;
    return true;
}

static const struct name *first_foreign(const struct leasing *leasing)
{
    for (size_t i = 0; i < leasing->count; i++)
        if (leasing->names[i].state == NAME_FOREIGN)
            return &leasing->names[i];
    return NULL;
}

/* ---- writing ---------------------------------------------------------- */

/* Write `value` to those that are due. The result is the caller's to free, one
 * for each of them in their order. */
static struct leasing_put *put_due(struct leasing *leasing, struct name *names,
                                   size_t count, struct slice value)
{
    struct leasing_put *puts = mem_zalloc(count + 1, sizeof(*puts));
    size_t due = 0;
    for (size_t i = 0; i < count; i++)
        if (names[i].is_due)
            puts[due++] = (struct leasing_put){
                .key = names[i].key,
                .value = value,
                .revision = names[i].revision,
                .answer = LEASING_SILENT,
            };
    if (due > 0)
        leasing->ports.put(leasing->ports.ctx, puts, due);
    return puts;
}

/* False: it is not known whose the name is. */
static bool take_answer(struct leasing *leasing, struct name *name,
                        const struct leasing_put *put, struct instant now)
{
    name->is_due = false;
    switch (put->answer) {
    case LEASING_DONE:
        leasing->has_stayed |= name->state == NAME_OURS;
        name->state = NAME_OURS;
        name->revision = put->revision;
        return true;
    case LEASING_REFUSED:
        if (!look(leasing, name, now))
            return false;
        /* Ours as well: it may be about to be forgotten. */
        name->is_due = name->state != NAME_FOREIGN;
        return true;
    case LEASING_SILENT:
        break;
    }
    return false;
}

/* Once over all that are due. False: of one it is not known whose it is. */
static bool write_once(struct leasing *leasing, struct slice value,
                       struct instant now)
{
    bool is_known = true;
    struct leasing_put *puts =
        put_due(leasing, leasing->names, leasing->count, value);
    const struct leasing_put *put = puts;
    for (size_t i = 0; i < leasing->count; i++)
        if (leasing->names[i].is_due)
            is_known &= take_answer(leasing, &leasing->names[i], put++, now);
    free(puts);
    return is_known;
}

static bool is_any_due(const struct leasing *leasing)
{
    for (size_t i = 0; i < leasing->count; i++)
        if (leasing->names[i].is_due)
            return true;
    return false;
}

/* False: of one it is not known whose it is. */
static bool write_all(struct leasing *leasing, struct instant now)
{
    struct buffer value = {0};
    bool is_known = true;
    if (!leasing->is_held)
        leasing->card.since_ms = (int64_t)now.wall_ms;
    lease_card_write(&leasing->card, &value);
    for (size_t i = 0; i < leasing->count; i++)
        leasing->names[i].is_due = true;
    for (int i = 0; i < WRITES_MAX && is_any_due(leasing); i++)
        is_known &= write_once(leasing, buffer_slice(&value), now);
    buffer_finish(&value);
    return is_known && !is_any_due(leasing);
}

/* What does not arrive is forgotten by the bucket in a while. */
static void give_back(struct leasing *leasing, struct name *names, size_t count)
{
    const struct slice nothing = {0};
    for (size_t i = 0; i < count; i++)
        names[i].is_due = names[i].state == NAME_OURS;
    struct leasing_put *puts = put_due(leasing, names, count, nothing);
    const struct leasing_put *put = puts;
    for (size_t i = 0; i < count; i++) {
        if (!names[i].is_due)
            continue;
        names[i].is_due = false;
        names[i].state = NAME_WANTED;
        names[i].revision = put->answer == LEASING_DONE ? put->revision : 0;
        put++;
    }
    free(puts);
}

static void give_back_dropped(struct leasing *leasing)
{
    give_back(leasing, leasing->dropped, leasing->dropped_count);
    free_names(leasing->dropped, leasing->dropped_count);
    leasing->dropped = NULL;
    leasing->dropped_count = 0;
}

void leasing_release(struct leasing *leasing)
{
    give_back_dropped(leasing);
    give_back(leasing, leasing->names, leasing->count);
    leasing->is_held = false;
}

/* ---- a round ---------------------------------------------------------- */

static void describe(const struct leasing *leasing, const struct name *name,
                     char fault[static LEASING_FAULT_SIZE])
{
    const struct lease_card *holder = &name->holder;
    bool is_twin = strcmp(holder->bridge, leasing->card.bridge) == 0;
    if (holder->bridge[0] == '\0')
        snprintf(fault, LEASING_FAULT_SIZE,
                 "the account %s is held by something that does not say who "
                 "it is",
                 name->account);
    else
        snprintf(fault, LEASING_FAULT_SIZE,
                 "the account %s is held by another %s: epoch %s, run %s, host "
                 "%s, process %" PRId64 ", version %s%s",
                 name->account, is_twin ? "process with our state" : "bridge",
                 holder->bridge, holder->run, holder->host, holder->pid,
                 holder->version,
                 is_twin ? ": each bridge needs a bridge.stateDir of its own, "
                           "not a copy"
                         : "");
}

static enum lease_verdict end_elsewhere(struct leasing *leasing,
                                        const struct name *foreign,
                                        struct instant now,
                                        char fault[static LEASING_FAULT_SIZE])
{
    describe(leasing, foreign, fault);
    give_back(leasing, leasing->names, leasing->count);
    leasing->is_held = false;
    leasing->due_ms = now.mono_ms + LOOK_MS + leasing->spread_ms;
    return LEASE_ELSEWHERE;
}

static enum lease_verdict end_unknown(struct leasing *leasing,
                                      struct instant now,
                                      char fault[static LEASING_FAULT_SIZE])
{
    leasing->due_ms = now.mono_ms + AGAIN_MS;
    if (leasing->is_held && now.mono_ms < leasing->sure_ms + LEASING_SURE_MS)
        return LEASE_OURS;
    snprintf(fault, LEASING_FAULT_SIZE,
             "the bucket of account names does not answer");
    return LEASE_UNKNOWN;
}

/* Events of all names go the same way: the earliest moment counts. */
static uint64_t forget_holders(struct leasing *leasing)
{
    uint64_t alive_ms = 0;
    for (size_t i = 0; i < leasing->count; i++) {
        struct name *name = &leasing->names[i];
        if (name->seen_revision != 0 &&
            (alive_ms == 0 || name->alive_ms < alive_ms))
            alive_ms = name->alive_ms;
        name->seen_revision = 0;
    }
    return alive_ms;
}

/* Every name there that is not ours is another's. */
static bool are_others_there(struct leasing *leasing, uint64_t now_ms)
{
    size_t entries;
    if (leasing->ports.count(leasing->ports.ctx, &entries) != LEASING_DONE)
        return true; /* for all that is known */
    leasing->counted_ms = now_ms;
    if (entries > leasing->count)
        leasing->others_ms = now_ms;
    return entries > leasing->count;
}

/* If none of our names has stayed there, nobody knows of us any more. */
static void look_for_others(struct leasing *leasing, uint64_t now_ms)
{
    if (are_others_there(leasing, now_ms) && !leasing->has_stayed)
        leasing->heard_ms = now_ms + LEASING_HEARD_MS;
}

static enum lease_verdict end_ours(struct leasing *leasing, struct instant now,
                                   uint64_t *alive_ms)
{
    *alive_ms = forget_holders(leasing);
    look_for_others(leasing, now.mono_ms);
    if (*alive_ms != 0)
        leasing->others_ms = now.mono_ms;
    leasing->is_held = true;
    leasing->sure_ms = now.mono_ms;
    leasing->due_ms = now.mono_ms + (leasing->has_stayed ? LEASING_RENEW_MS
                                                         : LEASING_CHECK_MS);
    return LEASE_OURS;
}

/* Where another had a name, it is only looked at until it is free. False: one
 * could not be. */
static bool look_at_foreign(struct leasing *leasing, struct instant now)
{
    for (size_t i = 0; i < leasing->count; i++)
        if (leasing->names[i].state == NAME_FOREIGN &&
            !look(leasing, &leasing->names[i], now))
            return false;
    return true;
}

enum lease_verdict leasing_renew(struct leasing *leasing, struct instant now,
                                 char fault[static LEASING_FAULT_SIZE],
                                 uint64_t *alive_ms)
{
    *alive_ms = 0;
    fault[0] = '\0';
    leasing->has_stayed = false;
    give_back_dropped(leasing);
    bool is_known = look_at_foreign(leasing, now);
    if (is_known && first_foreign(leasing) == NULL)
        is_known = write_all(leasing, now);
    const struct name *foreign = first_foreign(leasing);
    if (!is_known && foreign == NULL)
        return end_unknown(leasing, now, fault);
    if (foreign != NULL)
        return end_elsewhere(leasing, foreign, now, fault);
    return end_ours(leasing, now, alive_ms);
}
