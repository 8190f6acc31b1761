/* SPDX-License-Identifier: MIT */
/* Loses messages of NNG, for LeakSanitizer to find:
 *
 *     onebus_leaks make_reply | bus_publish | other
 *
 * names the function that they are made in. What the suppressions of the
 * end-to-end tests forgive bears the names that the bridge has. */
#include <nng/nng.h>
#include <string.h>

enum { MESSAGES = 100, BYTES = 64 };

#define LOSING(name)                                                           \
    __attribute__((noinline)) static int name(void)                            \
    {                                                                          \
        nng_msg *msg;                                                          \
        return nng_msg_alloc(&msg, BYTES);                                     \
    }

LOSING(make_reply)
LOSING(bus_publish)
LOSING(other)

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    int (*lose)(void) = strcmp(name, "make_reply") == 0    ? make_reply
                        : strcmp(name, "bus_publish") == 0 ? bus_publish
                                                           : other;
    for (int n = 0; n < MESSAGES; n++)
        if (lose() != 0)
            return 1;
    return 0;
}
