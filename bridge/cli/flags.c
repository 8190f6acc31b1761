/* SPDX-License-Identifier: MIT */
#include "flags.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/remote.h"

bool flags_take(struct flags *flags, int option, const char *value)
{
    if (option == 'c') {
        flags->file = value;
        return true;
    }
    if (option != 's')
        return false;
    if (flags->set_count == FLAGS_SET_MAX) {
        fprintf(stderr, "onebus: --set can be repeated %d times\n",
                FLAGS_SET_MAX);
        return false;
    }
    flags->set[flags->set_count++].assignment = value;
    return true;
}

enum status flags_read(const struct flags *flags, struct config *config,
                       struct config_faults *faults)
{
    const struct config_source source = {
        .path = flags->file,
        .environment = environ,
        .flags = flags->set,
        .flag_count = flags->set_count,
    };
    *config = (struct config){0};
    return config_load(&source, config, faults);
}

bool flags_load(const struct flags *flags, struct config *config)
{
    struct config_faults faults = {0};
    bool is_good = flags_read(flags, config, &faults) == STATUS_OK;
    for (size_t i = 0; i < faults.count; i++)
        fprintf(stderr, "%s\n", faults.messages[i]);
    if (faults.dropped > 0)
        fprintf(stderr, "and %zu more\n", faults.dropped);
    config_faults_finish(&faults);
    if (is_good)
        remote_use_tls(&(struct tls_files){config->tls.cert, config->tls.key,
                                           config->tls.ca});
    return is_good;
}
