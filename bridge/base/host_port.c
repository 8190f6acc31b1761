/* SPDX-License-Identifier: MIT */
#include "host_port.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void host_port_print(const char *host, int port, char *text, size_t size)
{
    bool is_ipv6 = strchr(host, ':') != NULL;
    char behind[16] = "";
    if (port >= 0)
        snprintf(behind, sizeof(behind), ":%d", port);
    snprintf(text, size, "%s%s%s%s", is_ipv6 ? "[" : "", host,
             is_ipv6 ? "]" : "", behind);
}
