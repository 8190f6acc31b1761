/* SPDX-License-Identifier: MIT */
/* One setting: its key, type, place in a struct, default and bounds; how it is
 * read from the file or from text, and shown again. A table of these rows is
 * all that a new setting needs.
 *
 *     type          in the struct      in the file          as text
 *     FIELD_BOOL    bool               true                 true
 *     FIELD_INT     int                3001                 3001
 *     FIELD_TIME    uint64_t, ms       5000, "5s"           5000, 5s
 *     FIELD_SIZE    size_t, bytes      1048576, "1MiB"      1048576, 1MiB
 *     FIELD_ID      int64_t            10001, "10001"       10001
 *     FIELD_ENUM    int or an enum     "info"               info
 *     FIELD_STRING  char *             "x"                  x
 *     FIELD_SECRET  char *             "x"                  x, shown as ***
 *     FIELD_FILE    the secret's       "/run/secrets/x"     /run/secrets/x
 *     FIELD_LIST    struct field_list  ["x", "y"]           x,y
 *     FIELD_REAL    double             1.5                  1.5
 *     FIELD_IDS     struct id_list     [1, "2", "*"]        1,2,*
 *     FIELD_JSON    char *             {"x": 1}             {"x":1}
 *
 * Text is what the environment and flags bring, and any string in the file
 * that names a variable: so "${PORT}" will do for a number. One thread. */
#ifndef ONEBUS_FIELD_H
#define ONEBUS_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "field_list.h"

struct config_faults;
struct origin;

enum field_type {
    FIELD_BOOL,
    FIELD_INT,
    FIELD_TIME,
    FIELD_SIZE,
    FIELD_ID,
    FIELD_ENUM,
    FIELD_STRING,
    FIELD_SECRET,
    FIELD_FILE, /* the row behind its FIELD_SECRET, with the same offset */
    FIELD_LIST,
    FIELD_REAL,
    FIELD_IDS,
    FIELD_JSON, /* an object or a list, kept as its text */
};

/* Numbers up to here are exact in a double, so in any JSON reader. */
#define FIELD_ID_MAX INT64_C(9007199254740991)

struct field {
    const char *key; /* below its place: "reconnect.retryDelay" */
    enum field_type type;
    int alias_value; /* FIELD_ENUM: what `alias` stands for */
    size_t offset;
    const char *initial;      /* the default, as text; NULL: zero, none */
    int64_t least, most;      /* of numbers, or of elements */
    const char *const *names; /* FIELD_ENUM: by value; ends with NULL */
    /* Strings and elements: NULL, or why not, to be read behind the value. May
     * shorten the string. */
    const char *(*check)(char *text);
    const char *(*check_json)(const cJSON *json); /* the same of FIELD_JSON */
    const char *allowed; /* strings, elements, FIELD_JSON: in words */
    const char *alias;   /* FIELD_ENUM: another word for a value, or NULL */
    /* Strings and elements that may have a secret in them: how they are shown;
     * to be freed. NULL: as they are. */
    char *(*show)(const char *text);
    bool one_will_do;  /* lists: a single string is a list of one */
    bool tells_kinds;  /* ids: "group:1" is one, and "user:1" no other */
    bool names_secret; /* strings: the path of a file that holds a secret */
};

struct field_table {
    const struct field *fields;
    size_t count;
    /* Keys at the top of the same object that are another program's, and are
     * passed over whatever they hold; ends with NULL. NULL: there are none. */
    const char *const *foreign;
};

/* A value on its way in. */
struct field_input {
    const cJSON *json;        /* from the file, else NULL */
    const char *text;         /* if not */
    char *const *environment; /* for ${NAME} in the file's strings */
};

/* Put the value into the struct at `base`, in place of the former one. On a
 * fault that stays. */
void field_read(const struct field *field, const struct field_input *input,
                const struct origin *origin, void *base,
                struct config_faults *faults);

/* Put the default there, which was all zero before. */
void field_init(const struct field *field, void *base);

/* Make `to`, all zero, as `from`. */
void field_copy(const struct field *field, const void *from, void *to);

/* As JSON, secrets as "***"; NULL if there is nothing to show. */
cJSON *field_show(const struct field *field, const void *base);

/* Free what it holds. */
void field_finish(const struct field *field, void *base);

#endif
