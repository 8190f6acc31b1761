/* SPDX-License-Identifier: MIT */
/* A topic has two parts: the place, which is a scope and an id, and what
 * happened there, which is the type less what the scope has said already:
 *
 *   qq.group.123     + message.normal       message.group.normal
 *   qq.group.123     + notice.notify.poke   notice.notify.poke
 *   qq.meta.10001    + heartbeat            meta_event.heartbeat
 */
#include "topic.h"

#include <assert.h>
#include <stdio.h>

#include "core/json_read.h"
#include "core/onebot.h"

/* What each byte is in a token; 0: no byte of one. */
static const char TOKEN_BYTES[UINT8_MAX + 1] = {
    ['-'] = '-', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3',
    ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8',
    ['9'] = '9', ['A'] = 'A', ['B'] = 'B', ['C'] = 'C', ['D'] = 'D',
    ['E'] = 'E', ['F'] = 'F', ['G'] = 'G', ['H'] = 'H', ['I'] = 'I',
    ['J'] = 'J', ['K'] = 'K', ['L'] = 'L', ['M'] = 'M', ['N'] = 'N',
    ['O'] = 'O', ['P'] = 'P', ['Q'] = 'Q', ['R'] = 'R', ['S'] = 'S',
    ['T'] = 'T', ['U'] = 'U', ['V'] = 'V', ['W'] = 'W', ['X'] = 'X',
    ['Y'] = 'Y', ['Z'] = 'Z', ['_'] = '_', ['a'] = 'a', ['b'] = 'b',
    ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g',
    ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l',
    ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q',
    ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v',
    ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};

static bool is_token_byte(unsigned char byte)
{
    return TOKEN_BYTES[byte] != 0;
}

/* Write the token of `text` and a NUL; returns where the NUL is, for the next
 * to begin. */
static char *put_token(char *at, struct slice text)
{
    size_t size = text.size < TOPIC_TOKEN_MAX ? text.size : TOPIC_TOKEN_MAX;
    if (size == 0)
        *at++ = '_';
    for (size_t i = 0; i < size; i++) {
        char byte = TOKEN_BYTES[(unsigned char)text.data[i]];
        *at++ = (char)(byte == 0 ? '_' : byte);
    }
    *at = '\0';
    return at;
}

static char *put_part(char *at, struct slice text)
{
    *at++ = '.';
    return put_token(at, text);
}

/* Every event has a number in its topic, and printf() would take a third of
 * the time that making the topic does. */
static char *put_number(char *at, int64_t number)
{
    char digits[TOPIC_TOKEN_MAX];
    size_t count = 0;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        *at++ = '-';
    while (count > 0)
        *at++ = digits[--count];
    *at = '\0';
    return at;
}

size_t topic_id_token(const struct json_value *id,
                      char token[static TOPIC_TOKEN_MAX + 1])
{
    static const struct slice NOTHING = {0};
    char *end;
    if (id->kind == JSON_INT)
        end = put_number(token, id->integer);
    else
        end = put_token(token, id->kind == JSON_STRING ? id->text : NOTHING);
    return (size_t)(end - token);
}

size_t topic_token(struct slice text, char token[static TOPIC_TOKEN_MAX + 1])
{
    return (size_t)(put_token(token, text) - token);
}

/* Where an event belongs: the id's member, NULL where it is the bot itself. */
struct place {
    enum topic_scope scope;
    const struct json_value *id;
};

static const struct place IN_META = {.scope = TOPIC_META};
static const struct place IN_OTHER = {.scope = TOPIC_OTHER};

/* The other end of a private chat. What the bot did itself has its own number
 * as user_id, and the chat's in target_id; some notices name the other end
 * only as operator or peer. */
