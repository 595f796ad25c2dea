"""What may lie below docs/: pages in the languages' folders, and no symbolic link anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import Mistake

DOCS = Path("docs")


def mistakes(root: Path, languages: Iterable[str]) -> Iterator[Mistake]:
    """Files that a build would publish though they are no pages, and links out of the folder."""
    tops = [DOCS / language for language in languages]
    for path in below(root / DOCS):
        name = path.relative_to(root)
        if path.is_symlink():
            yield Mistake(
                name.as_posix(), 0, "this is a symbolic link: put the file itself here, or nothing"
            )
        elif path.is_dir() or not any(top in name.parents for top in tops):
            continue
        elif not path.is_file() or path.suffix != ".md":
            yield Mistake(
                name.as_posix(), 0, "only pages, which end in .md, are published: take it away"
            )


def pages(root: Path, language: str) -> dict[str, Path]:
    """The pages of a language by their path below its directory, in order."""
    top = root / DOCS / language
    return {
        path.relative_to(top).as_posix(): path
        for path in sorted(below(top))
        if path.suffix == ".md" and path.is_file() and not path.is_symlink()
    }


def below(top: Path) -> Iterator[Path]:
    """Everything below a directory, in order; symbolic links are not followed."""
    for folder, folders, files in os.walk(top):
        folders.sort()
        yield from (Path(folder, name) for name in sorted((*folders, *files)))
