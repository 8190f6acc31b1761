/* SPDX-License-Identifier: MIT */
/* What the bridge answers by HTTP: probes, metrics, the console.
 *
 * It has a thread and a loop of its own. The bridge's loop only gives what is
 * asked for (asks.h), so neither a scrape nor a slow browser holds it up. All
 * of it: the thread of the bridge's loop. */
#ifndef ONEBUS_WEB_H
#define ONEBUS_WEB_H

#include <stdbool.h>

#include "base/buffer.h"

struct asks_service;
struct config;
struct gauges;
struct loop;
struct web;

/* Listen where `config` says; the thread is started by web_start(). `gauges`
 * must stay until web_destroy(). NULL: the log says why. */
struct web *web_create(const struct config *config, struct gauges *gauges,
                       struct loop *loop);

/* `epoch` is borrowed until web_destroy(). False: there is no thread. */
bool web_start(struct web *web, const char *epoch);

/* The settings are others: whose tokens count. */
void web_configure(struct web *web, const struct config *config);

/* A turn of the loop: answer what has been asked. NULL is fine, here and
 * below. */
void web_serve(struct web *web, const struct asks_service *service);

/* Append " http=host:port". */
void web_describe(const struct web *web, struct buffer *out);

/* No ticket may be out any more. */
void web_destroy(struct web *web);

#endif
