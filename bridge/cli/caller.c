/* SPDX-License-Identifier: MIT */
#include "caller.h"

#include <nng/protocol/reqrep0/req.h>

#include "cli/remote.h"
#include "cli/token.h"

bool caller_open(struct caller *caller, const char *listen_url,
                 const char *option, const char *token_file)
{
    char url[REMOTE_URL_SIZE];
    if (!token_read(token_file, &caller->token) ||
        !remote_url(listen_url, option, url) ||
        nng_req0_open(&caller->socket) != 0)
        return false;
    /* A request that NNG repeats by itself is an action done twice. */
    nng_socket_set_ms(caller->socket, NNG_OPT_REQ_RESENDTIME,
                      NNG_DURATION_INFINITE);
    return remote_dial(caller->socket, url);
}

void caller_finish(struct caller *caller)
{
    buffer_finish(&caller->token);
    buffer_finish(&caller->signed_request);
}

int caller_ask(struct caller *caller, long wait_ms, struct slice request,
               struct buffer *reply)
{
    char *data = NULL;
    size_t size = 0;
    nng_socket_set_ms(caller->socket, NNG_OPT_SENDTIMEO, (nng_duration)wait_ms);
    nng_socket_set_ms(caller->socket, NNG_OPT_RECVTIMEO, (nng_duration)wait_ms);
    caller->signed_request.size = 0;
    token_sign(request, buffer_slice(&caller->token), &caller->signed_request);
    int error = nng_send(caller->socket, caller->signed_request.data,
                         caller->signed_request.size, 0);
    if (error == 0)
        error = nng_recv(caller->socket, &data, &size, NNG_FLAG_ALLOC);
    if (error != 0)
        return error;
    reply->size = 0;
    buffer_append(reply, data, size);
    nng_free(data, size);
    return 0;
}
