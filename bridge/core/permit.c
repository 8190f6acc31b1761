/* SPDX-License-Identifier: MIT */
#include "permit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "core/callers.h"
#include "core/catalog.h"
#include "core/grants.h"
#include "core/inside.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/own.h"

enum { CHAT_SIZE = 32, SHOWN_BYTES_MAX = 36, SHOWN_SIZE = 150 };

/* ---- refusals ---------------------------------------------------------- */

/* A name that a caller has sent: any bytes, of any length. */
static void show(struct slice name, char out[SHOWN_SIZE])
{
    struct buffer shown = {0};
    bool is_cut = name.size > SHOWN_BYTES_MAX;
    if (is_cut)
        name.size = SHOWN_BYTES_MAX;
    visible_append(&shown, name);
    snprintf(out, SHOWN_SIZE, "%.*s%s", (int)shown.size,
             shown.size == 0 ? "" : shown.data, is_cut ? "…" : "");
    buffer_finish(&shown);
}

/* False, for who returns it. */
static bool deny(const struct grant *grant, const char *what, const char *key,
                 char fault[REQUEST_FAULT_SIZE])
{
    snprintf(fault, REQUEST_FAULT_SIZE,
             "grant %.64s does not cover %s: bridge.grants[%.64s].%s",
             grant->name, what, grant->name, key);
    return false;
}

/* ---- actions ----------------------------------------------------------- */

/* OneBot 11: an action's name with one of these is the same action. The
 * catalogue cuts them off names that it knows. */
static struct slice without_suffix(struct slice action)
{
    static const char *const suffixes[] = {"_async", "_rate_limited"};
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t size = strlen(suffixes[i]);
        if (action.size > size &&
            memcmp(action.data + action.size - size, suffixes[i], size) == 0)
            return (struct slice){action.data, action.size - size};
    }
    return action;
}

/* What the peer will be asked, whatever the caller calls it. */
static struct slice name_of(const struct request *request)
{
    return without_suffix(catalog_resolve(request->action).name);
}

static bool covers_action(const struct grant *grant, struct slice action,
                          char fault[REQUEST_FAULT_SIZE])
{
    char shown[SHOWN_SIZE];
    if (grant_allows_action(grant, action))
        return true;
    show(action, shown);
    return deny(grant, shown, "actions", fault);
}

static bool covers_account(const struct grant *grant, struct slice name,
                           char fault[REQUEST_FAULT_SIZE])
{
    char shown[SHOWN_SIZE];
    char what[SHOWN_SIZE + 16];
    if (grant_allows_account(grant, name))
        return true;
    show(name, shown);
    snprintf(what, sizeof(what), "account %s", shown);
    return deny(grant, what, "accounts", fault);
}

/* ---- chats ------------------------------------------------------------- */

/* An id among the parameters. */
struct named {
    bool is_there;
    bool is_clear; /* one number, given once */
    bool is_taken; /* the action has such a parameter, or nobody knows */
    int64_t id;
};

/* What the parameters say of where a call goes. */
struct aim {
    struct named group, user;
    struct slice message_type;
    bool is_clear; /* message_type is given once, or not at all */
};

/* Those that are meant. */
struct target {
    bool is_group;
    struct named chat;
};

enum { TARGETS_MAX = 2 };

/* Nil, 0 and "" name nobody. */
static void read_named(struct slice value, struct named *named)
{
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token token;
    bool is_again = named->is_there;
    bool is_read = mp_next(&reader, &token);
    *named = (struct named){.is_there = true};
    if (is_read && token.kind == MP_INT)
        named->id = token.integer;
    else if (is_read && token.kind == MP_STR)
        named->id = onebot_id_of_text(token.bytes);
    named->is_clear = named->id > 0 && !is_again;
    bool is_nobody =
        is_read &&
        (token.kind == MP_NIL || (token.kind == MP_INT && token.integer == 0) ||
         (token.kind == MP_STR &&
          (slice_equals(token.bytes, "") || slice_equals(token.bytes, "0"))));
    if (is_nobody && !is_again)
        *named = (struct named){0};
}

