/* SPDX-License-Identifier: MIT */
#include "console/asset.h"

#include "check.h"

TEST(each_file_is_found_by_its_path_and_no_other)
{
    static const struct {
        const char *path, *type, *begin;
    } rows[] = {
        {"/", "text/html; charset=utf-8", "<!doctype html>"},
        {"/console.css", "text/css; charset=utf-8", "/*"},
        {"/console.js", "text/javascript; charset=utf-8", "//"},
        {"/live.js", "text/javascript; charset=utf-8", "//"},
        {"/words.js", "text/javascript; charset=utf-8", "//"},
    };
    static const char *const others[] = {
        "", "/index.html", "/embed.py", "/../asset.h", "//", "/console.css/"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct asset *asset = asset_find(slice_of(rows[i].path));
        CHECK(asset != NULL);
        if (asset == NULL)
            continue;
        CHECK_STR(asset->type, rows[i].type);
        CHECK(memcmp(asset->bytes.data, rows[i].begin, strlen(rows[i].begin)) ==
              0);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        CHECK(asset_find(slice_of(others[i])) == NULL);
}

TEST(who_has_a_file_is_known_by_its_tag)
{
    const struct asset *asset = asset_find(slice_of("/"));
    const struct asset *other = asset_find(slice_of("/console.css"));
    char list[128];
    snprintf(list, sizeof(list), "\"x\", W/%s", asset->etag);
    CHECK(asset_is_known(asset, slice_of(asset->etag)));
    CHECK(asset_is_known(asset, slice_of(list)));
    CHECK(asset_is_known(asset, slice_of("*")));
    CHECK(!asset_is_known(asset, slice_of(other->etag)));
    CHECK(!asset_is_known(asset, slice_of("")));
    CHECK(!asset_is_known(asset, slice_of("\"\"")));
}

SUITE(asset, each_file_is_found_by_its_path_and_no_other,
      who_has_a_file_is_known_by_its_tag)
