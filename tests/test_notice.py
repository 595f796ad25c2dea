"""What a page says at its top and in its sentences where not all of its scenes held."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from macros.errors import Mistakes
from macros.model import Reason, Report, Verdict
from macros.pages import evidence
from macros.pages.calls import render
from macros.pages.macros import Showing
from macros.pages.source import parse
from macros.pages.ways import Ways

from .pages_project import EN, WORDS, ZH, report, step

PAGE = parse(
    "docs/en/x.md",
    """\
# Title {#title}

{{{ steps("s", "good", "bad") }}}

{{{ steps("s", "bad", "odd") }}}

It is {{{ value("s", "port") }}}.
""",
)


def scene(bad: Verdict, odd: Verdict) -> Report:
    steps = (
        step("good", "true"),
        replace(step("bad", "true"), verdict=bad),
        replace(step("odd", "true"), verdict=odd),
    )
    return report("s", *steps)


def test_a_page_says_once_how_many_outputs_stand_where_and_by_what() -> None:
    good = replace(scene(Verdict.PASSED, Verdict.SKIPPED), values=(("port", "80"),))
    drawn = render(PAGE, Showing({"s": good}, EN, Ways(evidence="../evidence/")))
    line = drawn.split("\n\n")[1]
    assert re.sub("<[^>]+>", "", line) == (
        "Outputs verified: 2 · not run: 1 · Docker Engine 28.5.2 · 2026-11-24 · every verdict"
    )
    assert 'href="../evidence/"' in line
    assert drawn.count("2026-11-24</time>") > 1  # it stands in the proofs, behind a sign
    assert drawn.count('<details class="proof usual verified"') == 1  # the other has a skipped step


def test_a_block_that_is_not_as_most_are_says_what_it_is() -> None:
    other = replace(scene(Verdict.PASSED, Verdict.PASSED), scene="t")
    other = replace(other, provenance=replace(other.provenance, engine="20.10.24"))
    page = parse("docs/en/x.md", '# T {#t}\n\n{{{ steps("s", "good") }}}\n\n'
                 '{{{ steps("s", "odd") }}}\n\n{{{ steps("t", "good") }}}\n')  # fmt: skip
    drawn = render(page, Showing({"s": scene(Verdict.PASSED, Verdict.PASSED), "t": other}, EN))
    assert drawn.count('<details class="proof usual verified"') == 2
    assert drawn.count('<details class="proof verified"') == 1
    assert "Outputs verified: 3</span> · Docker Engine 28.5.2" in drawn


def test_a_page_that_shows_no_output_says_nothing() -> None:
    assert "notice" not in render(parse("docs/en/x.md", "# T {#t}\n\nx\n"), Showing({}, EN))


def test_below_its_title_a_page_names_what_failed_and_what_is_unsteady() -> None:
    drawn = render(PAGE, Showing({"s": scene(Verdict.FAILED, Verdict.UNSTEADY)}, EN))
    title, notice = drawn.split("\n\n")[:2]
    notice = re.sub('<p class="outputs">.*?</p>', "", notice)
    assert title == "# Title {#title}"
    assert notice.startswith('<div class="notice"')
    assert (
        '<p class="failed">Failed in this build: <a href="#s-bad"><code>bad</code></a>.' in notice
    )
    assert notice.index("#s-bad") < notice.index("#s-odd")
    assert notice.count("#s-bad") == 1


def test_a_skipped_step_is_no_trouble_for_a_page() -> None:
    assert '<p class="skipped' not in render(
        PAGE, Showing({"s": scene(Verdict.SKIPPED, Verdict.SKIPPED)}, EN)
    )


def test_a_value_that_a_failed_scene_did_not_give_is_said_to_be_missing() -> None:
    for words in WORDS.values():
        drawn = render(PAGE, Showing({"s": scene(Verdict.FAILED, Verdict.PASSED)}, words))
        assert f'<code class="value uncaught">{words.uncaught}</code>' in drawn


def test_a_value_that_a_good_scene_has_not_is_a_mistake() -> None:
    with pytest.raises(Mistakes, match='scene "s" has no value "port"'):
        render(PAGE, Showing({"s": scene(Verdict.PASSED, Verdict.PASSED)}, EN))


def test_the_evidence_counts_unsteady_and_says_why_in_the_readers_language() -> None:
    odd = scene(Verdict.UNSTEADY, Verdict.SKIPPED)
    why = Reason("kernel", ("6.12.48", "ipvlan"))
    steps = (*odd.steps[:2], replace(odd.steps[2], reason=why))
    page = evidence.evidence({"s": replace(odd, steps=steps)}, {}, 0, ZH)
    assert '<th scope="row">不稳定</th><td>1</td>' in page
    assert "已跳过：内核 6.12.48 没有 ipvlan" in page


def test_a_page_of_which_nothing_ran_says_nothing_above_its_blocks() -> None:
    page = parse("docs/en/x.md", '# T {#t}\n\n{{{ steps("s", "bad") }}}\n')
    assert "notice" not in render(page, Showing({"s": scene(Verdict.SKIPPED, Verdict.PASSED)}, EN))
