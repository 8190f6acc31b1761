/* SPDX-License-Identifier: MIT */
#include "core/puback.h"

#include "check.h"

struct row {
    const char *label, *json;
    enum puback_kind kind;
    uint64_t place;
    const char *fault;
};

static const struct row rows[] = {
    {"stored", "{\"stream\":\"QQ\",\"seq\":12}", PUBACK_STORED, 12, ""},
    {"with a domain, spread out",
     "{ \"stream\": \"QQ\", \"domain\": \"hub\", \"seq\": 9007199254740993 }",
     PUBACK_STORED, 9007199254740993, ""},
    {"there already", "{\"stream\":\"QQ\",\"seq\":7,\"duplicate\":true}",
     PUBACK_DUPLICATE, 7, ""},
    {"not there already", "{\"stream\":\"QQ\",\"seq\":7,\"duplicate\":false}",
     PUBACK_STORED, 7, ""},
    {"refused",
     "{\"error\":{\"code\":400,\"err_code\":10070,\"description\":\"wrong last "
     "msg ID: x-4\"},\"stream\":\"QQ\",\"seq\":0}",
     PUBACK_REFUSED, 0, "wrong last msg ID: x-4"},
    {"refused, on its subject",
     "{\"error\":{\"code\":400,\"err_code\":10071,\"description\":\"wrong last "
     "sequence: 5\"},\"stream\":\"QQ\",\"seq\":0}",
     PUBACK_REFUSED, 0, "wrong last sequence: 5"},
    {"too large",
     "{\"error\":{\"code\":400,\"err_code\":10054,\"description\":\"message "
     "size exceeds maximum allowed\"},\"stream\":\"QQ\",\"seq\":0}",
     PUBACK_TOO_LARGE, 0, "message size exceeds maximum allowed"},
    {"would be another's",
     "{\"error\":{\"code\":400,\"err_code\":10060,\"description\":\"expected "
     "stream does not match\"},\"stream\":\"X\",\"seq\":0}",
     PUBACK_STRANGE, 0, "expected stream does not match"},
    {"is another's", "{\"stream\":\"X\",\"seq\":3}", PUBACK_STRANGE, 0,
     "another stream took it: X"},
    {"full",
     "{\"error\":{\"code\":500,\"err_code\":10077,\"description\":\"no space "
     "left on device\"},\"stream\":\"QQ\",\"seq\":0}",
     PUBACK_FAILED, 0, "no space left on device"},
    {"an error without a word", "{\"error\":{}}", PUBACK_FAILED, 0,
     "it failed and does not say why"},
    {"an error that is none", "{\"error\":null,\"stream\":\"QQ\",\"seq\":1}",
     PUBACK_STORED, 1, ""},
    {"no place", "{\"stream\":\"QQ\",\"seq\":0}", PUBACK_FAILED, 0,
     "the answer is none of JetStream"},
    {"a place that is none", "{\"stream\":\"QQ\",\"seq\":-1}", PUBACK_FAILED, 0,
     "the answer is none of JetStream"},
    {"no stream", "{\"seq\":1}", PUBACK_FAILED, 0,
     "the answer is none of JetStream"},
    {"a list", "[1]", PUBACK_FAILED, 0, "the answer is none of JetStream"},
    {"nothing", "", PUBACK_FAILED, 0, "the answer is no JSON"},
    {"text", "+OK", PUBACK_FAILED, 0, "the answer is no JSON"},
};

TEST(answers_are_told_apart)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct puback puback;
        puback_read(slice_of(row->json), "QQ", &puback);
        CHECK_ROW(slice_of(puback.fault), slice_of(row->fault), row->label);
        CHECK_EQ(puback.kind, row->kind);
        CHECK_EQ(puback.place, row->place);
    }
}

TEST(a_long_reason_is_cut)
{
    struct puback puback;
    struct buffer json = {0};
    buffer_append_string(&json, "{\"error\":{\"description\":\"");
    for (int i = 0; i < 1000; i++)
        buffer_append_string(&json, "x");
    buffer_append_string(&json, "\"}}");
    puback_read(buffer_slice(&json), "QQ", &puback);
    CHECK_EQ(puback.kind, PUBACK_FAILED);
    CHECK_EQ(strlen(puback.fault), PUBACK_FAULT_SIZE - 1);
    buffer_finish(&json);
}

SUITE(puback, answers_are_told_apart, a_long_reason_is_cut)
