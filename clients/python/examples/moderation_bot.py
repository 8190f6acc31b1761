"""Keeps order in a group: forbidden words, floods, newcomers.

What is forbidden is taken back, its author warned, and at the third time muted
for ten minutes. Who says more than six things in ten seconds is muted for one.
The bot has to be an administrator of the group.

    MODERATE_GROUPS=700,701 MODERATE_WORDS=spam,广告 python moderation_bot.py
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict, deque

from onebus import ActionFailed, At, Bot, GroupIncrease, GroupMessage, GroupRequest

GROUPS = [int(group) for group in os.environ.get("MODERATE_GROUPS", "").split(",") if group]
WORDS = [word for word in os.environ.get("MODERATE_WORDS", "spam").split(",") if word]
WARNINGS = 3
MUTE_SECONDS = 600
FLOOD_MESSAGES, FLOOD_SECONDS, FLOOD_MUTE_SECONDS = 6, 10, 60

Member = tuple[int, int]


class Moderator:
    """What is remembered of each member."""

    def __init__(self) -> None:
        self.warnings: Counter[Member] = Counter()
        self.times: defaultdict[Member, deque[int]] = defaultdict(
            lambda: deque(maxlen=FLOOD_MESSAGES + 1)
        )

    def warn(self, member: Member) -> bool:
        """Count a warning; True if it was the last one."""
        self.warnings[member] += 1
        if self.warnings[member] < WARNINGS:
            return False
        del self.warnings[member]
        return True

    def is_flood(self, member: Member, time: int) -> bool:
        """Count a message said at `time`; True if there are too many."""
        times = self.times[member]
        times.append(time)
        is_full = len(times) > FLOOD_MESSAGES
        return is_full and times[-1] - times[0] < FLOOD_SECONDS


bot = Bot()
moderator = Moderator()


def is_moderated(event: GroupMessage) -> bool:
    is_ours = not GROUPS or event.group_id in GROUPS
    return is_ours and event.sender.role not in ("owner", "admin")


@bot.on_group_message(contains=WORDS, when=is_moderated)
async def forbid(event: GroupMessage) -> None:
    await event.recall()
    if moderator.warn((event.group_id, event.user_id)):
        await event.bus.set_group_ban(
            event.group_id, event.user_id, MUTE_SECONDS, account=event.account
        )
    else:
        await event.reply("请注意言辞 (mind your words).", at=True)


@bot.on_group_message(when=is_moderated)
async def stop_floods(event: GroupMessage) -> None:
    if moderator.is_flood((event.group_id, event.user_id), event.time):
        await event.bus.set_group_ban(
            event.group_id, event.user_id, FLOOD_MUTE_SECONDS, account=event.account
        )


@bot.on(GroupIncrease)
async def welcome(event: GroupIncrease) -> None:
    if event.user_id != event.self_id:
        await event.reply(At(event.user_id) + " 欢迎！ Please read the notices.")


@bot.on(GroupRequest)
async def admit(event: GroupRequest) -> None:
    """Who gives a reason may join; the others are asked for one."""
    if event.sub_type != "add":
        return
    try:
        if event.comment and event.comment.strip():
            await event.approve()
        else:
            await event.reject("Please say why you want to join.")
    except ActionFailed as error:
        print(f"request of {event.user_id}: {error}", flush=True)


if __name__ == "__main__":
    bot.run()
