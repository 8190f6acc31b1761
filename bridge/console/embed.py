#!/usr/bin/env python3
"""Turn the console's files into the C table that the bridge is built with.

    embed.py asset_table.c FILE…

index.html is `/`, any other file its name. Each has an ETag of its bytes, so
that a browser that has it need not load it again, and one that has another
does.
"""

import hashlib
import sys
from pathlib import Path

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}

TABLE = """\
/* Made by embed.py: edit the files it is made from. */
#include "console/asset_table.h"

%(arrays)s
const struct asset ASSETS[] = {
%(rows)s};

const size_t ASSET_COUNT = sizeof(ASSETS) / sizeof(ASSETS[0]);
"""

ROW = """\
    {.path = "%(path)s",
     .type = "%(type)s",
     .etag = "\\"%(etag)s\\"",
     .bytes = {(const char *)BYTES_%(number)d, sizeof(BYTES_%(number)d)}},
"""


def array_of(number: int, data: bytes) -> str:
    lines = (data[i : i + 20] for i in range(0, len(data), 20))
    body = "\n".join("    " + "".join(f"{byte}," for byte in line) for line in lines)
    return f"static const unsigned char BYTES_{number}[] = {{\n{body}\n}};\n"


def row_of(number: int, file: Path, data: bytes) -> str:
    return ROW % {
        "path": "/" if file.name == "index.html" else f"/{file.name}",
        "type": TYPES[file.suffix],
        "etag": hashlib.sha256(data).hexdigest()[:16],
        "number": number,
    }


def main(out: str, *names: str) -> None:
    files = [(Path(name), Path(name).read_bytes()) for name in names]
    arrays = [array_of(number, data) for number, (_, data) in enumerate(files)]
    rows = [row_of(number, file, data) for number, (file, data) in enumerate(files)]
    text = TABLE % {"arrays": "\n".join(arrays), "rows": "".join(rows)}
    Path(out).write_text(text, encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
