"""Plays a scenario from its first step to the first that fails."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from .bots import Company
from .peer import Simulator
from .report import Report, Reporter, StepResult
from .scenario import Scenario
from .stage import Stage, StageError
from .steps import Play, Step, StepFailed


class Player:
    """`wait` is how many seconds the bots may take to be connected; `patience`
    goes before the scenario's own."""

    def __init__(
        self, reporter: Reporter, *, wait: float, patience: float | None = None
    ) -> None:
        self._reporter = reporter
        self._wait = wait
        self._patience = patience

    async def play(
        self, scenario: Scenario, company: Company, sims: list[Simulator]
    ) -> Report:
        """Play it with accounts that have not been started."""
        report = Report(scenario.path, scenario.name)
        self._reporter.head(report)
        stage = Stage(sims)
        scenario.cast.furnish(stage)
        patience = scenario.patience if self._patience is None else self._patience
        play = Play(stage, scenario.cast, patience)
        async with AsyncExitStack() as stack:
            await company.start(sims, stack)
            stack.push_async_callback(play.end)
            try:
                await stage.connected(self._wait)
                await self._steps(scenario.steps, play, report)
            except TimeoutError as error:
                report.problem = f"not connected after {self._wait:g} s: {error}"
        self._reporter.end(report)
        return report

    async def _steps(self, steps: tuple[Step, ...], play: Play, report: Report) -> bool:
        """False after the first failure."""
        for step in steps:
            if not step.inner:
                if not await self._step(step, play, report):
                    return False
                continue
            for count in range(1, step.times + 1):
                play.rounds = count
                if not await self._steps(step.inner, play, report):
                    return False
        return True

    async def _step(self, step: Step, play: Play, report: Report) -> bool:
        loop = asyncio.get_running_loop()
        start, failure = loop.time(), ""
        try:
            await step.run(play)
        except (StepFailed, StageError, TimeoutError) as error:
            failure = f"{error}{_unconnected(play)}"
        words = step.words.replace("{n}", str(play.rounds))
        result = StepResult(step.line, words, loop.time() - start, failure)
        report.results.append(result)
        self._reporter.step(report, result)
        return not failure


def _unconnected(play: Play) -> str:
    gone = [str(sim.self_id) for sim in play.stage.sims if not sim.is_connected]
    return f"; not connected: {', '.join(gone)}" if gone else ""
