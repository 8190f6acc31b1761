"""What came of scenarios: lines for people, and JUnit's XML for CI systems."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from .terminal import Palette, one_line, printable

_WORDS = 100
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class StepResult:
    """What came of one step."""

    line: int
    words: str
    seconds: float
    failure: str = ""
    """Why it failed; empty: it has not."""


@dataclass
class Report:
    """What came of one scenario."""

    path: Path
    name: str
    results: list[StepResult] = field(default_factory=list)
    problem: str = ""
    """Why it could not be played, or not to its end, beside any step."""

    @property
    def ok(self) -> bool:
        """Whether all came as the scenario says."""
        return not self.problem and not any(result.failure for result in self.results)

    @property
    def seconds(self) -> float:
        """How long the steps took."""
        return sum(result.seconds for result in self.results)


class Reporter:
    """Puts what comes in lines as it comes."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette

    def head(self, report: Report) -> None:
        """A scenario begins."""
        title = f"{one_line(report.name)} ({report.path})"
        print(self._palette.paint(title, "strong"), flush=True)

    def step(self, report: Report, result: StepResult) -> None:
        """A step is through."""
        kind = "error" if result.failure else "good"
        mark = self._palette.paint("FAIL" if result.failure else "ok  ", kind)
        words = one_line(result.words, _WORDS)
        line = f"  {mark} {result.line:>4}  {words}  ({result.seconds:.2f} s)"
        print(line, flush=True)
        if result.failure:
            place = f"{report.path}:{result.line}"
            failure = printable(f"{place}: {result.failure}")
            print(f"         {self._palette.paint(failure, 'error')}", flush=True)

    def end(self, report: Report) -> None:
        """A scenario is through."""
        if report.problem:
            problem = printable(f"{report.path}: {report.problem}")
            print(f"  {self._palette.paint(f'FAIL {problem}', 'error')}", flush=True)

    def sum(self, reports: list[Report]) -> None:
        """All are through."""
        failed = [report for report in reports if not report.ok]
        steps = sum(len(report.results) for report in reports)
        seconds = sum(report.seconds for report in reports)
        line = (
            f"{len(reports) - len(failed)} passed, {len(failed)} failed; "
            f"{steps} steps in {seconds:.1f} s"
        )
        print(self._palette.paint(line, "error" if failed else "good"), flush=True)


def write_junit(path: Path, reports: list[Report]) -> None:
    """A report that CI systems read: a suite for each scenario, a case for
    each step."""
    root = ElementTree.Element("testsuites")
    for report in reports:
        _add_suite(root, report)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add_suite(root: ElementTree.Element, report: Report) -> None:
    failed = sum(1 for result in report.results if result.failure)
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=_xml(report.name),
        tests=str(len(report.results) + bool(report.problem)),
        failures=str(failed + bool(report.problem)),
        time=f"{report.seconds:.3f}",
    )
    for result in report.results:
        case = _case(suite, report, f"{result.line}: {result.words}", result.seconds)
        if result.failure:
            ElementTree.SubElement(case, "failure", message=_xml(result.failure))
    if report.problem:
        case = _case(suite, report, "scenario", 0.0)
        ElementTree.SubElement(case, "failure", message=_xml(report.problem))


def _case(
    suite: ElementTree.Element, report: Report, name: str, seconds: float
) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite,
        "testcase",
        classname=_xml(str(report.path)),
        name=_xml(name),
        time=f"{seconds:.3f}",
    )


def _xml(text: str) -> str:
    """Without what XML cannot have."""
    return _NOT_XML.sub("�", text)
