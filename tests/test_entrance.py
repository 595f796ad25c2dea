"""The landing page's ways: taken from the first page's lists, with minutes counted in the pages."""

from __future__ import annotations

from pathlib import Path

from macros.site import entrance

FIRST = """<article><h2 id="path">Order</h2><p>Read:</p><ol>
<li><a href="modes/bridge/#a">Bridge</a>: a switch.</li><li><a href="gone/">Gone</a></li>
<li>no link</li></ol><h2 id="next">Next</h2><ul><li><a href="b.html">Broken</a>：修复</li></ul>
</article>"""


def built(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")


def test_ways_are_those_of_the_lists_that_lead_to_pages(tmp_path: Path) -> None:
    built(tmp_path, "index.html", FIRST)
    built(tmp_path, "modes/bridge/index.html", f"<article>{'word ' * 401}</article>")
    built(tmp_path, "b.html", f"<article>{'字' * 350}</article>")
    for home in ("", "index.html"):
        assert entrance.ways(tmp_path, home, entrance.PATH) == (
            entrance.Way("modes/bridge/", "Bridge", "a switch.", 3),
        )
        assert entrance.ways(tmp_path, home, entrance.DOORS) == (
            entrance.Way("b.html", "Broken", "修复", 1),
        )
    assert entrance.ways(tmp_path, "nothing/", entrance.PATH) == ()


def test_outputs_are_read_by_the_line_and_what_is_folded_is_not(tmp_path: Path) -> None:
    line = '<span class="ln">word word word</span>'
    folded = f'<details class="rest">{line * 900}</details>'
    scene = f'<figure class="scene"><span class="out">{line * 61}{folded}</span></figure>'
    built(tmp_path, "index.html", f"<article>{scene}<nav>{'word ' * 900}</nav></article>")
    page = entrance.page(tmp_path, "")
    assert page
    assert entrance.minutes(page) == 3
