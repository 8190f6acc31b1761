"""What a handler has to be: an asynchronous function that takes what it is given."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable


def check(handler: object, *takes: str) -> None:
    """TypeError unless `handler` is one that is called with what `takes` names."""
    if not callable(handler):
        raise TypeError(f"{handler!r}: no handler; allowed: {_form(takes)}")
    if not _is_asynchronous(handler):
        raise TypeError(f"{name(handler)}: not asynchronous; allowed: {_form(takes)}")
    try:
        inspect.signature(handler).bind(*takes)
    except TypeError as error:
        raise TypeError(f"{name(handler)}: {error}; allowed: {_form(takes)}") from None
    except ValueError:  # It tells nothing of its parameters.
        pass


def name(handler: object) -> str:
    """What to call a handler in the log."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    return getattr(handler, "__qualname__", None) or repr(handler)


def _form(takes: tuple[str, ...]) -> str:
    return f"async def handler({', '.join(takes)})"


def _is_asynchronous(handler: Callable[..., object]) -> bool:
    inner = inspect.unwrap(handler)
    called: object = getattr(inner, "__call__", None)  # noqa: B004
    return any(map(inspect.iscoroutinefunction, (handler, inner, called)))
