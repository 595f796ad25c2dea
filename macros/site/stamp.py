"""Whether the site that stands there is the one that a replay would make again.

The stamp is kept beside it, and not published: digests of all that a replay reads and of the
site it made, and what it then said. Of what it was made from, the content counts; of Python's
packages, that no file was written since. Anything else, a folder left behind, a link where
the site should stand, is not for it to judge: then a build does. Imports only what is light.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from ..errors import Mistakes
from ..files import write_whole
from . import places

NAME = ".site.json"
FOLDERS = ("docs", "macros")
FILES = re.compile(r"mkdocs.*\.yml|pyproject\.toml|requirements\.txt|.*\.py")
"""Those of the project's own folder that a build reads, or may: hooks of MkDocs."""
VARIABLES = re.compile(r"SITE_URL|SOURCE_DATE_EPOCH|TZ|LANG|LC_.*|NETDOCS_.*|PYTHON.*")
ASKED = re.compile(rb"!ENV\b(.*)")
"""Where a MkDocs file asks for more of them."""
PACKAGES = frozenset(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
"""Folders of Python's packages."""
CACHE = "__pycache__"


def inputs(root: Path, packages: Iterable[str] = PACKAGES) -> str:
    """A digest of all that a replay reads, the day among it. Raises `OSError`."""
    digest = blake2b(digest_size=32)
    variables = {name for name in os.environ if VARIABLES.fullmatch(name)}
    for name in sorted(os.listdir(root)):
        if FILES.fullmatch(name):
            content = (root / name).read_bytes()
            digest.update(told(name, content))
            for asked in ASKED.findall(content):
                variables.update(re.findall(r"\w+", asked.decode(errors="replace")))
    about = [str(root), sys.version, sys.platform, f"{datetime.now(UTC):%F}"]
    about += (f"{name}={os.environ.get(name)}" for name in sorted(variables))
    digest.update(json.dumps(about).encode())
    for name in FOLDERS:
        digest.update(tree(root / name).encode())
    for folder in sorted(packages):
        for path, state in sorted(written(folder)):
            digest.update(f"{path}\0{state}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def tree(top: Path) -> str:
    """A digest of a folder: names, what each is, content. Raises `OSError`."""
    digest = blake2b(digest_size=32)
    for folder, folders, files in os.walk(top, onerror=refuse):
        folders[:] = sorted(name for name in folders if name != CACHE)
        for name in (*folders, *sorted(files)):
            path = Path(folder, name)
            kind = path.lstat().st_mode
            if stat.S_ISREG(kind):
                content = path.read_bytes()
            else:
                content = os.fsencode(os.readlink(path)) if stat.S_ISLNK(kind) else b""
            digest.update(told(f"{stat.S_IFMT(kind)} {path.relative_to(top)}", content))
    return digest.hexdigest()


def refuse(error: OSError) -> None:
    raise error


def told(name: str, content: bytes) -> bytes:
    """A file, so that no two lists of files are told alike."""
    head = os.fsencode(name)
    return b"%d %b %d %b" % (len(head), head, len(content), content)


def written(folder: str) -> Iterator[tuple[str, str]]:
    """Files below a folder of packages, each with what changes when it is written."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != CACHE:
                yield from written(entry.path)
        else:
            about = entry.stat(follow_symlinks=False)
            yield entry.path, f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"


def write(root: Path, inputs: str, site: str, lines: Iterable[str]) -> None:
    """Say of which inputs a site was made, and what was said of it."""
    text = json.dumps({"inputs": inputs, "site": site, "lines": list(lines)}, indent=1)
    write_whole(root / NAME, text.encode())


def unchanged(root: Path, packages: Iterable[str] = PACKAGES) -> list[str] | None:
    """What a replay would say, where it would change nothing; else None."""
    try:
        known = json.loads((root / NAME).read_bytes())
        places.check(root)
        left = [name for name in os.listdir(root) if name.startswith(places.PREFIX)]
        if left or os.path.lexists(root / places.FAILED):
            return None
        if known["site"] != tree(root / places.SITE) or known["inputs"] != inputs(root, packages):
            return None
        return [str(line) for line in known["lines"]]
    except (OSError, ValueError, LookupError, TypeError, Mistakes):
        return None
