/* SPDX-License-Identifier: MIT */
#include "nats_bucket.h"

#include <inttypes.h>
#include <nats/nats.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "edge/nats_link.h"

enum { NANOSECONDS_PER_MS = 1000 * 1000 };

struct nats_bucket {
    struct nats_link *link;
    char *stream;      /* KV_<name> */
    char *prefix;      /* of its subjects: $KV.<name>. */
    char *description; /* or NULL */
    int replicas;
    uint64_t ttl_ms;
    bool is_open; /* has been looked at, and nothing has failed since */
    char fault[NATS_FAULT_SIZE];
};

/* ---- what can go wrong -------------------------------------------------- */

static bool fail(struct nats_bucket *bucket, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct nats_bucket *bucket, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(bucket->fault, sizeof(bucket->fault), format, arguments);
    va_end(arguments);
    bucket->is_open = false;
    return false;
}

/* A server that does not let us just complains, and nothing comes back. */
static bool fail_status(struct nats_bucket *bucket, const char *what,
                        natsStatus status)
{
    char complaint[NATS_FAULT_SIZE];
    nats_link_complaint(bucket->link, complaint);
    if (status == NATS_TIMEOUT && complaint[0] != '\0')
        return fail(bucket, "%s %s: %.300s: let the user of the bridge do that",
                    what, bucket->stream, complaint);
    if (status == NATS_NO_RESPONDERS)
        return fail(bucket,
                    "%s %s: nobody answers: is JetStream enabled, and has the "
                    "cluster a leader?",
                    what, bucket->stream);
    return fail(bucket, "%s %s: %s", what, bucket->stream,
                nats_link_error(status));
}

/* Into `options` what is left of the time; it is a millisecond at least. */
static jsOptions *wait_until(jsOptions *options, uint64_t until_ms)
{
    uint64_t now_ms = clock_now().mono_ms;
    jsOptions_Init(options);
    options->Wait = until_ms > now_ms ? (int64_t)(until_ms - now_ms) : 1;
    return options;
}

/* ---- the stream behind it ----------------------------------------------- */

static char *join(const char *one, const char *two, const char *three)
{
    size_t size = strlen(one) + strlen(two) + strlen(three) + 1;
    char *joined = mem_alloc(size);
    snprintf(joined, size, "%s%s%s", one, two, three);
    return joined;
}

struct nats_bucket *
nats_bucket_create(struct nats_link *link,
                   const struct nats_bucket_options *options)
{
    struct nats_bucket *bucket = mem_zalloc(1, sizeof(*bucket));
    bucket->link = link;
    bucket->stream = join("KV_", options->name, "");
    bucket->prefix = join("$KV.", options->name, ".");
    bucket->description = mem_strdup(options->description);
    bucket->replicas = options->replicas;
    bucket->ttl_ms = options->ttl_ms;
    return bucket;
}

void nats_bucket_destroy(struct nats_bucket *bucket)
{
    if (bucket == NULL)
        return;
    free(bucket->stream);
    free(bucket->prefix);
    free(bucket->description);
    free(bucket);
}

const char *nats_bucket_stream(const struct nats_bucket *bucket)
{
    return bucket->stream;
}

const char *nats_bucket_fault(const struct nats_bucket *bucket)
{
    return bucket->fault;
}

/* As other clients make buckets, so that they can show what is in it. */
static bool create_stream(struct nats_bucket *bucket, uint64_t until_ms)
{
    jsOptions options;
    jsStreamConfig config;
    jsErrCode code = 0;
    char *subject = join(bucket->prefix, ">", "");
    jsStreamConfig_Init(&config);
    config.Name = bucket->stream;
    config.Description = bucket->description;
    config.Subjects = (const char *[]){subject};
    config.SubjectsLen = 1;
    config.MaxMsgsPerSubject = 1;
    config.MaxAge = (int64_t)bucket->ttl_ms * NANOSECONDS_PER_MS;
    config.Replicas = bucket->replicas;
    config.Discard = js_DiscardNew;
    config.AllowRollup = true;
    config.DenyDelete = true;
    config.AllowDirect = true;
    natsStatus status = js_AddStream(NULL, nats_link_js(bucket->link), &config,
                                     wait_until(&options, until_ms), &code);
    free(subject);
    if (status != NATS_OK)
        return fail_status(bucket, "cannot make the bucket", status);
    return true;
}

