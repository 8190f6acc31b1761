"""Names on NATS."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebus import nats_subjects
from onebus.patterns import Patterns

TOKEN = st.text("ab-_9", min_size=1, max_size=2)
PATTERN = st.builds(
    lambda tokens, end: ".".join([*tokens, *end]),
    st.lists(TOKEN | st.just("*"), min_size=1, max_size=4),
    st.sampled_from([[], ["*"]]),
)
TOPIC = st.lists(TOKEN, min_size=1, max_size=6).map(".".join)


def takes(subject: str | None, topic: str) -> bool:
    """As NATS has it: `*` is one token, `>` one or more."""
    if subject is None:
        return True
    tokens = [r"[^.]+" if t == "*" else ".+" if t == ">" else re.escape(t)
              for t in subject.split(".")]  # fmt: skip
    return re.fullmatch(r"\.".join(tokens), topic) is not None


@given(st.lists(PATTERN, min_size=1, max_size=4), TOPIC)
def test_what_is_wanted_is_in_the_subject(patterns: list[str], topic: str) -> None:
    if Patterns(*patterns).match(topic):
        assert takes(nats_subjects.narrowest(patterns, ""), topic)


@given(PATTERN, TOPIC)
def test_of_one_pattern_it_is_no_more(pattern: str, topic: str) -> None:
    subject = nats_subjects.narrowest([pattern], "")
    assert takes(subject, topic) == Patterns(pattern).match(topic)


@pytest.mark.parametrize(
    ("patterns", "subject"),
    [
        ([], None),
        (["*"], None),
        (["qq.group.*", "*"], None),
        (["qq.group.*"], "p.qq.group.>"),
        (["qq.group.20002."], "p.qq.group.20002.>"),
        (["qq.group.*.message.*"], "p.qq.group.*.message.>"),
        (["qq.bridge.default.link.up"], "p.qq.bridge.default.link.up"),
        (["qq.group.*.message.*", "qq.meta."], "p.qq.>"),
        (["qq.group.1.message.*", "qq.group.2.message.*"], "p.qq.group.*.message.>"),
        (["qq.group.1.x", "qq.group.2.x"], "p.qq.group.*.x"),
        (["qq.group.1", "qq.group.1.x"], "p.qq.group.>"),
        (["qq.a", "xx.b.c"], None),
    ],
)
def test_several_patterns_have_one_subject(
    patterns: list[str], subject: str | None
) -> None:
    assert nats_subjects.narrowest(patterns, "p") == subject


@given(st.lists(st.text("aZ0._:@/-=", min_size=1, max_size=128), min_size=2, max_size=2))
def test_no_two_cursors_have_one_consumer(names: list[str]) -> None:
    names = [name.replace("=", "_") for name in names]
    one, other = map(nats_subjects.consumer, names)
    assert (one == other) == (names[0] == names[1])
    assert len(one) <= nats_subjects.CONSUMER_MAX
    assert re.fullmatch(r"[A-Za-z0-9_=-]+", one)


@pytest.mark.parametrize("name", ["", "a b", "ö", "x" * 129, "a*", "a>"])
def test_what_is_no_name_of_a_cursor_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="allowed: 1 to 128"):
        nats_subjects.consumer(name)


@pytest.mark.parametrize(
    ("account", "token"),
    [("default", "default"), ("my bot.1", "my_bot_1"), ("号", "___"), ("x" * 70, "x" * 64)],
)
def test_an_account_is_a_token_as_in_topics(account: str, token: str) -> None:
    assert nats_subjects.token(account) == token