static const struct json_value *peer_of(const struct onebot_frame *event,
                                        int64_t self_id)
{
    if (onebot_has_id(&event->user_id)) {
        int64_t target_id = onebot_id(&event->target_id);
        bool is_own = self_id != 0 && onebot_id(&event->user_id) == self_id;
        return is_own && target_id != 0 ? &event->target_id : &event->user_id;
    }
    if (onebot_has_id(&event->operator_id))
        return &event->operator_id;
    return onebot_has_id(&event->peer_id) ? &event->peer_id : NULL;
}

static struct place private_place(const struct onebot_frame *event,
                                  int64_t self_id)
{
    const struct json_value *peer = peer_of(event, self_id);
    return peer == NULL ? IN_OTHER : (struct place){TOPIC_PRIVATE, peer};
}

static struct place group_place(const struct onebot_frame *event)
{
    return onebot_has_id(&event->group_id)
               ? (struct place){TOPIC_GROUP, &event->group_id}
               : IN_OTHER;
}

static struct place group_or_private_place(const struct onebot_frame *event,
                                           int64_t self_id)
{
    struct place place = group_place(event);
    return place.scope == TOPIC_GROUP ? place : private_place(event, self_id);
}

/* A temporary chat has a group_id and is private all the same: message_type
 * decides. */
static struct place message_place(const struct onebot_frame *event,
                                  struct slice detail, int64_t self_id)
{
    if (slice_equals(detail, "group"))
        return group_place(event);
    if (slice_equals(detail, "private"))
        return private_place(event, self_id);
    return IN_OTHER;
}

/* Notices about the account rather than about a chat. */
static bool is_about_account(struct slice notice_type)
{
    return slice_equals(notice_type, "bot_offline") ||
           slice_equals(notice_type, "bot_online") ||
           slice_equals(notice_type, "client_status");
}

static struct place request_place(const struct onebot_frame *event,
                                  struct slice detail, int64_t self_id)
{
    return slice_equals(detail, "friend")
               ? private_place(event, self_id)
               : group_or_private_place(event, self_id);
}

static struct place place_of(const struct onebot_frame *event, int64_t self_id)
{
    struct slice detail = onebot_detail(event);
    if (detail.size == 0)
        return IN_OTHER;
    if (event->post == ONEBOT_POST_META_EVENT)
        return IN_META;
    if (event->post == ONEBOT_POST_NOTICE && is_about_account(detail))
        return IN_META;
    if (onebot_has_id(&event->guild_id))
        return IN_OTHER;
    if (event->post == ONEBOT_POST_NOTICE)
        return group_or_private_place(event, self_id);
    if (event->post == ONEBOT_POST_REQUEST)
        return request_place(event, detail, self_id);
    return message_place(event, detail, self_id);
}

static bool has_sub_type(const struct onebot_frame *event)
{
    return event->sub_type.kind == JSON_STRING &&
           event->sub_type.text.size != 0;
}

/* post_type, detail and sub_type as far as they are known. */
static void write_type(const struct onebot_frame *event, char *at)
{
    struct slice detail = onebot_detail(event);
    if (event->post == ONEBOT_POST_UNKNOWN) {
        at = put_token(at, slice_of("other"));
        put_part(at, event->post_type.text);
        return;
    }
    at = put_token(at, event->post_type.text);
    if (detail.size == 0)
        return;
    at = put_part(at, detail);
    if (has_sub_type(event))
        put_part(at, event->sub_type.text);
}

static void write_chat(const struct json_value *id, int64_t self_id, char *chat)
{
    if (id != NULL)
        topic_id_token(id, chat);
    else if (self_id != 0)
        put_number(chat, self_id);
    else
        put_token(chat, (struct slice){0});
}

/* What happened, behind the place. The scope already says `group` or `private`
 * of a message, `meta_event` of a meta event and that `other` is unknown. */
