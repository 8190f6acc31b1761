/* SPDX-License-Identifier: MIT */
/* Where things listen: hosts, and the bus's URLs
 *
 *     tcp://host:port    tls+tcp://host:port
 *     ws://host:port[/path]    wss://host:port[/path]    ipc:///path
 *
 * and what is dialled: peers, and the servers of NATS
 *
 *     ws[s]://host[:port][/path][?query]
 *     nats://[user:password@|token@]host[:port]    tls://…
 *
 * A host is a name, an IPv4 address, an IPv6 address (in brackets in a URL),
 * and in a URL also `*` or nothing for all interfaces. Any thread. */
#ifndef ONEBUS_ADDRESS_H
#define ONEBUS_ADDRESS_H

#include <stdbool.h>

/* NULL if `host` can be listened on, else why not, to be read behind the host:
 * "is no address". */
const char *address_check_host(const char *host);

/* The same for a host, or a network as 10.0.0.0/8. */
const char *address_check_network(const char *network);

/* The same for a bus URL. */
const char *address_check_url(const char *url);

/* The same for "host:port" alone. */
const char *address_check_listen(const char *address);

enum { ADDRESS_HOST_SIZE = 254, ADDRESS_PATH_SIZE = 1024 };

/* Take a sound "host:port" apart: the host without brackets, empty for all
 * interfaces. */
void address_cut_listen(const char *address,
                        char host[static ADDRESS_HOST_SIZE], int *port);

/* As address_check_host() for the URL of a peer to dial:
 * ws[s]://host[:port][/path][?query]. A token is no part of it: URLs are shown.
 */
const char *address_check_connect(const char *url);

/* A peer's URL in its parts. */
struct address_peer {
    bool is_secure;
    char host[ADDRESS_HOST_SIZE]; /* no brackets */
    int port;
    char path[ADDRESS_PATH_SIZE]; /* with the query; at least "/" */
};

/* How one is shown: a query may have a token in it, under whatever name, so
 * that it becomes `?***`. To be freed. */
char *address_show_connect(const char *url);

/* Take a sound one apart. */
void address_cut_connect(const char *url, struct address_peer *peer);

enum { ADDRESS_NATS_PORT = 4222 };

/* As address_check_host() for the URL of a NATS server. What stands before its
 * last '@' is taken as it is, as by libnats: nothing in it is percent-encoded.
 */
const char *address_check_nats(const char *url);

/* A NATS server's URL in its parts. */
struct address_nats {
    bool has_tls;
    bool has_user;                /* a password or a token is in it */
    char host[ADDRESS_HOST_SIZE]; /* no brackets */
    int port;
};

/* Take one apart; false: it is not sound. */
bool address_cut_nats(const char *url, struct address_nats *address);

/* How one is shown, be it sound or not: `***@` for all that stands before the
 * last '@'. To be freed. */
char *address_show_nats(const char *url);

/* Can nobody but this machine reach it? 127.0.0.0/8, ::1 and localhost. */
bool address_is_loopback(const char *host);

/* The same for a sound bus URL; ipc is local. */
bool address_url_is_local(const char *url);

/* The host of a sound bus URL, without brackets and empty for all interfaces,
 * and the port. False: it is ipc, which has none. */
bool address_cut_url(const char *url, char host[static ADDRESS_HOST_SIZE],
                     int *port);

/* Does the sound bus URL ask for TLS? */
bool address_url_has_tls(const char *url);

/* Does the URL ask for any free port? Two of those never clash. */
bool address_url_has_free_port(const char *url);

#endif
