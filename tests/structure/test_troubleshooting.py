"""The troubleshooting pages name what the doctor can find, in both languages."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = {
    name: (ROOT / "deploy" / name).read_text(encoding="utf-8")
    for name in ("TROUBLESHOOTING.md", "TROUBLESHOOTING.zh.md")
}
SOURCES = [*(ROOT / "bridge/cli").glob("judge_*.c"), ROOT / "bridge/cli/look_bridge.c"]

#: Codes that say all there is to say by themselves: most say that all is well,
#: or explain a choice.
SELF_EXPLANATORY = {
    "state-dir", "state-dir-open", "state-dir-owner", "state-dir-no-folder",
    "no-state-dir", "port-free", "free-port", "no-folder", "folder-read-only",
    "no-account", "all-closed", "no-token", "weak-token", "tls-unchecked",
    "open-actions", "open-events", "secret-readable", "share-not-here",
    "not-looked", "memory-disk", "disk-small", "journal-off", "journal-lost",
    "journal-unreadable", "clock-unsynchronised", "peer-old", "peer-hung-up",
    "http-off", "not-covered", "not-connected",
}  # fmt: skip


def known() -> set[str]:
    """Words with a hyphen in quotes: nothing else looks like that there."""
    text = "\n".join(path.read_text() for path in SOURCES)
    return set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)) - {"your-token"}


def named(page: str) -> set[str]:
    """In the second column of the tables."""
    columns = re.findall(r"^\|[^|]*\|([^|]*)\|", page, re.MULTILINE)
    return {code for column in columns for code in re.findall(r"`([a-z-]+)`", column)}


def test_each_page_names_what_there_is() -> None:
    plain = {"settings", "refused"}
    for name, page in PAGES.items():
        assert named(page) - plain <= known(), name


def test_what_there_is_is_named() -> None:
    assert known() - SELF_EXPLANATORY == named(PAGES["TROUBLESHOOTING.md"]) & known()


def test_both_languages_say_the_same() -> None:
    english, chinese = map(named, PAGES.values())
    assert english == chinese
    rows = [len(re.findall(r"^\| ", page, re.MULTILINE)) for page in PAGES.values()]
    assert rows[0] == rows[1]
