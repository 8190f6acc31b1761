"""The real bridge, simulated QQs and bots, for tests; needs the extra `sim`.

The pytest plugin of this package builds on these; other test frameworks can as
well.
"""

from .bots import Runnable
from .bridge import BridgeFailed, BridgeProcess, find_binary
from .chats import FriendHandle, GroupHandle
from .qq import NothingHappened, SimulatedQQ
from .scene import Scene
from .sent import SentMessage

__all__ = [
    "BridgeFailed",
    "BridgeProcess",
    "FriendHandle",
    "GroupHandle",
    "NothingHappened",
    "Runnable",
    "Scene",
    "SentMessage",
    "SimulatedQQ",
    "find_binary",
]
