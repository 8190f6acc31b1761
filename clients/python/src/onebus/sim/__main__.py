"""``python -m onebus.sim``: a little QQ to try a bridge and a bot with."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import logging
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from . import options as command_line
from .console import Console
from .demo import play_demo
from .nodes import ScenarioError
from .options import UsageError
from .peer import Simulator
from .player import Player
from .report import Report, Reporter, write_junit
from .scenario import Scenario, load
from .stage import Stage
from .terminal import palette_for

log = logging.getLogger("onebus.sim")

_HUMAN_DELAY = (20.0, 120.0)
"""Milliseconds: a real account takes a moment, and not always the same."""

FAILED, MISUSED = 1, 2


async def _demo(options: argparse.Namespace) -> int:
    company = command_line.company_of(
        options, command_line.bots_of(options), _HUMAN_DELAY
    )
    sims = command_line.simulators_of(options, company)
    async with contextlib.AsyncExitStack() as stack:
        await company.start(sims, stack)
        _tell_where(sims)
        playing = play_demo(sims, seed=options.seed, interval=options.interval)
        return await _until_stopped(playing) or 0


async def _chat(options: argparse.Namespace) -> int:
    company = command_line.company_of(options, command_line.bots_of(options))
    sims = command_line.simulators_of(options, company)
    console = Console(Stage(sims), command_line.console_options(options))
    async with contextlib.AsyncExitStack() as stack:
        with console.logging():
            await company.start(sims, stack)
            _tell_where(sims)
            return await _until_stopped(console.run()) or 0


async def _play(options: argparse.Namespace, scenarios: list[Scenario]) -> int:
    reporter = Reporter(palette_for(sys.stdout, options.color))
    player = Player(reporter, wait=options.wait, patience=options.timeout)
    reports: list[Report] = []
    for scenario in scenarios:
        company = command_line.company_of(options, scenario.bots)
        sims = command_line.simulators_of(options, company)
        reports.append(await player.play(scenario, company, sims))
    reporter.sum(reports)
    if options.junit:
        write_junit(Path(options.junit), reports)
    return 0 if all(report.ok for report in reports) else FAILED


def _loaded(options: argparse.Namespace) -> list[Scenario]:
    """All scenarios; UsageError tells of all that do not hold."""
    roster = command_line.roster_of(options)
    loaded: list[Scenario] = []
    errors: list[str] = []
    for name in options.files:
        try:
            loaded.append(load(Path(name), roster))
        except (ScenarioError, ValueError) as error:
            errors.append(str(error))
    if errors:
        raise UsageError("\n".join(errors))
    return loaded


def _tell_where(sims: list[Simulator]) -> None:
    for sim in sims:
        for listener in sim.listeners:
            log.info("bot %d listens at %s", sim.self_id, listener.url)


async def _until_stopped(work: Coroutine[Any, Any, int]) -> int | None:
    """What comes of the work; None when a signal ends it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not on Windows, where Ctrl-C still arrives as KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    ended = working.done()
    for task in (working, stopped):
        task.cancel()
    await asyncio.gather(working, stopped, return_exceptions=True)
    return working.result() if ended else None


def _log_to_stderr(options: argparse.Namespace) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING if _is_quiet(options) else logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
    )


def _is_quiet(options: argparse.Namespace) -> bool:
    """A report is enough, where there is one."""
    return options.quiet or (options.command == "play" and not options.verbose)


def _run(options: argparse.Namespace) -> int:
    if options.command == "chat":
        return asyncio.run(_chat(options))
    _log_to_stderr(options)
    if options.command == "demo":
        return asyncio.run(_demo(options))
    scenarios = _loaded(options)
    if options.check:
        return 0
    stopped = asyncio.run(_until_stopped(_play(options, scenarios)))
    return FAILED if stopped is None else stopped


def main(arguments: list[str] | None = None) -> int:
    """The command line; gives the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    options = command_line.parser().parse_args(command_line.with_command(given))
    # What cannot be encoded is no reason to end.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(options)
    except KeyboardInterrupt:
        return 0
    except (UsageError, OSError) as error:
        for line in str(error).splitlines():
            print(f"onebus.sim: {line}", file=sys.stderr)
        return MISUSED if isinstance(error, UsageError) else FAILED


if __name__ == "__main__":
    sys.exit(main())
