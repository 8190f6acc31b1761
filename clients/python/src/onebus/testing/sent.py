"""What a bot has sent, as a test looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from ..message import Message
from ..segments import At, Reply
from ..sim.disk import Content
from ..sim.model import Sent


@dataclass(frozen=True)
class SentMessage:
    """A message of the bot, as QQ shows it."""

    #: Where it went: one of the two is None.
    group_id: int | None
    user_id: int | None
    message: Message
    #: The files in it: bytes, or the address that QQ is to load them from.
    media: tuple[bytes | str, ...]
    message_id: int
    #: As the simulator keeps it, the nodes of a forward included.
    raw: Sent

    @property
    def text(self) -> str:
        """The text in it, without the rest."""
        return self.message.text

    @property
    def quotes(self) -> int | None:
        """The message_id of what it quotes."""
        quoted = self.message.first(Reply)
        return None if quoted is None or quoted.id is None else int(quoted.id)

    @property
    def mentions(self) -> tuple[int, ...]:
        """Whom it mentions, everybody (`at` all) aside."""
        return tuple(at.qq for at in self.message.all(At) if isinstance(at.qq, int))


def shown(sent: Sent) -> SentMessage:
    """What the simulator has noted, as a test looks at it."""
    chat = sent.chat
    return SentMessage(
        group_id=chat.peer_id if chat.kind == "group" else None,
        user_id=chat.peer_id if chat.kind == "private" else None,
        message=Message.from_wire(sent.segments),
        media=tuple(map(_media, sent.media)),
        message_id=sent.message.message_id,
        raw=sent,
    )


def _media(content: Content) -> bytes | str:
    return content.source if content.data is None else content.data
