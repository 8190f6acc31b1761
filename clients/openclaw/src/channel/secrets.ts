import { createSimpleChannelSecretContract } from "openclaw/plugin-sdk/channel-secret-basic-runtime";
import { CHANNEL_ID } from "./channel-id.ts";

/** Where the host puts in secrets that the settings only refer to. */
export const secrets = createSimpleChannelSecretContract({
  channelKey: CHANNEL_ID,
  label: "NapCatQQ",
  accountFields: ["busToken"],
  channelFields: ["busToken"],
  mode: "account-inheritance",
});
