/* SPDX-License-Identifier: MIT */
/* A loop: one thread that waits for sockets, signals, one timer and a nudge
 * from other threads. It owns the libwebsockets context that the WebSocket
 * and HTTP modules put their listeners into. */
#ifndef ONEBUS_LOOP_H
#define ONEBUS_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct loop;
struct lws_context;

/* `on_signal` gets SIGINT, SIGTERM and SIGHUP as they come, from the loop.
 * Signals must be blocked in every thread before: loop_block_signals(). One
 * loop of the process reads them, and has TLS, which libwebsockets sets up once
 * for a process; for any other `on_signal` is NULL. NULL: the log says why. */
struct loop *loop_create(void (*on_signal)(void *ctx, int number), void *ctx);
void loop_destroy(struct loop *loop);

/* Block the signals that the loop reads, and ignore those that would end the
 * process or leave dead ones behind; threads started afterwards inherit it. */
void loop_block_signals(void);

/* Serve what is ready, at the latest at `due_ms` (mono; UINT64_MAX: never).
 * False: the loop is broken. */
bool loop_turn(struct loop *loop, uint64_t due_ms);

/* The time, asked once for all that comes in one turn: a burst of events need
 * not ask for each. To be called from what the turn serves. */
struct instant loop_now(struct loop *loop);

/* The same in microseconds, to measure by. */
uint64_t loop_now_us(struct loop *loop);

/* End the present or the next wait. Any thread; not from a signal handler. */
void loop_wake(void *loop);

struct lws_context *loop_context(struct loop *loop);

#endif
