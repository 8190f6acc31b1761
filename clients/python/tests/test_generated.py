"""What is made from the data in `schema/` is what the data gives."""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest

import onebus
from onebus import events, shapes
from onebus._actions import READS, Actions

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parents[1] / "schema"
sys.path.insert(0, str(ROOT))

from generate import modules  # noqa: E402
from generate.actions import Method, methods  # noqa: E402


def data(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SCHEMA / name).read_text())
    return read


@pytest.mark.parametrize("name", ["events", "results", "segments", "actions"])
def test_the_data_is_of_its_form(name: str) -> None:
    jsonschema.validate(data(f"{name}.json"), data(f"{name}.schema.json"))


@pytest.mark.parametrize(
    ("path", "text"),
    [pytest.param(*each, id=each[0].name) for each in modules.all_modules()],
)
def test_each_module_is_what_its_data_gives(path: Path, text: str) -> None:
    assert path.read_text() == text, "run `python -m generate`"


def test_every_action_has_its_result() -> None:
    names = [action["name"] for action in data("actions.json")["actions"]]
    assert sorted(data("results.json")["results"]) == names


def test_the_data_is_sorted() -> None:
    classes = [event["class"] for event in data("events.json")["events"]]
    assert classes == sorted(set(classes))
    for name in ("events.json", "results.json"):
        assert list(data(name)["shapes"]) == sorted(data(name)["shapes"])


def test_every_event_has_a_class_that_the_package_exports() -> None:
    for event in data("events.json")["events"]:
        kind = getattr(onebus, event["class"])
        assert issubclass(kind, onebus.Event)
        assert kind.__doc__
        assert kind in {found for found, _ in events.CLASSES.values()}
    for name in data("events.json")["shapes"]:
        assert getattr(shapes, name).__doc__


class Noting(Actions):
    """Notes what would be called."""

    def __init__(self) -> None:
        self.called: list[tuple[str, dict[str, Any], Any]] = []

    async def _act(
        self,
        action: str,
        params: dict[str, Any],
        account: str | None,
        timeout: float | None,
        idempotency_key: str | None,
    ) -> Any:
        self.called.append((action, params, (account, timeout, idempotency_key)))
        return "data"


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.action)
def test_every_action_is_called_as_the_catalogue_has_it(method: Method) -> None:
    noting = Noting()
    function = getattr(noting, method.name)
    parameters = inspect.signature(function).parameters
    values = {name: f"<{name}>" for name in parameters}
    anyio.run(lambda: function(**values))
    ((action, params, control),) = noting.called
    assert action == method.action
    assert control == ("<account>", "<timeout>", "<idempotency_key>")
    catalogue = {p["name"]: p for p in method.data["params"]}
    own = {key for key, p in catalogue.items() if "same_as" not in p}
    assert set(params) == own
    assert set(params.values()) == set(values.values()) - set(control)
    required = [n for n, p in parameters.items() if p.default is inspect.Parameter.empty]
    assert len(required) == sum(
        p.get("required") is True or "warn_if_missing" in p for p in catalogue.values()
    )
    assert inspect.getdoc(function)
    assert (method.action in READS) == (method.data["kind"] == "read")


def test_no_two_actions_have_one_method() -> None:
    names = [method.name for method in methods()]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)
