/* SPDX-License-Identifier: MIT */
#include "core/catalog.h"

#include "check.h"

TEST(only_what_surely_reads_is_a_read)
{
    static const struct {
        const char *action;
        bool is_read;
    } rows[] = {
        {"get_login_info", true},
        {"can_send_image", true},
        {".get_word_slices", true},
        {".ocr_image", true},
        {"fetch_emoji_like", true},
        {"nc_get_packet_status", true},
        {"send_group_msg", false},
        {"set_group_ban", false},
        {"delete_msg", false},
        {"_send_group_notice", false},
        {"forget_", false},
        {"get", false},
        {"", false},
        {".", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_EQ(catalog_is_read(slice_of(rows[i].action)), rows[i].is_read);
}

SUITE(catalog, only_what_surely_reads_is_a_read)