static void read_message_type(struct slice value, struct aim *aim)
{
    if (aim->message_type.size > 0 || !mp_read_str(value, &aim->message_type))
        aim->is_clear = false;
}

/* What a key is called by the peer. */
static struct slice key_of(const struct catalog_action *action,
                           struct slice key)
{
    bool by_alias = false;
    const struct catalog_param *param =
        action == NULL ? NULL : catalog_param(action, key, &by_alias);
    if (param == NULL)
        return key;
    return slice_of(param->same_as != NULL ? param->same_as : param->name);
}

static bool takes(const struct catalog_action *action, const char *key)
{
    bool by_alias = false;
    return action == NULL ||
           catalog_param(action, slice_of(key), &by_alias) != NULL;
}

/* Each key by itself: of two with one name some peers take the first, some the
 * last. */
static struct aim aim_of(struct slice action_name, struct slice params)
{
    const struct catalog_action *action = catalog_resolve(action_name).action;
    struct aim aim = {.is_clear = true};
    struct mp_reader reader = mp_reader_of(params);
    struct mp_token head;
    struct slice key, name, value;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return aim;
    for (uint32_t i = 0; i < head.count; i++) {
        if (!mp_skip(&reader, &key) || !mp_skip(&reader, &value))
            break;
        if (!mp_read_str(key, &name))
            continue;
        name = key_of(action, name);
        if (slice_equals(name, "group_id"))
            read_named(value, &aim.group);
        else if (slice_equals(name, "user_id"))
            read_named(value, &aim.user);
        else if (slice_equals(name, "message_type"))
            read_message_type(value, &aim);
    }
    aim.group.is_taken = takes(action, "group_id");
    aim.user.is_taken = takes(action, "user_id");
    return aim;
}

static bool has(struct slice action, const char *word)
{
    return memmem(action.data, action.size, word, strlen(word)) != NULL;
}

/* A user_id alone: is it a chat? Of what only reads it mostly is not. */
static bool is_of_chats(struct slice action)
{
    return !catalog_is_read(action) || has(action, "msg") ||
           has(action, "private") || has(action, "friend");
}

/* May it go to a group as well as to a user, whichever is named? */
static bool goes_either_way(struct slice action)
{
    return !has(action, "group") &&
           (has(action, "msg") || has(action, "private") ||
            has(action, "friend"));
}

static size_t add_target(struct target *targets, size_t count, bool is_group,
                         const struct named *chat)
{
    if (chat->is_there)
        targets[count++] = (struct target){.is_group = is_group, .chat = *chat};
    return count;
}

/* Which chats the call may go to, all of them. */
static size_t find_targets(struct slice action, struct slice params,
                           struct target targets[TARGETS_MAX])
{
    struct aim aim = aim_of(action, params);
    bool is_either = goes_either_way(action);
    bool is_group = is_either && aim.is_clear && !has(action, "private") &&
                    !has(action, "friend") &&
                    slice_equals(aim.message_type, "group");
    if (is_group)
        return add_target(targets, 0, true, &aim.group);
    size_t count = add_target(targets, 0, true, &aim.group);
    if (count == 0 ? is_of_chats(action) : is_either)
        count = add_target(targets, count, false, &aim.user);
    return count;
}

static bool covers_target(const struct grant *grant,
                          const struct target *target,
                          char fault[REQUEST_FAULT_SIZE])
{
    char chat[CHAT_SIZE];
    const char *scope = target->is_group ? "group" : "private";
    snprintf(chat, sizeof(chat), "%s.%" PRId64, scope, target->chat.id);
    if (!target->chat.is_clear)
        return deny(grant, "a chat that is no single number", "chats", fault);
    return grant_allows_chat(grant, slice_of(chat)) ||
           deny(grant, chat, "chats", fault);
}

/* A file on its way to the peer's disk is in no chat yet. */
static bool reaches_nobody(struct slice action)
{
    return catalog_is_read(action) ||
           slice_equals(action, "upload_file_stream");
}

