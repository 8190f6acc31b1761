/* SPDX-License-Identifier: MIT */
/* The opening request, judged. The input has a line each for path, query
 * token, authorization, self id, role and sub-protocol, then one for each
 * endpoint: path, token and self id, with tabs between them.
 *
 *   - 101 is said exactly when the rules of handshake.h, written anew, let the
 *     peer in, and to the endpoint they name;
 *   - no answer holds a token, neither the endpoint's nor the one shown;
 *   - a refusal is one line of text and ends in a line feed. */
#include "fuzz.h"

#include <stdlib.h>
#include <strings.h>

#include "core/handshake.h"

enum { ENDPOINTS_MAX = 6, PATH_BYTES_MAX = 256 };

/* Tokens begin with this, and nothing else that a body may hold has it. */
static const char TOKEN_MARK = '~';

static const char *const ACCOUNTS[ENDPOINTS_MAX] = {"default", "a-1", "b_2",
                                                    "c",       "d",   "e"};

/* An input as the function under test wants it. */
struct opening {
    struct handshake request;
    struct endpoint endpoints[ENDPOINTS_MAX];
    char *strings[2 * ENDPOINTS_MAX]; /* path and token of each */
    size_t count;
};

/* ---- the input ---- */

/* As the settings have them: at least `/`, nothing with a token in it. */
static char *path_of(struct slice text)
{
    size_t size = text.size < PATH_BYTES_MAX ? text.size : PATH_BYTES_MAX;
    char *path = strndup(text.data, size);
    for (char *at = path; *at != '\0'; at++)
        if (*at == TOKEN_MARK)
            *at = '.';
    return path;
}

/* With the mark; NULL if it is empty. */
static char *token_of(struct slice text)
{
    struct buffer token = {0};
    if (text.size == 0)
        return NULL;
    buffer_append(&token, &TOKEN_MARK, 1);
    buffer_append(&token, text.data, strnlen(text.data, text.size));
    buffer_append(&token, "", 1);
    return token.data;
}

static int64_t id_of(struct slice text)
{
    int64_t id = 0;
    for (size_t i = 0; i < text.size && i < 15; i++)
        id = id * 10 + (unsigned char)text.data[i] % 10;
    return id;
}

static void add_endpoint(struct opening *opening, struct slice line)
{
    struct fuzz_input rest = {line.data, line.size};
    char *path = path_of(fuzz_until(&rest, '\t'));
    char *token = token_of(fuzz_until(&rest, '\t'));
    opening->strings[2 * opening->count] = path;
    opening->strings[2 * opening->count + 1] = token;
    opening->endpoints[opening->count] = (struct endpoint){
        .account = ACCOUNTS[opening->count],
        .path = path,
        .token = token,
        .self_id = id_of((struct slice){rest.at, rest.left}),
    };
    opening->count++;
}

static struct opening read_opening(struct fuzz_input *input)
{
    struct opening opening = {0};
    opening.request.path = fuzz_until(input, '\n');
    opening.request.query_token = fuzz_until(input, '\n');
    opening.request.authorization = fuzz_until(input, '\n');
    opening.request.self_id = fuzz_until(input, '\n');
    opening.request.role = fuzz_until(input, '\n');
    opening.request.subprotocol = fuzz_until(input, '\n');
    while (input->left > 0 && opening.count < ENDPOINTS_MAX)
        add_endpoint(&opening, fuzz_until(input, '\n'));
    return opening;
}

static void finish(struct opening *opening)
{
    for (size_t i = 0; i < 2 * opening->count; i++)
        free(opening->strings[i]);
}

/* ---- the rules, once more, on strings ---- */

/* What the peer shows, a string each; blanks around it are gone. A NUL does
 * not come over HTTP, and here ends the string. */
struct shown {
    char *path, *token, *self_id, *role;
    bool has_nul;
};

static char *trimmed(struct slice text)
{
    static const char BLANKS[] = " \t";
    while (text.size > 0 && strchr(BLANKS, text.data[0]) != NULL)
        text = (struct slice){text.data + 1, text.size - 1};
    while (text.size > 0 && strchr(BLANKS, text.data[text.size - 1]) != NULL)
        text.size--;
    return strndup(text.data, text.size);
}

/* What is behind the word, if the text is that word and more, or that word. */
static const char *behind_word(const char *text, const char *word)
{
    size_t size = strlen(word);
    if (strncasecmp(text, word, size) != 0)
        return text;
    if (text[size] != '\0' && text[size] != ' ' && text[size] != '\t')
        return text;
    return text + size + strspn(text + size, " \t");
}

static char *shown_token(const struct handshake *request)
{
    char *header = trimmed(request->authorization);
    const char *token = behind_word(header, "bearer");
    if (token == header)
        token = behind_word(header, "token");
    char *shown = strlen(token) > 0 ? strdup(token)
                                    : strndup(request->query_token.data,
                                              request->query_token.size);
    free(header);
    return shown;
}

