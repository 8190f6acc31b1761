"""Messages for hypothesis: what is on the wire, and what developers write."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from hypothesis import strategies as st

from onebus import _param as form, segments
from onebus._param import Param
from onebus.message import Message
from onebus.segment import Segment, UnknownSegment
from onebus.segments import TYPES

CLASSES = sorted(set(TYPES.values()), key=lambda each: each.TYPE)
KEYS = sorted({p.name for each in CLASSES for p in each.PARAMS})

#: Whatever MessagePack carries.
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.sampled_from(["all", "0", "1", "6", "-7", "12", "1.5", "true", "[CQ:at,qq=1]"])
    | st.text(max_size=8)
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*KEYS, "type", "data"]), inner, max_size=3),
    max_leaves=6,
)
#: Segments with anything in them, of known types as a rule.
wire_segments = st.builds(
    lambda type, data, more: {"type": type, "data": data, **more},
    st.sampled_from([*TYPES, "hologram", ""]) | values,
    st.dictionaries(st.sampled_from([*KEYS, "other"]), values, max_size=6) | values,
    st.just({}) | st.dictionaries(st.just("more"), values),
)
wire_messages = st.lists(wire_segments | values, max_size=5)

texts = st.text(max_size=12) | st.sampled_from(
    ["[CQ:at,qq=1]", "&amp;", "&#91;", ",", "[", "]", "&", " /ban ", "\n", "&amp;#91;"]
)


def _given(param: Param) -> st.SearchStrategy[Any]:
    if param.values:
        return st.sampled_from(param.values)
    if param.minimum is not None:
        return st.floats(param.minimum, param.maximum)
    plain: dict[str, st.SearchStrategy[Any]] = {
        form.TEXT.allowed: texts,
        form.INTEGER.allowed: st.integers(-(2**63), 2**63 - 1),
        form.ID.allowed: st.integers(1, 2**63 - 1),
        form.BOOLEAN.allowed: st.booleans(),
        form.FILE.allowed: st.binary(max_size=8)
        | st.sampled_from(["a.png", "https://x/?a=1,2&b", "base64://QQ=="])
        | st.builds(PurePosixPath, st.just("/data/a.png")),
        form.JSON.allowed: texts | st.just({"a": [1, None]}),
        form.OBJECT.allowed: st.just({"rows": [{"a": "b,]"}]}),
        form.ARRAY.allowed: st.just([{"text": "a"}]),
        form.MESSAGE.allowed: st.lists(
            texts | st.builds(segments.Face, st.integers(0, 400)), max_size=3
        ),
    }
    return plain[param.form.allowed]


@st.composite
def _segment(draw: st.DrawFn, kind: type[Segment]) -> Segment:
    needed = [p for p in kind.PARAMS if p.required or p.one_of or p.required_if]
    spare = [p for p in kind.PARAMS if p not in needed]
    chosen = needed + [p for p in spare if draw(st.booleans())]
    given: dict[str, Any] = {p.attribute: draw(_given(p)) for p in chosen}
    return kind(**given)


#: Segments as developers make them, of each type.
known_segments = st.sampled_from(CLASSES).flatmap(_segment)
any_segments = known_segments | st.builds(
    UnknownSegment, st.just("hologram"), st.dictionaries(st.just("size"), texts)
)
messages = st.lists(texts | any_segments, max_size=5).map(Message)
