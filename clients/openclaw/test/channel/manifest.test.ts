import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { manifest } from "../../src/channel/manifest.ts";

test("openclaw.plugin.json is what the settings' table says (npm run manifest)", () => {
  const file = new URL("../../openclaw.plugin.json", import.meta.url);
  assert.equal(readFileSync(file, "utf8"), manifest());
});

test("the host finds where secrets are put in, under the name that it looks for", async () => {
  const api = await import("../../secret-contract-api.ts");
  const paths = api.secretTargetRegistryEntries.map((entry) => entry.pathPattern);
  assert.deepEqual(paths.toSorted(), [
    "channels.napcatqq.accounts.*.busToken",
    "channels.napcatqq.busToken",
  ]);
  assert.equal(typeof api.collectRuntimeConfigAssignments, "function");
});
