"""How much the tests marked `stress` do: little, unless ONEBUS_STRESS is
`full`."""

import os
import random
from typing import Final

IS_FULL: Final = os.environ.get("ONEBUS_STRESS") == "full"


def size(short: int, full: int) -> int:
    return full if IS_FULL else short


def dice() -> random.Random:
    """What chance decides; the seed is shown where a test fails."""
    seed = int(os.environ.get("ONEBUS_SEED", random.randrange(1 << 32)))
    print(f"ONEBUS_SEED={seed}")
    return random.Random(seed)
