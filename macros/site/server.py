"""What a browser gets while the site is being written: the last good site, and what is wrong.

A page reloads by itself when either changes. Of how they come about this knows nothing.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ..errors import Mistake, Mistakes
from ..model import Say

STATE = "/~state"
"""Address that answers with the state of the site once it is not the one asked with."""
PATIENCE = 10.0
"""Seconds after which it answers anyway: a browser keeps few connections to one server."""
SCRIPT = "/~reload.js"
"""Address of the script that reloads a page: a page's policy lets no other run in it."""
RELOADING = """\
(async state => {
  const later = () => new Promise(go => setTimeout(go, 1000, state));
  const seen = () => new Promise(go => addEventListener("visibilitychange", go, {once: true}));
  for (;;) {
    while (document.hidden) await seen();
    const now = await fetch("/~state?" + state).then(answer => answer.text()).catch(later);
    if (now !== state) return location.reload();
  }
})(document.currentScript.dataset.state)
"""
LOOK = (
    "all:initial;position:fixed;inset:auto 0 0 0;z-index:2147483647;box-sizing:border-box;"
    "max-height:45vh;overflow:auto;padding:12px 16px;background:#8a1420;color:#fff;"
    "font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere"
)
BLANK = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body><h1>{title}</h1></body></html>
"""


class Server(ThreadingHTTPServer):
    """A site on an address, from the moment this is made. Raises `OSError` where it cannot be."""

    daemon_threads = True
    allow_reuse_port = False

    def __init__(self, host: str, port: int, say: Say) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.say = say
        self.site: Path | None = None
        self.wrong: tuple[str, ...] = ()
        self.state = ""
        self.changed = threading.Condition()
        super().__init__((host, port), Handler)
        self.show(None, ())

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        shown = f"[{host!s}]" if self.address_family == socket.AF_INET6 else str(host)
        return f"http://{shown}:{port}/"

    def show(self, site: Path | None, wrong: Sequence[str]) -> None:
        """Show this site from now on, with a note on what is wrong."""
        with self.changed:
            if self.state and (site, tuple(wrong)) == (self.site, self.wrong):
                return
            self.site, self.wrong, self.state = site, tuple(wrong), str(time.time_ns())
            self.changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no error; of anything else one line is enough."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.say(f"a request could not be answered: {type(error).__name__}: {error}")


class Handler(SimpleHTTPRequestHandler):
    """One request: a page with the note and the reloading, a file, or the state."""

    server: Server
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".txt": "text/plain; charset=utf-8"}

    def do_GET(self) -> None:
        address, _, state = self.path.partition("?")
        if address == STATE:
            self.answer(HTTPStatus.OK, self.next_state(state).encode(), "text/plain")
            return
        if address == SCRIPT:
            self.answer(HTTPStatus.OK, RELOADING.encode(), "text/javascript")
            return
        site = self.server.site
        self.directory = str(site or "")
        path = Path(self.translate_path(self.path))
        if site and path.is_file() and path.suffix != ".html":
            super().do_GET()
        elif site and path.is_dir() and not address.endswith("/"):
            super().do_GET()  # which sends the browser to the address with the slash
        else:
            self.page(site, path / "index.html" if address.endswith("/") else path)

    def page(self, site: Path | None, path: Path) -> None:
        """A page as it was built; where there is none, what there is to say instead."""
        if site and path.is_file():
            self.answer(HTTPStatus.OK, self.noted(path.read_bytes()))
        elif site and (site / "404.html").is_file():
            self.answer(HTTPStatus.NOT_FOUND, self.noted((site / "404.html").read_bytes()))
        else:
            title = "There is no such page yet" if self.server.wrong else "Being built"
            body = BLANK.format(title=title).encode()
            self.answer(HTTPStatus.SERVICE_UNAVAILABLE, self.noted(body))

    def noted(self, page: bytes) -> bytes:
        """A page with the note on what is wrong, and with what reloads it."""
        reloading = f'<script src="{SCRIPT}" data-state="{self.server.state}"></script>'
        added = note(self.server.wrong) + reloading
        before, end, after = page.rpartition(b"</body>")
        return (before or after) + added.encode() + end + (after if end else b"")

    def next_state(self, state: str) -> str:
        """The state of the site, once it is not the one the browser knows."""
        with self.server.changed:
            self.server.changed.wait_for(lambda: self.server.state != state, PATIENCE)
            return self.server.state

    def answer(self, status: HTTPStatus, body: bytes, kind: str = "text/html") -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Requests are nothing to tell a writer of."""


def note(wrong: Sequence[str]) -> str:
    """What is wrong, as plain text at the foot of a page; "" where nothing is."""
    if not wrong:
        return ""
    count = f"{len(wrong)} lines of what is wrong" if len(wrong) > 1 else "Something is wrong"
    head = f"{count}; a page that cannot be drawn is shown as it last was:"
    said = escape("\n".join((head, *wrong)))
    return f'<div id="wrong" role="alert" style="{LOOK}">{said}</div>'


@contextmanager
def serving(host: str, port: int, say: Say) -> Iterator[Server]:
    """Serve on an address. Raises `Mistakes` where that address cannot be had."""
    try:
        server = Server(host, port, say)
    except OSError as error:
        what = f"cannot serve on {host}, port {port}: {error.strerror}; write another"
        raise Mistakes([Mistake("--port", 0, what)]) from error
    with server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
