"""Python side of onebus, the bridge that puts QQ bots on a message bus."""

__version__ = "0.1.0"
