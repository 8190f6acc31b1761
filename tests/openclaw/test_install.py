"""The package that users get: what is in it, and that OpenClaw takes it."""

import json
from pathlib import Path

from claw.gateway import Gateway
from claw.plugin import PACKED, files


def test_the_package_has_what_it_needs_and_no_more() -> None:
    packed = files()
    for name in ("package.json", "openclaw.plugin.json", "dist/index.js", "dist/setup-entry.js"):
        assert name in packed
    own = json.loads((PACKED / "package.json").read_text())
    for entry in own["exports"].values():
        for path in entry.values() if isinstance(entry, dict) else [entry]:
            assert path.removeprefix("./") in packed
    assert [name for name in packed if "test" in Path(name).parts] == []


async def test_it_is_installed_from_a_folder(folder: Path) -> None:
    """As a user does who has never heard of QQ: install, add the channel, look."""
    bare = {"channels": {}, "plugins": {"allow": None, "load": {"paths": []}, "entries": {}}}
    gateway = Gateway(folder, "http://127.0.0.1:1/v1", bare)
    settings = gateway.settings
    del settings["plugins"]["allow"]
    gateway.write(settings)
    for command in (
        ("plugins", "install", str(PACKED), "--force", "--accept-capabilities"),
        (
            *("channels", "add", "--channel", "napcatqq"),
            *("--events-url", "tcp://127.0.0.1:7710"),
            *("--actions-url", "tcp://127.0.0.1:7711"),
        ),
        ("config", "validate"),
    ):
        outcome = await gateway.cli(*command)
        assert outcome.status == 0, (command, outcome)
    found = gateway.settings["channels"]["napcatqq"]
    assert found["eventsUrl"] == "tcp://127.0.0.1:7710"
    assert (await gateway.cli_json("plugins", "inspect", "napcatqq"))["plugin"]["id"] == "napcatqq"
