/* SPDX-License-Identifier: MIT */
#include "nats_stream.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "edge/nats_subject.h"

enum {
    SUBJECT_SIZE = 512,
    ID_SIZE = 64,     /* 16 digits, a dash, 20 digits */
    DIGITS_SIZE = 21, /* of a place */
    INBOX_SIZE = 128, /* and the ticket */
    /* How long an event that comes twice is known by its id. */
    DUPLICATE_WINDOW_MS = 2 * 60 * 1000,
    SCAN_BATCH = 500,
    SCAN_WAIT_MS = 2000,
    /* Of a consumer that was left behind. */
    SCAN_IDLE_MS = 30 * 1000,
};

#define NS_PER_MS INT64_C(1000000)

/* JetStream's headers. */
#define HEADER_ID         "Nats-Msg-Id"
#define HEADER_STREAM     "Nats-Expected-Stream"
#define HEADER_LAST_ID    "Nats-Expected-Last-Msg-Id"
#define HEADER_LAST_PLACE "Nats-Expected-Last-Sequence"

/* What a bridge publishes: all but the requests for actions, qq.action.>, which
 * a stream would take for events. */
static const char *const SUBJECTS[] = {
    "qq.group.>", "qq.private.>", "qq.meta.>", "qq.other.>", "qq.bridge.>",
};
#define ACTION_SUBJECT "qq.action.*"

enum { SUBJECT_COUNT = sizeof(SUBJECTS) / sizeof(SUBJECTS[0]) };

/* The answers of one connection. libnats may call once more when the stream has
 * gone on to the next: the mailbox is held by both. */
struct answers {
    pthread_mutex_t mutex;
    size_t holders;
    bool is_closed;
    natsMsg **messages;
    size_t count, room;
    void (*wake)(void *ctx);
    void *ctx;
};

struct nats_stream {
    char *name;
    char *subjects[SUBJECT_COUNT]; /* with the prefix */
    char *action_subject;
    char *prefix; /* "" or "prefix." */
    struct nats_stream_options options;
    struct nats_link *link; /* NULL: it is not open */
    natsSubscription *subscription;
    struct answers *answers;
    char inbox[INBOX_SIZE];
    size_t bytes_max;           /* of a message: headers and payload */
    char note[NATS_FAULT_SIZE]; /* what was warned of last */
};

/* ---- answers --------------------------------------------------------------
 */

static void release(void *ctx)
{
    struct answers *answers = ctx;
    pthread_mutex_lock(&answers->mutex);
    bool is_last = --answers->holders == 0;
    pthread_mutex_unlock(&answers->mutex);
    if (!is_last)
        return;
    for (size_t i = 0; i < answers->count; i++)
        natsMsg_Destroy(answers->messages[i]);
    free(answers->messages);
    pthread_mutex_destroy(&answers->mutex);
    free(answers);
}

/* False: it is not wanted, or there is no room. */
static bool keep(struct answers *answers, natsMsg *message)
{
    if (answers->is_closed || answers->count == NATS_ANSWERS_MAX)
        return false;
    if (answers->count == answers->room) {
        answers->room = answers->room == 0 ? 64 : 2 * answers->room;
        answers->messages =
            mem_realloc(answers->messages, answers->room * sizeof(natsMsg *));
    }
    answers->messages[answers->count++] = message;
    if (answers->count == 1)
        answers->wake(answers->ctx);
    return true;
}

static void on_message(natsConnection *connection,
                       natsSubscription *subscription, natsMsg *message,
                       void *ctx)
{
    struct answers *answers = ctx;
    (void)connection;
    (void)subscription;
    pthread_mutex_lock(&answers->mutex);
    bool is_kept = keep(answers, message);
    pthread_mutex_unlock(&answers->mutex);
    if (!is_kept)
        natsMsg_Destroy(message);
}

