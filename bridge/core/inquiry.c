/* SPDX-License-Identifier: MIT */
#include "inquiry.h"

#include "core/inside.h"
#include "core/pack.h"
#include "core/serving.h"
#include "core/verdicts.h"

enum { DECISIONS_MAX = 100, DECISIONS = 10 };

/* What is asked about; 0: anything. `any` is one of the three. */
struct question {
    int64_t group_id, user_id, seq, any;
    struct slice account;
    size_t limit;
};

static bool is_about(const struct question *question,
                     const struct verdict_note *note,
                     const struct account *account)
{
    const struct access_subject *subject = &note->subject;
    if (question->account.size > 0 &&
        (account == NULL || !slice_equals(question->account, account->name)))
        return false;
    if (question->any != 0 && question->any != subject->group_id &&
        question->any != subject->user_id &&
        (uint64_t)question->any != note->seq)
        return false;
    return (question->group_id == 0 ||
            question->group_id == subject->group_id) &&
           (question->user_id == 0 || question->user_id == subject->user_id) &&
           (question->seq == 0 || (uint64_t)question->seq == note->seq);
}

/* One that is leaving has no settings any more to look into. */
static const struct account *account_at(const struct bridge *bridge,
                                        size_t index)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        if (bridge->accounts[i]->index == index &&
            !bridge->accounts[i]->is_leaving)
            return bridge->accounts[i];
    return NULL;
}

/* The group's settings may be others than they were: look again. */
static void pack_advice(struct msgpack_packer *packer,
                        const struct account *account,
                        const struct verdict_note *note)
{
    struct buffer advice = {0};
    struct access_verdict verdict = note->verdict;
    if (account != NULL) {
        const struct access_rules *rules = &account->options.access;
        verdict.group = access_judge(rules, &note->subject).group;
        access_advise(rules, &note->subject, &verdict, &advice);
    }
    pack_string(packer, "advice");
    pack_text(packer, buffer_slice(&advice));
    buffer_finish(&advice);
}

static void pack_decision(struct msgpack_packer *packer,
                          const struct account *account,
                          const struct verdict_note *note)
{
    const struct access_subject *subject = &note->subject;
    msgpack_pack_map(packer, subject->is_group ? 11 : 10);
    pack_number(packer, "seq", note->seq);
    pack_number(packer, "time", note->time_ms);
    pack_word(packer, "account", account == NULL ? "" : account->name);
    pack_word(packer, "kind",
              subject->kind == ACCESS_MESSAGE ? "message" : "notice");
    if (subject->is_group)
        pack_number(packer, "group_id", (uint64_t)subject->group_id);
    pack_number(packer, "user_id", (uint64_t)subject->user_id);
    pack_flag(packer, "allowed", note->verdict.allowed);
    pack_flag(packer, "respond", note->verdict.respond);
    pack_flag(packer, "mentioned", note->verdict.mentioned);
    pack_word(packer, "reason", access_reason_name(note->verdict.reason));
    pack_advice(packer, account, note);
}

/* The ages of the decisions it is about, newest first. */
static size_t find_decisions(const struct bridge *bridge,
                             const struct question *question,
                             size_t ages[DECISIONS_MAX])
{
    const struct verdict_note *note;
    size_t count = 0;
    for (size_t age = 0; count < question->limit &&
                         (note = verdicts_at(bridge->verdicts, age)) != NULL;
         age++)
        if (is_about(question, note, account_at(bridge, note->account)))
            ages[count++] = age;
    return count;
}

void inquiry_serve(struct serving *serving)
{
    const struct bridge *bridge = serving->bridge;
    size_t ages[DECISIONS_MAX];
    int64_t limit = serving_id(serving, "limit");
    const struct question question = {
        .group_id = serving_id(serving, "group_id"),
        .user_id = serving_id(serving, "user_id"),
        .seq = serving_id(serving, "seq"),
        .any = serving_id(serving, "id"),
        .account = serving_account_name(serving),
        .limit = limit == 0              ? DECISIONS
                 : limit < DECISIONS_MAX ? (size_t)limit
                                         : DECISIONS_MAX,
    };
    size_t count = find_decisions(bridge, &question, ages);
    struct msgpack_packer packer = pack_into(&serving->data);
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "decisions");
    msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < count; i++) {
        const struct verdict_note *note =
            verdicts_at(bridge->verdicts, ages[i]);
        pack_decision(&packer, account_at(bridge, note->account), note);
    }
}
