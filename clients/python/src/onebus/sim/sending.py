"""What becomes of a message on its way into QQ (`api/msg.ts`).

A segment is delivered, changed into what QQ makes of it, left out without a
word, or fails the whole request.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from . import faces, js
from .answers import Refused
from .cq import Segment, text_segment
from .dialect import Dialect
from .disk import Content, Stored
from .model import Chat
from .world import MEDIA, World, media_url

LOCATION_TEXT = "测试"
"""What NapCat sends for every place."""


@dataclass
class Delivery:
    """Turns the segments of one message into what `chat` gets to see."""

    world: World
    dialect: Dialect
    chat: Chat
    media: list[Content] = field(default_factory=list)

    def segments(self, asked: list[Any]) -> list[Segment]:
        """What is left of them; raises Refused, also when nothing is."""
        made = [self._segment(segment) for segment in asked]
        kept = [segment for segment in made if segment is not None]
        if not kept:
            raise Refused(self.dialect.sending.empty)
        return kept

    def _segment(self, segment: Any) -> Segment | None:
        kind = segment.get("type") if js.is_object(segment) else None
        try:
            if not self.dialect.sending.keeps(js.text(kind)):
                return None
        except LookupError:
            shown = "undefined" if kind is None else js.text(kind)
            raise Refused(f"未知的消息类型：{shown}") from None
        data = segment.get("data")
        return self._made(segment["type"], data if js.is_object(data) else {})

    def _made(self, kind: str, data: dict[str, Any]) -> Segment | None:
        if kind in MEDIA:
            return self._media(kind, data)
        make = self._MAKERS.get(kind)
        return make(self, data) if make else {"type": kind, "data": data}

    # -- by type ---------------------------------------------------------------

    def _text(self, data: dict[str, Any]) -> Segment | None:
        text = js.text(data.get("text") or "")
        return text_segment(text) if text else None

    def _at(self, data: dict[str, Any]) -> Segment | None:
        qq = data.get("qq")
        if self.chat.kind == "private" or not js.truthy(qq):
            return None
        return {"type": "at", "data": {"qq": js.text(qq)}}

    def _reply(self, data: dict[str, Any]) -> Segment | None:
        """`seq` wins over `id`; what cannot be found is not quoted."""
        world = self.world
        if js.truthy(data.get("seq")):
            seq = js.text(data["seq"])
            said = next(
                (m for m in world.history(self.chat) if str(m.real_seq) == seq), None
            )
        else:
            wanted = js.text(data.get("id", ""))
            said = world.message(int(wanted)) if wanted.isdigit() else None
        if said is None:
            return None
        return {"type": "reply", "data": {"id": str(said.message_id)}}

    def _face(self, data: dict[str, Any]) -> Segment | None:
        """NapCat takes a result for the faces that are dice and hands."""
        face_id = js.text(data.get("id", ""))
        if face_id not in faces.KNOWN:
            return None
        if face_id in (faces.DICE, faces.RPS):
            result = data.get("resultId")
            return self.world.throw(face_id, js.text(result) if result else None)
        return {"type": "face", "data": {"id": face_id}}

    def _dice(self, data: dict[str, Any]) -> Segment:
        return self.world.throw(faces.DICE, self._result(data))

    def _rps(self, data: dict[str, Any]) -> Segment:
        return self.world.throw(faces.RPS, self._result(data))

    def _result(self, data: dict[str, Any]) -> str | None:
        given = data.get("result", data.get("value"))
        if given is None or not self.dialect.sending.takes_result:
            return None
        return js.text(given)

    def _json(self, data: dict[str, Any]) -> Segment:
        """Nothing beside `data` counts; an object is written as text."""
        given = data.get("data", "")
        text = js.dumps(given) if isinstance(given, (dict, list)) else js.text(given)
        return {"type": "json", "data": {"data": text}}

    def _contact(self, data: dict[str, Any]) -> Segment | None:
        """A card, which is received as json."""
        kind = data.get("type", "qq")
        if kind not in ("qq", "group"):
            return None
        card = {"app": "com.tencent.contact.lua", "id": js.text(data.get("id", ""))}
        return {"type": "json", "data": {"data": js.dumps(card)}}

    def _music(self, data: dict[str, Any]) -> Segment | None:
        """A signing service makes a card of it; what it would refuse is left
        out."""
        platforms = ("qq", "163", "kugou", "kuwo", "migu")
        kind = data.get("type")
        custom = "id" not in data and data.get("url") and data.get("image")
        if kind not in platforms and not (kind == "custom" and custom):
            return None
        card = {"app": "com.tencent.music.lua", "meta": data}
        return {"type": "json", "data": {"data": js.dumps(card)}}

    def _mface(self, data: dict[str, Any]) -> Segment:
        """Received as an image."""
        name = f"{js.text(data.get('emoji_id', ''))}.gif"
        shown = {
            "summary": js.text(data.get("summary") or "[商城表情]"),
            "file": name,
            "url": media_url(name),
            "key": js.text(data.get("key", "")),
            "emoji_id": js.text(data.get("emoji_id", "")),
            "emoji_package_id": data.get("emoji_package_id"),
        }
        return {"type": "image", "data": shown}

    def _location(self, data: dict[str, Any]) -> Segment:
        if self.dialect.name != "napcat":
            return {"type": "location", "data": data}
        return text_segment(LOCATION_TEXT)

    # -- media -----------------------------------------------------------------

    def _media(self, kind: str, data: dict[str, Any]) -> Segment:
        """QQ stores media under names of its own and gives an address."""
        content = self._content(data)
        self.media.append(content)
        name = js.text(data.get("name") or "") or content.name
        if not name:
            checksum = binascii.crc32(content.source.encode("utf-8", "replace"))
            name = f"{checksum:08X}.{kind}"
        body: dict[str, Any] = {"file": name, "url": media_url(name)}
        body["file_size"] = str(content.size)
        if kind == "image":
            head = {"summary": js.text(data.get("summary") or ""), "file": name}
            body = head | {"sub_type": data.get("sub_type", 0)} | body
        if kind == "file":
            del body["url"]
            body["file_id"] = f"/{binascii.crc32(name.encode('utf-8', 'replace')):032x}"
        if content.data is not None:
            self._store(body, content.data)
        return {"type": kind, "data": body}

    def _store(self, body: dict[str, Any], data: bytes) -> None:
        """The bot's own files can be asked for as those of others."""
        file_id = body.get("file_id", body["file"])
        stored = Stored(file_id, body["file"], data, body.get("url", ""))
        self.world.disk.store(stored)

    def _content(self, data: dict[str, Any]) -> Content:
        given = (data.get(key) for key in ("url", "file", "path"))
        texts = (js.text(value) for value in given if js.truthy(value))
        source = next((text for text in texts if text.strip()), "")
        if not source:
            raise Refused("文件消息缺少参数")
        try:
            return self.world.disk.read_of_message(source)
        except Refused as error:
            told = str(error)
            known = told.startswith("识别URL失败")
            raise Refused(f"文件处理失败: {told}" if known else told) from None

    _MAKERS: ClassVar[dict[str, Callable[[Any, dict[str, Any]], Segment | None]]] = {
        "text": _text,
        "at": _at,
        "reply": _reply,
        "face": _face,
        "dice": _dice,
        "rps": _rps,
        "json": _json,
        "contact": _contact,
        "music": _music,
        "mface": _mface,
        "location": _location,
    }
