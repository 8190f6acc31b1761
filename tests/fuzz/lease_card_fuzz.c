/* SPDX-License-Identifier: MIT */
/* What somebody has left in the bucket of account names.
 *
 *   - a card that is read says which bridge and which run, in characters that
 *     can be shown;
 *   - written and read again it is the same, but for what is made visible
 *     twice;
 *   - what is no card leaves an empty one. */
#include "fuzz.h"

#include "core/lease_card.h"

static void ensure_shown(const char *word)
{
    for (; *word != '\0'; word++)
        ENSURE((unsigned char)*word >= ' ' && *word != 0x7f && *word != '"');
}

static void ensure_empty(const struct lease_card *card)
{
    const struct lease_card empty = {0};
    ENSURE(memcmp(card, &empty, sizeof(empty)) == 0);
}

static void ensure_again(const struct lease_card *card)
{
    struct buffer text = {0};
    struct lease_card again;
    lease_card_write(card, &text);
    ENSURE(text.size <= LEASE_CARD_BYTES_MAX);
    ENSURE(lease_card_read(buffer_slice(&text), &again));
    ENSURE(strcmp(again.bridge, card->bridge) == 0);
    ENSURE(strcmp(again.run, card->run) == 0);
    ENSURE(again.pid == card->pid && again.since_ms == card->since_ms);
    buffer_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lease_card card;
    if (!lease_card_read((struct slice){(const char *)data, size}, &card)) {
        ensure_empty(&card);
        return 0;
    }
    ENSURE(card.bridge[0] != '\0' && card.run[0] != '\0');
    ENSURE(card.pid >= 0 && card.since_ms >= 0);
    ensure_shown(card.bridge);
    ensure_shown(card.run);
    ensure_shown(card.host);
    ensure_shown(card.version);
    ensure_again(&card);
    return 0;
}
