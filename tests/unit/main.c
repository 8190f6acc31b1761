/* SPDX-License-Identifier: MIT */
/* Runs every suite: each module's, and the flows of the whole core. */
#include <CUnit/Basic.h>
#include <stdlib.h>

#define SUITES(RUN)                                                            \
    RUN(base64)                                                                \
    RUN(buffer)                                                                \
    RUN(complaint)                                                             \
    RUN(digest)                                                                \
    RUN(exit_guard)                                                            \
    RUN(hash)                                                                  \
    RUN(ids)                                                                   \
    RUN(mailbox)                                                               \
    RUN(ring)                                                                  \
    RUN(utf8)                                                                  \
    RUN(visible)                                                               \
    RUN(worker)                                                                \
    RUN(config)                                                                \
    RUN(config_address)                                                        \
    RUN(config_jsonc)                                                          \
    RUN(config_nearmiss)                                                       \
    RUN(config_quantity)                                                       \
    RUN(backlog)                                                               \
    RUN(access)                                                                \
    RUN(account)                                                               \
    RUN(backoff)                                                               \
    RUN(brake)                                                                 \
    RUN(catalog)                                                               \
    RUN(cqcode)                                                                \
    RUN(envelope)                                                              \
    RUN(event)                                                                 \
    RUN(event_key)                                                             \
    RUN(fold)                                                                  \
    RUN(gathering)                                                             \
    RUN(handshake)                                                             \
    RUN(json)                                                                  \
    RUN(mp)                                                                    \
    RUN(news)                                                                  \
    RUN(once)                                                                  \
    RUN(onebot)                                                                \
    RUN(own)                                                                   \
    RUN(pack)                                                                  \
    RUN(pairing)                                                               \
    RUN(pending)                                                               \
    RUN(quick)                                                                 \
    RUN(recent)                                                                \
    RUN(request)                                                               \
    RUN(segment)                                                               \
    RUN(serving)                                                               \
    RUN(strikes)                                                               \
    RUN(topic)                                                                 \
    RUN(unsettled)                                                             \
    RUN(utterance)                                                             \
    RUN(verdicts)                                                              \
    RUN(watch)                                                                 \
    RUN(journal)                                                               \
    RUN(journal_file)                                                          \
    RUN(journal_mark)                                                          \
    RUN(journal_mover)                                                         \
    RUN(journal_queue)                                                         \
    RUN(journal_reader)                                                        \
    RUN(journal_tail)                                                          \
    RUN(lookup)                                                                \
    RUN(loop)                                                                  \
    RUN(replayer)                                                              \
    RUN(store)                                                                 \
    RUN(follow)                                                                \
    RUN(page)                                                                  \
    RUN(shown)                                                                 \
    RUN(since)                                                                 \
    RUN(golden)                                                                \
    RUN(fixture)                                                               \
    RUN(calls)                                                                 \
    RUN(events)                                                                \
    RUN(folding)                                                               \
    RUN(gate)                                                                  \
    RUN(links)                                                                 \
    RUN(greeter)                                                               \
    RUN(refusals)                                                              \
    RUN(replay)                                                                \
    RUN(settling)

#define DECLARE(name) void suite_##name(void);
SUITES(DECLARE)

int main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return EXIT_FAILURE;
#define ADD(name) suite_##name();
    SUITES(ADD)
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    unsigned run = CU_get_number_of_tests_run();
    CU_cleanup_registry();
    return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
