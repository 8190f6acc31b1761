/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include <stdio.h>
#include <string.h>

static bool is_any_host(const char *host, size_t size)
{
    static const char *const names[] = {"", "*", "0.0.0.0", "[::]"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i]) == size && memcmp(names[i], host, size) == 0)
            return true;
    return false;
}

bool remote_url(const char *listen_url, const char *option,
                char url[REMOTE_URL_SIZE])
{
    const char *host = strstr(listen_url, "://");
    const char *port = strrchr(listen_url, ':');
    snprintf(url, REMOTE_URL_SIZE, "%s", listen_url);
    if (host == NULL || strncmp(listen_url, "ipc://", 6) == 0)
        return true;
    host += 3;
    if (port < host ||
        (port[1] == '0' && (port[2] == '\0' || port[2] == '/'))) {
        fprintf(stderr,
                "onebus: %s has no fixed port: name the real address with "
                "%s (the bridge logs it when it starts)\n",
                listen_url, option);
        return false;
    }
    if (is_any_host(host, (size_t)(port - host)))
        snprintf(url, REMOTE_URL_SIZE, "%.*s127.0.0.1%s",
                 (int)(host - listen_url), listen_url, port);
    return true;
}

bool remote_dial(nng_socket socket, const char *url)
{
    int error = nng_dial(socket, url, NULL, 0);
    if (error == 0)
        return true;
    fprintf(stderr,
            "onebus: cannot reach the bridge at %s: %s\n"
            "Is it running (onebus run), and with the same settings?\n",
            url, nng_strerror(error));
    return false;
}
