/* SPDX-License-Identifier: MIT */
/* First the bridge, then each account, then what has passed through it, and
 * last what somebody should look at: the end is what stays above the prompt. */
#include "overview.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/visible.h"
#include "cli/answer.h"
#include "cli/table.h"
#include "cli/width.h"
#include "config/quantity.h"
#include "core/mp.h"

enum {
    LINE_SIZE = 512,
    SECOND_MS = 1000,
    /* NapCat's heart beats each 30 s, and two in a row may come late. */
    OLD_HEARTBEAT_MS = 90 * 1000,
    OLD_LAG_MS = 60 * 1000,
};

static const char NOTHING[] = "-";

/* One account: its name and its map. */
struct row {
    struct slice name;
    struct slice data;
};

/* What is being put together. */
struct view {
    const struct overview *overview;
    struct table *table;
    struct mp_reader before; /* in the accounts as they were */
    struct buffer *out;
};

__attribute__((format(printf, 2, 3))) static void
append(struct buffer *out, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    buffer_append_string(out, line);
}

static struct slice child(struct slice map, const char *key)
{
    struct slice value;
    return mp_find(map, key, &value) ? value : (struct slice){"", 0};
}

static void format_age(int64_t ms, char out[QUANTITY_TEXT_SIZE])
{
    enum { MINUTE = 60, HOUR = 3600, DAY = 86400, FEW = 2 };
    int64_t seconds = ms / SECOND_MS;
    if (seconds / MINUTE < FEW)
        snprintf(out, QUANTITY_TEXT_SIZE, "%" PRId64 " s", seconds);
    else if (seconds / HOUR < FEW)
        snprintf(out, QUANTITY_TEXT_SIZE, "%" PRId64 " min", seconds / MINUTE);
    else if (seconds / DAY < FEW)
        snprintf(out, QUANTITY_TEXT_SIZE, "%" PRId64 " h", seconds / HOUR);
    else
        snprintf(out, QUANTITY_TEXT_SIZE, "%" PRId64 " d", seconds / DAY);
}

static void format_bytes(int64_t bytes, char out[QUANTITY_TEXT_SIZE])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes;
    size_t i = 0;
    for (; size >= 1024 && i + 1 < sizeof(units) / sizeof(units[0]); i++)
        size /= 1024;
    snprintf(out, QUANTITY_TEXT_SIZE,
             i == 0 || size >= 10 ? "%.0f %s" : "%.1f %s", size, units[i]);
}

/* ---- what has changed ---------------------------------------------------- */

/* How much a count grew in a second; negative: it cannot be told. */
static double rate_of(const struct overview *overview, struct slice now,
                      struct slice before, const char *key)
{
    if (overview->between_ms == 0 || !answer_has(before, key))
        return -1;
    int64_t grown = answer_number(now, key) - answer_number(before, key);
    return grown < 0
               ? -1
               : (double)(grown * SECOND_MS) / (double)overview->between_ms;
}

static void put_rate(struct table *table, double rate)
{
    char text[QUANTITY_TEXT_SIZE];
    snprintf(text, sizeof(text), rate > 0 && rate < 10 ? "%.1f" : "%.0f", rate);
    table_put(table, TONE_PLAIN, slice_of(rate < 0 ? NOTHING : text));
}

static bool has_rates(const struct overview *overview)
{
    return overview->before.size > 0;
}

static void put_count(const struct view *view, struct slice now,
                      struct slice before, const char *key)
{
    table_put_number(view->table, TONE_PLAIN, answer_number(now, key));
    if (has_rates(view->overview))
        put_rate(view->table, rate_of(view->overview, now, before, key));
}

/* ---- the bridge ---------------------------------------------------------- */

static void append_title(const struct view *view, const char *title)
{
    tone_append(view->out, &view->overview->surface, TONE_DIM, slice_of(title));
}