/* What the action does not take says nothing of where it goes. */
static bool names_a_chat(const struct target *targets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (targets[i].chat.is_taken)
            return true;
    return false;
}

/* A write that names no chat may go anywhere. */
static bool covers_chats(const struct grant *grant, struct slice action,
                         const struct target *targets, size_t count,
                         char fault[REQUEST_FAULT_SIZE])
{
    if (globs_are_all(&grant->chats))
        return true;
    if (!names_a_chat(targets, count) && !reaches_nobody(action))
        return deny(grant, "a write that names no chat", "chats", fault);
    for (size_t i = 0; i < count; i++)
        if (!covers_target(grant, &targets[i], fault))
            return false;
    return true;
}

/* ---- the groups' tools ------------------------------------------------- */

static bool have_tools(const struct access_rules *rules)
{
    for (size_t i = 0; i < rules->group_count; i++)
        if (rules->groups[i].tools != NULL)
            return true;
    return false;
}

/* The group's own, or those of every group. */
static bool deny_tool(const struct access_group *group, struct slice action,
                      char fault[REQUEST_FAULT_SIZE])
{
    char shown[SHOWN_SIZE];
    char id[24] = "*";
    show(action, shown);
    if (group->id != 0)
        snprintf(id, sizeof(id), "%" PRId64, group->id);
    snprintf(fault, REQUEST_FAULT_SIZE,
             "%s may not be used in this group: "
             "channels.napcatqq.groups.%s.tools",
             shown, id);
    return false;
}

static bool tools_cover(const struct access_rules *rules, struct slice action,
                        const struct named *chat,
                        char fault[REQUEST_FAULT_SIZE])
{
    if (!chat->is_clear) {
        snprintf(fault, REQUEST_FAULT_SIZE,
                 "group_id: allowed: one number, for "
                 "channels.napcatqq.groups has tools");
        return !have_tools(rules);
    }
    const struct access_group *group = access_group_of(rules, chat->id);
    return group == NULL || group->tools == NULL ||
           access_tools_allow(group->tools, action) ||
           deny_tool(group, action, fault);
}

static bool all_tools_cover(const struct account *account, struct slice action,
                            const struct target *targets, size_t count,
                            char fault[REQUEST_FAULT_SIZE])
{
    for (size_t i = 0; i < count; i++)
        if (targets[i].is_group &&
            !tools_cover(&account->options.access, action, &targets[i].chat,
                         fault))
            return false;
    return true;
}

enum reply_error permit_call(struct bridge *bridge,
                             const struct request *request,
                             const struct account *account,
                             char fault[REQUEST_FAULT_SIZE])
{
    struct target targets[TARGETS_MAX];
    struct slice action = name_of(request);
    size_t count = find_targets(action, request->params, targets);
    struct grant *grant = request->grant;
    (void)bridge;
    bool is_covered = (grant == NULL ||
                       (covers_account(grant, slice_of(account->name), fault) &&
                        covers_chats(grant, action, targets, count, fault))) &&
                      all_tools_cover(account, action, targets, count, fault);
    if (!is_covered && grant != NULL)
        grant->denied++;
    return is_covered ? REPLY_FINE : REPLY_DENIED;
}

enum reply_error permit_step(struct bridge *bridge, const struct request *step,
                             const struct account *account,
                             char fault[REQUEST_FAULT_SIZE])
{
    struct grant *grant = step->grant;
    if (grant == NULL || covers_action(grant, name_of(step), fault))
        return permit_call(bridge, step, account, fault);
    grant->denied++;
    return REPLY_DENIED;
}

/* ---- the bridge's own actions ------------------------------------------ */

/* The account that they name; the only one there is need not be named. */
static struct slice account_named(const struct bridge *bridge,
                                  const struct request *request)
{
    struct slice value, name = request->account;
    const struct account *only = inside_only_account(bridge);
    if (name.size == 0 && mp_find(request->params, "account", &value) &&
        !mp_read_str(value, &name))
        name = (struct slice){0};
    return name.size == 0 && only != NULL ? slice_of(only->name) : name;
}

