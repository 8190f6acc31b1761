"""What the simulated QQ answers is what results.json, and so the types, say."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from onebus.sim import ABSENT, World, actions, catalogue

SCHEMA = Path(__file__).parents[3] / "schema"
DATA = json.loads((SCHEMA / "results.json").read_text(encoding="utf-8"))
BOT, MEMBER, FRIEND, GROUP = 10001, 3, 7, 500

PLAIN: dict[str, type | tuple[type, ...]] = {
    "bool": bool,
    "bytes": bytes,
    "float": (float, int),
    "int": int,
    "object": dict,
    "str": str,
}


def misfit(value: Any, written: str, where: str = "data") -> str:
    """Where `value` is not of the type, and what is there; empty if it is."""
    if written == "any":
        return ""
    if written.endswith("|null"):
        return value is not None and misfit(value, written[:-5], where) or ""
    if written == "null":
        return "" if value in (None, ABSENT) else f"{where}: {value!r}, not nothing"
    if written.startswith("["):
        return misfit_of_list(value, written[1:-1], where)
    if written in PLAIN:
        is_bool = isinstance(value, bool) and written != "bool"
        fits = isinstance(value, PLAIN[written]) and not is_bool
        return "" if fits else f"{where}: {value!r}, not {written}"
    return misfit_of_map(value, DATA["shapes"][written]["fields"], where)


def misfit_of_list(value: Any, written: str, where: str) -> str:
    if not isinstance(value, list):
        return f"{where}: {value!r}, not a list"
    faults = (misfit(item, written, f"{where}[{i}]") for i, item in enumerate(value))
    return next(filter(None, faults), "")


def misfit_of_map(value: Any, fields: dict[str, str], where: str) -> str:
    if not isinstance(value, dict):
        return f"{where}: {value!r}, not a map"
    for key, written in fields.items():
        name = key.removesuffix("?")
        if name not in value:
            if key == name:
                return f"{where}.{name}: missing"
        elif fault := misfit(value[name], written, f"{where}.{name}"):
            return fault
    return ""


@pytest.fixture
def world() -> World:
    made = World(BOT, "bot", now=lambda: 1_700_000_000, rng=random.Random(1))
    made.add_group(GROUP, "group", bot_role="owner")
    made.add_member(GROUP, MEMBER, "member")
    made.add_friend(FRIEND, "friend")
    return made


@pytest.mark.parametrize("name", sorted(catalogue.rows()))
def test_what_is_answered_by_a_row_is_of_its_type(name: str) -> None:
    _, data = catalogue.rows()[name]
    assert misfit(data, DATA["results"][name]) == ""


IN_THE_GROUP: dict[str, Any] = {"group_id": GROUP}
THE_MEMBER: dict[str, Any] = {"group_id": GROUP, "user_id": MEMBER}
THE_FRIEND: dict[str, Any] = {"user_id": FRIEND}
NODES = [{"type": "node", "data": {"user_id": 1, "nickname": "a", "content": "hi"}}]
FILE: dict[str, Any] = {"file": "base64://eA==", "name": "a"}


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("can_send_image", {}),
        ("get_friend_list", {}),
        ("get_friend_msg_history", THE_FRIEND),
        ("get_group_detail_info", IN_THE_GROUP),
        ("get_group_info", IN_THE_GROUP),
        ("get_group_list", {}),
        ("get_group_member_info", THE_MEMBER),
        ("get_group_member_list", IN_THE_GROUP),
        ("get_group_msg_history", IN_THE_GROUP),
        ("get_group_root_files", IN_THE_GROUP),
        ("get_group_shut_list", IN_THE_GROUP),
        ("get_login_info", {}),
        ("get_status", {}),
        ("get_stranger_info", THE_FRIEND),
        ("get_version_info", {}),
        ("group_poke", THE_MEMBER),
        ("send_group_forward_msg", {"group_id": GROUP, "messages": NODES}),
        ("send_group_msg", {"group_id": GROUP, "message": "x"}),
        ("send_like", THE_FRIEND),
        ("send_private_msg", {"user_id": FRIEND, "message": "x"}),
        ("set_friend_remark", {"user_id": FRIEND, "remark": "x"}),
        ("set_group_admin", THE_MEMBER | {"enable": True}),
        ("set_group_ban", THE_MEMBER | {"duration": 60}),
        ("set_group_card", THE_MEMBER | {"card": "x"}),
        ("set_group_kick", THE_MEMBER),
        ("set_group_name", {"group_id": GROUP, "group_name": "x"}),
        ("set_group_special_title", THE_MEMBER | {"special_title": "x"}),
        ("set_group_whole_ban", IN_THE_GROUP),
        ("upload_group_file", {"group_id": GROUP} | FILE),
        ("upload_private_file", {"user_id": FRIEND} | FILE),
    ],
)
def test_what_is_played_is_of_its_type(
    world: World, name: str, params: dict[str, Any]
) -> None:
    said = {"message": "said before"}
    actions.perform(world, "send_group_msg", IN_THE_GROUP | said)
    actions.perform(world, "send_private_msg", THE_FRIEND | said)
    assert misfit(actions.perform(world, name, params), DATA["results"][name]) == ""


@pytest.mark.parametrize("action", ["get_msg", "delete_msg", "set_msg_emoji_like"])
def test_what_is_about_a_message_is_of_its_type(world: World, action: str) -> None:
    said = actions.perform(world, "send_group_msg", IN_THE_GROUP | {"message": "x"})
    params = {"message_id": said["message_id"], "emoji_id": 14}
    assert misfit(actions.perform(world, action, params), DATA["results"][action]) == ""


def test_a_misfit_is_seen() -> None:
    assert misfit({"message_id": "1"}, "MessageSent") == "data.message_id: '1', not int"
    assert misfit({}, "MessageSent") == "data.message_id: missing"
    assert misfit([{"user_id": 1}], "[LoginInfo]") == "data[0].nickname: missing"
    assert misfit(True, "int") == "data: True, not int"
    assert misfit(None, "int|null") == ""
