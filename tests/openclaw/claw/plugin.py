"""The plugin as it is shipped: packed by npm, unpacked again, and beside it what it
depends on, and nothing else of what it was built with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from claw.node import KEPT, PLUGIN, fresh, node_folder

#: Where a gateway loads it from.
PACKED: Final = KEPT / "plugin" / "package"
TARBALL: Final = KEPT / "openclaw-napcatqq.tgz"


def pack() -> None:
    """Build and pack it, and unpack that at `PACKED`.

    npm's own `install` of a packed file asks a registry, so what it would install
    is copied from where it was installed for building.
    """
    folder = fresh(PACKED.parent)
    found = subprocess.run(
        ["npm", "pack", "--json", "--pack-destination", str(folder)],
        cwd=PLUGIN,
        env=os.environ | {"PATH": f"{node_folder()}:{os.environ['PATH']}"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, f"npm pack: {found.stdout}{found.stderr}"
    (packed,) = folder.glob("*.tgz")
    packed.replace(TARBALL)
    shutil.unpack_archive(TARBALL, folder)
    for name in needed():
        source = PLUGIN / "node_modules" / name
        shutil.copytree(source, PACKED / "node_modules" / name)


def needed() -> list[str]:
    """What npm would install with it, by name."""
    names: list[str] = []
    waiting = [PLUGIN / "package.json"]
    while waiting:
        for name in json.loads(waiting.pop().read_text()).get("dependencies", {}):
            if name not in names:
                names.append(name)
                waiting.append(PLUGIN / "node_modules" / name / "package.json")
    return names


def is_packed() -> bool:
    """Whether `pack` has been through, in this run or one before."""
    return (PACKED / "package.json").exists()


def files() -> set[str]:
    """What is in the package, its dependencies aside."""
    with tarfile.open(TARBALL) as tar:
        return {str(Path(name).relative_to("package")) for name in tar.getnames()}
