/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/mem.h"

enum { ADDRESS_SIZE = 16, TEXT_SIZE = 64 };

/* IPv4 ones as ::ffff:1.2.3.4, so that there is one kind. */
struct network {
    unsigned char address[ADDRESS_SIZE];
    unsigned bits;
};

struct opening {
    char *host; /* NULL: a network */
    struct network network;
};

struct guard {
    struct opening *openings;
    size_t count;
};

static const unsigned char MAPPED[12] = {0, 0, 0, 0, 0,    0,
                                         0, 0, 0, 0, 0xff, 0xff};
enum { MAPPED_BITS = 96 };

static void map_ipv4(const void *ipv4, unsigned char address[ADDRESS_SIZE])
{
    memcpy(address, MAPPED, sizeof(MAPPED));
    memcpy(address + sizeof(MAPPED), ipv4, 4);
}

static bool read_sockaddr(const struct sockaddr *from,
                          unsigned char address[ADDRESS_SIZE])
{
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    if (from->sa_family == AF_INET) {
        memcpy(&ipv4, from, sizeof(ipv4));
        map_ipv4(&ipv4.sin_addr, address);
        return true;
    }
    if (from->sa_family != AF_INET6)
        return false;
    memcpy(&ipv6, from, sizeof(ipv6));
    memcpy(address, &ipv6.sin6_addr, ADDRESS_SIZE);
    return true;
}

static bool is_in(const unsigned char address[ADDRESS_SIZE],
                  const struct network *network)
{
    unsigned whole = network->bits / 8;
    unsigned rest = network->bits % 8;
    if (memcmp(address, network->address, whole) != 0)
        return false;
    unsigned char mask = (unsigned char)(0xff00U >> rest);
    return rest == 0 ||
           ((address[whole] ^ network->address[whole]) & mask) == 0;
}

/* "10.0.0.0/8", "::1", "[::1]"; without bits it is the one address. */
static bool read_network(const char *text, struct network *network)
{
    char address[TEXT_SIZE];
    unsigned char ipv4[4];
    unsigned most = 128;
    unsigned offset = 0;
    size_t size = strcspn(text, "/");
    bool is_bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';
    snprintf(address, sizeof(address), "%.*s",
             (int)(is_bracketed ? size - 2 : size), text + is_bracketed);
    if (inet_pton(AF_INET, address, ipv4) == 1) {
        map_ipv4(ipv4, network->address);
        most = 32;
        offset = MAPPED_BITS;
    } else if (inet_pton(AF_INET6, address, network->address) != 1) {
        return false;
    }
    network->bits = most + offset;
    if (text[size] == '\0')
        return true;
    char *end;
    unsigned long bits = strtoul(text + size + 1, &end, 10);
    if (end == text + size + 1 || *end != '\0' || bits > most)
        return false;
    network->bits = (unsigned)bits + offset;
    return true;
}

/* ---- what is not public ------------------------------------------------- */

/* RFC 6890 and its registries: nobody else's address is one of these. */
static const char *const PRIVATE[] = {
    "0.0.0.0/8",       /* this network */
    "10.0.0.0/8",      /* private use */
    "100.64.0.0/10",   /* behind a provider's translator */
    "127.0.0.0/8",     /* this machine */
    "169.254.0.0/16",  /* this link; a cloud's metadata */
    "172.16.0.0/12",   /* private use */
    "192.0.0.0/24",    /* protocols */
    "192.0.2.0/24",    /* documentation */
    "192.88.99.0/24",  /* 6to4 relays */
    "192.168.0.0/16",  /* private use */
    "198.18.0.0/15",   /* benchmarks, and local proxies' stand-ins */
    "198.51.100.0/24", /* documentation */
    "203.0.113.0/24",  /* documentation */
    "224.0.0.0/4",     /* multicast */
    "240.0.0.0/4",     /* reserved, broadcast */
    "2001::/23",       /* protocols, Teredo among them */
    "2001:db8::/32",   /* documentation */
    "3fff::/20",       /* documentation */
};

static bool is_private(const unsigned char address[ADDRESS_SIZE])
{
    for (size_t i = 0; i < sizeof(PRIVATE) / sizeof(PRIVATE[0]); i++) {
        struct network network;
        if (read_network(PRIVATE[i], &network) && is_in(address, &network))
            return true;
    }
    return false;
}

/* The IPv4 address that one of IPv6 leads to, if it does, takes its place. */
static void unwrap(unsigned char address[ADDRESS_SIZE])
{
    static const struct {
        struct network network;
        size_t at;
    } WRAPPINGS[] = {
        {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12}, /* NAT64: 64:ff9b::/96 */
        {{{0x20, 0x02}, 16}, 2},              /* 6to4: 2002::/16 */
    };
    for (size_t i = 0; i < sizeof(WRAPPINGS) / sizeof(WRAPPINGS[0]); i++)
        if (is_in(address, &WRAPPINGS[i].network)) {
            unsigned char ipv4[4];
            memcpy(ipv4, address + WRAPPINGS[i].at, sizeof(ipv4));
            map_ipv4(ipv4, address);
            return;
        }
}

bool guard_is_public(const struct sockaddr *from)
{
    /* The rest of IPv6 is not given out, or is for the house. */
    static const struct network GIVEN_OUT = {{0x20}, 3};
    unsigned char address[ADDRESS_SIZE];
    if (!read_sockaddr(from, address))
        return false;
    unwrap(address);
    bool is_ipv4 = memcmp(address, MAPPED, sizeof(MAPPED)) == 0;
    return (is_ipv4 || is_in(address, &GIVEN_OUT)) && !is_private(address);
}

/* ---- what the settings open --------------------------------------------- */

struct guard *guard_create(const char *const *open, size_t count)
{
    struct guard *guard = mem_zalloc(1, sizeof(*guard));
    guard->openings = mem_zalloc(count + 1, sizeof(guard->openings[0]));
    guard->count = count;
    for (size_t i = 0; i < count; i++)
        if (!read_network(open[i], &guard->openings[i].network))
            guard->openings[i].host = mem_strdup(open[i]);
    return guard;
}

void guard_destroy(struct guard *guard)
{
    if (guard == NULL)
        return;
    for (size_t i = 0; i < guard->count; i++)
        free(guard->openings[i].host);
    free(guard->openings);
    free(guard);
}

bool guard_allows(const struct guard *guard, const char *host,
                  const struct sockaddr *from)
{
    unsigned char address[ADDRESS_SIZE];
    if (guard_is_public(from))
        return true;
    if (!read_sockaddr(from, address))
        return false;
    for (size_t i = 0; i < guard->count; i++) {
        const struct opening *opening = &guard->openings[i];
        if (opening->host != NULL ? strcasecmp(opening->host, host) == 0
                                  : is_in(address, &opening->network))
            return true;
    }
    return false;
}