/* What has gathered, which is the caller's then. */
static natsMsg **take_all(struct answers *answers, size_t *count)
{
    pthread_mutex_lock(&answers->mutex);
    natsMsg **messages = answers->messages;
    *count = answers->count;
    answers->messages = NULL;
    answers->count = answers->room = 0;
    pthread_mutex_unlock(&answers->mutex);
    return messages;
}

static void hand_over(const natsMsg *message,
                      void (*on_answer)(void *ctx,
                                        const struct nats_answer *answer),
                      void *ctx)
{
    const char *ticket = strrchr(natsMsg_GetSubject(message), '.');
    const struct nats_answer answer = {
        .ticket = ticket == NULL ? UINT64_MAX : strtoull(ticket + 1, NULL, 10),
        .has_no_taker = natsMsg_IsNoResponders((natsMsg *)message),
        .bytes = {natsMsg_GetData(message),
                  (size_t)natsMsg_GetDataLength(message)},
    };
    on_answer(ctx, &answer);
}

size_t nats_stream_take(struct nats_stream *stream,
                        void (*on_answer)(void *ctx,
                                          const struct nats_answer *answer),
                        void *ctx)
{
    size_t count;
    if (stream->answers == NULL)
        return 0;
    natsMsg **messages = take_all(stream->answers, &count);
    for (size_t i = 0; i < count; i++) {
        hand_over(messages[i], on_answer, ctx);
        natsMsg_Destroy(messages[i]);
    }
    free(messages);
    return count;
}

static struct answers *create_answers(const struct nats_stream_options *options)
{
    struct answers *answers = mem_zalloc(1, sizeof(*answers));
    pthread_mutex_init(&answers->mutex, NULL);
    answers->holders = 1;
    answers->wake = options->wake;
    answers->ctx = options->ctx;
    return answers;
}

static void close_answers(struct answers *answers)
{
    pthread_mutex_lock(&answers->mutex);
    answers->is_closed = true;
    pthread_mutex_unlock(&answers->mutex);
    release(answers);
}

/* ---- its life ---------------------------------------------------------------
 */

struct nats_stream *
nats_stream_create(const struct nats_stream_options *options)
{
    struct nats_stream *stream = mem_zalloc(1, sizeof(*stream));
    const char *prefix = options->prefix;
    stream->options = *options;
    stream->name = mem_strdup(options->name);
    stream->prefix = nats_subject_under(prefix, "");
    for (size_t i = 0; i < SUBJECT_COUNT; i++)
        stream->subjects[i] = nats_subject_under(prefix, SUBJECTS[i]);
    stream->action_subject = nats_subject_under(prefix, ACTION_SUBJECT);
    return stream;
}

void nats_stream_destroy(struct nats_stream *stream)
{
    if (stream == NULL)
        return;
    nats_stream_close(stream);
    for (size_t i = 0; i < SUBJECT_COUNT; i++)
        free(stream->subjects[i]);
    free(stream->action_subject);
    free(stream->prefix);
    free(stream->name);
    free(stream);
}

void nats_stream_close(struct nats_stream *stream)
{
    natsSubscription_Destroy(stream->subscription);
    stream->subscription = NULL;
    if (stream->answers != NULL)
        close_answers(stream->answers);
    stream->answers = NULL;
    stream->link = NULL;
}

/* ---- faults -----------------------------------------------------------------
 */

/* A server that does not let us just complains, and nothing comes back. */
void nats_stream_complaint(struct nats_stream *stream,
                           char fault[static NATS_FAULT_SIZE])
{
    char complaint[NATS_FAULT_SIZE];
    fault[0] = '\0';
    nats_link_complaint(stream->link, complaint);
    if (complaint[0] != '\0')
        snprintf(fault, NATS_FAULT_SIZE,
                 "%.400s: let the user of the bridge do that", complaint);
}

