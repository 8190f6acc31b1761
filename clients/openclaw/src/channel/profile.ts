/** The bot's own profile. */

import type { Caller } from "../bus/types.ts";
import { fields, text } from "../qq/value.ts";

export interface Profile {
  nickname?: string | undefined;
  signature?: string | undefined;
  /** A URL, or `base64://…`. */
  picture?: string | undefined;
}

/** What was changed, by name. */
export async function setProfile(calls: Caller, profile: Profile): Promise<string[]> {
  const { nickname, signature, picture } = profile;
  if (nickname !== undefined || signature !== undefined) {
    await calls.call("set_qq_profile", {
      nickname: nickname ?? (await ownNickname(calls)),
      ...(signature !== undefined && { personal_note: signature }),
    });
  }
  if (picture !== undefined) await calls.call("set_qq_avatar", { file: picture });
  return Object.entries(profile).flatMap(([key, value]) => (value === undefined ? [] : [key]));
}

/** QQ takes no signature without a nickname. */
async function ownNickname(calls: Caller): Promise<string> {
  const { data } = await calls.call("get_login_info");
  return text(fields(data)["nickname"]);
}
