"""Blocks of every standing, words to change and advice: read, selected, printed, with axe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from macros.model import Came, Held, HostOption, Reason, Verdict
from macros.site import site

from ..pages_project import DOCKER0, WORDS, configure, report, step
from .conftest import Open
from .served import served
from .visit import visit

COMMAND = "iptables -I DOCKER-USER -i eth0 ! -s 198.51.100.0/24 \\\n  -j DROP # 198.51.100.11:80"
YOURS = (("eth0", "card"), ("198.51.100.0/24", "subnet"), ("198.51.100.11", "address"))
STEPS = (
    step("rule", COMMAND, yours=YOURS),
    step("good", "ip addr show docker0", DOCKER0, tries=3),
    replace(
        step("failed", "iptables -S DOCKER", "-N DOCKER\n"),
        verdict=Verdict.FAILED,
        held=(Held("contains", "x", 3, False, Came("-N DOCKER")),),
    ),
    replace(
        step("unsteady", "ip neigh", "198.51.100.12 REACHABLE\n"),
        verdict=Verdict.UNSTEADY,
        other="198.51.100.12 FAILED\n",
    ),
    replace(step("drifted", "true", "b\n"), verdict=Verdict.DRIFTED, diff="--- a\n+++ b\n-a\n+b\n"),
    replace(step("skipped", "true"), verdict=Verdict.SKIPPED, held=(), reason=Reason("unrun")),
)
OPTIONS = (HostOption("h1", "dockerd", "off"), HostOption("h2", "daemon.json", '{"mtu": 1400}'))
SHOWN = "".join(f'{{{{{{ steps("all", "{one.id}") }}}}}}\n\n' for one in STEPS)
FRONT = "---\ntitle: X\ndescription: X\n---\n\n"
PAGE = f"""{FRONT}# X {{#x}}

{SHOWN}{{{{{{ value("all", "gone") }}}}}}

!!! not-run "X"
    ```console
    $ ufw status
    Status: active
    ```
"""
LABEL = "(fence) => getComputedStyle(fence, '::before').content"
LINES = "(all) => all.map((one) => getComputedStyle(one).textDecorationLine)"


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small site that holds every standing."""
    root = tmp_path_factory.mktemp("standings")
    configure(root, "  - index.md\n  - practice/on-your-machine.md\n")
    for language in WORDS:
        pages = root / "docs" / language
        (pages / "practice").mkdir(parents=True)
        (pages / "index.md").write_text(PAGE, "utf-8")
        machine = f"{FRONT}# Y {{#y}}\n\n## A {{#card}}\n\n## B {{#engine-build}}\n"
        (pages / "practice/on-your-machine.md").write_text(machine, "utf-8")
    told = {"all": report("all", *STEPS, options=OPTIONS, hosts=("h1", "h2"))}
    with served(site.build(root, told, print).site) as address:
        yield address


@pytest.mark.parametrize("language", WORDS)
def test_axe_and_a_phone_find_nothing_wrong(
    browser: Browser, standings: str, language: str
) -> None:
    page = browser.new_context().new_page()
    seen = visit(page, standings, f"{language}/")
    page.context.close()
    assert (seen.violations, seen.wide, seen.errors) == ((), "", ())


def test_the_ways_out_of_a_block_lead_somewhere(open_page: Open, standings: str) -> None:
    with open_page() as page:
        for anchor in ("card", "engine-build"):
            page.goto(f"{standings}zh/")
            link = page.locator(f"a[href$='on-your-machine/#{anchor}']").first
            page.goto(f"{standings}zh/{link.get_attribute('href')}")
            expect(page.locator(f"#{anchor}")).to_be_visible()


def test_a_selection_copies_the_command_as_it_ran(open_page: Open, standings: str) -> None:
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{standings}en/")
        for number, copied in ((0, COMMAND), (2, "iptables -S DOCKER\n-N DOCKER")):
            page.locator(".scene samp").nth(number).evaluate(
                "(block) => getSelection().selectAllChildren(block)"
            )
            page.keyboard.press("Control+C")
            assert page.evaluate("navigator.clipboard.readText()") == copied


@pytest.mark.parametrize("language", WORDS)
def test_what_is_to_change_and_what_failed_is_seen_on_paper(
    open_page: Open, standings: str, language: str
) -> None:
    words = WORDS[language]
    with open_page() as page:
        page.goto(f"{standings}{language}/")
        page.emulate_media(media="print")
        assert page.locator(".scene mark").evaluate_all(LINES) == ["underline"] * len(YOURS)
        named = page.locator(".yours li")
        expect(named).to_contain_text([words.yours[kind].format(text) for text, kind in YOURS])
        expect(named.first).to_be_visible()
        for mark in ("failed", "drifted", "unsteady"):
            over = page.locator(f".stands.{mark}")
            expect(over).to_be_visible()
            expect(over).to_contain_text(getattr(words, mark))


def test_advice_is_labelled_in_the_readers_language(open_page: Open, standings: str) -> None:
    for language, words in WORDS.items():
        with open_page() as page:
            page.goto(f"{standings}{language}/")
            fence = page.locator(".not-run .highlight")
            assert fence.evaluate(LABEL) == f'"{words.unrun}"'
            assert fence.locator("xpath=ancestor::figure").count() == 0
