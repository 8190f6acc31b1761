/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "base/buffer.h"
#include "base/mem.h"

enum {
    HOST_MAX = 253, /* RFC 1035, section 2.3.4 */
    URL_MAX = 127,  /* NNG_MAXADDRLEN is 128, NUL included */
    NATS_URL_MAX = 1024,
    PORT_MAX = 65535,
    SOCKET_PATH_MAX = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1,
};

static const char NO_HOST[] = "is no address";
static const char NO_NETWORK[] = "is no network";
static const char NO_URL[] = "is no bus address";
static const char NO_NATS[] = "is no address of a NATS server";

/* A URL's parts, borrowed from it. */
struct parts {
    struct slice host;
    struct slice port;
    struct slice path;
};

static const char *behind(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

static bool is_ipv6(const char *host)
{
    char address[HOST_MAX + 1];
    size_t size = strcspn(host, "%"); /* fe80::1%eth0 */
    if (size > HOST_MAX)
        return false;
    memcpy(address, host, size);
    address[size] = '\0';
    struct in6_addr parsed;
    return inet_pton(AF_INET6, address, &parsed) == 1;
}

const char *address_check_host(const char *host)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789-._";
    size_t size = strlen(host);
    struct in_addr parsed;
    if (size == 0 || size > HOST_MAX)
        return NO_HOST;
    if (strchr(host, ':') != NULL)
        return is_ipv6(host) ? NULL : NO_HOST;
    /* 127.0.0.300 and 127.1 are slips, not names. */
    if (strspn(host, "0123456789.") == size)
        return inet_pton(AF_INET, host, &parsed) == 1 ? NULL : NO_HOST;
    return strspn(host, letters) == size ? NULL : NO_HOST;
}

const char *address_check_network(const char *network)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char bytes[sizeof(struct in6_addr)];
    size_t size = strcspn(network, "/");
    const char *bits = network + size + 1;
    if (network[size] == '\0')
        return address_check_host(network);
    if (size >= sizeof(address) || bits[0] == '\0' || strlen(bits) > 3 ||
        strspn(bits, "0123456789") != strlen(bits))
        return NO_NETWORK;
    memcpy(address, network, size);
    address[size] = '\0';
    int most = inet_pton(AF_INET, address, bytes) == 1    ? 32
               : inet_pton(AF_INET6, address, bytes) == 1 ? 128
                                                          : -1;
    return strtol(bits, NULL, 10) <= most ? NULL : NO_NETWORK;
}

/* Cut `[host]:port/path` or `host:port/path`. */
static bool cut(const char *rest, struct parts *parts)
{
    const char *end = rest + strcspn(rest, "/");
    const char *colon = memrchr(rest, ':', (size_t)(end - rest));
    if (colon == NULL)
        return false;
    parts->host = (struct slice){rest, (size_t)(colon - rest)};
    parts->port = (struct slice){colon + 1, (size_t)(end - colon - 1)};
    parts->path = slice_of(end);
    return true;
}

static const char *after_authority(const char *url)
{
    static const char *const schemes[] = {"tcp://", "tls+tcp://", "ws://",
                                          "wss://"};
    const char *rest = NULL;
    for (size_t i = 0; rest == NULL && i < sizeof(schemes) / sizeof(schemes[0]);
         i++)
        rest = behind(url, schemes[i]);
    return rest;
}

static bool port_fits(struct slice port)
{
    unsigned value = 0;
    if (port.size == 0 || port.size > 5)
        return false;
    for (size_t i = 0; i < port.size; i++) {
        if (port.data[i] < '0' || port.data[i] > '9')
            return false;
        value = value * 10 + (unsigned)(port.data[i] - '0');
    }
    return value <= PORT_MAX;
}

/* The host as a string of its own, without the brackets of an IPv6 address. */
static bool copy_host(struct slice host, char copy[static HOST_MAX + 1])
{
    bool bracketed = host.size >= 2 && host.data[0] == '[';
    if (bracketed && host.data[host.size - 1] != ']')
        return false;
    if (bracketed)
        host = (struct slice){host.data + 1, host.size - 2};
    if (host.size > HOST_MAX)
        return false;
    memcpy(copy, host.data, host.size);
    copy[host.size] = '\0';
    return (strchr(copy, ':') != NULL) == bracketed;
}

