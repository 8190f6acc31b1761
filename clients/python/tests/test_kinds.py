"""What is known of an action by its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onebus import kinds

CATALOGUE: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "schema" / "actions.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("action", CATALOGUE["actions"], ids=lambda each: each["name"])
def test_the_catalogue_counts(action: dict[str, Any]) -> None:
    name, is_read = action["name"], action["kind"] == "read"
    aliases = [a["name"] for a in CATALOGUE["aliases"] if a["action"] == name]
    for each in (name, f"{name}_async", f"{name}_rate_limited", *aliases):
        assert kinds.is_read(each) == is_read, each
    takes = {p["name"] for p in action["params"] if "media" in p} - {"folder_path"}
    assert set(kinds.media(name)) == takes
    assert kinds.is_stream(name) == ("stream" in action.get("flags", ()))


@pytest.mark.parametrize(
    ("action", "is_read"),
    [
        ("get_what_nobody_knows", True),
        (".get_x", True),
        ("_get_x", True),
        ("nc_get_x", True),
        ("fetch_x", True),
        ("check_x", True),
        ("can_x", True),
        ("ocr_x", True),
        ("bridge.ping", True),
        ("forget_x", False),
        ("Get_x", False),
        ("", False),
        ("send_x", False),
    ],
)
def test_of_others_the_name_says_whether_they_read(action: str, is_read: bool) -> None:
    assert kinds.is_read(action) == is_read


def test_what_moves_files_or_changes_things_may_take_long() -> None:
    assert kinds.is_long("send_group_msg")
    assert kinds.is_long("bridge.media.get")
    assert kinds.is_long("ocr_image")
    assert kinds.is_long("download_file_stream")
    assert not kinds.is_long("get_group_list")
    assert not kinds.is_long("bridge.replay")
