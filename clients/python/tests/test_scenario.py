"""Scenario files: what they may say, what their errors say, how they play."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import json5
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_bot import small_bot

from onebus.sim.bots import Company, Roster
from onebus.sim.matching import is_part
from onebus.sim.nodes import ScenarioError
from onebus.sim.places import lines_of
from onebus.sim.player import Player
from onebus.sim.report import Report, Reporter
from onebus.sim.scenario import Scenario, load
from onebus.sim.terminal import Palette

SOURCES = Path(__file__).parents[1] / "src"
EXAMPLES = Path(__file__).parents[1] / "examples" / "scenarios"
SECONDS = 20.0
PEOPLE = "people: {mei: 42, bo: {id: 43, name: '老薄'}}, groups: {tea: 700}"


def read(folder: Path, text: str, **common: Any) -> Scenario:
    path = folder / "s.json5"
    path.write_text(text, encoding="utf-8")
    return load(path, Roster(common=common))


async def play(folder: Path, *steps: str, head: str = PEOPLE, **common: Any) -> Report:
    """Play steps against the small bot."""
    async with small_bot() as url:
        text = f"{{{head}, steps: [\n" + ",\n".join(steps) + "\n]}"
        scenario = read(folder, text, **{"url": url, **common})
        company = Company(scenario.bots, link={"reconnect_interval": 0.01})
        player = Player(Reporter(Palette(False)), wait=SECONDS)
        return await player.play(scenario, company, company.simulators())


def failure(report: Report) -> str:
    """Why the last step failed; empty when none has."""
    assert not report.problem
    assert all(not result.failure for result in report.results[:-1])
    return report.results[-1].failure


# -- reading ---------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json5")), ids=lambda p: p.stem)
def test_the_examples_hold(path: Path) -> None:
    assert load(path, Roster()).steps


# What json5 writes of a NUL before a digit it cannot read.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    return {path}.union(*(paths_of(part, (*path, key)) for key, part in inner))


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_every_value_has_a_place(value: Any, indent: int | None, quoted: bool) -> None:
    text = json5.dumps(value, indent=indent, quote_keys=quoted)
    assert lines_of(text).keys() == paths_of(json5.loads(text))


def test_places_are_lines_of_keys_and_elements() -> None:
    text = "{ // {[\n a: 1, /* \n\n */ 'b,:': [\n 'x\\'',\n {c: +.5,}],\n}"
    assert lines_of(text) == {
        (): 1, ("a",): 2, ("b,:",): 4, ("b,:", 0): 5, ("b,:", 1): 6,
        ("b,:", 1, "c"): 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("{say: 'x', by: 'mee'}", "3: steps.0.by: nobody is called 'mee'; did you mean"),
        ("{say: 'x',\n in: 'te'}", "4: steps.0.in: no group is called 'te'; did"),
        ("{exepct: 'x'}", "3: steps.0: it has no verb; did you mean expect?"),
        ("{say: 'x', poke: 'bot'}", "3: steps.0: these are two verbs: say, poke"),
        ("{say: 'x', att: 'bot'}", "3: steps.0.att: not known here; did you mean at?"),
        ("{say: 1}", "3: steps.0.say: a text is wanted, not a number"),
        ("'x'", "3: steps.0: an object is wanted, not a text"),
        ("{say: 'x', in: 'tea', to: 'bot'}", "3: steps.0: `in` a group, or `to` a bot"),
        ("{say: 'x', to: 'mei'}", "3: steps.0.to: 42 is no bot of this scenario"),
        ("{say: 'x', image: 'none.png'}", "3: steps.0.image: there is no file "),
        ("{mute: 'bot', seconds: 0}", "3: steps.0.seconds: 0 is out of range: 1 to "),
        ("{wait: -1}", "3: steps.0.wait: -1 is no number of seconds"),
        ("{wait: true}", "3: steps.0.wait: a number of seconds is wanted, not a flag"),
        ("{fault: 'send_*=strange'}", "3: steps.0.fault: send_*=strange: allowed: "),
        ("{expect: {matches: '('}}", "3: steps.0.expect.matches: this is no regular"),
        ("{expect: {txt: 'x'}}", "3: steps.0.expect.txt: not known here; did"),
        ("{recall: null}", "3: steps.0.recall: a text is wanted, not null"),
        ("{react: 76}", "3: steps.0: on is missing"),
        ("{repeat: 2, steps: [\n{sya: 1}]}", "4: steps.0.steps.0: it has no verb"),
        ("{chatter: 0}", "3: steps.0.chatter: a rate above 0 is wanted"),
        ("{role: 'boss', of: 'bot'}", "3: steps.0.role: 'boss' is not allowed (allowed"),
    ],
)
def test_errors_name_the_line_and_the_field(
    tmp_path: Path, step: str, error: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, f"{{{PEOPLE},\n steps: [\n{step}\n]}}")
    assert str(caught.value).startswith(f"{tmp_path}/s.json5:{error}")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", ": line 1 "),
        ("{steps: [], steps: []}", ": Duplicate key"),
        ("{}", ":1: the file: steps is missing"),
        ("[]", ":1: the file: an object is wanted, not an array"),
        ("{step: []}", ":1: step: not known here; did you mean steps?"),
        ("{bots: [], steps: []}", ":1: bots: there is no bot"),
        ("{bots: [1, 1], steps: []}", ":1: bots: two bots have one account"),
        ("{bots: [\n{id: 1, url: 'http://x'}], steps: []}", ":2: bots.0: not a ws://"),
        ("{bots: [{id: 1, dialect: 'x'}], steps: []}", ":1: bots.0: dialect: 'x'"),
        ("{people: {a: 'x'}, steps: []}", ":1: people.a: a whole number is wanted"),
        ("{groups: {a: {name: 'x'}}, steps: []}", ":1: groups.a: id is missing"),
        ("{steps: [{say: 'x'}]}", ":1: steps.0: `by` is missing: the scenario has"),
    ],
)
def test_errors_outside_of_steps(tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/s.json5{error}")


def test_all_errors_of_steps_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, "{steps: [{a: 1},\n{wait: 1},\n{b: 1}]}")
    lines = str(caught.value).splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "3"]


def test_the_command_line_goes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.json5"
    path.write_text("{bots: [{id: 1, url: 'ws://a/', token: 'x'}, 2], steps: []}")
    first, second = load(path, Roster()).bots
    assert (first.url, first.token, second.url) == (
        "ws://a/", "x", "ws://127.0.0.1:3001/onebot/v11/ws",
    )  # fmt: skip
    first, second = load(path, Roster(common={"listen": 3000})).bots
    assert (first.url, first.listen, first.token) == (None, 3000, "x")
    assert second.listen == 3001
    roster = Roster(common={"url": "ws://b/"}, named={2: {"token": "y"}})
    first, second = load(path, roster).bots
    assert (first.url, second.url, second.token) == ("ws://b/", "ws://b/", "y")


# -- playing -----------------------------------------------------------------------


async def test_steps_that_come_as_expected(tmp_path: Path) -> None:
    report = await play(
        tmp_path,
        "{say: '/ping', as: 'question'}",
        "{expect: {text: 'pong', quote: 'question', in: 'tea', bot: 'bot'}, as: 'a'}",
        "{say: '/ping', by: 'bo', to: 'bot', quote: 'question'}",
        "{expect: {contains: 'on', to: 'bo'}, within: 9}",
        "{repeat: 2, steps: [{say: '/echo {n}'}, {expect: '{n}', next: true}]}",
        "{recall: 'a', by: 'mei'}",
        "{expect_nothing: 0}",
    )
    assert failure(report) == ""
    assert [result.line for result in report.results] == [2, 3, 4, 5, 6, 6, 6, 6, 7, 8]
    assert report.results[-3].words == 'expect "2" next true'


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("{expect: 'pang', within: 0.05}", "0.05 s there came only: 'pong' in 700"),
        ("{expect: {text: 'pong', in: 701}, within: 0.05}", "there came only: 'pong'"),
        ("{expect: {text: 'pong', at: 'bo'}, within: 0.05}", "there came only: 'pong'"),
        ("{expect: {segment: 'image'}, within: 0.05}", "there came only: 'pong'"),
        ("{expect: {matches: '^x'}, within: 0.05}", "there came only: 'pong'"),
        ("{expect: {contains: 'x'}, next: true}", "the next message was 'pong' in 700"),
        ("{expect: {quote: 'nothing'}}", "no message is called 'nothing' yet"),
        ("{expect_nothing: 9}", "there came 'pong' in 700"),
        ("{expect_nothing: 9, like: 'pong'}", "there came 'pong' in 700"),
        ("{expect_action: 'x', within: 0}", "within 0 s there came send_msg group"),
        ("{expect_action: '*', params: {group_id: 1}, within: 0}", "came send_msg"),
        ("{expect_action: '*', ok: false, within: 0}", "there came send_msg"),
        ("{expect_no_action: 'send_*'}", "there came send_msg group_id=700"),
    ],
)
async def test_what_does_not_come_as_expected_is_told(
    tmp_path: Path, step: str, why: str
) -> None:
    # The echo shows that the pong is there.
    before = ("{say: '/ping', by: 'mei'}", "{say: '/echo x'}", "{expect: 'x'}")
    report = await play(tmp_path, *before, step, "{wait: 99}")
    assert len(report.results) == 4
    assert why in failure(report)


async def test_messages_that_do_not_fit_stay_for_other_steps(tmp_path: Path) -> None:
    report = await play(
        tmp_path,
        "{say: '/echo a'}",
        "{say: '/echo b'}",
        "{expect: 'b'}",
        "{expect_nothing: 0, like: 'b'}",
        "{expect: 'a'}",
        "{say: '/twice c'}",
        "{expect: 'c'}",
        "{expect_action: 'send_msg'}",
        "{forget: 'all'}",
        "{expect_no_action: '*', within: 0}",
    )
    assert failure(report) == ""


async def test_what_befalls_the_bot(tmp_path: Path) -> None:
    refused = "{expect_action: 'send_msg', ok: false}, {forget: 'all'}"
    report = await play(
        tmp_path,
        f"{{mute: 'bot', seconds: 60}}, {{say: '/ping'}}, {refused}, {{unmute: 'bot'}}",
        f"{{offline: 'bot'}}, {{say: '/ping'}}, {refused}, {{online: 'bot'}}",
        "{fault: 'send_msg=failed:no*1'}, {say: '/ping'}",
        f"{refused}, {{fault: 'clear'}}",
        "{kick: 'bot'}, {join: 'bot'}",
        "{role: 'owner', of: 'bot'}, {role: 'admin', of: 'bot'}",
        "{drop: 'bot', stay: true}, {reconnect: 'bot'}",
        "{drop: 'bot'}, {reconnect: 'bot'}",
        "{say: '/ping'}, {expect: 'pong'}",
        "{kick: 'bot'}, {say: 'hello?'}",
    )
    assert failure(report) == (
        "no bot is in group 700, so nobody hears of it: let one join"
    )


async def test_what_people_do(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    report = await play(
        tmp_path,
        "{say: ['a', {type: 'face', data: {id: '13'}}], as: 'said', image: 'a.png'}",
        "{say: '[CQ:face,id=1]', codes: true, at: 'all'}",
        "{react: 76, on: 'said'}, {recall: 'said'}",
        "{poke: 'bot'}, {poke: 'bot', to: 'bot'}, {join: 44, by: 'bo'}, {leave: 44}",
        "{mute: 'all'}, {unmute: 'all'}, {mute: 'bo'}, {upload: 'a.png'}",
        "{request: 'friend', comment: 'hi'}, {request: 'join'}, {request: 'invite'}",
        "{emit: {notice_type: 'strange'}}, {wait: 0}",
    )
    assert failure(report) == ""
    assert len(report.results) == 17


async def test_chatter_goes_on_beside_the_steps(tmp_path: Path) -> None:
    report = await play(
        tmp_path,
        "{chatter: 1000, count: 30, by: ['bo'], in: ['tea'], lines: ['/echo same']}",
        "{repeat: 30, steps: [{expect: 'same'}]}",
        "{chatter_end: 'wait'}, {expect_nothing: 0}",
        "{chatter: 1000}, {chatter_end: 'stop'}, {chatter: 1000, seconds: 60}",
    )
    assert failure(report) == ""


async def test_two_bots_in_one_scenario(tmp_path: Path) -> None:
    report = await play(
        tmp_path,
        "{say: '/ping'}",
        "{expect: {text: 'pong', bot: 1}}",
        "{expect: {text: 'pong', bot: 2}}",
        "{kick: 2, in: 'tea'}, {say: '/ping'}, {expect: {text: 'pong', bot: 1}}",
        "{expect_nothing: 0}",
        head=f"bots: [1, {{id: 2, format: 'array'}}], {PEOPLE}",
    )
    assert failure(report) == ""


async def test_a_bot_that_does_not_come_is_waited_for_only_so_long(
    tmp_path: Path,
) -> None:
    scenario = read(tmp_path, "{steps: [{wait: 0}]}", listen=0)
    company = Company(scenario.bots)
    player = Player(Reporter(Palette(False)), wait=0.01)
    report = await player.play(scenario, company, company.simulators())
    assert not report.ok and report.results == []
    assert "bot 10001: nothing has dialed ws://127.0.0.1:" in report.problem


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        (42, "42", True), ("42", 42, True), (42, 43, False), (1, 1.0, True),
        (True, True, True), (True, "true", False), (1, True, False),
        (None, None, True), (None, 0, False),
        ({"a": 1}, {"a": 1, "b": 2}, True), ({"a": 1}, {"b": 1}, False),
        ({"a": {"b": "c"}}, {"a": {"b": "c", "d": 1}}, True), ({"a": 1}, [1], False),
        ([1, {}], [1, {"a": 1}], True), ([1], [1, 2], False), ("a", ["a"], False),
    ],
)  # fmt: skip
def test_parts_of_parameters(wanted: Any, given: Any, fits: bool) -> None:
    assert is_part(wanted, given) is fits


# -- as a program --------------------------------------------------------------------


async def run(*arguments: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "onebus.sim", *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    return process.returncode, out.decode(), err.decode()


async def test_a_report_and_an_exit_status(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json5", tmp_path / "bad.json5"
    good.write_text(f"{{{PEOPLE}, steps: [{{say: '/ping'}}, {{expect: 'pong'}}]}}")
    steps = "steps: [\n{expect: 'x', within: 0}]"
    bad.write_text(f"{{name: 'a bad one', {PEOPLE}, {steps}}}")
    junit = tmp_path / "junit.xml"
    async with small_bot() as url:
        status, out, err = await run("play", str(good), "--url", url)
        assert (status, err) == (0, "")
        assert out.splitlines()[-1].startswith("1 passed, 0 failed; 2 steps in ")
        files = (str(bad), str(good))
        status, out, _ = await run("play", *files, "--url", url, "--junit", str(junit))
    assert status == 1
    assert f"{bad}:2: within 0 s nothing came" in out
    assert out.splitlines()[-1].startswith("1 passed, 1 failed; 3 steps in ")
    suites = list(ElementTree.parse(junit).getroot())
    assert [suite.get("failures") for suite in suites] == ["1", "0"]
    assert [suite.get("name") for suite in suites] == ["a bad one", "good"]


async def test_a_scenario_that_does_not_hold_is_told(tmp_path: Path) -> None:
    path = tmp_path / "s.json5"
    path.write_text("{steps: [{sya: 1}]}")
    status, out, err = await run("play", str(path), str(tmp_path / "none.json5"))
    assert (status, out) == (2, "")
    wrong, missing = err.splitlines()
    assert wrong.startswith(f"onebus.sim: {path}:1: steps.0: it has no verb")
    assert missing.endswith("none.json5: cannot be read: No such file or directory")


async def test_scenarios_can_be_checked_without_a_bot() -> None:
    files = [str(path) for path in EXAMPLES.glob("*.json5")]
    assert await run("play", "--check", *files) == (0, "", "")
