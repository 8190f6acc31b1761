"""Files on their way into a call."""

from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath
from typing import Any

import anyio
import pytest

from onebus import FileError, Image, Message, Node, Record, Share, Text, files, wire

BACKENDS = ["asyncio", "trio"]


@pytest.fixture(params=BACKENDS)
def load(request: pytest.FixtureRequest) -> Any:
    """The parameters of a call as they leave."""

    def loaded(action: str, **params: Any) -> dict[str, Any]:
        wired = wire.params(action, params)
        return anyio.run(files.load, action, wired, backend=request.param)

    return loaded


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "图 #1.png"
    path.write_bytes(b"png")
    return path


def data(loaded: dict[str, Any], at: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = loaded["message"][at]["data"]
    return found


def test_a_path_and_its_address_are_read(load: Any, picture: Path) -> None:
    message = Image(picture) + Image(picture.as_uri()) + Record(f"file://{picture}")
    loaded = load("send_group_msg", group_id=1, message=message)
    for at in range(3):
        assert data(loaded, at) == {"file": b"png", "name": "图 #1.png"}
    assert loaded["group_id"] == 1


def test_a_name_that_was_given_stays(load: Any, picture: Path) -> None:
    loaded = load("send_msg", message=Image(picture, name="a.png"))
    assert data(loaded)["name"] == "a.png"
    loaded = load("upload_group_file", file=picture, name="b.png")
    assert loaded == {"file": b"png", "name": "b.png"}
    loaded = load("uploadGroupFile", file=picture, fileName="c.png")
    assert loaded == {"file": b"png", "fileName": "c.png"}


@pytest.mark.parametrize(
    ("action", "parameter", "name"),
    [
        ("upload_group_file", "file", "name"),
        ("uploadPrivateFile", "file", "name"),
        ("send_online_file", "file_path", "file_name"),
        ("add_custom_face", "file", "file_name"),
        ("set_qq_avatar", "file", None),
        ("ocr_image", "image", None),
        ("_send_group_notice", "image", None),
    ],
)
def test_a_file_has_its_name_with_it_where_that_can_be_said(
    load: Any, picture: Path, action: str, parameter: str, name: str | None
) -> None:
    for given in (picture, picture.as_uri()):
        expected: dict[str, Any] = {parameter: b"png"}
        if name is not None:
            expected[name] = "图 #1.png"
        assert load(action, **{parameter: given}) == expected


def test_several_files_are_read(load: Any, picture: Path) -> None:
    images = [picture, picture.as_uri(), "http://x/a.png", b"raw"]
    loaded = load("send_qzone_msg", content="x", images=images)
    assert loaded["images"] == [b"png", b"png", "http://x/a.png", b"raw"]


def test_files_in_nodes_are_read(load: Any, picture: Path) -> None:
    inner = Node("see" + Image(picture), user_id=1, nickname="a")
    loaded = load("send_group_forward_msg", messages=[Node([inner], user_id=1)])
    within = loaded["messages"][0]["data"]["content"][0]["data"]["content"][1]
    assert within["data"] == {"file": b"png", "name": "图 #1.png"}


def test_files_of_a_quick_operation_are_read(load: Any, picture: Path) -> None:
    loaded = load(
        ".handle_quick_operation",
        context={"message": "file:///as/it/came"},
        operation={"reply": ["[CQ:at,qq=all]", Image(picture)], "delete": True},
    )
    assert loaded["context"] == {"message": "file:///as/it/came"}
    assert loaded["operation"]["delete"] is True
    text, image = loaded["operation"]["reply"]
    assert text == {"type": "text", "data": {"text": "[CQ:at,qq=all]"}}
    assert image["data"]["file"] == b"png"


@pytest.mark.parametrize(
    "given", ["/a.png", "a.png", "http://x/a", "base64://YQ==", "data:;base64,YQ==", b"a"]
)
def test_everything_else_is_left_to_the_bridge(load: Any, given: str | bytes) -> None:
    assert data(load("send_msg", message=Image(given))) == {"file": given}
    assert load("set_qq_avatar", file=given) == {"file": given}


def test_an_address_where_no_file_is_wanted_is_a_text(load: Any, picture: Path) -> None:
    address = picture.as_uri()
    loaded = load("send_msg", message=Text(address) + Share(address, "title"))
    assert data(loaded) == {"text": address}
    assert data(loaded, 1)["url"] == address
    assert load("get_file", file=address) == {"file": address}
    assert load("send_online_folder", folder_path=address) == {"folder_path": address}
    assert load("unknown_action", file=address) == {"file": address}
    assert load("unknown_action", file=picture) == {"file": b"png"}


def test_what_was_received_is_never_read(load: Any, picture: Path) -> None:
    address = picture.as_uri()
    wire_form = {"type": "image", "data": {"file": address, "url": address}}
    received = Message.from_wire([wire_form]).first(Image)
    assert received is not None
    given: list[Any] = [
        received,
        Image(received.file or ""),
        Message.from_cq(f"[CQ:image,file={address}]"),
        [wire_form],
        Node(Message(received), user_id=1),
    ]
    for message in given:
        loaded = load("send_msg", message=message)
        assert b"png" not in loaded["message"][0]["data"].values()
        assert address in str(loaded)
    assert load("set_qq_avatar", file=received.file) == {"file": address}


def test_a_file_that_is_none_is_told_with_its_place(load: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    wrong: list[tuple[Any, str]] = [
        (tmp_path / "none.png", "No such file or directory"),
        (tmp_path, "is a directory"),
        (tmp_path / "pipe", "is no regular file"),
        (Path("/dev/zero"), "is no regular file"),
        (tmp_path / "loop", "symbolic link"),
        (tmp_path / ("x" * 300), "name too long"),
        ("file:///a%00b", "null"),
        ("file://elsewhere/a", "on another machine"),
    ]
    for given, why in wrong:
        with pytest.raises(FileError) as caught:
            load("send_msg", message="see" + Image(given))
        assert str(caught.value).startswith("params.message[1].data.file: ")
        assert why in str(caught.value)
    with pytest.raises(FileError, match=r"^params\.images\[1\]: "):
        load("send_qzone_msg", images=[b"", tmp_path])


def test_a_file_that_may_not_be_read_is_told(
    load: Any, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _mode: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    # Root may read everything, so that taking the right away would not do.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileError, match="Permission denied"):
        load("set_qq_avatar", file=picture)


def test_files_have_a_bound_together(
    load: Any, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BYTES_MAX", 6)
    loaded = load("send_msg", message=Image(picture) + Image(picture))
    assert data(loaded, 1)["file"] == b"png"
    with pytest.raises(FileError, match=r"message\[2\].*the files of one call may have"):
        load("send_msg", message=[Image(picture), Image(picture), Image(picture)])


def test_any_path_like_is_a_path(load: Any, picture: Path) -> None:
    assert load("set_qq_avatar", file=PurePosixPath(picture)) == {"file": b"png"}


def test_a_name_that_is_no_utf_8_can_be_sent(load: Any, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.png")
    path.write_bytes(b"png")
    for given in (path, path.as_uri()):
        assert load("upload_group_file", file=given)["name"] == "a�.png"
