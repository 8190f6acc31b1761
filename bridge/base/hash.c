/* SPDX-License-Identifier: MIT */
#include "hash.h"

enum { STEP = 16, TWO_STEPS = 32 };

/* The fraction of the golden ratio, made odd: its bits have no pattern. */
static const uint64_t MIX = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t multiply(uint64_t one, uint64_t other)
{
    unsigned __int128 product = (unsigned __int128)one * other;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t step(uint64_t state, const char *at, uint64_t seed)
{
    uint64_t words[2];
    memcpy(words, at, STEP);
    return multiply(words[0] ^ seed, words[1] ^ state);
}

uint64_t hash_bytes(struct slice bytes, uint64_t seed)
{
    uint64_t state = seed ^ (MIX * bytes.size);
    char last[STEP] = {0};
    const char *at = bytes.data;
    size_t left = bytes.size;
    for (; left >= TWO_STEPS; left -= TWO_STEPS, at += TWO_STEPS)
        state = step(step(state, at, seed), at + STEP, seed);
    if (left >= STEP) {
        state = step(state, at, seed);
        at += STEP;
        left -= STEP;
    }
    if (left > 0)
        memcpy(last, at, left);
    return multiply(step(state, last, seed) ^ MIX, MIX);
}
