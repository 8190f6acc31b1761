/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/nearmiss.h"
#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/peer_entry.h"
#include "config/address.h"

static const char COMMAND[] = "onebus napcat-config";

enum { NAME_SIZE = 160 };

/* As --for has them, in the order of enum peer_kind. */
static const char PEERS[] = "napcat|llbot|lagrange";

struct entry_options {
    struct flags flags;
    const char *account;
    const char *host;
    const char *peer;
    bool hide_token;
    bool json;
};

static int complain(const char *what, const char *got)
{
    fprintf(stderr, "%s: %s%.80s\n", COMMAND, what, got);
    return '?';
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct entry_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'a')
            options->account = optarg;
        else if (option == 'H')
            options->host = optarg;
        else if (option == 'f')
            options->peer = optarg;
        else if (option == 't')
            options->hide_token = true;
        else if (option == 'j')
            options->json = true;
        else if (!flags_take(&options->flags, option, optarg))
            return option;
    }
    if (optind < argc)
        return complain("takes no arguments, got ", argv[optind]);
    if (!cli_has_word(PEERS, options->peer))
        return complain("--for is napcat, llbot or lagrange, not ",
                        options->peer);
    if (options->host != NULL && address_check_host(options->host) != NULL)
        return complain("--host wants a name or an address, without a port, "
                        "got ",
                        options->host);
    return 0;
}

/* ---- whose ----------------------------------------------------------------
 */

static void complain_account(const struct config *config, const char *name)
{
    struct nearmiss miss = nearmiss_of(slice_of(name == NULL ? "" : name));
    char hint[NEARMISS_HINT_SIZE];
    for (size_t i = 0; i < config->account_count; i++)
        nearmiss_offer(&miss, slice_of(config->accounts[i].key));
    nearmiss_hint(&miss, hint);
    if (name == NULL)
        fprintf(stderr,
                "%s: there are several accounts: name one with "
                "--account:",
                COMMAND);
    else
        fprintf(stderr, "%s: there is no account %.80s%s; there are:", COMMAND,
                name, hint);
    for (size_t i = 0; i < config->account_count; i++)
        fprintf(stderr, " %s", config->accounts[i].key);
    fputc('\n', stderr);
}

static const struct config_account *find_account(const struct config *config,
                                                 const char *name)
{
    if (name == NULL && config->account_count == 1)
        return &config->accounts[0];
    for (size_t i = 0; name != NULL && i < config->account_count; i++)
        if (strcmp(config->accounts[i].key, name) == 0)
            return &config->accounts[i];
    complain_account(config, name);
    return NULL;
}

/* ---- what ------------------------------------------------------------------
 */

static enum peer_kind kind_of(const char *peer)
{
    return strcmp(peer, "llbot") == 0      ? PEER_LLBOT
           : strcmp(peer, "lagrange") == 0 ? PEER_LAGRANGE
                                           : PEER_NAPCAT;
}

