import { MUTE_MAX_MIN } from "./action-handlers.ts";
import { type Administration, createAdministration } from "./administration.ts";
import { type Given, needOneOf, needText, needUser, readText, readWhole } from "./params.ts";
import { groupMeant } from "./place.ts";
import { readRequests } from "./requests.ts";
import { done, shown } from "./result.ts";
import type { ToolSpec } from "./tools.ts";

type Deed = (admin: Administration, groupId: string, given: Given) => Promise<string>;

const KINDS = ["add", "invite"] as const;

const DEEDS = {
  mute: async (admin, groupId, given) => {
    const minutes = readWhole(given, "minutes", [1, MUTE_MAX_MIN]);
    const userId = needUser(given, "userId");
    await admin.mute(groupId, userId, minutes * 60);
    return `${userId} is muted for ${minutes} min`;
  },
  unmute: async (admin, groupId, given) => {
    const userId = needUser(given, "userId");
    await admin.mute(groupId, userId, 0);
    return `${userId} may speak again`;
  },
  mute_all: async (admin, groupId) => {
    await admin.muteAll(groupId, true);
    return "the whole group is muted";
  },
  unmute_all: async (admin, groupId) => {
    await admin.muteAll(groupId, false);
    return "the group may speak again";
  },
  kick: async (admin, groupId, given) => {
    const userId = needUser(given, "userId");
    await admin.kick(groupId, userId, false);
    return `${userId} was removed`;
  },
  ban: async (admin, groupId, given) => {
    const userId = needUser(given, "userId");
    await admin.kick(groupId, userId, true);
    return `${userId} was removed and cannot ask to join again`;
  },
  set_admin: async (admin, groupId, given) => {
    const userId = needUser(given, "userId");
    await admin.setAdmin(groupId, userId, true);
    return `${userId} is administrator`;
  },
  unset_admin: async (admin, groupId, given) => {
    const userId = needUser(given, "userId");
    await admin.setAdmin(groupId, userId, false);
    return `${userId} is administrator no longer`;
  },
  rename: async (admin, groupId, given) => {
    const name = needText(given, "text");
    await admin.rename(groupId, name);
    return `renamed to ${name}`;
  },
  set_card: async (admin, groupId, given) => {
    const userId = needUser(given, "userId");
    await admin.setCard(groupId, userId, readText(given, "text") ?? "");
    return `${userId} has another name here`;
  },
  set_title: async (admin, groupId, given) => {
    const userId = needUser(given, "userId");
    await admin.setTitle(groupId, userId, readText(given, "text") ?? "");
    return `${userId} has another title`;
  },
  notice: async (admin, groupId, given) => {
    await admin.announce(groupId, needText(given, "text"));
    return "the notice is posted";
  },
  accept: (admin, groupId, given) => answer(admin, groupId, given, true),
  refuse: (admin, groupId, given) => answer(admin, groupId, given, false),
} as const satisfies Record<string, Deed>;

type DeedName = keyof typeof DEEDS;
const NAMES = [...(Object.keys(DEEDS) as DeedName[]), "requests"] as const;

async function answer(
  admin: Administration,
  groupId: string,
  given: Given,
  approve: boolean,
): Promise<string> {
  await admin.answerRequest(groupId, {
    kind: needOneOf(given, "kind", KINDS),
    flag: needText(given, "flag"),
    approve,
    reason: approve ? undefined : readText(given, "text"),
  });
  return approve ? "the request is accepted" : "the request is refused";
}

export const groupTool: ToolSpec = {
  name: "qq_group",
  label: "QQ group administration",
  description:
    "Administer a QQ group, at an owner's word only: mute, unmute, mute_all, unmute_all, kick, ban (kicked for ever), " +
    "set_admin, unset_admin, rename, set_card, set_title, notice; requests lists who wants to join, " +
    "accept and refuse answer one by its flag and kind.",
  gate: "moderation",
  owners: true,
  parameters: {
    type: "object",
    properties: {
      action: { type: "string", enum: NAMES },
      groupId: { type: "string", description: "Group number; default the current group." },
      userId: { type: "string", description: "QQ number of the member." },
      minutes: { type: "integer", minimum: 1, maximum: MUTE_MAX_MIN, description: "mute." },
      text: {
        type: "string",
        description: "rename, set_card, set_title, notice: the text; refuse: why.",
      },
      flag: { type: "string", description: "accept, refuse: as requests gives it." },
      kind: { type: "string", enum: KINDS, description: "accept, refuse: as requests gives it." },
    },
    required: ["action"],
  },
  run: async (task) => {
    const { calls, given, here, requester, account } = task;
    const name = needOneOf(given, "action", NAMES);
    if (name === "requests") {
      const found = await readRequests(calls, account.bridgeAccount, "group");
      return shown("Requests of the last 7 days, answered ones among them:", found, { found });
    }
    const groupId = groupMeant(given, ["groupId"], here, requester);
    const what = await DEEDS[name](createAdministration(task), groupId, given);
    return done(`group:${groupId}: ${what}.`, { groupId });
  },
};
