/* SPDX-License-Identifier: MIT */
/* The settings. The input is the file; behind a NUL there may be more, each
 * up to the next NUL: `NAME=value` for the environment, `--path=value` for a
 * flag.
 *
 * Each value of a key named accessToken or token, or either with File behind
 * it, gets a secret put before it, wherever it comes from; `"tokenFile": "@"`
 * becomes the path of a file that holds the secret. Before that of a key named
 * url it comes as a password: `nats://me:secret@`.
 *
 *   - the settings load, or there are faults; each is one visible line;
 *   - the secret is in none of them, nor in what config_print() shows;
 *   - what is shown is strict JSON, loads again and is then shown the same,
 *     unless two grants show their tokens alike;
 *   - comments and trailing commas change nothing. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"
#include "strict_json.h"

enum { ENTRIES_MAX = 16, PATH_SIZE = 32 };

static const char SECRET[] = "s3cr3t-0f-N0b0dy-e1se";

/* A file without a name. */
struct file {
    int fd;
    char path[PATH_SIZE];
};

static struct file file_with(struct slice content)
{
    struct file file = {.fd = memfd_create("fuzz", MFD_CLOEXEC)};
    ENSURE(file.fd >= 0);
    ENSURE(write(file.fd, content.data, content.size) == (ssize_t)content.size);
    snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.fd);
    return file;
}

/* ---- putting secrets in ---- */

static size_t pass(struct slice text, size_t at, const char *word)
{
    size_t size = strlen(word);
    bool is_here =
        at + size <= text.size && memcmp(text.data + at, word, size) == 0;
    return is_here ? at + size : 0;
}

static size_t pass_space(struct slice text, size_t at)
{
    while (at < text.size && strchr(" \t\r\n", text.data[at]) != NULL)
        at++;
    return at;
}

/* Behind the quote that opens the value of this key, if it is at `at`; else
 * 0. */
static size_t value_of(struct slice text, size_t at, const char *key)
{
    size_t end = pass(text, at, key);
    size_t colon = end == 0 ? 0 : pass(text, pass_space(text, end), ":");
    return colon == 0 ? 0 : pass(text, pass_space(text, colon), "\"");
}

/* The same for a key for a secret. */
static size_t value_of_secret_key(struct slice text, size_t at)
{
    static const char *const keys[] = {"\"accessToken\"", "\"accessTokenFile\"",
                                       "\"token\"", "\"tokenFile\"", "\"url\""};
    size_t value = 0;
    for (size_t i = 0; value == 0 && i < sizeof(keys) / sizeof(keys[0]); i++)
        value = value_of(text, at, keys[i]);
    return value;
}

static void append_password(struct buffer *out)
{
    buffer_append_string(out, "nats://me:");
    buffer_append_string(out, SECRET);
    buffer_append_string(out, "@");
}

static struct buffer with_secrets(struct slice text, const char *secret_path)
{
    struct buffer out = {0};
    for (size_t i = 0; i < text.size;) {
        size_t value = value_of_secret_key(text, i);
        bool is_url = value_of(text, i, "\"url\"") != 0;
        size_t next = value == 0 ? i + 1 : value;
        buffer_append(&out, text.data + i, next - i);
        i = next;
        if (is_url)
            append_password(&out);
        if (value == 0 || is_url)
            continue;
        size_t behind_at = pass(text, i, "@");
        buffer_append_string(&out, behind_at == 0 ? SECRET : secret_path);
        i = behind_at == 0 ? i : behind_at;
    }
    return out;
}

static bool is_secret_name(struct slice name)
{
    return fuzz_holds(name, slice_of("TOKEN")) ||
           fuzz_holds(name, slice_of("oken"));
}

