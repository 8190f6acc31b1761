/** The parameters of the `message` tool that are QQ's own, as JSON Schema. */

type Property = { type: string; description: string; [key: string]: unknown };

const number = (description: string): Property => ({ type: "string", description });

export const PARAMETERS: Record<string, Property> = {
  groupId: number(
    "QQ group number. timeout, kick, ban, role-add, role-remove: default the current group.",
  ),
  userId: number(
    "QQ number of the member: timeout, kick, ban, removeParticipant, role-add, role-remove, member-info.",
  ),
  durationMin: {
    type: "integer",
    minimum: 0,
    maximum: 43_200,
    description: "timeout: minutes of mute, at most 30 days; 0 lifts it.",
  },
  role: {
    type: "string",
    enum: ["admin"],
    description: "role-add, role-remove: the only role of QQ's groups.",
  },
  forever: { type: "boolean", description: "kick: they cannot ask to join again (as ban does)." },
  folder: { type: "string", description: "upload-file: id of a folder of the group." },
  signature: {
    type: "string",
    description: "set-profile: the bot's signature; name is its nickname.",
  },
};
