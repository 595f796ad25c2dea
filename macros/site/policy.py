"""What a built page may load and run: its Content-Security-Policy, and that it keeps to it.

The theme's inline scripts are known by what it puts into the page that no author writes,
404.html. Of these a page's policy names the hashes; one that holds another, a handler, a frame
or an address that runs something is refused, whatever let it get so far.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ..errors import Mistake, Mistakes
from .browsed import BrowsedPage, browse, policy_of, with_policy

THEME = Path("docs/theme")
TEMPLATES: Mapping[str, str] = MappingProxyType(
    {"index.html": "landing.html", "404.html": "lost.html"}
)
"""Pages at the top of the site, and what each is made from."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The inline scripts and styles that a page may hold."""

    scripts: frozenset[str]
    styles: frozenset[str]


def of_language(language: Path) -> Callable[[Path], Sources]:
    """What the theme puts into a page of a built language."""
    bare = browse((language / "404.html").read_text("utf-8"))
    its = json.loads(bare.config).get("base", "")

    def of(page: Path) -> Sources:
        base = os.path.relpath(language, page.parent).replace(os.sep, "/")
        moved = (one.replace(f'new URL("{its}",', f'new URL("{base}",') for one in bare.scripts)
        return Sources(frozenset((*bare.scripts, *moved)), frozenset(bare.styles))

    return of


def write(
    new: Path,
    root: Path,
    languages: Iterable[str],
    base: str,
    beside: Mapping[str, str] = MappingProxyType({}),
    *,
    hosted: bool,
) -> list[BrowsedPage]:
    """Put its policy into every page of a site, and give the pages; `hosted`: for a web server too.

    `beside` are pages that are no page of a language, each with the template that it is made from.
    Raises `Mistakes` for a page that holds what the theme does not put there.
    """
    wrong: list[Mistake] = []
    every = list(seal_top(new, root, wrong, {**TEMPLATES, **beside}))
    for language in languages:
        of = of_language(new / language)
        for page in sorted((new / language).rglob("*.html")):
            if page.relative_to(new).as_posix() not in beside:
                every.append(seal(page, of(page), wrong, new))
    if wrong:
        raise Mistakes(wrong)
    if hosted:
        scripts = sorted({one for built in every for one in built.scripts})
        styles = sorted({one for built in every for one in built.styles})
        header = policy(scripts, styles)
        tops = ("/", "/index.html", "/404.html", "/s/*", *(f"/{code}/*" for code in languages))
        headers = HEADERS.format(policy=header) + "".join(map(UNFRAMED.format, tops))
        (new / "_headers").write_text(headers, "utf-8")
        (new / "nginx.conf").write_text(NGINX.format(policy=header, base=base), "utf-8")
    return every


def seal_again(staged: Path, language: Path, names: Iterable[str]) -> None:
    """Put their policies into pages that were made again; then these take the others' place.

    Raises `Mistakes` as `write` does, and moves none.
    """
    wrong: list[Mistake] = []
    of = of_language(language)
    for name in names:
        seal(staged / name, of(language / name), wrong, staged)
    if wrong:
        raise Mistakes(wrong)
    for name in names:
        (staged / name).replace(language / name)


def seal_top(
    new: Path, root: Path, wrong: list[Mistake], pages: Mapping[str, str] = TEMPLATES
) -> Iterator[BrowsedPage]:
    """Put their policies into the pages that are made from a template of their own."""
    known: dict[str, Sources] = {}
    for name, template in pages.items():
        if template not in known:
            written = browse((root / THEME / template).read_text("utf-8"))
            known[template] = Sources(frozenset(written.scripts), frozenset(written.styles))
        yield seal(new / name, known[template], wrong, new)


def seal(page: Path, known: Sources, wrong: list[Mistake], new: Path) -> BrowsedPage:
    """Put its policy into one page; what it may not hold is added to `wrong`."""
    text = page.read_text("utf-8")
    built = browse(text)
    its = policy(built.scripts, built.styles)
    sealed = with_policy(text, its) if built.sealed is None else text
    found = [
        *built.faults,
        *(f"the script {one.strip()[:60]!r}" for one in built.scripts if one not in known.scripts),
        *(f"the style {one.strip()[:60]!r}" for one in built.styles if one not in known.styles),
        *([] if policy_of(sealed) == its else ["no charset, or another policy"]),
    ]
    name = page.relative_to(new).as_posix()
    wrong += [
        Mistake(f"site/{name}", 0, f"{one} is not of the theme; not published") for one in found
    ]
    if sealed != text and not found:
        page.write_text(sealed, "utf-8")
    return built


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """What may be loaded and run: this site's own files, and what has one of these hashes.

    Outputs and tables keep style attributes (`--rows`, `text-align`); 'unsafe-inline' for whole
    style elements is read by browsers alone that do not know `style-src-elem`.
    """
    return "; ".join((
        "default-src 'none'",
        " ".join(("script-src 'self'", *map(digest, dict.fromkeys(scripts)))),
        "style-src 'self' 'unsafe-inline'",
        " ".join(("style-src-elem 'self'", *map(digest, dict.fromkeys(styles)))),
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ))  # fmt: skip


def digest(text: str) -> str:
    """The hash of an inline script or style, as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


HEADERS = """\
/*
  Content-Security-Policy: {policy}
  X-Content-Type-Options: nosniff
  Referrer-Policy: same-origin
/transcripts/*
  Content-Type: text/plain; charset=utf-8
"""
UNFRAMED = """\
{}
  Content-Security-Policy: frame-ancestors 'none'
"""
"""All but what is made for a frame; two policies both hold."""
NGINX = """\
# For the server block that serves this site: include /path/to/site/nginx.conf;
set $framed "; frame-ancestors 'none'";
add_header Content-Security-Policy "{policy}$framed" always;
add_header X-Content-Type-Options nosniff always;
add_header Referrer-Policy same-origin always;
location ~ /(index[.]md|llms[.]txt)$ {{
  types {{ text/markdown md; text/plain txt; }}
  charset utf-8;
  charset_types text/markdown text/plain;
}}
location ^~ {base}embed/ {{
  set $framed "";
}}
location {base}transcripts/ {{
  types {{ }}
  default_type "text/plain; charset=utf-8";
}}
"""
