"""What the built site weighs and how fast it is read, beside Material's own defaults.

Lighthouse comes from npm into `.cache/`; the browser is Debian's. Slow, and never a test.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ..site import site

LIGHTHOUSE = "lighthouse@13"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LOADED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^":]+)"')
OURS = re.compile(
    r"^(?:extra_css|extra_javascript):\n(?:  .*\n)+|^  custom_dir: .*\n", re.MULTILINE
)
TUNED = re.compile(r"^  search:\n(?:    .*\n)+", re.MULTILINE)
HEAVIEST = 5
Say = Callable[[str], None]


class Packed(SimpleHTTPRequestHandler):
    """Serves as a static host does: gzipped, and silent."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The address of a directory while it is served; ends in a slash."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(directory))) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def weigh(root: Path, say: Say) -> None:
    """Say the weights of the built site and of Material's defaults, then Lighthouse's scores."""
    built = root / "site"
    with tempfile.TemporaryDirectory() as place:
        plain = material(root, Path(place))
        for name, one in (("ours", built), ("material's defaults", plain)):
            for language in site.LANGUAGES:
                if not (one / language).is_dir():
                    continue
                pages = heaviest(one / language)
                index = packed(one / language / "search/search_index.json")
                first = first_load(pages[0])
                say(f"{name}, {language}: index {index / 1000:.0f} KB gzipped")
                say(f"    heaviest page's first load {first / 1000:.0f} KB gzipped")
        for name, one in (("ours", built), ("material's defaults", plain)):
            with served(one) as address:
                for page in heaviest(one):
                    say(f"{name}: {scores(root, address, page.relative_to(one))}")


def packed(path: Path) -> int:
    """Bytes of a file, gzipped."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def first_load(page: Path) -> int:
    """Bytes of a page with its styles and scripts, gzipped; pictures are left out."""
    text = page.read_text("utf-8")
    files = {(page.parent / found.split("?")[0]).resolve() for found in LOADED.findall(text)}
    return packed(page) + sum(map(packed, files))


def heaviest(directory: Path) -> list[Path]:
    """The pages that weigh most, first the heaviest."""
    pages = [page for page in directory.rglob("index.html") if page.parent.name != "site"]
    return sorted(pages, key=packed, reverse=True)[:HEAVIEST]


def material(root: Path, place: Path) -> Path:
    """The same pages built by Material as it comes, Chinese alone: one language is its default."""
    from .bench import paste

    copy = paste(root, place / "plain")
    config = copy / "mkdocs.yml"
    text = TUNED.sub("  search: {}\n", OURS.sub("", config.read_text()))
    config.write_text(text.replace("  font: false\n", ""))
    out = place / "built/zh"
    command = ["mkdocs", "build", "-q", "--no-strict", "-f", "mkdocs.yml", "-d", str(out)]
    subprocess.run([sys.executable, "-m", *command], cwd=copy, check=True)
    return out.parent


def scores(root: Path, address: str, page: Path) -> str:
    """Lighthouse's scores of one page on its phone profile."""
    url = address + page.parent.as_posix() + "/"
    command = [
        "npx", "--yes", "--cache", str(root / ".cache/npm"), LIGHTHOUSE, url, "--quiet",
        "--output=json", f"--chrome-flags={FLAGS}", f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{page.parent}: lighthouse failed: {done.stderr.strip()[-300:]}"
    found = json.loads(done.stdout)["categories"]
    said = ", ".join(f"{name} {round(100 * found[name]['score'])}" for name in CATEGORIES)
    return f"{page.parent}: {said}"
