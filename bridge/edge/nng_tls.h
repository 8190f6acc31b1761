/* SPDX-License-Identifier: MIT */
/* TLS of the bus: NNG's, with files. Any thread. */
#ifndef ONEBUS_NNG_TLS_H
#define ONEBUS_NNG_TLS_H

#include <nng/nng.h>
#include <nng/supplemental/tls/tls.h>
#include <stdbool.h>

#include "base/tls_files.h"

enum { NNG_TLS_FAULT_SIZE = 512 };

/* Whether NNG speaks TLS at this URL. */
bool nng_tls_is_for(const char *url);

/* Who listens shows the certificate, and asks for one by the CA if there is a
 * CA. NULL: `fault` says which file is no good. Free it with
 * nng_tls_config_free(). */
nng_tls_config *nng_tls_to_listen(const struct tls_files *files,
                                  char fault[static NNG_TLS_FAULT_SIZE]);

/* Who dials wants a certificate by the CA or, without one, the one of the
 * files, which is its own CA then; and shows that. It is to be for the name
 * that the files' certificate has, or, without one, for the host in `url`. */
nng_tls_config *nng_tls_to_dial(const struct tls_files *files, const char *url,
                                char fault[static NNG_TLS_FAULT_SIZE]);

#endif
