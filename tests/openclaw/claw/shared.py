"""The settings of the gateway that tests share: who may do what there.

A test that needs a group, or somebody, of its own adds them here.
"""

from __future__ import annotations

from typing import Any, Final

#: The bridge's accounts, and the plugin's.
ACCOUNTS: Final = ("main", "second", "closed")

OWNER: Final = 30001
"""May do everything, on every account."""

ALICE: Final = 30002
BOB: Final = 30003
"""Both are in `allowFrom` of account main."""

STRANGER: Final = 39999
"""Is on no list."""

HALL: Final = 20001
"""The bot has to be mentioned; with a prompt, skills and tools of its own."""

LOUNGE: Final = 20002
"""The bot answers everything."""

SHUT: Final = 20003
"""Disabled."""

CLUB: Final = 20004
"""Alice only."""

PLAZA: Final = 20005
"""@all counts as a mention."""

UNLISTED: Final = 20009

ANNEX: Final = 20006
"""Of account second: `groupAllowFrom` has the group, by its number, which might be
a sender's."""

FORUM: Final = 20007
"""Accounts main and second are in it."""

WORKSHOP: Final = 20008
"""The bot answers everything, and may moderate; for tests of what it does there."""

PROMPT: Final = "You are the porter of the hall."

CHANNEL: Final[dict[str, Any]] = {
    "accounts": {
        "main": {
            "allowFrom": [OWNER, ALICE, BOB],
            "actions": {"moderation": True, "friends": True},
            "groups": {
                str(HALL): {
                    "systemPrompt": PROMPT,
                    "skills": ["porter"],
                    "tools": {"deny": ["exec"]},
                },
                str(LOUNGE): {"requireMention": False},
                str(SHUT): {"enabled": False, "requireMention": False},
                str(CLUB): {"allowFrom": [ALICE], "requireMention": False},
                str(PLAZA): {"mentionAll": True},
                str(FORUM): {},
                str(WORKSHOP): {"requireMention": False},
            },
        },
        "second": {
            "dmPolicy": "open",
            "groupAllowFrom": [ANNEX, OWNER, f"group:{FORUM}"],
            "textChunkLimit": 40,
            "replyToMode": "all",
            "mediaMaxMb": 1,
        },
        "closed": {"dmPolicy": "closed", "groupPolicy": "closed"},
    },
}

#: Of the agent, each with what it says of itself.
SKILLS: Final = {
    "porter": "Knows who has which room key.",
    "plumber": "Knows which pipe leaks.",
}

#: What the bot is called, beside its account.
NAME: Final = "Jeeves"

#: Of the gateway. What was spoken is what stands in the file.
SETTINGS: Final[dict[str, Any]] = {
    "tools": {
        "media": {
            "models": [
                {
                    "type": "cli",
                    "command": "head",
                    "args": ["-c", "100", "{{AttachmentPath}}"],
                    "capabilities": ["audio"],
                }
            ],
            "audio": {"enabled": True},
        }
    },
    "commands": {"ownerAllowFrom": [f"napcatqq:{OWNER}"]},
    "messages": {"groupChat": {"mentionPatterns": [NAME]}},
}

#: Of the bridge.
BRIDGE: Final[dict[str, Any]] = {}