/* NAME=value, with the secret before the value if the name is one's. */
static char *entry_with_secret(struct slice entry)
{
    struct fuzz_input rest = {entry.data, entry.size};
    struct slice name = fuzz_until(&rest, '=');
    struct buffer out = {0};
    buffer_append(&out, name.data, name.size);
    if (name.size < entry.size)
        buffer_append_string(&out, "=");
    if (name.size < entry.size && is_secret_name(name))
        buffer_append_string(&out, SECRET);
    buffer_append(&out, rest.at, rest.left);
    buffer_append(&out, "", 1);
    return out.data;
}

/* ---- what is to be loaded ---- */

struct layers {
    char *environment[ENTRIES_MAX + 1];
    size_t variable_count;
    struct config_flag flags[ENTRIES_MAX];
    char *assignments[ENTRIES_MAX];
    size_t flag_count;
};

static void add_entry(struct layers *layers, struct slice entry)
{
    bool is_flag = entry.size >= 2 && memcmp(entry.data, "--", 2) == 0;
    if (!is_flag) {
        layers->environment[layers->variable_count++] =
            entry_with_secret(entry);
        return;
    }
    char *assignment =
        entry_with_secret((struct slice){entry.data + 2, entry.size - 2});
    layers->assignments[layers->flag_count] = assignment;
    layers->flags[layers->flag_count++] =
        (struct config_flag){.assignment = assignment};
}

static struct layers read_layers(struct fuzz_input *input)
{
    struct layers layers = {0};
    for (size_t i = 0; i < ENTRIES_MAX && input->left > 0; i++)
        add_entry(&layers, fuzz_until(input, '\0'));
    return layers;
}

static void layers_finish(struct layers *layers)
{
    for (size_t i = 0; i < layers->variable_count; i++)
        free(layers->environment[i]);
    for (size_t i = 0; i < layers->flag_count; i++)
        free(layers->assignments[i]);
}

/* ---- what came of it ---- */

static void ensure_fault(const char *message)
{
    ENSURE(message[0] != '\0');
    ENSURE(strstr(message, SECRET) == NULL);
    for (; *message != '\0'; message++)
        ENSURE((unsigned char)*message >= 0x20 && *message != 0x7f);
}

static void ensure_faults(const struct config_faults *faults)
{
    ENSURE(faults->count <= CONFIG_FAULTS_MAX);
    ENSURE(faults->dropped == 0 || faults->count == CONFIG_FAULTS_MAX);
    for (size_t i = 0; i < faults->count; i++)
        ensure_fault(faults->messages[i]);
}

static void ensure_account(const struct config_account *account)
{
    ENSURE(account->key != NULL && account->host != NULL);
    ENSURE(account->path != NULL && account->path[0] == '/');
    ENSURE(account->port >= 0 && account->port <= 65535);
    ENSURE(account->token == NULL || account->token[0] != '\0');
    ENSURE(account->self_id >= 0 && account->enabled);
}

static void ensure_config(const struct config *config)
{
    for (size_t i = 0; i < config->account_count; i++)
        ensure_account(&config->accounts[i]);
    ENSURE(config->event_urls.count > 0 && config->action_urls.count > 0);
    for (size_t i = 0; i < config->grant_count; i++)
        ENSURE(config->grants[i].name[0] != '\0' &&
               config->grants[i].token[0] != '\0');
    ENSURE(config->calls_max > 0 && config->frame_bytes_max > 0);
    ENSURE(config->call_timeout_ms > 0 && config->call_write_timeout_ms > 0);
}

static void ensure_print(struct slice text)
{
    struct strict_json strict = strict_json_read(text);
    ENSURE(strict.is_good && strict.depth > 0);
    ENSURE(text.data[text.size - 1] == '\n');
    ENSURE(!fuzz_holds(text, slice_of(SECRET)));
    strict_json_finish(&strict);
}

