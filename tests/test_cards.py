"""Cards: what a chat shows of a page. Drawn from its own block, whole, and once."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from macros.languages import Languages
from macros.model import Verdict
from macros.pages import source
from macros.pages.proof import Standing
from macros.site import archive, cards, network, picture, site
from macros.site.picture import Card

from . import pages_project
from .pages_project import BRIDGE, LANGUAGES, NASTY, REPORTS, WORDS, ZH, report, step

SHOWN = cards.card("Docker 网络", "网络模式", "桥接模式", "", (BRIDGE, BRIDGE.steps[1]), ZH)


def opened(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(picture.draw(card)))


class Head(HTMLParser):
    """What the head of a page says, by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: list[dict[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = found.get("property", found.get("name", ""))
            self.meta.setdefault(name, []).append(found.get("content", ""))
        if tag == "link":
            self.links.append(found)


def head(page: Path) -> Head:
    return Head(page.read_text("utf-8"))


# --- the picture ---


def test_a_card_is_small_of_one_size_and_the_same_for_the_same() -> None:
    drawn = picture.draw(SHOWN)
    assert drawn == picture.draw(replace(SHOWN))
    assert drawn != picture.draw(replace(SHOWN, says="x"))
    image = Image.open(io.BytesIO(drawn))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 630))
    assert len(drawn) < 60_000