/* Entries that outlive their writers must go by themselves. */
static bool suits(struct nats_bucket *bucket, const jsStreamConfig *config)
{
    int64_t ttl_ms = config->MaxAge / NANOSECONDS_PER_MS;
    if (ttl_ms >= (int64_t)bucket->ttl_ms)
        return true;
    return fail(bucket,
                "the bucket %s is none that can be used: its entries live for "
                "%" PRId64 " ms (0: for ever), and %" PRIu64
                " ms is the least; delete it, and it is made anew",
                bucket->stream, ttl_ms, bucket->ttl_ms);
}

bool nats_bucket_open(struct nats_bucket *bucket, uint64_t until_ms)
{
    jsOptions options;
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    if (bucket->is_open)
        return true;
    natsStatus status =
        js_GetStreamInfo(&info, nats_link_js(bucket->link), bucket->stream,
                         wait_until(&options, until_ms), &code);
    if (status == NATS_NOT_FOUND)
        bucket->is_open = create_stream(bucket, until_ms);
    else if (status == NATS_OK)
        bucket->is_open = suits(bucket, info->Config);
    else
        (void)fail_status(bucket, "cannot look at the bucket", status);
    jsStreamInfo_Destroy(info);
    return bucket->is_open;
}

/* ---- reading ------------------------------------------------------------ */

static bool is_deleted(natsMsg *message)
{
    const char *operation;
    return natsMsgHeader_Get(message, "KV-Operation", &operation) == NATS_OK;
}

bool nats_bucket_get(struct nats_bucket *bucket, const char *key,
                     uint64_t until_ms, struct nats_bucket_entry *entry)
{
    jsOptions options;
    jsErrCode code = 0;
    natsMsg *message = NULL;
    char *subject = join(bucket->prefix, key, "");
    natsStatus status =
        js_GetLastMsg(&message, nats_link_js(bucket->link), bucket->stream,
                      subject, wait_until(&options, until_ms), &code);
    free(subject);
    if (status != NATS_OK &&
        (status != NATS_NOT_FOUND || code != JSNoMessageFoundErr))
        return fail_status(bucket, "cannot read the bucket", status);
    entry->revision = 0;
    buffer_clear(&entry->value, SIZE_MAX);
    if (status == NATS_OK) {
        entry->revision = natsMsg_GetSequence(message);
        if (!is_deleted(message))
            buffer_append(&entry->value, natsMsg_GetData(message),
                          (size_t)natsMsg_GetDataLength(message));
    }
    natsMsg_Destroy(message);
    return true;
}

/* Each key is a subject, of which the newest message is kept. */
bool nats_bucket_count(struct nats_bucket *bucket, uint64_t until_ms,
                       size_t *entries)
{
    jsOptions options;
    jsStreamInfo *info = NULL;
    natsStatus status =
        js_GetStreamInfo(&info, nats_link_js(bucket->link), bucket->stream,
                         wait_until(&options, until_ms), NULL);
    if (status != NATS_OK)
        return fail_status(bucket, "cannot look at the bucket", status);
    *entries = (size_t)info->State.NumSubjects;
    jsStreamInfo_Destroy(info);
    return true;
}

/* ---- writing ------------------------------------------------------------ */

/* One round of writes: they leave one behind the other, and the answers come
 * to an inbox with a place for each. */
struct round {
    struct nats_bucket *bucket;
    natsInbox *inbox;
    natsSubscription *answers;
    size_t left;
};

