"""The methods of a bus: what they take, what they say of it, what they call."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from onebus import bridge_actions
from onebus._actions import READS, Actions, SyncActions
from onebus._twins import SyncBridgeActions, SyncGuide
from onebus.bridge_actions import BridgeActions
from onebus.guide import Guide

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parents[1] / "schema"
sys.path.insert(0, str(ROOT))

from generate.actions import Method, Parameter, methods  # noqa: E402

CONTROL = ("account", "timeout", "idempotency_key")
METHODS = {method.action: method for method in methods()}
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


class Noting(Actions):
    """Notes what would be called."""

    def __init__(self) -> None:
        self.called: list[tuple[Any, ...]] = []

    async def _act(self, action: str, params: dict[str, Any], *control: Any) -> Any:
        given = {key: value for key, value in params.items() if value is not None}
        self.called.append((action, given, *control))


class SyncNoting(SyncActions):
    def __init__(self) -> None:
        self.called: list[tuple[Any, ...]] = []

    def _act(self, action: str, params: dict[str, Any], *control: Any) -> Any:
        given = {key: value for key, value in params.items() if value is not None}
        self.called.append((action, given, *control))


def run(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the coroutine function gives."""

    async def main() -> Any:
        return await function(*args, **kwargs)

    return anyio.run(main)


# ---- actions ---------------------------------------------------------------


@every_method
def test_both_buses_call_the_same(method: Method) -> None:
    noting, sync = Noting(), SyncNoting()
    names = list(inspect.signature(getattr(noting, method.name)).parameters)
    values = {name: f"<{name}>" for name in names}
    run(getattr(noting, method.name), **values)
    getattr(sync, method.name)(**values)
    assert sync.called == noting.called
    keys = {p["name"] for p in method.data["params"] if "same_as" not in p}
    assert noting.called[0][0] == method.action
    assert set(noting.called[0][1]) == keys
    assert noting.called[0][2:] == ("<account>", "<timeout>", "<idempotency_key>")
    assert (method.action in READS) == (method.data["kind"] == "read")


@every_method
def test_what_is_needed_is_positional_and_all_else_goes_by_name(method: Method) -> None:
    taken = inspect.signature(getattr(Actions, method.name)).parameters.values()
    needed = [p.name for p in taken if p.kind is p.POSITIONAL_OR_KEYWORD]
    own = [Parameter(p) for p in method.data["params"] if "same_as" not in p]
    assert needed == ["self", *(p.name for p in own if p.is_required)]
    by_name = [p for p in taken if p.kind is p.KEYWORD_ONLY]
    assert all(p.default is None for p in by_name)
    assert tuple(p.name for p in by_name)[-3:] == CONTROL


@every_method
def test_every_method_says_what_the_catalogue_does(method: Method) -> None:
    said = inspect.getdoc(getattr(Actions, method.name))
    assert said is not None
    assert said == inspect.getdoc(getattr(SyncActions, method.name))
    assert said.startswith(method.data["summary"])
    words = " ".join(said.split())
    assert f"a {method.data['kind']}; known to " in words.lower()
    assert method.data.get("note", "") in words
    assert method.name == method.action or f"`{method.action}`" in words
    for parameter in method.data["params"]:
        assert parameter.get("warn_if_missing", "") in words


def test_what_does_the_unexpected_when_it_is_missing_is_needed() -> None:
    with pytest.raises(TypeError, match="duration"):
        run(Noting().set_group_ban, 1, 2)
    with pytest.raises(TypeError, match="enable"):
        run(Noting().set_group_admin, 1, 2)


def test_what_is_left_out_is_not_sent() -> None:
    noting = Noting()
    run(noting.send_group_msg, 700, "hi", account="bot")
    params = {"group_id": 700, "message": "hi"}
    assert noting.called == [("send_group_msg", params, "bot", None, None)]


