"""The glossary's terms are linked where a page first uses them, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown

from macros.pages.glossary import GLOSSARY, PAGE, Glossary, glossary, terms

from .pages_project import LANGUAGES

ROOT = Path(__file__).parents[1]


def rendered(text: str, here: str = "modes/bridge.md", language: str = "en") -> str:
    token = PAGE.set((terms(ROOT / "docs" / language), here))
    try:
        return Markdown(extensions=["tables", "toc", Glossary()]).convert(text)
    finally:
        PAGE.reset(token)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_glossary_is_a_term_with_its_sentence(language: str) -> None:
    page = ROOT / "docs" / language / GLOSSARY
    terms = glossary(page)
    assert len(terms) == page.read_text().count("{#term-")
    for term in terms:
        assert term.told.endswith((".", "。")), term
        assert not set("*`[]") & {*term.told}, term


def test_the_first_use_is_linked_with_its_sentence() -> None:
    html = rendered("Docker makes **veth pairs**. A veth pair has two ends.")
    assert html.count('href="../reference/glossary.md#term-veth-pair"') == 1
    assert '<a class="term"' in html
    assert 'title="Two interfaces joined like the ends of a cable' in html
    assert ">veth pairs</a></strong>" in html
    assert html.endswith("A veth pair has two ends.</p>")


def test_uses_are_in_the_order_of_the_page() -> None:
    html = rendered("A <b>bridge</b> of MTU *small MTU* and DNAT, MTU, SNAT and DNAT again.")
    first = html.index(">MTU</a>")
    assert html.index("small MTU") > first
    assert html.count('class="term"') == 3
    assert html.index(">DNAT</a>") < html.index(">SNAT</a>")


@pytest.mark.parametrize(
    "text",
    [
        "# The MTU",
        "See [the MTU](x.md).",
        "`MTU`",
        "    MTU",
        "| MTU |\n|---|\n| x |",
        "AMTU and MTU-x",
        "step by step",
    ],
)
def test_what_is_code_a_link_a_heading_or_another_word_is_left(text: str) -> None:
    assert "glossary" not in rendered(text)


def test_the_glossary_does_not_link_to_itself() -> None:
    assert "term" not in rendered("The MTU of a veth pair.", GLOSSARY)


def test_a_page_that_is_only_checked_has_no_links() -> None:
    checked = Markdown(extensions=["macros.pages.glossary"]).convert("The MTU of a veth pair.")
    assert checked == "<p>The MTU of a veth pair.</p>"


def test_a_chinese_term_needs_no_space_and_a_single_sign_stands_after_one() -> None:
    html = rendered("容器的默认网桥在 FORWARD 链里，不在列表里，也没有链接。", language="zh")
    assert ">默认网桥</a>" in html
    assert html.count(">链</a>里") == 1
    assert ">表</a>" not in html


@pytest.mark.parametrize("text", ["默认的驱动也能保留", "端口驱动", "内核没有 `ipvlan` 驱动"])
def test_a_word_with_another_sense_is_a_term_only_where_it_is_meant(text: str) -> None:
    assert "term-driver" not in rendered(text, language="zh")
    assert "term-driver" in rendered("引擎自带的驱动", language="zh")
