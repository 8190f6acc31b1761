/* SPDX-License-Identifier: MIT */
#include "layers.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearmiss.h"
#include "config.h"
#include "document.h"
#include "environment.h"
#include "scope.h"

/* A key longer than that is shown cut short; it is no row's anyway. */
enum { KEY_SIZE = 128 };

/* One layer on its way into one scope. */
struct pass {
    struct layers *layers;
    struct scope *scope;
    uint64_t seen; /* the rows it has set, a bit for each */
};

/* -- One value ------------------------------------------------------------- */

/* The other way to give the same secret; the row itself if it is none. */
static size_t twin_of(const struct field_table *table, size_t row)
{
    if (table->fields[row].type == FIELD_SECRET && row + 1 < table->count &&
        table->fields[row + 1].type == FIELD_FILE)
        return row + 1;
    return table->fields[row].type == FIELD_FILE ? row - 1 : row;
}

/* Takes `path` over. */
static void note_secret_file(struct layers *layers, char *path)
{
    struct field_list *files = layers->secret_files;
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->items[i], path) == 0) {
            free(path);
            return;
        }
    }
    *field_list_push(files) = path;
}

/* A text that names a variable has its secret elsewhere. */
static bool is_secret(const struct field *field, const char *text)
{
    if (text == NULL || strstr(text, "${") != NULL)
        return false;
    char *shown = field->show == NULL ? NULL : field->show(text);
    bool is_shown = field->type != FIELD_SECRET &&
                    (shown == NULL || strcmp(shown, text) == 0);
    free(shown);
    return !is_shown;
}

/* Is one written out in this value of the file? */
static bool holds_secret(const struct field *field, const cJSON *json)
{
    const cJSON *element;
    if (is_secret(field, cJSON_GetStringValue(json)))
        return true;
    cJSON_ArrayForEach(element, json)
    {
        if (is_secret(field, cJSON_GetStringValue(element)))
            return true;
    }
    return false;
}

static void note_secret(struct layers *layers, const struct field *field,
                        const struct field_input *input)
{
    const char *text =
        input->json != NULL ? cJSON_GetStringValue(input->json) : input->text;
    bool names_secret = field->type == FIELD_FILE || field->names_secret;
    struct slice missing;
    struct buffer path = {0};
    if (input->json != NULL && holds_secret(field, input->json))
        note_secret_file(layers, mem_strdup(layers->document->name));
    if (names_secret && text != NULL &&
        environment_expand(layers->source->environment, text, &path,
                           &missing) == STATUS_OK)
        note_secret_file(layers, mem_dup(path.data, path.size));
    buffer_finish(&path);
}

/* Both ways in one layer contradict each other; a higher layer just wins. */
static void set(struct pass *pass, size_t row, const struct field_input *input,
                const struct origin *origin)
{
    struct scope *scope = pass->scope;
    const struct field *field = &scope->table->fields[row];
    size_t twin = twin_of(scope->table, row);
    assert(twin < SCOPE_FIELDS_MAX && row < SCOPE_FIELDS_MAX);
    if (twin != row && (pass->seen >> twin & 1) != 0) {
        origin_fault(origin, pass->layers->faults,
                     "%s is set as well; allowed: one of the two",
                     scope->table->fields[twin].key);
        return;
    }
    pass->seen |= UINT64_C(1) << row;
    scope->origins[row] = *origin;
    field_read(field, input, origin, scope->base, pass->layers->faults);
    note_secret(pass->layers, field, input);
}

/* -- The file -------------------------------------------------------------- */

static struct origin origin_in_file(const struct layers *layers,
                                    const cJSON *item, const char *place,
                                    const char *key)
{
    return (struct origin){
        .document = layers->document, .item = item, .place = place, .key = key};
}

static const cJSON *first_of(const cJSON *object, const char *key)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        if (strcmp(member->string, key) == 0)
            return member;
    }
    return NULL;
}

/* Is it a duplicate? That is a fault: cJSON would take the first, people mean
 * the last. */