def test_no_two_actions_have_one_method() -> None:
    names = [method.name for method in METHODS.values()]
    assert len(names) == len(set(names)) == 195
    assert all(name.isidentifier() for name in names)


def test_names_that_python_does_not_take_are_made_fit() -> None:
    names = {m.action: m.name for m in METHODS.values() if m.name != m.action}
    assert names == {
        ".get_word_slices": "get_word_slices",
        ".handle_quick_operation": "handle_quick_operation",
        ".ocr_image": "dot_ocr_image",
        "ArkShareGroup": "ark_share_group",
        "ArkSharePeer": "ark_share_peer",
        "_del_group_notice": "del_group_notice",
        "_get_group_notice": "get_group_notice",
        "_get_model_show": "get_model_show",
        "_mark_all_as_read": "mark_all_as_read",
        "_send_group_notice": "send_group_notice",
        "_set_model_show": "set_model_show",
    }


def test_a_parameter_that_has_the_name_of_a_control_ends_in_an_underscore() -> None:
    noting = Noting()
    run(noting.send_group_msg, 700, "hi", timeout_=5000, timeout=10)
    _, params, _, timeout, _ = noting.called[0]
    assert (params["timeout"], timeout) == (5000, 10)


# ---- the guide -------------------------------------------------------------

GUIDE = {
    "setGroupAdmin": (
        ("bot", 700, 42, True),
        ("set_group_admin", {"group_id": 700, "user_id": 42, "enable": True}),
    ),
    "setGroupMute": (
        ("bot", 700, 42, 600),
        ("set_group_ban", {"group_id": 700, "user_id": 42, "duration": 600}),
    ),
    "kickGroupMember": (
        ("bot", 700, 42, False),
        (
            "set_group_kick",
            {"group_id": 700, "user_id": 42, "reject_add_request": False},
        ),
    ),
    "setGroupWholeMute": (
        ("bot", 700, True),
        ("set_group_whole_ban", {"group_id": 700, "enable": True}),
    ),
    "setGroupName": (
        ("bot", 700, "New Group Name"),
        ("set_group_name", {"group_id": 700, "group_name": "New Group Name"}),
    ),
    "getGroupMemberInfo": (
        ("bot", 700, 42, False),
        ("get_group_member_info", {"group_id": 700, "user_id": 42, "no_cache": False}),
    ),
    "getFriendList": (("bot",), ("get_friend_list", {})),
    "deleteFriend": (("bot", 42), ("delete_friend", {"user_id": 42})),
    "setFriendRemark": (
        ("bot", 42, "New Remark"),
        ("set_friend_remark", {"user_id": 42, "remark": "New Remark"}),
    ),
    "uploadGroupFile": (
        ("bot", 700, "file:///a.pdf", "folder_id", "file.pdf"),
        (
            "upload_group_file",
            {
                "group_id": 700,
                "file": "file:///a.pdf",
                "folder": "folder_id",
                "name": "file.pdf",
            },
        ),
    ),
    "uploadPrivateFile": (
        ("bot", 42, "file:///a.pdf", "file.pdf"),
        (
            "upload_private_file",
            {"user_id": 42, "file": "file:///a.pdf", "name": "file.pdf"},
        ),
    ),
}


def test_the_guides_functions_are_the_aliases_of_the_catalogue() -> None:
    catalogue = json.loads((SCHEMA / "actions.json").read_text(encoding="utf-8"))
    aliases = {alias["name"]: alias["action"] for alias in catalogue["aliases"]}
    assert {name: called[0] for name, (_, called) in GUIDE.items()} == aliases


@pytest.mark.parametrize("name", GUIDE)
def test_a_function_of_the_guide_takes_its_arguments_in_its_order(name: str) -> None:
    arguments, (action, params) = GUIDE[name]
    noting, sync = Noting(), SyncNoting()
    run(getattr(Guide(noting), name), *arguments)
    getattr(SyncGuide(sync), name)(*arguments)
    assert noting.called == sync.called == [(action, params, "bot", None, None)]


