"""The manual page."""

import asyncio
import re
from pathlib import Path

from harness.build import WAIT
from harness.cli import onebus


async def mandoc(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *("mandoc", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), WAIT)
    assert (process.returncode, err.decode()) == (0, "")
    return re.sub(".\b", "", out.decode())  # bold and underlined by overstriking


async def manual(folder: Path) -> Path:
    result = await onebus("help", "--man")
    assert (result.status, result.err) == (0, "")
    file = folder / "onebus.1"
    file.write_text(result.out)
    return file


async def test_mandoc_has_nothing_to_say(folder: Path) -> None:
    assert await mandoc("-T", "lint", str(await manual(folder))) == ""


async def test_every_command_and_option_is_in_it(folder: Path) -> None:
    text = await mandoc("-T", "utf8", str(await manual(folder)))
    overview = (await onebus("help")).out
    for line in overview.splitlines():
        if line[:2] != "  ":
            continue
        command = line.split()[0]
        assert f"\n   onebus {command} " in text
        for row in (await onebus("help", command)).out.splitlines():
            if row[:4] == "  --":
                assert f"\n       {row.split()[0]}" in text
    assert "\n       78 " in text
    assert "onebus listen --json 'qq.*.*.message.*' | jq .envelope.text" in text
