/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <assert.h>

#include "mark.h"

#define IDS                                                                    \
    "\"self_id\":3889001741,\"user_id\":1274058213,\"time\":1731234567,"       \
    "\"message_id\":" MARK_NUMBER_BLANK ",\"message_seq\":" MARK_NUMBER_BLANK

#define SAID "今天的会议记录已经发到群文件\\n请大家查收 \\\"v1.2\\\""

static const char SMALL[] =
    "{" IDS ",\"message_type\":\"private\",\"sender\":{\"user_id\":1274058213,"
    "\"nickname\":\"明\",\"card\":\"\"},\"raw_message\":\"" MARK_BLANK
    "\",\"font\":14,\"sub_type\":\"friend\",\"message\":[{\"type\":\"text\","
    "\"data\":{\"text\":\"ok\"}}],\"message_format\":\"array\","
    "\"post_type\":\"message\"}";

#define GROUP_HEAD                                                             \
    "{" IDS ",\"real_id\":" MARK_NUMBER_BLANK                                  \
    ",\"real_seq\":\"" MARK_NUMBER_BLANK "\",\"message_type\":\"group\","      \
    "\"sender\":{\"user_id\":1274058213,\"nickname\":\"小明同学\","        \
    "\"card\":\"群管理-小明\",\"role\":\"admin\"},\"raw_message\":"       \
    "\"" MARK_BLANK "[CQ:at,qq=3889001741] " SAID                              \
    "[CQ:image,file=6A1F0C9D3B7E.jpg,file_size=48213]\",\"font\":14,"          \
    "\"sub_type\":\"normal\",\"message\":[{\"type\":\"at\",\"data\":"          \
    "{\"qq\":\"3889001741\"}},{\"type\":\"text\",\"data\":{\"text\":"          \
    "\" " SAID "\"}},{\"type\":\"image\",\"data\":{\"summary\":\"\","          \
    "\"file\":\"6A1F0C9D3B7E.jpg\",\"sub_type\":0,\"url\":\"https://"          \
    "multimedia.nt.qq.com.cn/download?appid=1407&fileid=EhQ3b1r0c9d&"          \
    "rkey=CAQSKAB6JW\",\"file_size\":\"48213\"}}"

#define GROUP_TAIL                                                             \
    "],\"message_format\":\"array\",\"post_type\":\"message\","                \
    "\"group_id\":714829356,\"group_name\":\"开发讨论群\"}"

static const char MEDIUM[] = GROUP_HEAD GROUP_TAIL;

#define PART                                                                   \
    ",{\"type\":\"text\",\"data\":{\"text\":\"第二段: 今天的会议"      \
    "记录已经发到群文件请大家查收"                               \
    " the quick brown fox jumps over the lazy dog\\n\"}},"                     \
    "{\"type\":\"face\",\"data\":{\"id\":\"178\",\"sub_type\":1}}"
#define PARTS_7 PART PART PART PART PART PART PART
#define LAST_PART                                                              \
    ",{\"type\":\"text\",\"data\":{\"text\":\"以上是今天会议的全部"  \
    "内容有问题请在群里提出我们明天上午继续讨论ok\"}}"

static const char LARGE[] = GROUP_HEAD PARTS_7 PARTS_7 LAST_PART GROUP_TAIL;

/* Figures are compared from month to month: a sample keeps its size. */
static_assert(sizeof(SMALL) - 1 == 376, "small");
static_assert(sizeof(MEDIUM) - 1 == 950, "medium");
static_assert(sizeof(LARGE) - 1 == 3852, "large");

static const struct {
    const char *name;
    struct slice text;
} SAMPLES[] = {
    {"small", {SMALL, sizeof(SMALL) - 1}},
    {"medium", {MEDIUM, sizeof(MEDIUM) - 1}},
    {"large", {LARGE, sizeof(LARGE) - 1}},
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A blank is a run of exactly its digits: the blank of the time begins with
 * that of the number. */
static void find_blanks(struct sample *sample)
{
    struct slice text = sample->text;
    const char *end = text.data + text.size, *at = text.data;
    while ((at = memmem(at, (size_t)(end - at), MARK_NUMBER_BLANK,
                        MARK_NUMBER_DIGITS)) != NULL) {
        size_t offset = (size_t)(at - text.data);
        if (!is_digit(at[MARK_NUMBER_DIGITS])) {
            assert(sample->numbers < SAMPLE_NUMBERS_MAX);
            sample->number_at[sample->numbers++] = offset;
            at += MARK_NUMBER_DIGITS;
        } else {
            sample->time_at = offset;
            at += MARK_TIME_DIGITS;
        }
    }
}

bool sample_find(const char *size, struct sample *sample)
{
    for (size_t i = 0; i < sizeof(SAMPLES) / sizeof(SAMPLES[0]); i++) {
        if (strcmp(SAMPLES[i].name, size) != 0)
            continue;
        *sample = (struct sample){.text = SAMPLES[i].text};
        find_blanks(sample);
        return true;
    }
    return false;
}