@pytest.mark.parametrize("name", GUIDE)
def test_a_function_of_the_guide_goes_by_both_spellings(name: str) -> None:
    snake = re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)
    for kind in (Guide, SyncGuide):
        function = getattr(kind, name)
        assert function is getattr(kind, snake)
        assert f"`{GUIDE[name][1][0]}`" in (function.__doc__ or "")


# ---- the bridge's own ------------------------------------------------------


def own_actions() -> dict[str, list[str]]:
    """The table of section 8: the parameters of each action."""
    text = (SCHEMA / "README.md").read_text(encoding="utf-8")
    section = text.partition("## 8. ")[2].partition("## 9. ")[0]
    rows = re.findall(r"^\| `(bridge\.[a-z.]+)` \|([^|]*)\|", section, re.MULTILINE)
    return {name: re.findall(r"`(\w+)`", params) for name, params in rows}


class OwnNoting:
    def __init__(self) -> None:
        self.called: list[tuple[str, dict[str, Any]]] = []

    def call(self, action: str, params: dict[str, Any]) -> Any:
        self.called.append((action, params))
        return {"calls": [], "decisions": []}

    async def acall(self, action: str, params: dict[str, Any]) -> Any:
        return self.call(action, params)


def method_of(action: str) -> str:
    return action.removeprefix("bridge.").replace(".", "_")


@pytest.mark.parametrize("action", own_actions())
def test_each_of_the_bridges_own_is_called_as_the_contract_has_it(action: str) -> None:
    function = getattr(BridgeActions, method_of(action))
    names = list(inspect.signature(function).parameters)[1:]
    # A segment stands for what the others say.
    names = [name for name in names if name != "received"]
    values: dict[str, Any] = {name: f"<{name}>" for name in names}
    if "topics" in names:
        values |= {"topics": ["qq.*"], "max_age": 0.001}
    noting, sync = OwnNoting(), OwnNoting()
    run(getattr(BridgeActions(noting.acall), method_of(action)), **values)
    getattr(SyncBridgeActions(sync.call), method_of(action))(**values)
    assert noting.called == sync.called
    ((called, params),) = noting.called
    assert called == action
    assert params == {**values, **({"max_age": 1} if "topics" in names else {})}
    assert (function.__doc__ or "").startswith(f"`{action}`")
    if action.startswith(("bridge.why", "bridge.calls", "bridge.actions", "bridge.cursor")):
        assert set(own_actions()[action]) >= set(names)


def test_the_bridges_own_are_all_there() -> None:
    methods = {
        name
        for name, _ in inspect.getmembers(BridgeActions, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == set(map(method_of, own_actions()))


def test_ages_are_seconds_here_and_ms_there() -> None:
    noting = OwnNoting()
    SyncBridgeActions(noting.call).replay(5, max_age=1.5)
    assert noting.called == [("bridge.replay", {"after": 5, "max_age": 1500})]


def test_a_cursor_of_none_is_told_and_not_left_out() -> None:
    noting = OwnNoting()
    SyncBridgeActions(noting.call).cursor_set("me", None)
    assert noting.called == [("bridge.cursor.set", {"consumer": "me", "seq": None})]


def test_the_buss_account_is_meant_where_one_is_needed() -> None:
    noting = OwnNoting()
    bridge = SyncBridgeActions(noting.call, "bot")
    bridge.pairing_approve(user_id=9)
    bridge.pairing_approve(user_id=9, account="other")
    bridge.pairing_approve(code="ABCD")
    bridge.history(group_id=700)
    assert [params.get("account") for _, params in noting.called] == [
        "bot",
        "other",
        None,
        None,
    ]


def test_every_result_of_the_bridge_says_what_it_is() -> None:
    for name, kind in inspect.getmembers(bridge_actions, inspect.isclass):
        if kind.__module__ == bridge_actions.__name__:
            assert kind.__doc__, name
