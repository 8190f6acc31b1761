"""The guides for those who run the bridge: what they name is there, and both
languages say the same."""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "clients/python/tests"))

import pages  # noqa: E402

ENGLISH = [
    ROOT / "README.md",
    ROOT / "clients/openclaw/MOVING.md",
    ROOT / "clients/openclaw/README.md",
    ROOT / "deploy/NATS.md",
    ROOT / "deploy/OPERATIONS.md",
    ROOT / "deploy/SETTINGS.md",
    ROOT / "deploy/TROUBLESHOOTING.md",
    ROOT / "deploy/docker/README.md",
    ROOT / "deploy/recipes/README.md",
]
OPENCLAW = ROOT / "clients/openclaw"
CHINESE = sorted(
    [*ROOT.glob("*.zh.md"), *OPENCLAW.glob("*.zh.md"), *(ROOT / "deploy").rglob("*.zh.md")]
)
GUIDES = [*ENGLISH, *CHINESE]
PAGES = [*GUIDES, ROOT / "deploy/METRICS.md", ROOT / "CHANGELOG.md"]

SETTINGS = ROOT / "bridge/config/settings.c"
SAMPLE = ROOT / "deploy/onebus.sample.json"
APP = ROOT / "bridge/app.c"
SERVICE = ROOT / "bridge/core/service.c"

#: A setting or an action in running text.
DOTTED = re.compile(r"`(?:bridge|channels\.napcatqq)\.([a-zA-Z.]+)`")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def chinese_of(page: Path) -> Path:
    return page.with_suffix(".zh.md")


def english_of(page: Path) -> Path:
    """The English page, of a page of either language."""
    if page.parent.name == "zh":
        return page.parents[1] / page.name
    return page.with_name(page.name.replace(".zh.md", ".md"))


# ---- both languages ---------------------------------------------------------


def test_each_guide_has_both_languages() -> None:
    assert sorted(map(chinese_of, ENGLISH)) == CHINESE


@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_the_headings_have_the_same_depths(page: Path) -> None:
    depths = [
        [depth for depth, _ in pages.headings(each)]
        for each in (page, chinese_of(page))
    ]
    assert depths[0] == depths[1]


def code(page: Path) -> list[tuple[str, list[str]]]:
    """What is said in comments, or to people, is in the page's language."""
    spoken = re.compile(r"(^| +)(#|//) .*|\bhello\b|你好")
    return [
        (block.language, [spoken.sub("", line) for line in block.code.splitlines()])
        for block in pages.blocks(page)
    ]


@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_the_code_is_the_same(page: Path) -> None:
    for ours, theirs in zip(code(page), code(chinese_of(page)), strict=True):
        assert ours == theirs


def targets(page: Path) -> Counter[tuple[Path, int]]:
    """Where the page leads to, as English pages and the headings in them."""
    found: Counter[tuple[Path, int]] = Counter()
    for link in pages.links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        place = pages.anchors(target).index(anchor) if anchor else -1
        found[english_of(target), place] += 1
    return found


@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_both_lead_to_the_same_places(page: Path) -> None:
    assert targets(page) == targets(chinese_of(page))


def rows(page: Path) -> list[int]:
    """How many cells each row of its tables has."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return [line.count(" | ") for line in lines if line.startswith("| ")]


@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_the_tables_have_the_same_rows(page: Path) -> None:
    assert rows(page) == rows(chinese_of(page))


# ---- what is named is there -------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in pages.links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in pages.anchors(target), link


def settings() -> dict[str, dict[str, str]]:
    """The keys of settings.c, by table, and the rest of their rows."""
    tables = re.findall(
        r"struct field (\w+)_fields\[\] = \{\n(.*?)^\};",
        SETTINGS.read_text(),
        re.MULTILINE | re.DOTALL,
    )
    row = re.compile(r'\{\.key = "([\w.]+)",(.*?)\},\n', re.DOTALL)
    return {table: dict(row.findall(body)) for table, body in tables}


def actions() -> set[str]:
    return set(re.findall(r'\{"bridge\.([\w.]+)"', SERVICE.read_text()))


def known() -> set[str]:
    """What may stand behind `bridge.` or `channels.napcatqq.`: settings, the
    objects that they are in, and the bridge's own actions."""
    keys = {*settings()["bridge"], *settings()["account"]}
    objects = {key.partition(".")[0] for key in keys}
    return keys | objects | actions() | {"grants", "groups", "accounts"}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_settings_and_actions_that_are_named_exist(page: Path) -> None:
    named = set(DOTTED.findall(page.read_text(encoding="utf-8")))
    assert named - known() == set()


def test_the_settings_that_count_after_a_restart_are_those_of_the_guide() -> None:
    code = APP.read_text().split("static bool needs_restart", 1)[1]
    needed = set(re.findall(r'"bridge\.([\w.]+)"', code.split("};", 1)[0]))
    text = (ROOT / "deploy/OPERATIONS.md").read_text(encoding="utf-8")
    section = text.split("## Settings\n", 1)[1].split("\n## ", 1)[0]
    table = "".join(line for line in section.splitlines() if line.startswith("|"))
    assert set(DOTTED.findall(table)) == needed


