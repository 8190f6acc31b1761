import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelSetupWizard } from "openclaw/plugin-sdk/channel-setup";
import type { Config } from "../../src/channel/config.ts";
import { resolveAccount } from "../../src/channel/settings.ts";
import { setupWizard } from "../../src/channel/setup-wizard.ts";
import { startBridge, startSim } from "../support/bridge.ts";

type Finalize = NonNullable<ChannelSetupWizard["finalize"]>;
type Prompter = Parameters<Finalize>[0]["prompter"];

/** Chooses `answer` where it may choose, and keeps what it is told. */
function prompterOf(answer: string) {
  const notes: string[] = [];
  const questions: string[] = [];
  const prompter = {
    note: async (message: string) => void notes.push(message),
    progress: () => ({ update: () => undefined, stop: () => undefined }),
    select: async ({ message }: { message: string }) => {
      questions.push(message);
      return answer;
    },
  } as unknown as Prompter;
  return { prompter, notes, questions };
}

async function finish(cfg: Config, prompter: Prompter): Promise<Config> {
  const never = () => assert.fail("nothing is printed");
  const runtime = { log: never, error: never, exit: never };
  const done = await setupWizard.finalize?.({
    cfg,
    accountId: "default",
    credentialValues: {},
    runtime,
    prompter,
    forceAllowFrom: false,
  });
  return done?.cfg ?? cfg;
}

test("at the end the bridge is asked, and which of its accounts is meant", async () => {
  await using bridge = await startBridge({
    channel: { accounts: { one: { wsPath: "/one" }, two: { wsPath: "/two" } } },
    bridge: { access: "mark" },
  });
  const { events: eventsUrl, actions: actionsUrl } = bridge;
  const cfg = { channels: { napcatqq: { eventsUrl, actionsUrl } } } as Config;
  const first = prompterOf("two");
  const done = await finish(cfg, first.prompter);
  assert.match(first.questions.join(), /no account default/);
  assert.equal(resolveAccount(done).bridgeAccount, "two");
  assert.match(first.notes.join(), /account two, access mark.*NapCat: away/s);

  await using sim = await startSim(bridge, { account: "two" });
  assert.ok(sim);
  const second = prompterOf("nothing is asked");
  await finish(done, second.prompter);
  assert.deepEqual(second.questions, []);
  assert.match(second.notes.join(), /NapCat: connected/);
});
