/* SPDX-License-Identifier: MIT */
#include "headers.h"

#include <string.h>

struct slice headers_known(struct lws *wsi, enum lws_token_indexes token,
                           char *text, int size)
{
    int length = lws_hdr_copy(wsi, text, size, token);
    return (struct slice){text, length > 0 ? (size_t)length : 0};
}

struct slice headers_custom(struct lws *wsi, const char *name, char *text,
                            int size)
{
    int length = lws_hdr_custom_copy(wsi, text, size, name, (int)strlen(name));
    return (struct slice){text, length > 0 ? (size_t)length : 0};
}

struct slice headers_path(struct lws *wsi, char *text, int size, int *method)
{
    char *path;
    int length;
    int number = lws_http_get_uri_and_method(wsi, &path, &length);
    if (method != NULL)
        *method = number;
    if (number < 0 || length < 0 || length >= size)
        return (struct slice){0};
    memcpy(text, path, (size_t)length);
    return (struct slice){text, (size_t)length};
}
