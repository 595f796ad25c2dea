"""Copy for a wiki: what lands there is what was printed, and says who said it and when.

Each format is read by a parser of its own language, and gives the exact text again.
"""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import markdown
import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Locator, Page, expect

from macros.site import site as whole

from .. import pages_project
from ..pages_project import LANGUAGES, REPORTS, WORDS, report, step
from .conftest import Open
from .served import served
from .visit import PHONE

WORST = (
    "C:\\dir\\n \\\\ ]]> ]]]]>> <![CDATA[x]]> a|b || c\n"
    "\"q\" 'q' ''i'' '''b''' `t` ``` ~~~~ &amp; &#60; & <b>x</b> </pre> <nowiki>y</nowiki>\n"
    "{{.State.Pid}} {{tl|x}} {{{1}}} [[w|l]] [http://x.y z] __TOC__ ---- #h *l :d ;t =e= {|\n"
    "网桥 docker0，已启用 ⟶ émigré\n"
    "```\n\n\t tab and room  \n"
    "</syntaxhighlight> </ac:plain-text-body> ]]"
)
SPACES = {
    "ac": "http://atlassian.com/content", "ri": "http://atlassian.com/resource/identifier",
}  # fmt: skip
TITLE = "*a* [b](c) | `d` <e> &f; _g_ {{h}} 'i' \\ ~~ 网桥"


@dataclass(frozen=True, slots=True)
class Read:
    """What a parser finds in a text for a wiki."""

    code: str
    links: list[tuple[str, str]]
    """(address, text)."""
    text: str


def of_markdown(text: str) -> Read:
    """As CommonMark has it; Python-Markdown finds the same code and the same links."""
    tokens = MarkdownIt("commonmark").parse(text)
    code = "".join(token.content for token in tokens if token.type == "fence").removesuffix("\n")
    rendered = markdown.markdown(text, extensions=["fenced_code"])
    again = re.search(r"<code[^>]*>(.*?)\n?</code></pre>", rendered, re.DOTALL)
    assert html.unescape(again[1] if again else "") == code.expandtabs(4)  # as it has all text
    page = ElementTree.fromstring(f"<r>{MarkdownIt('commonmark').render(text)}</r>")
    links = [(a.attrib["href"], "".join(a.itertext())) for a in page.iter("a")]
    return Read(code, links, "".join(page.itertext()))


def of_confluence(text: str) -> Read:
    names = " ".join(f'xmlns:{name}="{uri}"' for name, uri in SPACES.items())
    page = ElementTree.fromstring(f"<r {names}>{text}</r>")
    for macro in page.iter(f"{{{SPACES['ac']}}}structured-macro"):
        assert macro.attrib[f"{{{SPACES['ac']}}}name"] == "code"
    code = "".join(body.text or "" for body in page.iter(f"{{{SPACES['ac']}}}plain-text-body"))
    links = [(a.attrib["href"], "".join(a.itertext())) for a in page.iter("a")]
    return Read(code, links, "".join(page.itertext()))


def of_mediawiki(text: str) -> Read:
    # no wheel for every Python yet
    page = pytest.importorskip("mwparserfromhell").parse(text)
    assert not page.filter_templates()
    assert not page.filter_wikilinks()
    code = "".join(
        html.unescape(str(tag.contents)) for tag in page.filter_tags() if tag.tag == "pre"
    )
    links = [
        (str(link.url), html.unescape(str(link.title))) for link in page.filter_external_links()
    ]
    return Read(code, links, html.unescape(str(page.strip_code())))


def of_plain(text: str) -> Read:
    quoted, _, rest = text.partition("\n\n— ")
    assert all(line.startswith("> ") for line in quoted.split("\n"))
    about, address = rest.split("\n")
    return Read(
        re.sub("^> ", "", quoted, flags=re.MULTILINE), [(address, about.split(" · ")[0])], text
    )


PARSERS: dict[str, Callable[[str], Read]] = {
    "markdown": of_markdown, "confluence": of_confluence, "mediawiki": of_mediawiki,
    "plain": of_plain,
}  # fmt: skip


def copied(page: Page, button: Locator, form: str) -> str:
    """What the menu of a button copies in a form."""
    button.click()
    item = page.locator(f"#quote [data-format={form}]")
    item.click()
    expect(page.locator("#quote")).to_be_hidden()
    found = item.get_attribute("data-clipboard-text")
    assert found
    return found


