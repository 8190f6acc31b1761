/** `openclaw napcatqq …`: what an operator does at the command line. */

import type { OpenClawPluginApi } from "openclaw/plugin-sdk/channel-core";
import type { Rpc } from "./approval.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { CLI_COMMAND } from "./cli-command.ts";
import type { Config } from "./config.ts";

type CliContext = Parameters<Parameters<OpenClawPluginApi["registerCli"]>[0]>[0];
type Command = CliContext["program"];

interface Options {
  account?: string;
  json?: boolean;
  notify?: boolean;
  owner?: boolean;
  timeout?: string;
}

export function registerCli(api: Pick<OpenClawPluginApi, "registerCli">): void {
  api.registerCli(({ program, config }) => addCommands(program, config), {
    descriptors: [CLI_COMMAND],
  });
}

function addCommands(program: Command, config: Config): void {
  const root = program.command(CLI_COMMAND.name).description(CLI_COMMAND.description);
  root
    .command("approve <qq>")
    .description("Let somebody write to the bot who has asked, by QQ number")
    .option("--account <id>", "Account, where they have asked several")
    .option("--notify", "Tell them in QQ", false)
    .option("--owner", "Make them the command owner, if there is none", false)
    .action(async (who: string, options: Options) => {
      const { approve } = await import("./approval.ts");
      const { account: accountId, notify = false, owner = false } = options;
      say(await approve(await gatewayRpc(), { who, accountId, notify, owner }));
    });
  root
    .command("deny <qq>")
    .description("Dismiss a request, by QQ number")
    .option("--account <id>", "Account, where they have asked several")
    .action(async (who: string, { account: accountId }: Options) => {
      const { deny } = await import("./approval.ts");
      say(await deny(await gatewayRpc(), { who, accountId }));
    });
  root
    .command("pending")
    .alias("list")
    .description("Who waits to be let in")
    .option("--account <id>", "Account; all of them without it")
    .option("--json", "As JSON", false)
    .action(showPending);
  root
    .command("status")
    .description("Whether the bridge, NapCat and QQ are there, and what to do")
    .option("--account <id>", "Account; all of them without it")
    .option("--timeout <ms>", "How long to wait for the bridge", "5000")
    .option("--json", "As JSON", false)
    .action((options: Options) => showStatus(config, options));
}

async function showPending({ account, json }: Options): Promise<void> {
  const { describePending, listPending } = await import("./approval.ts");
  const pending = await listPending(await gatewayRpc(), account);
  if (json) return say(JSON.stringify({ requests: pending }, null, 2));
  if (pending.length === 0) return say("Nobody is waiting.");
  for (const request of pending) say(describePending(request));
  say("To let one in: openclaw napcatqq approve <QQ number> --notify");
}

async function showStatus(config: Config, options: Options): Promise<void> {
  const { listAccountIds, resolveAccount } = await import("./settings.ts");
  const { describeProbe, probe } = await import("./status.ts");
  const { readWhole, BadParam } = await import("./params.ts");
  const timeout = readWhole({ timeout: options.timeout }, "timeout", [500, 120_000]);
  const known = listAccountIds(config);
  const { account } = options;
  if (account !== undefined && !known.includes(account)) {
    throw new BadParam(`--account ${account}: allowed: ${known.join(", ")}`);
  }
  const probed = await Promise.all(
    (account === undefined ? known : [account]).map(async (id) => {
      const resolved = resolveAccount(config, id);
      return { accountId: id, enabled: resolved.enabled, ...(await probe(resolved, timeout)) };
    }),
  );
  if (probed.some(({ ok, enabled }) => enabled && !ok)) process.exitCode = 1;
  if (options.json) return say(JSON.stringify({ accounts: probed }, null, 2));
  for (const each of probed) {
    say(
      `${each.accountId}${each.enabled ? "" : " (disabled)"}: ${each.ok ? "works" : "does not work"}`,
    );
    for (const line of describeProbe(each)) say(`  ${line}`);
  }
}

/** The gateway that runs here, which alone keeps who has asked. */
async function gatewayRpc(): Promise<Rpc> {
  const { callGatewayFromCli, isGatewayTransportError } = await import(
    "openclaw/plugin-sdk/gateway-runtime"
  );
  return async (method, params) => {
    try {
      return await callGatewayFromCli(method, { json: true }, params);
    } catch (error) {
      if (!isGatewayTransportError(error)) throw error;
      throw new Error(
        "the gateway is not reached, and it alone tells who has asked: start it (openclaw gateway run), " +
          `or use the code that they were sent: openclaw pairing approve ${CHANNEL_ID} <code>`,
        { cause: error },
      );
    }
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
