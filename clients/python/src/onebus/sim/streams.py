"""NapCat's stream actions: files that come and go in chunks.

Uploads follow `action/stream/UploadFileStream.ts`: one answer a call, chunks in
any order, and a call without a chunk to end it.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import js
from .answers import Refused
from .disk import TEMP, Disk

IDLE_SECONDS = 600
"""A stream that gets no new chunk for so long is dropped."""

IN_MEMORY_BYTES = 10 * 1024 * 1024
"""Larger files, and those of unknown size, are gathered on the disk."""

MEMORY_BYTES = 100 * 1024 * 1024
"""What all streams in memory may say they will hold."""

CHUNK_BYTES = 64 * 1024
"""Of a download, unless the request says another size."""


@dataclass
class Upload:
    """A file that is coming in."""

    stream_id: str
    name: str
    total_chunks: int
    claimed_bytes: int
    """What it counts in memory, 0 when it is gathered on the disk."""
    in_memory: bool
    expected_sha256: str
    retention_seconds: float
    touched: float
    chunks: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """The uploads that are under way. `now` gives Unix seconds."""

    def __init__(
        self, disk: Disk, now: Callable[[], float], rng: random.Random
    ) -> None:
        self.limit_bytes = MEMORY_BYTES
        self._disk = disk
        self._now = now
        self._rng = rng
        self._open: dict[str, Upload] = {}

    @property
    def open(self) -> dict[str, Upload]:
        """By stream id; those that were idle for too long are gone."""
        oldest = self._now() - IDLE_SECONDS
        self._open = {k: v for k, v in self._open.items() if v.touched > oldest}
        return self._open

    @property
    def claimed_bytes(self) -> int:
        """What the streams in memory have said they will hold."""
        return sum(upload.claimed_bytes for upload in self.open.values())

    def take(self, params: dict[str, Any]) -> dict[str, Any]:
        """One call; gives the answer's data, raises Refused."""
        stream_id: str = params["stream_id"]
        if params.get("reset"):
            self.open.pop(stream_id, None)
            raise Refused("Stream reset completed")
        if params.get("verify_only"):
            if stream_id not in self.open:
                raise Refused("Stream not found")
            return _status(self.open[stream_id])
        upload = self.open.get(stream_id) or self._begin(stream_id, params)
        if params.get("chunk_data") and "chunk_index" in params:
            return self._chunk(upload, params["chunk_index"], params["chunk_data"])
        if params.get("is_complete") or len(upload.chunks) == upload.total_chunks:
            return self._complete(upload)
        return _status(upload)

    def _begin(self, stream_id: str, params: dict[str, Any]) -> Upload:
        if not params.get("total_chunks"):
            raise Refused("total_chunks required for new stream")
        size = params.get("file_size")
        in_memory = size is not None and size <= IN_MEMORY_BYTES
        claimed = int(size) if in_memory and size is not None else 0
        if claimed and self.claimed_bytes + claimed > self.limit_bytes:
            raise Refused("Memory limit exceeded")
        upload = Upload(
            stream_id=stream_id,
            name=params.get("filename") or f"upload_{self._rng.getrandbits(128):032x}",
            total_chunks=int(params["total_chunks"]),
            claimed_bytes=claimed,
            in_memory=in_memory,
            expected_sha256=params.get("expected_sha256") or "",
            retention_seconds=params["file_retention"] / 1000,
            touched=self._now(),
        )
        self._open[stream_id] = upload
        return upload

    def _chunk(self, upload: Upload, index: Any, encoded: str) -> dict[str, Any]:
        """A chunk that is there already changes nothing."""
        if not 0 <= index < upload.total_chunks:
            raise Refused(f"Invalid chunk index: {js.text(index)}")
        if index in upload.chunks:
            return _status(upload)
        upload.chunks[index] = js.base64_bytes(encoded)
        upload.touched = self._now()
        return _status(upload, "chunk_received")

    def _complete(self, upload: Upload) -> dict[str, Any]:
        """What fails here leaves the stream open."""
        for index in range(upload.total_chunks):
            if index not in upload.chunks:
                where = "memory chunk" if upload.in_memory else "chunk file"
                raise Refused(f"Missing {where} {index}")
        data = b"".join(upload.chunks[index] for index in range(upload.total_chunks))
        sha256 = hashlib.sha256(data).hexdigest()
        if upload.expected_sha256 and upload.expected_sha256 != sha256:
            raise Refused(
                f"SHA256 mismatch. Expected: {upload.expected_sha256}, Got: {sha256}"
            )
        path = posixpath.normpath(f"{TEMP}/{upload.name}")
        self._disk.keep(path, data, upload.retention_seconds)
        del self._open[upload.stream_id]
        told = {"file_path": path, "file_size": len(data)}
        if upload.expected_sha256:
            told["sha256"] = sha256
        return _status(upload, "file_complete", "response") | told


def _status(
    upload: Upload, status: str = "file_created", kind: str = "stream"
) -> dict[str, Any]:
    return {
        "type": kind,
        "stream_id": upload.stream_id,
        "status": status,
        "received_chunks": len(upload.chunks),
        "total_chunks": upload.total_chunks,
    }


def download(
    name: str, data: bytes, chunk_bytes: int, **more: Any
) -> tuple[dict[str, Any], ...]:
    """The frames of a download; `more` goes into the first one."""
    pieces = [data[at : at + chunk_bytes] for at in range(0, len(data), chunk_bytes)]
    info = {
        "type": "stream",
        "data_type": "file_info",
        "file_name": name,
        "file_size": len(data),
        "chunk_size": chunk_bytes,
    }
    end = {
        "type": "response",
        "data_type": "file_complete",
        "total_chunks": len(pieces),
        "total_bytes": len(data),
        "message": "Download completed",
    }
    done = 0
    frames = [info | more]
    for index, piece in enumerate(pieces):
        done += len(piece)
        frames.append(_piece(index, piece, round(done / len(data) * 100)))
    return (*frames, end)


def _piece(index: int, piece: bytes, progress: int) -> dict[str, Any]:
    encoded = base64.b64encode(piece).decode()
    return {
        "type": "stream",
        "data_type": "file_chunk",
        "index": index,
        "data": encoded,
        "size": len(piece),
        "progress": progress,
        "base64_size": len(encoded),
    }