def test_it_says_what_the_block_says() -> None:
    assert SHOWN.says == "已校验 · Docker Engine 28.5.2 · 2026-11-24"
    assert (SHOWN.prompt, SHOWN.command) == ("$ ", "ip -br address")
    rows = ["".join(text for text, _ in row.pieces) for row in picture.rows(SHOWN)]
    assert rows == ["$ ip -br address", *BRIDGE.steps[1].output.splitlines()]
    blank = replace(SHOWN, output="", says="", title="")
    assert {colour for _, colour in opened(SHOWN).getcolors() or ()} != {
        colour for _, colour in opened(blank).getcolors() or ()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_site_is_drawn_as_an_empty_box(language: str) -> None:
    """Of what the site says itself, and of what is printed: nasty characters by their names."""
    words = WORDS[language]
    said = "".join(words[each.mark] for each in Standing) + words.landing.name
    signs = "".join(sign for sign, _ in picture.STANDS.values())
    font = picture.sans(26, picture.BOLD)
    box = bytes(font.getmask("\uffff"))
    assert not [char for char in f"{said}{signs}…·：，。" if bytes(font.getmask(char)) == box]
    shown = picture.visible(f"{NASTY}✓漢字é→")
    missing = [
        char
        for char in shown
        if char != "\n" and picture.columns(char) == 1 and not picture.has(char)
    ]
    assert (missing, "^[[31mred" in shown, "U+202E" in shown) == ([], True, True)
    assert picture.draw(replace(SHOWN, output=NASTY))


def test_every_standing_has_its_sign() -> None:
    assert {each.mark for each in Standing} == picture.STANDS.keys()


def test_a_line_is_whole_or_folded_and_what_has_no_room_is_counted() -> None:
    wide = "x" * 200
    size, shown, more = picture.fitted(
        list(picture.rows(replace(SHOWN, command=wide, output="a b\n"))), 1000, 400
    )
    texts = ["".join(text for text, _ in row.pieces) for row in shown]
    assert "".join(text.removeprefix(picture.FOLD) for text in texts) == f"$ {wide}a b"
    assert (size, more) == (picture.SIZES[0], 0)
    many = replace(SHOWN, output="".join(f"{n}\n" for n in range(40)))
    size, shown, more = picture.fitted(list(picture.rows(many)), 1000, 300)
    assert (size, len(shown) + more) == (picture.SIZES[-1], 41)
    assert more


def test_a_line_without_end_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def columns(char: str) -> int:
        seen.append(char)
        return 1

    monkeypatch.setattr(picture, "columns", columns)
    line = "x" * 20_000
    assert (
        "".join(
            char
            for row in picture.folded(picture.Row(((line, "#fff"),)), 80)
            for char, _ in row.pieces
        ).replace(picture.FOLD, "")
        == line
    )
    assert len(seen) < 1.1 * len(line)


def test_a_row_breaks_at_a_space_and_between_chinese_characters() -> None:
    font = picture.sans(40, picture.BOLD)
    english = list(picture.wrapped("Troubleshooting by the path of a packet", font, 500))
    assert " ".join(english) == "Troubleshooting by the path of a packet"
    chinese = list(picture.wrapped("术语，中英对照，每个一句话，并指向它。", font, 300))
    assert "".join(chinese) == "术语，中英对照，每个一句话，并指向它。"
    assert len(chinese) > 2
    assert not [row for row in chinese if row[0] in "，。"]


# --- a network ---

ONE = (
    "lan (host)",
    "  lan bridge UP 02:00:5e:00:53:01 198.51.100.1/24",
    "  h1 veth UP 8a:21:66:39:10:cc master lan peer h1:eth0",
    "h1 (host) default via 198.51.100.1",
    "  eth0 veth UP 02:00:5e:00:53:0b 198.51.100.11/24 peer lan:h1",
    "  docker0 bridge UP 1a:3c:02:33:40:bf 172.17.0.1/16",
    "  vethca6aad9 veth UP b2:05:8f:ac:cb:d1 master docker0 peer h1/web:eth0",
    "h1/web (container, web) default via 172.17.0.1",
    "  eth0 veth UP 2a:fb:78:fd:11:9e 172.17.0.2/16 peer h1:vethca6aad9",
    "h1 0.0.0.0:8080 -> web 80/tcp",
)


def crowd(containers: int) -> tuple[str, ...]:
    """A host with many containers."""
    ports = [f"  veth{n} veth UP 02:00:00:00:00:01 master docker0 peer h1/c{n}:eth0"
             for n in range(containers)]  # fmt: skip
    spaces = [
        row
        for n in range(containers)
        for row in (
            f"h1/c{n} (container, c{n})",
            f"  eth0 veth UP 02:00:00:00:00:02 172.17.0.{n + 2}/16 peer h1:veth{n}",
        )
    ]
    return (*ONE[:6], *ports, *spaces)


def test_a_network_is_drawn_whole_inside_its_area() -> None:
    shapes = network.shapes(ONE, *picture.AREA)
    boxes = [shape for shape in shapes if isinstance(shape, network.Box)]
    told = [text for box in boxes for text, _ in box.rows]
    assert {"web", "172.17.0.2/16", "docker0", "172.17.0.1/16", "80/tcp", "0.0.0.0:8080", "h1",
            "eth0 198.51.100.11/24", "lan 198.51.100.1/24"} == {*told}  # fmt: skip
    left, top, right, bottom = picture.AREA
    assert all(left <= box.left < box.right <= right for box in boxes)
    assert all(top <= box.top < box.bottom <= bottom for box in boxes)
    lines = [shape for shape in shapes if isinstance(shape, network.Line)]
    assert sorted(line.kind for line in lines) == ["cable", "cable", "flow"]
    first = picture.draw(replace(SHOWN, topology=ONE))
    assert first == picture.draw(replace(SHOWN, topology=ONE)) != picture.draw(SHOWN)


def test_what_has_no_room_is_not_drawn_and_the_block_is() -> None:
    assert picture.has_room(crowd(4))
    assert not picture.has_room(crowd(9))
    assert not picture.has_room(())
    page = source.parse("docs/en/x.md", '{{{ diagram("net", "a") }}}\n{{{ steps("net", "b") }}}\n')
    for lines, shown in ((ONE, "a"), (crowd(9), "")):
        run = {"net": report("net", step("a", "x", topology=lines), step("b", "y", "1\n2\n"))}
        found = cards.drawn(page, run)
        assert (found[1].id if found else "") == shown


# --- which, and when ---


def test_a_card_shows_the_first_step_that_is_read_at_a_glance() -> None:
    failed = replace(step("a", "x", "1\n2\n"), verdict=Verdict.FAILED)
    long, silent, good = step("b", "x", "y" * 300), step("c", "x"), step("d", "x", "1\n2\n")
    shown = [(BRIDGE, each) for each in (failed, silent, long, good)]
    assert cards.chosen(shown) == (BRIDGE, good)
    assert cards.chosen(shown[:3]) == (BRIDGE, long)
    assert cards.chosen(shown[:1]) == (BRIDGE, failed)
    assert cards.chosen([]) is None
    assert "未通过" in cards.card("", "", "", "", (report("s", failed), failed), ZH).says


def test_only_what_would_be_another_picture_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = picture.draw

    def heard(card: Card) -> bytes:
        drawn.append(card.title)
        return draw(card)

    monkeypatch.setattr(picture, "draw", heard)
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    one, two = SHOWN, replace(SHOWN, title="其二")
    cards.write(old, tmp_path / "none", [("a.png", one), ("b.png", two)])
    assert sorted(drawn) == sorted([one.title, two.title])
    drawn.clear()
    (old / "c.png").write_bytes(b"no picture")
    three = replace(one, title="三")
    cards.write(new, old, [("a.png", one), ("b.png", replace(two, says="x")), ("c.png", three)])
    assert sorted(drawn) == sorted([two.title, three.title])
    assert (new / "a.png").read_bytes() == (old / "a.png").read_bytes()
    assert cards.has(new / "c.png", three)


# --- on the pages ---


@pytest.mark.parametrize("url", ["", "https://o.github.io/repo/"])
def test_every_page_says_to_a_chat_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    root = pages_project.make(tmp_path)
    monkeypatch.setenv("SITE_URL", url)
    site.build(root, REPORTS, lambda _: None)
    built = root / "site"
    pages = [built / "index.html", *built.glob("??/**/index.html")]
    assert len(pages) == 1 + 3 * len(LANGUAGES)
    for page in pages:
        found = head(page)
        where = page.parent.relative_to(built).as_posix().removeprefix(".")
        address = f"{url}{where}{'/' if where else ''}" if url else ""
        language = where[:2]
        for name in ("og:title", "og:description", "twitter:title", "twitter:description"):
            assert len(found.meta[name]) == 1
            assert found.meta[name][0]
        assert found.meta["og:site_name"]
        assert found.meta["og:type"] == ["article" if where else "website"]
        assert found.meta["twitter:card"] == ["summary_large_image"]
        assert found.meta["og:image"] == found.meta["twitter:image"] == [f"{address}card.png"]
        assert (found.meta["og:image:width"], found.meta["og:image:height"]) == (["1200"], ["630"])
        assert found.meta["og:image:alt"][0]
        with Image.open(page.parent / "card.png") as picture_of_it:
            assert picture_of_it.size == (1200, 630)
        assert found.meta.get("og:url") == ([address] if url else None)
        assert canonical(found) == ([address] if url else [])
        locales = {code: language.words.locale for code, language in LANGUAGES.items()}
        assert found.meta["og:locale"] == [locales.get(language, locales["zh"])]
        assert {*found.meta["og:locale"], *found.meta["og:locale:alternate"]} == {*locales.values()}
        assert alternates(found) == expected(where, url, LANGUAGES)
        icons = [link["href"] for link in found.links if "icon" in link["rel"]]
        assert {Path(one).name for one in icons} == {
            "mark.svg", "favicon.ico", "apple-touch-icon.png",
        }  # fmt: skip
        assert all((page.parent / one).resolve().is_file() for one in icons)


def canonical(found: Head) -> list[str]:
    return [link["href"] for link in found.links if link["rel"] == "canonical"]


def alternates(found: Head) -> dict[str, str]:
    links = (link for link in found.links if "hreflang" in link)
    return {link["hreflang"]: link["href"].removeprefix("./") or "./" for link in links}


def expected(where: str, url: str, languages: Languages) -> dict[str, str]:
    """The addresses of a page in all languages: absolute, or relative where none is known."""
    rest = f"{where[3:]}/" if where[3:] else ""
    top = url or ("../" * (where.count("/") + 1) if where else "")
    every = {code: f"{top}{code}/{rest}" for code in languages}
    return every | {"x-default": every["en"] if where else url or "./"}


@pytest.mark.parametrize("url", ["", "https://o.github.io/repo/"])
def test_the_short_address_of_a_picture_says_it_to_a_chat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    root = pages_project.make(tmp_path)
    monkeypatch.setenv("SITE_URL", url)
    for language in LANGUAGES:
        page = root / f"docs/{language}/modes/bridge.md"
        calls = '{{{ diagram("net", "run") }}}\n\nx\n\n{{{ steps("net", "run", "then") }}}\n'
        page.write_text(f"{page.read_text('utf-8')}\n{calls}", "utf-8")
    net = report("net", step("run", "docker run web", topology=ONE), step("then", "ls", "a\n"))
    site.build(root, {**REPORTS, "net": net}, lambda _: None)
    found = head(root / "site/s/net/run/index.html")
    assert found.meta["og:image"] == [f"{url}s/net/run/card.png" if url else "card.png"]
    assert found.meta["og:title"][0]
    with Image.open(root / "site/s/net/run/card.png") as picture_of_it:
        assert picture_of_it.size == (1200, 630)
    assert "og:image" not in head(root / "site/s/net/then/index.html").meta
    assert not (root / "site/s/net/then/card.png").exists()


def test_a_page_of_the_archive_has_no_card_and_no_false_word_of_one(tmp_path: Path) -> None:
    root = pages_project.make(tmp_path)
    archive.write(root, REPORTS, lambda _: None, {})
    with zipfile.ZipFile(root / "site.zip") as packed:
        assert not [name for name in packed.namelist() if name.endswith("card.png")]
        page = packed.read("docker-networking/en/modes/bridge.html").decode()
        landing = packed.read("docker-networking/index.html").decode()
    assert not re.findall("card.png|summary_large", page + landing)
    assert "og:title" in page
