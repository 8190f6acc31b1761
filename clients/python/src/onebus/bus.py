"""The way to the bridge: `connect` and what it gives."""

from __future__ import annotations

import itertools
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import anyio
from typing_extensions import Self, TypedDict, Unpack

from ._actions import READS, Actions
from .bridge_actions import BridgeActions
from .calls import CALLS_MAX, CONNECT_TIMEOUT, Caller, NoReply
from .errors import OutcomeUnknown, error_of
from .files import load
from .guide import Guide
from .stream import EventStream, StreamOptions

if TYPE_CHECKING:
    import pynng

    from .event import Event
    from .message import MessageLike
    from .results import MessageSent

log = logging.getLogger("onebus")

EVENTS = "tcp://127.0.0.1:7710"
ACTIONS = "tcp://127.0.0.1:7711"

#: How much longer than the bridge the client waits for a reply, in seconds.
GRACE = 5.0
#: How long it waits where the bridge decides, in seconds. The bridge tells of
#: each deadline itself; this is for one that hangs.
READ_PATIENCE = 120.0
WRITE_PATIENCE = 2000.0

#: How actions begin that only read, of those that the catalogue does not have.
_READ_PREFIXES = ("get_", "_get_", "nc_get_", "can_", "fetch_", "check_", "ocr_")