static void explain_silence(struct nats_stream *stream, const char *doing,
                            char fault[static NATS_FAULT_SIZE])
{
    nats_stream_complaint(stream, fault);
    if (fault[0] == '\0')
        snprintf(fault, NATS_FAULT_SIZE,
                 "%s: JetStream does not answer at %s: do more than half of "
                 "the cluster's servers run, and of the stream's replicas?",
                 doing, nats_link_server(stream->link));
}

static void explain(struct nats_stream *stream, const char *doing,
                    natsStatus status, jsErrCode code,
                    char fault[static NATS_FAULT_SIZE])
{
    if (status == NATS_NO_RESPONDERS || code == JSNotEnabledErr)
        snprintf(fault, NATS_FAULT_SIZE,
                 "JetStream is not enabled at %s: start the servers with "
                 "jetstream {} in their configuration, or -js",
                 nats_link_server(stream->link));
    else if (code == JSNotEnabledForAccountErr)
        snprintf(fault, NATS_FAULT_SIZE,
                 "JetStream is not enabled for the NATS account of the bridge: "
                 "give it jetstream: enabled");
    else if (status == NATS_TIMEOUT)
        explain_silence(stream, doing, fault);
    else
        snprintf(fault, NATS_FAULT_SIZE, "%s: %.400s", doing,
                 nats_link_error(status));
}

/* ---- what a stream is like --------------------------------------------------
 */

static bool takes(const jsStreamConfig *config, const char *subject)
{
    for (int i = 0; i < config->SubjectsLen; i++)
        if (nats_subject_covers(config->Subjects[i], subject))
            return true;
    return false;
}

/* NULL: none of its subjects would take a request for an action. */
static const char *too_wide(const struct nats_stream *stream,
                            const jsStreamConfig *config)
{
    for (int i = 0; i < config->SubjectsLen; i++)
        if (nats_subject_meets(config->Subjects[i], stream->action_subject))
            return config->Subjects[i];
    return NULL;
}

static bool check_subjects(const struct nats_stream *stream,
                           const jsStreamConfig *config,
                           char fault[static NATS_FAULT_SIZE])
{
    const char *wide = too_wide(stream, config);
    if (wide != NULL) {
        snprintf(
            fault, NATS_FAULT_SIZE,
            "the stream %s takes %.200s, and with it the requests for "
            "actions, %.100s: have it take %sqq.group.> and the others one "
            "by one",
            stream->name, wide, stream->action_subject, stream->prefix);
        return false;
    }
    for (size_t i = 0; i < SUBJECT_COUNT; i++) {
        if (takes(config, stream->subjects[i]))
            continue;
        snprintf(fault, NATS_FAULT_SIZE,
                 "the stream %s does not take %.200s: add that to its "
                 "subjects, or name another in bridge.nats.stream",
                 stream->name, stream->subjects[i]);
        return false;
    }
    return true;
}

static bool check(const struct nats_stream *stream,
                  const jsStreamConfig *config,
                  char fault[static NATS_FAULT_SIZE])
{
    const char *why = NULL;
    if (config->Mirror != NULL)
        why = "is a mirror of another";
    else if (config->Sealed)
        why = "is sealed";
    else if (config->NoAck)
        why = "does not acknowledge (no_ack)";
    if (why == NULL)
        return check_subjects(stream, config, fault);
    snprintf(fault, NATS_FAULT_SIZE,
             "the stream %s %s: name another in bridge.nats.stream",
             stream->name, why);
    return false;
}

static void add_difference(struct buffer *list, const char *what, int64_t is,
                           int64_t wanted)
{
    char text[128];
    if (is == wanted)
        return;
    snprintf(text, sizeof(text), "%s%s=%" PRId64 " and not %" PRId64,
             list->size == 0 ? "" : ", ", what, is, wanted);
    buffer_append_string(list, text);
}

/* Limits that are unset are -1 there. */
static int64_t limit(int64_t is)
{
    return is > 0 ? is : 0;
}

