"""With ONEBUS_STRICT=1 in the environment a skipped test is a failure."""

import os
from collections.abc import Generator
from typing import Any

import pytest

STRICT = os.environ.get("ONEBUS_STRICT") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason: Any = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which ONEBUS_STRICT=1 forbids: {reason}"
    return report
