"""What may lie below docs/: pages in the languages' folders, and no symbolic link anywhere.

A page's name is its address: it is plain, and the address is no other file's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import Mistake

DOCS = Path("docs")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""Of a page's file without its .md, and of each folder that it is in."""
TAKEN = frozenset({"404", "assets", "javascripts", "search", "sitemap", "stylesheets"})
"""What the theme writes at the top of a language's site."""


def mistakes(root: Path, languages: Iterable[str]) -> Iterator[Mistake]:
    """Files that a build would publish though they are no pages, and links out of the folder."""
    tops = [DOCS / language for language in languages]
    if (root / DOCS).is_symlink():
        yield link(DOCS)
    for path in below(root / DOCS):
        name = path.relative_to(root)
        if path.is_symlink():
            yield link(name)
        elif any(top in name.parents for top in tops):
            yield from misnamed(path, name)
        elif not path.is_dir() and not path.is_file():
            yield Mistake(name.as_posix(), 0, "this is no file: take it away")


def link(name: Path) -> Mistake:
    """What is wrong with a symbolic link."""
    return Mistake(
        name.as_posix(), 0, "this is a symbolic link: put the file itself here, or nothing"
    )


def misnamed(path: Path, name: Path) -> Iterator[Mistake]:
    """What is wrong with a file or a folder below that of a language."""
    stem = path.name if path.is_dir() else path.name.removesuffix(".md")
    top = len(name.parts) == len(DOCS.parts) + 2
    if not path.is_dir() and not (path.is_file() and path.suffix == ".md"):
        yield Mistake(
            name.as_posix(), 0, "only pages, which end in .md, are published: take it away"
        )
    elif not NAME.fullmatch(stem):
        yield Mistake(name.as_posix(), 0, "name it in lower-case letters, digits and single dashes")
    elif top and stem in TAKEN:
        yield Mistake(
            name.as_posix(), 0, f'"{stem}" is an address of the theme: choose another name'
        )
    elif path.is_dir() and path.with_suffix(".md").exists():
        what = f"{path.name}.md has the address of this folder: write {path.name}/index.md"
        yield Mistake(name.as_posix(), 0, what)
    elif stem == "index" and path.is_dir():
        yield Mistake(name.as_posix(), 0, '"index" is the page of a folder: choose another name')


def pages(root: Path, language: str) -> dict[str, Path]:
    """The pages of a language by their path below its directory, in order."""
    top = root / DOCS / language
    return {
        path.relative_to(top).as_posix(): path
        for path in sorted(below(top))
        if path.suffix == ".md" and path.is_file() and not path.is_symlink()
        if all(map(NAME.fullmatch, path.relative_to(top).with_suffix("").parts))
    }


def below(top: Path) -> Iterator[Path]:
    """Everything below a directory, in order; symbolic links are not followed."""
    for folder, folders, files in os.walk(top):
        folders.sort()
        yield from (Path(folder, name) for name in sorted((*folders, *files)))
