/* SPDX-License-Identifier: MIT */
/* An address that the settings have the bridge listen on, judged: is it there
 * to be had, who has it, can the peer get to it? Pure. One thread. */
#ifndef ONEBUS_JUDGE_ADDRESS_H
#define ONEBUS_JUDGE_ADDRESS_H

#include <stdbool.h>

#include "cli/finding.h"
#include "cli/occupant.h"

enum address_use { ADDRESS_WS, ADDRESS_EVENTS, ADDRESS_ACTIONS, ADDRESS_HTTP };

/* Strings are borrowed. */
struct address_facts {
    enum address_use use;
    const char *account; /* of ADDRESS_WS */
    const char *setting; /* where to change it: "channels.napcatqq.wsPort" */
    const char *text;    /* "127.0.0.1:3001", "ipc:///run/onebus/events" */
    const char *host;    /* "" for all interfaces */
    const char *lookup_fault; /* why the host is no address; NULL: it is one */
    int port;                 /* 0: any free one, or ipc */
    int error;                /* an errno: why it cannot be listened on; 0 */
    struct occupant occupant;
    bool is_running; /* a bridge answers where these settings have it */
    bool is_in_container;
    bool is_dual; /* the host is a name that is both IPv4 and IPv6 */
};

void judge_address(const struct address_facts *facts,
                   struct findings *findings);

/* The ipc ones. */
struct socket_facts {
    const char *setting;
    const char *path;
    const char *folder;
    bool is_folder_there;
    bool is_folder_writable;
    bool is_listened_on;
    bool is_running;
};

void judge_socket(const struct socket_facts *facts, struct findings *findings);

#endif