static void add_oddity(struct buffer *list, bool is_odd, const char *what)
{
    if (!is_odd)
        return;
    buffer_append_string(list, list->size == 0 ? "" : ", ");
    buffer_append_string(list, what);
}

/* What is not as the settings say, but can be used. */
static void list_differences(const struct nats_stream *stream,
                             const jsStreamConfig *config, struct buffer *list)
{
    const struct nats_stream_options *options = &stream->options;
    add_difference(list, "replicas", config->Replicas, options->replicas);
    add_difference(list, "max_age_ms", limit(config->MaxAge) / NS_PER_MS,
                   (int64_t)options->age_max_ms);
    add_difference(list, "max_bytes", limit(config->MaxBytes),
                   (int64_t)options->bytes_max);
    add_oddity(list, config->Retention != js_LimitsPolicy,
               "its retention is not limits: it forgets what is read");
    add_oddity(list, config->Discard != js_DiscardOld,
               "its discard is not old: when it is full it takes no more");
    add_oddity(list, config->Storage != js_FileStorage,
               "its storage is not file: it forgets all with its servers");
}

/* Once for each way that it is. */
static void note_differences(struct nats_stream *stream,
                             const jsStreamConfig *config)
{
    struct buffer list = {0};
    char note[NATS_FAULT_SIZE];
    list_differences(stream, config, &list);
    snprintf(note, sizeof(note), "%.*s", (int)list.size,
             list.size == 0 ? "" : list.data);
    buffer_finish(&list);
    if (note[0] != '\0' && strcmp(note, stream->note) != 0)
        log_warn("nats: the stream is used as it is: %s stream=%s", note,
                 stream->name);
    memcpy(stream->note, note, sizeof(note));
}

/* ---- to open it -------------------------------------------------------------
 */

static natsStatus add(struct nats_stream *stream, jsStreamInfo **info,
                      jsErrCode *code)
{
    const struct nats_stream_options *options = &stream->options;
    int64_t age_ms = (int64_t)options->age_max_ms;
    bool is_brief = age_ms > 0 && age_ms < DUPLICATE_WINDOW_MS;
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = stream->name;
    config.Description = "Events of onebus";
    config.Subjects = (const char **)stream->subjects;
    config.SubjectsLen = SUBJECT_COUNT;
    config.Retention = js_LimitsPolicy;
    config.Discard = js_DiscardOld;
    config.Storage = js_FileStorage;
    config.Replicas = options->replicas;
    config.MaxAge = age_ms * NS_PER_MS;
    config.MaxBytes =
        options->bytes_max == 0 ? -1 : (int64_t)options->bytes_max;
    config.Duplicates = (is_brief ? age_ms : DUPLICATE_WINDOW_MS) * NS_PER_MS;
    natsStatus status =
        js_AddStream(info, nats_link_js(stream->link), &config, NULL, code);
    if (status == NATS_OK)
        log_info("nats: created stream=%s replicas=%d", stream->name,
                 options->replicas);
    return status;
}

static natsStatus look_or_add(struct nats_stream *stream, jsStreamInfo **info,
                              const char **doing, jsErrCode *code)
{
    *doing = "looking for the stream";
    natsStatus status = js_GetStreamInfo(info, nats_link_js(stream->link),
                                         stream->name, NULL, code);
    if (*code != JSStreamNotFoundErr)
        return status;
    *doing = "creating the stream";
    status = add(stream, info, code);
    if (*code != JSStreamNameExistErr)
        return status;
    /* Somebody else has created it just now. */
    return js_GetStreamInfo(info, nats_link_js(stream->link), stream->name,
                            NULL, code);
}