/* Append what is shown of the settings; false if there are faults instead. */
static bool load(const struct config_source *source, struct buffer *print)
{
    static const struct config nothing;
    struct config config = nothing;
    struct config_faults faults = {0};
    bool is_loaded = config_load(source, &config, &faults) == STATUS_OK;
    ENSURE(is_loaded == (faults.count == 0));
    ensure_faults(&faults);
    if (is_loaded) {
        ensure_config(&config);
        config_print(&config, print);
        ensure_print(buffer_slice(print));
    } else {
        ENSURE(memcmp(&config, &nothing, sizeof(config)) == 0);
    }
    config_finish(&config);
    config_faults_finish(&faults);
    return is_loaded;
}

static bool is_strict(struct slice text)
{
    struct strict_json strict = strict_json_read(text);
    strict_json_finish(&strict);
    return strict.is_good;
}

/* Behind the first `{` a comment, before the last `}` a comma and another, if
 * there is anything between them. */
static void comment(struct slice text, struct buffer *out)
{
    const char *first = memchr(text.data, '{', text.size);
    const char *last = memrchr(text.data, '}', text.size);
    const char *end = text.data + text.size;
    buffer_append(out, text.data, (size_t)(first + 1 - text.data));
    buffer_append_string(out, "/* \" { */");
    buffer_append(out, first + 1, (size_t)(last - first - 1));
    if (memchr(first, '"', (size_t)(last - first)) != NULL)
        buffer_append_string(out, ", // }\n");
    buffer_append(out, last, (size_t)(end - last));
}

/* The outermost brackets are an object's if its text is strict JSON, begins
 * with one and ends in one. */
static bool is_object(struct slice text)
{
    return text.size >= 2 && text.data[0] == '{' &&
           text.data[text.size - 1] == '}' && is_strict(text);
}

static void ensure_comments_are_nothing(const struct config_source *source,
                                        struct slice text, bool is_loaded,
                                        struct slice print)
{
    struct buffer commented = {0};
    struct buffer again = {0};
    if (!is_object(text))
        return;
    comment(text, &commented);
    struct file file = file_with(buffer_slice(&commented));
    struct config_source other = *source;
    other.path = file.path;
    ENSURE(load(&other, &again) == is_loaded);
    ENSURE(fuzz_same(print, buffer_slice(&again)));
    buffer_finish(&again);
    buffer_finish(&commented);
    close(file.fd);
}

/* Then they are shown as having one token, which is refused. */
static bool has_two_grants(struct slice print)
{
    static const char token[] = "\"token\":\"***\"";
    const char *first =
        memmem(print.data, print.size, token, sizeof(token) - 1);
    if (first == NULL)
        return false;
    size_t left = print.size - (size_t)(first + 1 - print.data);
    return memmem(first + 1, left, token, sizeof(token) - 1) != NULL;
}

static void ensure_loads_again(struct slice print)
{
    struct file file = file_with(print);
    struct buffer again = {0};
    ENSURE(load(&(struct config_source){.path = file.path}, &again));
    ENSURE(fuzz_same(print, buffer_slice(&again)));
    buffer_finish(&again);
    close(file.fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    /* libFuzzer finds the secret in the comparisons and tries it elsewhere,
     * where it is none. */
    if (fuzz_holds((struct slice){(const char *)data, size}, slice_of(SECRET)))
        return 0;
    struct slice text = fuzz_until(&input, '\0');
    struct layers layers = read_layers(&input);
    struct file secret = file_with(slice_of(SECRET));
    struct buffer content = with_secrets(text, secret.path);
    struct file file = file_with(buffer_slice(&content));
    const struct config_source source = {
        .path = file.path,
        .environment = layers.environment,
        .flags = layers.flags,
        .flag_count = layers.flag_count,
    };
    struct buffer print = {0};
    bool is_loaded = load(&source, &print);
    if (is_loaded && !has_two_grants(buffer_slice(&print)))
        ensure_loads_again(buffer_slice(&print));
    ensure_comments_are_nothing(&source, buffer_slice(&content), is_loaded,
                                buffer_slice(&print));
    buffer_finish(&print);
    buffer_finish(&content);
    close(file.fd);
    close(secret.fd);
    layers_finish(&layers);
    return 0;
}
