/* SPDX-License-Identifier: MIT */
#include "follow.h"

#include <assert.h>

#include "core/mp.h"

static bool is_known(const struct follow_place *place)
{
    return place->epoch[0] != '\0';
}

static bool is_of(const struct follow_place *place, struct slice epoch)
{
    return is_known(place) && slice_equals(epoch, place->epoch);
}

static void set_place(struct follow_place *place, struct slice epoch,
                      uint64_t last)
{
    assert(epoch.size < PAGE_EPOCH_SIZE);
    *place = (struct follow_place){.last = last};
    memcpy(place->epoch, epoch.data, epoch.size);
}

bool follow_mark_read(struct slice envelope, struct follow_mark *mark)
{
    struct slice epoch, seq;
    int64_t number;
    if (!mp_find(envelope, "epoch", &epoch) ||
        !mp_read_str(epoch, &mark->epoch) || mark->epoch.size == 0 ||
        mark->epoch.size >= PAGE_EPOCH_SIZE ||
        !mp_find(envelope, "seq", &seq) || !mp_read_int(seq, &number) ||
        number < 1)
        return false;
    mark->seq = (uint64_t)number;
    return true;
}

void follow_start(struct follow *follow, const struct since *since)
{
    assert(since->kind != SINCE_OLDEST);
    *follow = (struct follow){.since = *since};
}

struct since follow_next(const struct follow *follow)
{
    if (is_known(&follow->here))
        return (struct since){SINCE_SEQ, follow->here.last};
    return follow->since;
}

enum follow_step follow_event(struct follow *follow,
                              const struct follow_mark *mark)
{
    struct follow_place *here = &follow->here;
    if (is_of(here, mark->epoch) && mark->seq == here->last + 1) {
        here->last = mark->seq;
        return FOLLOW_SHOW;
    }
    if (is_of(here, mark->epoch) && mark->seq <= here->last)
        return FOLLOW_DROP;
    return is_of(&follow->former, mark->epoch) ? FOLLOW_DROP : FOLLOW_ASK;
}

/* ---- pages ------------------------------------------------------------ */

/* The first page tells whose journal it is. An empty one does not: it may have
 * forgotten everything, and the next event still be the one we wait for. */
static enum follow_turn begin(struct follow *follow, const struct page *page)
{
    bool has_seq = follow->since.kind == SINCE_SEQ;
    uint64_t last = has_seq ? follow->since.value : 0;
    if (page->newest == 0)
        return FOLLOW_CAUGHT_UP;
    /* Nobody can have seen an event that the journal does not have yet. */
    bool is_foreign = last > page->newest;
    set_place(&follow->here, page->epoch, is_foreign ? 0 : last);
    return is_foreign ? FOLLOW_ANOTHER : FOLLOW_MORE;
}

/* Should the bridge return to the journal before, we go on where we were. */
static void change_journal(struct follow *follow, struct slice epoch)
{
    struct follow_place left = follow->here;
    if (is_of(&follow->former, epoch))
        follow->here = follow->former;
    else
        set_place(&follow->here, epoch, 0);
    follow->former = left;
}

enum follow_turn follow_page(struct follow *follow, const struct page *page)
{
    struct follow_place *here = &follow->here;
    if (!is_known(here)) {
        enum follow_turn turn = begin(follow, page);
        if (turn != FOLLOW_MORE)
            return turn;
    }
    if (!is_of(here, page->epoch)) {
        change_journal(follow, page->epoch);
        return FOLLOW_ANOTHER;
    }
    /* A page that leads nowhere must not be asked for for ever. */
    bool has_moved = page->next > here->last;
    if (has_moved)
        here->last = page->next;
    return page->truncated && has_moved ? FOLLOW_MORE : FOLLOW_CAUGHT_UP;
}

enum follow_step follow_settle(struct follow *follow,
                               const struct follow_mark *mark,
                               struct follow_gap *gap)
{
    struct follow_place *here = &follow->here;
    *gap = (struct follow_gap){.first = 1};
    if (!is_known(here))
        set_place(here, mark->epoch, mark->seq - 1);
    if (!is_of(here, mark->epoch) || mark->seq <= here->last)
        return FOLLOW_DROP;
    *gap = (struct follow_gap){here->last + 1, mark->seq - 1};
    here->last = mark->seq;
    return FOLLOW_SHOW;
}
