#!/usr/bin/env python3
"""Turn actions.json into the C table that the bridge is built with.

    generate_catalog.py actions.json catalog_table.c

Its form is in actions.schema.json; what that cannot say is checked here: the
order of the names, that none is there twice, and that names lead somewhere.
Bad data gets no table but a line that says where and what.
"""

import json
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TYPES = {
    "array": "CATALOG_ARRAY",
    "boolean": "CATALOG_BOOL",
    "integer": "CATALOG_INT",
    "message": "CATALOG_MESSAGE",
    "null": "CATALOG_NULL",
    "object": "CATALOG_OBJECT",
    "string": "CATALOG_STRING",
}
PEERS = {
    "onebot11": "PEER_UNKNOWN",
    "napcat": "PEER_NAPCAT",
    "gocqhttp": "PEER_GOCQHTTP",
    "lagrange": "PEER_LAGRANGE",
    "llbot": "PEER_LLBOT",
}
#: Those that a parameter can be told apart by: the standard is no program.
IMPLEMENTATIONS = {peer: bit for peer, bit in PEERS.items() if peer != "onebot11"}
FLAGS = {
    "speech": "is_speech",
    "paced": "is_paced",
    "needs_qq": "needs_qq",
    "upload": "is_upload",
    "stream": "is_stream",
}
ANSWERS = {
    "always": "CATALOG_ANSWERS",
    "maybe": "CATALOG_MAY_NOT_ANSWER",
    "never": "CATALOG_NEVER_ANSWERS",
}
KINDS = {"read": "true", "write": "false"}

#: The keys of an action and of a parameter; those with True must be there.
ACTION_KEYS = {
    "name": True,
    "kind": True,
    "peers": True,
    "params": True,
    "summary": True,
    "flags": False,
    "answer": False,
    "note": False,
}
PARAM_KEYS = {
    "name": True,
    "types": True,
    "summary": False,
    "items": False,
    "required": False,
    "one_of": False,
    "id": False,
    "media": False,
    "same_as": False,
    "aliases": False,
    "values": False,
    "default": False,
    "warn_if_missing": False,
    "warn_peers": False,
}

#: As many as params.c keeps in mind at once (CATALOG_PARAMS_MAX).
PARAMS_MAX = 32
#: As long as a request may name one (REQUEST_ACTION_BYTES_MAX).
NAME_BYTES_MAX = 128
NAME = re.compile(r"[.]?[A-Za-z_][A-Za-z0-9_]*")


class BadData(Exception):
    """What is wrong with the catalogue, and where."""


