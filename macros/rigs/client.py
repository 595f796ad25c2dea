"""The client of an engine's API, every request of which ends. The one module that imports `docker`.

The SDK waits for a slow answer for as long as it takes, once for each request: an engine
that hangs would hold up a build for an hour. Here the first request that gets no answer in
its time is the last one: all that follow are refused at once.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.transport import unixconn
from requests.exceptions import RequestException, Timeout

from ..errors import RigBroken

__all__ = [
    "APIError",
    "Client",
    "DockerException",
    "ImageNotFound",
    "NotFound",
    "breaking",
    "remove",
]

HELLO = 30.0
"""Seconds in which an engine must say what it is."""
PATIENCE = 60.0
"""Seconds in which it must answer a request."""
PARTING = 15.0
"""Seconds that removing a rig may take."""
LONGEST = 1200.0
"""Seconds in which it must go on with what the SDK sets no limit to: an image built or pulled."""


class Connection(unixconn.UnixHTTPConnection):  # type: ignore[misc]  # the SDK has no types
    """The SDK's, closed where nobody listens; that one leaves its socket to the collector."""

    def connect(self) -> None:
        end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            end.settimeout(self.timeout)
            end.connect(self.unix_socket)
        except BaseException:
            end.close()
            raise
        self.sock = end


unixconn.UnixHTTPConnection = Connection


class Client(docker.APIClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client, with limits; `silent` is shared by all clients of one engine."""

    def __init__(self, url: str, version: str, silent: Event) -> None:
        self.url, self.silent = url, silent
        try:
            super().__init__(base_url=url, version=version, timeout=HELLO)
        except BaseException:
            self.close()
            raise
        self.timeout = PATIENCE

    def send(self, request: Any, **options: Any) -> Any:
        """Send a request. Raises `RigBroken` where no answer comes, now or for one before."""
        options["timeout"] = options.get("timeout") or LONGEST
        if self.silent.is_set():
            raise RigBroken(f"the engine at {self.url} does not answer any more")
        try:
            return super().send(request, **options)
        except Timeout as error:
            if options["timeout"] >= PATIENCE:
                self.silent.set()
            late = f"does not answer within {options['timeout']:g} s"
            raise RigBroken(f"the engine at {self.url} {late}") from error


@contextmanager
def breaking(url: str) -> Iterator[None]:
    """Raise `RigBroken` for what the API of an engine says or does not say."""
    try:
        yield
    except (DockerException, RequestException) as error:
        explanation = getattr(error, "explanation", None) or error
        raise RigBroken(f"the engine at {url} broke: {explanation}") from error


def remove(client: Client, container: str) -> bool:
    """Remove a container and wait until it is gone; whether it is.

    An engine that is gone took it along, or will not be asked again.
    """
    patience, client.timeout = client.timeout, PARTING
    try:
        return remove_by(client, container, time.monotonic() + PARTING)
    finally:
        client.timeout = patience


def remove_by(client: Client, container: str, deadline: float) -> bool:
    """Of `remove`."""
    while time.monotonic() < deadline:
        try:
            client.remove_container(container, force=True, v=True)
        except NotFound:
            return True
        except APIError as error:  # the engine's own auto-removal is at it
            if error.status_code not in (409, 500):
                return False
            time.sleep(0.02)
        except (DockerException, OSError, RigBroken):
            return False
        else:
            return True
    return False
