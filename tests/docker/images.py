"""The images, built by the compose file from a copy of the sources.

No registry is asked: debian:bookworm-slim is made here, with what this machine
needs to reach its packages, and the Dockerfiles know nothing of that. In the place
of NATS' own image there is one with Debian's server.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from engine import ROOT, Engine, run

BASE = "debian:bookworm-slim"
BRIDGE, PYTHON = "onebus:tests", "onebus-python:tests"
NATS = "nats:onebus-tests"
CHECKOUT = ROOT / "build" / "docker" / "checkout"
COMPOSE = CHECKOUT / "deploy" / "docker"
HERE = Path(__file__).parent

REVISION = "0123456789abcdef0123456789abcdef01234567"
SOURCE = "https://example.org/onebus"

#: pip's settings and the authorities that this machine trusts besides.
LOCAL = ("/etc/pip.conf", "/usr/local/share/ca-certificates")
#: As in the image that this one stands for: dpkg need not wait for the disk, for a
#: layer whose build is cut short is thrown away.
SPEEDUP = "etc/dpkg/dpkg.cfg.d/docker-apt-speedup"


def lay_out() -> None:
    """A copy of what git knows, so that nothing is found that others lack, and
    what is made beside the compose files is nobody's."""
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
                  ":!tests/fixtures", ":!tests/fuzz"])  # fmt: skip
    shutil.rmtree(CHECKOUT, ignore_errors=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (CHECKOUT / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, CHECKOUT / name)


def compose(
    *arguments: str, openclaw: bool = False, nats: bool = False, sim: bool = True,
    tests: bool = True,
) -> list[str]:
    """A command of docker-compose, with the files that are meant."""
    kind = ".nats" if nats else ""
    files = [COMPOSE / f"compose{kind}.yaml"]
    files += [COMPOSE / "compose.openclaw.yaml"] * openclaw
    files += [COMPOSE / f"compose{kind}.sim.yaml"] * sim
    files += [HERE / f"compose{kind}.tests.yaml"] * tests
    given = [part for file in files for part in ("-f", str(file))]
    return ["docker-compose", *given, *arguments]


def environment(engine: Engine, project: str = "onebustests") -> dict[str, str]:
    """What the compose files are told."""
    return engine.environment | {
        "COMPOSE_PROJECT_NAME": project,
        "ONEBUS_TAG": "tests",
        "NATS_TAG": NATS.partition(":")[2],
        "ONEBUS_REVISION": REVISION,
        "ONEBUS_SOURCE": SOURCE,
        "ONEBUS_TESTS": str(HERE),
        "ONEBUS_SHARE": str(engine.folder / "share"),
    }


def make_base(engine: Engine) -> None:
    """Unless the store has the image of this tarball."""
    tarball = Path(run(["tests/system/root.sh", "bookworm"]).strip())
    made_of = f"{tarball.name} {tarball.stat().st_mtime_ns}"
    label = f"--filter=label=onebus.tests={made_of}"
    if engine.docker("images", "--quiet", label, BASE):
        return
    engine.docker("import", str(tarball), f"{BASE}-bare")
    dockerfile = f'FROM {BASE}-bare\nCOPY local /\nLABEL onebus.tests="{made_of}"\n'
    engine.docker("build", "-t", BASE, "-", input=_context(dockerfile))


def make_nats(engine: Engine) -> None:
    """What the compose file needs of it: the server, and wget."""
    dockerfile = f"""FROM {BASE}
RUN apt-get update \\
    && apt-get install -y --no-install-recommends nats-server wget
"""
    engine.docker("build", "--network=host", "-t", NATS, "-", input=_context(dockerfile))


def _context(dockerfile: str) -> bytes:
    """A tarball with the Dockerfile and what is this machine's own."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as context:
        _add_file(context, "Dockerfile", dockerfile)
        context.addfile(_folder("local"))
        _add_file(context, f"local/{SPEEDUP}", "force-unsafe-io\n")
        for name in LOCAL:
            if Path(name).exists():
                context.add(name, f"local{name}")
    return packed.getvalue()


def _add_file(context: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o644
    context.addfile(entry, io.BytesIO(data))


def _folder(name: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, 0o755
    return entry


def build(engine: Engine) -> None:
    """Both images, side by side."""
    builds = {
        service: subprocess.Popen(
            compose("build", service), env=environment(engine),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for service in ("bridge", "bot")
    }  # fmt: skip
    said = {service: build.communicate()[0] for service, build in builds.items()}
    for service, build in builds.items():
        assert build.returncode == 0, said[service].decode(errors="replace")[-5000:]