/* Without an account they would be about all of them. */
static bool covers_named_account(const struct bridge *bridge,
                                 const struct request *request,
                                 char fault[REQUEST_FAULT_SIZE])
{
    const struct grant *grant = request->grant;
    struct slice name = account_named(bridge, request);
    if (globs_are_all(&grant->accounts))
        return true;
    if (name.size == 0)
        return deny(grant, "all accounts, and none is named", "accounts",
                    fault);
    return covers_account(grant, name, fault);
}

static bool covers_named_chats(const struct request *request,
                               char fault[REQUEST_FAULT_SIZE])
{
    const struct grant *grant = request->grant;
    struct aim aim = aim_of(request->action, request->params);
    struct target targets[TARGETS_MAX];
    size_t count = add_target(targets, 0, true, &aim.group);
    count = add_target(targets, count, false, &aim.user);
    if (globs_are_all(&grant->chats))
        return true;
    if (count == 0)
        return deny(grant, "all chats, and none is named", "chats", fault);
    return covers_chats(grant, request->action, targets, count, fault);
}

/* It asks the account's peer; a group named is the one the file is in. */
static bool covers_media(const struct bridge *bridge,
                         const struct request *request,
                         char fault[REQUEST_FAULT_SIZE])
{
    struct aim aim = aim_of(request->action, request->params);
    struct target target;
    return covers_named_account(bridge, request, fault) &&
           (add_target(&target, 0, true, &aim.group) == 0 ||
            globs_are_all(&request->grant->chats) ||
            covers_target(request->grant, &target, fault));
}

static bool covers_replay(const struct request *request,
                          char fault[REQUEST_FAULT_SIZE])
{
    const struct grant *grant = request->grant;
    if (!globs_are_all(&grant->chats))
        return deny(grant, "all chats, which a replay shows", "chats", fault);
    return globs_are_all(&grant->accounts) ||
           deny(grant, "all accounts, which a replay shows", "accounts", fault);
}

static bool covers_own(const struct bridge *bridge,
                       const struct request *request,
                       char fault[REQUEST_FAULT_SIZE])
{
    static const char pairing[] = "bridge.pairing.";
    struct slice action = request->action;
    bool is_replay = slice_equals(action, "bridge.replay");
    bool is_history = slice_equals(action, "bridge.history");
    if ((is_replay || is_history) && !request->grant->events)
        return deny(request->grant, "events", "events", fault);
    if (is_replay)
        return covers_replay(request, fault);
    if (is_history || slice_equals(action, "bridge.why") ||
        slice_equals(action, "bridge.calls"))
        return covers_named_account(bridge, request, fault) &&
               covers_named_chats(request, fault);
    if (slice_equals(action, "bridge.media.get"))
        return covers_media(bridge, request, fault);
    if (action.size >= sizeof(pairing) - 1 &&
        memcmp(action.data, pairing, sizeof(pairing) - 1) == 0)
        return covers_named_account(bridge, request, fault);
    return true;
}

/* ---- the way in -------------------------------------------------------- */

static void refuse_stranger(struct bridge *bridge, void *ticket,
                            const struct request *request, struct instant now)
{
    bridge->unauthorized++;
    callers_refuse(bridge, ticket, request, REPLY_UNAUTHORIZED,
                   request->token.size == 0
                       ? "token: required: that of one of bridge.grants"
                       : "token: none of bridge.grants has this one",
                   now);
}

bool permit_enter(struct bridge *bridge, void *ticket, struct request *request,
                  struct instant now)
{
    char fault[REQUEST_FAULT_SIZE];
    if (bridge->grants == NULL)
        return true;
    request->grant = grants_find(bridge->grants, request->token);
    if (request->grant == NULL) {
        refuse_stranger(bridge, ticket, request, now);
        return false;
    }
    request->grant->calls++;
    if (covers_action(request->grant, name_of(request), fault) &&
        (!own_is(request->action) || covers_own(bridge, request, fault)))
        return true;
    request->grant->denied++;
    callers_refuse(bridge, ticket, request, REPLY_DENIED, fault, now);
    return false;
}
