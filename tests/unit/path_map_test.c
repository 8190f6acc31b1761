/* SPDX-License-Identifier: MIT */
#include "core/path_map.h"

#include <stdint.h>

#include "check.h"

static const struct media_path PATHS[] = {
    {"/data", "/app/data"},
    {"/data/voice/", "/voice"},
    {"C:\\Bot\\Media", "D:\\share\\"},
    {"/win", "E:\\in"},
};

TEST(a_path_in_a_shared_folder_is_the_peer_s)
{
    static const struct {
        const char *text, *mapped;
    } rows[] = {
        {"/data/a.png", "/app/data/a.png"},
        {"/data//x/./y/../a.png", "/app/data/x/a.png"},
        {"/../data/a.png", "/app/data/a.png"},
        {"/data", "/app/data"},
        {"/data/voice/a.amr", "/voice/a.amr"},
        {"/data/voices/a.amr", "/app/data/voices/a.amr"},
        {"/data/voice/../a", "/app/data/a"},
        {"/data/100%.png", "/app/data/100%.png"},
        {"/data/100%41.png", "/app/data/100%41.png"},
        {"/data/.a/..b/c..", "/app/data/.a/..b/c.."},
        {"/data/a b.png", "/app/data/a b.png"},
        {"file:///data/a%20b.png", "file:///app/data/a%20b.png"},
        {"file:///data/\xe4\xbd\xa0", "file:///app/data/%E4%BD%A0"},
        {"FILE://localhost/data/a", "file:///app/data/a"},
        {"file:///data/a%23b%3f", "file:///app/data/a%23b%3F"},
        {"C:\\Bot\\Media\\a.png", "D:\\share/a.png"},
        {"c:/bot/MEDIA/A.png", "D:\\share/A.png"},
        {"file:///C:/Bot/Media/a", "file:///D:/share/a"},
        {"file://c:/Bot/Media/a", "file:///D:/share/a"},
        {"/win/a", "E:\\in/a"},
    };
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buffer_clear(&out, SIZE_MAX);
        CHECK_EQ(path_map(slice_of(rows[i].text), PATHS, 4, &out), PATH_MAPPED);
        CHECK_ROW(buffer_slice(&out), slice_of(rows[i].mapped), rows[i].text);
    }
    buffer_finish(&out);
}

TEST(what_leads_elsewhere_is_not_mapped)
{
    static const struct {
        const char *text;
        enum path_verdict verdict;
    } rows[] = {
        {"/etc/passwd", PATH_UNMAPPED},
        {"/data2/a", PATH_UNMAPPED},
        {"/dat", PATH_UNMAPPED},
        {"/DATA/a", PATH_UNMAPPED},
        {"data/a", PATH_UNMAPPED},
        {"./data/a", PATH_UNMAPPED},
        {"/", PATH_UNMAPPED},
        {"/data/../etc/passwd", PATH_UNMAPPED},
        {"/data/x/../../etc", PATH_UNMAPPED},
        {"/data/..\\..\\etc", PATH_UNMAPPED},
        {"/data/%2e%2e/etc", PATH_UNMAPPED},
        {"/data/..%2f..%2fetc", PATH_UNMAPPED},
        {"/data/a%00", PATH_UNMAPPED},
        {"file:///data/%2E%2e/etc", PATH_UNMAPPED},
        {"file:///data/..%5c..%5Cetc", PATH_UNMAPPED},
        {"file://elsewhere/data/a", PATH_UNMAPPED},
        {"file://", PATH_UNMAPPED},
        {"C:a.png", PATH_UNMAPPED},
        {"C:\\Bot\\Other", PATH_UNMAPPED},
        {"\\\\nas\\share", PATH_UNMAPPED},
        {"file:///data/%", PATH_BROKEN},
        {"file:///data/%4", PATH_BROKEN},
        {"file:///data/%4x", PATH_BROKEN},
        {"file:///data/a%00b", PATH_BROKEN},
        {"/data/.. /etc", PATH_BROKEN},
        {"/data/.../etc", PATH_BROKEN},
        {"/data/...", PATH_BROKEN},
    };
    struct buffer out = {0};
    buffer_append_string(&out, "kept");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum path_verdict verdict =
            path_map(slice_of(rows[i].text), PATHS, 4, &out);
        if (verdict != rows[i].verdict)
            CHECK_STR(rows[i].text, "judged otherwise");
        CHECK_ROW(buffer_slice(&out), slice_of("kept"), rows[i].text);
    }
    CHECK_EQ(path_map((struct slice){"/data/a\0b", 9}, PATHS, 4, &out),
             PATH_BROKEN);
    CHECK_EQ(path_map(slice_of("/data/a"), NULL, 0, &out), PATH_UNMAPPED);
    buffer_finish(&out);
}

TEST(the_root_may_be_shared)
{
    static const struct media_path root[] = {{"/", "/"}};
    struct buffer out = {0};
    CHECK_EQ(path_map(slice_of("/etc/x"), root, 1, &out), PATH_MAPPED);
    CHECK_SLICE(buffer_slice(&out), slice_of("/etc/x"));
    buffer_finish(&out);
}

TEST(a_path_says_where)
{
    CHECK(path_is_one(slice_of("/a")));
    CHECK(path_is_one(slice_of("a/b")));
    CHECK(path_is_one(slice_of("a\\b")));
    CHECK(path_is_one(slice_of("C:a")));
    CHECK(!path_is_one(slice_of("a.png")));
    CHECK(!path_is_one(slice_of("{1F-2}.png")));
    CHECK(!path_is_one(slice_of("")));
}

SUITE(path_map, a_path_in_a_shared_folder_is_the_peer_s,
      what_leads_elsewhere_is_not_mapped, the_root_may_be_shared,
      a_path_says_where)
