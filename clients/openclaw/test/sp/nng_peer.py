"""A socket of the real NNG that listens, told what to do by lines of JSON.

    nng_peer.py pub|rep URL [--pem FILE] [--token TOKEN]

It prints a line for each thing that happens: `listening`, `up` and `down` for its
connections, `request N TEXT` for each of N bytes (TEXT is how it begins).
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from typing import Any

import pynng

WORKERS = 8
QUEUE = 1024


def say(line: str) -> None:
    # In one piece, for there are several threads.
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def listen(socket: pynng.Socket, url: str, token: str | None) -> None:
    if token is not None:
        socket.add_pre_pipe_connect_cb(lambda pipe: check(pipe, token))
    socket.add_post_pipe_connect_cb(lambda _: say("up"))
    socket.add_post_pipe_remove_cb(lambda _: say("down"))
    socket.listen(url)
    say("listening")


def check(pipe: pynng.Pipe, token: str) -> None:
    """As a server has to: the headers are there to be read when the upgrade is through."""
    headers = pynng.ffi.new("char **")
    pynng.lib.nng_pipe_get_string(pipe.pipe, b"ws:request-headers", headers)
    if f"authorization: Bearer {token}\r\n".encode() not in pynng.ffi.string(headers[0]):
        pipe.close()


def commands() -> Any:
    for line in sys.stdin:
        yield json.loads(line)


def publish(url: str, token: str | None, options: dict[str, Any]) -> None:
    with pynng.Pub0(send_buffer_size=QUEUE, **options) as socket:
        listen(socket, url, token)
        for command in commands():
            padding = b"." * command.get("size", 0)
            for number in range(command.get("count", 1)):
                socket.send(f"{command['topic']}{number}".encode() + padding)
            say("published")


def reply(url: str, token: str | None, options: dict[str, Any]) -> None:
    """Answer with what was asked; what begins with `hold` waits for `release`.
    `mark` is printed: everything that was before it has been printed then.
    """
    released = threading.Event()

    def work(context: pynng.Context) -> None:
        while True:
            body = context.recv()
            say(f"request {len(body)} {body[:40].decode(errors='replace')}")
            if body.startswith(b"hold"):
                released.wait()
            context.send(body)

    with pynng.Rep0(**options) as socket:
        listen(socket, url, token)
        for _ in range(WORKERS):
            threading.Thread(target=work, args=(socket.new_context(),), daemon=True).start()
        for command in commands():
            if command.get("release"):
                released.set()
            if "mark" in command:
                say(f"mark {command['mark']}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["pub", "rep"])
    parser.add_argument("url")
    parser.add_argument("--pem")
    parser.add_argument("--token")
    args = parser.parse_args()
    options: dict[str, Any] = {}
    if args.pem:
        options["tls_config"] = pynng.TLSConfig(
            pynng.TLSConfig.MODE_SERVER, cert_key_file=args.pem
        )
    run = publish if args.kind == "pub" else reply
    run(args.url, args.token, options)


main()
