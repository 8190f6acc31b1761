/**
 * Every key of `channels.napcatqq`, as JSON Schema. The host checks its settings with
 * this before any code of ours runs; `npm run manifest` writes it to
 * openclaw.plugin.json.
 *
 * The bridge reads the same section of the same file, so its keys are in here, too.
 */

import type { AccountConfig } from "./config.ts";

type Schema = Record<string, unknown>;

interface Key {
  schema: Schema;
  label: string;
  help: string;
  isSecret?: true;
}

type Keys = Partial<Record<keyof AccountConfig, Key>>;

const text: Schema = { type: "string" };
const name: Schema = { type: "string", minLength: 1 };
const flag: Schema = { type: "boolean" };
const names: Schema = { type: "array", items: name };
const file: Schema = { type: "string", minLength: 1, description: "Path of a file." };

function oneOf(...words: string[]): Schema {
  return { type: "string", enum: words };
}

function whole(least: number, most: number): Schema {
  return { type: "integer", minimum: least, maximum: most };
}

function record(of: Schema): Schema {
  return { type: "object", additionalProperties: of };
}

function object(properties: Record<string, Schema>): Schema {
  return { type: "object", additionalProperties: false, properties };
}

/** ms, or text with a unit. */
const time: Schema = {
  anyOf: [
    { type: "integer", minimum: 0 },
    { type: "string", pattern: "^[0-9]+(ms|s|m|h|d)?$" },
  ],
};

/** QQ numbers are written either way. */
function idsOf(pattern: string): Schema {
  return {
    type: "array",
    items: {
      anyOf: [
        { type: "integer", minimum: 1 },
        { type: "string", pattern },
      ],
    },
  };
}

const users = idsOf("^(\\*|((napcatqq|qq|user):)*[0-9]+|accessGroup:.+)$");
const usersOrGroups = idsOf("^(\\*|((napcatqq|qq|user|group):)*[0-9]+|accessGroup:.+)$");

/** A secret itself, or where it is: the host puts in what is there. */
const secret: Schema = {
  anyOf: [
    { type: "string", minLength: 1 },
    {
      type: "object",
      additionalProperties: false,
      required: ["source", "provider", "id"],
      properties: { source: oneOf("env", "file", "exec", "store"), provider: name, id: name },
    },
  ],
};

const tools = object({ allow: names, alsoAllow: names, deny: names });

const group = object({
  enabled: flag,
  requireMention: flag,
  mentionAll: flag,
  allowFrom: users,
  systemPrompt: { type: "string", maxLength: 65536 },
  skills: names,
  tools,
  toolsBySender: record(tools),
});

const reconnect = object({
  enabled: flag,
  maxRetries: whole(0, 1_000_000),
  retryDelay: time,
  backoffMultiplier: { type: "number", minimum: 1, maximum: 100 },
  maxDelay: time,
});

const heartbeat = object({ enabled: flag, interval: time, timeout: time });

const tls = object({ cert: file, key: file, clientCa: file, ca: file, insecure: flag });

const actions = object({
  reactions: flag,
  messages: flag,
  files: flag,
  info: flag,
  moderation: flag,
  friends: flag,
});

const streaming = object({
  chunkMode: oneOf("length", "newline"),
  block: object({
    enabled: flag,
    coalesce: object({
      minChars: whole(1, 1_000_000),
      maxChars: whole(1, 1_000_000),
      idleMs: whole(0, 3_600_000),
    }),
  }),
});

const BUS = {
  eventsUrl: {
    schema: name,
    label: "Events URL",
    help: "The bridge's event socket: tcp, ipc, ws, wss or tls+tcp. Default tcp://127.0.0.1:7710.",
  },
  actionsUrl: {
    schema: name,
    label: "Actions URL",
    help: "The bridge's action socket. Default tcp://127.0.0.1:7711.",
  },
  busToken: {
    schema: secret,
    label: "Bus Token",
    help: "The token of one of the bridge's grants, where it has any.",
    isSecret: true,
  },
  busTokenFile: { schema: file, label: "Bus Token File", help: "A file that holds the bus token." },
  busCa: {
    schema: file,
    label: "Bus CA",
    help: "PEM file of the authority of the bridge's certificate, for wss and tls+tcp.",
  },
  bridgeAccount: {
    schema: name,
    label: "Bridge Account",
    help: "The account's name in the bridge's settings. Default: its name here.",
  },
} satisfies Keys;

const POLICY = {
  dmPolicy: {
    schema: oneOf("open", "pairing", "allowlist", "closed", "disabled"),
    label: "Private Chats",
    help: "Who may write to the bot: everybody, who is paired (default), who is listed, nobody.",
  },
  allowFrom: { schema: users, label: "Allowed Users", help: "QQ numbers that need no pairing." },
  groupPolicy: {
    schema: oneOf("open", "allowlist", "closed", "disabled"),
    label: "Groups",
    help: "In which groups the bot answers: all, those listed (default), none.",
  },
  groupAllowFrom: {
    schema: usersOrGroups,
    label: "Group Allow List",
    help: "Senders that may use the bot in groups. A group's own number, or group:<number>, lets the group in with all its members.",
  },
  groupSenderAllowFrom: {
    schema: users,
    label: "Allowed Senders In Groups",
    help: "The same for senders only.",
  },
  groups: {
    schema: record(group),
    label: "Groups By Number",
    help: "Settings of single groups; * stands for every group.",
  },
} satisfies Keys;