static natsStatus listen(struct nats_stream *stream)
{
    char subject[INBOX_SIZE];
    natsInbox *inbox = NULL;
    natsStatus status = natsInbox_Create(&inbox);
    if (status != NATS_OK)
        return status;
    snprintf(stream->inbox, sizeof(stream->inbox), "%s", inbox);
    natsInbox_Destroy(inbox);
    snprintf(subject, sizeof(subject), "%.100s.*", stream->inbox);
    stream->answers = create_answers(&stream->options);
    status = natsConnection_Subscribe(&stream->subscription,
                                      nats_link_connection(stream->link),
                                      subject, on_message, stream->answers);
    if (status != NATS_OK)
        return status;
    stream->answers->holders++; /* nothing is on its way here yet */
    return natsSubscription_SetOnCompleteCB(stream->subscription, release,
                                            stream->answers);
}

static void note_bytes_max(struct nats_stream *stream,
                           const jsStreamConfig *config)
{
    int64_t payload_max =
        natsConnection_GetMaxPayload(nats_link_connection(stream->link));
    bool is_narrow = config->MaxMsgSize > 0 && config->MaxMsgSize < payload_max;
    stream->bytes_max = (size_t)(is_narrow ? config->MaxMsgSize : payload_max);
}

enum nats_stream_verdict nats_stream_open(struct nats_stream *stream,
                                          struct nats_link *link,
                                          struct nats_extent *extent,
                                          char fault[static NATS_FAULT_SIZE])
{
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    const char *doing = "";
    nats_stream_close(stream);
    stream->link = link;
    natsStatus status = look_or_add(stream, &info, &doing, &code);
    if (status == NATS_OK && !check(stream, info->Config, fault)) {
        jsStreamInfo_Destroy(info);
        return NATS_STREAM_MISFIT;
    }
    if (status == NATS_OK) {
        note_differences(stream, info->Config);
        extent->created_ns = (uint64_t)info->Created;
        extent->first = info->State.FirstSeq;
        extent->last = info->State.LastSeq;
        extent->is_replicated = info->Config->Replicas > 1;
        extent->has_sources = info->Config->SourcesLen > 0;
        note_bytes_max(stream, info->Config);
        doing = "listening for answers";
        status = listen(stream);
    }
    jsStreamInfo_Destroy(info);
    if (status == NATS_OK)
        return NATS_STREAM_FITS;
    explain(stream, doing, status, code, fault);
    return code == JSStreamSubjectOverlapErr ? NATS_STREAM_MISFIT
                                             : NATS_STREAM_FAILS;
}

/* ---- to look through it -----------------------------------------------------
 */

static natsStatus begin_scan(struct nats_stream *stream, uint64_t from,
                             natsSubscription **subscription, jsErrCode *code)
{
    jsSubOptions options;
    jsSubOptions_Init(&options);
    options.Stream = stream->name;
    options.Config.AckPolicy = js_AckNone;
    options.Config.HeadersOnly = true;
    options.Config.OptStartSeq = from;
    options.Config.InactiveThreshold = SCAN_IDLE_MS * NS_PER_MS;
    options.Config.MemoryStorage = true;
    options.Config.Replicas = 1;
    return js_PullSubscribe(subscription, nats_link_js(stream->link), ">", NULL,
                            NULL, &options, code);
}

/* False: there are no more, or no more are wanted. */
static bool tell(natsMsg *message, uint64_t to,
                 bool (*on_stored)(void *ctx, const struct nats_stored *stored),
                 void *ctx)
{
    jsMsgMetaData *meta = NULL;
    const char *id = NULL;
    if (natsMsg_GetMetaData(&meta, message) != NATS_OK)
        return false;
    uint64_t place = meta->Sequence.Stream;
    bool is_last = place >= to || meta->NumPending == 0;
    jsMsgMetaData_Destroy(meta);
    if (place > to)
        return false;
    if (natsMsgHeader_Get(message, HEADER_ID, &id) != NATS_OK)
        id = "";
    const struct nats_stored stored = {place, slice_of(id)};
    return on_stored(ctx, &stored) && !is_last;
}

