"""Which topics a pattern matches, as the bridge itself sees it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebus.patterns import PATTERN_MAX, PatternError, Patterns, prefix

GOOD = [
    "*",
    "qq",
    "qq.",
    "qq.group.",
    "qq.group.*",
    "qq.group.*.message.*",
    "qq.*.*.notice.*",
    "*.group.-5",
    "qq.group.20002.message.normal",
    "a" * PATTERN_MAX,
]

BAD = [
    ("", "token 1, ''"),
    (".", "token 1, ''"),
    (".qq", "token 1, ''"),
    ("qq..group", "token 2, ''"),
    ("qq..", "token 2, ''"),
    ("qq.*.", "ends in a dot; allowed: qq.*, or qq.*.*"),
    ("*.", "ends in a dot"),
    ("qq.group.2*", "token 3, '2*'"),
    ("qq.**", "token 2, '**'"),
    ("qq.>", "token 2, '>'"),
    ("qq.gro up", "token 2, 'gro up'"),
    ("qq.你", "token 2, '你'"),
    ("qq.group\n", "token 2"),
    ("a" * (PATTERN_MAX + 1), "384 bytes; allowed: 383"),
]

MATCHES = [
    ("*", "qq", True),
    ("*", "qq.group.1.message", True),
    ("qq.*", "qq.group", True),
    ("qq.*", "qq.group.1", True),
    ("qq.group.*", "qq.group.1.message.normal", True),
    ("qq.group.*", "qq.private.1.message", False),
    ("qq.group.*", "qq.group", False),
    ("qq.group.*.message.*", "qq.group.1.message.normal", True),
    ("qq.group.*.message.*", "qq.group.1.message", False),
    ("qq.group.*.message.*", "qq.group.1.2.message.normal", False),
    ("qq.group.*.message", "qq.group.1.message", True),
    ("qq.group.*.message", "qq.group.1.message.normal", False),
    ("qq.group.*.message", "qq.group.1.messages", False),
    ("qq.*.*.notice.*", "qq.private.5.notice.notify.poke", True),
    ("qq.*.*.notice.*", "qq.private.5.message.friend", False),
    ("*.group.1", "qq.group.1", True),
    ("qq.group.", "qq.group.1", True),
    ("qq.group.", "qq.group", False),
    ("qq.group.1.", "qq.group.12.message", False),
    ("qq.group.1", "qq.group.1", True),
    ("qq.group.1", "qq.group.12", False),
    ("qq.group.1", "qq.group.1.message", False),
    ("qq.group.1", "qq.group", False),
    ("qq.group.-5.message.normal", "qq.group.-5.message.normal", True),
]

tokens = st.sampled_from(["qq", "group", "1", "-5", "message"])
topics = st.lists(tokens, min_size=1, max_size=5).map(".".join)
patterns = st.one_of(
    st.lists(tokens | st.just("*"), min_size=1, max_size=5).map(".".join),
    topics.map(lambda topic: topic + "."),
)


@pytest.mark.parametrize("pattern", GOOD)
def test_what_the_grammar_allows_is_a_pattern(pattern: str) -> None:
    assert Patterns(pattern).texts == (pattern,)


@pytest.mark.parametrize(("pattern", "place"), BAD)
def test_what_is_no_pattern_is_refused_by_its_place(pattern: str, place: str) -> None:
    with pytest.raises(PatternError, match=re.escape(place)):
        Patterns("qq.group.*", pattern)


@pytest.mark.parametrize(("pattern", "topic", "is_match"), MATCHES)
def test_a_star_is_one_token_and_the_last_one_or_more(
    pattern: str, topic: str, is_match: bool
) -> None:
    assert Patterns(pattern).match(topic) is is_match


def test_several_patterns_match_what_any_of_them_does() -> None:
    wanted = Patterns("qq.group.7.", "qq.private.*.message.friend")
    assert wanted.match("qq.group.7.notice.group_recall")
    assert wanted.match("qq.private.42.message.friend")
    assert not wanted.match("qq.private.42.message.group")


def test_no_pattern_matches_everything() -> None:
    assert Patterns().match("qq.meta.10001.heartbeat")


def test_a_message_is_matched_by_its_topic_alone() -> None:
    message = b"qq.group.7.message.normal\0\x81\xa1v.notice.x\0"
    assert Patterns("qq.group.*.message.*").wants(message)
    assert not Patterns("qq.group.7.message.normal.*").wants(message)


@pytest.mark.parametrize(
    ("pattern", "begin"),
    [
        ("*", b""),
        ("qq.*", b"qq."),
        ("qq.*.*.notice.*", b"qq."),
        ("qq.group.*.message.*", b"qq.group."),
        ("qq.group.", b"qq.group."),
        ("qq.group.1", b"qq.group.1\0"),
    ],
)
def test_the_prefix_is_what_to_subscribe_to(pattern: str, begin: bytes) -> None:
    assert prefix(pattern) == begin


def plain_match(pattern: str, topic: str) -> bool:
    """The words of the contract, token by token."""
    wanted, had = pattern.split("."), topic.split(".")
    if wanted[-1] in ("", "*") and len(had) >= len(wanted):
        had = [*had[: len(wanted) - 1], wanted[-1]]
    return len(wanted) == len(had) and all(
        want in ("*", token) for want, token in zip(wanted, had, strict=True)
    )


@given(patterns, topics)
def test_the_compiled_pattern_says_what_the_contract_says(
    pattern: str, topic: str
) -> None:
    assert Patterns(pattern).match(topic) is plain_match(pattern, topic)


@given(patterns, topics)
def test_a_match_begins_with_the_prefix(pattern: str, topic: str) -> None:
    if Patterns(pattern).match(topic):
        assert (topic.encode() + b"\0").startswith(prefix(pattern))