def ensure(holds: bool, where: str, what: str) -> None:
    if not holds:
        raise BadData(f"{where}: {what}")


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, none of whose keys is there twice."""
    keys = [key for key, _ in pairs]
    for key in keys:
        ensure(keys.count(key) == 1, json.dumps(dict(pairs))[:60], f"two keys {key}")
    return dict(pairs)


# ---- checks ------------------------------------------------------------------


def check_keys(row: Any, keys: dict[str, bool], where: str) -> None:
    ensure(isinstance(row, dict), where, "allowed: an object")
    for key in row:
        ensure(key in keys, where, f"{key}: allowed: {', '.join(keys)}")
    for key, is_required in keys.items():
        ensure(key in row or not is_required, where, f"{key}: required")


def check_words(words: Any, allowed: dict[str, str], where: str) -> None:
    ensure(isinstance(words, list) and words != [], where, "allowed: a list of words")
    for word in words:
        ensure(word in allowed, where, f"{word}: allowed: {', '.join(allowed)}")
    ensure(len(set(words)) == len(words), where, "a word is there twice")


def check_names(names: list[Any], where: str) -> None:
    for name in names:
        is_name = isinstance(name, str) and NAME.fullmatch(name)
        ensure(bool(is_name), where, f"{name}: letters, digits and _ make a name")
        ensure(len(name) <= NAME_BYTES_MAX, where, f"{name}: too long")
        ensure(names.count(name) == 1, where, f"{name} is there twice")


def check_sorted(names: list[str], where: str) -> None:
    for before, after in zip(names, names[1:]):
        ensure(before < after, where, f"{after} belongs before {before}")


def check_param(
    param: dict[str, Any], params: list[dict[str, Any]], where: str
) -> None:
    check_words(param["types"], TYPES, f"{where}.types")
    has_items = "items" in param
    ensure(has_items == ("array" in param["types"]), where, "items: of arrays, always")
    if has_items:
        check_words(param["items"], TYPES, f"{where}.items")
    if param.get("required", True) is not True:
        check_words(param["required"], IMPLEMENTATIONS, f"{where}.required")
    ensure(param.get("media", "file") in ("file", "path"), where, "media: file or path")
    other = next((p for p in params if p["name"] == param.get("same_as")), param)
    ensure("same_as" not in param or other is not param, where, "same_as: no such one")
    ensure("same_as" not in other, where, "same_as: leads to another same_as")
    has_warning = "warn_if_missing" in param
    ensure(has_warning == ("warn_peers" in param), where, "warn_if_missing, warn_peers")
    if has_warning:
        check_words(param["warn_peers"], IMPLEMENTATIONS, f"{where}.warn_peers")
    if "values" in param:
        ensure(param["types"] == ["string"], where, "values: for strings alone")
        check_names(param["values"], f"{where}.values")


def check_action(action: dict[str, Any], where: str) -> None:
    check_words(action["peers"], PEERS, f"{where}.peers")
    ensure(action["kind"] in KINDS, where, f"kind: allowed: {', '.join(KINDS)}")
    ensure(action.get("answer", "always") in ANSWERS, where, "answer: no such word")
    if "flags" in action:
        check_words(action["flags"], FLAGS, f"{where}.flags")
    params = action["params"]
    ensure(len(params) <= PARAMS_MAX, where, f"params: allowed: {PARAMS_MAX}")
    for param in params:
        check_keys(param, PARAM_KEYS, f"{where}.params")
    names = [name for p in params for name in (p["name"], *p.get("aliases", []))]
    check_names(names, f"{where}.params")
    for param in params:
        check_param(param, params, f"{where}.{param['name']}")


def check(catalog: dict[str, Any]) -> None:
    check_keys(
        catalog,
        {"$schema": False, "about": True, "actions": True, "aliases": True},
        "catalog",
    )
    actions, aliases = catalog["actions"], catalog["aliases"]
    for action in actions:
        check_keys(action, ACTION_KEYS, f"actions.{action.get('name')}")
        check_action(action, f"actions.{action['name']}")
    names = [action["name"] for action in actions]
    for alias in aliases:
        check_keys(alias, {"name": True, "action": True}, "aliases")
        ensure(alias["action"] in names, f"aliases.{alias['name']}", "no such action")
    check_sorted(names, "actions")
    check_sorted([alias["name"] for alias in aliases], "aliases")
    check_names(names + [alias["name"] for alias in aliases], "actions and aliases")


# ---- C -----------------------------------------------------------------------


def quoted(text: str) -> str:
    """A C string; what is not plain ASCII is escaped, three octal digits each."""
    plain = (
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}"
        for byte in text.encode()
    )
    return '"' + "".join(plain) + '"'


def peer_bits(peers: Any) -> str:
    if peers is True:
        return "CATALOG_EVERY_PEER"
    return " | ".join(f"1u << {PEERS[peer]}" for peer in peers)


def packed(value: object, where: str) -> bytes:
    """A default as MessagePack: small ones are all there are."""
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        ensure(-(2**31) <= value < 2**31, where, "default: out of range")
        is_small = -32 <= value < 128
        return (
            struct.pack(">b", value) if is_small else b"\xd2" + struct.pack(">i", value)
        )
    text = value.encode() if isinstance(value, str) else bytes(32)
    ensure(len(text) < 32, where, "default: a boolean, an integer or a short string")
    return bytes([0xA0 | len(text)]) + text


def word_list(name: str, words: list[str]) -> str:
    row = ", ".join(map(quoted, words))
    return f"static const char *const {name}[] = {{{row}, NULL}};"


def type_bits(words: list[str]) -> str:
    return " | ".join(TYPES[word] for word in words)


def param_fields(param: dict[str, Any], prefix: str, where: str) -> Iterator[str]:
    yield f".name = {quoted(param['name'])}"
    yield f".name_size = {len(param['name'])}"
    if "summary" in param:
        yield f".summary = {quoted(param['summary'])}"
    yield f".types = {type_bits(param['types'])}"
    if "items" in param:
        yield f".item_types = {type_bits(param['items'])}"
    if "required" in param:
        yield f".required_by = {peer_bits(param['required'])}"
    for key, field in (("one_of", "is_one_of"), ("id", "is_id"), ("media", "is_media")):
        if key in param:
            yield f".{field} = true"
    if param.get("media") == "path":
        yield ".is_path = true"
    if "same_as" in param:
        yield f".same_as = {quoted(param['same_as'])}"
    for key in ("aliases", "values"):
        if key in param:
            yield f".{key} = {prefix}_{param['name']}_{key}"
    if "default" in param:
        pack = packed(param["default"], where)
        octal = "".join(f"\\{byte:03o}" for byte in pack)
        yield f'.fallback = {{"{octal}", {len(pack)}}}'
    if "warn_if_missing" in param:
        yield f".warning_if_missing = {quoted(param['warn_if_missing'])}"
        # One that has not said who it is may be one of them.
        yield f".warned_peers = {peer_bits(['onebot11', *param['warn_peers']])}"


def param_tables(action: dict[str, Any], prefix: str) -> Iterator[str]:
    for param in action["params"]:
        for key in ("aliases", "values"):
            if key in param:
                yield word_list(f"{prefix}_{param['name']}_{key}", param[key])
    if action["params"]:
        yield f"static const struct catalog_param {prefix}_params[] = {{"
        for param in action["params"]:
            fields = param_fields(
                param, prefix, f"actions.{action['name']}.{param['name']}"
            )
            yield "    {" + ",\n     ".join(fields) + "},"
        yield "};"


def action_fields(action: dict[str, Any], prefix: str) -> Iterator[str]:
    yield f".name = {quoted(action['name'])}"
    yield f".peers = {peer_bits(action['peers'])}"
    yield f".is_read = {KINDS[action['kind']]}"
    yield f".answer = {ANSWERS[action.get('answer', 'always')]}"
    for flag in action.get("flags", []):
        yield f".{FLAGS[flag]} = true"
    yield f".summary = {quoted(action['summary'])}"
    if "note" in action:
        yield f".note = {quoted(action['note'])}"
    if action["params"]:
        yield f".params = {prefix}_params"
        yield f".param_count = {len(action['params'])}"


def table(catalog: dict[str, Any]) -> Iterator[str]:
    actions = catalog["actions"]
    yield "/* Made from schema/actions.json by schema/generate_catalog.py. */"
    yield '#include "core/catalog_table.h"\n'
    for i, action in enumerate(actions):
        yield from param_tables(action, f"action_{i}")
    yield "\nconst struct catalog_action CATALOG_ACTIONS[] = {"
    for i, action in enumerate(actions):
        yield "    {" + ",\n     ".join(action_fields(action, f"action_{i}")) + "},"
    yield "};\n"
    yield f"const size_t CATALOG_ACTION_COUNT = {len(actions)};\n"
    yield "const struct catalog_entry CATALOG_ENTRIES[] = {"
    index = {action["name"]: i for i, action in enumerate(actions)}
    names = {name: name for name in index}
    names.update({alias["name"]: alias["action"] for alias in catalog["aliases"]})
    for name in sorted(names):
        action = f"&CATALOG_ACTIONS[{index[names[name]]}]"
        yield f"    {{{{{quoted(name)}, {len(name)}}}, {action}}},"
    yield "};\n"
    yield f"const size_t CATALOG_ENTRY_COUNT = {len(names)};"


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: generate_catalog.py ACTIONS.json TABLE.c", file=sys.stderr)
        return 2
    source, out = map(Path, arguments)
    try:
        catalog = json.loads(
            source.read_text(encoding="utf-8"), object_pairs_hook=object_of
        )
        check(catalog)
        text = "\n".join(table(catalog)) + "\n"
    except (BadData, ValueError) as fault:
        print(f"{source}: {fault}", file=sys.stderr)
        return 1
    out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
