/* SPDX-License-Identifier: MIT */
/* Who has a port, or a file: a process of this machine, as far as the kernel
 * shows it to us (/proc). Of its command line the program and its script are
 * told, never more: there may be a token in it. Any thread. */
#ifndef ONEBUS_OCCUPANT_H
#define ONEBUS_OCCUPANT_H

#include <netinet/in.h>
#include <stdbool.h>

#include "base/buffer.h"

enum occupant_kind {
    OCCUPANT_NONE,
    OCCUPANT_ONEBUS,
    OCCUPANT_NAPCAT,
    OCCUPANT_ONEBOT, /* another OneBot implementation or framework */
    OCCUPANT_DOCKER, /* it holds the port for a container */
    OCCUPANT_OTHER,
    OCCUPANT_HIDDEN, /* of another user, or in another container */
};

enum { OCCUPANT_NAME_SIZE = 200 };

struct occupant {
    enum occupant_kind kind;
    long pid;                      /* 0: unknown */
    long uid;                      /* -1: unknown */
    char name[OCCUPANT_NAME_SIZE]; /* "node /app/napcat/napcat.mjs" */
};

/* Who listens on this TCP port at this address, or at all of them. IPv4 is
 * given as an IPv6 address that maps it. */
struct occupant occupant_of_port(const struct in6_addr *address, int port);

struct occupant occupant_of_pid(long pid);

/* What a command line, its arguments each with a NUL behind, tells. */
struct occupant occupant_of_command(struct slice command);

/* A row of /proc/net/tcp or tcp6. */
struct occupant_row {
    struct in6_addr address;
    int port;
    bool is_listening;
    long uid;
    unsigned long inode;
};

/* False: it is none. */
bool occupant_read_row(const char *text, struct occupant_row *row);

#endif
