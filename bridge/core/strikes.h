/* SPDX-License-Identifier: MIT */
/* Against guessing tokens: how many openings of one address may fail.
 *
 * Each address may fail 30 times at once and once a second after that; beyond,
 * every opening from it is put off until it has paid back. A peer with a wrong
 * token that comes back every few seconds never gets there. An IPv6 address
 * counts with its /64: `network` is whatever stands for those who count
 * together, in up to 47 characters. Pure; times are mono ms. One thread. */
#ifndef ONEBUS_STRIKES_H
#define ONEBUS_STRIKES_H

#include <stdint.h>

enum {
    STRIKES_AT_ONCE = 30,
    STRIKES_EVERY_MS = 1000,
    /* So many addresses are remembered; then the one that owes least goes. */
    STRIKES_ADDRESSES = 1024,
};

struct strikes;

struct strikes *strikes_create(void);
void strikes_destroy(struct strikes *strikes);

/* How long an opening from this address ("192.0.2.1", "2001:db8::1") is to
 * wait; 0: it may be judged. */
uint64_t strikes_wait_ms(const struct strikes *strikes, const char *network,
                         uint64_t now_ms);

/* One has failed. */
void strikes_add(struct strikes *strikes, const char *network, uint64_t now_ms);

#endif