static void append_text(const struct view *view, struct slice map,
                        const char *key)
{
    visible_append(view->out, answer_text(map, key));
}

static void append_bridge(const struct view *view, struct slice data)
{
    struct buffer head = {0};
    buffer_append_string(&head, "onebus ");
    visible_append(&head, answer_text(data, "version"));
    tone_append(view->out, &view->overview->surface, TONE_BOLD,
                buffer_slice(&head));
    buffer_finish(&head);
    append(view->out, ", seq %" PRId64 ", epoch ", answer_number(data, "seq"));
    append_text(view, data, "epoch");
    append(view->out, "\n");
}

static void append_calls(const struct view *view, struct slice data)
{
    struct slice calls = child(data, "calls");
    append_title(view, "calls    ");
    append(view->out, "%" PRId64 " of %" PRId64 " in flight\n",
           answer_number(calls, "waiting"), answer_number(calls, "max"));
}

static enum tone tone_of_journal(struct slice state)
{
    return slice_equals(state, "ok")       ? TONE_GOOD
           : slice_equals(state, "memory") ? TONE_WARN
                                           : TONE_BAD;
}

static void append_journal(const struct view *view, struct slice data)
{
    struct slice journal = child(data, "journal");
    struct slice state = answer_text(journal, "state");
    int64_t newest = answer_number(journal, "newest");
    char bytes[QUANTITY_TEXT_SIZE];
    format_bytes(answer_number(journal, "bytes"), bytes);
    append_title(view, "journal  ");
    tone_append(view->out, &view->overview->surface, tone_of_journal(state),
                state);
    if (newest == 0)
        append(view->out, ", empty");
    else
        append(view->out, ", events %" PRId64 " to %" PRId64 ", %s",
               answer_number(journal, "oldest"), newest, bytes);
    append(view->out, ", %" PRId64 " of %" PRId64 " queued\n",
           answer_number(journal, "queued"),
           answer_number(journal, "queue_max"));
}

static enum tone tone_of_nats(struct slice state)
{
    return slice_equals(state, "ok")           ? TONE_GOOD
           : slice_equals(state, "connecting") ? TONE_WARN
           : slice_equals(state, "held")       ? TONE_WARN
                                               : TONE_BAD;
}

/* How far the stream is behind the journal. */
static void append_lag(const struct view *view, struct slice nats)
{
    int64_t lag = answer_number(nats, "lag");
    char age[QUANTITY_TEXT_SIZE];
    format_age(answer_number(nats, "lag_ms"), age);
    append(view->out, ", seq %" PRId64, answer_number(nats, "acked"));
    if (lag > 0)
        append(view->out, ", %" PRId64 " event%s and %s behind", lag,
               lag == 1 ? "" : "s", age);
    append(view->out, "\n");
}

static bool has_nats(struct slice nats)
{
    return answer_has(nats, "state") &&
           !slice_equals(answer_text(nats, "state"), "off");
}

static void append_nats(const struct view *view, struct slice data)
{
    struct slice nats = child(data, "nats");
    struct slice state = answer_text(nats, "state");
    if (!has_nats(nats))
        return;
    append_title(view, "nats     ");
    tone_append(view->out, &view->overview->surface, tone_of_nats(state),
                state);
    append(view->out, ", ");
    append_text(view, nats, "stream");
    if (answer_text(nats, "server").size > 0) {
        append(view->out, " at ");
        append_text(view, nats, "server");
    }
    append_lag(view, nats);
}

static void append_pairing(const struct view *view)
{
    int64_t count = view->overview->pairing;
    if (count < 0)
        return;
    append_title(view, "pairing  ");
    if (count == 0)
        append(view->out, "nobody waits\n");
    else
        append(view->out, "%" PRId64 " wait%s: onebus pairing list\n", count,
               count == 1 ? "s" : "");
}

/* ---- how the accounts are ------------------------------------------------ */

