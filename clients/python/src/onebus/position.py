"""How far one has come in the journal."""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """Everything up to `seq` is done, in the numbering of the journal `epoch`."""

    epoch: str
    seq: int
