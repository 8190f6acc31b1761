"""An event as it came: which one it is, without decoding it.

    topic NUL {"v": 1, "epoch": …, "seq": …, "time": …, "account": …, …}

Of each message it must be known which event it is; most need not be decoded, for
they have been, or nobody wants them. The keys stand in this order, so they are
read where they lie. What is not as expected is unpacked whole.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from . import envelope

_INT = rb"([\0-\x7f]|\xcc.|\xcd..|\xce.{4}|\xcf.{8})"
_HEAD = re.compile(
    rb"[^\0]+\0"
    rb"(?:[\x80-\x8f]|\xde..)"
    rb"\xa1v."
    rb"\xa5epoch[\xa0-\xbf]([0-9A-Za-z_-]+)"
    rb"\xa3seq" + _INT + rb"\xa4time" + _INT + rb"\xa7account([\xa0-\xbf])",
    re.DOTALL,
)


class RawEvent(NamedTuple):
    """An event that is not decoded."""

    epoch: str
    seq: int
    #: The whole message: topic, NUL, and the envelope as MessagePack.
    data: bytes
    #: When the bridge got it, in ms since 1970.
    received_ms: int
    account: str

    @property
    def topic(self) -> str:
        """Where it was published."""
        return envelope.split(self.data)[0]

    @property
    def envelope(self) -> dict[str, Any]:
        """The envelope, unpacked anew each time."""
        return envelope.unpack(envelope.split(self.data)[1])


def peek(data: bytes) -> RawEvent:
    """Read which event a message of the bus is; MalformedMessage if it is none."""
    head = _HEAD.match(data)
    if head is None:
        return _peek_slowly(data)
    epoch, seq, time, size = head.groups()
    begin = head.end()
    account = data[begin : begin + (size[0] & 0x1F)].decode(errors="surrogateescape")
    return RawEvent(epoch.decode(), _int(seq), data, _int(time), account)


def _int(packed: bytes) -> int:
    return packed[0] if len(packed) == 1 else int.from_bytes(packed[1:], "big")


def _peek_slowly(data: bytes) -> RawEvent:
    topic, body = envelope.split(data)
    header = envelope.header(topic, envelope.unpack(body))
    return RawEvent(header.epoch, header.seq, data, header.time_ms, header.account)