static bool url_host_fits(struct slice host)
{
    char copy[HOST_MAX + 1];
    if (host.size == 0 || slice_equals(host, "*"))
        return true;
    return copy_host(host, copy) && address_check_host(copy) == NULL;
}

static const char *check_ipc(const char *path)
{
    if (path[0] != '/' || path[1] == '\0')
        return "names no absolute path";
    return strlen(path) <= SOCKET_PATH_MAX ? NULL : "is too long for a socket";
}

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~' || strchr("?#@\\\"", *text) != NULL)
            return false;
    return true;
}

/* A query may be part of it, a fragment or a password not. */
static bool is_plain_url(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~' || strchr("#@\\\"", *text) != NULL)
            return false;
    return true;
}

const char *address_check_url(const char *url)
{
    if (!is_plain(url))
        return NO_URL;
    if (strlen(url) > URL_MAX)
        return "is too long for an address";
    if (behind(url, "ipc://") != NULL)
        return check_ipc(behind(url, "ipc://"));
    const char *rest = after_authority(url);
    struct parts parts;
    if (rest == NULL || !cut(rest, &parts))
        return NO_URL;
    if (!url_host_fits(parts.host) || !port_fits(parts.port))
        return NO_URL;
    bool has_path = parts.path.size != 0;
    return has_path && strstr(url, "tcp://") != NULL ? NO_URL : NULL;
}

const char *address_check_listen(const char *address)
{
    struct parts parts;
    bool is_sound = is_plain(address) && cut(address, &parts) &&
                    parts.path.size == 0 && url_host_fits(parts.host) &&
                    port_fits(parts.port);
    return is_sound ? NULL : NO_HOST;
}

void address_cut_listen(const char *address,
                        char host[static ADDRESS_HOST_SIZE], int *port)
{
    struct parts parts;
    host[0] = '\0';
    *port = 0;
    if (!cut(address, &parts))
        return;
    *port = atoi(parts.port.data);
    if (!slice_equals(parts.host, "*"))
        (void)copy_host(parts.host, host);
}

/* Where the host ends: at the port, the path or the query. */
static size_t authority_size(const char *rest)
{
    return strcspn(rest, "/?");
}

/* Where the port's colon is, none if the host is all there is. */
static const char *port_of(struct slice authority)
{
    const char *colon = memrchr(authority.data, ':', authority.size);
    const char *bracket = memrchr(authority.data, ']', authority.size);
    return colon != NULL && (bracket == NULL || colon > bracket) ? colon : NULL;
}

/* Cut `host[:port]`. The port stays as it is if there is none. */
static bool cut_authority(struct slice authority,
                          char host[static ADDRESS_HOST_SIZE], int *port)
{
    const char *colon = port_of(authority);
    struct slice name = authority;
    if (colon != NULL) {
        name.size = (size_t)(colon - authority.data);
        struct slice digits = {colon + 1, authority.size - name.size - 1};
        if (!port_fits(digits))
            return false;
        *port = atoi(digits.data);
    }
    return *port > 0 && copy_host(name, host) &&
           address_check_host(host) == NULL;
}

static bool cut_peer(const char *url, struct address_peer *peer)
{
    const char *rest = behind(url, "wss://");
    peer->is_secure = rest != NULL;
    if (rest == NULL)
        rest = behind(url, "ws://");
    if (rest == NULL || !is_plain_url(rest))
        return false;
    struct slice authority = {rest, authority_size(rest)};
    const char *path = rest + authority.size;
    peer->port = peer->is_secure ? 443 : 80;
    snprintf(peer->path, sizeof(peer->path), "%s%s", path[0] == '/' ? "" : "/",
             path);
    return strlen(path) < ADDRESS_PATH_SIZE - 1 &&
           cut_authority(authority, peer->host, &peer->port);
}

const char *address_check_connect(const char *url)
{
    struct address_peer peer;
    if (strstr(url, "access_token=") != NULL)
        return "has a token in it: give it as accessToken";
    return cut_peer(url, &peer) ? NULL : "is no WebSocket address";
}

