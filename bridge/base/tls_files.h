/* SPDX-License-Identifier: MIT */
/* Where a certificate, its key, and the CA of the other side's certificates
 * are: PEM files. NULL: none. Plain data. */
#ifndef ONEBUS_TLS_FILES_H
#define ONEBUS_TLS_FILES_H

struct tls_files {
    const char *cert, *key, *ca;
};

#endif
