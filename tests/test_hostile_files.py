"""Files beside pages, odd names, strange things where a build puts its site: all refused."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from macros.commands import build as building
from macros.errors import Exit, Mistakes
from macros.model import Mode
from macros.outcome import Order
from macros.pages import checks
from macros.site import places, site

from .pages_project import make

Put = Callable[[Path], object]
SECRET = "SECRET-OF-THE-BUILD-MACHINE"


def file(name: str, text: str = "alert(1)") -> Put:
    """A file with a text."""

    def put(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return put


def link(name: str, target: str) -> Put:
    """A symbolic link."""

    def put(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    return put


def instead(name: str, target: str) -> Put:
    """A symbolic link in the place of what is there; what was there is beside it."""

    def put(root: Path) -> None:
        (root / name).rename(root / target)
        (root / name).symlink_to(root / target)

    return put


def pipe(name: str) -> Put:
    """A pipe: who reads it waits for ever."""

    def put(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(root / name)

    return put


PAGE = "---\ntitle: X\ndescription: Y\n---\n\n# X {#x}\n"
BESIDE: dict[str, tuple[Put, str]] = {
    "a link to a file": (link("docs/en/x.txt", "/etc/passwd"), "docs/en/x.txt"),
    "a link to the environment": (link("docs/en/x.md", "/proc/self/environ"), "docs/en/x.md"),
    "a link to a folder": (link("docs/en/d", "/etc"), "docs/en/d"),
    "a link to the root": (link("docs/zh/r", "/"), "docs/zh/r"),
    "a link out by dots": (link("docs/en/x.md", "../../../../etc/hostname"), "docs/en/x.md"),
    "a dangling link": (link("docs/en/x.md", "/nonexistent"), "docs/en/x.md"),
    "a link to itself": (link("docs/en/x.md", "x.md"), "docs/en/x.md"),
    "a link to a page": (link("docs/en/x.md", "index.md"), "docs/en/x.md"),
    "a link in a folder of a page": (link("docs/en/modes/x.md", "/etc/passwd"), "docs/en/modes/x"),
    "a link in the theme": (link("docs/theme/x.html", "/etc/passwd"), "docs/theme/x.html"),
    "a link among its assets": (link("docs/theme/assets/x.js", "/etc/passwd"), "docs/theme/assets"),
    "a link in the place of a template": (
        instead("docs/theme/main.html", "outside.html"),
        "docs/theme/main.html",
    ),
    "a link among the transcripts": (
        link("docs/transcripts/x.json", "/etc/passwd"),
        "docs/transcripts/x.json",
    ),
    "a link among the scenes": (link("docs/scenes/x.yml", "/proc/self/environ"), "docs/scenes/x"),
    "a link below docs itself": (link("docs/x", "/etc"), "docs/x"),
    "docs as a link": (instead("docs", "elsewhere"), "docs"),
    "a language as a link": (instead("docs/en", "elsewhere"), "docs/en"),
    "a page of HTML": (file("docs/en/evil.html", "<script>alert(1)</script>"), "docs/en/evil.html"),
    "a page in place of the front": (file("docs/en/index.html"), "docs/en/index.html"),
    "a script": (file("docs/en/evil.js"), "docs/en/evil.js"),
    "our own script": (file("docs/en/assets/site.js"), "docs/en/assets/site.js"),
    "our own style": (file("docs/en/assets/site.css"), "docs/en/assets/site.css"),
    "Material's bundle": (
        file("docs/zh/assets/javascripts/bundle.79ae519e.min.js"),
        "docs/zh/assets/javascripts/bundle.79ae519e.min.js",
    ),
    "the search's worker": (
        file("docs/en/assets/javascripts/workers/search.js"),
        "docs/en/assets/javascripts/workers/search.js",
    ),
    "the search's index": (file("docs/en/search/search_index.json"), "docs/en/search"),
    "a picture that runs": (file("docs/en/evil.svg", "<svg onload=alert(1)>"), "docs/en/evil.svg"),
    "a hidden file": (file("docs/en/.htaccess", "Options +ExecCGI"), "docs/en/.htaccess"),
    "a host's headers": (file("docs/en/_headers", "/*"), "docs/en/_headers"),
    "a font": (file("docs/en/evil.woff2"), "docs/en/evil.woff2"),
    "an archive": (file("docs/en/evil.zip"), "docs/en/evil.zip"),
    "Markdown of another name": (file("docs/en/x.markdown", PAGE), "docs/en/x.markdown"),
    "a page in place of the 404": (file("docs/en/404.md", PAGE), "docs/en/404.md"),
    "a page in the theme's folder": (file("docs/en/assets/x.md", PAGE), "docs/en/assets"),
    "a page in the search's folder": (file("docs/en/search/index.md", PAGE), "docs/en/search"),
    "two pages of one address": (file("docs/en/modes.md", PAGE), "docs/en/modes"),
    "a second front page": (file("docs/en/README.md", PAGE), "docs/en/README.md"),
    "a folder named index": (file("docs/en/index/x.md", PAGE), "docs/en/index"),
    "a page with markup for a name": (file("docs/en/<script>.md", PAGE), "docs/en/<script>.md"),
    "a page with a quote in its name": (file('docs/en/"onx=.md', PAGE), 'docs/en/"onx=.md'),
    "a page with a blank in its name": (file("docs/en/a b.md", PAGE), "docs/en/a b.md"),
    "a page with a newline in its name": (
        file("docs/en/a\n::error::b.md", PAGE),
        r"docs/en/a\n::error::b.md",
    ),
    "a page with an escape in its name": (file("docs/en/a\x1b[2J.md", PAGE), r"docs/en/a\x1b[2J"),
    "a page of no UTF-8 in its name": (file("docs/en/a\udcff.md", PAGE), r"docs/en/a\udcff.md"),
    "a page with bidi in its name": (file("docs/en/a\u202eb.md", PAGE), r"docs/en/a\u202eb.md"),
    "a hidden page": (file("docs/en/.x.md", PAGE), "docs/en/.x.md"),
    "a page of dots": (file("docs/en/....md", PAGE), "docs/en/....md"),
    "a folder of dots": (file("docs/en/.../x.md", PAGE), "docs/en/..."),
    "a pipe": (pipe("docs/en/x.md"), "docs/en/x.md"),
    "a pipe among the scenes": (pipe("docs/scenes/p.yml"), "docs/scenes/p.yml"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_no_page_is_refused_before_anything_is_published(tmp_path: Path, name: str) -> None:
    put, place = BESIDE[name]
    root = make(tmp_path)
    put(root)
    with pytest.raises(Mistakes) as refused:
        building.build(Order(root, Mode.REPLAY), print, lambda progress: None)
    assert refused.value.status is Exit.WRONG
    lines = str(refused.value).splitlines()
    assert [one for one in lines if one.startswith(place)], lines
    assert all(one.isprintable() for one in lines)
    assert all(one.startswith(("docs", "mkdocs", "  ")) for one in lines), lines
    assert not (root / "site").exists()
    assert not list(root.glob(".site-*"))


def test_nothing_of_that_is_wrong_with_the_project_itself(tmp_path: Path) -> None:
    said = [str(one) for one in checks.check(make(tmp_path), {})]
    assert [one for one in said if "no scene" not in one] == []


def mounted(name: str) -> Put:
    """Another file system; who puts it there takes it away."""

    def put(root: Path) -> None:
        (root / name).mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "t", root / name], check=True)
        (root / name / "kept").write_text(SECRET)

    return put


def bound(name: str) -> Put:
    """A folder of the same file system, mounted once more."""

    def put(root: Path) -> None:
        (root / name).mkdir(parents=True)
        (root / "outside").mkdir()
        (root / "outside/kept").write_text(SECRET)
        subprocess.run(["mount", "--bind", root / "outside", root / name], check=True)

    return put


def outside(name: str) -> Put:
    """A link to a folder that holds something."""

    def put(root: Path) -> None:
        file("outside/kept", SECRET)(root)
        (root / name).symlink_to(root / "outside")

    return put


SITES: dict[str, tuple[Put, str]] = {
    f"{name} {what}": (how(name), name)
    for name in (places.SITE, places.FAILED)
    for what, how in {
        "is a file": lambda name: file(name, SECRET),
        "is a link to a folder": outside,
        "is a dangling link": lambda name: link(name, "/nonexistent/x"),
        "is a link to a file": lambda name: link(name, "mkdocs.yml"),
        "is a mount": mounted,
        "is a folder mounted again": bound,
        "holds a mount": lambda name: mounted(f"{name}/en"),
        "is a pipe": pipe,
    }.items()
} | {
    "site.zip is a folder": (file("site.zip/kept", SECRET), "site.zip"),
    "site.zip is a link": (link("site.zip", "mkdocs.yml"), "site.zip"),
    "site.zip is a dangling link": (link("site.zip", "/nonexistent"), "site.zip"),
}


def seen(root: Path) -> dict[str, tuple[int, bytes]]:
    """All that a project holds, as it is."""
    found = {}
    for path in sorted(root.rglob("*")):
        kind = path.lstat().st_mode
        whole = path.is_file() and not path.is_symlink()
        held = (
            path.read_bytes()
            if whole
            else os.fsencode(os.readlink(path))
            if (path.is_symlink())
            else b""
        )
        found[str(path)] = (kind, held)
    return found


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield make(tmp_path)
    for path in (*tmp_path.glob("site*/en"), *tmp_path.glob("site*")):
        if path.is_mount() or list(places.mounts(path)):
            subprocess.run(["umount", path], check=False)


@pytest.mark.parametrize("name", SITES)
def test_a_strange_site_is_refused_before_anything_runs_and_left_as_it_is(
    root: Path, name: str
) -> None:
    put, place = SITES[name]
    put(root)
    before = seen(root)
    for mode in (Mode.REPLAY, Mode.VERIFY):
        with pytest.raises(Mistakes) as refused:
            building.build(Order(root, mode), pytest.fail, lambda progress: None)
        assert refused.value.status is Exit.WRONG
        assert str(refused.value).startswith(f"{place}: ")
        assert "\n" not in str(refused.value)
    assert seen(root) == before


def test_a_site_that_becomes_strange_while_pages_are_built_is_not_replaced(root: Path) -> None:
    new = root / ".new"
    new.mkdir()
    outside("site")(root)
    with site.workplace(root) as place, pytest.raises(Mistakes, match="site: this is a symbolic"):
        site.publish(new, root / "site", place)
    assert (root / "site").is_symlink()
    assert (root / "outside/kept").read_text() == SECRET


@pytest.mark.parametrize("how", ["a link", "of git's mode", "with a link inside", "with a mount"])
def test_no_site_is_given_back_that_no_build_left(root: Path, how: str) -> None:
    left = root / f"{places.PREFIX}evil"
    (root / "outside/before").mkdir(parents=True)
    (root / "outside/before/index.html").write_text(SECRET)
    match how:
        case "a link":
            left.symlink_to(root / "outside")
        case "of git's mode":
            (root / "outside").rename(left)
            left.chmod(0o755)
        case "with a link inside":
            left.mkdir(0o700)
            (left / "before").symlink_to(root / "outside/before")
        case "with a mount":
            left.mkdir(0o700)
            (left / "before").mkdir()
            subprocess.run(["mount", "--bind", root / "outside", left / "before"], check=True)
    try:
        with site.workplace(root):
            assert not os.path.lexists(root / "site")
    finally:
        if how == "with a mount":
            subprocess.run(["umount", left / "before"], check=True)
    assert list(root.rglob("index.html")) or how == "with a link inside"


def test_there_are_enough_of_them() -> None:
    assert len(BESIDE) + len(SITES) >= 60