static const struct table_column STATE_COLUMNS[] = {
    {.title = "ACCOUNT", .is_cut = true},
    {.title = "LINK"},
    {.title = "QQ"},
    {.title = "ACTIONS"},
    {.title = "BEAT", .is_right = true},
    {.title = "QQ NUMBER", .is_right = true},
    {.title = "PEER", .is_cut = true},
    {.title = "LINKS", .is_right = true},
};

static bool is_up(struct slice account)
{
    return slice_equals(answer_text(account, "state"), "up");
}

static bool is_stalled(struct slice account)
{
    return slice_equals(answer_text(account, "actions"), "stalled");
}

static bool is_offline(struct slice account)
{
    return answer_has(account, "online") && !answer_flag(account, "online");
}

/* Without a link nobody knows more than what was last said. */
static void put_online(struct table *table, struct slice account)
{
    if (!answer_has(account, "online"))
        table_put(table, TONE_DIM, slice_of(NOTHING));
    else if (is_offline(account))
        table_put(table, TONE_BAD, slice_of("offline"));
    else
        table_put(table, is_up(account) ? TONE_GOOD : TONE_DIM,
                  slice_of("online"));
}

static void put_actions(struct table *table, struct slice account)
{
    if (is_stalled(account))
        table_put(table, TONE_BAD, slice_of("stalled"));
    else
        table_put(table, TONE_PLAIN, slice_of(is_up(account) ? "ok" : NOTHING));
}

static void put_heartbeat(struct table *table, struct slice account)
{
    char text[QUANTITY_TEXT_SIZE];
    int64_t age_ms = answer_number(account, "heartbeat_age_ms");
    format_age(age_ms, text);
    bool is_known = answer_has(account, "heartbeat_age_ms");
    table_put(table, age_ms > OLD_HEARTBEAT_MS ? TONE_WARN : TONE_PLAIN,
              slice_of(is_known ? text : NOTHING));
}

static void put_text(struct table *table, struct slice text)
{
    table_put(table, TONE_PLAIN, text.size > 0 ? text : slice_of(NOTHING));
}

static void put_state(void *ctx, const struct row *row)
{
    struct table *table = ((struct view *)ctx)->table;
    int64_t self_id = answer_number(row->data, "self_id");
    table_put(table, TONE_PLAIN, row->name);
    table_put(table, is_up(row->data) ? TONE_GOOD : TONE_BAD,
              answer_text(row->data, "state"));
    put_online(table, row->data);
    put_actions(table, row->data);
    put_heartbeat(table, row->data);
    if (self_id == 0)
        table_put(table, TONE_PLAIN, slice_of(NOTHING));
    else
        table_put_number(table, TONE_PLAIN, self_id);
    put_text(table, answer_text(row->data, "peer"));
    table_put_number(table, TONE_PLAIN, answer_number(row->data, "links"));
}

/* ---- what has passed through them ---------------------------------------- */

static const struct table_column TRAFFIC_COLUMNS[] = {
    {.title = "ACCOUNT", .is_cut = true},
    {.title = "EVENTS", .is_right = true},
    {.title = "CALLS", .is_right = true},
    {.title = "WAITING", .is_right = true},
    {.title = "UNKNOWN", .is_right = true},
    {.title = "REFUSED", .is_right = true},
    {.title = "DROPPED", .is_right = true},
};

/* The same, once there is something to compare with. */
static const struct table_column RATE_COLUMNS[] = {
    {.title = "ACCOUNT", .is_cut = true},
    {.title = "EVENTS", .is_right = true},
    {.title = "/S", .is_right = true},
    {.title = "CALLS", .is_right = true},
    {.title = "/S", .is_right = true},
    {.title = "WAITING", .is_right = true},
    {.title = "UNKNOWN", .is_right = true},
    {.title = "REFUSED", .is_right = true},
    {.title = "DROPPED", .is_right = true},
};

/* The account as it was. Both have the accounts in the same order, as a rule,
 * so that thousands of them need not be looked for. */
