/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "check.h"
#include "config/tools.h"

/* -- A loading and all that came of it --------------------------------------
 */

struct loaded {
    enum status status;
    struct config config;
    struct buffer faults; /* a line each, NUL behind; the directory left out */
    struct buffer print;  /* NUL behind */
};

struct layer_texts {
    const char *file;             /* NULL: none */
    size_t file_size;             /* 0: its strlen */
    const char *const *variables; /* NAME=value …, NULL; may be NULL */
    const char *const *flags;     /* path=value …, NULL; may be NULL */
    const char *flag_name;
};

enum { FLAGS_MAX = 8 };

static void write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    if (file == NULL)
        return;
    CHECK_EQ(fwrite(text, 1, size, file), size);
    fclose(file);
}

static void join_faults(const struct config_faults *faults, const char *dir,
                        struct buffer *out)
{
    size_t skip = strlen(dir);
    for (size_t i = 0; i < faults->count; i++) {
        const char *message = faults->messages[i];
        if (skip != 0 && strncmp(message, dir, skip) == 0)
            message += skip + 1;
        if (i != 0)
            buffer_append_string(out, "\n");
        buffer_append_string(out, message);
    }
    buffer_append(out, "", 1);
}

static struct loaded load_from(const struct config_source *source,
                               const char *dir)
{
    struct loaded loaded = {0};
    struct config_faults faults = {0};
    loaded.status = config_load(source, &loaded.config, &faults);
    join_faults(&faults, dir, &loaded.faults);
    CHECK_EQ(loaded.status == STATUS_OK, faults.count == 0);
    if (loaded.status == STATUS_OK)
        config_print(&loaded.config, &loaded.print);
    buffer_append(&loaded.print, "", 1);
    config_faults_finish(&faults);
    return loaded;
}

static struct loaded load_layers(const struct layer_texts *texts)
{
    char dir[] = "/tmp/onebus-config-XXXXXX";
    char path[64] = "/dev/null/no-such-file";
    struct config_flag flags[FLAGS_MAX];
    static char *nothing[] = {NULL};
    CHECK(mkdtemp(dir) != NULL);
    struct config_source source = {
        .environment = texts->variables == NULL
                           ? nothing
                           : (char *const *)(uintptr_t)texts->variables,
        .flags = flags};
    if (texts->file != NULL) {
        snprintf(path, sizeof(path), "%s/onebus.json", dir);
        write_file(path, texts->file,
                   texts->file_size != 0 ? texts->file_size
                                         : strlen(texts->file));
        source.path = path;
    }
    while (texts->flags != NULL && texts->flags[source.flag_count] != NULL) {
        flags[source.flag_count] = (struct config_flag){
            texts->flag_name, texts->flags[source.flag_count]};
        source.flag_count++;
    }
    struct loaded loaded = load_from(&source, dir);
    unlink(path);
    rmdir(dir);
    return loaded;
}

static struct loaded load(const char *file)
{
    return load_layers(&(struct layer_texts){.file = file});
}

static void unload(struct loaded *loaded)
{
    config_finish(&loaded->config);
    buffer_finish(&loaded->faults);
    buffer_finish(&loaded->print);
}

static void check_faults(const struct layer_texts *texts, const char *faults)
{
    struct loaded loaded = load_layers(texts);
    CHECK_ROW(slice_of(loaded.faults.data), slice_of(faults),
              texts->file != NULL ? texts->file : "no file");
    unload(&loaded);
}

static void check_file_faults(const char *file, const char *faults)
{
    check_faults(&(struct layer_texts){.file = file}, faults);
}

/* The settings in effect have this line, whatever its indent and comma. */
static void check_shown(const struct layer_texts *texts, const char *line)
{
    struct loaded loaded = load_layers(texts);
    const char *found = strstr(loaded.print.data, line);
    CHECK_ROW(slice_of(loaded.faults.data), slice_of(""), line);
    CHECK_ROW(slice_of(found != NULL ? line : loaded.print.data),
              slice_of(line), line);
    unload(&loaded);
}

#define CHANNEL(inner) "{\"channels\":{\"napcatqq\":{" inner "}}}"
#define BRIDGE(inner)  "{\"bridge\":{" inner "}}"
#define ROWS(rows)     (sizeof(rows) / sizeof((rows)[0]))

/* -- Values -----------------------------------------------------------------
 */

TEST(without_anything_the_defaults_hold)
{
    struct loaded loaded = load("{}");
    const struct config *config = &loaded.config;
    CHECK_EQ(loaded.status, STATUS_OK);
    CHECK_EQ(config->account_count, 1);
    const struct config_account *account = config->accounts;
    CHECK_STR(account->key, "default");
    CHECK(account->name == NULL);
    CHECK(account->enabled);
    CHECK(!account->allow_insecure);
    CHECK_STR(account->host, "127.0.0.1");
    CHECK_EQ(account->port, 3001);
    CHECK_STR(account->path, "/onebot/v11/ws");
    CHECK(account->token == NULL);
    CHECK_EQ(account->self_id, 0);
    CHECK_EQ(account->reconnect.delay_ms, 5000);
    CHECK_EQ(config->event_urls.count, 1);
    CHECK_STR(config->event_urls.items[0], "tcp://127.0.0.1:7710");
    CHECK_EQ(config->action_urls.count, 1);
    CHECK_STR(config->action_urls.items[0], "tcp://127.0.0.1:7711");
    CHECK_EQ(config->access, CONFIG_ACCESS_ENFORCE);
    CHECK_EQ(account->dm_policy, CONFIG_POLICY_PAIRING);
    CHECK_EQ(account->group_policy, CONFIG_POLICY_ALLOWLIST);
    CHECK(account->connect == NULL);
    CHECK(account->reconnect.enabled);
    CHECK_EQ(account->reconnect.retries_max, 10);
    CHECK(account->reconnect.multiplier == 2);
    CHECK_EQ(account->reconnect.delay_max_ms, 60000);
    CHECK(account->heartbeat.enabled);
    CHECK_EQ(account->heartbeat.interval_ms, 30000);
    CHECK_EQ(account->heartbeat.timeout_ms, 10000);
    CHECK_EQ(account->group_count, 0);
    CHECK_EQ(config->notes.count, 0);
    CHECK(!config->allow_insecure);
    CHECK_EQ(config->call_timeout_ms, 10000);
    CHECK_EQ(config->call_write_timeout_ms, 30000);
    CHECK_EQ(config->calls_max, 256);
    CHECK_EQ(config->frame_bytes_max, 64 * 1024 * 1024);
    CHECK_EQ(config->log_level, LOG_INFO);
    CHECK_EQ(config->log_format, LOG_AUTO);
    CHECK_EQ(config->log_content, LOG_CONTENT_NONE);
    unload(&loaded);
}

TEST(each_key_is_read)
{
    struct loaded loaded = load(
        "{\"channels\":{\"napcatqq\":{\"enabled\":true,\"name\":\"小 Q\","
        "\"wsPort\":0,\"wsHost\":\"::1\",\"wsPath\":\"/a/b/\","
        "\"accessToken\":\"s3cret\",\"selfId\":3889001741,"
        "\"allowInsecure\":true,\"reconnect\":{\"retryDelay\":\"10m\"},"
        "\"dmPolicy\":\"open\",\"groupPolicy\":\"open\"}},"
        "\"bridge\":{\"events\":[\"ipc:///run/e\",\"tcp://[::1]:1\"],"
        "\"actions\":[\"ws://localhost:2/x\"],\"access\":\"mark\","
        "\"allowInsecure\":true,\"call\":{\"timeout\":1,\"writeTimeout\":"
        "\"30m\",\"maxInFlight\":4096},\"media\":{\"maxFrame\":\"1GiB\","
        "\"inlineMax\":0,\"fetch\":\"bridge\",\"fetchPrivate\":[\"a.lan\"]},"
        "\"log\":{\"level\":\"error\",\"format\":\"json\"}}}");
    const struct config *config = &loaded.config;
    CHECK_STR(loaded.faults.data, "");
    if (loaded.status == STATUS_OK) {
        const struct config_account *account = config->accounts;
        CHECK_STR(account->name, "小 Q");
        CHECK_EQ(account->port, 0);
        CHECK_STR(account->host, "::1");
        CHECK_STR(account->path, "/a/b");
        CHECK_STR(account->token, "s3cret");
        CHECK_EQ(account->self_id, 3889001741);
        CHECK(account->allow_insecure);
        CHECK_EQ(account->reconnect.delay_ms, 600000);
        CHECK_EQ(config->event_urls.count, 2);
        CHECK_EQ(config->inline_bytes_max, 0);
        CHECK_EQ(config->media_fetch, CONFIG_FETCH_BRIDGE);
        CHECK_EQ(config->fetch_private.count, 1);
        CHECK_STR(config->event_urls.items[1], "tcp://[::1]:1");
        CHECK_STR(config->action_urls.items[0], "ws://localhost:2/x");
        CHECK(config->allow_insecure);
        CHECK_EQ(config->call_timeout_ms, 1);
        CHECK_EQ(config->call_write_timeout_ms, 1800000);
        CHECK_EQ(config->calls_max, 4096);
        CHECK_EQ(config->frame_bytes_max, 1 << 30);
        CHECK_EQ(config->log_level, LOG_ERROR);
        CHECK_EQ(config->log_format, LOG_JSON);
    }
    unload(&loaded);
}

