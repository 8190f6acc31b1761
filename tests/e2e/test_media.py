"""Files on their way to QQ and from it: whole, in parts, by address, by path."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from onebus.sim import BreakBefore, Damaged, Late, Lost

from harness.scene import GROUP, Scene, StartScene
from harness.wait import until

MIB = 1 << 20


def image(file: object, **data: object) -> list[dict[str, object]]:
    return [{"type": "image", "data": {"file": file, **data}}]


def media_of(s: Scene) -> list[object]:
    """The files in the last message: their bytes, or where they are."""
    return [c.source if c.data is None else c.data for c in s.sent[-1].media]


def chunks_of(s: Scene) -> list[dict[str, object]]:
    """The parameters of each upload_file_stream so far."""
    return [r.params for r in s.peer.requests if r.action == "upload_file_stream"]


@asynccontextmanager
async def web_server(answer: bytes) -> AsyncIterator[int]:
    """Answers every request with these bytes; gives its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


# -- to the peer ------------------------------------------------------------------


async def test_small_bytes_leave_in_the_message(scene: StartScene) -> None:
    s = await scene()
    data = os.urandom(1000)
    reply = await s.say(image(data))
    assert reply["status"] == "ok", reply
    assert media_of(s) == [data]
    assert chunks_of(s) == []


async def test_large_bytes_are_uploaded_first_with_their_sum(scene: StartScene) -> None:
    s = await scene()
    data = os.urandom(3 * MIB + 17)
    reply = await s.say([{"type": "text", "data": {"text": "see"}}, *image(data)])
    assert reply["status"] == "ok", reply
    assert media_of(s) == [data]
    chunks = chunks_of(s)
    assert len(chunks) > 10
    assert chunks[0]["expected_sha256"] == hashlib.sha256(data).hexdigest()
    assert chunks[0]["file_size"] == len(data)
    assert chunks[-1].get("is_complete") is True


async def test_base64_is_bytes_too(scene: StartScene) -> None:
    s = await scene()
    small, large = os.urandom(10), os.urandom(2 * MIB)
    for data in (small, large):
        text = "base64://" + base64.b64encode(data).decode()
        reply = await s.call(
            "upload_group_file",
            params={"group_id": GROUP, "file": text, "name": "a.bin"},
        )
        assert reply["status"] == "ok", reply
    assert len(chunks_of(s)) > 4


async def test_two_large_files_in_one_message(scene: StartScene) -> None:
    s = await scene()
    one, other = os.urandom(2 * MIB), os.urandom(MIB + 1)
    reply = await s.say([*image(one), *image(other)])
    assert reply["status"] == "ok", reply
    assert media_of(s) == [one, other]


async def test_fifty_mib_arrive(scene: StartScene) -> None:
    s = await scene()
    data = os.urandom(MIB) * 50
    reply = await s.call(
        "send_group_msg",
        params={"group_id": GROUP, "message": image(data)},
    )
    assert reply["status"] == "ok", reply
    assert media_of(s) == [data]


async def test_above_the_limit_is_refused_with_its_name(scene: StartScene) -> None:
    s = await scene(channel={"mediaMaxMb": 1})
    reply = await s.say(image(b"x" * (MIB + 1)))
    assert reply["error"] == "too_large"
    assert "mediaMaxMb" in reply["message"]
    assert s.sent == []


async def test_a_peer_without_uploads_gets_it_whole(scene: StartScene) -> None:
    s = await scene(streams=False)
    data = os.urandom(2 * MIB)
    reply = await s.say(image(data))
    assert reply["status"] == "ok", reply
    assert media_of(s) == [data]
    assert reply["warnings"] != []


async def test_a_peer_that_turns_out_to_know_no_uploads(scene: StartScene) -> None:
    s = await scene(streams=False, app_version="4.18.19")
    data = os.urandom(2 * MIB)
    for _ in range(2):
        reply = await s.say(image(data))
        assert reply["status"] == "ok", reply
        assert media_of(s) == [data]
    assert len(chunks_of(s)) == 1  # it was not asked again


async def test_an_upload_goes_on_over_a_broken_link(scene: StartScene) -> None:
    s = await scene()
    data = os.urandom(3 * MIB)
    s.peer.fault("upload_file_stream", Late(0), times=3)
    s.peer.fault("upload_file_stream", BreakBefore(), times=1)
    reply = await s.say(image(data), timeout=60000)
    assert reply["status"] == "ok", reply
    assert media_of(s) == [data]


async def test_a_file_that_arrives_damaged_is_not_sent(scene: StartScene) -> None:
    s = await scene(("upload_file_stream", Damaged(), 1))
    reply = await s.say(image(os.urandom(2 * MIB)))
    assert reply["status"] == "failed"
    assert "SHA256" in reply["message"]
    assert s.sent == []


async def test_a_peer_that_swallows_chunks_is_given_up(scene: StartScene) -> None:
    s = await scene(("upload_file_stream", Lost()))
    reply = await s.say(image(os.urandom(2 * MIB)), timeout=1000)
    assert reply["error"] == "timeout", reply
    assert s.sent == []
    assert (await s.call("get_login_info"))["status"] == "ok"


async def test_others_are_served_while_a_file_is_uploaded(scene: StartScene) -> None:
    s = await scene(("upload_file_stream", Late(0.02)))
    upload = asyncio.create_task(s.say(image(os.urandom(4 * MIB))))
    await until(lambda: len(chunks_of(s)) > 1, "chunks")
    assert (await s.say("hello", group_id=GROUP + 1))["status"] != "unknown"
    assert (await s.call("get_login_info"))["status"] == "ok"
    assert not upload.done()
    assert (await upload)["status"] == "ok"