static bool has_nul(struct slice text)
{
    return text.size > 0 && memchr(text.data, '\0', text.size) != NULL;
}

static struct shown look(const struct handshake *request)
{
    struct shown shown = {
        .path = strndup(request->path.data, request->path.size),
        .token = shown_token(request),
        .self_id = trimmed(request->self_id),
        .role = trimmed(request->role),
        .has_nul = has_nul(request->path) || has_nul(request->self_id) ||
                   has_nul(request->role) || has_nul(request->query_token) ||
                   has_nul(request->authorization),
    };
    size_t size = strlen(shown.path);
    if (size > 1 && shown.path[size - 1] == '/')
        shown.path[size - 1] = '\0';
    return shown;
}

static void unlook(struct shown *shown)
{
    free(shown->path);
    free(shown->token);
    free(shown->self_id);
    free(shown->role);
}

/* The number shown; 0 if none is, or what is shown is none. */
static int64_t shown_id(const struct shown *shown)
{
    size_t size = strlen(shown->self_id);
    if (size > 18 || strspn(shown->self_id, "0123456789") != size)
        return 0;
    return strtoll(shown->self_id, NULL, 10);
}

/* Of those at the path the one with the peer's number, else the first; the
 * count if there is none. */
static size_t asked_for(const struct opening *opening,
                        const struct shown *shown)
{
    size_t first = opening->count;
    for (size_t i = opening->count; i-- > 0;)
        if (strcmp(opening->endpoints[i].path, shown->path) == 0)
            first = i;
    for (size_t i = first; i < opening->count; i++)
        if (strcmp(opening->endpoints[i].path, shown->path) == 0 &&
            opening->endpoints[i].self_id == shown_id(shown))
            return i;
    return first;
}

static bool is_let_in(const struct opening *opening, const struct shown *shown)
{
    size_t index = asked_for(opening, shown);
    if (index == opening->count)
        return false;
    const struct endpoint *endpoint = &opening->endpoints[index];
    if (endpoint->token != NULL && strcmp(shown->token, endpoint->token) != 0)
        return false;
    if (shown->self_id[0] != '\0' && shown_id(shown) == 0)
        return false;
    if (endpoint->self_id != 0 && endpoint->self_id != shown_id(shown))
        return false;
    if (shown->role[0] != '\0' && strcasecmp(shown->role, "universal") != 0 &&
        strcasecmp(shown->role, "api") != 0 &&
        strcasecmp(shown->role, "event") != 0)
        return false;
    return opening->request.subprotocol.size == 0;
}

/* ---- the verdict ---- */

static void ensure_role(const struct handshake_verdict *verdict,
                        const struct shown *shown)
{
    const char *role = shown->role[0] == '\0' ? "universal" : shown->role;
    ENSURE(strcasecmp(link_role_name(verdict->role), role) == 0);
}

static void ensure_body(const struct opening *opening,
                        const struct handshake_verdict *verdict,
                        const struct shown *shown)
{
    size_t size = strnlen(verdict->body, HANDSHAKE_BODY_SIZE);
    struct slice body = {verdict->body, size};
    ENSURE(size < HANDSHAKE_BODY_SIZE);
    ENSURE((size == 0) == (verdict->status == 101));
    ENSURE(size == 0 || body.data[size - 1] == '\n');
    for (size_t i = 0; i < opening->count; i++)
        if (opening->endpoints[i].token != NULL)
            ENSURE(!fuzz_holds(body, slice_of(opening->endpoints[i].token)));
    if (shown->token[0] == TOKEN_MARK)
        ENSURE(!fuzz_holds(body, slice_of(shown->token)));
}

static void ensure_verdict(const struct opening *opening,
                           const struct handshake_verdict *verdict,
                           const struct shown *shown)
{
    ENSURE(verdict->status == 101 ||
           (verdict->status >= 400 && verdict->status < 500));
    ENSURE(verdict->endpoint <= opening->count);
    ensure_body(opening, verdict, shown);
    if (shown->has_nul)
        return;
    ENSURE((verdict->status == 101) == is_let_in(opening, shown));
    ENSURE(verdict->endpoint == asked_for(opening, shown));
    ENSURE(verdict->self_id == shown_id(shown));
    ENSURE((strcmp(verdict->token_came, "none") == 0) ==
           (shown->token[0] == '\0'));
    if (verdict->status == 101)
        ensure_role(verdict, shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct opening opening = read_opening(&input);
    struct shown shown = look(&opening.request);
    struct handshake_verdict verdict =
        handshake_judge(opening.endpoints, opening.count, &opening.request);
    ensure_verdict(&opening, &verdict, &shown);
    unlook(&shown);
    finish(&opening);
    return 0;
}
