import assert from "node:assert/strict";
import { test } from "node:test";
import { CallError } from "../../src/bus/errors.ts";
import type { CallFailure, ErrorClass } from "../../src/bus/types.ts";
import { stillUnsure } from "../../src/channel/send.ts";

const CASES: [attempts: ErrorClass[], unsure: ErrorClass | undefined][] = [
  [["no_bridge"], undefined],
  [["lost"], "lost"],
  [["unknown", "unknown"], "unknown"],
  [["lost", "no_bridge", "busy"], "lost"],
  [["lost", "not_connected"], "lost"],
  [["lost", "denied"], "lost"],
  [["lost", "internal"], "lost"],
  [["lost", "timeout"], undefined],
  [["lost", "timeout", "busy"], undefined],
  [["lost", "peer_error"], undefined],
];

for (const [attempts, expected] of CASES) {
  test(`${attempts.join(", ")}: ${expected ? "it may have gone out" : "it did not go out"}`, () => {
    let unsure: CallFailure | undefined;
    for (const error of attempts) {
      const called = { action: "send_group_msg", account: "default" };
      unsure = stillUnsure(new CallError(called, { error, message: "" }), unsure);
    }
    assert.equal(unsure?.error, expected);
  });
}