static bool refuse_duplicate(struct layers *layers, const cJSON *object,
                             const cJSON *member, const char *path)
{
    struct origin origin = origin_in_file(layers, member, path, member->string);
    const cJSON *first = first_of(object, member->string);
    if (first == member)
        return false;
    size_t line = config_faults_full(layers->faults)
                      ? 0 /* nobody will see it, and it takes a search */
                      : document_line(layers->document, first);
    origin_fault(&origin, layers->faults, "given twice, first in line %zu",
                 line);
    return true;
}

static bool refuse_unless_object(struct layers *layers, const cJSON *item,
                                 const char *path, const char *key)
{
    struct origin origin = origin_in_file(layers, item, path, key);
    if (!cJSON_IsObject(item))
        origin_fault(&origin, layers->faults, "this is no object");
    return !cJSON_IsObject(item);
}

const cJSON *layers_object(struct layers *layers, const cJSON *parent,
                           const char *path, const char *key)
{
    const cJSON *found = first_of(parent, key);
    const cJSON *member;
    cJSON_ArrayForEach(member, parent)
    {
        if (strcmp(member->string, key) == 0 &&
            refuse_duplicate(layers, parent, member, path))
            break;
    }
    if (found == NULL || refuse_unless_object(layers, found, path, key))
        return NULL;
    return found;
}

void layers_walk(struct layers *layers, const cJSON *object, const char *path,
                 layers_on_member *on_member, void *ctx)
{
    struct origin origin = origin_in_file(layers, object, path, NULL);
    if (cJSON_GetArraySize(object) > LAYERS_MEMBERS_MAX) {
        origin_fault(&origin, layers->faults, "more than %d keys",
                     LAYERS_MEMBERS_MAX);
        return;
    }
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        if (!refuse_duplicate(layers, object, member, path))
            on_member(ctx, member);
    }
}

/* A scope's object, or a group of keys in it, being read. */
struct group {
    struct pass *pass;
    const char *prefix; /* of the keys of its rows: "", "log." */
};

/* Of a row's key, the part that the group's object has; empty if none. */
static struct slice part_in_group(const struct group *group,
                                  const struct field *field)
{
    size_t skip = strlen(group->prefix);
    if (strncmp(field->key, group->prefix, skip) != 0)
        return (struct slice){NULL, 0};
    const char *part = field->key + skip;
    return (struct slice){part, strcspn(part, ".")};
}

/* Those of the names at the top of the scope, NULL or ended by NULL, that the
 * group has: all of them, or none further down. */
static const char *const *names_in_group(const struct group *group,
                                         const char *const *names)
{
    static const char *const none[] = {NULL};
    return names != NULL && group->prefix[0] == '\0' ? names : none;
}