def test_every_setting_is_in_the_sample() -> None:
    account, bridge = SAMPLE.read_text(encoding="utf-8").split('\n  "bridge": {')
    grants = bridge[bridge.index('"grants"') : bridge.index('"stateDir"')]
    groups = account[account.index('"groups"') : account.index('"historyLimit"')]
    texts = {"account": account, "group": groups, "grant": grants, "bridge": bridge}
    assert set(texts) == set(settings())
    for table, text in texts.items():
        for key in settings()[table]:
            *outer, inner = key.split(".")
            body = text
            for part in outer:
                body = body[body.index(f'"{part}": {{') :]
            assert re.search(rf'"?\b{inner}"', body), f"{table}: {key}"


UNITS = {"ms": 1, "s": 1000, "d": 86_400_000, "MiB": 2**20, "GiB": 2**30}


def plain(value: str) -> str:
    """A default, times and sizes as numbers."""
    found = re.fullmatch(r"(\d+)(ms|s|d|MiB|GiB)", value)
    return str(int(found[1]) * UNITS[found[2]]) if found else value


def default(row: str) -> str:
    """What a row of settings.c has for one, as the page has it."""
    initial = re.search(r'\.initial = "(.*?)"', row)
    if initial:
        return plain(initial[1])
    if "FIELD_BOOL" in row:
        return "false"
    return "*" if "PATTERNS" in row else ""


@pytest.mark.parametrize("page", ["SETTINGS.md", "SETTINGS.zh.md"])
def test_the_page_of_settings_has_all_of_them_and_their_defaults(page: str) -> None:
    text = (ROOT / "deploy" / page).read_text(encoding="utf-8")
    sections = text.split("\n## ")[1:]
    tables = ("account", "group", "bridge", "grant")
    for table, section in zip(tables, sections, strict=True):
        cells = re.findall(r"^\| `([\w.]+)` \| (.*?) ?\| ", section, re.MULTILINE)
        told = {key: plain(value.strip("`")) for key, value in cells}
        assert set(told) == set(settings()[table])
        for key, row in settings()[table].items():
            if key != "stateDir":
                assert told[key] in (default(row), default(row) or "[]"), key


# ---- OpenClaw's channel -----------------------------------------------------

#: What the settings that are not the channel's begin with, and parts of some.
HOST = {"agents", "bindings", "bridge", "commands", "idleMs", "match", "messages",
        "minChars", "tools", "tts", "ws"}  # fmt: skip
OPENCLAW_GUIDES = ["README.md", "README.zh.md"]


def channel_schema() -> dict[str, Any]:
    """What OpenClaw takes under `channels.napcatqq`."""
    manifest = json.loads((OPENCLAW / "openclaw.plugin.json").read_text())
    schema: dict[str, Any] = manifest["channelConfigs"]["napcatqq"]["schema"]
    return schema["properties"]


@pytest.mark.parametrize("page", OPENCLAW_GUIDES)
def test_the_guide_has_every_setting_of_the_channel(page: str) -> None:
    text = (OPENCLAW / page).read_text(encoding="utf-8")
    section = re.split(r"\n## (?:Settings|设置)\n", text)[1].split("\n## ")[0]
    first = [line.split(" | ")[0] for line in section.splitlines() if line[:3] == "| `"]
    listed = set(re.findall(r"`(\w+)`", " ".join(first)))
    host = set(re.findall(r"`(\w+)`", section.split("\n### ")[-1]))
    group = channel_schema()["groups"]["additionalProperties"]["properties"]
    assert listed | host == {*channel_schema(), *group}


@pytest.mark.parametrize("page", ["MOVING.md", "MOVING.zh.md"])
def test_what_things_become_exists(page: str) -> None:
    text = (OPENCLAW / page).read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)", row[1])}
    ours = {*channel_schema(), *settings()["account"]}
    assert len(named & ours) > 15
    assert named - ours - HOST == set()


@pytest.mark.parametrize("page", OPENCLAW_GUIDES)
def test_the_settings_in_the_guide_hold(page: str) -> None:
    manifest = json.loads((OPENCLAW / "openclaw.plugin.json").read_text())
    schema = manifest["channelConfigs"]["napcatqq"]["schema"]
    shown = [block for block in pages.blocks(OPENCLAW / page) if block.language == "json"]
    assert len(shown) == 3
    for block in shown:
        jsonschema.validate(json.loads(block.code)["channels"]["napcatqq"], schema)


#: What OpenClaw itself says, of what the guide tells about.
HOST_SAYS = ["plugin not found", "unknown channel id", "blocked plugin candidate",
             "group_policy_not_allowlisted", "not found: dist/index.js"]  # fmt: skip


@pytest.mark.parametrize("page", OPENCLAW_GUIDES)
def test_what_the_log_is_said_to_say_it_says(page: str) -> None:
    text = (OPENCLAW / page).read_text(encoding="utf-8")
    sources = "".join(path.read_text() for path in (OPENCLAW / "src").rglob("*.ts"))
    seen = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")]
    lines = {line for cell in seen for line in re.findall(r"`([^`]* [^`]*)`", cell)}
    parts = {part.removeprefix("drop ").strip(" ,")
             for line in lines for part in line.split("…")}  # fmt: skip
    said = {part for part in parts if part and part not in HOST_SAYS}
    assert len(said) > 8
    assert [part for part in sorted(said) if part not in sources] == []
