"""The build under test, and how much patience it takes."""

import os
import re
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parents[2]
FIXTURES: Final = TESTS / "fixtures"

_DEFAULT_BUILD = TESTS.parent / "build" / "dev"
BUILD: Final = Path(os.environ.get("ONEBUS_BUILD_DIR", _DEFAULT_BUILD)).absolute()
BINARY: Final = BUILD / "bridge" / "onebus"


def _sanitizers() -> str:
    """What the build was configured with, e.g. `address;undefined`."""
    cache = BUILD / "CMakeCache.txt"
    text = cache.read_text() if cache.exists() else ""
    row = re.search(r"^ONEBUS_SANITIZE:\w+=(.*)$", text, re.MULTILINE)
    return row[1] if row else ""


SANITIZERS: Final = _sanitizers()

#: How many times slower than a plain build this one may be.
SLOWNESS: Final = 4.0 if SANITIZERS else 1.0

#: Seconds until a condition that must come true has not.
WAIT: Final = 20.0 * SLOWNESS

#: For tests in which callers leave before their reply: NNG's own leak.
CALLERS_LEAVE: Final = {
    "LSAN_OPTIONS": f"print_suppressions=0:suppressions={TESTS}/e2e/lsan.supp"
}

#: A report ends the process with its own status, and never goes unnoticed. At
#: its end ThreadSanitizer waits a second for threads that still run; ours have
#: ended by then, and hundreds of such seconds are minutes.
SANITIZER_OPTIONS: Final = {
    "ASAN_OPTIONS": "exitcode=99:detect_leaks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "exitcode=99:halt_on_error=1:print_stacktrace=1",
    "LSAN_OPTIONS": "print_suppressions=0:"
    f"suppressions={TESTS}/e2e/lsan-bus.supp",
    "TSAN_OPTIONS": "exitcode=99:second_deadlock_stack=1:atexit_sleep_ms=50:"
    f"suppressions={TESTS}/e2e/tsan.supp",
}
