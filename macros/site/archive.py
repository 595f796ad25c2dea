"""The site as one file that opens from a disk: pages with plain addresses, search included.

Knows reports and built pages; of how reports come about nothing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import reports
from ..files import write_whole
from ..languages import read
from ..model import Package, Report, Say
from . import places, site, toplevel
from .places import ARCHIVE as NAME

TOP = "docker-networking"
"""The folder that the archive unpacks to."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in it, so that the same site is the same archive."""


def write(
    root: Path,
    run: Mapping[str, Report],
    say: Say,
    packages: Mapping[str, Sequence[Package]],
) -> Path:
    """Build the site once more for a disk, and pack it. Raises what building pages raises."""
    places.check(root, NAME)
    languages = read(root)
    with site.workplace(root) as place:
        reports.save(place / "run.json", run)
        new = place / "site"
        say(f"building the pages of {NAME}")
        contents = site.render(root, languages, new, place / "run.json", directory_urls=False)
        toplevel.write(new, root, languages, contents, run, "", packages, hosted=False)
        packed = place / NAME
        pack(new, packed)
        write_whole(root / NAME, packed.read_bytes())
    return root / NAME


def pack(directory: Path, archive: Path) -> None:
    """Zip a directory; the same files make the same bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(one for one in directory.rglob("*") if one.is_file()):
            name = f"{TOP}/{path.relative_to(directory).as_posix()}"
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes())
