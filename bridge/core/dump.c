/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/visible.h"
#include "core/archive.h"
#include "core/inside.h"
#include "core/nats_state.h"
#include "core/once.h"
#include "core/pending.h"
#include "core/tally.h"

enum { NATS_FAULT_SIZE = 512 };

static void say_whole(struct bridge *bridge)
{
    struct archive_state archive;
    bridge->ports.archive(bridge->ports.ctx, &archive);
    inside_say(bridge, LOG_WARN,
               "state: bridge seq=%" PRIu64 " epoch=%s accounts=%zu callers=%zu"
               " calls_max=%zu sent=%zu held_bytes=%zu gathered_bytes=%zu "
               "job_bytes=%zu waiting=%zu ids=%zu unauthorized=%" PRIu64
               " stopping=%s",
               bridge->seq, bridge->options.epoch, bridge->account_count,
               bridge->callers_waiting, bridge->options.calls_max,
               pending_count(bridge->pending), bridge->held_bytes,
               bridge->gathered_bytes, bridge->job_bytes, bridge->waiting_count,
               once_count(bridge->once), bridge->unauthorized,
               bridge->is_stopping ? "true" : "false");
    inside_say(bridge, LOG_WARN,
               "state: journal mode=%s oldest=%" PRIu64 " newest=%" PRIu64
               " bytes=%" PRIu64 " lost=%" PRIu64
               " queued=%zu queue_max=%zu fault=\"%s\"",
               archive.mode, archive.oldest, archive.newest, archive.bytes,
               archive.lost, archive.queued, archive.queue_max, archive.fault);
}

static void say_nats(struct bridge *bridge)
{
    struct nats_state nats;
    char fault[NATS_FAULT_SIZE];
    bridge->ports.nats(bridge->ports.ctx, &nats);
    inside_say(
        bridge, LOG_WARN,
        "state: nats mode=%s server=%s stream=%s acked=%" PRIu64 " lag=%" PRIu64
        " lag_ms=%" PRIu64 " in_flight=%zu window=%zu published=%" PRIu64
        " duplicates=%" PRIu64 " refused=%" PRIu64 " errors=%" PRIu64
        " lost=%" PRIu64 " connects=%" PRIu64 " requests=%" PRIu64
        " fault=\"%s\"",
        nats.mode, nats.server, nats.stream, nats.acked, nats.lag, nats.lag_ms,
        nats.in_flight, nats.window, nats.published, nats.duplicates,
        nats.refused, nats.errors, nats.lost, nats.connects, nats.requests,
        visible_quote(fault, sizeof(fault), slice_of(nats.fault)));
}

static const char *online_of(const struct account *account)
{
    static const char *const names[] = {
        [ONLINE_UNKNOWN] = "unknown",
        [ONLINE_YES] = "true",
        [ONLINE_NO] = "false",
    };
    return names[account->online];
}

static void say_account(struct bridge *bridge, const struct account *account,
                        struct instant now)
{
    const struct tally *tally = &account->tally;
    char trouble[ACCOUNT_TROUBLE_SIZE], peer[ACCOUNT_PEER_SIZE];
    uint64_t age_ms =
        account->heartbeat_ms == 0 ? 0 : now.mono_ms - account->heartbeat_ms;
    inside_say(
        bridge, LOG_WARN,
        "state: account account=%s state=%s online=%s self_id=%" PRId64
        " peer=\"%s\" links=%zu heartbeat_age_ms=%" PRIu64
        " unanswered=%u stalled=%s events=%" PRIu64 " answers=%" PRIu64
        " calls=%" PRIu64 " dropped=%" PRIu64 " refused=%" PRIu64
        " unsettled=%zu trouble=\"%s\"",
        account->name, account_state(account), online_of(account),
        account->self_id,
        visible_quote(peer, sizeof(peer), slice_of(account->peer)),
        account->link_count, age_ms, account->unanswered,
        account->is_stalled ? "true" : "false",
        tally_sum(tally->published, TALLY_POSTS), account->answers,
        account->calls, tally_sum(tally->dropped, TALLY_DROPS),
        tally_sum(tally->denied, TALLY_DENIALS), account->unsettled,
        visible_quote(trouble, sizeof(trouble), slice_of(account->trouble)));
}

static void say_link(struct bridge *bridge, const struct account *account,
                     const struct link *link, struct instant now)
{
    inside_say(
        bridge, LOG_WARN,
        "state: link account=%s link=%" PRIu64 " role=%s self_id=%" PRId64
        " up_ms=%" PRIu64 " mute=%s closing=\"%s\"",
        account->name, link->serial, link_role_name(link->role), link->self_id,
        now.mono_ms - link->up_ms, link->is_mute ? "true" : "false",
        link->closing == NULL ? "" : link->closing);
}

void dump_write(struct bridge *bridge, struct instant now)
{
    size_t lines = 0;
    say_whole(bridge);
    say_nats(bridge);
    for (size_t i = 0; i < bridge->account_count && lines < DUMP_LINES; i++) {
        const struct account *account = bridge->accounts[i];
        say_account(bridge, account, now);
        lines++;
        for (const struct link *link = account->newest;
             link != NULL && lines < DUMP_LINES; link = link->older, lines++)
            say_link(bridge, account, link, now);
    }
}
