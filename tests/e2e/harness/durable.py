"""A consumer by the Python client, with a cursor that NATS keeps: it notes each event
in a file, which is all that it has left when it starts again, and only then asks for
the next one:

    python -m harness.durable --url URL … --stream S --prefix P --notes FILE

What NATS had not been told of comes again; the notes tell which events those are.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import traceback
from pathlib import Path

import onebus
from onebus.raw import RawEvent

from harness.gapless import Notes

#: The cursor, and the durable consumer that it is.
NAME = "proof"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", action="append", required=True)
    parser.add_argument("--stream", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--notes", type=Path, required=True)
    return parser.parse_args()


async def consume(own: argparse.Namespace) -> None:
    notes = Notes(own.notes)
    last = notes.last()
    bus = onebus.connect(own.url, stream=own.stream, subject_prefix=own.prefix)
    async with bus:
        async for event in bus.events(cursor=NAME, since=0).raw():
            assert isinstance(event, RawEvent), event
            if event.seq > last:
                notes.add([(event.seq, event.data)])
                last = event.seq


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    try:
        asyncio.run(consume(_arguments()))
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()
