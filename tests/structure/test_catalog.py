"""The catalogue of actions: its data, its form, and the table made of it."""

import copy
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCHEMA = Path(__file__).parents[2] / "schema"
GENERATOR = SCHEMA / "generate_catalog.py"
CATALOG = json.loads((SCHEMA / "actions.json").read_text(encoding="utf-8"))
FORM = json.loads((SCHEMA / "actions.schema.json").read_text(encoding="utf-8"))

spec = importlib.util.spec_from_file_location("generate_catalog", GENERATOR)
assert spec is not None and spec.loader is not None
generate_catalog = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate_catalog)

# ---- as much of JSON Schema as the form uses ---------------------------------

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
#: What only describes.
SILENT = {"$schema", "$id", "$defs", "title", "description"}


def is_of(value: Any, name: str) -> bool:
    is_bool = isinstance(value, bool)
    return (
        is_bool if name == "boolean" else isinstance(value, TYPES[name]) and not is_bool
    )


def fits(value: Any, form: Any) -> bool:
    try:
        check(value, form, "")
    except AssertionError:
        return False
    return True


def check_object(value: dict[str, Any], form: dict[str, Any], where: str) -> None:
    for key in form.get("required", []):
        assert key in value, f"{where}.{key}: required"
    for key, member in value.items():
        known = form.get("properties", {})
        assert key in known or form.get("additionalProperties", True), f"{where}.{key}"
        check(member, known.get(key, {}), f"{where}.{key}")


def check_array(value: list[Any], form: dict[str, Any], where: str) -> None:
    assert len(value) >= form.get("minItems", 0), where
    if form.get("uniqueItems"):
        assert all(value.count(item) == 1 for item in value), where
    for i, item in enumerate(value):
        name = item.get("name", i) if isinstance(item, dict) else i
        check(item, form.get("items", {}), f"{where}[{name}]")


RULES: dict[str, Callable[[Any, Any], bool]] = {
    "type": lambda v, t: any(is_of(v, n) for n in (t if isinstance(t, list) else [t])),
    "const": lambda v, c: type(v) is type(c) and v == c,
    "enum": lambda v, words: v in words,
    "anyOf": lambda v, forms: any(fits(v, form) for form in forms),
    "pattern": lambda v, p: not isinstance(v, str) or re.search(p, v) is not None,
    "minLength": lambda v, n: not isinstance(v, str) or len(v) >= n,
}
BY_KIND = {
    "properties",
    "required",
    "additionalProperties",
    "items",
    "minItems",
    "uniqueItems",
}


def check(value: Any, form: dict[str, Any], where: str) -> None:
    if "$ref" in form:
        check(value, FORM["$defs"][form["$ref"].removeprefix("#/$defs/")], where)
    for word, argument in form.items():
        assert word in RULES or word in SILENT | BY_KIND | {"$ref"}, f"what is {word}?"
        assert word not in RULES or RULES[word](value, argument), f"{where}: {word}"
    if isinstance(value, dict):
        check_object(value, form, where)
    if isinstance(value, list):
        check_array(value, form, where)


# ---- the data ----------------------------------------------------------------


def test_the_catalogue_has_its_form() -> None:
    check(CATALOG, FORM, "catalog")


def test_the_form_and_the_generator_know_the_same_words() -> None:
    forms = FORM["$defs"]
    action, param = forms["action"]["properties"], forms["param"]["properties"]
    assert set(action) == set(generate_catalog.ACTION_KEYS)
    assert set(param) == set(generate_catalog.PARAM_KEYS)
    assert set(action["flags"]["items"]["enum"]) == set(generate_catalog.FLAGS)
    assert set(action["answer"]["enum"]) == set(generate_catalog.ANSWERS)
    assert set(action["kind"]["enum"]) == set(generate_catalog.KINDS)
    assert set(forms["types"]["items"]["enum"]) == set(generate_catalog.TYPES)
    assert set(forms["peers"]["items"]["enum"]) == set(generate_catalog.PEERS)
    implementations = forms["implementations"]["items"]["enum"]
    assert set(implementations) == set(generate_catalog.IMPLEMENTATIONS)


def test_names_are_sorted_and_there_once() -> None:
    names = [action["name"] for action in CATALOG["actions"]]
    aliases = [alias["name"] for alias in CATALOG["aliases"]]
    assert len(names) == 195
    assert names == sorted(names)
    assert aliases == sorted(aliases)
    assert len(set(names + aliases)) == len(names + aliases)


def test_what_an_action_is_fits_together() -> None:
    for action in CATALOG["actions"]:
        flags = action.get("flags", [])
        assert "speech" not in flags or "paced" in flags, action["name"]
        assert "paced" not in flags or "needs_qq" in flags, action["name"]
        assert "needs_qq" not in flags or action["kind"] == "write", action["name"]


