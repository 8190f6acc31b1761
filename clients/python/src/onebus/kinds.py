"""What is known of an action before it is asked for.

The catalogue says it; of actions that it does not have, the name does, as the
bridge reads it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ._actions import MEDIA, READS, STREAMS

#: How actions begin that only read, of those that the catalogue does not have.
_READ_PREFIXES = ("get_", "_get_", "nc_get_", "can_", "fetch_", "check_", "ocr_")
#: What may stand behind a name without changing what it means.
_SUFFIXES = ("_async", "_rate_limited")


def is_read(action: str) -> bool:
    """Whether `action` changes nothing, or the same however often it is asked."""
    if action.startswith("bridge."):
        return True
    return _plain(action) in READS or action.lstrip(".").startswith(_READ_PREFIXES)


def is_long(action: str) -> bool:
    """Whether the bridge may take half an hour for it, and say nothing meanwhile."""
    name = _plain(action)
    return not is_read(action) or name in STREAMS or name in _LONG_READS


def is_stream(action: str) -> bool:
    """Whether its deadline is one for each part of the answer."""
    return _plain(action) in STREAMS


def media(action: str) -> Mapping[str, str]:
    """The parameters that take a file, and those that take its name, if any."""
    return MEDIA.get(_plain(action), {})


#: They move files.
_LONG_READS = frozenset({"bridge.media.get", *(MEDIA.keys() & READS)})


def _plain(action: str) -> str:
    for suffix in _SUFFIXES:
        action = action.removesuffix(suffix)
    return action
