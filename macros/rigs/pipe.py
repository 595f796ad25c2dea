"""The conversation with a rig: lines to its stdin, lines from its stdout. Knows no Docker API.

Only the form of the stream is Docker's: frames of eight bytes of head and then what was
written, as its API documents for an attached container without a terminal.
"""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from typing import Any

from ..errors import RigBroken

STDOUT = 1
"""Of a frame's head; 2 is stderr."""
LONGEST_ANSWER = 8 << 20
"""Bytes that a rig may answer with."""


class Pipe:
    """Both ends of a rig's conversation: lines to its stdin, lines from its stdout."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.socket: socket.socket = getattr(stream, "_sock", stream)
        self.pending = bytearray()
        self.stderr = b""

    def ask(self, line: bytes, timeout: float, longest: int = LONGEST_ANSWER) -> bytes:
        """Send one line, give the line of at most `longest` bytes that answers it.

        Raises `RigBroken`, with the last the rig said on stderr, where none comes
        within `timeout` seconds, it does not end, or the rig is gone.
        """
        deadline = time.monotonic() + timeout
        try:
            self.socket.settimeout(timeout)
            self.socket.sendall(line + b"\n")
            while (end := self.pending.find(b"\n")) < 0:
                if len(self.pending) > longest:
                    raise ValueError("its answer does not end")
                stream, size = struct.unpack(">BxxxL", self.receive(8, deadline))
                data = self.receive(size, deadline)
                if stream == STDOUT:
                    self.pending += data
                else:
                    self.stderr = (self.stderr + data)[-2000:]
        except (OSError, EOFError, ValueError) as error:
            stderr = self.stderr.decode(errors="replace").strip()
            silent = f"it does not answer within {timeout:g} s"
            why = {TimeoutError: silent, ValueError: str(error)}.get(type(error), "it is gone")
            raise RigBroken(f"the rig broke: {why}{': ' + stderr if stderr else ''}") from error
        answer = bytes(self.pending[:end])
        del self.pending[: end + 1]
        return answer

    def receive(self, size: int, deadline: float) -> bytes:
        """So many bytes of the stream, which is multiplexed as Docker's API documents it.

        The SDK's own reader waits without a limit before each read, so a timeout of the
        socket never counts there (docker-py issue 2651). Raises `EOFError` at the end,
        `TimeoutError` after the deadline.
        """
        read = bytearray()
        while len(read) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)
            chunk = self.socket.recv(min(size - len(read), 1 << 20))
            if not chunk:
                raise EOFError
            read += chunk
        return bytes(read)

    def hang_up(self) -> None:
        """End the conversation, from any thread; the rig then ends by itself."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.hang_up()
        self.stream.close()
        self.socket.close()
