import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { manifest } from "../../src/channel/manifest.ts";

test("openclaw.plugin.json is what the settings' table says (npm run manifest)", () => {
  const file = new URL("../../openclaw.plugin.json", import.meta.url);
  assert.equal(readFileSync(file, "utf8"), manifest());
});