const BEHAVIOUR = {
  historyLimit: {
    schema: whole(0, 10_000),
    label: "History",
    help: "Messages that did not address the bot and are shown to the model with the next that does. Default 100.",
  },
  textChunkLimit: {
    schema: whole(1, 100_000),
    label: "Longest Message",
    help: "Characters of a message; longer answers are cut. Default 2000.",
  },
  mediaMaxMb: {
    schema: { type: "number", exclusiveMinimum: 0, maximum: 1024 },
    label: "Largest Media",
    help: "MiB of a picture, voice, video or file that is taken or sent. Default 50.",
  },
  maxAge: {
    schema: time,
    label: "Oldest Message Answered",
    help: "Messages that waited longer are history only; 0 answers all. Default 1h.",
  },
  replyToMode: {
    schema: oneOf("off", "first", "all", "batched"),
    label: "Quote",
    help: "Which parts of an answer quote the message answered. Default first.",
  },
  typing: {
    schema: flag,
    label: "Typing State",
    help: "Show that an answer is being written, in private chats. Default true.",
  },
  notices: {
    schema: oneOf("off", "log", "model"),
    label: "Notices",
    help: "What is done with who joined, was muted, poked …: nothing, a line in the log (default), told to the model.",
  },
  actions: {
    schema: actions,
    label: "Tools",
    help: "What the model may do besides answering. moderation and friends are off by default, and the owner's alone.",
  },
} satisfies Keys;

/** Settings of the bridge, and of its link to NapCat. */
const BRIDGE = {
  wsPort: { schema: whole(0, 65535), label: "WebSocket Port", help: "The bridge's." },
  wsHost: { schema: name, label: "WebSocket Host", help: "The bridge's." },
  wsPath: { schema: name, label: "WebSocket Path", help: "The bridge's." },
  // The bridge reads the text itself: it has nobody to look up what a secret refers to.
  accessToken: {
    schema: name,
    label: "Access Token",
    help: "Between NapCat and the bridge.",
    isSecret: true,
  },
  accessTokenFile: { schema: file, label: "Access Token File", help: "The bridge's." },
  selfId: {
    schema: {
      anyOf: [
        { type: "integer", minimum: 1 },
        { type: "string", pattern: "^[0-9]+$" },
      ],
    },
    label: "QQ Number",
    help: "The bot's own: the bridge refuses others.",
  },
  allowInsecure: { schema: flag, label: "Allow Insecure", help: "The bridge's." },
  connect: { schema: name, label: "Connect", help: "The bridge's: NapCat's own WebSocket server." },
  tls: { schema: tls, label: "TLS", help: "The bridge's." },
  reconnect: {
    schema: reconnect,
    label: "Reconnect",
    help: "The bridge's; the pauses hold for the connection to the bridge, too, which is never given up.",
  },
  heartbeat: {
    schema: heartbeat,
    label: "Heartbeat",
    help: "The bridge's; interval and timeout hold for the connection to the bridge, too.",
  },
} satisfies Keys;

/** What the host itself reads in any channel's section. */
const HOST: Record<string, Key> = {
  configWrites: { schema: flag, label: "Config Writes", help: "Chat commands may write settings." },
  healthMonitor: {
    schema: object({ enabled: flag }),
    label: "Health Monitor",
    help: "The host's.",
  },
  markdown: {
    schema: object({ tables: oneOf("off", "bullets", "code", "block") }),
    label: "Markdown",
    help: "How tables are shown.",
  },
  contextVisibility: {
    schema: oneOf("all", "allowlist", "allowlist_quote"),
    label: "Context Visibility",
    help: "Whose words the model is shown besides the message itself.",
  },
  implicitMentions: {
    schema: object({ replyToBot: flag, quotedBot: flag, threadParticipation: flag }),
    label: "Implicit Mentions",
    help: "What counts as a mention without one.",
  },
  dmHistoryLimit: { schema: whole(0, 1_000_000), label: "Private History", help: "The host's." },
  dms: {
    schema: record(object({ historyLimit: whole(0, 1_000_000) })),
    label: "Private Chats By Number",
    help: "The host's.",
  },
  streaming: { schema: streaming, label: "Streaming", help: "Answers in parts as they come." },
  responsePrefix: { schema: text, label: "Response Prefix", help: "Put before each answer." },
  ackReaction: { schema: text, label: "Ack Reaction", help: "Set on a message that was taken up." },
};

const OWN = {
  enabled: { schema: flag, label: "Enabled", help: "Whether it is in use. Default true." },
  name: { schema: name, label: "Name", help: "For people." },
} satisfies Keys;

/** All that `resolveAccount` and the bridge read. */
const READ: Record<keyof AccountConfig, Key> = {
  ...OWN,
  ...BUS,
  ...POLICY,
  ...BEHAVIOUR,
  ...BRIDGE,
};

const KEYS: Record<string, Key> = { ...READ, ...HOST };

function properties(): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(KEYS).map(([key, { schema, help }]) => [key, { ...schema, description: help }]),
  );
}

export function channelSchema(): Schema {
  return object({
    ...properties(),
    defaultAccount: { ...name, description: "The account meant when none is named." },
    accounts: {
      ...record(object(properties())),
      description:
        "Several QQ accounts; each has any of the keys above, over those of the channel.",
    },
  });
}

/** What the host's pages show, and what they hide. */
export function uiHints(): Record<string, { label: string; help?: string; sensitive?: true }> {
  const hints = Object.entries(KEYS).map(([key, { label, help, isSecret }]) => [
    key,
    { label, help, ...(isSecret && { sensitive: isSecret }) },
  ]);
  const secrets = Object.entries(KEYS)
    .filter(([, key]) => key.isSecret)
    .map(([key, { label }]) => [`accounts.*.${key}`, { label, sensitive: true }]);
  return {
    "": { label: "NapCatQQ", help: "QQ through NapCatQQ and the onebus bridge." },
    ...Object.fromEntries([...hints, ...secrets]),
  };
}
