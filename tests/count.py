"""Add up what the tests counted: CUnit's unit.log, and the *.xml of pytest and of
Node, in each folder that is named. Prints one closing line; exits with 1 if anything
failed, or if nothing ran in one of them."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree


def count_cunit(log: Path) -> tuple[int, int, int]:
    """(passed, failed, skipped) of a `Run Summary`; a run cut short failed."""
    row = re.search(r"^\s*tests\s+\d+\s+\d+\s+(\d+)\s+(\d+)", log.read_text(), re.M)
    return (int(row[1]), int(row[2]), 0) if row else (0, 1, 0)


def count_junit(report: Path) -> tuple[int, int, int]:
    """(passed, failed, skipped) of a JUnit report; one cut short failed."""
    try:
        cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    except ElementTree.ParseError:
        return 0, 1, 0
    kinds = [{mark.tag for mark in case} for case in cases]
    failed = sum(1 for kind in kinds if kind & {"failure", "error"})
    skipped = sum(1 for kind in kinds if "skipped" in kind)
    return len(cases) - failed - skipped, failed, skipped


def count(folder: Path) -> list[tuple[int, int, int]]:
    """What each report in a folder says; none is a failure."""
    counts = [count_cunit(log) for log in folder.glob("unit.log")]
    counts += [count_junit(report) for report in folder.glob("*.xml")]
    return counts or [(0, 1, 0)]


def main(folders: list[Path]) -> int:
    counts = [one for folder in folders for one in count(folder)]
    passed, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
    print(f"onebus: {passed} passed, {failed} failed, {skipped} skipped")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
