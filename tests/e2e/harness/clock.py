"""A wall clock that can be set, for a bridge alone; what counts time that goes
by is left alone."""

from __future__ import annotations

from pathlib import Path

#: Where Debian's package `faketime` has it.
_LIBRARY = "faketime/libfaketimeMT.so.1"


class Clock:
    """Give `env` to what is to see it."""

    def __init__(self, folder: Path) -> None:
        (library,) = Path("/usr/lib").glob(f"*/{_LIBRARY}")
        self._file = folder / "clock"
        self.env = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.set(0)

    def set(self, hours: float) -> None:
        """So far from the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{hours * 3600:+.0f}\n")
        new.replace(self._file)