static bool is_everywhere(const char *host)
{
    return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

static void fill_client(const struct entry_options *options,
                        const struct config_account *account,
                        struct peer_entry *entry)
{
    const char *host =
        is_everywhere(account->host) ? "127.0.0.1" : account->host;
    entry->is_secure = account->tls.cert != NULL;
    entry->host = options->host != NULL ? options->host : host;
    entry->port = account->port;
    entry->path = account->path;
}

/* The peer has to listen where we dial: here, or where others reach it. */
static void fill_server(const struct entry_options *options,
                        const struct address_peer *peer,
                        struct peer_entry *entry)
{
    const char *host =
        address_is_loopback(peer->host) ? "127.0.0.1" : "0.0.0.0";
    entry->is_server = true;
    entry->is_secure = peer->is_secure;
    entry->host = options->host != NULL ? options->host : host;
    entry->port = peer->port;
}

static const char *token_of(const struct entry_options *options,
                            const struct config_account *account)
{
    if (account->token == NULL)
        return "";
    return options->hide_token ? "***" : account->token;
}

/* ---- where it goes, and what to mind ---------------------------------------
 */

static void advise(const struct entry_options *options,
                   const struct config_account *account,
                   const struct peer_entry *entry)
{
    fprintf(stderr,
            "Put this into %s in %s, or enter the same in its web page.\n",
            peer_entry_list(entry), peer_entry_file(entry));
    if (account->token != NULL && !options->hide_token)
        fprintf(stderr, "It holds the token; --hide-token leaves it out.\n");
    if (!entry->is_server && is_everywhere(account->host) &&
        options->host == NULL)
        fprintf(stderr,
                "The bridge listens on all addresses (wsHost %s): name the one "
                "by which the peer reaches it with --host, from a container "
                "the service's or the machine's name.\n",
                account->host);
    if (!entry->is_server && address_is_loopback(account->host) &&
        options->host != NULL && !address_is_loopback(options->host))
        fprintf(stderr,
                "The bridge listens on %s, where only this machine reaches it: "
                "set wsHost and an accessToken.\n",
                account->host);
    if (entry->is_server && !address_is_loopback(entry->host) &&
        account->token == NULL)
        fprintf(stderr, "It listens for everybody, and asks for no token: set "
                        "accessToken, and enter it there.\n");
    if (entry->is_secure && (entry->is_server || entry->kind == PEER_LAGRANGE))
        fprintf(stderr, "The peer itself speaks no TLS: something before it "
                        "has to.\n");
}

static int print_entry(const struct entry_options *options,
                       const struct config_account *account)
{
    char name[NAME_SIZE];
    struct address_peer peer;
    struct buffer text = {0};
    bool is_only = strcmp(account->key, "default") == 0;
    struct peer_entry entry = {
        .kind = kind_of(options->peer),
        .name = name,
        .token = token_of(options, account),
    };
    snprintf(name, sizeof(name), "onebus%s%s", is_only ? "" : "-",
             is_only ? "" : account->key);
    if (account->connect != NULL) {
        address_cut_connect(account->connect, &peer);
        fill_server(options, &peer, &entry);
    } else {
        fill_client(options, account, &entry);
    }
    peer_entry_append(&entry, options->json, &text);
    bool is_read = cli_print(buffer_slice(&text));
    buffer_finish(&text);
    if (!is_read)
        return EXIT_FAILED;
    advise(options, account, &entry);
    return EXIT_OK;
}

static int print_account(const struct entry_options *options,
                         const struct config *config)
{
    const struct config_account *account =
        find_account(config, options->account);
    if (account == NULL)
        return EXIT_USAGE;
    if (account->connect != NULL || account->port != 0)
        return print_entry(options, account);
    fprintf(stderr,
            "%s: wsPort of account %s is 0, which is another port at each "
            "start: set one\n",
            COMMAND, account->key);
    return EXIT_SETTINGS;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct entry_options options = {.peer = "napcat"};
    struct config config;
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    if (!flags_load(&options.flags, &config))
        return EXIT_SETTINGS;
    int exit = print_account(&options, &config);
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_NAPCAT_CONFIG = {
    .name = "napcat-config",
    .summary = "print what to enter in NapCat",
    .arguments = "[OPTION…]",
    .about =
        "Print the JSON with which NapCat and an account of the settings "
        "meet:\n"
        "the entry of network.websocketClients for an account that is "
        "dialled,\n"
        "that of network.websocketServers for one with `connect`. Where to "
        "put\n"
        "it, and what to mind, is told on stderr. The token is in it, for it\n"
        "is to be pasted.\n",
    .examples = "onebus napcat-config --host onebus\n"
                "onebus napcat-config --account bot1 --for llbot\n",
    .options =
        (const struct cli_option[]){
            {"account", "NAME", "whose; required with several accounts", 'a'},
            {"host", "HOST",
             "by which the peer reaches the bridge (default: wsHost), or, with "
             "`connect`, on which it is to listen",
             'H'},
            {"for", PEERS, "another peer than NapCat", 'f'},
            {"hide-token", NULL, "put *** in its place, to show it to others",
             't'},
            {"json", NULL, "in one line", 'j'},
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
