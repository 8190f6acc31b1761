"""Every action there is, and what other implementations make of them."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from conftest import Bridge
from websockets.asyncio.client import connect

from onebus.sim import (
    ABSENT,
    NO_ANSWER,
    ActionFailed,
    OnNextLink,
    Simulator,
    World,
    actions,
    catalogue,
    js,
)
from onebus.sim.dialect import DIALECTS

NAPCATS = sorted(name for name, known in catalogue.KNOWN.items() if "N" in known)
OTHERS = sorted(set(catalogue.KNOWN) - set(NAPCATS))
ROWS = catalogue.rows()


@pytest.fixture
def world() -> World:
    made = World(10001, "bot", now=lambda: 1_700_000_000, rng=random.Random(1))
    made.add_group(500, "group")
    return made


def test_there_are_195_actions_and_177_are_napcats() -> None:
    assert (len(catalogue.KNOWN), len(NAPCATS)) == (195, 177)
    assert set(actions.ACTIONS) == set(catalogue.KNOWN)


def sample(convert: Any) -> Any:
    """A value that the parameter takes."""
    for value in ("1", 1, True, ["1"]):
        try:
            convert(value)
        except Exception:
            continue
        return value
    raise AssertionError(convert)


@pytest.mark.parametrize("name", sorted(set(ROWS) & set(NAPCATS)))
def test_each_has_an_answer_of_its_shape(world: World, name: str) -> None:
    schema, data = ROWS[name]
    params = {p.name: sample(p.convert) for p in schema if not p.optional}
    given = actions.perform(world, name, params)
    assert given is ABSENT if data is ABSENT else given == data
    if given is not ABSENT:
        js.dumps(given)
    for param in schema:
        code = 1400 if not param.optional else 0
        less = {k: v for k, v in params.items() if k != param.name}
        assert retcode(world, name, less) == code
    assert world.take_events() == []


def retcode(world: World, name: str, params: Any, dialect: str = "napcat") -> int:
    try:
        actions.perform(world, name, params, dialect=DIALECTS[dialect])
    except ActionFailed as failure:
        return failure.retcode
    return 0


@pytest.mark.parametrize("name", OTHERS)
def test_what_only_others_know_is_refused(world: World, name: str) -> None:
    assert retcode(world, name, {}) == 1404


def test_an_optional_null_is_not_missing(world: World) -> None:
    assert retcode(world, "get_group_honor_info", {"group_id": 1, "type": None}) == 1400
    assert retcode(world, "get_group_honor_info", {"group_id": 1}) == 0


def test_an_answer_can_be_changed_without_harm(world: World) -> None:
    actions.perform(world, "get_group_honor_info", {"group_id": 1})["group_id"] = 5
    again = actions.perform(world, "get_group_honor_info", {"group_id": 1})
    assert again["group_id"] == 0


@pytest.mark.parametrize("name", ["send_poke", "get_rkey", "get_group_file_url"])
def test_without_the_packet_backend(world: World, name: str) -> None:
    world.packet_backend = False
    with pytest.raises(ActionFailed, match="packetBackend不可用") as caught:
        actions.perform(world, name, {})
    assert caught.value.retcode == 1400


@pytest.mark.parametrize(
    ("dialect", "name", "code"),
    [
        ("napcat", "get_status_async", 0),
        ("napcat", "get_status_rate_limited", 0),
        ("llbot", "get_status_rate_limited", 0),
        ("gocqhttp", "get_status_async", 0),
        ("gocqhttp", "get_status_rate_limited", 404),
        ("lagrange", "get_status_async", 404),
        ("lagrange", "upload_file_stream", 404),
        ("llbot", "upload_file_stream", 1404),
        ("gocqhttp", "get_guild_roles", 100),
        ("gocqhttp", "reload_event_filter", 0),
        ("gocqhttp", "delete_msg", 100),
        ("lagrange", "delete_msg", 200),
        ("llbot", "delete_msg", 1400),
    ],
)
def test_codes_of_others(world: World, dialect: str, name: str, code: int) -> None:
    assert retcode(world, name, {}, dialect) == code


@pytest.mark.parametrize(
    ("dialect", "code"),
    [("napcat", 1200), ("llbot", 1200), ("gocqhttp", 100), ("lagrange", 200)],
)
def test_codes_for_what_qq_refuses(world: World, dialect: str, code: int) -> None:
    assert retcode(world, "get_msg", {"message_id": 5}, dialect) == code


@pytest.mark.parametrize(
    ("dialect", "app"),
    [
        ("napcat", "NapCat.Onebot"),
        ("llbot", "LLOneBot"),
        ("gocqhttp", "go-cqhttp"),
        ("lagrange", "Lagrange.OneBot"),
    ],
)
async def test_who_they_say_they_are(bridge: Bridge, dialect: str, app: str) -> None:
    async with Simulator(bridge.url, dialect=dialect) as sim:
        await sim.connected()
        assert (await bridge.call("get_version_info"))["data"]["app_name"] == app


@pytest.mark.parametrize(
    ("dialect", "frame", "answer"),
    [
        ("gocqhttp", '{"action":"x","echo":"1"}',
         '{"data":null,"echo":"1","message":"","msg":"API_NOT_FOUND","retcode":404,'
         '"status":"failed","wording":"API不存在"}\n'),
        ("gocqhttp", '{"action":"can_send_image"}',
         '{"data":{"yes":true},"message":"","retcode":0,"status":"ok"}\n'),
        ("gocqhttp", "{",
         '{"data":null,"message":"","msg":"API_NOT_FOUND","retcode":404,'
         '"status":"failed","wording":"json解析失败,请检查数据格式"}\n'),
        ("lagrange", '{"action":"x","echo":"15"}',
         '{"status":"failed","retcode":404,"data":null,"echo":"15"}'),
        ("lagrange", '{"action":"clean_cache","echo":{"a":1}}',
         '{"status":"failed","retcode":404,"data":null,"echo":{"a":1}}'),
        ("lagrange", '{"action":"can_send_image"}',
         '{"status":"ok","retcode":0,"data":{"yes":true},"echo":null}'),
        ("llbot", '{"action":"clean_cache","echo":"1"}',
         '{"status":"ok","retcode":0,"data":null,"message":"","wording":"","echo":"1"}'),
    ],
)  # fmt: skip
async def test_answers_of_others_as_text(
    bridge: Bridge, dialect: str, frame: str, answer: str
) -> None:
    async with Simulator(bridge.url, dialect=dialect) as sim:
        await sim.connected()
        await bridge.frames.get()
        await bridge.connections[0].send(frame)
        _, text = await bridge.frames.get()
    assert text.decode() == answer


async def test_lagrange_does_not_answer_what_is_no_json(bridge: Bridge) -> None:
    async with Simulator(bridge.url, dialect="lagrange") as sim:
        await sim.connected()
        await bridge.frame()
        await bridge.connections[0].send("{")
        await bridge.ask("get_status", echo="after")
        assert (await bridge.frame())["echo"] == "after"


@pytest.mark.parametrize(
    ("dialect", "retcode", "wording"),
    [("napcat", 1404, "不支持的API x"), ("llbot", 1404, "不支持的API x"),
     ("gocqhttp", 404, "API不存在"), ("lagrange", 404, None)],
)  # fmt: skip
async def test_answers_of_servers(
    dialect: str, retcode: int, wording: str | None
) -> None:
    async with Simulator() as sim:
        listener = await sim.listen(dialect=dialect, heart_interval=0)
        async with connect(listener.url) as bridge:
            assert json.loads(await bridge.recv())["sub_type"] == "connect"
            await bridge.send('{"action":"x","echo":1}')
            answer = json.loads(await bridge.recv())
            assert (answer["retcode"], answer.get("wording")) == (retcode, wording)


async def test_an_answer_a_server_cannot_give_is_lost() -> None:
    async with Simulator() as sim:
        sim.fault("get_status", OnNextLink())
        listener = await sim.listen(heart_interval=0)
        async with connect(listener.url) as bridge:
            await bridge.send('{"action":"get_status","echo":1}')
            request = await sim.next_request("get_status")
            await sim.done(request)
            await listener.disconnected()
    assert not request.answered


def test_the_three_that_are_never_answered(world: World) -> None:
    for name in ("bot_exit", "set_restart", "nc_get_rkey"):
        assert actions.perform(world, name, {}) is NO_ANSWER