static bool is_one_of(const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static void offer_all(struct nearmiss *miss, const char *const *names)
{
    for (; *names != NULL; names++)
        nearmiss_offer(miss, slice_of(*names));
}

static void refuse_unknown(const struct group *group, const cJSON *member,
                           const struct origin *origin)
{
    const struct scope *scope = group->pass->scope;
    struct nearmiss miss = nearmiss_of(slice_of(member->string));
    for (size_t i = 0; i < scope->table->count; i++)
        nearmiss_offer(&miss, part_in_group(group, &scope->table->fields[i]));
    offer_all(&miss, names_in_group(group, scope->children));
    offer_all(&miss, names_in_group(group, scope->table->foreign));
    char hint[NEARMISS_HINT_SIZE];
    nearmiss_hint(&miss, hint);
    origin_fault(origin, group->pass->layers->faults, "unknown key%s", hint);
}

static void on_group_member(void *ctx, const cJSON *member);

static void read_group(struct pass *pass, const cJSON *object,
                       const char *place, const char *key)
{
    struct buffer path = {0};
    struct buffer prefix = {0};
    buffer_append_string(&path, place);
    if (key[0] != '\0') {
        buffer_append_string(&prefix, key);
        buffer_append_string(&prefix, ".");
        buffer_append_string(&path, ".");
        buffer_append_string(&path, key);
    }
    buffer_append(&path, "", 1);
    buffer_append(&prefix, "", 1);
    struct group group = {pass, prefix.data};
    layers_walk(pass->layers, object, path.data, on_group_member, &group);
    buffer_finish(&path);
    buffer_finish(&prefix);
}

/* The first row that this member of the group is, or leads to; the count if
 * there is none. */
static size_t row_of(const struct group *group, const char *name)
{
    const struct field_table *table = group->pass->scope->table;
    for (size_t row = 0; row < table->count; row++) {
        struct slice part = part_in_group(group, &table->fields[row]);
        if (part.size != 0 && slice_equals(part, name))
            return row;
    }
    return table->count;
}

static void read_row(struct pass *pass, size_t row, const cJSON *item)
{
    const char *key = pass->scope->table->fields[row].key;
    struct field_input input = {
        .json = item, .environment = pass->layers->source->environment};
    struct origin origin =
        origin_in_file(pass->layers, item, pass->scope->path, key);
    set(pass, row, &input, &origin);
}

static void on_group_member(void *ctx, const cJSON *member)
{
    const struct group *group = ctx;
    struct pass *pass = group->pass;
    const struct scope *scope = pass->scope;
    const char *name = member->string;
    if (is_one_of(names_in_group(group, scope->children), name))
        return; /* what it is and has is the caller's */
    if (is_one_of(names_in_group(group, scope->table->foreign), name))
        return;
    char key[KEY_SIZE];
    snprintf(key, sizeof(key), "%s%s", group->prefix, name);
    struct origin origin =
        origin_in_file(pass->layers, member, scope->path, key);
    size_t row = row_of(group, name);
    if (row == scope->table->count)
        refuse_unknown(group, member, &origin);
    else if (strcmp(scope->table->fields[row].key, key) == 0)
        read_row(pass, row, member);
    else if (!refuse_unless_object(pass->layers, member, scope->path, key))
        read_group(pass, member, scope->path, key);
}

static void apply_file(struct layers *layers, struct scope *scope,
                       const cJSON *object)
{
    struct pass pass = {layers, scope, 0};
    if (object != NULL)
        read_group(&pass, object, scope->path, "");
}

/* -- The environment and the flags ----------------------------------------- */

/* ONEBUS_<PATH> in upper case; what no name has becomes '_'. */
static char *variable_of(const char *path)
{
    struct buffer name = {0};
    buffer_append_string(&name, "ONEBUS_");
    for (; *path != '\0'; path++) {
        char byte = *path;
        if (byte >= 'a' && byte <= 'z')
            byte = (char)(byte - 'a' + 'A');
        else if (!(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9'))
            byte = '_';
        buffer_append(&name, &byte, 1);
    }
    buffer_append(&name, "", 1);
    return name.data;
}

/* Takes `path` over. */
static void remember(struct layers *layers, char *path)
{
    if (layers->name_count == layers->name_capacity) {
        layers->name_capacity = layers->name_capacity * 2 + 64;
        layers->names = mem_realloc(layers->names, layers->name_capacity *
                                                       sizeof(*layers->names));
    }
    layers->names[layers->name_count++] =
        (struct layers_name){path, variable_of(path)};
}

static void set_text(struct pass *pass, size_t row, const char *text,
                     const struct origin *origin)
{
    struct field_input input = {.text = text};
    struct origin whole = *origin;
    whole.place = pass->scope->path;
    whole.key = pass->scope->table->fields[row].key;
    set(pass, row, &input, &whole);
}

/* Two accounts, a-b and a_b, may share a variable: it cannot mean both. */
static bool refuse_ambiguous(struct layers *layers,
                             const struct layers_name *name,
                             const struct origin *origin)
{
    for (size_t i = 0; i < layers->name_count; i++) {
        const struct layers_name *other = &layers->names[i];
        if (other->path == name->path ||
            strcmp(other->variable, name->variable) != 0)
            continue;
        origin_fault(origin, layers->faults,
                     "this is both %s and %s; set them in the file",
                     other->path, name->path);
        return true;
    }
    return false;
}

static void apply_variable(struct pass *pass, size_t row,
                           const struct layers_name *name)
{
    struct slice variable = slice_of(name->variable);
    const char *entry =
        environment_entry(pass->layers->source->environment, variable);
    struct origin origin = {.variable = entry};
    if (entry != NULL && !refuse_ambiguous(pass->layers, name, &origin))
        set_text(pass, row, entry + variable.size + 1, &origin);
}

/* What an assignment gives to the path; NULL if it is about another. */
static const char *value_for(const char *assignment, const char *path)
{
    size_t size = strlen(path);
    if (strncmp(assignment, path, size) != 0 || assignment[size] != '=')
        return NULL;
    return assignment + size + 1;
}

static void apply_flags(struct pass *pass, size_t row,
                        const struct layers_name *name)
{
    const struct config_source *source = pass->layers->source;
    for (size_t i = 0; i < source->flag_count; i++) {
        const char *text = value_for(source->flags[i].assignment, name->path);
        struct origin origin = {.flag = &source->flags[i]};
        if (text != NULL)
            set_text(pass, row, text, &origin);
    }
}

void layers_apply(struct layers *layers, struct scope *scope,
                  const cJSON *object)
{
    struct pass variables = {layers, scope, 0};
    struct pass flags = {layers, scope, 0};
    size_t first = layers->name_count;
    apply_file(layers, scope, object);
    for (size_t i = 0; i < scope->table->count; i++)
        remember(layers, scope_path_of(scope, &scope->table->fields[i]));
    for (size_t i = 0; i < scope->table->count; i++)
        apply_variable(&variables, i, &layers->names[first + i]);
    for (size_t i = 0; i < scope->table->count; i++)
        apply_flags(&flags, i, &layers->names[first + i]);
}

/* -- Names that are nobody's ----------------------------------------------- */

static void refuse_name(struct layers *layers, const struct origin *origin,
                        const struct nearmiss *miss)
{
    char hint[NEARMISS_HINT_SIZE];
    nearmiss_hint(miss, hint);
    origin_fault(origin, layers->faults, "no such setting%s", hint);
}

static void judge_variable(struct layers *layers, const char *entry)
{
    struct origin origin = {.variable = entry};
    struct slice name = {entry, strcspn(entry, "=")};
    struct nearmiss miss = nearmiss_of(name);
    for (size_t i = 0; i < layers->name_count; i++) {
        const char *known = layers->names[i].variable;
        if (slice_equals(name, known))
            return;
        nearmiss_offer(&miss, slice_of(known));
    }
    refuse_name(layers, &origin, &miss);
}

static void judge_flag(struct layers *layers, const struct config_flag *flag)
{
    struct origin origin = {.flag = flag};
    const char *assignment = flag->assignment;
    struct slice path = {assignment, strcspn(assignment, "=")};
    if (assignment[path.size] != '=') { /* not shown: who knows what it is */
        config_faults_add(layers->faults, "%s: no \"=\"; allowed: path=value",
                          flag->name != NULL ? flag->name : "--set");
        return;
    }
    struct nearmiss miss = nearmiss_of(path);
    for (size_t i = 0; i < layers->name_count; i++) {
        const char *known = layers->names[i].path;
        if (slice_equals(path, known))
            return;
        nearmiss_offer(&miss, slice_of(known));
    }
    refuse_name(layers, &origin, &miss);
}

static bool is_ours(const char *entry)
{
    static const char bridge[] = "ONEBUS_BRIDGE";
    static const char channels[] = "ONEBUS_CHANNELS";
    return strncmp(entry, bridge, sizeof(bridge) - 1) == 0 ||
           strncmp(entry, channels, sizeof(channels) - 1) == 0;
}

void layers_judge_names(struct layers *layers)
{
    const struct config_source *source = layers->source;
    char *const *entry = source->environment;
    for (; entry != NULL && *entry != NULL; entry++)
        if (is_ours(*entry))
            judge_variable(layers, *entry);
    for (size_t i = 0; i < source->flag_count; i++)
        judge_flag(layers, &source->flags[i]);
}

void layers_finish(struct layers *layers)
{
    for (size_t i = 0; i < layers->name_count; i++) {
        free(layers->names[i].path);
        free(layers->names[i].variable);
    }
    free(layers->names);
    *layers = (struct layers){0};
}