static bool tell_all(natsMsgList *list, uint64_t to,
                     bool (*on_stored)(void *ctx,
                                       const struct nats_stored *stored),
                     void *ctx)
{
    bool goes_on = true;
    for (int i = 0; i < list->Count && goes_on; i++)
        goes_on = tell(list->Msgs[i], to, on_stored, ctx);
    natsMsgList_Destroy(list);
    return goes_on;
}

bool nats_stream_scan(struct nats_stream *stream, uint64_t from, uint64_t to,
                      bool (*on_stored)(void *ctx,
                                        const struct nats_stored *stored),
                      void *ctx, char fault[static NATS_FAULT_SIZE])
{
    natsSubscription *subscription = NULL;
    natsMsgList list;
    jsErrCode code = 0;
    natsStatus status = begin_scan(stream, from, &subscription, &code);
    bool goes_on = status == NATS_OK;
    while (goes_on) {
        status = natsSubscription_Fetch(&list, subscription, SCAN_BATCH,
                                        SCAN_WAIT_MS, &code);
        goes_on = status == NATS_OK && tell_all(&list, to, on_stored, ctx);
    }
    if (status != NATS_OK)
        explain(stream, "looking through the stream", status, code, fault);
    if (subscription != NULL)
        (void)natsSubscription_Unsubscribe(subscription);
    natsSubscription_Destroy(subscription);
    return status == NATS_OK;
}

/* ---- to publish -------------------------------------------------------------
 */

static natsStatus set_id(natsMsg *message, const char *header,
                         const struct nats_event *event, uint64_t seq)
{
    char id[ID_SIZE];
    snprintf(id, sizeof(id), "%s-%" PRIu64, event->epoch, seq);
    return natsMsgHeader_Set(message, header, id);
}

static natsStatus set_place(natsMsg *message, uint64_t place)
{
    char text[DIGITS_SIZE];
    snprintf(text, sizeof(text), "%" PRIu64, place);
    return natsMsgHeader_Set(message, HEADER_LAST_PLACE, text);
}

static natsStatus set_headers(const struct nats_stream *stream,
                              natsMsg *message, const struct nats_event *event)
{
    natsStatus status = set_id(message, HEADER_ID, event, event->seq);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(message, HEADER_STREAM, stream->name);
    if (status == NATS_OK && event->behind != 0)
        status = set_id(message, HEADER_LAST_ID, event, event->behind);
    if (status == NATS_OK && event->place != 0)
        status = set_place(message, event->place);
    return status;
}

static natsStatus send(struct nats_stream *stream,
                       const struct nats_event *event)
{
    natsMsg *message = NULL;
    char subject[SUBJECT_SIZE], reply[INBOX_SIZE];
    const char *topic = event->message.data;
    size_t topic_size = strlen(topic) + 1;
    assert(topic_size <= event->message.size);
    snprintf(subject, sizeof(subject), "%s%s", stream->prefix, topic);
    snprintf(reply, sizeof(reply), "%.100s.%" PRIu64, stream->inbox,
             event->ticket);
    natsStatus status =
        natsMsg_Create(&message, subject, reply, topic + topic_size,
                       (int)(event->message.size - topic_size));
    if (status == NATS_OK)
        status = set_headers(stream, message, event);
    if (status == NATS_OK)
        status = natsConnection_PublishMsg(nats_link_connection(stream->link),
                                           message);
    natsMsg_Destroy(message);
    return status;
}

size_t nats_stream_bytes_max(const struct nats_stream *stream)
{
    return stream->bytes_max;
}

enum nats_publish nats_stream_publish(struct nats_stream *stream,
                                      const struct nats_event *event)
{
    switch (send(stream, event)) {
    case NATS_OK:
        return NATS_PUBLISH_SENT;
    case NATS_MAX_PAYLOAD:
        return NATS_PUBLISH_TOO_LARGE;
    case NATS_TIMEOUT:
        return NATS_PUBLISH_SLOW;
    default:
        return NATS_PUBLISH_FAILED;
    }
}
