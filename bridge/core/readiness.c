/* SPDX-License-Identifier: MIT */
#include "readiness.h"

#include <stdio.h>

#include "core/mp.h"
#include "core/pack.h"
#include "core/web_call.h"

enum { REASON_SIZE = 256 };

/* What is gathered on the way. */
struct finding {
    struct msgpack_packer *packer; /* of the accounts */
    struct msgpack_packer reasons;
    struct buffer reason_bytes;
    size_t reason_count;
    bool wants_online;
};

static void object(struct finding *finding, const char *reason)
{
    pack_prose(&finding->reasons, reason);
    finding->reason_count++;
}

/* ---- accounts ----------------------------------------------------------- */

enum { LINKS, ONLINE, AGE, ACTIONS, FIELD_COUNT };

static const char *const FIELDS[] = {
    [LINKS] = "links",
    [ONLINE] = "online",
    [AGE] = "heartbeat_age_ms",
    [ACTIONS] = "actions",
};

static bool is_true(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    return mp_next(&reader, &token) && token.kind == MP_BOOL && token.boolean;
}

static bool is_word(struct slice pack, const char *word)
{
    struct slice text;
    return mp_read_str(pack, &text) && slice_equals(text, word);
}

static void look_at_account(struct finding *finding, struct slice name,
                            struct slice account)
{
    struct slice values[FIELD_COUNT];
    int64_t links = 0;
    char reason[REASON_SIZE];
    (void)mp_find_all(account, FIELDS, FIELD_COUNT, values);
    (void)mp_read_int(values[LINKS], &links);
    pack_text(finding->packer, name);
    msgpack_pack_map(finding->packer, 4);
    pack_flag(finding->packer, "connected", links > 0);
    pack_string(finding->packer, FIELDS[ONLINE]);
    pack_raw(finding->packer, values[ONLINE]);
    pack_string(finding->packer, FIELDS[AGE]);
    pack_raw(finding->packer, values[AGE]);
    pack_flag(finding->packer, "actions_stalled",
              is_word(values[ACTIONS], "stalled"));
    if (!finding->wants_online || (links > 0 && is_true(values[ONLINE])))
        return;
    snprintf(reason, sizeof(reason), "account %.*s is not %s", (int)name.size,
             name.data, links > 0 ? "online in QQ" : "connected");
    object(finding, reason);
}

static void look_at_accounts(struct finding *finding, struct slice accounts)
{
    struct mp_reader reader = mp_reader_of(accounts);
    struct mp_token map, key;
    struct slice account;
    if (!mp_next(&reader, &map) || map.kind != MP_MAP)
        map.count = 0;
    msgpack_pack_map(finding->packer, map.count);
    for (uint32_t i = 0; i < map.count; i++)
        if (mp_next(&reader, &key) && mp_skip(&reader, &account))
            look_at_account(finding, key.bytes, account);
}

/* ---- the rest ----------------------------------------------------------- */

static void look_at_journal(struct finding *finding, struct slice journal,
                            struct msgpack_packer *packer)
{
    struct slice value, state = {0}, fault = {0};
    char reason[REASON_SIZE];
    if (mp_find(journal, "state", &value))
        (void)mp_read_str(value, &state);
    if (mp_find(journal, "fault", &value))
        (void)mp_read_str(value, &fault);
    pack_string(packer, "journal");
    pack_text(packer, state);
    if (slice_equals(state, "ok") || slice_equals(state, "memory"))
        return;
    snprintf(reason, sizeof(reason), "the journal cannot be written: %.*s",
             (int)fault.size, fault.data == NULL ? "" : fault.data);
    object(finding, reason);
}

static void pack_reasons(const struct finding *finding,
                         struct msgpack_packer *packer)
{
    pack_string(packer, "reasons");
    msgpack_pack_array(packer, finding->reason_count);
    pack_raw(packer, buffer_slice(&finding->reason_bytes));
}

bool readiness_print(const struct readiness *readiness, struct buffer *json)
{
    static const char *const parts[] = {"journal", "accounts"};
    struct slice values[2];
    struct buffer pack = {0};
    struct msgpack_packer packer = pack_into(&pack);
    struct finding finding = {.packer = &packer,
                              .wants_online = readiness->wants_online};
    finding.reasons = pack_into(&finding.reason_bytes);
    (void)mp_find_all(readiness->status, parts, 2, values);
    if (readiness->is_stopping)
        object(&finding, "the bridge is shutting down");
    msgpack_pack_map(&packer, 5);
    look_at_journal(&finding, values[0], &packer);
    pack_string(&packer, "accounts");
    look_at_accounts(&finding, values[1]);
    pack_flag(&packer, "stopping", readiness->is_stopping);
    pack_flag(&packer, "ready", finding.reason_count == 0);
    pack_reasons(&finding, &packer);
    web_call_print(buffer_slice(&pack), json);
    buffer_finish(&pack);
    buffer_finish(&finding.reason_bytes);
    return finding.reason_count == 0;
}