def test_a_default_is_of_the_parameters_types() -> None:
    for action in CATALOG["actions"]:
        for param in action["params"]:
            if "default" in param:
                where = f"{action['name']}.{param['name']}"
                assert any(is_of(param["default"], t) for t in param["types"]), where


# ---- the table ---------------------------------------------------------------


def generate(
    catalog: Any, folder: Path
) -> tuple[subprocess.CompletedProcess[str], Path]:
    data, out = folder / "actions.json", folder / "catalog_table.c"
    data.write_text(catalog if isinstance(catalog, str) else json.dumps(catalog))
    command = [sys.executable, GENERATOR, data, out]
    return subprocess.run(command, capture_output=True, text=True), out


def test_the_table_has_every_row(tmp_path: Path) -> None:
    done, out = generate(CATALOG, tmp_path)
    assert done.returncode == 0, done.stderr
    text = out.read_text()
    for action in CATALOG["actions"]:
        assert f'{{.name = "{action["name"]}",\n     .peers' in text
        for param in action["params"]:
            assert f'.name = "{param["name"]}",\n     .name_size' in text
    for alias in CATALOG["aliases"]:
        assert (
            f'{{{{"{alias["name"]}", {len(alias["name"])}}}, &CATALOG_ACTIONS[' in text
        )
    assert text.count(".name_size") == sum(len(a["params"]) for a in CATALOG["actions"])


def test_the_table_is_the_same_each_time(tmp_path: Path) -> None:
    _, out = generate(CATALOG, tmp_path)
    first = out.read_bytes()
    out.unlink()
    generate(CATALOG, tmp_path)
    assert out.read_bytes() == first


def action_of(catalog: Any, name: str) -> Any:
    return next(action for action in catalog["actions"] if action["name"] == name)


def spoil(path: str, value: Any) -> Callable[[Any], None]:
    """Set something of send_msg, or of its first parameter."""

    def change(catalog: Any) -> None:
        row = action_of(catalog, "send_msg")
        *parents, key = path.split(".")
        for parent in parents:
            row = row["params"][0] if parent == "param" else row[parent]
        row[key] = value

    return change


FAULTS: dict[str, tuple[Callable[[Any], None], str]] = {
    "unsorted": (lambda c: c["actions"].reverse(), "belongs before"),
    "twice": (lambda c: c["actions"].insert(0, c["actions"][0]), "belongs before"),
    "alias is an action": (lambda c: c["aliases"][0].update(name="bot_exit"),
                           "bot_exit is there twice"),
    "alias of nothing": (lambda c: c["aliases"][0].update(action="dance"),
                         "no such action"),
    "kind": (spoil("kind", "maybe"), "actions.send_msg: kind"),
    "peer": (spoil("peers", ["napkin"]), "actions.send_msg.peers: napkin: allowed"),
    "no peers": (spoil("peers", []), "actions.send_msg.peers"),
    "flag": (spoil("flags", ["fast"]), "actions.send_msg.flags: fast: allowed"),
    "answer": (spoil("answer", "soon"), "actions.send_msg: answer"),
    "key": (spoil("colour", "red"), "actions.send_msg: colour: allowed"),
    "param key": (spoil("param.colour", "red"), "actions.send_msg.params: colour"),
    "type": (spoil("param.types", ["float"]), "message_type.types: float: allowed"),
    "items": (spoil("param.items", ["string"]), "items: of arrays, always"),
    "no name": (spoil("param.name", "a b"), "a b: letters"),
    "name twice": (spoil("param.name", "user_id"), "user_id is there twice"),
    "alias twice": (spoil("param.aliases", ["group_id"]), "group_id is there twice"),
    "same_as": (spoil("param.same_as", "nothing"), "same_as: no such one"),
    "media": (spoil("param.media", "photo"), "media: file or path"),
    "required": (spoil("param.required", ["onebot11"]), "onebot11: allowed"),
    "warning": (spoil("param.warn_if_missing", "oh"), "warn_if_missing, warn_peers"),
    "default": (spoil("param.default", 2**40), "default: out of range"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_data_is_refused_with_what_and_where(fault: str, tmp_path: Path) -> None:
    change, words = FAULTS[fault]
    catalog = copy.deepcopy(CATALOG)
    change(catalog)
    done, out = generate(catalog, tmp_path)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_a_key_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    text = json.dumps(CATALOG).replace(
        '"kind": "read"', '"kind": "read", "kind": "write"', 1
    )
    done, _ = generate(text, tmp_path)
    assert done.returncode == 1
    assert "two keys kind" in done.stderr
