/* SPDX-License-Identifier: MIT */
#include "digest.h"

#include <openssl/evp.h>

#include "base/mem.h"

/* With SHA-256 in it, the library fails only for want of memory. */
static void need(int result)
{
    if (result != 1)
        mem_exhausted(DIGEST_SIZE);
}

void digest_start(struct digest *digest)
{
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    need(state != NULL);
    need(EVP_DigestInit_ex(state, EVP_sha256(), NULL));
    digest->state = state;
}

void digest_add(struct digest *digest, struct slice bytes)
{
    need(EVP_DigestUpdate(digest->state, bytes.data, bytes.size));
}

void digest_end(struct digest *digest, unsigned char *bytes)
{
    if (bytes != NULL)
        need(EVP_DigestFinal_ex(digest->state, bytes, NULL));
    EVP_MD_CTX_free(digest->state);
    digest->state = NULL;
}

void digest_of(struct slice bytes, unsigned char digest[static DIGEST_SIZE])
{
    struct digest one;
    digest_start(&one);
    digest_add(&one, bytes);
    digest_end(&one, digest);
}

void digest_hex(const unsigned char digest[static DIGEST_SIZE],
                char hex[static DIGEST_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[DIGEST_HEX_SIZE - 1] = '\0';
}
