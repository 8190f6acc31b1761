"""The real bridge and a simulated QQ, for tests.

The pytest plugin of this package builds on these; other test frameworks can as
well.
"""

from .bridge import BridgeProcess, BridgeFailed, find_binary

__all__ = ["BridgeFailed", "BridgeProcess", "find_binary"]
