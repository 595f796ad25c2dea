"""A rig's answer has a deadline, an end and a form; whatever else comes breaks that rig alone."""

from __future__ import annotations

import base64
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from macros.errors import RigBroken
from macros.rigs.outer_engine import OuterEngine, find
from macros.rigs.pipe import Pipe
from macros.rigs.rig import Rig


@contextmanager
def conversation(*frames: tuple[int, bytes]) -> Iterator[Pipe]:
    """A pipe on whose other end these frames (stream, bytes) have been written."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for stream, data in frames:
            theirs.sendall(struct.pack(">BxxxL", stream, len(data)) + data)
        yield Pipe(ours)


def test_an_answer_may_come_in_pieces_between_what_is_said_on_stderr() -> None:
    with conversation((1, b"one"), (2, b"aside\n"), (1, b" two\nthree\n")) as pipe:
        assert pipe.ask(b"{}", 5) == b"one two"
        assert pipe.ask(b"{}", 5) == b"three"


def test_a_rig_that_says_nothing_is_given_up_after_its_time() -> None:
    with conversation() as pipe:
        start = time.monotonic()
        with pytest.raises(RigBroken, match=r"does not answer within 0\.5 s"):
            pipe.ask(b"{}", 0.5)
        assert time.monotonic() - start < 60  # before, it never came back


def test_a_rig_that_goes_on_talking_is_given_up_too() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def talk() -> None:
            try:
                while True:
                    theirs.sendall(struct.pack(">BxxxL", 2, 1) + b".")
                    time.sleep(0.01)
            except OSError:
                pass  # the test is over

        threading.Thread(target=talk, daemon=True).start()
        with pytest.raises(RigBroken, match="does not answer"):
            Pipe(ours).ask(b"{}", 0.5)


def test_an_answer_without_end_is_refused() -> None:
    with (
        conversation(*[(1, b"x" * 1000)] * 20) as pipe,
        pytest.raises(RigBroken, match="does not end"),
    ):
        pipe.ask(b"{}", 5, longest=10_000)


def test_a_rig_that_is_gone_is_told_with_its_last_words() -> None:
    with conversation((2, b"out of memory\n")) as pipe:
        pipe.hang_up()
        with pytest.raises(RigBroken, match="it is gone"):
            pipe.ask(b"{}", 5)


FORGED = {
    "no JSON": b"xx",
    "no mapping": b"[1]",
    "nothing in it": b"{}",
    "an output that is no base64": b'{"output": "*", "exit": 0, "ended": "exit"}',
    "an end that there is not": b'{"output": "", "exit": 0, "ended": "never"}',
    "an exit that is no number": b'{"output": "", "exit": [], "ended": "exit"}',
    "nested without end": b"[" * 100_000,
}


@pytest.mark.parametrize("answer", FORGED.values(), ids=FORGED)
def test_an_answer_that_makes_no_sense_breaks_the_rig_and_nothing_else(answer: bytes) -> None:
    with conversation((1, answer + b"\n")) as pipe, pytest.raises(RigBroken, match="no sense"):
        Rig(pipe).run("step", "h1", "true", 1)


def test_an_answer_of_the_right_form_is_taken() -> None:
    output = base64.b64encode(b"hi\n").decode()
    answer = json.dumps({"output": output, "exit": 0, "ended": "exit"}).encode()
    with conversation((1, answer + b"\n")) as pipe:
        assert Rig(pipe).run("step", "h1", "echo hi", 1).output == "hi\n"


class Door(BaseHTTPRequestHandler):
    """An engine's API as far as it is asked here: it serves versions from `oldest` to `newest`."""

    oldest, newest = (1, 44), (1, 52)

    def do_GET(self) -> None:
        """Answer as Engine 29 does: a request of a version that is too old is refused."""
        version, _, path = self.path.removeprefix("/v").partition("/")
        about = {
            "ApiVersion": "{}.{}".format(*self.newest),
            "MinAPIVersion": "{}.{}".format(*self.oldest),
            "ServerVersion": "29.0.0", "KernelVersion": "6.18", "SecurityOptions": [],
            "SystemTime": "2026-11-24T02:57:00Z",
        }  # fmt: skip
        asked = tuple(map(int, version.split("."))) if path else self.oldest
        fine = self.oldest <= asked <= self.newest
        body = json.dumps(about if fine else {"message": f"client version {version} is too old"})
        self.send_response(200 if fine else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class OldDoor(Door):
    """An engine before 20.10."""

    oldest, newest = (1, 12), (1, 40)


@contextmanager
def serving(door: type[Door]) -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), door) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_api_is_negotiated_so_that_an_engine_that_refuses_old_versions_serves() -> None:
    with serving(Door) as url:
        engine = OuterEngine.at(url)
        assert engine
        assert engine.client.api_version == "1.52"
        engine.client.close()


def test_a_local_engine_that_cannot_run_rigs_is_told_and_counts_as_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    with serving(OldDoor) as url:
        monkeypatch.delenv("DOCKER_HOST", raising=False)
        monkeypatch.setattr("macros.rigs.outer_engine.LOCAL", url)
        assert find(said.append) is None
        assert "20.10 or newer is needed" in said[0]
        monkeypatch.setenv("DOCKER_HOST", url)
        with pytest.raises(RigBroken, match="or newer is needed"):
            find(said.append)


def test_an_engine_that_is_too_old_is_told_with_its_version() -> None:
    with serving(OldDoor) as url, pytest.raises(RigBroken, match=r"20\.10 or newer is needed"):
        OuterEngine.at(url)
