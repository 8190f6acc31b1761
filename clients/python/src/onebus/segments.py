"""The types of segments.

Generated from schema/segments.json by `python -m generate`: do not edit.

Positional is what a segment is about; everything else goes by name. A peer that
does not know a parameter passes it over. ValueError for what cannot be sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from . import _param as form
from ._param import Param
from .segment import Segment

if TYPE_CHECKING:
    from .message import Message, MessageLike

#: A file: its bytes; a path, whose file is read when it is sent; or as text an
#: address (https://…, file://…, base64://…) or the name of a received file.
Media = str | bytes | PurePath


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Text(Segment):
    """Plain text.

    Never read for CQ codes.

    Reported by all; taken by all.
    """

    TYPE: ClassVar[str] = "text"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("text", form.TEXT, required=True, main=True),
    )

    text: str

    def __init__(
        self,
        text: str,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, text=text)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class At(Segment):
    """A mention of a member, or of all.

    In a private chat NapCat drops it; the bridge sends the name as text instead.

    Reported by all; taken by all.

    :param qq: Whom: a QQ number, or all.
    :param name: The name to show. Taken by go-cqhttp, LLBot.
    """

    TYPE: ClassVar[str] = "at"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param(
            "qq",
            form.WHO,
            required=True,
            main=True,
            values=("all",),
            aliases=("user_id",),
        ),
        Param("name", form.TEXT),
    )

    qq: int | Literal["all"]
    _: KW_ONLY
    name: str | None

    def __init__(
        self,
        qq: int | str,
        *,
        name: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, qq=qq, name=name)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Reply(Segment):
    """The message that this one answers.

    NapCat leaves it out of events if it cannot find the quoted message.

    Reported by all; taken by all.

    :param id: The message_id of the quoted message; may be negative.
    :param seq: Its number in the chat; NapCat prefers it to the id.
    :param qq: Who said it. Taken by go-cqhttp.
    :param time: When, in seconds since 1970. Taken by go-cqhttp.
    :param text: What it said. Taken by go-cqhttp.
    """

    TYPE: ClassVar[str] = "reply"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("id", form.ID, one_of=True, main=True, aliases=("message_id",)),
        Param("seq", form.INTEGER, one_of=True),
        Param("qq", form.ID),
        Param("time", form.INTEGER),
        Param("text", form.TEXT),
    )

    id: int | None
    _: KW_ONLY
    seq: int | None
    qq: int | None
    time: int | None
    text: str | None

    def __init__(
        self,
        id: int | str | None = None,
        *,
        seq: int | None = None,
        qq: int | str | None = None,
        time: int | None = None,
        text: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, id=id, seq=seq, qq=qq, time=time, text=text)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Face(Segment):
    """One of QQ's own emoticons.

    NapCat drops an id that is not in its table.

    Reported by all; taken by all.

    :param id: Its number in QQ's table.
    :param raw_: The element as QQ has it. Received only.
    :param result_id: What a face with a result shows. Taken by NapCat.
    :param chain_count: How many in a row. Taken by NapCat.
    :param type: Sticker: the large one. Taken by go-cqhttp.
    :param large: The large one. Taken by Lagrange.
    """

    TYPE: ClassVar[str] = "face"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("id", form.ID, required=True, main=True),
        Param("raw", form.OBJECT, field="raw_"),
        Param("resultId", form.TEXT, field="result_id"),
        Param("chainCount", form.INTEGER, field="chain_count"),
        Param("type", form.TEXT),
        Param("large", form.BOOLEAN),
        Param("sub_type", form.INTEGER),
    )

    id: int
    _: KW_ONLY
    raw_: Mapping[str, Any] | None
    result_id: str | None
    chain_count: int | None
    type: str | None
    large: bool | None
    sub_type: int | None

    def __init__(
        self,
        id: int | str,
        *,
        raw_: Mapping[str, Any] | None = None,
        result_id: str | None = None,
        chain_count: int | None = None,
        type: str | None = None,
        large: bool | None = None,
        sub_type: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            id=id,
            raw_=raw_,
            result_id=result_id,
            chain_count=chain_count,
            type=type,
            large=large,
            sub_type=sub_type,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Image(Segment):
    """A picture.

    NapCat reports stickers of the shop as pictures, with key, emoji_id and
    emoji_package_id.

    Reported by all; taken by all.

    :param file: To send: bytes, base64://, http(s)://, file://, a path, or the name
        of a received file.
    :param url: Where a received one can be loaded from; as good as file to send.
    :param path: A path on the peer's disk.
    :param name: The file name to show. Taken by NapCat, LLBot.
    :param file_size: Bytes. Received only.
    :param cache: 1: what was loaded from the same address before is good enough.
        Taken by OneBot 11, go-cqhttp.
    :param proxy: 1: load it through the peer's proxy. Taken by OneBot 11, go-
        cqhttp.
    :param timeout: Seconds for loading it. Taken by OneBot 11, go-cqhttp.
    :param type: Flash: gone after a look. Taken by OneBot 11, go-cqhttp, LLBot.
    :param summary: What shows in the list of chats. Taken by NapCat, Lagrange,
        LLBot.
    :param sub_type: 0 a picture, 1 a sticker. Taken by NapCat, go-cqhttp, Lagrange,
        LLBot.
    :param key: Of a sticker of the shop. Received only.
    :param emoji_id: Of a sticker of the shop. Received only.
    :param emoji_package_id: Of a sticker of the shop. Received only.
    :param filename: The file's own name. Received only.
    :param id: The effect of a `show` picture. Taken by go-cqhttp.
    :param c: Threads to load it with. Taken by go-cqhttp.
    """

    TYPE: ClassVar[str] = "image"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("file", form.FILE, one_of=True, main=True),
        Param("url", form.TEXT, one_of=True),
        Param("path", form.TEXT, one_of=True),
        Param("name", form.TEXT),
        Param("file_size", form.INTEGER),
        Param("cache", form.TEXT, values=("0", "1")),
        Param("proxy", form.TEXT, values=("0", "1")),
        Param("timeout", form.INTEGER),
        Param("type", form.TEXT, values=("flash", "show")),
        Param("summary", form.TEXT),
        Param("sub_type", form.INTEGER, aliases=("subType",)),
        Param("key", form.TEXT),
        Param("emoji_id", form.TEXT),
        Param("emoji_package_id", form.INTEGER),
        Param("filename", form.TEXT),
        Param("id", form.INTEGER),
        Param("c", form.INTEGER),
    )

    file: Media | None
    _: KW_ONLY
    url: str | None
    path: str | None
    name: str | None
    file_size: int | None
    cache: Literal["0", "1"] | None
    proxy: Literal["0", "1"] | None
    timeout: int | None
    type: Literal["flash", "show"] | None
    summary: str | None
    sub_type: int | None
    key: str | None
    emoji_id: str | None
    emoji_package_id: int | None
    filename: str | None
    id: int | None
    c: int | None

    def __init__(
        self,
        file: Media | None = None,
        *,
        url: str | None = None,
        path: str | None = None,
        name: str | None = None,
        file_size: int | None = None,
        cache: Literal["0", "1"] | None = None,
        proxy: Literal["0", "1"] | None = None,
        timeout: int | None = None,
        type: Literal["flash", "show"] | None = None,
        summary: str | None = None,
        sub_type: int | None = None,
        key: str | None = None,
        emoji_id: str | None = None,
        emoji_package_id: int | None = None,
        filename: str | None = None,
        id: int | None = None,
        c: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            file=file,
            url=url,
            path=path,
            name=name,
            file_size=file_size,
            cache=cache,
            proxy=proxy,
            timeout=timeout,
            type=type,
            summary=summary,
            sub_type=sub_type,
            key=key,
            emoji_id=emoji_id,
            emoji_package_id=emoji_package_id,
            filename=filename,
            id=id,
            c=c,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Record(Segment):
    """A voice message.

    The address in url gives SILK; get_record converts.

    Reported by all; taken by all.

    :param file: To send: bytes, base64://, http(s)://, file://, a path, or the name
        of a received file.
    :param url: Where a received one can be loaded from; as good as file to send.
    :param path: A path on the peer's disk.
    :param name: The file name to show. Taken by NapCat, LLBot.
    :param file_size: Bytes. Received only.
    :param cache: 1: what was loaded from the same address before is good enough.
        Taken by OneBot 11, go-cqhttp.
    :param proxy: 1: load it through the peer's proxy. Taken by OneBot 11, go-
        cqhttp.
    :param timeout: Seconds for loading it. Taken by OneBot 11, go-cqhttp.
    :param magic: 1: with a changed voice. Taken by OneBot 11, go-cqhttp.
    """

    TYPE: ClassVar[str] = "record"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("file", form.FILE, one_of=True, main=True),
        Param("url", form.TEXT, one_of=True),
        Param("path", form.TEXT, one_of=True),
        Param("name", form.TEXT),
        Param("file_size", form.INTEGER),
        Param("cache", form.TEXT, values=("0", "1")),
        Param("proxy", form.TEXT, values=("0", "1")),
        Param("timeout", form.INTEGER),
        Param("magic", form.TEXT, values=("0", "1")),
    )

    file: Media | None
    _: KW_ONLY
    url: str | None
    path: str | None
    name: str | None
    file_size: int | None
    cache: Literal["0", "1"] | None
    proxy: Literal["0", "1"] | None
    timeout: int | None
    magic: Literal["0", "1"] | None

    def __init__(
        self,
        file: Media | None = None,
        *,
        url: str | None = None,
        path: str | None = None,
        name: str | None = None,
        file_size: int | None = None,
        cache: Literal["0", "1"] | None = None,
        proxy: Literal["0", "1"] | None = None,
        timeout: int | None = None,
        magic: Literal["0", "1"] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            file=file,
            url=url,
            path=path,
            name=name,
            file_size=file_size,
            cache=cache,
            proxy=proxy,
            timeout=timeout,
            magic=magic,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Video(Segment):
    """A video.

    Reported by all; taken by all.

    :param file: To send: bytes, base64://, http(s)://, file://, a path, or the name
        of a received file.
    :param url: Where a received one can be loaded from; as good as file to send.
    :param path: A path on the peer's disk.
    :param name: The file name to show. Taken by NapCat, LLBot.
    :param file_size: Bytes. Received only.
    :param cache: 1: what was loaded from the same address before is good enough.
        Taken by OneBot 11, go-cqhttp.
    :param proxy: 1: load it through the peer's proxy. Taken by OneBot 11, go-
        cqhttp.
    :param timeout: Seconds for loading it. Taken by OneBot 11, go-cqhttp.
    :param thumb: The picture before it plays. Taken by NapCat, LLBot.
    :param cover: The picture before it plays. Taken by go-cqhttp, LLBot.
    :param c: Threads to load it with. Taken by go-cqhttp.
    """

    TYPE: ClassVar[str] = "video"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("file", form.FILE, one_of=True, main=True),
        Param("url", form.TEXT, one_of=True),
        Param("path", form.TEXT, one_of=True),
        Param("name", form.TEXT),
        Param("file_size", form.INTEGER),
        Param("cache", form.TEXT, values=("0", "1")),
        Param("proxy", form.TEXT, values=("0", "1")),
        Param("timeout", form.INTEGER),
        Param("thumb", form.FILE),
        Param("cover", form.FILE),
        Param("c", form.INTEGER),
    )

    file: Media | None
    _: KW_ONLY
    url: str | None
    path: str | None
    name: str | None
    file_size: int | None
    cache: Literal["0", "1"] | None
    proxy: Literal["0", "1"] | None
    timeout: int | None
    thumb: Media | None
    cover: Media | None
    c: int | None

    def __init__(
        self,
        file: Media | None = None,
        *,
        url: str | None = None,
        path: str | None = None,
        name: str | None = None,
        file_size: int | None = None,
        cache: Literal["0", "1"] | None = None,
        proxy: Literal["0", "1"] | None = None,
        timeout: int | None = None,
        thumb: Media | None = None,
        cover: Media | None = None,
        c: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            file=file,
            url=url,
            path=path,
            name=name,
            file_size=file_size,
            cache=cache,
            proxy=proxy,
            timeout=timeout,
            thumb=thumb,
            cover=cover,
            c=c,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class File(Segment):
    """A file.

    To Lagrange and go-cqhttp use upload_group_file or upload_private_file.

    Reported by NapCat, go-cqhttp, Lagrange, LLBot; taken by NapCat, LLBot.

    :param file: To send: bytes, base64://, http(s)://, file://, a path, or the name
        of a received file.
    :param url: Where a received one can be loaded from; as good as file to send.
    :param path: A path on the peer's disk.
    :param name: The file name to show.
    :param file_size: Bytes. Received only.
    :param file_id: Names it in get_file and its like. Received only.
    :param file_name: The name of a received file. Received only.
    :param size: Bytes. Received only.
    """

    TYPE: ClassVar[str] = "file"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("file", form.FILE, one_of=True, main=True),
        Param("url", form.TEXT, one_of=True),
        Param("path", form.TEXT, one_of=True),
        Param("name", form.TEXT),
        Param("file_size", form.INTEGER),
        Param("file_id", form.TEXT),
        Param("file_name", form.TEXT),
        Param("file_hash", form.TEXT),
        Param("size", form.INTEGER),
        Param("busid", form.INTEGER),
    )

    file: Media | None
    _: KW_ONLY
    url: str | None
    path: str | None
    name: str | None
    file_size: int | None
    file_id: str | None
    file_name: str | None
    file_hash: str | None
    size: int | None
    busid: int | None

    def __init__(
        self,
        file: Media | None = None,
        *,
        url: str | None = None,
        path: str | None = None,
        name: str | None = None,
        file_size: int | None = None,
        file_id: str | None = None,
        file_name: str | None = None,
        file_hash: str | None = None,
        size: int | None = None,
        busid: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            file=file,
            url=url,
            path=path,
            name=name,
            file_size=file_size,
            file_id=file_id,
            file_name=file_name,
            file_hash=file_hash,
            size=size,
            busid=busid,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Mface(Segment):
    """A sticker of the shop.

    NapCat reports it as an image.

    Reported by Lagrange, LLBot; taken by NapCat, Lagrange, LLBot.

    :param summary: What shows in the list of chats.
    :param url: Where it can be loaded from. Received only.
    """

    TYPE: ClassVar[str] = "mface"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("emoji_id", form.TEXT, required=True, main=True),
        Param("emoji_package_id", form.INTEGER, required=True, main=True),
        Param("key", form.TEXT, required=True, main=True),
        Param("summary", form.TEXT),
        Param("url", form.TEXT),
    )

    emoji_id: str
    emoji_package_id: int
    key: str
    _: KW_ONLY
    summary: str | None
    url: str | None

    def __init__(
        self,
        emoji_id: str,
        emoji_package_id: int,
        key: str,
        *,
        summary: str | None = None,
        url: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            emoji_id=emoji_id,
            emoji_package_id=emoji_package_id,
            key=key,
            summary=summary,
            url=url,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Dice(Segment):
    """A throw of the dice.

    To NapCat a result leaves as face 358, and another may show.

    Reported by all; taken by all.

    :param result: The eyes; left out: chance. Received only.
    :param value: Go-cqhttp's name for them. Taken by go-cqhttp.
    """

    TYPE: ClassVar[str] = "dice"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("result", form.INTEGER, main=True, values=(1, 2, 3, 4, 5, 6)),
        Param("value", form.INTEGER, values=(1, 2, 3, 4, 5, 6)),
    )

    result: int | None
    _: KW_ONLY
    value: int | None

    def __init__(
        self,
        result: int | None = None,
        *,
        value: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, result=result, value=value)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Rps(Segment):
    """Rock, paper, scissors.

    To NapCat a result leaves as face 359, and another may show.

    Reported by all; taken by all.

    :param result: 1 rock, 2 scissors, 3 paper; left out: chance. Received only.
    :param value: Go-cqhttp's: 0 rock, 1 scissors, 2 paper. Taken by go-cqhttp.
    """

    TYPE: ClassVar[str] = "rps"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("result", form.INTEGER, main=True, values=(1, 2, 3)),
        Param("value", form.INTEGER, values=(0, 1, 2)),
    )

    result: int | None
    _: KW_ONLY
    value: int | None

    def __init__(
        self,
        result: int | None = None,
        *,
        value: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, result=result, value=value)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Poke(Segment):
    """A poke.

    To NapCat it leaves as an action of its own; `type` with `id` is a kind of poke
    and names nobody.

    Reported by OneBot 11, NapCat, Lagrange; taken by OneBot 11, go-cqhttp,
    Lagrange, LLBot.

    :param qq: Whom; in a private chat by default the other end. Taken by go-cqhttp,
        LLBot.
    :param type: The kind of poke. Taken by OneBot 11, Lagrange.
    :param id: The kind within its type; without a type: whom. Taken by OneBot 11,
        Lagrange.
    :param name: What the kind is called. Received only.
    """

    TYPE: ClassVar[str] = "poke"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("qq", form.ID, main=True, aliases=("user_id",)),
        Param("type", form.TEXT),
        Param("id", form.INTEGER),
        Param("name", form.TEXT),
        Param("strength", form.INTEGER),
    )

    qq: int | None
    _: KW_ONLY
    type: str | None
    id: int | None
    name: str | None
    strength: int | None

    def __init__(
        self,
        qq: int | str | None = None,
        *,
        type: str | None = None,
        id: int | None = None,
        name: str | None = None,
        strength: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, qq=qq, type=type, id=id, name=name, strength=strength)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Shake(Segment):
    """A shake of the window.

    NapCat reports it as a poke.

    Reported by OneBot 11, LLBot; taken by OneBot 11, LLBot.
    """

    TYPE: ClassVar[str] = "shake"

    def __init__(
        self,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Markdown(Segment):
    """A text in Markdown.

    NapCat: often not shown.

    Reported by NapCat, Lagrange, LLBot; taken by NapCat, Lagrange, LLBot.
    """

    TYPE: ClassVar[str] = "markdown"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("content", form.TEXT, required=True, main=True),
    )

    content: str

    def __init__(
        self,
        content: str,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, content=content)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Json(Segment):
    """A card, as JSON.

    Reported by all; taken by all.

    :param data: The document, as text or as a map.
    :param config: {"token": …}; NapCat passes it over. Taken by NapCat.
    """

    TYPE: ClassVar[str] = "json"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("data", form.JSON, required=True, main=True),
        Param("resid", form.INTEGER),
        Param("config", form.OBJECT),
    )

    data: str | Mapping[str, Any]
    _: KW_ONLY
    resid: int | None
    config: Mapping[str, Any] | None

    def __init__(
        self,
        data: str | Mapping[str, Any],
        *,
        resid: int | None = None,
        config: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, data=data, resid=resid, config=config)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Miniapp(Segment):
    """The card of a mini program.

    Leaves as json, which is also how mini programs are received.

    Reported by nobody; sent by no peer.

    :param data: The card, as text or as a map.
    """

    TYPE: ClassVar[str] = "miniapp"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("data", form.JSON, required=True, main=True),
    )

    data: str | Mapping[str, Any]

    def __init__(
        self,
        data: str | Mapping[str, Any],
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, data=data)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Location(Segment):
    """A place on the map.

    To NapCat, LLBot and go-cqhttp it leaves as a card; NapCat reports it as json.

    Reported by OneBot 11, Lagrange; taken by OneBot 11, Lagrange.

    :param lat: Degrees north.
    :param lon: Degrees east.
    :param title: What the place is called.
    :param content: Its address.
    """

    TYPE: ClassVar[str] = "location"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param(
            "lat",
            form.NUMBER,
            required=True,
            main=True,
            minimum=-90,
            maximum=90,
            aliases=("latitude",),
        ),
        Param(
            "lon",
            form.NUMBER,
            required=True,
            main=True,
            minimum=-180,
            maximum=180,
            aliases=("longitude",),
        ),
        Param("title", form.TEXT),
        Param("content", form.TEXT),
    )

    lat: float
    lon: float
    _: KW_ONLY
    title: str | None
    content: str | None

    def __init__(
        self,
        lat: float,
        lon: float,
        *,
        title: str | None = None,
        content: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, lat=lat, lon=lon, title=title, content=content)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Xml(Segment):
    """A card, as XML.

    NapCat, LLBot and SnowLuma do not send it.

    Reported by OneBot 11, go-cqhttp, Lagrange; taken by OneBot 11, go-cqhttp,
    Lagrange.

    :param data: The document.
    """

    TYPE: ClassVar[str] = "xml"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("data", form.TEXT, required=True, main=True),
        Param("resid", form.INTEGER),
        Param("service_id", form.INTEGER),
    )

    data: str
    _: KW_ONLY
    resid: int | None
    service_id: int | None

    def __init__(
        self,
        data: str,
        *,
        resid: int | None = None,
        service_id: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, data=data, resid=resid, service_id=service_id)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Share(Segment):
    """A link with a title.

    To NapCat, LLBot and Lagrange it leaves as text; NapCat reports it as json.

    Reported by OneBot 11; taken by OneBot 11, go-cqhttp.

    :param content: A description.
    :param image: The address of a picture.
    """

    TYPE: ClassVar[str] = "share"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("url", form.TEXT, required=True, main=True),
        Param("title", form.TEXT, required=True, main=True),
        Param("content", form.TEXT),
        Param("image", form.TEXT),
    )

    url: str
    title: str
    _: KW_ONLY
    content: str | None
    image: str | None

    def __init__(
        self,
        url: str,
        title: str,
        *,
        content: str | None = None,
        image: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, url=url, title=title, content=content, image=image)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Contact(Segment):
    """The card of a person or a group.

    NapCat reports it as json.

    Reported by OneBot 11; taken by OneBot 11, NapCat, LLBot.

    :param id: The number of the person or the group.
    """

    TYPE: ClassVar[str] = "contact"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("type", form.TEXT, required=True, main=True, values=("qq", "group")),
        Param("id", form.ID, required=True, main=True),
    )

    type: Literal["qq", "group"]
    id: int

    def __init__(
        self,
        type: Literal["qq", "group"],
        id: int | str,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, type=type, id=id)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Music(Segment):
    """A song.

    NapCat has it signed by a web service first, and reports it as json.

    Reported by nobody; taken by all.

    :param type: Whose song; custom: one's own.
    :param id: The song's id there.
    :param url: Where a click leads.
    :param audio: The address of the sound.
    :param content: A description; NapCat shows it as the singer.
    :param image: The address of a picture; NapCat requires it for custom.
    """

    TYPE: ClassVar[str] = "music"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param(
            "type",
            form.TEXT,
            required=True,
            main=True,
            values=("qq", "163", "xm", "kugou", "migu", "kuwo", "custom"),
        ),
        Param(
            "id",
            form.TEXT,
            main=True,
            required_if=MappingProxyType({"type": ("qq", "163", "xm", "kugou", "migu", "kuwo")}),
        ),
        Param("url", form.TEXT, required_if=MappingProxyType({"type": ("custom",)})),
        Param("audio", form.TEXT, required_if=MappingProxyType({"type": ("custom",)})),
        Param("title", form.TEXT, required_if=MappingProxyType({"type": ("custom",)})),
        Param("content", form.TEXT),
        Param("image", form.TEXT),
        Param("subtype", form.TEXT),
    )

    type: Literal["qq", "163", "xm", "kugou", "migu", "kuwo", "custom"]
    id: str | None
    _: KW_ONLY
    url: str | None
    audio: str | None
    title: str | None
    content: str | None
    image: str | None
    subtype: str | None

    def __init__(
        self,
        type: Literal["qq", "163", "xm", "kugou", "migu", "kuwo", "custom"],
        id: str | None = None,
        *,
        url: str | None = None,
        audio: str | None = None,
        title: str | None = None,
        content: str | None = None,
        image: str | None = None,
        subtype: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            type=type,
            id=id,
            url=url,
            audio=audio,
            title=title,
            content=content,
            image=image,
            subtype=subtype,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Forward(Segment):
    """A forwarded conversation.

    Reported by all; taken by NapCat, go-cqhttp, LLBot.

    :param id: The resource id; in NapCat's events the 64-bit id of the message.
    :param content: The messages in it, as events. Received only.
    """

    TYPE: ClassVar[str] = "forward"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("id", form.TEXT, required=True, main=True),
        Param("content", form.ARRAY),
    )

    id: str
    _: KW_ONLY
    content: Sequence[Any] | None

    def __init__(
        self,
        id: str,
        *,
        content: Sequence[Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, id=id, content=content)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Node(Segment):
    """One message of a forwarded conversation.

    Never in an event; a message with nodes holds nothing but nodes, and nodes in
    nodes go 3 levels deep.

    Reported by OneBot 11; taken by all.

    :param content: What they say.
    :param id: An existing message, by its message_id.
    :param user_id: Who says it.
    :param nickname: What they are called.
    :param source: The title of a conversation within. Taken by NapCat, LLBot.
    :param news: The lines of its preview: [{"text": …}]. Taken by NapCat, LLBot.
    :param summary: The line below the preview. Taken by NapCat, LLBot.
    :param prompt: What shows in the list of chats. Taken by NapCat, LLBot.
    :param time: When, in seconds since 1970. Taken by NapCat, go-cqhttp, LLBot.
    """

    TYPE: ClassVar[str] = "node"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("content", form.MESSAGE, one_of=True, main=True),
        Param("id", form.ID, one_of=True),
        Param("user_id", form.ID, aliases=("uin",)),
        Param("nickname", form.TEXT, aliases=("name",)),
        Param("source", form.TEXT),
        Param("news", form.ARRAY),
        Param("summary", form.TEXT),
        Param("prompt", form.TEXT),
        Param("time", form.INTEGER),
        Param("seq", form.INTEGER),
    )

    content: Message | None
    _: KW_ONLY
    id: int | None
    user_id: int | None
    nickname: str | None
    source: str | None
    news: Sequence[Any] | None
    summary: str | None
    prompt: str | None
    time: int | None
    seq: int | None

    def __init__(
        self,
        content: MessageLike | None = None,
        *,
        id: int | str | None = None,
        user_id: int | str | None = None,
        nickname: str | None = None,
        source: str | None = None,
        news: Sequence[Any] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        time: int | None = None,
        seq: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            content=content,
            id=id,
            user_id=user_id,
            nickname=nickname,
            source=source,
            news=news,
            summary=summary,
            prompt=prompt,
            time=time,
            seq=seq,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Keyboard(Segment):
    """Buttons below a message.

    NapCat and go-cqhttp do not send it.

    Reported by Lagrange, LLBot; taken by Lagrange, LLBot.

    :param content: Lagrange's form: {"rows": […]}. Taken by Lagrange.
    :param rows: LLBot's form. Taken by LLBot.
    """

    TYPE: ClassVar[str] = "keyboard"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("content", form.OBJECT, main=True),
        Param("rows", form.ARRAY),
    )

    content: Mapping[str, Any] | None
    _: KW_ONLY
    rows: Sequence[Any] | None

    def __init__(
        self,
        content: Mapping[str, Any] | None = None,
        *,
        rows: Sequence[Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, content=content, rows=rows)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Longmsg(Segment):
    """A long message, by its id.

    Reported by Lagrange; taken by Lagrange.
    """

    TYPE: ClassVar[str] = "longmsg"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("id", form.TEXT, required=True, main=True),
    )

    id: str

    def __init__(
        self,
        id: str,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, id=id)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Anonymous(Segment):
    """Speak without a name.

    QQ has withdrawn it.

    Reported by nobody; taken by OneBot 11.

    :param ignore: 1: send it though that cannot be done.
    """

    TYPE: ClassVar[str] = "anonymous"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("ignore", form.TEXT, values=("0", "1")),
    )

    _: KW_ONLY
    ignore: Literal["0", "1"] | None

    def __init__(
        self,
        *,
        ignore: Literal["0", "1"] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, ignore=ignore)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Tts(Segment):
    """A text that is read out.

    Reported by nobody; taken by go-cqhttp.
    """

    TYPE: ClassVar[str] = "tts"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("text", form.TEXT, required=True, main=True),
    )

    text: str

    def __init__(
        self,
        text: str,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, text=text)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Cardimage(Segment):
    """A picture as a card.

    Reported by nobody; taken by go-cqhttp.

    :param file: As in an image.
    :param minwidth: Pixels.
    :param minheight: Pixels.
    :param maxwidth: Pixels.
    :param maxheight: Pixels.
    :param source: The name of where it is from.
    :param icon: The address of the source's icon.
    """

    TYPE: ClassVar[str] = "cardimage"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("file", form.FILE, required=True, main=True),
        Param("minwidth", form.INTEGER),
        Param("minheight", form.INTEGER),
        Param("maxwidth", form.INTEGER),
        Param("maxheight", form.INTEGER),
        Param("source", form.TEXT),
        Param("icon", form.TEXT),
    )

    file: Media
    _: KW_ONLY
    minwidth: int | None
    minheight: int | None
    maxwidth: int | None
    maxheight: int | None
    source: str | None
    icon: str | None

    def __init__(
        self,
        file: Media,
        *,
        minwidth: int | None = None,
        minheight: int | None = None,
        maxwidth: int | None = None,
        maxheight: int | None = None,
        source: str | None = None,
        icon: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            file=file,
            minwidth=minwidth,
            minheight=minheight,
            maxwidth=maxwidth,
            maxheight=maxheight,
            source=source,
            icon=icon,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Gift(Segment):
    """A gift.

    Reported by nobody; taken by go-cqhttp.

    :param qq: For whom.
    :param id: Which gift.
    """

    TYPE: ClassVar[str] = "gift"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("qq", form.ID, main=True),
        Param("id", form.INTEGER, main=True),
    )

    qq: int | None
    id: int | None

    def __init__(
        self,
        qq: int | str | None = None,
        id: int | None = None,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, qq=qq, id=id)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Redbag(Segment):
    """A red packet.

    Reported by go-cqhttp; sent by no peer.
    """

    TYPE: ClassVar[str] = "redbag"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("title", form.TEXT, main=True),
    )

    title: str | None

    def __init__(
        self,
        title: str | None = None,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, title=title)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Onlinefile(Segment):
    """A file offered from disk to disk.

    To send one use send_online_file.

    Reported by NapCat; sent by no peer.

    :param msg_id: 64 bits, as text.
    :param element_id: 64 bits, as text.
    :param file_size: Bytes.
    """

    TYPE: ClassVar[str] = "onlinefile"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("msgId", form.TEXT, field="msg_id"),
        Param("elementId", form.TEXT, field="element_id"),
        Param("fileName", form.TEXT, field="file_name"),
        Param("fileSize", form.INTEGER, field="file_size"),
        Param("isDir", form.BOOLEAN, field="is_dir"),
    )

    _: KW_ONLY
    msg_id: str | None
    element_id: str | None
    file_name: str | None
    file_size: int | None
    is_dir: bool | None

    def __init__(
        self,
        *,
        msg_id: str | None = None,
        element_id: str | None = None,
        file_name: str | None = None,
        file_size: int | None = None,
        is_dir: bool | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(
            extra,
            msg_id=msg_id,
            element_id=element_id,
            file_name=file_name,
            file_size=file_size,
            is_dir=is_dir,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Flashtransfer(Segment):
    """A set of files, as NapCat tells of it.

    To send one use send_flash_msg.

    Reported by NapCat; sent by no peer.
    """

    TYPE: ClassVar[str] = "flashtransfer"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("fileSetId", form.TEXT, field="file_set_id"),
    )

    _: KW_ONLY
    file_set_id: str | None

    def __init__(
        self,
        *,
        file_set_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, file_set_id=file_set_id)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class FlashFile(Segment):
    """A set of files, as LLBot tells of it.

    To send one use send_flash_msg.

    Reported by LLBot; sent by no peer.
    """

    TYPE: ClassVar[str] = "flash_file"
    PARAMS: ClassVar[tuple[Param, ...]] = (
        Param("title", form.TEXT),
        Param("file_set_id", form.TEXT),
        Param("scene_type", form.INTEGER),
    )

    _: KW_ONLY
    title: str | None
    file_set_id: str | None
    scene_type: int | None

    def __init__(
        self,
        *,
        title: str | None = None,
        file_set_id: str | None = None,
        scene_type: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._fill(extra, title=title, file_set_id=file_set_id, scene_type=scene_type)


#: By their names on the wire, aliases included.
TYPES: Mapping[str, type[Segment]] = MappingProxyType(
    {
        "text": Text,
        "at": At,
        "mention": At,
        "reply": Reply,
        "face": Face,
        "image": Image,
        "record": Record,
        "voice": Record,
        "video": Video,
        "file": File,
        "mface": Mface,
        "dice": Dice,
        "rps": Rps,
        "poke": Poke,
        "shake": Shake,
        "markdown": Markdown,
        "json": Json,
        "miniapp": Miniapp,
        "location": Location,
        "xml": Xml,
        "share": Share,
        "contact": Contact,
        "music": Music,
        "forward": Forward,
        "node": Node,
        "keyboard": Keyboard,
        "longmsg": Longmsg,
        "anonymous": Anonymous,
        "tts": Tts,
        "cardimage": Cardimage,
        "gift": Gift,
        "redbag": Redbag,
        "onlinefile": Onlinefile,
        "flashtransfer": Flashtransfer,
        "flash_file": FlashFile,
    }
)
