"""A simulated QQ: an account behind NapCat that dials the bridge.

For developing and testing without a QQ account.  On the command line,
``python -m onebus.sim`` plays a little group chat; in tests, `Simulator` puts
every event, answer and break of the connection under control.

Needs the extra ``sim``: ``pip install onebus[sim]``.
"""

try:
    from .adapter import Adapter, LinkSettings, Refusal
    from .answers import ABSENT, NO_ANSWER, ActionFailed, Stream
    from .faults import (
        BreakAfter,
        BreakBefore,
        CutShort,
        Damaged,
        Failed,
        Late,
        Lost,
        OnNextLink,
        Reversed,
        Twice,
    )
    from .link import HandshakeRefused, Link
    from .model import Chat, Message, Sent
    from .peer import Request, Simulator
    from .world import World
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"{error}; the simulator needs: pip install 'onebus[sim]'", name=error.name
    ) from None

__all__ = [
    "ABSENT",
    "NO_ANSWER",
    "ActionFailed",
    "Adapter",
    "BreakAfter",
    "BreakBefore",
    "Chat",
    "CutShort",
    "Damaged",
    "Failed",
    "HandshakeRefused",
    "Late",
    "Link",
    "LinkSettings",
    "Lost",
    "Message",
    "OnNextLink",
    "Refusal",
    "Request",
    "Reversed",
    "Sent",
    "Simulator",
    "Stream",
    "Twice",
    "World",
]