async def test_a_message_behind_an_upload_keeps_its_place(scene: StartScene) -> None:
    s = await scene(("upload_file_stream", Late(0.01)))
    upload = asyncio.create_task(s.say(image(os.urandom(2 * MIB))))
    await until(lambda: len(chunks_of(s)) > 1, "chunks")
    assert (await s.say("behind"))["status"] == "ok"
    assert upload.done()
    assert [bool(sent.media) for sent in s.sent] == [True, False]


# -- paths and addresses -----------------------------------------------------------


async def test_a_path_nobody_maps_is_denied_and_told_how(scene: StartScene) -> None:
    s = await scene()
    s.world.files["/app/config/onebot11.json"] = b"{}"
    for path in ("file:///app/config/onebot11.json", "/app/config/onebot11.json"):
        reply = await s.call(
            "upload_group_file",
            params={"group_id": GROUP, "file": path, "name": "x"},
        )
        assert reply["error"] == "denied", reply
        assert "bridge.media.paths" in reply["message"]
    assert "upload_group_file" not in [r.action for r in s.peer.requests]


async def test_a_mapped_path_reaches_the_peer_under_its_own_name(
    scene: StartScene,
) -> None:
    s = await scene(bridge={"media": {"paths": [{"from": "/data", "to": "/app/d"}]}})
    s.world.files["/app/d/a.png"] = b"png"
    reply = await s.say(image("file:///data/a.png"))
    assert reply["status"] == "ok", reply
    assert media_of(s) == [b"png"]
    reply = await s.say(image("file:///data/../etc/passwd"))
    assert reply["error"] == "denied"


async def test_the_peer_loads_addresses_unless_told_otherwise(
    scene: StartScene,
) -> None:
    s = await scene()
    reply = await s.say(image("https://example.invalid/a.png"))
    assert reply["status"] == "ok", reply
    assert media_of(s) == ["https://example.invalid/a.png"]


async def test_the_bridge_loads_where_it_is_allowed_to(scene: StartScene) -> None:
    body = os.urandom(2 * MIB)
    s = await scene(
        bridge={"media": {"fetch": "bridge", "fetchPrivate": ["127.0.0.1"]}}
    )
    async with web_server(ok(body)) as port:
        reply = await s.say(image(f"http://127.0.0.1:{port}/a.png"))
    assert reply["status"] == "ok", reply
    assert media_of(s) == [body]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254"])
async def test_private_addresses_are_denied(scene: StartScene, host: str) -> None:
    s = await scene(bridge={"media": {"fetch": "bridge"}})
    async with web_server(ok(b"secret")) as port:
        reply = await s.say(image(f"http://{host}:{port}/a.png"))
    assert reply["error"] in ("denied", "bad_params"), reply
    assert host == "[::1]" or reply["error"] == "denied", reply
    assert s.sent == []


async def test_a_redirection_to_a_private_address_is_denied(scene: StartScene) -> None:
    s = await scene(
        bridge={"media": {"fetch": "bridge", "fetchPrivate": ["127.0.0.1"]}}
    )
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:9/\r\n\r\n"
    async with web_server(answer) as port:
        reply = await s.say(image(f"http://127.0.0.1:{port}/a.png"))
    assert reply["error"] == "denied", reply


async def test_what_cannot_be_loaded_is_told(scene: StartScene) -> None:
    s = await scene(
        bridge={"media": {"fetch": "bridge", "fetchPrivate": ["127.0.0.1"]}}
    )
    async with web_server(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") as port:
        reply = await s.say(image(f"http://127.0.0.1:{port}/a.png"))
    assert reply["error"] == "bad_params"
    assert "params.message[0].data.file" in reply["message"]
    assert "404" in reply["message"]


# -- from the peer -----------------------------------------------------------------


async def test_a_received_file_is_got_by_its_id(scene: StartScene) -> None:
    s = await scene()
    data = os.urandom(300_000)
    segment = s.world.file_in_message("image", "a.png", data)
    reply = await s.call(
        "bridge.media.get",
        params={"file": segment["data"]["file"], "type": "image"},
    )
    assert reply["status"] == "ok", reply
    assert reply["data"]["data"] == data
    assert reply["data"]["size"] == len(data)


async def test_a_caller_of_json_gets_base64(scene: StartScene) -> None:
    s = await scene()
    segment = s.world.file_in_message("file", "a.txt", b"hello")
    reply = await s.program.call_json(
        "bridge.media.get", params={"file": segment["data"]["file"]}
    )
    assert base64.b64decode(reply["data"]["data"]) == b"hello"


async def test_a_file_nobody_has_is_told(scene: StartScene) -> None:
    s = await scene()
    reply = await s.call("bridge.media.get", params={"file": "nothing"})
    assert reply["status"] == "failed"
    assert reply["message"]
    reply = await s.call("bridge.media.get", params={})
    assert reply["error"] == "bad_params"


async def test_the_answers_of_a_stream_are_one_reply(scene: StartScene) -> None:
    s = await scene()
    data = os.urandom(400_000)
    segment = s.world.file_in_message("file", "a.bin", data)
    reply = await s.call(
        "download_file_stream", params={"file": segment["data"]["file"]}
    )
    assert reply["status"] == "ok", reply
    assert reply["data"]["data"] == data