char *address_show_connect(const char *url)
{
    struct buffer shown = {0};
    size_t size = strcspn(url, "?");
    buffer_append(&shown, url, size);
    if (url[size] == '?')
        buffer_append_string(&shown, "?***");
    char *text = mem_dup(shown.data, shown.size);
    buffer_finish(&shown);
    return text;
}

void address_cut_connect(const char *url, struct address_peer *peer)
{
    (void)cut_peer(url, peer);
}

/* What stands behind the scheme; NULL: it has none of ours. */
static const char *after_nats(const char *url, bool *has_tls)
{
    const char *rest = behind(url, "nats://");
    *has_tls = rest == NULL;
    return rest != NULL ? rest : behind(url, "tls://");
}

static const char *after_user(const char *rest)
{
    const char *at = strrchr(rest, '@');
    return at == NULL ? rest : at + 1;
}

/* `user:password` or `token`, and nothing of it empty: that is what an unset
 * variable leaves behind. */
static bool is_user(struct slice user)
{
    const char *colon = memchr(user.data, ':', user.size);
    return user.size > 0 && colon != user.data &&
           (colon == NULL || colon + 1 < user.data + user.size);
}

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

const char *address_check_nats(const char *url)
{
    struct address_nats address;
    bool has_tls;
    const char *rest = after_nats(url, &has_tls);
    if (url[0] == '\0')
        return "is empty";
    if (behind(url, "ws://") != NULL || behind(url, "wss://") != NULL)
        return "is WebSocket, which the NATS library here does not speak";
    if (rest == NULL || !is_printable(url) || strlen(url) > NATS_URL_MAX)
        return NO_NATS;
    if (strpbrk(after_user(rest), "/?#") != NULL)
        return "has something behind host and port";
    if (after_user(rest) != rest &&
        !is_user((struct slice){rest, (size_t)(after_user(rest) - 1 - rest)}))
        return "has an empty user, password or token in it";
    return address_cut_nats(url, &address) ? NULL : NO_NATS;
}

bool address_cut_nats(const char *url, struct address_nats *address)
{
    const char *rest = after_nats(url, &address->has_tls);
    if (rest == NULL)
        return false;
    address->has_user = after_user(rest) != rest;
    address->port = ADDRESS_NATS_PORT;
    return cut_authority(slice_of(after_user(rest)), address->host,
                         &address->port);
}

char *address_show_nats(const char *url)
{
    struct buffer shown = {0};
    const char *scheme = strstr(url, "://");
    const char *rest = scheme == NULL ? url : scheme + strlen("://");
    buffer_append(&shown, url, (size_t)(rest - url));
    if (after_user(rest) != rest)
        buffer_append_string(&shown, "***@");
    buffer_append_string(&shown, after_user(rest));
    char *text = mem_dup(shown.data, shown.size);
    buffer_finish(&shown);
    return text;
}

bool address_is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcasecmp(host, "localhost") == 0;
}

bool address_url_has_tls(const char *url)
{
    return behind(url, "tls+tcp://") != NULL || behind(url, "wss://") != NULL;
}

bool address_url_is_local(const char *url)
{
    char host[HOST_MAX + 1];
    struct parts parts;
    const char *rest = after_authority(url);
    if (rest == NULL) /* ipc */
        return true;
    return cut(rest, &parts) && copy_host(parts.host, host) &&
           address_is_loopback(host);
}

bool address_cut_url(const char *url, char host[static ADDRESS_HOST_SIZE],
                     int *port)
{
    struct parts parts;
    const char *rest = after_authority(url);
    host[0] = '\0';
    if (rest == NULL || !cut(rest, &parts))
        return false;
    *port = atoi(parts.port.data);
    return slice_equals(parts.host, "*") || copy_host(parts.host, host);
}

bool address_url_has_free_port(const char *url)
{
    struct parts parts;
    const char *rest = after_authority(url);
    if (rest == NULL || !cut(rest, &parts))
        return false;
    for (size_t i = 0; i < parts.port.size; i++)
        if (parts.port.data[i] != '0')
            return false;
    return true;
}