static struct slice before_of(struct view *view, struct slice name)
{
    struct mp_token key;
    struct slice data;
    char text[LINE_SIZE];
    if (mp_next(&view->before, &key) && key.kind == MP_STR &&
        mp_skip(&view->before, &data) && key.bytes.size == name.size &&
        memcmp(key.bytes.data, name.data, name.size) == 0)
        return data;
    snprintf(text, sizeof(text), "%.*s", (int)name.size, name.data);
    return child(child(view->overview->before, "accounts"), text);
}

static void put_traffic(void *ctx, const struct row *row)
{
    struct view *view = ctx;
    struct table *table = view->table;
    struct slice before = before_of(view, row->name);
    int64_t unsettled = answer_number(row->data, "unsettled");
    int64_t dropped = answer_number(row->data, "dropped");
    table_put(table, TONE_PLAIN, row->name);
    put_count(view, row->data, before, "events");
    put_count(view, row->data, before, "calls");
    table_put_number(table, TONE_PLAIN,
                     answer_number(child(row->data, "pacing"), "waiting"));
    table_put_number(table, unsettled > 0 ? TONE_WARN : TONE_PLAIN, unsettled);
    table_put_number(table, TONE_PLAIN, answer_number(row->data, "refused"));
    table_put_number(table, dropped > 0 ? TONE_WARN : TONE_PLAIN, dropped);
}

/* ---- what to look at ----------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static void
warn(const struct view *view, struct slice account, const char *format, ...)
{
    const struct surface *surface = &view->overview->surface;
    size_t columns = surface->columns == 0 ? SIZE_MAX : surface->columns;
    struct buffer line = {0};
    char text[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    visible_append(&line, account);
    if (account.size > 0)
        buffer_append(&line, ": ", 2);
    visible_append(&line, slice_of(text));
    buffer_append(view->out, "\n", 1);
    tone_append(view->out, surface, TONE_WARN, slice_of("! "));
    width_wrap(view->out, buffer_slice(&line), 2, 2, columns);
    buffer_finish(&line);
}

struct pause_view {
    const struct view *view;
    struct slice account;
};

static void warn_of_pause(void *ctx, struct slice pause)
{
    const struct pause_view *paused = ctx;
    struct slice reason = answer_text(pause, "reason");
    int64_t group = answer_number(pause, "group_id");
    int64_t user = answer_number(pause, "user_id");
    int64_t left_ms = answer_number(pause, "retry_after_ms");
    char left[QUANTITY_TEXT_SIZE];
    char chat[64] = "at all";
    char tail[64] = "";
    format_age(left_ms, left);
    if (group != 0 || user != 0)
        snprintf(chat, sizeof(chat), "to %s %" PRId64,
                 group != 0 ? "group" : "user", group != 0 ? group : user);
    if (left_ms > 0)
        snprintf(tail, sizeof(tail), ", for %s yet", left);
    warn(paused->view, paused->account, "nothing is sent %s: %.*s%s", chat,
         (int)reason.size, reason.data, tail);
}

static void warn_of_paused(const struct view *view, const struct row *row)
{
    struct pause_view paused = {view, row->name};
    answer_each(row->data, "paused", warn_of_pause, &paused);
}

static void warn_of_account(void *ctx, const struct row *row)
{
    const struct view *view = ctx;
    struct slice state = answer_text(row->data, "state");
    if (slice_equals(state, "degraded"))
        warn(view, row->name,
             "the peer cannot be dialled; the log says why, and it is tried "
             "on");
    else if (!is_up(row->data))
        warn(view, row->name,
             "no peer is connected; what to enter there: onebus napcat-config");
    else if (is_offline(row->data))
        warn(view, row->name,
             "QQ is offline; log in again at the peer, a restart of the "
             "bridge will not help");
    if (is_stalled(row->data))
        warn(view, row->name,
             "the peer sends events but answers no actions; restart it");
    warn_of_paused(view, row);
}

static void warn_of_nats(const struct view *view, struct slice data)
{
    static const struct slice nobody = {"", 0};
    struct slice nats = child(data, "nats");
    struct slice state = answer_text(nats, "state");
    struct slice fault = answer_text(nats, "fault");
    int64_t lost = answer_number(nats, "lost");
    if (fault.size > 0)
        warn(view, nobody, "NATS is %.*s: %.*s", (int)state.size, state.data,
             (int)fault.size, fault.data);
    else if (has_nats(nats) && answer_number(nats, "lag_ms") > OLD_LAG_MS)
        warn(view, nobody,
             "what goes to NATS is behind and does not catch up; onebus doctor "
             "looks closer");
    if (lost > 0)
        warn(view, nobody,
             "%" PRId64 " event%s will never be in the stream of NATS; the log "
             "says why",
             lost, lost == 1 ? "" : "s");
}

static void warn_of_bridge(const struct view *view, struct slice data)
{
    static const struct slice nobody = {"", 0};
    struct slice journal = child(data, "journal");
    struct slice state = answer_text(journal, "state");
    struct slice fault = answer_text(journal, "fault");
    int64_t lost = answer_number(journal, "lost");
    int64_t strangers = answer_number(data, "unauthorized");
    if (!slice_equals(state, "ok") && !slice_equals(state, "memory"))
        warn(view, nobody, "the journal is %.*s: %.*s", (int)state.size,
             state.data, (int)fault.size, fault.data);
    if (lost > 0)
        warn(view, nobody,
             "%" PRId64 " event%s in no journal, and will be "
             "missed by who was not there",
             lost, lost == 1 ? " is" : "s are");
    if (strangers > 0)
        warn(view, nobody, "%" PRId64 " request%s came with no grant's token",
             strangers, strangers == 1 ? "" : "s");
}

/* ---- all of it ----------------------------------------------------------- */

