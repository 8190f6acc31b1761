"""onebus: QQ bots on a message bus.

    import onebus

    async with onebus.connect() as bus:
        async for event in bus.events("qq.group.*"):
            match event:
                case onebus.GroupMessage(text="/ping"):
                    await event.reply("pong")

`Bot` calls functions of yours for what happens; `onebus.sync` is for scripts;
`onebus.sim` is a QQ that needs no QQ, and `onebus.testing` a bridge for tests.
"""

from . import errors, events, segments, shapes
from .bot import Bot
from .bus import Bus, CallReply, connect
from .cursors import BridgeCursor, CursorError, CursorStore, FileCursor, MemoryCursor
from .errors import *  # noqa: F403
from .event import (
    BridgeEvent,
    Chat,
    Event,
    Gap,
    MessageEvent,
    MetaEvent,
    NoticeEvent,
    Policy,
    RequestEvent,
    UnknownEvent,
)
from .events import *  # noqa: F403
from .files import FileError, FileLike
from .message import Message, MessageLike
from .position import Position
from .segment import Segment, UnknownSegment
from .segments import *  # noqa: F403
from .shapes import *  # noqa: F403
from .stream import EventStream

__version__ = "0.1.0"

__all__ = [
    "Bot",
    "BridgeCursor",
    "BridgeEvent",
    "Bus",
    "CallReply",
    "Chat",
    "CursorError",
    "CursorStore",
    "Event",
    "EventStream",
    "FileCursor",
    "FileError",
    "FileLike",
    "Gap",
    "MemoryCursor",
    "Message",
    "MessageEvent",
    "MessageLike",
    "MetaEvent",
    "NoticeEvent",
    "Policy",
    "Position",
    "RequestEvent",
    "Segment",
    "UnknownEvent",
    "UnknownSegment",
    "__version__",
    "connect",
]
__all__ += errors.__all__
__all__ += events.__all__
__all__ += segments.__all__
__all__ += shapes.__all__
