/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include <stdio.h>
#include <string.h>

#include "edge/nng_tls.h"

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

/* A command has one set of settings, and is over soon. */
static struct tls_files tls_files;

void remote_use_tls(const struct tls_files *files)
{
    tls_files = *files;
}

static int dial_with_tls(nng_socket socket, const char *url,
                         nng_tls_config *tls)
{
    nng_dialer dialer;
    int error = nng_dialer_create(&dialer, socket, url);
    if (error == 0)
        error = nng_dialer_set_ptr(dialer, NNG_OPT_TLS_CONFIG, tls);
    return error == 0 ? nng_dialer_start(dialer, 0) : error;
}

/* False: there can be no TLS, which has been said. */
static bool dial(nng_socket socket, const char *url, int *error)
{
    char fault[NNG_TLS_FAULT_SIZE];
    if (!nng_tls_is_for(url)) {
        *error = nng_dial(socket, url, NULL, 0);
        return true;
    }
    nng_tls_config *tls = nng_tls_to_dial(&tls_files, url, fault);
    if (tls == NULL) {
        fprintf(stderr, "onebus: no TLS to %s: %s\n", url, fault);
        return false;
    }
    *error = dial_with_tls(socket, url, tls);
    nng_tls_config_free(tls);
    return true;
}

bool remote_dial(nng_socket socket, const char *url)
{
    int error = 0;
    if (!dial(socket, url, &error))
        return false;
    if (error == 0)
        return true;
    fprintf(stderr,
            "onebus: cannot reach the bridge at %s: %s\n"
            "Is it running (onebus run), and with the same settings?\n",
            url, nng_strerror(error));
    return false;
}
