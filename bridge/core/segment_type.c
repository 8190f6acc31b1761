/* SPDX-License-Identifier: MIT */
#include "segment_type.h"

#include <stddef.h>

enum {
    N = PEER_BIT(PEER_NAPCAT),
    G = PEER_BIT(PEER_GOCQHTTP),
    L = PEER_BIT(PEER_LAGRANGE),
    B = PEER_BIT(PEER_LLBOT),
    S = PEER_BIT(PEER_SNOWLUMA),
    ALL = N | G | L | B | S,
};

#define MEDIA_PARAMS                                                           \
    {                                                                          \
        {"file", NULL, PARAM_FILE, false, 0},                                  \
            {"url", NULL, PARAM_TEXT, false, 0},                               \
            {"path", NULL, PARAM_TEXT, false, 0},                              \
            {"name", NULL, PARAM_TEXT, false, 0},                              \
    }

/* Who sends what: from the implementations' sources. A type that is known and
 * that nobody sends has no bit. */
static const struct segment_type TYPES[] = {
    {"text", NULL, ALL, NULL, {{"text", NULL, PARAM_TEXT, true, 0}}},
    {"at",
     "mention",
     ALL,
     NULL,
     {{"qq", "user_id", PARAM_WHO, true, 0},
      {"name", NULL, PARAM_TEXT, false, 0}}},
    {"image", NULL, ALL, NULL, MEDIA_PARAMS},
    {"reply",
     NULL,
     ALL,
     NULL,
     {{"id", "message_id", PARAM_TEXT, false, 0},
      {"seq", NULL, PARAM_ANY, false, 0}}},
    {"face", NULL, ALL, NULL, {{"id", NULL, PARAM_TEXT, true, 0}}},
    {"record", "voice", ALL, NULL, MEDIA_PARAMS},
    {"video", NULL, ALL, NULL, MEDIA_PARAMS},
    {"file", NULL, N | B | S, "use upload_group_file or upload_private_file",
     MEDIA_PARAMS},
    {"node",
     NULL,
     ALL,
     NULL,
     {{"id", NULL, PARAM_TEXT, false, 0},
      {"user_id", "uin", PARAM_ANY, false, 0},
      {"nickname", "name", PARAM_TEXT, false, 0},
      {"content", NULL, PARAM_ANY, false, 0}}},
    {"json", NULL, ALL, NULL, {{"data", NULL, PARAM_JSON, true, 0}}},
    {"markdown",
     NULL,
     N | L | B | S,
     "send text instead",
     {{"content", NULL, PARAM_TEXT, true, 0}}},
    {"dice",
     NULL,
     ALL,
     NULL,
     {{"result", NULL, PARAM_ANY, false, 0},
      {"value", NULL, PARAM_ANY, false, 0}}},
    {"rps",
     NULL,
     ALL,
     NULL,
     {{"result", NULL, PARAM_ANY, false, 0},
      {"value", NULL, PARAM_ANY, false, 0}}},
    {"mface",
     NULL,
     N | L | B | S,
     "send an image instead",
     {{"emoji_id", NULL, PARAM_TEXT, true, 0},
      {"emoji_package_id", NULL, PARAM_INTEGER, true, 0},
      {"key", NULL, PARAM_TEXT, true, 0},
      {"summary", NULL, PARAM_TEXT, false, 0}}},
    {"location",
     NULL,
     L | S,
     NULL,
     {{"lat", "latitude", PARAM_DEGREES, true, 90},
      {"lon", "longitude", PARAM_DEGREES, true, 180},
      {"title", NULL, PARAM_TEXT, false, 0},
      {"content", NULL, PARAM_TEXT, false, 0}}},
    {"miniapp", NULL, 0, NULL, {{"data", NULL, PARAM_JSON, true, 0}}},
    {"xml",
     NULL,
     G | L,
     "send json or markdown instead",
     {{"data", NULL, PARAM_TEXT, true, 0}}},
    {"poke",
     NULL,
     G | L | B,
     NULL,
     {{"qq", "user_id", PARAM_TEXT, false, 0},
      {"id", NULL, PARAM_TEXT, false, 0},
      {"type", NULL, PARAM_TEXT, false, 0}}},
    {"forward",
     NULL,
     N | G | B | S,
     "send its nodes with send_forward_msg",
     {{"id", NULL, PARAM_TEXT, true, 0}}},
    {"music",
     NULL,
     ALL,
     NULL,
     {{"type", NULL, PARAM_TEXT, true, 0},
      {"id", NULL, PARAM_TEXT, false, 0},
      {"url", NULL, PARAM_TEXT, false, 0},
      {"audio", NULL, PARAM_TEXT, false, 0},
      {"title", NULL, PARAM_TEXT, false, 0},
      {"content", NULL, PARAM_TEXT, false, 0},
      {"image", NULL, PARAM_TEXT, false, 0}}},
    {"contact",
     NULL,
     N | B | S,
     "send the number as text instead",
     {{"type", NULL, PARAM_TEXT, true, 0}, {"id", NULL, PARAM_TEXT, true, 0}}},
    {"share",
     NULL,
     G | S,
     NULL,
     {{"url", NULL, PARAM_TEXT, true, 0},
      {"title", NULL, PARAM_TEXT, true, 0},
      {"content", NULL, PARAM_TEXT, false, 0},
      {"image", NULL, PARAM_TEXT, false, 0}}},
    {"keyboard", NULL, L | B | S, "leave it out", {{0}}},
    {"longmsg",
     NULL,
     L,
     "send its nodes with send_forward_msg",
     {{"id", NULL, PARAM_TEXT, true, 0}}},
    {"shake", NULL, B | S, "send a poke instead", {{0}}},
    {"anonymous", NULL, S, "leave it out: QQ has withdrawn it", {{0}}},
    {"tts",
     NULL,
     G,
     "send a record instead",
     {{"text", NULL, PARAM_TEXT, true, 0}}},
    {"cardimage",
     NULL,
     G,
     "send an image instead",
     {{"file", NULL, PARAM_FILE, true, 0}}},
    {"gift", NULL, G, "leave it out", {{0}}},
    {"redbag", NULL, 0, "leave it out", {{0}}},
    {"onlinefile", NULL, 0, "use send_online_file", {{0}}},
    {"flashtransfer", NULL, 0, "use send_flash_msg", {{0}}},
    {"flash_file", NULL, 0, "use send_flash_msg", {{0}}},
};

static bool is_called(struct slice name, const char *one, const char *other)
{
    return slice_equals(name, one) ||
           (other != NULL && slice_equals(name, other));
}

const struct segment_type *segment_type_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
        if (is_called(name, TYPES[i].name, TYPES[i].also))
            return &TYPES[i];
    return NULL;
}

const struct segment_param *segment_type_param(const struct segment_type *type,
                                               struct slice name)
{
    for (const struct segment_param *param = type->params;
         param->form != PARAM_END; param++)
        if (is_called(name, param->name, param->also))
            return param;
    return NULL;
}