static natsStatus set_headers(natsMsg *message,
                              const struct nats_bucket_put *put)
{
    char revision[24];
    snprintf(revision, sizeof(revision), "%" PRIu64, put->revision);
    natsStatus status = natsMsgHeader_Set(
        message, "Nats-Expected-Last-Subject-Sequence", revision);
    if (status == NATS_OK && put->value.size == 0)
        status = natsMsgHeader_Set(message, "KV-Operation", "DEL");
    return status;
}

static natsStatus publish(const struct round *round,
                          const struct nats_bucket_put *put, size_t index)
{
    natsMsg *message = NULL;
    char place[24];
    snprintf(place, sizeof(place), ".%zu", index);
    char *subject = join(round->bucket->prefix, put->key, "");
    char *reply = join(round->inbox, place, "");
    natsStatus status = natsMsg_Create(&message, subject, reply,
                                       put->value.data, (int)put->value.size);
    if (status == NATS_OK)
        status = set_headers(message, put);
    if (status == NATS_OK)
        status = natsConnection_PublishMsg(
            nats_link_connection(round->bucket->link), message);
    natsMsg_Destroy(message);
    free(subject);
    free(reply);
    return status;
}

static natsStatus begin(struct round *round)
{
    natsStatus status = natsInbox_Create(&round->inbox);
    if (status != NATS_OK)
        return status;
    char *subject = join(round->inbox, ".*", "");
    status = natsConnection_SubscribeSync(
        &round->answers, nats_link_connection(round->bucket->link), subject);
    free(subject);
    return status;
}

/* Which write an answer is to; `count`: to none. */
static size_t place_of(const struct round *round, natsMsg *message,
                       size_t count)
{
    char *end;
    const char *place = natsMsg_GetSubject(message) + strlen(round->inbox) + 1;
    unsigned long long index = strtoull(place, &end, 10);
    return *end == '\0' && index < count ? (size_t)index : count;
}

/* False: there is nobody to give answers. */
static bool take_answer(struct round *round, natsMsg *message, size_t count,
                        void (*on_answer)(void *ctx, size_t index,
                                          struct slice answer),
                        void *ctx)
{
    size_t index = place_of(round, message, count);
    if (natsMsg_IsNoResponders(message))
        return fail_status(round->bucket, "cannot write to the bucket",
                           NATS_NO_RESPONDERS);
    if (index == count)
        return true;
    on_answer(ctx, index,
              (struct slice){natsMsg_GetData(message),
                             (size_t)natsMsg_GetDataLength(message)});
    round->left--;
    return true;
}

static bool take_answers(struct round *round, size_t count, uint64_t until_ms,
                         void (*on_answer)(void *ctx, size_t index,
                                           struct slice answer),
                         void *ctx)
{
    bool goes_on = true;
    jsOptions options;
    while (round->left > 0 && goes_on) {
        natsMsg *message = NULL;
        natsStatus status = natsSubscription_NextMsg(
            &message, round->answers, wait_until(&options, until_ms)->Wait);
        if (status != NATS_OK)
            return fail_status(round->bucket, "no answer from the bucket",
                               status);
        goes_on = take_answer(round, message, count, on_answer, ctx);
        natsMsg_Destroy(message);
    }
    return goes_on;
}

bool nats_bucket_put(
    struct nats_bucket *bucket, const struct nats_bucket_put *puts,
    size_t count, uint64_t until_ms,
    void (*on_answer)(void *ctx, size_t index, struct slice answer), void *ctx)
{
    struct round round = {.bucket = bucket, .left = count};
    natsStatus status = begin(&round);
    for (size_t i = 0; i < count && status == NATS_OK; i++)
        status = publish(&round, &puts[i], i);
    bool is_done =
        status == NATS_OK
            ? take_answers(&round, count, until_ms, on_answer, ctx)
            : fail_status(bucket, "cannot write to the bucket", status);
    natsSubscription_Destroy(round.answers);
    natsInbox_Destroy(round.inbox);
    return is_done;
}