@pytest.fixture(scope="module")
def worst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the worst that a host can print, and a title as bad."""
    root = pages_project.make(tmp_path_factory.mktemp("worst"))
    page = root / "docs/en/modes/bridge.md"
    text = page.read_text("utf-8") + "\n## HEADING {#bad}\n\nSay *this*. Not that.\n\n"
    text += '{{{ steps("worst", "print") }}}\n'
    page.write_text(text.replace("HEADING", html.escape(TITLE).translate({
        ord(char): f"&#{ord(char)};" for char in "*[]()|`_{}'\\~"
    })), "utf-8")  # fmt: skip
    other = root / "docs/zh/modes/bridge.md"
    other.write_text(
        other.read_text("utf-8") + '\n## 坏 {#bad}\n\n{{{ steps("worst", "print") }}}\n', "utf-8"
    )
    run = {**REPORTS, "worst": report("worst", step("print", "cat worst", WORST))}
    whole.build(root, run, lambda _: None)
    with served(root / "site") as address:
        yield address


@pytest.mark.parametrize("form", PARSERS)
def test_the_worst_output_comes_back_byte_for_byte(open_page: Open, worst: str, form: str) -> None:
    with open_page() as page:
        page.goto(f"{worst}en/modes/bridge/")
        block = page.locator(".scene:has(#worst-print)")
        found = PARSERS[form](copied(page, block.locator(".quote"), form))
    assert found.code == f"$ cat worst\n{WORST}"
    assert found.links == [(f"{worst}en/modes/bridge/#worst-print", f"Bridge › {TITLE}")]
    assert "Verified · Docker Engine 28.5.2 · 2026-11-24" in found.text


@pytest.mark.parametrize("form", PARSERS)
def test_a_heading_gives_its_first_sentence_and_the_way_to_it(
    open_page: Open, worst: str, form: str
) -> None:
    with open_page() as page:
        page.goto(f"{worst}en/modes/bridge/")
        text = copied(page, page.locator("#bad .quote"), form)
        assert copied(page, page.locator("#bad .quote"), "link") == f"{worst}en/modes/bridge/#bad"
        assert copied(page, page.locator("h1 .quote"), "link") == f"{worst}en/modes/bridge/"
    found = PARSERS[form](text)
    assert found.links == [(f"{worst}en/modes/bridge/#bad", f"Bridge › {TITLE}")]
    assert "Say this." in found.text
    assert "Not that" not in found.text
    assert "Docker Engine 28.5.2 · 2026-11-24" in found.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", PARSERS)
def test_blocks_of_real_pages_come_back_too(
    open_page: Open, base: str, language: str, form: str
) -> None:
    with open_page() as page:
        page.goto(f"{base}{language}/practice/cheatsheet/")
        blocks = page.locator("article .scene:has(samp)")
        for number in range(0, blocks.count(), 4):
            block = blocks.nth(number)
            lines = block.locator(".ln").evaluate_all("all => all.map((one) => one.textContent)")
            found = PARSERS[form](copied(page, block.locator(".quote"), form))
            assert found.code == "\n".join(lines)
            assert re.search(r"Docker Engine \S+ · 20\d\d-\d\d-\d\d", found.text)
            ((address, _),) = found.links
            assert page.locator(f"[id='{address.partition('#')[2]}']").count() == 1


@pytest.mark.parametrize("form", PARSERS)
def test_a_diagram_is_what_it_shows_in_words(open_page: Open, base: str, form: str) -> None:
    with open_page() as page:
        page.goto(f"{base}en/modes/bridge/")
        figure = page.locator(".scene.diagram").first
        caption = figure.locator("fieldset").get_attribute("aria-label")
        items = figure.locator(".told li").evaluate_all(
            "all => all.map((one) => { one = one.cloneNode(true);"
            " one.querySelector('ul')?.remove(); return one.textContent.trim(); })"
        )
        found = PARSERS[form](copied(page, figure.locator(".quote"), form))
    assert caption
    assert caption in found.text
    assert len(items) > 5
    assert [item for item in items if item not in found.text] == []
    assert found.links[0][0].startswith(f"{base}en/modes/bridge/#")


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_keys_alone_and_back_where_one_was(open_page: Open, base: str, language: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with open_page(permissions=allowed) as page:
        page.goto(f"{base}{language}/modes/bridge/?h=x#pair")
        button = page.locator("#pair .quote")
        expect(button).to_have_accessible_name(WORDS[language].quote.title)
        button.focus()
        page.keyboard.press("Enter")
        menu = page.locator("#quote")
        expect(menu).to_be_visible()
        expect(menu.locator("button").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(button).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowUp")
        expect(menu.locator("button").last).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(menu).to_be_hidden()
        expect(button).to_be_focused()
        link = f"{base}{language}/modes/bridge/#pair"
        page.wait_for_function(
            "async (link) => await navigator.clipboard.readText() === link", arg=link
        )
        told = page.get_by_role("status").and_(page.locator(".md-dialog__inner"))
        expect(told).to_have_text(re.compile(r"\S"))


def test_a_phone_has_the_whole_menu_in_its_window(open_page: Open, base: str) -> None:
    with open_page(viewport=PHONE) as page:
        page.goto(f"{base}en/modes/bridge/")
        for button in (page.locator("#pair .quote"), page.locator(".scene .quote").nth(3)):
            button.click()
            box = page.locator("#quote").bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
            assert box["y"] >= 0
            page.keyboard.press("Escape")


def test_without_scripts_there_is_no_button_and_no_menu(open_page: Open, base: str) -> None:
    with open_page(java_script_enabled=False) as page:
        page.goto(f"{base}en/modes/bridge/")
        assert page.locator(".quote").count() == 0
        expect(page.locator("#quote")).to_be_hidden()


def test_it_is_small(site: Path) -> None:
    script = b"".join(
        (site / "en/assets" / name).read_bytes() for name in ("quote.js", "formats.js")
    )
    assert len(gzip.compress(script, 9)) < 3000
