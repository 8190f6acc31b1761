/* SPDX-License-Identifier: MIT */
#include "nng_tls.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"

enum { FILE_BYTES_MAX = 1 << 20, HOST_SIZE = 256 };

bool nng_tls_is_for(const char *url)
{
    return strncmp(url, "tls+tcp", 7) == 0 || strncmp(url, "wss://", 6) == 0;
}

/* The file as a string. False: `fault` says why not. */
static bool read_file(const char *path, struct buffer *text, char *fault)
{
    int error = file_read(path, FILE_BYTES_MAX, text);
    if (error != 0)
        snprintf(fault, NNG_TLS_FAULT_SIZE, "%s: %s", path, strerror(error));
    buffer_append(text, "", 1);
    return error == 0;
}

static void explain(char *fault, const char *path, const char *what, int error)
{
    snprintf(fault, NNG_TLS_FAULT_SIZE, "%s is no %s in PEM: %s", path, what,
             nng_strerror(error));
}

static bool show_certificate(nng_tls_config *tls, const struct tls_files *files,
                             char *fault)
{
    struct buffer cert = {0}, key = {0};
    bool is_good = read_file(files->cert, &cert, fault) &&
                   read_file(files->key, &key, fault);
    int error =
        is_good ? nng_tls_config_own_cert(tls, cert.data, key.data, NULL) : 0;
    if (error != 0)
        snprintf(fault, NNG_TLS_FAULT_SIZE,
                 "%s and %s are no certificate and its key in PEM: %s",
                 files->cert, files->key, nng_strerror(error));
    buffer_finish(&cert);
    buffer_finish(&key);
    return is_good && error == 0;
}

static bool want_certificate(nng_tls_config *tls, const char *ca, char *fault)
{
    struct buffer text = {0};
    bool is_good = read_file(ca, &text, fault);
    int error = is_good ? nng_tls_config_ca_chain(tls, text.data, NULL) : 0;
    if (error == 0)
        error = nng_tls_config_auth_mode(tls, NNG_TLS_AUTH_MODE_REQUIRED);
    if (is_good && error != 0)
        explain(fault, ca, "certificate of a CA", error);
    buffer_finish(&text);
    return is_good && error == 0;
}

static nng_tls_config *make(enum nng_tls_mode mode, char *fault)
{
    nng_tls_config *tls = NULL;
    int error = nng_tls_config_alloc(&tls, mode);
    if (error == 0)
        error = nng_tls_config_version(tls, NNG_TLS_1_2, NNG_TLS_1_3);
    /* One that ends at 1.2 does not take the range. */
    if (error == NNG_ENOTSUP)
        error = nng_tls_config_version(tls, NNG_TLS_1_2, NNG_TLS_1_2);
    if (error == 0)
        return tls;
    snprintf(fault, NNG_TLS_FAULT_SIZE, "NNG has no TLS here: %s",
             nng_strerror(error));
    if (tls != NULL)
        nng_tls_config_free(tls);
    return NULL;
}

static nng_tls_config *keep_if(nng_tls_config *tls, bool is_good)
{
    if (is_good)
        return tls;
    nng_tls_config_free(tls);
    return NULL;
}

nng_tls_config *nng_tls_to_listen(const struct tls_files *files,
                                  char fault[static NNG_TLS_FAULT_SIZE])
{
    nng_tls_config *tls = make(NNG_TLS_MODE_SERVER, fault);
    if (tls == NULL)
        return NULL;
    return keep_if(tls, show_certificate(tls, files, fault) &&
                            (files->ca == NULL ||
                             want_certificate(tls, files->ca, fault)));
}

/* The first DNS name that the certificate is for, else its common name; as
 * mbedTLS, which knows no others, looks for them. */
static bool read_name(X509 *cert, char name[static HOST_SIZE])
{
    GENERAL_NAMES *names =
        X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    name[0] = '\0';
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && name[0] == '\0'; i++) {
        const GENERAL_NAME *one = sk_GENERAL_NAME_value(names, i);
        if (one->type == GEN_DNS)
            snprintf(name, HOST_SIZE, "%.*s",
                     ASN1_STRING_length(one->d.dNSName),
                     (const char *)ASN1_STRING_get0_data(one->d.dNSName));
    }
    if (names == NULL)
        (void)X509_NAME_get_text_by_NID(X509_get_subject_name(cert),
                                        NID_commonName, name, HOST_SIZE);
    GENERAL_NAMES_free(names);
    return name[0] != '\0';
}

static bool name_of_file(const char *path, char name[static HOST_SIZE],
                         char *fault)
{
    FILE *file = fopen(path, "re");
    X509 *cert = file == NULL ? NULL : PEM_read_X509(file, NULL, NULL, NULL);
    bool has_name = cert != NULL && read_name(cert, name);
    if (cert == NULL)
        explain(fault, path, "certificate", NNG_ECRYPTO);
    else if (!has_name)
        snprintf(fault, NNG_TLS_FAULT_SIZE,
                 "%s is for no DNS name: give it one, as localhost", path);
    X509_free(cert);
    if (file != NULL)
        (void)fclose(file);
    return has_name;
}

/* The host of scheme://host:port/path, without brackets. */
static void cut_host(const char *url, char host[static HOST_SIZE])
{
    const char *begin = strstr(url, "://");
    begin = begin == NULL ? url : begin + 3;
    size_t size =
        begin[0] == '[' ? strcspn(++begin, "]") : strcspn(begin, ":/");
    snprintf(host, HOST_SIZE, "%.*s", (int)size, begin);
}

nng_tls_config *nng_tls_to_dial(const struct tls_files *files, const char *url,
                                char fault[static NNG_TLS_FAULT_SIZE])
{
    char name[HOST_SIZE];
    const char *trusted = files->ca != NULL ? files->ca : files->cert;
    if (trusted == NULL) {
        snprintf(fault, NNG_TLS_FAULT_SIZE,
                 "nothing says whom to trust: set bridge.tls.ca");
        return NULL;
    }
    if (files->cert == NULL)
        cut_host(url, name);
    else if (!name_of_file(files->cert, name, fault))
        return NULL;
    nng_tls_config *tls = make(NNG_TLS_MODE_CLIENT, fault);
    if (tls == NULL)
        return NULL;
    (void)nng_tls_config_server_name(tls, name);
    return keep_if(
        tls, want_certificate(tls, trusted, fault) &&
                 (files->cert == NULL || show_certificate(tls, files, fault)));
}
