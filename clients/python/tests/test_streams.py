"""Files that come and go in chunks, and those that are asked for."""

from __future__ import annotations

import base64
import hashlib
import random
from typing import Any

import pytest
from conftest import Bridge

from onebus.sim import ActionFailed, Simulator, Stream, World, actions
from onebus.sim.disk import TEMP

BOT, GROUP, FRIEND = 10001, 500, 7
MIB = 1024 * 1024


class Clock:
    """Turned by hand."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    made = World(BOT, "bot", now=clock, rng=random.Random(1))
    made.add_group(GROUP, "group")
    made.add_friend(FRIEND, "Friend")
    return made


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def do(world: World, name: str, /, **params: Any) -> Any:
    return actions.perform(world, name, params)


def failure(world: World, name: str, /, **params: Any) -> tuple[int, str]:
    with pytest.raises(ActionFailed) as caught:
        do(world, name, **params)
    return caught.value.retcode, caught.value.wording


def upload(world: World, **params: Any) -> Any:
    return do(world, "upload_file_stream", stream_id="s", **params)


def chunk(world: World, index: int, data: bytes, **more: Any) -> Any:
    return upload(world, chunk_index=index, chunk_data=encoded(data), **more)


def upload_failure(world: World, **params: Any) -> tuple[int, str]:
    return failure(world, "upload_file_stream", **{"stream_id": "s", **params})


# -- uploads ------------------------------------------------------------------


def test_chunks_in_any_order_make_a_file(world: World) -> None:
    data = b"hello world"
    about = {
        "total_chunks": 3,
        "file_size": len(data),
        "filename": "a.txt",
        "expected_sha256": hashlib.sha256(data).hexdigest(),
    }
    assert upload(world, **about)["status"] == "file_created"
    for index, piece in ((2, b"ld"), (0, b"hello"), (1, b" wor")):
        given = chunk(world, index, piece)
        assert (given["type"], given["status"]) == ("stream", "chunk_received")
    assert given["received_chunks"] == 3
    done = upload(world, is_complete=True)
    assert done == {
        "type": "response",
        "stream_id": "s",
        "status": "file_complete",
        "received_chunks": 3,
        "total_chunks": 3,
        "file_path": f"{TEMP}/a.txt",
        "file_size": len(data),
        "sha256": about["expected_sha256"],
    }
    assert world.files[done["file_path"]] == data
    assert world.uploads.open == {}


def test_the_last_chunk_does_not_complete_it(world: World) -> None:
    assert chunk(world, 0, b"x", total_chunks=1)["type"] == "stream"
    # Nor is `is_complete` heeded beside a chunk.
    assert chunk(world, 0, b"x", is_complete=True)["status"] == "file_created"
    done = upload(world)
    assert (done["status"], "sha256" in done) == ("file_complete", False)


def test_what_is_missing_is_told_and_may_still_come(world: World) -> None:
    chunk(world, 1, b"b", total_chunks=2, file_size=2)
    assert upload_failure(world, is_complete=True) == (1200, "Missing memory chunk 0")
    assert upload(world, verify_only=True)["received_chunks"] == 1
    chunk(world, 0, b"a")
    assert upload(world, is_complete=True)["file_size"] == 2


def test_a_file_of_unknown_size_is_gathered_on_the_disk(world: World) -> None:
    chunk(world, 1, b"b", total_chunks=2)
    assert upload_failure(world, is_complete=True) == (1200, "Missing chunk file 0")


def test_a_wrong_sum_leaves_the_stream_open(world: World) -> None:
    chunk(world, 0, b"x", total_chunks=1, expected_sha256="00", filename="a")
    code, wording = upload_failure(world, is_complete=True)
    assert (code, wording.startswith("SHA256 mismatch. Expected: 00, Got: ")) == (
        1200,
        True,
    )
    assert (list(world.uploads.open), world.files) == (["s"], {})


@pytest.mark.parametrize(
    ("params", "wording"),
    [
        ({"is_complete": True}, "total_chunks required for new stream"),
        ({"verify_only": True}, "Stream not found"),
        ({"reset": True}, "Stream reset completed"),
        ({"total_chunks": 1, "chunk_index": 1, "chunk_data": "eA=="},
         "Invalid chunk index: 1"),
        ({"total_chunks": 1, "chunk_index": -1, "chunk_data": "eA=="},
         "Invalid chunk index: -1"),
    ],
)  # fmt: skip
def test_calls_that_fail(world: World, params: dict[str, Any], wording: str) -> None:
    assert upload_failure(world, **params) == (1200, wording)


def test_a_reset_begins_anew(world: World) -> None:
    chunk(world, 0, b"old", total_chunks=2)
    assert upload_failure(world, reset=True) == (1200, "Stream reset completed")
    assert chunk(world, 0, b"new", total_chunks=1)["received_chunks"] == 1
    assert upload(world)["file_size"] == 3


def test_a_chunk_again_changes_nothing(world: World) -> None:
    chunk(world, 0, b"first", total_chunks=1)
    assert chunk(world, 0, b"second")["status"] == "file_created"
    assert world.files[upload(world)["file_path"]] == b"first"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../a", "/app/.config/QQ/NapCat/a"),
        ("a/../b", f"{TEMP}/b"),
        ("/c", f"{TEMP}/c"),
    ],
)
def test_a_name_may_lead_elsewhere(world: World, name: str, path: str) -> None:
    chunk(world, 0, b"x", total_chunks=1, filename=name)
    assert upload(world)["file_path"] == path


@pytest.mark.parametrize(
    ("name", "wording"),
    [("no/such/a", "ENOENT: no such file"), ("文" * 86, "ENAMETOOLONG: name too long")],
)
def test_a_name_the_disk_does_not_take(world: World, name: str, wording: str) -> None:
    chunk(world, 0, b"x", total_chunks=1, filename=name)
    code, text = upload_failure(world)
    assert (code, text.startswith(wording)) == (1200, True)
    assert "s" in world.uploads.open


def test_an_idle_stream_is_dropped(world: World, clock: Clock) -> None:
    chunk(world, 0, b"a", total_chunks=2)
    clock.seconds += 599
    chunk(world, 1, b"b")
    clock.seconds += 599
    assert upload(world, verify_only=True)["received_chunks"] == 2
    clock.seconds += 1
    assert upload_failure(world, verify_only=True) == (1200, "Stream not found")


def test_what_streams_hold_in_memory_is_limited(world: World) -> None:
    def begin(stream_id: str, size: int) -> Any:
        params = {"stream_id": stream_id, "file_size": size, "total_chunks": 1}
        return do(world, "upload_file_stream", **params)

    for number in range(10):
        begin(str(number), 10 * MIB)
    assert world.uploads.claimed_bytes == world.uploads.limit_bytes
    more = {"stream_id": "more", "file_size": 1, "total_chunks": 1}
    assert failure(world, "upload_file_stream", **more) == (
        1200,
        "Memory limit exceeded",
    )
    begin("on the disk", 10 * MIB + 1)
    failure(world, "upload_file_stream", stream_id="0", reset=True)
    begin("more", 1)


def test_a_file_is_kept_as_long_as_asked(world: World, clock: Clock) -> None:
    chunk(world, 0, b"a", total_chunks=1, filename="a", file_retention=2000)
    path = upload(world)["file_path"]
    clock.seconds += 1.9
    assert path in world.files
    clock.seconds += 0.1
    assert path not in world.files


def test_what_was_uploaded_can_be_sent(world: World) -> None:
    chunk(world, 0, b"bytes", total_chunks=1, filename="a.png")
    path = upload(world)["file_path"]
    image = {"type": "image", "data": {"file": path}}
    do(world, "send_group_msg", group_id=GROUP, message=[image])
    do(world, "upload_group_file", group_id=GROUP, file=path, name="b.png")
    do(world, "upload_private_file", user_id=FRIEND, file=path, name="c.png")
    assert [sent.media[0].data for sent in world.sent] == [b"bytes"] * 3
    assert [sent.media[0].name for sent in world.sent] == ["a.png", "b.png", "c.png"]
    assert do(world, "clean_stream_temp_file") is actions.ABSENT
    code, _ = failure(world, "upload_group_file", group_id=GROUP, file=path, name="b")
    assert (code, world.files) == (1200, {})


# -- downloads ----------------------------------------------------------------


def stream(world: World, name: str, /, **params: Any) -> Stream:
    row = do(world, name, **params)
    assert isinstance(row, Stream)
    return row


def test_a_file_comes_in_chunks(world: World) -> None:
    world.file_in_message("file", "a.txt", b"hello")
    info, *chunks, end = stream(
        world, "download_file_stream", file="a.txt", chunk_size=2
    ).packets
    assert info == {
        "type": "stream",
        "data_type": "file_info",
        "file_name": "a.txt",
        "file_size": 5,
        "chunk_size": 2,
    }
    assert b"".join(base64.b64decode(c["data"]) for c in chunks) == b"hello"
    shown = [(c["index"], c["size"], c["progress"], c["base64_size"]) for c in chunks]
    assert shown == [(0, 2, 40, 4), (1, 2, 80, 4), (2, 1, 100, 4)]
    assert end == {
        "type": "response",
        "data_type": "file_complete",
        "total_chunks": 3,
        "total_bytes": 5,
        "message": "Download completed",
    }


@pytest.mark.parametrize(
    ("name", "params", "more"),
    [
        ("download_file_image_stream", {}, {"width", "height"}),
        ("download_file_record_stream", {"out_format": "mp3"}, {"out_format"}),
        ("download_file_record_stream", {}, set()),
        ("download_file_stream", {}, set()),
    ],
)
def test_the_first_frame_tells_more_of_media(
    world: World, name: str, params: dict[str, Any], more: set[str]
) -> None:
    segment = world.file_in_message("file", "a", b"")
    info, end = stream(
        world, name, file_id=segment["data"]["file_id"], **params
    ).packets
    assert set(info) - {
        "type",
        "data_type",
        "file_name",
        "file_size",
        "chunk_size",
    } == more
    assert (info["chunk_size"], end["total_chunks"]) == (65536, 0)


def test_downloads_that_fail(world: World) -> None:
    row = stream(world, "download_file_stream", file="nothing")
    assert (row.packets, row.error) == ((), "Download failed: file not found")
    world.file_in_message("record", "a.amr", b"x")
    row = stream(world, "download_file_record_stream", file="a.amr", out_format="x")
    assert row.error == "Download failed: 转换失败 out_format 字段可能格式不正确"


async def test_frames_of_streams_on_the_wire(bridge: Bridge, sim: Simulator) -> None:
    sim.world.file_in_message("file", "a.txt", b"hello")
    await bridge.ask("download_file_stream", echo="s", file="a.txt")
    rows = [await bridge.answer("s") for _ in range(3)]
    assert [row["data"]["data_type"] for row in rows] == [
        "file_info",
        "file_chunk",
        "file_complete",
    ]
    given = await bridge.call("upload_file_stream", stream_id="u", total_chunks=1)
    assert {row["stream"] for row in (*rows, given)} == {"stream-action"}
    for params in ({"stream_id": "u", "reset": True}, {}):
        failed = await bridge.call("upload_file_stream", **params)
        assert failed["data"] == {"type": "error", "data_type": "error"}
        assert failed["stream"] == "stream-action"


async def test_an_older_napcat_knows_no_streams(bridge: Bridge) -> None:
    async with Simulator(bridge.url, streams=False) as sim:
        await sim.connected()
        for name in ("upload_file_stream", "download_file_stream"):
            answer = await bridge.call(name, name, stream_id="s", total_chunks=1)
            assert (answer["retcode"], answer["data"], answer["stream"]) == (
                1404,
                None,
                "normal-action",
            )
        version = (await bridge.call("get_version_info", "v"))["data"]
        assert version["app_version"] == "4.8.0"
        sim.unknown.add("get_status")
        assert (await bridge.call("get_status"))["wording"] == "不支持的Api get_status"


# -- files that are asked for -------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "keys"),
    [
        ({"path", "url"}, {"file", "url"}),
        ({"path", "url", "base64"}, {"file", "url", "base64"}),
        ({"url"}, {"url"}),
        ({"base64"}, {"base64"}),
    ],
)
def test_files_are_given_in_the_forms_that_are_set(
    world: World, forms: Any, keys: set[str]
) -> None:
    world.file_forms = frozenset(forms)
    world.file_in_message("image", "a.png", b"hello")
    given = do(world, "get_image", file="a.png")
    assert set(given) - {"file_size", "file_name"} == keys
    assert (given["file_size"], given["file_name"]) == ("5", "a.png")
    if "base64" in keys:
        assert base64.b64decode(given["base64"]) == b"hello"
    if "file" in keys:
        assert world.files[given["file"]] == b"hello"


def test_a_file_without_a_url_gives_its_path_for_one(world: World) -> None:
    segment = world.file_in_message("file", "a.txt", b"x")
    given = do(world, "get_file", file_id=segment["data"]["file_id"])
    assert given["url"] == given["file"]
    assert failure(world, "get_file", file="other") == (1200, "file not found")


def test_a_file_in_a_message_has_an_id_that_can_be_sent_on(world: World) -> None:
    theirs = {"type": "image", "data": {"file": "theirs.png"}}
    world.say_in_group(GROUP, 3, [theirs])
    do(world, "send_group_msg", group_id=GROUP, message=[theirs])
    assert world.sent[0].media[0].name == "theirs.png"
    assert do(world, "get_image", file="theirs.png")["file_size"] == "0"


def test_a_record_is_converted_and_always_comes_along(world: World) -> None:
    world.file_in_message("record", "a.amr", b"voice")
    given = do(world, "get_record", file="a.amr", out_format="mp3")
    assert given["file"].endswith("a.amr.mp3")
    assert base64.b64decode(given["base64"]) == b"voice"
    assert failure(world, "get_record", file="a.amr", out_format="exe")[0] == 1200
    assert failure(world, "get_record", file="a.amr")[0] == 1400


@pytest.mark.parametrize("action", ["upload_group_file", "upload_private_file"])
@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("base64://eA==", b"x"),
        ("data:text/plain;base64,eA==", b"x"),
        ("/here", b"disk"),
        ("file:///here", b"disk"),
        ("https://somewhere/a.txt", None),
    ],
)
def test_files_are_uploaded_in_every_form(
    world: World, action: str, file: str, data: bytes | None
) -> None:
    world.files["/here"] = b"disk"
    to = {"group_id": GROUP, "user_id": FRIEND}
    assert do(world, action, file=file, name="n", **to)["file_id"]
    (content,) = world.sent[0].media
    assert (content.data, content.name, content.source) == (data, "n", file)


@pytest.mark.parametrize("action", ["upload_group_file", "upload_private_file"])
@pytest.mark.parametrize(
    ("file", "wording"),
    [
        ("/not/here", "识别URL失败, uri= /not/here"),
        ("file:///not/here", "ENOENT"),
        ("", "识别URL失败"),
        ("base64://", "文件异常，大小为0"),
        # It is there, but its name is read as that of a url.
        ("/srv/50%", "识别URL失败, uri= file:///srv/50%"),
        ("/srv/a%20b", "ENOENT: no such file or directory, open '/srv/a b'"),
    ],
)
def test_files_that_are_not_there(
    world: World, action: str, file: str, wording: str
) -> None:
    world.files.update({"/srv/50%": b"x", "/srv/a%20b": b"x"})
    code, text = failure(
        world, action, file=file, name="n", group_id=GROUP, user_id=FRIEND
    )
    assert (code, wording in text, world.sent) == (1200, True, [])


def test_the_file_area_of_a_group(world: World) -> None:
    file = world.upload(GROUP, 3, "a.txt", 5, b"hello")
    about = {"group_id": GROUP, "file_id": file.file_id}
    assert do(world, "get_group_file_url", **about)["url"].startswith("https://")
    assert do(world, "get_private_file_url", file_id=file.file_id)["url"]
    assert do(world, "get_file", file_id=file.file_id)["file_name"] == "a.txt"
    empty = do(world, "get_group_files_by_folder", group_id=GROUP, folder_id="/x")
    assert empty == {"files": [], "folders": []}
    assert do(world, "delete_group_file", **about)["result"] == 0
    assert failure(world, "delete_group_file", **about)[0] == 1200


def test_a_file_is_downloaded_to_the_disk(world: World) -> None:
    world.disk.urls["https://x/a.txt"] = b"page"
    path = do(world, "download_file", url="https://x/a.txt")["file"]
    assert (path, world.files[path]) == (f"{TEMP}/a.txt", b"page")
    path = do(world, "download_file", base64="eA==", name="b")["file"]
    assert (path, world.files[path]) == (f"{TEMP}/b", b"x")
    assert failure(world, "download_file")[0] == 1200