TEST(a_value_may_be_written_in_several_ways)
{
    static const struct {
        const char *file, *line;
    } rows[] = {
        {CHANNEL("\"selfId\":\"10001\""), "\"selfId\": 10001"},
        {CHANNEL("\"selfId\":9007199254740991"),
         "\"selfId\": 9007199254740991"},
        {CHANNEL("\"selfId\":\"9007199254740991\""),
         "\"selfId\": 9007199254740991"},
        {CHANNEL("\"selfId\":1000000000000000"),
         "\"selfId\": 1000000000000000"},
        {CHANNEL("\"wsPort\":3.002e3"), "\"wsPort\": 3002"},
        {CHANNEL("\"wsPath\":\"/\""), "\"wsPath\": \"/\""},
        {CHANNEL("\"wsPath\":\"/x/\""), "\"wsPath\": \"/x\""},
        {CHANNEL("\"reconnect\":{\"retryDelay\":0}"), "\"retryDelay\": 0"},
        {CHANNEL("\"reconnect\":{\"retryDelay\":\"7s\"}"),
         "\"retryDelay\": 7000"},
        {CHANNEL("\"reconnect\":{}"), "\"retryDelay\": 5000"},
        {BRIDGE("\"call\":{\"timeout\":\"500ms\"}"), "\"timeout\": 500"},
        {BRIDGE("\"call\":{\"timeout\":\"500\"}"), "\"timeout\": 500"},
        {BRIDGE("\"media\":{\"maxFrame\":1024}"), "\"maxFrame\": 1024"},
        {BRIDGE("\"media\":{\"maxFrame\":\"2MB\"}"), "\"maxFrame\": 2000000"},
        {"\xef\xbb\xbf{/**/\"bridge\" // x\n:{\"allowInsecure\":true,},}",
         "\"allowInsecure\": true"},
        {CHANNEL("\"ws\\u0050ort\":4"), "\"wsPort\": 4"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_shown(&(struct layer_texts){.file = rows[i].file}, rows[i].line);
}

TEST(an_account_inherits_the_channel)
{
    struct loaded loaded = load(
        CHANNEL("\"wsPort\":4000,\"accessToken\":\"channel\",\"name\":\"C\","
                "\"accounts\":{"
                "\"bot1\":{\"wsPath\":\"/1\"},"
                "\"off\":{\"enabled\":false,\"wsPath\":\"/1\"},"
                "\"Bot-2_x\":{\"wsPort\":4001,\"accessToken\":\"own\",\"name\":"
                "\"D\"}}"));
    CHECK_STR(loaded.faults.data, "");
    CHECK_EQ(loaded.config.account_count, 2);
    if (loaded.config.account_count == 2) {
        const struct config_account *accounts = loaded.config.accounts;
        CHECK_STR(accounts[0].key, "bot1");
        CHECK_EQ(accounts[0].port, 4000);
        CHECK_STR(accounts[0].path, "/1");
        CHECK_STR(accounts[0].token, "channel");
        CHECK_STR(accounts[0].name, "C");
        CHECK_STR(accounts[1].key, "Bot-2_x");
        CHECK_EQ(accounts[1].port, 4001);
        CHECK_STR(accounts[1].path, "/onebot/v11/ws");
        CHECK_STR(accounts[1].token, "own");
        CHECK_STR(accounts[1].name, "D");
    }
    unload(&loaded);
}

TEST(who_is_disabled_is_no_account)
{
    static const struct {
        const char *file;
        size_t accounts;
    } rows[] = {
        {CHANNEL(""), 1},
        {CHANNEL("\"enabled\":false"), 0},
        {CHANNEL("\"accounts\":{}"), 0},
        {CHANNEL("\"accounts\":{\"a\":{}}"), 1},
        {CHANNEL("\"accounts\":{\"a\":{\"enabled\":false}}"), 0},
        /* the channel's switch is above its accounts' */
        {CHANNEL("\"enabled\":false,\"accounts\":{\"a\":{\"enabled\":true}}"),
         0},
        {CHANNEL("\"accounts\":{\"a\":{\"enabled\":false},\"b\":{}}"), 1},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct loaded loaded = load(rows[i].file);
        CHECK_ROW(slice_of(loaded.faults.data), slice_of(""), rows[i].file);
        CHECK_EQ(loaded.config.account_count, rows[i].accounts);
        unload(&loaded);
    }
}

/* -- Layers -----------------------------------------------------------------
 */

TEST(flag_over_environment_over_file_over_default)
{
    static const char *const variables[] = {"ONEBUS_BRIDGE_CALL_TIMEOUT=3",
                                            "ONEBUS_CHANNELS_NAPCATQQ_WSPORT=3",
                                            NULL};
    static const char *const flags[] = {"bridge.call.timeout=4",
                                        "channels.napcatqq.wsPort=4", NULL};
    static const char *const file =
        "{\"bridge\":{\"call\":{\"timeout\":2}},"
        "\"channels\":{\"napcatqq\":{\"wsPort\":2}}}";
    static const struct {
        struct layer_texts texts;
        const char *timeout, *port;
    } rows[] = {
        {{.file = "{}"}, "\"timeout\": 10000", "\"wsPort\": 3001"},
        {{.file = file}, "\"timeout\": 2", "\"wsPort\": 2"},
        {{.file = file, .variables = variables},
         "\"timeout\": 3",
         "\"wsPort\": 3"},
        {{.file = file, .variables = variables, .flags = flags},
         "\"timeout\": 4",
         "\"wsPort\": 4"},
        {{.file = "{}", .variables = variables},
         "\"timeout\": 3",
         "\"wsPort\": 3"},
        {{.file = file, .flags = flags}, "\"timeout\": 4", "\"wsPort\": 4"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        check_shown(&rows[i].texts, rows[i].timeout);
        check_shown(&rows[i].texts, rows[i].port);
    }
}

TEST(every_type_can_be_set_from_text)
{
    static const struct {
        const char *variable, *flag, *line;
    } rows[] = {
        {"CHANNELS_NAPCATQQ_ALLOWINSECURE=true",
         "channels.napcatqq.allowInsecure=true", "\"allowInsecure\": true"},
        {"CHANNELS_NAPCATQQ_WSPORT=17", "channels.napcatqq.wsPort=17",
         "\"wsPort\": 17"},
        {"CHANNELS_NAPCATQQ_SELFID=17", "channels.napcatqq.selfId=17",
         "\"selfId\": 17"},
        {"CHANNELS_NAPCATQQ_NAME=a=b", "channels.napcatqq.name=a=b",
         "\"name\": \"a=b\""},
        /* not the file: nothing is expanded */
        {"CHANNELS_NAPCATQQ_NAME=${HOME}", "channels.napcatqq.name=${HOME}",
         "\"name\": \"$${HOME}\""},
        {"CHANNELS_NAPCATQQ_ACCESSTOKEN=x", "channels.napcatqq.accessToken=x",
         "\"accessToken\": \"***\""},
        {"CHANNELS_NAPCATQQ_RECONNECT_RETRYDELAY=1s",
         "channels.napcatqq.reconnect.retryDelay=1s", "\"retryDelay\": 1000"},
        {"BRIDGE_MEDIA_MAXFRAME=1MiB", "bridge.media.maxFrame=1MiB",
         "\"maxFrame\": 1048576"},
        {"BRIDGE_LOG_LEVEL=warn", "bridge.log.level=warn",
         "\"level\": \"warn\""},
        {"BRIDGE_EVENTS=tcp://127.0.0.1:1, ipc:///x ,",
         "bridge.events=tcp://127.0.0.1:1, ipc:///x ,",
         "\"events\": [\"tcp://127.0.0.1:1\",\"ipc:///x\"]"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char variable[128];
        snprintf(variable, sizeof(variable), "ONEBUS_%s", rows[i].variable);
        const char *variables[] = {variable, NULL};
        const char *flags[] = {rows[i].flag, NULL};
        check_shown(&(struct layer_texts){.file = "{}", .variables = variables},
                    rows[i].line);
        check_shown(&(struct layer_texts){.file = "{}", .flags = flags},
                    rows[i].line);
    }
}

TEST(an_account_of_the_file_can_be_set_too)
{
    static const char *const file =
        CHANNEL("\"wsPort\":1,\"accounts\":{\"bot-1\":{\"wsPort\":2},"
                "\"bot2\":{}}");
    static const char *const own[] = {
        "ONEBUS_CHANNELS_NAPCATQQ_ACCOUNTS_BOT_1_WSPORT=3", NULL};
    static const char *const channels[] = {"ONEBUS_CHANNELS_NAPCATQQ_WSPORT=4",
                                           NULL};
    static const char *const flag[] = {
        "channels.napcatqq.accounts.bot-1.wsPort=5", NULL};
    static const struct {
        struct layer_texts texts;
        int first, second;
    } rows[] = {
        {{.file = file}, 2, 1},
        {{.file = file, .variables = own}, 3, 1},
        /* an account's own value is nearer than its channel's */
        {{.file = file, .variables = channels}, 2, 4},
        {{.file = file, .variables = own, .flags = flag}, 5, 1},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct loaded loaded = load_layers(&rows[i].texts);
        CHECK_EQ(loaded.config.account_count, 2);
        if (loaded.config.account_count == 2) {
            CHECK_EQ(loaded.config.accounts[0].port, rows[i].first);
            CHECK_EQ(loaded.config.accounts[1].port, rows[i].second);
        }
        unload(&loaded);
    }
}

TEST(faults_of_the_environment_and_of_flags_name_them)
{
    static const struct {
        const char *variable, *flag, *fault;
    } rows[] = {
        {"ONEBUS_BRIDGE_LOG_LEVEL=loud", NULL,
         "ONEBUS_BRIDGE_LOG_LEVEL: \"loud\" is not known; allowed: \"debug\", "
         "\"info\", \"warn\", \"error\""},
        {NULL, "bridge.log.level=loud",
         "--set bridge.log.level=…: \"loud\" is not known; allowed: "
         "\"debug\", \"info\", \"warn\", \"error\""},
        {"ONEBUS_BRIDGE_CALL_TIMEOUT=5 parsecs", NULL,
         "ONEBUS_BRIDGE_CALL_TIMEOUT: \"5 parsecs\" is no duration; allowed: "
         "1 ms to 30 min, as a number of ms or \"500ms\", \"10s\", \"5m\""},
        {"ONEBUS_BRIDGE_ALLOWINSECURE=yes", NULL,
         "ONEBUS_BRIDGE_ALLOWINSECURE: \"yes\" is no boolean; allowed: true "
         "or false"},
        {"ONEBUS_BRIDGE_EVENTS=", NULL,
         "ONEBUS_BRIDGE_EVENTS: too few elements; allowed: 1 to 16"},
        {"ONEBUS_BRIDGE_EVENTS=ipc:///a,,udp://x", NULL,
         "ONEBUS_BRIDGE_EVENTS: \"\" is no bus address; allowed: "
         "\"tcp://host:port\", \"ws://host:port/path\", the same with tls+tcp "
         "and wss, \"ipc:///path\"\n"
         "ONEBUS_BRIDGE_EVENTS: \"udp://x\" is no bus address; allowed: "
         "\"tcp://host:port\", \"ws://host:port/path\", the same with tls+tcp "
         "and wss, \"ipc:///path\""},
        {"ONEBUS_CHANNELS_NAPCATQQ_WSHOST=0.0.0.0", NULL,
         "ONEBUS_CHANNELS_NAPCATQQ_WSHOST: \"0.0.0.0\" can be reached from "
         "outside, and account default asks for no token; set accessToken, or "
         "listen on 127.0.0.1, or set allowInsecure to true if the network "
         "keeps strangers out"},
        {"ONEBUS_BRIDGE_LOG_LEVL=info", NULL,
         "ONEBUS_BRIDGE_LOG_LEVL: no such setting, did you mean "
         "ONEBUS_BRIDGE_LOG_LEVEL?"},
        {"ONEBUS_BRIDGE_log_level=info", NULL,
         "ONEBUS_BRIDGE_log_level: no such setting, did you mean "
         "ONEBUS_BRIDGE_LOG_LEVEL?"},
        {"ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKEN_FILE=/x", NULL,
         "ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKEN_FILE: no such setting, did you "
         "mean ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKENFILE?"},
        {"ONEBUS_CHANNELS_NAPCATQQ_ACCOUNTS_BOT9_WSPORT=1", NULL,
         "ONEBUS_CHANNELS_NAPCATQQ_ACCOUNTS_BOT9_WSPORT: no such setting, did "
         "you mean ONEBUS_CHANNELS_NAPCATQQ_WSPORT?"},
        {"ONEBUS_BRIDGE=1", NULL, "ONEBUS_BRIDGE: no such setting"},
        {NULL, "bridge.log.levle=info",
         "--set bridge.log.levle=…: no such setting, did you mean "
         "bridge.log.level?"},
        {NULL, "bridge.log.level", "--set: no \"=\"; allowed: path=value"},
        {NULL, "=x", "--set =…: no such setting"},
        /* not ours to judge */
        {"ONEBUS_TOKEN=x", NULL, ""},
        {"ONEBUS_CONFIG=/nowhere", NULL, ""},
        {"XONEBUS_BRIDGE_LOG=1", NULL, ""},
        {"ONEBUS_BRIDG", NULL, ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *variables[] = {rows[i].variable, NULL};
        const char *flags[] = {rows[i].flag, NULL};
        check_faults(&(struct layer_texts){.file = "{}",
                                           .variables = variables,
                                           .flags = flags},
                     rows[i].fault);
    }
}

TEST(a_flag_of_its_own_is_named_so)
{
    static const char *const flags[] = {"bridge.log.level=x",
                                        "bridge.nothing=y", "z", NULL};
    check_faults(&(struct layer_texts){.file = "{}",
                                       .flags = flags,
                                       .flag_name = "--log-level"},
                 "--log-level: \"x\" is not known; allowed: \"debug\", "
                 "\"info\", \"warn\", \"error\"\n"
                 "--log-level: no such setting\n"
                 "--log-level: no \"=\"; allowed: path=value");
}

TEST(of_two_flags_for_one_path_the_last_counts)
{
    static const char *const flags[] = {"bridge.log.level=warn",
                                        "bridge.log.level=debug", NULL};
    check_shown(&(struct layer_texts){.file = "{}", .flags = flags},
                "\"level\": \"debug\"");
}

TEST(a_variable_that_means_two_accounts_is_refused)
{
    static const char *const variables[] = {
        "ONEBUS_CHANNELS_NAPCATQQ_ACCOUNTS_A_B_WSPORT=1", NULL};
    check_faults(
        &(struct layer_texts){
            .file = CHANNEL("\"accounts\":{\"a-b\":{\"wsPort\":4},\"a_b\":{}}"),
            .variables = variables},
        "ONEBUS_CHANNELS_NAPCATQQ_ACCOUNTS_A_B_WSPORT: this is both "
        "channels.napcatqq.accounts.a-b.wsPort and "
        "channels.napcatqq.accounts.a_b.wsPort; set them in the file");
}

/* -- Faults of the file ------------------------------------------------------
 */

TEST(faults_name_file_line_path_and_what_is_allowed)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {"{\n\"channels\": {\n\n\"napcatqq\": {\n// x\n\n\"wsPrt\": 1}}}",
         "onebus.json:7: channels.napcatqq.wsPrt: unknown key, did you mean "
         "wsPort?"},
        {"{\"bridge\":\n{\"call\":\n{\"timeout\":\n\"5 parsecs\"}}}",
         "onebus.json:3: bridge.call.timeout: \"5 parsecs\" is no duration; "
         "allowed: 1 ms to 30 min, as a number of ms or \"500ms\", \"10s\", "
         "\"5m\""},
        {BRIDGE("\"call\":{\"timeout\":0}"),
         "onebus.json:1: bridge.call.timeout: 0 is out of range; allowed: "
         "1 ms to 30 min, as a number of ms or \"500ms\", \"10s\", \"5m\""},
        {BRIDGE("\"call\":{\"timeout\":\"31m\"}"),
         "onebus.json:1: bridge.call.timeout: \"31m\" is out of range; "
         "allowed: 1 ms to 30 min, as a number of ms or \"500ms\", \"10s\", "
         "\"5m\""},
        {BRIDGE("\"call\":{\"timeout\":1.5}"),
         "onebus.json:1: bridge.call.timeout: 1.5 is no duration; allowed: "
         "1 ms to 30 min, as a number of ms or \"500ms\", \"10s\", \"5m\""},
        {BRIDGE("\"call\":{\"writeTimeout\":true}"),
         "onebus.json:1: bridge.call.writeTimeout: true is no duration; "
         "allowed: 1 ms to 30 min, as a number of ms or \"500ms\", \"10s\", "
         "\"5m\""},
        {CHANNEL("\"reconnect\":{\"retryDelay\":\"-1s\"}"),
         "onebus.json:1: channels.napcatqq.reconnect.retryDelay: \"-1s\" is "
         "out of range; allowed: 0 ms to 10 min, as a number of ms or "
         "\"500ms\", \"10s\", \"5m\""},
        {BRIDGE("\"media\":{\"maxFrame\":\"1023\"}"),
         "onebus.json:1: bridge.media.maxFrame: \"1023\" is out of range; "
         "allowed: 1 KiB to 1 GiB, as a number of bytes or \"64KiB\", "
         "\"50MiB\""},
        {BRIDGE("\"media\":{\"maxFrame\":\"64mib\"}"),
         "onebus.json:1: bridge.media.maxFrame: \"64mib\" is no size; "
         "allowed: 1 KiB to 1 GiB, as a number of bytes or \"64KiB\", "
         "\"50MiB\""},
        {CHANNEL("\"wsPort\":65536"),
         "onebus.json:1: channels.napcatqq.wsPort: 65536 is out of range; "
         "allowed: a whole number from 0 to 65535"},
        {CHANNEL("\"wsPort\":1e400"),
         "onebus.json:1: channels.napcatqq.wsPort: inf is no whole number; "
         "allowed: a whole number from 0 to 65535"},
        {CHANNEL("\"wsPort\":-1"),
         "onebus.json:1: channels.napcatqq.wsPort: -1 is out of range; "
         "allowed: a whole number from 0 to 65535"},
        {CHANNEL("\"wsPort\":\"3001\""),
         "onebus.json:1: channels.napcatqq.wsPort: \"3001\" is no whole "
         "number; allowed: a whole number from 0 to 65535"},
        {CHANNEL("\"wsPort\":null"),
         "onebus.json:1: channels.napcatqq.wsPort: null is no whole number; "
         "allowed: a whole number from 0 to 65535"},
        {CHANNEL("\"enabled\":\"true\""),
         "onebus.json:1: channels.napcatqq.enabled: \"true\" is no boolean; "
         "allowed: true or false"},
        {CHANNEL("\"enabled\":1"),
         "onebus.json:1: channels.napcatqq.enabled: 1 is no boolean; allowed: "
         "true or false"},
        {CHANNEL("\"selfId\":0"),
         "onebus.json:1: channels.napcatqq.selfId: 0 is out of range; "
         "allowed: 1 to 9007199254740991, as a number or as text"},
        /* as a double this is another number already */
        {CHANNEL("\"selfId\":9007199254740993"),
         "onebus.json:1: channels.napcatqq.selfId: 9007199254740992 is no QQ "
         "number; allowed: 1 to 9007199254740991, as a number or as text"},
        {CHANNEL("\"selfId\":\"9007199254740992\""),
         "onebus.json:1: channels.napcatqq.selfId: \"9007199254740992\" is "
         "out of range; allowed: 1 to 9007199254740991, as a number or as "
         "text"},
        {CHANNEL("\"selfId\":\"ten\""),
         "onebus.json:1: channels.napcatqq.selfId: \"ten\" is no QQ number; "
         "allowed: 1 to 9007199254740991, as a number or as text"},
        {CHANNEL("\"name\":[\"a\"]"),
         "onebus.json:1: channels.napcatqq.name: a list is no text; allowed: "
         "1 to 256 bytes of text"},
        {CHANNEL("\"name\":{}"),
         "onebus.json:1: channels.napcatqq.name: an object is no text; "
         "allowed: 1 to 256 bytes of text"},
        {CHANNEL("\"name\":\"a\\u001b[2J\""),
         "onebus.json:1: channels.napcatqq.name: \"a\\x1b[2J\" has bytes that "
         "are no text; allowed: 1 to 256 bytes of text"},
        {CHANNEL("\"wsHost\":\"127.0.0.300\""),
         "onebus.json:1: channels.napcatqq.wsHost: \"127.0.0.300\" is no "
         "address; allowed: an IPv4 or IPv6 address, or a host name"},
        {CHANNEL("\"wsPath\":\"onebot\""),
         "onebus.json:1: channels.napcatqq.wsPath: \"onebot\" does not begin "
         "with /; allowed: a path that begins with /, up to 256 bytes without "
         "blanks, ? and #"},
        {CHANNEL("\"wsPath\":\"/a?b\""),
         "onebus.json:1: channels.napcatqq.wsPath: \"/a?b\" has bytes that no "
         "path has; allowed: a path that begins with /, up to 256 bytes "
         "without blanks, ? and #"},
        {CHANNEL("\"dmPolicy\":\"pair\",\n\"groupPolicy\":\"pairing\""),
         "onebus.json:1: channels.napcatqq.dmPolicy: \"pair\" is not known; "
         "allowed: \"open\", \"allowlist\", \"closed\", \"pairing\"\n"
         "onebus.json:2: channels.napcatqq.groupPolicy: \"pairing\" is not "
         "known; allowed: \"open\", \"allowlist\", \"closed\""},
        {BRIDGE("\"access\":7"),
         "onebus.json:1: bridge.access: 7 is no text; allowed: \"enforce\", "
         "\"mark\""},
        {CHANNEL("\"accessTokenFile\":7"),
         "onebus.json:1: channels.napcatqq.accessTokenFile: the value is no "
         "text; allowed: the path of a file that holds the token and nothing "
         "else"},
        {CHANNEL("\"name\":\"\""),
         "onebus.json:1: channels.napcatqq.name: \"\" is empty; allowed: 1 to "
         "256 bytes of text"},
        {BRIDGE("\"events\":\"tcp://127.0.0.1:1\""),
         "onebus.json:1: bridge.events: \"tcp://127.0.0.1:1\" is no list; "
         "allowed: \"tcp://host:port\", \"ws://host:port/path\", the "
         "same with tls+tcp and wss, \"ipc:///path\""},
        {BRIDGE("\"events\":[]"),
         "onebus.json:1: bridge.events: too few elements; allowed: 1 to 16"},
        {BRIDGE("\"events\":[\"ipc:///a\",\n5,\n\"tls://127.0.0.1:1\"]"),
         "onebus.json:2: bridge.events[1]: 5 is no text; allowed: "
         "\"tcp://host:port\", \"ws://host:port/path\", the same with tls+tcp "
         "and wss, \"ipc:///path\"\n"
         "onebus.json:3: bridge.events[2]: \"tls://127.0.0.1:1\" is no bus "
         "address; allowed: \"tcp://host:port\", \"ws://host:port/path\", the "
         "same with tls+tcp and wss, \"ipc:///path\""},
        {BRIDGE("\"events\":[\"ipc:///a\",\n\"tls+tcp://127.0.0.1:1\"],"
                "\"actions\":[\"wss://127.0.0.1:2/\"]"),
         "onebus.json:2: bridge.events[1]: \"tls+tcp://127.0.0.1:1\" needs a "
         "certificate; set bridge.tls.cert and bridge.tls.key\n"
         "onebus.json:2: bridge.actions[0]: \"wss://127.0.0.1:2/\" needs a "
         "certificate; set bridge.tls.cert and bridge.tls.key"},
        {BRIDGE("\"log\":5"), "onebus.json:1: bridge.log: this is no object"},
        {BRIDGE("\"log\":{\n\"levle\":1}"),
         "onebus.json:2: bridge.log.levle: unknown key, did you mean level?"},
        {BRIDGE("\"log.level\":\"info\""),
         "onebus.json:1: bridge.log.level: unknown key"},
        {BRIDGE("\"log\":{\"\":{\"\":1}},\"\":1"),
         "onebus.json:1: bridge.log.: unknown key\n"
         "onebus.json:1: bridge.: unknown key"},
        {BRIDGE("\"cal\":{}"),
         "onebus.json:1: bridge.cal: unknown key, did you mean call?"},
        {CHANNEL("\"acounts\":{}"),
         "onebus.json:1: channels.napcatqq.acounts: unknown key, did you mean "
         "accounts?"},
        {CHANNEL("\"eventUrl\":\"tcp://127.0.0.1:1\""),
         "onebus.json:1: channels.napcatqq.eventUrl: unknown key, did you mean "
         "eventsUrl?"},
        {CHANNEL("\"groups\":{\"1\":{\"toolsBySenders\":{}}}"),
         "onebus.json:1: channels.napcatqq.groups.1.toolsBySenders: unknown "
         "key, did you mean toolsBySender?"},
        {CHANNEL("\"tls\":{\"actions\":{}}"),
         "onebus.json:1: channels.napcatqq.tls.actions: unknown key"},
        {BRIDGE("\"typing\":true"),
         "onebus.json:1: bridge.typing: unknown key"},
        {CHANNEL("\"accounts\":{\"a\":{\"accounts\":{}}}"),
         "onebus.json:1: channels.napcatqq.accounts.a.accounts: unknown key"},
        {CHANNEL("\"accounts\":{\"a\":{\n\"WSPORT\":1}}"),
         "onebus.json:2: channels.napcatqq.accounts.a.WSPORT: unknown key, "
         "did you mean wsPort?"},
        {CHANNEL("\"accounts\":{\"a b\":{},\n\"\":{},\n\"c\":5}"),
         "onebus.json:1: channels.napcatqq.accounts.a b: this is no name for "
         "an account; allowed: 1 to 64 of A-Z a-z 0-9 _ -\n"
         "onebus.json:2: channels.napcatqq.accounts.: this is no name for an "
         "account; allowed: 1 to 64 of A-Z a-z 0-9 _ -\n"
         "onebus.json:3: channels.napcatqq.accounts.c: this is no object"},
        {CHANNEL("\"accounts\":[]"),
         "onebus.json:1: channels.napcatqq.accounts: this is no object"},
        {CHANNEL("\"heartbeat\":{\"intervall\":1}"),
         "onebus.json:1: channels.napcatqq.heartbeat.intervall: unknown key, "
         "did you mean interval?"},
        {CHANNEL("\"reconnect\":{\"backoffMultiplier\":0.5}"),
         "onebus.json:1: channels.napcatqq.reconnect.backoffMultiplier: 0.5 is "
         "out of range; allowed: a number from 1 to 100"},
        {CHANNEL("\"allowFrom\":[1,\n\"x\",\n-3,\n1.5]"),
         "onebus.json:2: channels.napcatqq.allowFrom[1]: \"x\" is no QQ "
         "number; allowed: a list of QQ numbers, or \"*\" for everyone\n"
         "onebus.json:3: channels.napcatqq.allowFrom[2]: -3 is no QQ number; "
         "allowed: a list of QQ numbers, or \"*\" for everyone\n"
         "onebus.json:4: channels.napcatqq.allowFrom[3]: 1.5 is no QQ number; "
         "allowed: a list of QQ numbers, or \"*\" for everyone"},
        {CHANNEL("\"allowFrom\":[\"user:7\",\n\"group:7\"]"),
         "onebus.json:2: channels.napcatqq.allowFrom[1]: \"group:7\" is no "
         "user; allowed: a list of QQ numbers, or \"*\" for everyone"},
        {CHANNEL("\"groupAllowFrom\":[\"group:7\",\n\"crew:7\"]"),
         "onebus.json:2: channels.napcatqq.groupAllowFrom[1]: \"crew:7\" is no "
         "QQ number; allowed: a list of QQ numbers, of \"user:<number>\" and "
         "\"group:<number>\", or \"*\" for everyone"},
        {CHANNEL("\"groups\":{\"x\":{},\n\"01\":{},\n\"5\":7,\n\"6\":{"
                 "\"requiremention\":true}}"),
         "onebus.json:1: channels.napcatqq.groups.x: this is no group; "
         "allowed: "
         "a group's number, or \"*\" for every group\n"
         "onebus.json:2: channels.napcatqq.groups.01: this is no group; "
         "allowed: a group's number, or \"*\" for every group\n"
         "onebus.json:3: channels.napcatqq.groups.5: this is no object\n"
         "onebus.json:4: channels.napcatqq.groups.6.requiremention: unknown "
         "key, did you mean requireMention?"},
        {CHANNEL("\"groups\":[1]"),
         "onebus.json:1: channels.napcatqq.groups: this is no object"},
        {CHANNEL("\"connect\":\"http://x\""),
         "onebus.json:1: channels.napcatqq.connect: \"http://x\" is no "
         "WebSocket address; allowed: \"ws://host:port/path\" or "
         "\"wss://host:port/path\""},
        {CHANNEL("\"connect\":\"ws://x/?access_token=hunter2\""),
         "onebus.json:1: channels.napcatqq.connect: the value has a token in "
         "it: give it as accessToken; allowed: "
         "\"ws://host:port/path\" or \"wss://host:port/path\""},
        {CHANNEL("\"connect\":\"ws://x\",\n\"wsPort\":3001"),
         "onebus.json:2: channels.napcatqq.wsPort: account default dials its "
         "peer, because connect is set; allowed: one of the two"},
        {CHANNEL("\"tls\":{\"cert\":\"/dev/null\"}"),
         "onebus.json:1: channels.napcatqq.tls.cert: tls.key is missing beside "
         "it; allowed: both or neither"},
        {CHANNEL("\"tls\":{\"ca\":\"/nowhere\"}"),
         "onebus.json:1: channels.napcatqq.tls.ca: \"/nowhere\" cannot be "
         "read: it is not there; allowed: the path of a PEM file that can be "
         "read"},
        {BRIDGE("\"media\":{\"paths\":[{\"from\":\"/a\",\"to\":\"/b\"}]}"), ""},
        {BRIDGE("\"media\":{\"paths\":[{\"from\":\"/a\"}]}"),
         "onebus.json:1: bridge.media.paths: a list has an element without "
         "both, or with more; allowed: a "
         "list of {\"from\": folder, \"to\": folder}, both from the root on"},
        {BRIDGE(
             "\"media\":{\"paths\":[{\"from\":\"/a\",\"to\":\"/b\",\"x\":1}]}"),
         "onebus.json:1: bridge.media.paths: a list has an element without "
         "both, or with more; allowed: a "
         "list of {\"from\": folder, \"to\": folder}, both from the root on"},
        {BRIDGE("\"media\":{\"paths\":[{\"from\":\"a\",\"to\":\"/b\"}]}"),
         "onebus.json:1: bridge.media.paths: a list has a folder that does not "
         "begin with / or a drive, or is longer than 1024 bytes; allowed: a "
         "list of {\"from\": folder, \"to\": folder}, both from the root on"},
        {BRIDGE("\"media\":{\"paths\":[{\"from\":\"/a\",\"to\":\"C:b\"}]}"),
         "onebus.json:1: bridge.media.paths: a list has a folder that does not "
         "begin with / or a drive, or is longer than 1024 bytes; allowed: a "
         "list of {\"from\": folder, \"to\": folder}, both from the root on"},
        {BRIDGE("\"media\":{\"paths\":[{\"from\":\"/a\",\"to\":\"/"
                "b\"},{\"from\":\"/a\",\"to\":\"/c\"}]}"),
         "onebus.json:1: bridge.media.paths: a list has one `from` twice; "
         "allowed: a "
         "list of {\"from\": folder, \"to\": folder}, both from the root on"},
        {BRIDGE("\"media\":{\"paths\":{\"from\":\"/a\",\"to\":\"/b\"}}"),
         "onebus.json:1: bridge.media.paths: an object is no list; allowed: a "
         "list of {\"from\": folder, \"to\": folder}, both from the root on"},
        {BRIDGE(
             "\"media\":{\"paths\":[{\"from\":\"C:\\\\a\",\"to\":\"D:/b\"}]}"),
         ""},
        {BRIDGE(
             "\"media\":{\"fetch\":\"bridge\",\"fetchPrivate\":[\"files.lan\","
             "\"10.0.0.0/8\",\"::1\"]}"),
         ""},
        {BRIDGE("\"media\":{\"fetch\":\"both\"}"),
         "onebus.json:1: bridge.media.fetch: \"both\" is not known; allowed: "
         "\"peer\", \"bridge\""},
        {BRIDGE("\"media\":{\"fetchPrivate\":[\"10.0.0.0/33\"]}"),
         "onebus.json:1: bridge.media.fetchPrivate[0]: \"10.0.0.0/33\" is "
         "no network; allowed: a host name, an address, or a network as "
         "10.0.0.0/8"},
        {"{\"channels\":5,\n\"bridge\":[]}",
         "onebus.json:1: channels: this is no object\n"
         "onebus.json:2: bridge: this is no object"},
        {"{\"channels\":{\n\"napcatqq\":true}}",
         "onebus.json:2: channels.napcatqq: this is no object"},
        {"{\"a\":[{\"bridge\":1},\"bridge\"],\n\"bridge\":{\"x\":1}}",
         "onebus.json:2: bridge.x: unknown key"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

TEST(what_is_no_json_is_told_with_its_line)
{
    static const struct {
        const char *file;
        size_t size;
        const char *fault;
    } rows[] = {
        {"{\n\"bridge\": {\n\"log\" 5}}", 0,
         "onebus.json:3: this is not JSON, or nested too deeply"},
        {"{\n\"a\": 1\n\"b\": 2}", 0,
         "onebus.json:3: this is not JSON, or nested too deeply"},
        {"{\n\"a\": [1,,2]}", 0,
         "onebus.json:2: this is not JSON, or nested too deeply"},
        {"{\n\"a\": [1", 0,
         "onebus.json:2: this is not JSON, or nested too deeply"},
        {"{\n\"a\": tru}", 0,
         "onebus.json:2: this is not JSON, or nested too deeply"},
        {"{}\n\n{}", 0, "onebus.json:3: there is text behind the document"},
        {"\n[]", 0, "onebus.json:2: the document is no object"},
        {"5", 0, "onebus.json:1: the document is no object"},
        {"", 0, "onebus.json:1: the file is empty; allowed: one JSON object"},
        {"\xef\xbb\xbf\n// nothing\n", 0,
         "onebus.json:1: the file is empty; allowed: one JSON object"},
        {"{\n\"a\": \"b}\n", 0,
         "onebus.json:2: this string does not end on its line"},
        {"{}\n/*\n\n", 0, "onebus.json:2: this comment does not end"},
        {"{\n\"a\": \"\xff\"}", 0, "onebus.json:2: this is not UTF-8"},
        {"{}\n\0", 4, "onebus.json:2: a control character"},
        {"{\"a\":\n\"\\u0000\"}", 0, "onebus.json:2: a NUL in a string"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_faults(&(struct layer_texts){.file = rows[i].file,
                                           .file_size = rows[i].size},
                     rows[i].fault);
}

TEST(a_key_given_twice_is_refused_where_it_matters)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {BRIDGE("\"log\":{\"level\":\"info\",\n\n\"level\":\"warn\"}"),
         "onebus.json:3: bridge.log.level: given twice, first in line 1"},
        {BRIDGE("\n\"log\":{},\n\"log\":{\"x\":1}"),
         "onebus.json:3: bridge.log: given twice, first in line 2"},
        {"{\"bridge\":{},\n\"bridge\":{}}",
         "onebus.json:2: bridge: given twice, first in line 1"},
        {"{\"channels\":{\"napcatqq\":{},\n\"napcatqq\":{}}}",
         "onebus.json:2: channels.napcatqq: given twice, first in line 1"},
        {CHANNEL("\"accounts\":{\"a\":{},\n\"a\":{}}"),
         "onebus.json:2: channels.napcatqq.accounts.a: given twice, first in "
         "line 1"},
        {CHANNEL("\"accounts\":{},\n\"accounts\":{}"),
         "onebus.json:2: channels.napcatqq.accounts: given twice, first in "
         "line 1"},
        {CHANNEL("\"junk\":1,\n\"junk\":2"),
         "onebus.json:1: channels.napcatqq.junk: unknown key\n"
         "onebus.json:2: channels.napcatqq.junk: given twice, first in line "
         "1"},
        /* what differs in case is another key; what is foreign is left alone */
        {"{\"agents\":1,\"agents\":2,\"Bridge\":3,"
         "\"channels\":{\"x\":1,\"x\":2}}",
         ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

TEST(all_faults_of_all_layers_are_told_at_once)
{
    static const char *const variables[] = {"ONEBUS_BRIDGE_X=1",
                                            "ONEBUS_BRIDGE_ACCESS=no", NULL};
    static const char *const flags[] = {"bridge.log.format=xml", NULL};
    struct loaded loaded = load_layers(&(struct layer_texts){
        .file = "{\"channels\":{\"napcatqq\":{\"wsPort\":-1,\n\"a\":1}},\n"
                "\"bridge\":{\"b\":2}}",
        .variables = variables,
        .flags = flags});
    static const char *const expected[] = {
        "onebus.json:1: channels.napcatqq.wsPort: ",
        "\nonebus.json:2: channels.napcatqq.a: ",
        "\nonebus.json:3: bridge.b: ",
        "\nONEBUS_BRIDGE_ACCESS: ",
        "\n--set bridge.log.format=…: ",
        "\nONEBUS_BRIDGE_X: ",
    };
    const char *rest = loaded.faults.data;
    for (size_t i = 0; i < ROWS(expected); i++) {
        const char *found = strstr(rest, expected[i]);
        CHECK_ROW(slice_of(found == NULL ? loaded.faults.data : expected[i]),
                  slice_of(expected[i]), "a fault, in this order");
        rest = found == NULL ? rest : found;
    }
    CHECK(loaded.config.accounts == NULL);
    unload(&loaded);
}

/* -- Variables and secrets ---------------------------------------------------
 */

TEST(a_string_may_name_variables)
{
    static const char *const variables[] = {
        "PORT=17",  "A=a", "_b2=ö", "EMPTY=", "URLS=ipc:///x,ipc:///y",
        "A=second", NULL};
    static const struct {
        const char *file, *line;
    } rows[] = {
        {CHANNEL("\"name\":\"${A}-${_b2}${EMPTY}!\""), "\"name\": \"a-ö!\""},
        {CHANNEL("\"name\":\"$${A} $A ${A}$\""), "\"name\": \"$${A} $A a$\""},
        {CHANNEL("\"name\":\"{A} }$\""), "\"name\": \"{A} }$\""},
        {CHANNEL("\"wsPort\":\"${PORT}\""), "\"wsPort\": 17"},
        {CHANNEL("\"selfId\":\"${PORT}0\""), "\"selfId\": 170"},
        {BRIDGE("\"call\":{\"timeout\":\"${PORT}s\"}"), "\"timeout\": 17000"},
        {BRIDGE("\"events\":\"${URLS}\""),
         "\"events\": [\"ipc:///x\",\"ipc:///y\"]"},
        {BRIDGE("\"events\":[\"ipc:///${A}\"]"), "\"events\": [\"ipc:///a\"]"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_shown(
            &(struct layer_texts){.file = rows[i].file, .variables = variables},
            rows[i].line);
}

TEST(a_variable_that_is_not_there_is_a_fault)
{
    static const char *const variables[] = {"A=loud", "EMPTY=", NULL};
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {CHANNEL("\"accessToken\":\"${QQ_TOKEN}\""),
         "onebus.json:1: channels.napcatqq.accessToken: the environment "
         "variable QQ_TOKEN is not set"},
        {CHANNEL("\"name\":\"${A\""),
         "onebus.json:1: channels.napcatqq.name: \"${\" opens no variable; "
         "allowed: \"${NAME}\", and \"$${\" for \"${\" itself"},
        {CHANNEL("\"name\":\"${}\""),
         "onebus.json:1: channels.napcatqq.name: \"${\" opens no variable; "
         "allowed: \"${NAME}\", and \"$${\" for \"${\" itself"},
        {CHANNEL("\"name\":\"${1A}\""),
         "onebus.json:1: channels.napcatqq.name: \"${\" opens no variable; "
         "allowed: \"${NAME}\", and \"$${\" for \"${\" itself"},
        {BRIDGE("\"events\":[\"ipc:///a\",\n\"${NO}\"]"),
         "onebus.json:2: bridge.events[1]: the environment variable NO is not "
         "set"},
        /* an unset token that looks set must not open the door */
        {CHANNEL("\"accessToken\":\"${EMPTY}\""),
         "onebus.json:1: channels.napcatqq.accessToken: the value is empty; "
         "allowed: 1 to 1024 bytes of text, no blanks around it; without the "
         "key no token is asked for"},
        /* shown as written: the value may be anything */
        {BRIDGE("\"log\":{\"level\":\"${A}\"}"),
         "onebus.json:1: bridge.log.level: \"${A}\" is not known; allowed: "
         "\"debug\", \"info\", \"warn\", \"error\""},
        {BRIDGE("\"events\":\"${A}\""),
         "onebus.json:1: bridge.events: \"${A}\" is no bus address; allowed: "
         "\"tcp://host:port\", \"ws://host:port/path\", the same with tls+tcp "
         "and wss, \"ipc:///path\""},
        /* not ours, not read */
        {"{\"env\":\"${NOPE}\",\"channels\":{\"x\":\"${NOPE}\"}}", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_faults(
            &(struct layer_texts){.file = rows[i].file, .variables = variables},
            rows[i].faults);
}

/* A file with this content, and settings that name it as the token's. */
static struct loaded load_token_file(const char *content, size_t size)
{
    char path[] = "/tmp/onebus-token-XXXXXX";
    char file[256];
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    close(fd);
    write_file(path, content, size);
    snprintf(file, sizeof(file), CHANNEL("\"accessTokenFile\":\"%s\""), path);
    struct loaded loaded = load(file);
    unlink(path);
    return loaded;
}

TEST(a_secret_may_be_in_a_file_of_its_own)
{
    static const struct {
        const char *content;
        size_t size;
        const char *token; /* NULL: refused */
    } rows[] = {
        {"hunter2", 7, "hunter2"},
        {"hunter2\n", 8, "hunter2"},
        {"hunter2\r\n", 9, "hunter2"},
        {"a b", 3, "a b"},
        {"hunter2\n\n", 9, NULL}, /* one newline is the editor's */
        {" hunter2", 8, NULL},
        {"hun\0ter2", 8, NULL},
        {"\n", 1, NULL},
        {"", 0, NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct loaded loaded = load_token_file(rows[i].content, rows[i].size);
        if (rows[i].token == NULL)
            CHECK_STR(loaded.faults.data,
                      "onebus.json:1: channels.napcatqq.accessTokenFile: the "
                      "value names a file that holds no sound secret; allowed: "
                      "the path of a file that holds the token and nothing "
                      "else");
        else if (loaded.status == STATUS_OK)
            CHECK_STR(loaded.config.accounts[0].token, rows[i].token);
        CHECK_EQ(loaded.status == STATUS_OK, rows[i].token != NULL);
        unload(&loaded);
    }
}

TEST(a_secret_file_that_cannot_be_read_is_a_fault)
{
    static const struct {
        const char *path, *why;
    } rows[] = {
        {"/dev/null/hunter2", "Not a directory"},
        {"/nowhere/hunter2", "No such file or directory"},
        {"/tmp", "Is a directory"},
        {"/dev/zero", "File too large"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char file[128];
        char fault[256];
        snprintf(file, sizeof(file), CHANNEL("\"accessTokenFile\":\"%s\""),
                 rows[i].path);
        snprintf(fault, sizeof(fault),
                 "onebus.json:1: channels.napcatqq.accessTokenFile: the value "
                 "names a file that cannot be read: %s; allowed: the path of "
                 "a file that holds the token and nothing else",
                 rows[i].why);
        check_file_faults(file, fault);
    }
}

TEST(a_secret_given_both_ways_in_one_layer_is_refused)
{
    static const char both[] =
        CHANNEL("\"accessTokenFile\":\"/nowhere\",\n\"accessToken\":\"a\"");
    static const char *const variables[] = {
        "ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKENFILE=/nowhere",
        "ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKEN=a", NULL};
    static const char *const flags[] = {
        "channels.napcatqq.accessToken=a",
        "channels.napcatqq.accessTokenFile=/nowhere", NULL};
    check_file_faults(
        CHANNEL("\"accessToken\":\"a\",\n\"accessTokenFile\":\"/nowhere\""),
        "onebus.json:2: channels.napcatqq.accessTokenFile: accessToken is set "
        "as well; allowed: one of the two");
    check_file_faults(
        both,
        "onebus.json:1: channels.napcatqq.accessTokenFile: the value names a "
        "file that cannot be read: No such file or directory; allowed: the "
        "path of a file that holds the token and nothing else\n"
        "onebus.json:2: channels.napcatqq.accessToken: accessTokenFile is set "
        "as well; allowed: one of the two");
    check_faults(
        &(struct layer_texts){.file = "{}", .variables = variables},
        "ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKENFILE: accessToken is set as "
        "well; allowed: one of the two");
    check_faults(&(struct layer_texts){.file = "{}", .flags = flags},
                 "--set channels.napcatqq.accessTokenFile=…: accessToken is "
                 "set as well; allowed: one of the two");
}

TEST(a_secret_of_a_higher_layer_wins_whichever_way_it_comes)
{
    char path[] = "/tmp/onebus-token-XXXXXX";
    char variable[128];
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    close(fd);
    write_file(path, "from-file\n", 10);
    snprintf(variable, sizeof(variable),
             "ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKENFILE=%s", path);
    const char *variables[] = {variable, NULL};
    struct loaded loaded = load_layers(&(struct layer_texts){
        .file = CHANNEL("\"accessToken\":\"low\""), .variables = variables});
    CHECK_STR(loaded.faults.data, "");
    if (loaded.status == STATUS_OK)
        CHECK_STR(loaded.config.accounts[0].token, "from-file");
    unload(&loaded);
    unlink(path);
}

#define TEN_LETTERS "abcdefghij"

TEST(no_secret_is_ever_shown)
{
    static const char *const variables[] = {
        "QQ_TOKEN=hunter2", "ONEBUS_CHANNELS_NAPCATQQ_ACCESTOKEN=hunter2",
        NULL};
    static const char *const flags[] = {
        "channels.napcatqq.accesToken=hunter2", "hunter2",
        "channels.napcatqq.accessToken=\001hunter2", NULL};
    static const char *const files[] = {
        CHANNEL("\"accessToken\":\"hunter2\",\"accessToken\":\"hunter2\""),
        CHANNEL("\"accessToken\":\" hunter2\""),
        CHANNEL("\"accessToken\":[\"hunter2\"]"),
        CHANNEL("\"accessToken\":\"${hunter\",\"wsPort\":\"hunt\""),
        CHANNEL("\"accessToken\":\"hunter2${\""),
        CHANNEL("\"accessToken\":\"hunter2\",\"accessTokenFile\":\"hunter2\""),
        CHANNEL("\"accessTokenFile\":\"hunter2\""),
        CHANNEL("\"accesToken\":\"hunter2\""),
        CHANNEL("\"wsHost\":\"${QQ_TOKEN} \""),
        BRIDGE("\"events\":\"${QQ_TOKEN}\""),
        CHANNEL("\"accessToken\":hunter2"),
        CHANNEL("\"accessToken\":\"hunter2"),
        CHANNEL("\"accounts\":{\"a\":{\"accessToken\":\"hunter2\",\"x\":1}}"),
        CHANNEL("\"connect\":\"ws://me:hunter2@x/\""),
        CHANNEL("\"connect\":\"ws://me:hunter2" TEN_LETTERS TEN_LETTERS
                    TEN_LETTERS TEN_LETTERS TEN_LETTERS "@x/\""),
        CHANNEL("\"connect\":\"ws://x/?access_token=hunter2\""),
        CHANNEL("\"connect\":\"ws://x y/?key=hunter2\""),
        BRIDGE("\"events\":[\"ws://me:hunter2@x:1/\"]"),
    };
    for (size_t i = 0; i < ROWS(files); i++) {
        struct loaded loaded = load_layers(&(struct layer_texts){
            .file = files[i], .variables = variables, .flags = flags});
        CHECK_EQ(loaded.status, STATUS_INVALID);
        CHECK_ROW(slice_of(strstr(loaded.faults.data, "hunter2") == NULL
                               ? "kept"
                               : loaded.faults.data),
                  slice_of("kept"), files[i]);
        unload(&loaded);
    }
    struct loaded loaded = load(
        CHANNEL("\"accessToken\":\"hunter2\",\"accounts\":{\"a\":{},\"b\":{"
                "\"accessToken\":\"hunter2\",\"wsPort\":1}}"));
    CHECK(strstr(loaded.print.data, "hunter2") == NULL);
    CHECK(strstr(loaded.print.data, "\"accessToken\": \"***\"") != NULL);
    unload(&loaded);
    loaded = load(CHANNEL("\"connect\":\"ws://x/y?key=hunter2\""));
    CHECK(strstr(loaded.print.data, "hunter2") == NULL);
    CHECK(strstr(loaded.print.data, "\"ws://x/y?***\"") != NULL);
    unload(&loaded);
}

/* -- Rules -------------------------------------------------------------------
 */

#define OPEN_DOOR(host, account)                                               \
    "\"" host "\" can be reached from outside, and account " account           \
    " asks for no token; set accessToken, or listen on 127.0.0.1, or set "     \
    "allowInsecure to true if the network keeps strangers out"

#define OPEN_BUS(url, remedy)                                                  \
    "\"" url "\" can be reached from outside, by anyone; " remedy              \
    "listen on 127.0.0.1 or ipc://, or with tls+tcp:// and bridge.tls.ca, by " \
    "whom clients have certificates, or set bridge.allowInsecure to true if "  \
    "the network keeps strangers out"

#define GIVE_GRANTS "give bridge.grants, so that a token is asked for, or "
#define ONE_GRANT   "\"grants\":[{\"name\":\"x\",\"token\":\"0123456789abcdef\"}]"

#define TWICE(url)                                                             \
    "\"" url "\" is used twice; allowed: an address for each of "              \
    "bridge.events and bridge.actions"

TEST(a_door_to_the_world_needs_a_token_or_a_word)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {CHANNEL("\n\"wsHost\":\"0.0.0.0\""),
         "onebus.json:2: channels.napcatqq.wsHost: " OPEN_DOOR("0.0.0.0",
                                                               "default")},
        {CHANNEL("\"wsHost\":\"::\""),
         "onebus.json:1: channels.napcatqq.wsHost: " OPEN_DOOR("::",
                                                               "default")},
        {CHANNEL("\"wsHost\":\"napcat.example\""),
         "onebus.json:1: channels.napcatqq.wsHost: " OPEN_DOOR("napcat.example",
                                                               "default")},
        {CHANNEL("\"wsHost\":\"0.0.0.0\",\"accessToken\":\"x\""), ""},
        {CHANNEL("\"wsHost\":\"0.0.0.0\",\"allowInsecure\":true"), ""},
        {CHANNEL("\"wsHost\":\"127.9.9.9\""), ""},
        {CHANNEL("\"wsHost\":\"::1\""), ""},
        {CHANNEL("\"wsHost\":\"localhost\""), ""},
        {CHANNEL("\"wsHost\":\"0.0.0.0\",\n\"accounts\":{\"a\":{\n"
                 "\"accessToken\":\"x\"},\"b\":{\"wsPort\":1},\n\"c\":{"
                 "\"wsPort\":2,\"wsHost\":\"1.2.3.4\"},\"d\":{\"wsPort\":3,"
                 "\"allowInsecure\":true},\"e\":{\"wsPort\":4,\"wsHost\":"
                 "\"::1\"}}"),
         "onebus.json:1: channels.napcatqq.wsHost: " OPEN_DOOR(
             "0.0.0.0", "b") "\nonebus.json:4: "
                             "channels.napcatqq.accounts.c.wsHost: " OPEN_DOOR(
                                 "1.2.3.4", "c")},
        {CHANNEL("\"wsHost\":\"0.0.0.0\",\"enabled\":false"), ""},
        {CHANNEL("\"wsHost\":\"0.0.0.0\",\"allowInsecure\":true,"
                 "\"accounts\":{\"a\":{\"allowInsecure\":false}}"),
         "onebus.json:1: channels.napcatqq.wsHost: " OPEN_DOOR("0.0.0.0", "a")},
        /* a token that is refused is one fault, not two */
        {CHANNEL("\"wsHost\":\"0.0.0.0\",\"accessToken\":\"${NO}\""),
         "onebus.json:1: channels.napcatqq.accessToken: the environment "
         "variable NO is not set"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

TEST(a_bus_open_to_the_world_needs_a_word)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {BRIDGE("\"events\":[\"ipc:///a\",\n\"tcp://*:1\"]"),
         "onebus.json:2: bridge.events[1]: " OPEN_BUS("tcp://*:1", "")},
        {BRIDGE("\"actions\":[\"tcp://0.0.0.0:1\"]"),
         "onebus.json:1: bridge.actions[0]: " OPEN_BUS("tcp://0.0.0.0:1",
                                                       GIVE_GRANTS)},
        {BRIDGE("\"actions\":[\"ws://:1/x\"]"),
         "onebus.json:1: bridge.actions[0]: " OPEN_BUS("ws://:1/x",
                                                       GIVE_GRANTS)},
        {BRIDGE("\"actions\":[\"tcp://*:1\"]," ONE_GRANT), ""},
        {BRIDGE("\"events\":[\"tcp://*:1\"]," ONE_GRANT),
         "onebus.json:1: bridge.events[0]: " OPEN_BUS("tcp://*:1", "")},
        {BRIDGE("\"actions\":[\"tcp://*:1\"],\"allowInsecure\":true"), ""},
        {BRIDGE("\"actions\":[\"tcp://[::1]:1\",\"tcp://localhost:2\"]"), ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

TEST(accounts_can_be_told_apart)
{
    static const struct {
        const char *accounts, *faults;
    } rows[] = {
        {"\"a\":{},\n\"b\":{}",
         "onebus.json:2: channels.napcatqq.accounts.b: account b has wsHost, "
         "wsPort and wsPath of account a; allowed: another wsPath or wsPort, "
         "or a selfId for both"},
        {"\"a\":{\"selfId\":1},\n\"b\":{}",
         "onebus.json:2: channels.napcatqq.accounts.b: account b has wsHost, "
         "wsPort and wsPath of account a; allowed: another wsPath or wsPort, "
         "or a selfId for both"},
        {"\"a\":{\"wsPath\":\"/x/\"},\n\"b\":{\"wsPath\":\"/x\"}",
         "onebus.json:2: channels.napcatqq.accounts.b: account b has wsHost, "
         "wsPort and wsPath of account a; allowed: another wsPath or wsPort, "
         "or a selfId for both"},
        {"\"a\":{\"selfId\":1},\n\"b\":{\"wsPort\":1,\n\"selfId\":\"1\"}",
         "onebus.json:3: channels.napcatqq.accounts.b.selfId: 1 is account "
         "a's already; allowed: one account for each QQ number, here for "
         "account b"},
        {"\"a\":{\"selfId\":1},\n\"b\":{\"selfId\":1}",
         "onebus.json:2: channels.napcatqq.accounts.b.selfId: 1 is account "
         "a's already; allowed: one account for each QQ number, here for "
         "account b"},
        {"\"a\":{\"selfId\":1},\"b\":{\"selfId\":2}", ""},
        {"\"a\":{\"wsPath\":\"/x\"},\"b\":{}", ""},
        {"\"a\":{\"wsPort\":1},\"b\":{}", ""},
        {"\"a\":{\"wsHost\":\"::1\"},\"b\":{}", ""},
        {"\"a\":{\"wsPort\":0},\"b\":{\"wsPort\":0}", ""},
        {"\"a\":{\"enabled\":false},\"b\":{}", ""},
        {"\"a\":{\"enabled\":false},\"b\":{},\"c\":{\"wsPath\":\"/c\"}", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char file[256];
        snprintf(file, sizeof(file), CHANNEL("\"accounts\":{%s}"),
                 rows[i].accounts);
        check_file_faults(file, rows[i].faults);
    }
}

TEST(no_address_is_on_the_bus_twice)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {BRIDGE("\"events\":[\"ipc:///a\"],\n\"actions\":[\"ipc:///b\",\n"
                "\"ipc:///a\"]"),
         "onebus.json:3: bridge.actions[1]: " TWICE("ipc:///a")},
        {BRIDGE("\"events\":[\"ipc:///a\",\n\"ipc:///a\"]"),
         "onebus.json:2: bridge.events[1]: " TWICE("ipc:///a")},
        {BRIDGE("\"actions\":[\"tcp://127.0.0.1:7710\"]"),
         "onebus.json:1: bridge.actions[0]: " TWICE("tcp://127.0.0.1:7710")},
        /* the other half is a default: point at the place */
        {BRIDGE("\n\"events\":[\"tcp://127.0.0.1:7711\"]"),
         "onebus.json:1: bridge: " TWICE("tcp://127.0.0.1:7711")},
        {BRIDGE("\"events\":[\"tcp://127.0.0.1:0\",\"tcp://127.0.0.1:0\"],"
                "\"actions\":[\"tcp://127.0.0.1:0\"]"),
         ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

/* -- Files -------------------------------------------------------------------
 */

TEST(a_file_that_was_named_must_be_readable)
{
    char dir[] = "/tmp/onebus-config-XXXXXX";
    char loop[64];
    CHECK(mkdtemp(dir) != NULL);
    snprintf(loop, sizeof(loop), "%s/loop", dir);
    CHECK_EQ(symlink("loop", loop), 0); /* root cannot read it either */
    const struct {
        const char *path, *fault;
    } rows[] = {
        {"/nowhere/x.json",
         "/nowhere/x.json: cannot be read: No such file or directory"},
        {"/tmp", "/tmp: cannot be read: Is a directory"},
        {"/dev/zero", "/dev/zero: cannot be read: File too large"},
        {"", ": cannot be read: No such file or directory"},
        {loop, "loop: cannot be read: Too many levels of symbolic links"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char variable[64];
        snprintf(variable, sizeof(variable), "ONEBUS_CONFIG=%s", rows[i].path);
        char *environment[] = {variable, NULL};
        struct loaded named =
            load_from(&(struct config_source){.path = rows[i].path}, dir);
        CHECK_STR(named.faults.data, rows[i].fault);
        CHECK(named.config.file == NULL);
        unload(&named);
        if (rows[i].path[0] == '\0')
            continue;
        struct loaded variables =
            load_from(&(struct config_source){.environment = environment}, dir);
        CHECK_STR(variables.faults.data, rows[i].fault);
        unload(&variables);
    }
    unlink(loop);
    rmdir(dir);
}

static void write_text(const char *path, const char *text)
{
    write_file(path, text, strlen(text));
}

static void make_home(const char *dir, bool make)
{
    char path[128];
    static const char *const below[] = {"/.config", "/.config/onebus"};
    for (size_t i = 0; make && i < ROWS(below); i++) {
        snprintf(path, sizeof(path), "%s%s", dir, below[i]);
        CHECK_EQ(mkdir(path, 0700), 0);
    }
    for (size_t i = ROWS(below); !make && i > 0; i--) {
        snprintf(path, sizeof(path), "%s%s", dir, below[i - 1]);
        CHECK_EQ(rmdir(path), 0);
    }
}

/* The log level tells which file was read. */
static void check_found(char *const *environment, const char *path,
                        enum log_level level, const char *file)
{
    struct loaded loaded = load_from(
        &(struct config_source){.path = path, .environment = environment}, "");
    CHECK_STR(loaded.faults.data, "");
    CHECK_EQ(loaded.config.log_level, level);
    CHECK_STR(loaded.config.file == NULL ? "none" : loaded.config.file, file);
    unload(&loaded);
}

TEST(files_are_looked_for_in_their_order)
{
    char dir[] = "/tmp/onebus-config-XXXXXX";
    char home[64], variable[96], in_home[80], named[64], before[1024];
    CHECK(mkdtemp(dir) != NULL);
    CHECK(getcwd(before, sizeof(before)) != NULL);
    CHECK_EQ(chdir(dir), 0);
    make_home(dir, true);
    snprintf(home, sizeof(home), "HOME=%s", dir);
    snprintf(in_home, sizeof(in_home), "%s/.config/onebus/onebus.json", dir);
    snprintf(named, sizeof(named), "%s/named.json", dir);
    snprintf(variable, sizeof(variable), "ONEBUS_CONFIG=%s", named);
    char nothing_there[] = "ONEBUS_CONFIG=";
    char *with_home[] = {home, nothing_there, NULL};
    char *with_both[] = {home, variable, NULL};

    check_found(NULL, NULL, LOG_INFO, "none");
    check_found(with_home, NULL, LOG_INFO, "none");
    write_text(in_home, BRIDGE("\"log\":{\"level\":\"debug\"}"));
    check_found(with_home, NULL, LOG_DEBUG, in_home);
    check_found(NULL, NULL, LOG_INFO, "none");
    write_text("onebus.json", BRIDGE("\"log\":{\"level\":\"warn\"}"));
    check_found(with_home, NULL, LOG_WARN, "onebus.json");
    write_text(named, BRIDGE("\"log\":{\"level\":\"error\"}"));
    check_found(with_both, NULL, LOG_ERROR, named);
    check_found(with_both, in_home, LOG_DEBUG, in_home);

    unlink("onebus.json");
    unlink(named);
    unlink(in_home);
    make_home(dir, false);
    CHECK_EQ(chdir(before), 0);
    rmdir(dir);
}

/* -- Whole files --------------------------------------------------------------
 */

TEST(the_settings_guide_is_understood)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {"{\n  \"channels\": {\n    \"napcatqq\": {\n"
         "      \"wsPort\": 3001,\n"
         "      \"accessToken\": \"your-secure-token\"\n    }\n  }\n}\n",
         ""},
        {"{\"channels\": {\"napcatqq\": {\"accounts\": {\n"
         "\"bot1\": {\"name\": \"Primary Bot\", \"wsPort\": 3001,\n"
         "\"wsPath\": \"/onebot/bot1/ws\", \"accessToken\": \"token-bot1\"},\n"
         "\"bot2\": {\"name\": \"Secondary Bot\", \"wsPort\": 3002,\n"
         "\"wsPath\": \"/onebot/bot2/ws\", \"accessToken\": \"token-bot2\"}\n"
         "}}}}\n",
         ""},
        {"{\"channels\": {\"napcatqq\": {\n\"enabled\": true,\n"
         "\"name\": \"My QQ Bot\",\n\"wsPort\": 3001,\n"
         "\"wsHost\": \"127.0.0.1\",\n\"wsPath\": \"/onebot/v11/ws\",\n"
         "\"accessToken\": \"your-token\",\n\"dmPolicy\": \"open\",\n"
         "\"groupPolicy\": \"open\"\n}}}\n",
         ""},
        /* its whole reference */
        {"{\n  \"channels\": {\n    \"napcatqq\": {\n"
         "      \"enabled\": true,\n      \"name\": \"My QQ Bot\",\n"
         "      \"wsPort\": 3001,\n      \"wsHost\": \"127.0.0.1\",\n"
         "      \"wsPath\": \"/onebot/v11/ws\",\n"
         "      \"accessToken\": \"your-token\",\n"
         "      \"dmPolicy\": \"open\",\n"
         "      \"allowFrom\": [123456789],\n"
         "      \"groupPolicy\": \"open\",\n"
         "      \"groupAllowFrom\": [987654321],\n"
         "      \"groups\": {\n        \"987654321\": {\n"
         "          \"enabled\": true,\n"
         "          \"requireMention\": false,\n"
         "          \"systemPrompt\": \"Custom prompt\",\n"
         "          \"skills\": [\"skill1\", \"skill2\"],\n"
         "          \"allowFrom\": [111111111]\n        }\n      },\n"
         "      \"historyLimit\": 100,\n      \"textChunkLimit\": 2000,\n"
         "      \"mediaMaxMb\": 50\n    }\n  }\n}\n",
         ""},
        {"{\"channels\":{\"napcatqq\":{\"reconnect\":{\n\"enabled\":true,\n"
         "\"maxRetries\":10,\n\"retryDelay\":5000,\n\"backoffMultiplier\":2,"
         "\n\"maxDelay\":60000}}}}",
         ""},
        {"{\"channels\":{\"napcatqq\":{\"heartbeat\":{\"enabled\":true,"
         "\"interval\":30000,\"timeout\":10000}}}}",
         ""},
        {"{\"channels\":{\"napcatqq\":{\"groupPolicy\":\"allowlist\","
         "\"groupAllowFrom\":[123456789],\"groups\":{\"123456789\":{"
         "\"enabled\":true,\"requireMention\":true,\"systemPrompt\":\"You "
         "are a helpful group assistant.\",\"skills\":[\"weather\","
         "\"translation\"]}}}}}",
         ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

/* ---- groups ---- */

/* A place, without the folder that the test has put the file into. */
static const char *place_in_file(const char *place)
{
    const char *name = strstr(place, "onebus.json");
    return name == NULL ? place : name;
}

static const struct config_group *group_of(const struct config_account *account,
                                           int64_t id)
{
    for (size_t i = 0; i < account->group_count; i++)
        if (account->groups[i].id == id)
            return &account->groups[i];
    return NULL;
}

TEST(numbers_may_say_what_they_are)
{
    struct loaded loaded = load(CHANNEL(
        "\"allowFrom\":[\"user:1\",\"qq:2\",3],"
        "\"groupAllowFrom\":[4,\"user:5\",\"napcatqq:group:6\",\"group:5\"]"));
    CHECK_STR(loaded.faults.data, "");
    const struct config_account *account = &loaded.config.accounts[0];
    CHECK(ids_names(&account->allow_from, 1));
    CHECK(ids_names(&account->allow_from, 2));
    CHECK_EQ(account->allow_from.users.count, 0);
    const struct id_list *list = &account->group_allow_from;
    CHECK(ids_names(list, 4));
    CHECK_EQ(list->bare.count, 1);
    CHECK(id_set_has(&list->users, 5));
    CHECK(id_set_has(&list->groups, 5) && id_set_has(&list->groups, 6));
    CHECK(strstr(loaded.print.data, "\"user:5\"") != NULL);
    CHECK(strstr(loaded.print.data, "\"group:6\"") != NULL);
    unload(&loaded);
}

TEST(a_group_takes_what_it_does_not_say_from_every_group)
{
    struct loaded loaded = load(CHANNEL(
        "\"groups\":{\"*\":{\"requireMention\":false,\"systemPrompt\":\"all\"},"
        "\n\"7\":{\"allowFrom\":[\"5\",6,\"*\"],\"tools\":{\"deny\":[\"x\"]}}},"
        "\"accounts\":{\"a\":{},\n\"b\":{\"groups\":{\"7\":{\"skills\":[\"s\"]}"
        ","
        "\n\"8\":{\"enabled\":false},\"*\":{\"systemPrompt\":\"b\"}},"
        "\"wsPort\":1}}"));
    CHECK_STR(loaded.faults.data, "");
    const struct config_account *a = &loaded.config.accounts[0];
    const struct config_account *b = &loaded.config.accounts[1];
    CHECK_EQ(a->group_count, 2);
    CHECK_EQ(b->group_count, 3);
    const struct config_group *seven = group_of(a, 7);
    CHECK(!seven->require_mention);
    CHECK(seven->enabled);
    CHECK(seven->has_allow_from && seven->allow_from.any);
    CHECK_EQ(seven->allow_from.bare.count, 2);
    CHECK_STR(seven->system_prompt, "all");
    CHECK_STR(seven->tools, "{\"deny\":[\"x\"]}");
    CHECK_STR(place_in_file(seven->place),
              "onebus.json:2: channels.napcatqq.groups.7");
    CHECK(!group_of(a, 0)->has_allow_from);
    seven = group_of(b, 7);
    CHECK_STR(seven->system_prompt, "b");
    CHECK(seven->has_allow_from);
    CHECK_EQ(seven->skills.count, 1);
    CHECK_STR(place_in_file(seven->place),
              "onebus.json:3: channels.napcatqq.accounts.b.groups.7");
    CHECK(!group_of(b, 8)->enabled);
    CHECK(!group_of(b, 8)->require_mention);
    CHECK_STR(place_in_file(a->places.groups),
              "onebus.json:1: channels.napcatqq.groups");
    CHECK_STR(place_in_file(b->places.groups),
              "onebus.json:3: channels.napcatqq.accounts.b.groups");
    CHECK_STR(a->places.dm_policy, "channels.napcatqq.dmPolicy (default)");
    unload(&loaded);
}

TEST(a_group_of_the_file_can_be_set_from_outside)
{
    check_shown(
        &(struct layer_texts){
            .file = CHANNEL("\"groups\":{\"7\":{}}"),
            .variables =
                (const char *const[]){
                    "ONEBUS_CHANNELS_NAPCATQQ_GROUPS_7_REQUIREMENTION=false",
                    "ONEBUS_CHANNELS_NAPCATQQ_ALLOWFROM=5, 6,*", NULL}},
        "\"requireMention\": false");
}

TEST(thousands_of_groups_are_found_again)
{
    enum { GROUPS = 4095 };
    struct buffer file = {0};
    buffer_append_string(&file, "{\"channels\":{\"napcatqq\":{\"groups\":{"
                                "\n\"*\":{\"requireMention\":false}");
    for (int id = GROUPS; id > 0; id--) {
        char group[64];
        snprintf(group, sizeof(group), ",\n\"%d\":{\"mentionAll\":%s}", id,
                 id % 2 == 0 ? "true" : "false");
        buffer_append_string(&file, group);
    }
    buffer_append(&file, "}}}}", 5);
    struct loaded loaded = load(file.data);
    CHECK_STR(loaded.faults.data, "");
    const struct config_account *account = &loaded.config.accounts[0];
    CHECK_EQ(account->group_count, GROUPS + 1);
    for (size_t i = 0; i < account->group_count; i++) {
        const struct config_group *group = &account->groups[i];
        CHECK_EQ(group->id, (int64_t)i);
        CHECK(!group->require_mention);
        CHECK_EQ(group->mention_all, i != 0 && i % 2 == 0);
    }
    CHECK_STR(place_in_file(account->groups[7].place),
              "onebus.json:4091: channels.napcatqq.groups.7");
    unload(&loaded);
    buffer_finish(&file);
}

TEST(disabled_is_another_word_for_closed)
{
    struct loaded loaded =
        load(CHANNEL("\"dmPolicy\":\"disabled\",\"groupPolicy\":\"disabled\""));
    CHECK_STR(loaded.faults.data, "");
    CHECK_EQ(loaded.config.accounts[0].dm_policy, CONFIG_POLICY_CLOSED);
    CHECK_EQ(loaded.config.accounts[0].group_policy, CONFIG_POLICY_CLOSED);
    unload(&loaded);
}

TEST(one_refused_value_is_one_fault)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {CHANNEL("\"accounts\":{\"a\":{\"connect\":\"x\"},\"b\":{}}"),
         "onebus.json:1: channels.napcatqq.accounts.a.connect: \"x\" is no "
         "WebSocket address; allowed: \"ws://host:port/path\" or "
         "\"wss://host:port/path\""},
        {CHANNEL("\"tls\":{\"cert\":\"/no/such\",\"key\":\"/dev/null\","
                 "\"clientCa\":\"/dev/null\"}"),
         "onebus.json:1: channels.napcatqq.tls.cert: \"/no/such\" cannot be "
         "read: it is not there; allowed: the path of a PEM file that can be "
         "read"},
        {CHANNEL("\"tls\":{\"cert\":\"/dev/null\",\"key\":\"/dev\"}"),
         "onebus.json:1: channels.napcatqq.tls.key: \"/dev\" cannot be read: "
         "it is a folder; allowed: the path of a PEM file that can be read"},
        {CHANNEL("\"tls\":{\"cert\":\"/dev/null\"}"),
         "onebus.json:1: channels.napcatqq.tls.cert: tls.key is missing beside "
         "it; allowed: both or neither"},
        {BRIDGE("\"tls\":{\"key\":\"/dev/null\"}"),
         "onebus.json:1: bridge.tls.key: tls.cert is missing beside it; "
         "allowed: both or neither"},
        {BRIDGE("\"http\":\"nowhere\""),
         "onebus.json:1: bridge.http: \"nowhere\" is no address; allowed: "
         "\"host:port\", or \"\" for none"},
        {BRIDGE("\"http\":\"127.0.0.1:70000\""),
         "onebus.json:1: bridge.http: \"127.0.0.1:70000\" is no address; "
         "allowed: \"host:port\", or \"\" for none"},
        {BRIDGE("\"http\":\"\""), ""},
        {BRIDGE("\"http\":\"[::1]:0\""), ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

TEST(the_place_for_what_is_kept_is_found_in_the_environment)
{
    static const struct {
        const char *variables[3];
        const char *place; /* NULL: none */
    } rows[] = {
        {{"STATE_DIRECTORY=/a:/b", "HOME=/h"}, "/a"},
        {{"STATE_DIRECTORY=:/b", "HOME=/h"}, "/b"},
        {{"STATE_DIRECTORY=:", "HOME=/h"}, "/h/.local/state/onebus"},
        {{"XDG_STATE_HOME=/x", "HOME=/h"}, "/x/onebus"},
        {{"XDG_STATE_HOME=x", "HOME=/h"}, "/h/.local/state/onebus"},
        {{"OTHER=/x"}, NULL},
        {{"STATE_DIRECTORY=/a", "ONEBUS_BRIDGE_STATEDIR=/c"}, "/c"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct loaded loaded = load_layers(&(struct layer_texts){
            .file = "{}", .variables = rows[i].variables});
        const char *place = loaded.config.state_dir;
        CHECK_STR(loaded.faults.data, "");
        CHECK_STR(place == NULL ? "none" : place,
                  rows[i].place == NULL ? "none" : rows[i].place);
        unload(&loaded);
    }
}

TEST(what_has_no_effect_is_noted)
{
    struct loaded loaded = load("{\"bridge\":{\n\"nats\":{\"stream\":\"s\"},"
                                "\n\"call\":{\"timeout\":1}}}");
    CHECK_STR(loaded.faults.data, "");
    CHECK_EQ(loaded.config.notes.count, 1);
    if (loaded.config.notes.count == 1)
        CHECK_STR(place_in_file(loaded.config.notes.messages[0]),
                  "onebus.json:2: bridge.nats.stream: no effect: "
                  "bridge.nats.url is not set");
    CHECK(strstr(loaded.print.data, "nats") == NULL);
    unload(&loaded);
}

/* ---- NATS ---- */

#define NATS(members) BRIDGE("\"nats\":{" members "}")

TEST(what_names_a_stream_of_nats_must_do_for_subjects_and_buckets)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {NATS("\"stream\":\"Q-q_1\",\"subjectPrefix\":\"a.b-c\""), ""},
        {NATS("\"stream\":\"a.b\""),
         "onebus.json:1: bridge.nats.stream: \"a.b\" is no name for a stream; "
         "allowed: 1 to 128 of A-Z a-z 0-9 _ -"},
        {NATS("\"stream\":\"\""),
         "onebus.json:1: bridge.nats.stream: \"\" is no name for a stream; "
         "allowed: 1 to 128 of A-Z a-z 0-9 _ -"},
#define PREFIX(value, why)                                                     \
    {NATS("\"subjectPrefix\":\"" value "\""),                                  \
     "onebus.json:1: bridge.nats.subjectPrefix: \"" value "\" " why            \
     "; allowed: parts of a subject with dots between them, up to 128 bytes "  \
     "without blanks, * and >, not beginning with $"}
        PREFIX("", "is empty"),
        PREFIX("a.*", "has a wildcard in it"),
        PREFIX("a.>", "has a wildcard in it"),
        PREFIX("a.", "has an empty part"),
        PREFIX(".a", "has an empty part"),
        PREFIX("a..b", "has an empty part"),
        PREFIX("a b", "has bytes that no subject should have"),
        PREFIX("$JS.a", "begins with $, as the server's own do"),
#undef PREFIX
        {NATS("\"replicas\":6"),
         "onebus.json:1: bridge.nats.replicas: 6 is out of range; allowed: a "
         "whole number from 1 to 5"},
        {NATS("\"maxBytes\":\"64KiB\""),
         "onebus.json:1: bridge.nats.maxBytes: 65536 is too small for a "
         "stream; allowed: 0 for no bound, or 1 MiB and more"},
        {NATS("\"tls\":{\"key\":\"/dev/null\"}"),
         "onebus.json:1: bridge.nats.tls.key: nats.tls.cert is missing beside "
         "it; allowed: both or neither"},
        {NATS("\"credsFile\":\"/dev/null/x\""),
         "onebus.json:1: bridge.nats.credsFile: \"/dev/null/x\" cannot be "
         "read; allowed: the path of a NATS credentials file that can be read"},
        {NATS("\"urls\":\"nats://a\""),
         "onebus.json:1: bridge.nats.urls: unknown key, did you mean url?"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

#ifdef ONEBUS_NATS
static const bool HAS_NATS = true;
#else
static const bool HAS_NATS = false;
#endif

#define NATS_URL(value) NATS("\"url\":" value)

/* A build that cannot speak it says so, whatever else is wrong. */
static void check_nats_faults(const char *file, const char *faults)
{
    check_file_faults(file, HAS_NATS ? faults
                                     : "onebus.json:1: bridge.nats.url: this "
                                       "onebus was built without NATS; leave "
                                       "the key out, or build it where "
                                       "libnats is");
}

TEST(the_servers_of_nats_are_a_list_or_one)
{
    static const char *const variables[] = {
        "ONEBUS_BRIDGE_NATS_URL=nats://t@a:4223, nats://u:p@b", NULL};
    static const struct {
        struct layer_texts texts;
        const char *first;
        size_t count;
    } rows[] = {
        {{.file = NATS_URL("\"nats://127.0.0.1\"")}, "nats://127.0.0.1", 1},
        {{.file = NATS_URL("[\"tls://[::1]:1\",\"tls://localhost\"]")},
         "tls://[::1]:1",
         2},
        {{.file = "{}", .variables = variables}, "nats://t@a:4223", 2},
    };
    for (size_t i = 0; HAS_NATS && i < ROWS(rows); i++) {
        struct loaded loaded = load_layers(&rows[i].texts);
        const struct config_nats *nats = &loaded.config.nats;
        CHECK_STR(loaded.faults.data, "");
        CHECK_EQ(nats->urls.count, rows[i].count);
        if (nats->urls.count > 0)
            CHECK_STR(nats->urls.items[0], rows[i].first);
        CHECK_STR(nats->stream == NULL ? "" : nats->stream, "QQ");
        CHECK_EQ(nats->replicas, 1);
        CHECK_EQ(nats->age_max_ms, 7 * 24 * 60 * 60 * 1000);
        CHECK_EQ(nats->bytes_max, 0);
        CHECK_EQ(loaded.config.notes.count, 0);
        unload(&loaded);
    }
}

TEST(a_server_of_nats_beyond_this_machine_needs_credentials)
{
#define OPEN(place, shown)                                                     \
    "onebus.json:1: bridge.nats.url" place ": \"" shown                        \
    "\" is not on this machine, "                                              \
    "and nothing tells it who we are; set bridge.nats.credsFile, or put "      \
    "user:password@ or token@ before the host, or set bridge.nats.tls.cert "   \
    "and key, or set bridge.allowInsecure to true if the network keeps "       \
    "strangers out"
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {NATS_URL("\"nats://10.0.0.1\""), OPEN("", "nats://10.0.0.1")},
        {NATS_URL("\"tls://n.example:1\""), OPEN("", "tls://n.example:1")},
        {NATS_URL("[\"nats://me:pw@a\",\"nats://b\"]"),
         OPEN("[1]", "nats://b")},
        {NATS_URL("\"nats://10.0.0.1\",\"credsFile\":\"/dev/null\""), ""},
        {NATS_URL("\"nats://10.0.0.1\",\"tls\":{\"cert\":\"/dev/null\","
                  "\"key\":\"/dev/null\"}"),
         ""},
        {NATS_URL("\"nats://10.0.0.1\",\"tls\":{\"ca\":\"/dev/null\"}"),
         OPEN("", "nats://10.0.0.1")},
        {BRIDGE("\"allowInsecure\":true,\"nats\":{\"url\":\"nats://a\"}"), ""},
        {NATS_URL("\"nats://me:pw@a\",\"credsFile\":\"/dev/null\""),
         "onebus.json:1: bridge.nats.url: \"nats://***@a\" has credentials in "
         "it, and bridge.nats.credsFile is set; allowed: one of the two"},
        {NATS_URL("[\"tls://127.0.0.1\",\"nats://127.0.0.1\"]"),
         "onebus.json:1: bridge.nats.url[1]: \"nats://127.0.0.1\" is not as "
         "the "
         "first one; allowed: tls:// for all, or for none"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_nats_faults(rows[i].file, rows[i].faults);
#undef OPEN
}

TEST(a_password_for_nats_is_never_shown)
{
    static const char *const texts[] = {
        NATS_URL("\"nats://me:hunter2@127.0.0.1\""),
        NATS_URL("[\"nats://hunter2@127.0.0.1:1\"]"),
        NATS_URL("\"me:hunter2@127.0.0.1\""),
        NATS_URL("\"nats://me:hunter2@127.0.0.1/x\""),
        NATS_URL("\"nats://me:hunter2@x\",\"credsFile\":\"/dev/null\""),
    };
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct loaded loaded = load(texts[i]);
        CHECK_ROW(slice_of(strstr(loaded.print.data, "hunter2") == NULL &&
                                   strstr(loaded.faults.data, "hunter2") == NULL
                               ? "hidden"
                               : "shown"),
                  slice_of("hidden"), texts[i]);
        if (loaded.status == STATUS_OK)
            CHECK(strstr(loaded.print.data, "://***@127.0.0.1") != NULL);
        unload(&loaded);
    }
}

TEST(where_the_credentials_for_nats_stand_is_told)
{
    static const struct {
        const char *file;
        const char *path; /* NULL: the settings' own */
        size_t count;
    } rows[] = {
        {NATS_URL("\"nats://127.0.0.1\""), "", 0},
        {NATS_URL("[\"nats://127.0.0.1\",\"nats://a:b@c\"]"), NULL, 1},
        {NATS_URL("\"nats://${HOME}@c\""), "", 0},
        {NATS_URL("\"nats://127.0.0.1\",\"credsFile\":\"/dev/null\""),
         "/dev/null", 1},
    };
    static const char *const variables[] = {"HOME=h", NULL};
    for (size_t i = 0; HAS_NATS && i < ROWS(rows); i++) {
        struct loaded loaded = load_layers(&(struct layer_texts){
            .file = rows[i].file, .variables = variables});
        const struct config *config = &loaded.config;
        CHECK_STR(loaded.faults.data, "");
        CHECK_EQ(config->secret_files.count, rows[i].count);
        if (config->secret_files.count == 1)
            CHECK_STR(config->secret_files.items[0],
                      rows[i].path == NULL ? config->file : rows[i].path);
        unload(&loaded);
    }
}

/* ---- changes ---- */

static void append_change(void *ctx, const char *path)
{
    buffer_append_string(ctx, path);
    buffer_append_string(ctx, "\n");
}

static void check_changes(const char *from, const char *to, const char *paths)
{
    struct loaded one = load(from);
    struct loaded other = load(to);
    struct buffer changes = {0};
    CHECK_STR(one.faults.data, "");
    CHECK_STR(other.faults.data, "");
    config_changes(&one.config, &other.config, append_change, &changes);
    CHECK_SLICE(buffer_slice(&changes), slice_of(paths));
    buffer_finish(&changes);
    unload(&one);
    unload(&other);
}

TEST(changes_are_told_by_path)
{
    check_changes("{}", "{}", "");
    check_changes(CHANNEL("\"accessToken\":\"a\""),
                  CHANNEL("\"accessToken\":\"b\""),
                  "channels.napcatqq.accounts.default.accessToken\n");
    if (HAS_NATS)
        check_changes(NATS_URL("\"nats://a:b@c\""),
                      NATS_URL("\"nats://a:d@c\""), "bridge.nats.url\n");
    check_changes(BRIDGE("\"log\":{\"level\":\"debug\"}"), "{}",
                  "bridge.log.level\n");
    check_changes(CHANNEL("\"accounts\":{\"a\":{},\"b\":{\"wsPort\":1}}"),
                  CHANNEL("\"accounts\":{\"a\":{\"groups\":{\"7\":{}}},\"c\":{"
                          "\"wsPort\":1}}"),
                  "channels.napcatqq.accounts.a.groups.7 (added)\n"
                  "channels.napcatqq.accounts.b (removed)\n"
                  "channels.napcatqq.accounts.c (added)\n");
    check_changes(CHANNEL("\"groups\":{\"7\":{},\"8\":{}}"),
                  CHANNEL("\"groups\":{\"7\":{\"enabled\":false},\"*\":{}}"),
                  "channels.napcatqq.accounts.default.groups.7.enabled\n"
                  "channels.napcatqq.accounts.default.groups.8 (removed)\n"
                  "channels.napcatqq.accounts.default.groups.* (added)\n");
    check_changes(CHANNEL("\"groups\":{\"7\":{}}"),
                  CHANNEL("\"groups\":{\"7\":{\"allowFrom\":[],"
                          "\"enabled\":false}}"),
                  "channels.napcatqq.accounts.default.groups.7.enabled\n"
                  "channels.napcatqq.accounts.default.groups.7.allowFrom\n");
    check_changes(CHANNEL("\"groups\":{\"7\":{}}"),
                  CHANNEL("\"groups\":{\"7\":{\"allowFrom\":[5]}}"),
                  "channels.napcatqq.accounts.default.groups.7.allowFrom\n");
}

TEST(an_openclaw_file_will_do)
{
    check_shown(
        &(struct layer_texts){
            .file =
                "{\n  // OpenClaw's own\n"
                "  \"$schema\": \"https://example/schema.json\",\n"
                "  \"gateway\": {\"mode\": \"local\", \"port\": 18789,\n"
                "    \"auth\": {\"token\": \"${GATEWAY_TOKEN}\"}},\n"
                "  \"agents\": {\"list\": [{\"id\": \"main\",},\n"
                "    {\"id\": \"x\", \"bridge\": {\"events\": 5}}]},\n"
                "  \"models\": {\"a\": null, \"b\": 1e5, \"a\": true},\n"
                "  \"channels\": {\n"
                "    \"telegram\": {\"botToken\": \"1:x\", \"wsPort\": -1},\n"
                "    \"napcatqq\": {\"wsPort\": 3005, /* here */ },\n"
                "    \"defaults\": {\"groupPolicy\": \"allowlist\"},\n"
                "    \"discord\": 5,\n"
                "  },\n"
                "  \"plugins\": [[[[{}]]]],\n"
                "}\n"},
        "\"wsPort\": 3005");
}

static char *sample_path(void)
{
    static const char from_here[] = "../../deploy/onebus.sample.json";
    const char *slash = strrchr(__FILE__, '/');
    struct buffer path = {0};
    if (slash != NULL)
        buffer_append(&path, __FILE__, (size_t)(slash + 1 - __FILE__));
    buffer_append(&path, from_here, sizeof(from_here));
    return path.data;
}

TEST(the_sample_says_the_defaults)
{
    char *path = sample_path();
    struct loaded sample = load_from(&(struct config_source){.path = path}, "");
    struct loaded defaults = load("{}");
    CHECK_STR(sample.faults.data, "");
    CHECK_STR(sample.print.data, defaults.print.data);
    unload(&sample);
    unload(&defaults);
    free(path);
}

static void check_print_loads_again(const char *file)
{
    struct loaded first = load(file);
    CHECK_STR(first.faults.data, "");
    struct loaded second = load(first.print.data);
    CHECK_STR(second.faults.data, "");
    CHECK_STR(second.print.data, first.print.data);
    unload(&first);
    unload(&second);
}

TEST(what_is_printed_loads_again_as_the_same)
{
    check_print_loads_again(
        "{\"channels\":{\"napcatqq\":{\"wsHost\":\"0.0.0.0\",\"accessToken\":"
        "\"x\",\"accounts\":{\"a\":{\"selfId\":123456789012345},"
        "\"b\":{\"name\":\"\\\"b\\\" ö\",\"wsPath\":\"/\"}}}},"
        "\"bridge\":{\"events\":[\"ipc:///a\",\"ipc:///b\"]}}");
    check_print_loads_again(CHANNEL("\"connect\":\"wss://x:1/y?z=1\""));
    check_print_loads_again(CHANNEL(
        "\"wsPort\":5,\"accounts\":{\"a\":{\"connect\":\"ws://x\"},\"b\":{}}"));
    check_print_loads_again(CHANNEL(
        "\"allowFrom\":[\"*\",\"9007199254740991\",3],\"groups\":{"
        "\"*\":{\"allowFrom\":[],\"skills\":[\"a,b\"]},\"7\":{\"tools\":{"
        "\"allow\":[\"get_*\"]},\"systemPrompt\":\"a\\nb $${HOME}\"}},"
        "\"reconnect\":{\"backoffMultiplier\":1.1},"
        "\"tls\":{\"cert\":\"/dev/null\",\"key\":\"/dev/null\"}"));
}

TEST(the_print_is_pretty)
{
    static const char head[] =
        "{\n  \"channels\": {\n    \"napcatqq\": {\n"
        "      \"accounts\": {}\n    }\n  },\n  \"bridge\": {\n"
        "    \"events\": [\"tcp://127.0.0.1:7710\"],\n"
        "    \"actions\": [\"tcp://127.0.0.1:7711\"],\n"
        "    \"access\": \"enforce\",\n    \"allowInsecure\": false,\n"
        "    \"call\": {\n      \"timeout\": 10000,\n";
    struct loaded loaded = load(CHANNEL("\"accounts\":{}"));
    struct slice start = {loaded.print.data, sizeof(head) - 1};
    CHECK_SLICE(start, slice_of(head));
    unload(&loaded);
}

/* -- Grants ------------------------------------------------------------------
 */

#define NAMED(inner) BRIDGE("\"grants\":[{\"name\":\"x\"," inner "}]")
#define TOKEN        "\"token\":\"0123456789abcdef\""
#define GRANT(inner) NAMED(TOKEN "," inner)
#define FIRST        "onebus.json:1: bridge.grants[0]"

TEST(grants_are_read_strictly)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {BRIDGE("\"grants\":[]"), ""},
        {NAMED(TOKEN), ""},
        {BRIDGE("\"grants\":{}"),
         "onebus.json:1: bridge.grants: this is no list; allowed: a list of "
         "{name, token, …}"},
        {BRIDGE("\"grants\":[5]"), FIRST ": this is no object"},
        {BRIDGE("\"grants\":[{\n" TOKEN "}]"), FIRST ": name is missing"},
        {NAMED("\"events\":true"),
         FIRST ": token is missing; allowed: it, or tokenFile"},
        {NAMED("\"token\":\"\""),
         FIRST ".token: the value is empty; allowed: 1 to 1024 bytes of text, "
               "no blanks around it"},
        {NAMED(TOKEN ",\"tokenFile\":\"/dev/null\""),
         FIRST ".tokenFile: token is set as well; allowed: one of the two"},
        {NAMED("\"tokenFile\":\"/dev/null\""),
         FIRST ".tokenFile: the value names a file that holds no sound secret; "
               "allowed: the path of a file that holds the token and nothing "
               "else"},
        {NAMED("\"token\":\"${NO}\""),
         FIRST ".token: the environment variable NO is not set"},
        {GRANT("\"chat\":\"*\""),
         FIRST ".chat: unknown key, did you mean chats?"},
        {GRANT("\"events\":1"),
         FIRST ".events: 1 is no boolean; allowed: true or false"},
        {BRIDGE("\"grants\":[{\"name\":\"a b\"," TOKEN "}]"),
         FIRST ".name: \"a b\" is no name for a grant; allowed: 1 to 64 of "
               "A-Z a-z 0-9 _ -"},
        {BRIDGE("\"grants\":[{\"name\":\"a\"," TOKEN "},\n{\"name\":\"b\","
                "\n" TOKEN "}]"),
         "onebus.json:3: bridge.grants[1].token: this is the token of "
         "bridge.grants[0]; allowed: a token for each"},
        {BRIDGE("\"grants\":[{\"name\":\"a\"," TOKEN "},\n{\"name\":\"a\","
                "\"token\":\"fedcba9876543210\"}]"),
         "onebus.json:2: bridge.grants[1].name: \"a\" is bridge.grants[0]'s "
         "already; allowed: a name for each"},
        {BRIDGE("\"grants\":[],\n\"grants\":[]"),
         "onebus.json:2: bridge.grants: given twice, first in line 1"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

#define CHATS                                                                  \
    "; allowed: a list of \"group.<id>\" and \"private.<id>\", where * and "   \
    "? stand for any digits and any digit"
#define ACTIONS                                                                \
    "; allowed: a list of actions, where * and ? stand for any part and any "  \
    "letter: \"send_*\", \"bridge.status\""

TEST(a_grants_patterns_can_fit_something)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {GRANT("\"chats\":[\"*\",\"group.*\",\"private.1?\",\"*.5\"]"), ""},
        {GRANT("\"chats\":\"group.20002\",\"actions\":\"send_*\","
               "\"accounts\":\"bot?\""),
         ""},
        {GRANT("\"chats\":[]"), ""},
        {GRANT("\"chats\":[\"20002\"]"),
         FIRST ".chats[0]: \"20002\" is a bare number: write group.<id> or "
               "private.<id>" CHATS},
        {GRANT("\"chats\":[20002]"), FIRST ".chats[0]: 20002 is no text" CHATS},
        {GRANT("\"chats\":20002"), FIRST ".chats: 20002 is no list" CHATS},
        {GRANT("\"chats\":\"group.x\""),
         FIRST ".chats: \"group.x\" is no pattern of chats" CHATS},
        {GRANT("\"chats\":\"group\""),
         FIRST ".chats: \"group\" is no pattern of chats" CHATS},
        {GRANT("\"actions\":[\"send msg\"]"),
         FIRST ".actions[0]: \"send msg\" is no pattern of actions" ACTIONS},
        {GRANT("\"actions\":\"\""),
         FIRST ".actions: \"\" is no pattern of actions" ACTIONS},
        {GRANT("\"accounts\":[\"a.b\"]"),
         FIRST ".accounts[0]: \"a.b\" is no pattern of accounts; allowed: a "
               "list of accounts' keys, where * and ? stand for any part and "
               "any letter"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

TEST(a_grant_covers_everything_unless_it_says_less)
{
    static const char *const variables[] = {"T=fedcba9876543210", NULL};
    struct loaded loaded = load_layers(&(struct layer_texts){
        .file = BRIDGE("\"grants\":[{\"name\":\"x\",\"token\":\"${T}\"},{"
                       "\"name\":\"y\"," TOKEN ",\"events\":false,\"actions\":"
                       "[\"a\",\"b\"],\"chats\":\"group.1\"}]"),
        .variables = variables});
    CHECK_STR(loaded.faults.data, "");
    CHECK_EQ(loaded.config.grant_count, 2);
    const struct config_grant *x = &loaded.config.grants[0];
    const struct config_grant *y = &loaded.config.grants[1];
    CHECK_STR(x->token, "fedcba9876543210");
    CHECK(x->events && !y->events);
    CHECK_EQ(x->accounts.count, 1);
    CHECK_STR(x->accounts.items[0], "*");
    CHECK_STR(x->chats.items[0], "*");
    CHECK_EQ(y->actions.count, 2);
    CHECK_STR(y->chats.items[0], "group.1");
    CHECK(strstr(loaded.print.data, "fedcba") == NULL);
    CHECK(strstr(loaded.print.data, "012345") == NULL);
    CHECK(strstr(loaded.print.data,
                 "{\"name\":\"y\",\"token\":\"***\",\"events\":false,"
                 "\"accounts\":[\"*\"],\"actions\":[\"a\",\"b\"],\"chats\":["
                 "\"group.1\"]}") != NULL);
    CHECK_EQ(loaded.config.notes.count, 0);
    unload(&loaded);
}

TEST(a_short_token_is_noted)
{
    struct loaded loaded = load(NAMED("\"token\":\"hunter2\""));
    CHECK_EQ(loaded.config.notes.count, 1);
    if (loaded.config.notes.count == 1)
        CHECK_STR(place_in_file(loaded.config.notes.messages[0]),
                  FIRST ".token: the token has fewer than 16 characters and "
                        "may be guessed");
    unload(&loaded);
}

TEST(changed_grants_are_told_by_name)
{
    check_changes(BRIDGE("\"grants\":[{\"name\":\"a\",\"token\":\"1\"},{"
                         "\"name\":\"b\",\"token\":\"2\"}]"),
                  BRIDGE("\"grants\":[{\"name\":\"c\",\"token\":\"2\"},{"
                         "\"name\":\"a\",\"token\":\"3\",\"chats\":[]}]"),
                  "bridge.grants[a].token\nbridge.grants[a].chats\n"
                  "bridge.grants[b] (removed)\nbridge.grants[c] (added)\n");
    check_changes(NAMED(TOKEN), NAMED(TOKEN ",\"events\":true"), "");
}

TEST(too_many_grants_are_one_fault)
{
    struct buffer file = {0};
    buffer_append_string(&file, "{\"bridge\":{\"grants\":[0");
    for (int i = 0; i < 64; i++)
        buffer_append_string(&file, ",0");
    buffer_append(&file, "]}}", sizeof("]}}"));
    check_file_faults(file.data, "onebus.json:1: bridge.grants: too many "
                                 "elements; allowed: 0 to 64");
    buffer_finish(&file);
}

/* -- Tools -------------------------------------------------------------------
 */

#define TOOLS(json) CHANNEL("\"groups\":{\"1\":{\"tools\":" json "}}")
#define NO_TOOLS(what)                                                         \
    "onebus.json:1: channels.napcatqq.groups.1.tools: " what                   \
    "; allowed: a list of actions, or {\"allow\": list, \"deny\": list}; * "   \
    "and ? stand for any part and any letter"

TEST(tools_are_read_strictly)
{
    static const struct {
        const char *file, *faults;
    } rows[] = {
        {TOOLS("[]"), ""},
        {TOOLS("[\"send_*\"]"), ""},
        {TOOLS("{}"), ""},
        {TOOLS("{\"allow\":\"send_*\",\"deny\":[\"send_like\"]}"), ""},
        {TOOLS("5"), NO_TOOLS("5 is no list of actions")},
        {TOOLS("\"send_*\""), ""},
        {TOOLS("\"send it\""), NO_TOOLS("\"send it\" is no list of actions")},
        {TOOLS("[1]"), NO_TOOLS("a list is no list of actions")},
        {TOOLS("[\"a b\"]"), NO_TOOLS("a list is no list of actions")},
        {TOOLS("{\"alow\":[]}"),
         NO_TOOLS("an object has a key that is neither allow nor deny")},
        {TOOLS("{\"allow\":[],\"allow\":[]}"),
         NO_TOOLS("an object has a key twice")},
        {TOOLS("{\"deny\":{}}"),
         NO_TOOLS("an object has an allow or deny that is no list of actions")},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_file_faults(rows[i].file, rows[i].faults);
}

/* What is allowed and denied, as "a,b;c". */
static void check_tools(const char *json, const char *wanted)
{
    struct tools tools = {0};
    struct buffer text = {0};
    tools_read(json, &tools);
    for (size_t i = 0; i < tools.allow.count; i++) {
        buffer_append_string(&text, tools.allow.items[i]);
        buffer_append_string(&text, ",");
    }
    buffer_append_string(&text, ";");
    for (size_t i = 0; i < tools.deny.count; i++)
        buffer_append_string(&text, tools.deny.items[i]);
    CHECK_ROW(buffer_slice(&text), slice_of(wanted), json);
    buffer_finish(&text);
    tools_finish(&tools);
}

TEST(tools_say_what_is_allowed_and_what_is_not)
{
    check_tools("[\"a\",\"b*\"]", "a,b*,;");
    check_tools("\"a*\"", "a*,;");
    check_tools("[]", ";");
    check_tools("{}", "*,;");
    check_tools("{\"deny\":[\"c\"]}", "*,;c");
    check_tools("{\"allow\":[],\"deny\":\"c\"}", ";c");
    check_tools("{\"allow\":\"a\"}", "a,;");
}

/* -- Files that mean no good
 * --------------------------------------------------- */

static char *repeat(const char *head, const char *part, size_t times,
                    const char *tail)
{
    struct buffer out = {0};
    buffer_append_string(&out, head);
    for (size_t i = 0; i < times; i++)
        buffer_append_string(&out, part);
    buffer_append(&out, tail, strlen(tail) + 1);
    return out.data;
}

TEST(a_mebibyte_of_brackets_is_refused)
{
    static const char *const parts[] = {"[", "{\"a\":", "]", "/*", "{", "\""};
    for (size_t i = 0; i < ROWS(parts); i++) {
        char *text = repeat("", parts[i], (1 << 20) / strlen(parts[i]), "");
        struct loaded loaded = load(text);
        CHECK_EQ(loaded.status, STATUS_INVALID);
        CHECK(strncmp(loaded.faults.data, "onebus.json:1: ", 15) == 0);
        CHECK(strchr(loaded.faults.data, '\n') == NULL);
        unload(&loaded);
        free(text);
    }
}

TEST(nesting_is_borne_or_refused)
{
    char *deep = repeat("{\"bridge\":{\"events\":[", "[", 900, "");
    char *file = repeat(deep, "]", 901, "}}");
    check_file_faults(
        file, "onebus.json:1: bridge.events[0]: a list is no text; allowed: "
              "\"tcp://host:port\", \"ws://host:port/path\", the same with "
              "tls+tcp and wss, \"ipc:///path\"");
    free(deep);
    free(file);
}

TEST(faults_beyond_a_hundred_are_only_counted)
{
    struct buffer text = {0};
    buffer_append_string(&text, "{\"bridge\":{");
    for (int i = 0; i < 1000; i++) {
        char key[32];
        snprintf(key, sizeof(key), "\"k%d\":1,\n", i);
        buffer_append_string(&text, key);
    }
    buffer_append_string(&text, "}}");
    char path[] = "/tmp/onebus-config-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    close(fd);
    write_file(path, text.data, text.size);
    struct config config = {0};
    struct config_faults faults = {0};
    CHECK_EQ(
        config_load(&(struct config_source){.path = path}, &config, &faults),
        STATUS_INVALID);
    CHECK_EQ(faults.count, CONFIG_FAULTS_MAX);
    CHECK_EQ(faults.dropped, 1000 - CONFIG_FAULTS_MAX);
    config_faults_finish(&faults);
    CHECK_EQ(faults.count, 0);
    unlink(path);
    buffer_finish(&text);
}

TEST(an_object_with_thousands_of_keys_is_one_fault)
{
    char *text = repeat("{\"channels\":{\"napcatqq\":{\n\"accounts\":{",
                        "\"a\":{},", 200000, "}}}}");
    check_file_faults(
        text, "onebus.json:2: channels.napcatqq.accounts: more than 4096 "
              "keys");
    free(text);
    text = repeat("{\"bridge\":{\"events\":[", "\"ipc:///a\",", 200000, "]}}");
    check_file_faults(
        text, "onebus.json:1: bridge.events: too many elements; allowed: 1 to "
              "16");
    free(text);
}

TEST(strings_have_a_longest_and_no_longer_one)
{
    static const struct {
        const char *head;
        size_t most;
    } rows[] = {
        {"{\"channels\":{\"napcatqq\":{\"name\":\"", 256},
        {"{\"channels\":{\"napcatqq\":{\"wsPath\":\"/", 255},
        {"{\"channels\":{\"napcatqq\":{\"accessToken\":\"", 1024},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        for (size_t more = 0; more < 2; more++) {
            char *text =
                repeat(rows[i].head, "x", rows[i].most + more, "\"}}}");
            struct loaded loaded = load(text);
            CHECK_EQ(loaded.status == STATUS_OK, more == 0);
            CHECK_EQ(strstr(loaded.faults.data, "is too long") != NULL,
                     more == 1);
            unload(&loaded);
            free(text);
        }
    }
}

TEST(long_values_and_keys_are_cut_short)
{
    char *text = repeat("{\"bridge\":{\"access\":\"a", "ö", 5000, "\"}}");
    check_file_faults(
        text,
        "onebus.json:1: bridge.access: \"aööööööööööööööööööööööööööööö…\" is "
        "not known; allowed: \"enforce\", \"mark\"");
    free(text);
    text = repeat("{\"bridge\":{\"", "k", 5000, "\":1}}");
    struct loaded loaded = load(text);
    CHECK(strlen(loaded.faults.data) < 200);
    unload(&loaded);
    free(text);
}

TEST(a_long_value_without_a_whole_character_is_cut_to_nothing)
{
    char *text = repeat("bridge.log.level=", "\x80", 5000, "");
    const char *flags[] = {text, NULL};
    check_faults(&(struct layer_texts){.file = "{}", .flags = flags},
                 "--set bridge.log.level=…: \"…\" is not known; allowed: "
                 "\"debug\", \"info\", \"warn\", \"error\"");
    free(text);
}

/* Any sound file with a few bytes changed is taken or refused; a sanitizer
 * watches. */
TEST(a_damaged_file_does_no_harm)
{
    static const char sound[] =
        "{\"channels\":{\"napcatqq\":{\"accounts\":{\"a\":{\"wsPort\":0,"
        "\"accessToken\":\"${T}\",},\"b\":{\"selfId\":\"7\"}},\"reconnect\":"
        "{\"retryDelay\":\"5s\"}}},/* x */\"bridge\":{\"events\":[\"tcp://"
        "127.0.0.1:0\",\"ipc:///x\"],\"log\":{\"level\":\"info\"}}} // y";
    static const char bytes[] = "{}[],:\"\\/*\n$0-\xff";
    static const char *const variables[] = {"T=x", NULL};
    unsigned seed = 7;
    for (int round = 0; round < 3000; round++) {
        char text[sizeof(sound)];
        memcpy(text, sound, sizeof(sound));
        for (int i = 0; i <= round % 3; i++) {
            seed = seed * 1103515245 + 12345;
            text[(seed >> 16) % (sizeof(sound) - 1)] =
                bytes[(seed >> 8) % (sizeof(bytes) - 1)];
        }
        struct loaded loaded = load_layers(
            &(struct layer_texts){.file = text, .variables = variables});
        unload(&loaded);
    }
}

SUITE(config, without_anything_the_defaults_hold, each_key_is_read,
      a_value_may_be_written_in_several_ways, an_account_inherits_the_channel,
      who_is_disabled_is_no_account,
      flag_over_environment_over_file_over_default,
      every_type_can_be_set_from_text, an_account_of_the_file_can_be_set_too,
      faults_of_the_environment_and_of_flags_name_them,
      a_flag_of_its_own_is_named_so, of_two_flags_for_one_path_the_last_counts,
      a_variable_that_means_two_accounts_is_refused,
      faults_name_file_line_path_and_what_is_allowed,
      what_is_no_json_is_told_with_its_line,
      a_key_given_twice_is_refused_where_it_matters,
      all_faults_of_all_layers_are_told_at_once, a_string_may_name_variables,
      a_variable_that_is_not_there_is_a_fault,
      a_secret_may_be_in_a_file_of_its_own,
      a_secret_file_that_cannot_be_read_is_a_fault,
      a_secret_given_both_ways_in_one_layer_is_refused,
      a_secret_of_a_higher_layer_wins_whichever_way_it_comes,
      no_secret_is_ever_shown, a_door_to_the_world_needs_a_token_or_a_word,
      a_bus_open_to_the_world_needs_a_word, accounts_can_be_told_apart,
      no_address_is_on_the_bus_twice, a_file_that_was_named_must_be_readable,
      files_are_looked_for_in_their_order, the_settings_guide_is_understood,
      numbers_may_say_what_they_are,
      a_group_takes_what_it_does_not_say_from_every_group,
      a_group_of_the_file_can_be_set_from_outside,
      thousands_of_groups_are_found_again, disabled_is_another_word_for_closed,
      one_refused_value_is_one_fault,
      the_place_for_what_is_kept_is_found_in_the_environment,
      what_has_no_effect_is_noted,
      what_names_a_stream_of_nats_must_do_for_subjects_and_buckets,
      the_servers_of_nats_are_a_list_or_one,
      a_server_of_nats_beyond_this_machine_needs_credentials,
      a_password_for_nats_is_never_shown,
      where_the_credentials_for_nats_stand_is_told, changes_are_told_by_path,
      an_openclaw_file_will_do, the_sample_says_the_defaults,
      what_is_printed_loads_again_as_the_same, the_print_is_pretty,
      a_mebibyte_of_brackets_is_refused, nesting_is_borne_or_refused,
      faults_beyond_a_hundred_are_only_counted,
      an_object_with_thousands_of_keys_is_one_fault,
      strings_have_a_longest_and_no_longer_one,
      long_values_and_keys_are_cut_short,
      a_long_value_without_a_whole_character_is_cut_to_nothing,
      a_damaged_file_does_no_harm, grants_are_read_strictly,
      a_grants_patterns_can_fit_something,
      a_grant_covers_everything_unless_it_says_less, a_short_token_is_noted,
      changed_grants_are_told_by_name, too_many_grants_are_one_fault,
      tools_are_read_strictly, tools_say_what_is_allowed_and_what_is_not)
