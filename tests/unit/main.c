/* SPDX-License-Identifier: MIT */
/* Runs every suite: each module's, and the flows of the whole core; or, with
 * --threaded, those that ThreadSanitizer can find something in. */
#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the base and the edge, which have threads. */
#define THREADED(RUN)                                                          \
    RUN(exit_guard)                                                            \
    RUN(base64)                                                                \
    RUN(bell)                                                                  \
    RUN(buffer)                                                                \
    RUN(complaint)                                                             \
    RUN(digest)                                                                \
    RUN(hash)                                                                  \
    RUN(heap)                                                                  \
    RUN(histogram)                                                             \
    RUN(host_port)                                                             \
    RUN(ids)                                                                   \
    RUN(log)                                                                   \
    RUN(log_pairs)                                                             \
    RUN(mailbox)                                                               \
    RUN(nats_position)                                                         \
    RUN(nats_subject)                                                          \
    RUN(nearmiss)                                                              \
    RUN(random)                                                                \
    RUN(ring)                                                                  \
    RUN(utf8)                                                                  \
    RUN(visible)                                                               \
    RUN(worker)                                                                \
    RUN(asks)                                                                  \
    RUN(claims)                                                                \
    RUN(fetcher)                                                               \
    RUN(guard)                                                                 \
    RUN(journal)                                                               \
    RUN(journal_feed)                                                          \
    RUN(journal_view)                                                          \
    RUN(journal_file)                                                          \
    RUN(journal_mark)                                                          \
    RUN(journal_mover)                                                         \
    RUN(journal_queue)                                                         \
    RUN(journal_reader)                                                        \
    RUN(journal_tail)                                                          \
    RUN(lookup)                                                                \
    RUN(loop)                                                                  \
    RUN(process)                                                               \
    RUN(replayer)                                                              \
    RUN(store)                                                                 \
    RUN(supervisor)

/* Of what is there with libnats only. */
#ifdef ONEBUS_NATS
#define WITH_NATS(RUN) RUN(nats_link)
#else
#define WITH_NATS(RUN)
#endif

/* Of the settings, the core and the commands, which have none. */
#define PLAIN(RUN)                                                             \
    RUN(config)                                                                \
    RUN(config_address)                                                        \
    RUN(config_jsonc)                                                          \
    RUN(config_quantity)                                                       \
    RUN(config_shares)                                                         \
    RUN(asset)                                                                 \
    RUN(backlog)                                                               \
    RUN(access)                                                                \
    RUN(account)                                                               \
    RUN(backoff)                                                               \
    RUN(brake)                                                                 \
    RUN(breaker)                                                               \
    RUN(bucket)                                                                \
    RUN(catalog)                                                               \
    RUN(chain)                                                                 \
    RUN(chunk)                                                                 \
    RUN(cqcode)                                                                \
    RUN(crowd)                                                                 \
    RUN(download)                                                              \
    RUN(envelope)                                                              \
    RUN(event)                                                                 \
    RUN(event_key)                                                             \
    RUN(excuse)                                                                \
    RUN(exposition)                                                            \
    RUN(fold)                                                                  \
    RUN(gathering)                                                             \
    RUN(glob)                                                                  \
    RUN(grants)                                                                \
    RUN(handshake)                                                             \
    RUN(json)                                                                  \
    RUN(knocks)                                                                \
    RUN(lease_card)                                                            \
    RUN(leasing)                                                               \
    RUN(ledger)                                                                \
    RUN(lowering)                                                              \
    RUN(media)                                                                 \
    RUN(message_examples)                                                      \
    RUN(mp)                                                                    \
    RUN(news)                                                                  \
    RUN(once)                                                                  \
    RUN(onebot)                                                                \
    RUN(outgoing)                                                              \
    RUN(own)                                                                   \
    RUN(pack)                                                                  \
    RUN(pacing)                                                                \
    RUN(pairing)                                                               \
    RUN(params)                                                                \
    RUN(path_map)                                                              \
    RUN(pending)                                                               \
    RUN(puback)                                                                \
    RUN(quick)                                                                 \
    RUN(recent)                                                                \
    RUN(request)                                                               \
    RUN(secret)                                                                \
    RUN(segment)                                                               \
    RUN(serving)                                                               \
    RUN(strikes)                                                               \
    RUN(summary)                                                               \
    RUN(tally)                                                                 \
    RUN(topic)                                                                 \
    RUN(unsettled)                                                             \
    RUN(upload)                                                                \
    RUN(utterance)                                                             \
    RUN(verdicts)                                                              \
    RUN(watch)                                                                 \
    RUN(readiness)                                                             \
    RUN(web_call)                                                              \
    RUN(web_gate)                                                              \
    RUN(completion)                                                            \
    RUN(follow)                                                                \
    RUN(finding)                                                               \
    RUN(ago)                                                                   \
    RUN(judge_account)                                                         \
    RUN(judge_address)                                                         \
    RUN(judge_bridge)                                                          \
    RUN(judge_machine)                                                         \
    RUN(judge_nats)                                                            \
    RUN(judge_peer)                                                            \
    RUN(judge_settings)                                                        \
    RUN(judge_state)                                                           \
    RUN(occupant)                                                              \
    RUN(overview)                                                              \
    RUN(page)                                                                  \
    RUN(peer_entry)                                                            \
    RUN(report)                                                                \
    RUN(shown)                                                                 \
    RUN(since)                                                                 \
    RUN(table)                                                                 \
    RUN(usage)                                                                 \
    RUN(width)                                                                 \
    RUN(golden)                                                                \
    RUN(fixture)                                                               \
    RUN(actions)                                                               \
    RUN(calls)                                                                 \
    RUN(census)                                                                \
    RUN(events)                                                                \
    RUN(folding)                                                               \
    RUN(gate)                                                                  \
    RUN(ledger_desk)                                                           \
    RUN(log_desk)                                                              \
    RUN(narrator)                                                              \
    RUN(links)                                                                 \
    RUN(greeter)                                                               \
    RUN(headline)                                                              \
    RUN(permit)                                                                \
    RUN(refusals)                                                              \
    RUN(replay)                                                                \
    RUN(standing)                                                              \
    RUN(troubles)                                                              \
    RUN(settling)                                                              \
    RUN(outcome)                                                               \
    RUN(plan)                                                                  \
    RUN(jobs)                                                                  \
    RUN(preparing)                                                             \
    RUN(streams)                                                               \
    RUN(subjects)

#define DECLARE(name) void suite_##name(void);
THREADED(DECLARE)
WITH_NATS(DECLARE)
PLAIN(DECLARE)

int main(int argc, char **argv)
{
    bool only_threaded = argc == 2 && strcmp(argv[1], "--threaded") == 0;
    if (argc > 1 && !only_threaded) {
        fprintf(stderr, "Usage: %s [--threaded]\n", argv[0]);
        return 2;
    }
    if (CU_initialize_registry() != CUE_SUCCESS)
        return EXIT_FAILURE;
#define ADD(name) suite_##name();
    THREADED(ADD)
    WITH_NATS(ADD)
    if (!only_threaded) {
        PLAIN(ADD)
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    unsigned run = CU_get_number_of_tests_run();
    CU_cleanup_registry();
    return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
