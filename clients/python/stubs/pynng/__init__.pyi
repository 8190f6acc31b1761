"""What the package uses of pynng, which comes without types."""

from collections.abc import Callable, Sequence
from types import TracebackType

from typing_extensions import Self

class NNGException(Exception):
    errno: int

class TryAgain(NNGException): ...
class Timeout(NNGException): ...
class Closed(NNGException): ...
class ConnectionReset(NNGException): ...
class ConnectionRefused(NNGException): ...
class AddressInvalid(NNGException): ...
class InvalidOperation(NNGException): ...
class NotSupported(NNGException): ...
class AddressInUse(NNGException): ...

class TLSConfig:
    MODE_CLIENT: int
    MODE_SERVER: int
    AUTH_MODE_NONE: int
    AUTH_MODE_OPTIONAL: int
    AUTH_MODE_REQUIRED: int
    def __init__(
        self,
        mode: int,
        server_name: str | None = None,
        ca_string: str | None = None,
        own_key_string: str | None = None,
        own_cert_string: str | None = None,
        auth_mode: int | None = None,
        ca_files: str | Sequence[str] | None = None,
        cert_key_file: str | None = None,
        passwd: str | None = None,
    ) -> None: ...

class Pipe: ...

class Context:
    async def arecv(self) -> bytes: ...
    async def asend(self, data: bytes) -> None: ...
    def recv(self) -> bytes: ...
    def send(self, data: bytes) -> None: ...
    def close(self) -> None: ...

class Socket:
    recv_timeout: int
    send_timeout: int
    recv_buffer_size: int
    recv_fd: int
    send_buffer_size: int
    recv_max_size: int
    reconnect_time_min: int
    reconnect_time_max: int
    tls_config: TLSConfig | None
    def __init__(
        self,
        *,
        dial: str | None = None,
        listen: str | None = None,
        recv_timeout: int | None = None,
        send_timeout: int | None = None,
        recv_buffer_size: int | None = None,
        send_buffer_size: int | None = None,
        recv_max_size: int | None = None,
        reconnect_time_min: int | None = None,
        reconnect_time_max: int | None = None,
        tls_config: TLSConfig | None = None,
        block_on_dial: bool | None = None,
    ) -> None: ...
    def dial(self, address: str, *, block: bool | None = None) -> object: ...
    def listen(self, address: str) -> object: ...
    def close(self) -> None: ...
    def recv(self, block: bool = True) -> bytes: ...
    def send(self, data: bytes, block: bool = True) -> None: ...
    async def arecv(self) -> bytes: ...
    async def asend(self, data: bytes) -> None: ...
    def new_context(self) -> Context: ...
    @property
    def pipes(self) -> Sequence[Pipe]: ...
    def add_post_pipe_connect_cb(self, callback: Callable[[Pipe], object]) -> None: ...
    def add_post_pipe_remove_cb(self, callback: Callable[[Pipe], object]) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

class Req0(Socket):
    resend_time: int
    def __init__(
        self,
        *,
        resend_time: int | None = None,
        dial: str | None = None,
        listen: str | None = None,
        recv_timeout: int | None = None,
        send_timeout: int | None = None,
        tls_config: TLSConfig | None = None,
    ) -> None: ...

class Rep0(Socket): ...
class Pub0(Socket): ...

class Sub0(Socket):
    def __init__(
        self,
        *,
        topics: str | bytes | Sequence[str | bytes] | None = None,
        dial: str | None = None,
        listen: str | None = None,
        recv_timeout: int | None = None,
        recv_buffer_size: int | None = None,
        recv_max_size: int | None = None,
        reconnect_time_min: int | None = None,
        reconnect_time_max: int | None = None,
        tls_config: TLSConfig | None = None,
    ) -> None: ...
    def subscribe(self, topic: str | bytes) -> None: ...
    def unsubscribe(self, topic: str | bytes) -> None: ...