static void put_happening(const struct onebot_frame *event,
                          enum topic_scope scope, char *at)
{
    bool is_message = event->post == ONEBOT_POST_MESSAGE ||
                      event->post == ONEBOT_POST_MESSAGE_SENT;
    if (scope != TOPIC_META)
        at = put_part(at, event->post_type.text);
    if (scope == TOPIC_OTHER)
        return;
    if (!is_message)
        at = put_part(at, onebot_detail(event));
    if (has_sub_type(event))
        put_part(at, event->sub_type.text);
}

void topic_of_event(const struct onebot_frame *event, int64_t self_id,
                    struct topic *topic)
{
    static const char *const PREFIXES[] = {
        [TOPIC_GROUP] = "qq.group.",
        [TOPIC_PRIVATE] = "qq.private.",
        [TOPIC_META] = "qq.meta.",
        [TOPIC_OTHER] = "qq.other.",
    };
    self_id = onebot_self_id(event, self_id);
    struct place place = place_of(event, self_id);
    topic->scope = place.scope;
    write_type(event, topic->type);
    write_chat(place.id, self_id, topic->chat);
    char *at = stpcpy(topic->name, PREFIXES[place.scope]);
    at = stpcpy(at, topic->chat);
    put_happening(event, place.scope, at);
}

void topic_of_bridge(const char *account, const char *what, struct topic *topic)
{
    assert(strlen(what) < TOPIC_SIZE / 2);
    topic->scope = TOPIC_BRIDGE;
    put_token(topic->chat, slice_of(account));
    snprintf(topic->type, TOPIC_SIZE, "bridge.%s", what);
    snprintf(topic->name, TOPIC_SIZE, "qq.bridge.%s.%s", topic->chat, what);
}

/* The bytes of the first token of `text`. */
static size_t first_token(struct slice text)
{
    size_t size = 0;
    while (size < text.size && text.data[size] != '.')
        size++;
    return size;
}

static struct slice skip(struct slice text, size_t size)
{
    return (struct slice){text.data + size, text.size - size};
}

static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_token_byte((unsigned char)text.data[i]))
            return false;
    return text.size != 0;
}

bool topic_pattern_valid(const char *pattern)
{
    struct slice rest = slice_of(pattern);
    bool has_star = false;
    if (rest.size >= TOPIC_SIZE)
        return false;
    for (;;) {
        struct slice token = {rest.data, first_token(rest)};
        bool is_star = slice_equals(token, "*");
        if (!is_star && !is_token(token))
            return false;
        has_star = has_star || is_star;
        if (token.size == rest.size)
            return true;
        rest = skip(rest, token.size + 1);
        if (rest.size == 0)
            return !has_star;
    }
}

size_t topic_pattern_prefix(const char *pattern, char prefix[TOPIC_SIZE])
{
    assert(topic_pattern_valid(pattern));
    size_t size = strcspn(pattern, "*");
    bool is_whole_topic = pattern[size] == '\0' && pattern[size - 1] != '.';
    memcpy(prefix, pattern, size);
    prefix[size] = '\0';
    return is_whole_topic ? size + 1 : size;
}

static bool token_matches(struct slice pattern, struct slice token)
{
    if (slice_equals(pattern, "*"))
        return true;
    return pattern.size == token.size &&
           memcmp(pattern.data, token.data, token.size) == 0;
}

bool topic_matches(const char *pattern, struct slice topic)
{
    struct slice rest = slice_of(pattern);
    for (;;) {
        struct slice want = {rest.data, first_token(rest)};
        struct slice got = {topic.data, first_token(topic)};
        bool want_is_last = want.size == rest.size;
        if (got.size == 0)
            return false;
        /* The `*` or the nothing at the end takes all that is left. */
        if (want_is_last && (want.size == 0 || slice_equals(want, "*")))
            return true;
        if (!token_matches(want, got))
            return false;
        if (want_is_last || got.size == topic.size)
            return want_is_last && got.size == topic.size;
        rest = skip(rest, want.size + 1);
        topic = skip(topic, got.size + 1);
    }
}
