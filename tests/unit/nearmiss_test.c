/* SPDX-License-Identifier: MIT */
#include "base/nearmiss.h"

#include "check.h"

static struct slice nearest(const char *word)
{
    static const char *const known[] = {
        "wsPort", "wsHost",      "wsPath",        "accessToken",
        "selfId", "groupPolicy", "dmPolicy",      "enabled",
        "log",    "call",        "bridge.access",
    };
    struct nearmiss miss = nearmiss_of(slice_of(word));
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        nearmiss_offer(&miss, slice_of(known[i]));
    return miss.best;
}

TEST(a_slip_or_two_is_recognised)
{
    static const struct {
        const char *word, *meant;
    } rows[] = {
        {"wsPrt", "wsPort"},   /* left out */
        {"wsPoort", "wsPort"}, /* put in */
        {"wsPart", "wsPort"},  /* changed; wsPath is two away */
        {"wsProt", "wsPort"},  /* swapped: one slip, not two */
        {"swProt", "wsPort"},  /* twice */
        {"WSPORT", "wsPort"},  /* upper case is none at all */
        {"self_id", "selfId"},
        {"accesToken", "accessToken"},
        {"acesToken", "accessToken"},
        {"acces_tokn", "accessToken"}, /* three, in ten letters */
        {"lgo", "log"},
        {"calls", "call"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_ROW(nearest(rows[i].word), slice_of(rows[i].meant), rows[i].word);
}

TEST(another_word_is_not_taken_for_a_slip)
{
    static const char *const words[] = {"heartbeat", "tls", "groups", "xyzzy",
                                        "",          "x",   "og"};
    /* All of "tls" changed would be "log" within three; "og" is one away. */
    for (size_t i = 0; i + 1 < sizeof(words) / sizeof(words[0]); i++)
        CHECK_ROW(nearest(words[i]), slice_of(""), words[i]);
    CHECK_SLICE(nearest("og"), slice_of("log"));
}

TEST(the_nearest_wins_and_the_first_of_equals)
{
    CHECK_SLICE(nearest("wsPoth"), slice_of("wsPath"));
    struct nearmiss miss = nearmiss_of(slice_of("abcx"));
    nearmiss_offer(&miss, slice_of("abcd"));
    nearmiss_offer(&miss, slice_of("abce"));
    CHECK_SLICE(miss.best, slice_of("abcd"));
    nearmiss_offer(&miss, slice_of("ABCX"));
    CHECK_SLICE(miss.best, slice_of("ABCX"));
    CHECK_EQ(miss.distance, 0);
}

TEST(a_very_long_word_is_just_unknown)
{
    char word[4096];
    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    CHECK_EQ(nearest(word).size, 0);
    struct nearmiss miss = nearmiss_of(slice_of("aaaa"));
    nearmiss_offer(&miss, slice_of(word));
    CHECK_EQ(miss.best.size, 0);
}

SUITE(nearmiss, a_slip_or_two_is_recognised,
      another_word_is_not_taken_for_a_slip,
      the_nearest_wins_and_the_first_of_equals,
      a_very_long_word_is_just_unknown)
