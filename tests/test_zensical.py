"""What is missing of a page's content beside another: what `scripts/check --zensical` counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from .tools.zensical import missing

BLOCK = (
    '<figure class="scene verified" data-search-x="1">'
    '<a id="s-a" href="../../t/s.txt">x</a></figure>'
)
PAGE = f"""\
<body><article><h1 id="a">A<a class="headerlink" href="#a">¶</a></h1>
<p>It is <code class="value">1</code>, a <a class="term" href="../g/#t">term</a>.</p>
{BLOCK}</article></body>"""
HARM = {
    "the page": ("", "pages"),
    "an id": (PAGE.replace('id="a"', 'id="b"'), "ids"),
    "a block": (PAGE.replace(BLOCK, ""), "blocks"),
    "what a block leads to": (PAGE.replace("../../t/s.txt", "../../u/s.txt"), "blocks"),
    "what a block says": (PAGE.replace(">x<", ">y<"), "blocks"),
    "a value": (PAGE.replace('"value">1', '"value">2'), "values"),
    "a sentence": (PAGE.replace("It is", "It was"), "sentences"),
    "a link to the glossary": (PAGE.replace('class="term"', ""), "terms"),
}  # fmt: skip


def lost(root: Path, other: str) -> set[str]:
    """Kinds of what is missing."""
    for name, text in (("one", PAGE), ("other", other)):
        page = root / name / "modes/bridge/index.html"
        page.parent.mkdir(parents=True)
        if text:
            page.write_text(text)
    return {kind for _, kind, _, left in missing(root / "one", root / "other") if left.total()}


@pytest.mark.parametrize(("other", "kind"), HARM.values(), ids=HARM)
def test_what_is_missing_is_told_by_its_kind(tmp_path: Path, other: str, kind: str) -> None:
    assert kind in lost(tmp_path, other)


def test_what_says_the_same_in_another_way_is_the_same(tmp_path: Path) -> None:
    other = PAGE.replace("../../t/s.txt", "/modes/../t/s.txt").replace(' data-search-x="1"', "")
    assert lost(tmp_path, other.replace("<body>", "<body><nav><p>More</p></nav>")) == set()
