/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <stddef.h>

/* As they begin, in any case. */
static const struct {
    const char *start;
    enum peer_kind kind;
    bool is_agent; /* a User-Agent: the number in it is another */
} NAMES[] = {
    {"napcat", PEER_NAPCAT, false},      {"onebot/11", PEER_NAPCAT, true},
    {"llonebot", PEER_LLBOT, false},     {"llbot", PEER_LLBOT, false},
    {"luckylillia", PEER_LLBOT, false},  {"lagrange", PEER_LAGRANGE, false},
    {"go-cqhttp", PEER_GOCQHTTP, false}, {"cqhttp/", PEER_GOCQHTTP, true},
    {"snowluma", PEER_SNOWLUMA, false},
};

static const char *const SHOWN[PEER_KINDS] = {
    [PEER_UNKNOWN] = "this OneBot implementation",
    [PEER_NAPCAT] = "NapCat",
    [PEER_LLBOT] = "LLBot",
    [PEER_LAGRANGE] = "Lagrange.OneBot",
    [PEER_GOCQHTTP] = "go-cqhttp",
    [PEER_SNOWLUMA] = "SnowLuma",
};

const char *peer_name(enum peer_kind kind)
{
    return SHOWN[kind];
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool begins(struct slice text, const char *start)
{
    size_t i = 0;
    while (start[i] != '\0' && i < text.size && lower(text.data[i]) == start[i])
        i++;
    return start[i] == '\0';
}

/* The first three numbers behind the slash: "/v4.8.12-beta". */
static void read_version(struct slice text, unsigned version[3])
{
    enum { LARGE = 100000 };
    size_t i = 0, part = 0;
    while (i < text.size && text.data[i] != '/')
        i++;
    while (i < text.size && (text.data[i] < '0' || text.data[i] > '9'))
        i++;
    for (; i < text.size && part < 3; i++) {
        char letter = text.data[i];
        if (letter >= '0' && letter <= '9' && version[part] < LARGE)
            version[part] = version[part] * 10 + (unsigned)(letter - '0');
        else if (letter == '.')
            part++;
        else
            break;
    }
}

struct peer peer_of(struct slice name_and_version)
{
    struct peer peer = {0};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        if (!begins(name_and_version, NAMES[i].start))
            continue;
        peer.kind = NAMES[i].kind;
        if (!NAMES[i].is_agent)
            read_version(name_and_version, peer.version);
    }
    return peer;
}

bool peer_is_since(const struct peer *peer, unsigned major, unsigned minor,
                   unsigned patch)
{
    const unsigned wanted[3] = {major, minor, patch};
    if (peer->version[0] + peer->version[1] + peer->version[2] == 0)
        return true;
    for (size_t i = 0; i < 3; i++)
        if (peer->version[i] != wanted[i])
            return peer->version[i] > wanted[i];
    return true;
}
