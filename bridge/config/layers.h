/* SPDX-License-Identifier: MIT */
/* The layers over the defaults of a scope: the file, then the environment, then
 * the flags; and, when every scope has been through, whose names among them
 * were nobody's. One thread. */
#ifndef ONEBUS_LAYERS_H
#define ONEBUS_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

struct config_faults;
struct config_source;
struct document;
struct field_list;
struct scope;

/* A setting that exists, as flags and as the environment call it. */
struct layers_name {
    char *path;     /* "bridge.log.level" */
    char *variable; /* "ONEBUS_BRIDGE_LOG_LEVEL" */
};

/* The first five are set by the user and borrowed, the rest starts as zero. */
struct layers {
    const struct config_source *source;
    const struct document *document; /* may be empty */
    struct config_faults *faults;
    struct config_faults *notes;     /* what is no fault, and worth saying */
    struct field_list *secret_files; /* config.h */
    struct layers_name *names;
    size_t name_count, name_capacity;
};

/* So many keys an object may have, and a channel accounts: the checks between
 * them take the square of that. */
enum { LAYERS_MEMBERS_MAX = 4096 };

/* The object below `key`, or NULL: it is not there, or that is a fault. `path`
 * is the whole path of `parent`, "" for the document. */
const cJSON *layers_object(struct layers *layers, const cJSON *parent,
                           const char *path, const char *key);

/* Called for a member of an object. */
typedef void layers_on_member(void *ctx, const cJSON *member);

/* Call `on_member` for each member of the object at `path`, but not for
 * duplicates: those are faults, and so is an object with too many. */
void layers_walk(struct layers *layers, const cJSON *object, const char *path,
                 layers_on_member *on_member, void *ctx);

/* Read what there is for the scope; `object` is its own in the file, or NULL.
 */
void layers_apply(struct layers *layers, struct scope *scope,
                  const cJSON *object);

/* Faults for the flags and the ONEBUS_BRIDGE… and ONEBUS_CHANNELS… variables
 * that are no setting of any scope so far. */
void layers_judge_names(struct layers *layers);

void layers_finish(struct layers *layers);

#endif
