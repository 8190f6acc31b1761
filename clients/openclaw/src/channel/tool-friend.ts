import { createFriends } from "./friends.ts";
import { listFriends } from "./info.ts";
import { needOneOf, needText, needUser, readText } from "./params.ts";
import { readRequests } from "./requests.ts";
import { done, shown } from "./result.ts";
import type { ToolSpec } from "./tools.ts";

const NAMES = ["list", "remark", "delete", "requests", "accept", "refuse"] as const;

export const friendTool: ToolSpec = {
  name: "qq_friend",
  label: "QQ friends",
  description:
    "The bot's QQ friends, at an owner's word only: list (search by query), remark (empty text takes it away), " +
    "delete, requests, accept or refuse a request by its flag.",
  gate: "friends",
  owners: true,
  parameters: {
    type: "object",
    properties: {
      action: { type: "string", enum: NAMES },
      userId: { type: "string", description: "remark, delete: QQ number." },
      text: { type: "string", description: "remark; accept: the new friend's remark." },
      flag: { type: "string", description: "accept, refuse: as requests gives it." },
      query: { type: "string", description: "list: part of a name or number." },
    },
    required: ["action"],
  },
  run: async (task) => {
    const { calls, given, account } = task;
    const friends = createFriends(task);
    switch (needOneOf(given, "action", NAMES)) {
      case "list":
        return listFriends(calls, readText(given, "query"));
      case "remark": {
        const userId = needUser(given, "userId");
        await friends.setRemark(userId, readText(given, "text") ?? "");
        return done(`The remark of ${userId} is set.`);
      }
      case "delete": {
        const userId = needUser(given, "userId");
        await friends.remove(userId);
        return done(`${userId} is a friend no longer.`);
      }
      case "requests": {
        const found = await readRequests(calls, account.bridgeAccount, "friend");
        return shown("Requests of the last 7 days, answered ones among them:", found, { found });
      }
      case "accept":
        await friends.answerRequest(needText(given, "flag"), true, readText(given, "text"));
        return done("The request is accepted.");
      case "refuse":
        await friends.answerRequest(needText(given, "flag"), false);
        return done("The request is refused.");
    }
  },
};