static void each_account(struct slice data,
                         void (*on_row)(void *ctx, const struct row *row),
                         void *ctx)
{
    struct mp_reader reader = mp_reader_of(child(data, "accounts"));
    struct mp_token head, key;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return;
    for (uint32_t i = 0; i < head.count; i++) {
        struct row row;
        if (!mp_next(&reader, &key) || key.kind != MP_STR ||
            !mp_skip(&reader, &row.data))
            return;
        row.name = key.bytes;
        on_row(ctx, &row);
    }
}

static void append_table(struct view *view, const struct table_column *columns,
                         size_t count,
                         void (*put)(void *ctx, const struct row *row))
{
    struct table table = {.columns = columns, .column_count = count};
    view->table = &table;
    each_account(view->overview->data, put, view);
    append(view->out, "\n");
    table_append(&table, &view->overview->surface, view->out);
    table_finish(&table);
    view->table = NULL;
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

void overview_append(const struct overview *overview, struct buffer *out)
{
    struct view view = {.overview = overview, .out = out};
    append_bridge(&view, overview->data);
    append_calls(&view, overview->data);
    append_journal(&view, overview->data);
    append_nats(&view, overview->data);
    append_pairing(&view);
    append_table(&view, STATE_COLUMNS, COUNT_OF(STATE_COLUMNS), put_state);
    struct mp_token head;
    view.before = mp_reader_of(child(overview->before, "accounts"));
    (void)mp_next(&view.before, &head);
    if (has_rates(overview))
        append_table(&view, RATE_COLUMNS, COUNT_OF(RATE_COLUMNS), put_traffic);
    else
        append_table(&view, TRAFFIC_COLUMNS, COUNT_OF(TRAFFIC_COLUMNS),
                     put_traffic);
    size_t before = out->size;
    each_account(overview->data, warn_of_account, &view);
    warn_of_bridge(&view, overview->data);
    warn_of_nats(&view, overview->data);
    if (out->size > before)
        append(out, "\n");
}
