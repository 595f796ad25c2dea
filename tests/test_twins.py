"""Twins: each page in Markdown, with what it shows of a run in it, byte for byte."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from macros.door import recorded
from macros.model import Verdict
from macros.pages import calls, folders, source, twin
from macros.pages.elsewhere import Elsewhere
from macros.pages.macros import MACROS, Showing
from macros.site import site, twins
from macros.topology import lines

from . import pages_project
from .pages_project import BRIDGE, EN, LANGUAGES, NASTY, REPORTS, REPOSITORY, VALUE, WORDS, ZH
from .surveyed_hosts import network

MARKDOWN = MarkdownIt("commonmark").enable("table")
HOME = "https://docs.example/net/"


def fences(text: str) -> list[str]:
    return [token.content for token in MARKDOWN.parse(text) if token.type == "fence"]


def of(text: str, name: str = "modes/bridge.md", url: str = "./", **showing: Any) -> str:
    page = source.parse(f"docs/en/{name}", text)
    assert page.mistakes == ()
    return twin.twin(page, name, Showing(REPORTS, EN, **showing), url)


def test_every_macro_has_its_text() -> None:
    assert twin.TWINS.keys() == MACROS.keys()


def test_what_was_printed_is_in_a_fence_that_nothing_in_it_ends() -> None:
    text = of('# X {#x}\n\n{{{ steps("nasty", "print") }}}\n\nend `x`\n')
    shown = NASTY.replace("\x00", "\ufffd").replace("\r", "\n")  # as CommonMark reads any text
    assert fences(text) == [f"$ cat nasty\n{shown}\n"]
    assert "````console" in text
    assert NASTY in text
    assert text.rstrip().endswith("end `x`")


def test_below_an_output_stands_who_said_so_with_a_link_to_it() -> None:
    text = of('{{{ steps("bridge", "docker0", "run") }}}\n', url=f"{HOME}en/modes/bridge/")
    link = f"[bridge-docker0]({HOME}en/modes/bridge/#bridge-docker0)"
    assert f"\n\nVerified · Docker Engine 28.5.2 · 2026-11-24 · {link}\n" in text
    assert fences(text)[0].count("\n\n") == 1
    assert "$ docker run -d --name web \\\n>   -p 8080:80" in text


def test_of_a_switch_over_two_scenes_both_engines_are_said_and_where_commands_ran() -> None:
    run = replace(BRIDGE.steps[2], topology=("h1 (host)",))
    new = replace(BRIDGE, steps=(run, replace(BRIDGE.steps[1], on="lan")))
    old = replace(new, scene="old", provenance=replace(new.provenance, engine="26.1.5"))
    call = '{{{ compare("old", "run", "brief", "bridge/run", "brief") }}}'
    page = source.parse("docs/en/x.md", call)
    text = twin.twin(page, "x.md", Showing({"old": old, "bridge": new}, EN), "./")
    told = fences(text)[0]
    assert told.index("Engine 26.1.5:") < told.index("Engine 28.5.2:")
    assert told.count("- lan $ ip -br address: ") == 2
    assert "Docker Engine 26.1.5 · 2026-11-24; Verified · Docker Engine 28.5.2 · " in text
    assert "[diagram-old-run](./#diagram-old-run)" in text


def test_a_verdict_that_is_not_good_is_said_in_words() -> None:
    failed = replace(BRIDGE.steps[0], verdict=Verdict.FAILED)
    reports = {"bridge": replace(BRIDGE, steps=(failed, *BRIDGE.steps[1:]))}
    page = source.parse("docs/zh/x.md", '{{{ steps("bridge", "brief", "docker0") }}}\n')
    text = twin.twin(page, "x.md", Showing(reports, ZH), "./")
    assert "\n未通过：与期望不符 · Docker Engine 28.5.2" in text


def test_the_head_says_address_engine_date_and_verdicts() -> None:
    text = of('# X {#x}\n\n{{{ steps("bridge", "docker0", "run") }}}\n', url=HOME)
    head = yaml.safe_load(text.split("---\n")[1])
    assert head["address"] == HOME
    assert head["engine"] == "Docker Engine 28.5.2"
    assert head["date"] == "2026-11-24T02:05:00Z"
    assert head["outputs"] == {"Verified": 2}
    assert "engine" not in yaml.safe_load(of("# X {#x}\n").split("---\n")[1])


def test_a_value_is_code_and_breaks_no_table() -> None:
    call = '{{{ value("bridge", "nasty") }}}'
    text = of(f"a {call} b\n\n| a | b |\n|---|---|\n| {call} | y |\n")
    tokens = MARKDOWN.parse(text)
    codes = [c.content for t in tokens for c in t.children or () if c.type == "code_inline"]
    assert codes == [VALUE, VALUE]
    cells = [token for token in tokens if token.type == "td_open"]
    assert len(cells) == 2


def test_a_way_that_stops_at_a_loopback_has_it_in_its_network_and_says_what_comes_behind() -> None:
    taken = pages_project.step
    packet = "IP 127.0.0.1.40000 > 127.0.0.11.53: UDP, length 33\n"
    steps = [
        replace(taken("run", "docker run"), topology=lines(network("bridge-after"))),
        replace(taken("lo", "tcpdump -i lo", packet), on="h1/web"),
        taken("card", "tcpdump -i eth0", packet.replace("127.0.0.1.40000", "198.51.100.11.40000")),
    ]
    page = source.parse("docs/en/x.md", '{{{ path("way", "run", "lo", "card") }}}\n')
    text = twin.twin(page, "x.md", Showing({"way": pages_project.report("way", *steps)}, EN), "./")
    [listed] = fences(text)
    assert f"2. h1:eth0: {packet.replace('127.0.0.1.4', '198.51.100.11.4')}" in listed
    assert listed.count(f"   - {EN.frames.anew}\n") == 1
    assert listed.count("- lo\n") == 1
    assert "→" not in listed


def test_links_lead_to_twins_and_what_is_in_a_fence_stays() -> None:
    text = of(
        "[a](../index.md#x) [b](host.md) [c](https://x.y/z.md) [d](#x) [e](index.md)\n\n"
        "[f]: ../practice/index.md\n\n```\n[a](../index.md)\n```\n"
    )
    assert "[a](../../index.md#x) [b](../host/index.md) [c](https://x.y/z.md) [d](#x)" in text
    assert "[e](../index.md)\n\n[f]: ../../practice/index.md\n" in text
    assert fences(text) == ["[a](../index.md)\n"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_output_of_every_page_is_in_its_twin(language: str) -> None:
    """Of the real pages, from what is recorded: diagrams in words, links that lead somewhere."""
    run = recorded(REPOSITORY)
    pages = folders.pages(REPOSITORY, language)
    known = {twin.address(name) for name in pages}
    shown = 0
    for name, path in pages.items():
        page = source.read(REPOSITORY, path)
        showing = Showing(run, WORDS[language], elsewhere=Elsewhere(REPOSITORY, language))
        text = twin.twin(page, name, showing, "./")
        assert "{{{" not in text
        for _, step in calls.references(page, run):
            assert step.output in text
            assert step.command.split("\n")[0] in text
            shown += 1
        drawn = [one for one in page.references if MACROS[one.macro].drawn]
        assert text.count("```text\n") >= len(drawn)
        here = posixpath.dirname(twin.address(name))
        for target in re.findall(r"\]\(([^)\s#:]+\.md)", text):
            assert posixpath.normpath(posixpath.join(here, target)) in known, (name, target)
    assert shown > 300


@pytest.mark.parametrize("url", ["", HOME])
def test_a_site_has_them_beside_its_pages_announced_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    root = pages_project.make(tmp_path)
    monkeypatch.setenv("SITE_URL", url)
    site.build(root, REPORTS, lambda _: None)
    built = root / "site"
    for code, language in LANGUAGES.items():
        pages = list((built / code).rglob("index.html"))
        assert len(pages) == 3
        listed = (built / code / twins.LIST).read_text("utf-8")
        links = re.findall(r"^- \[[^]]+\]\(([^)]+)\): \S", listed, re.MULTILINE)
        where = f"{url}{code}/" if url else ""
        assert sorted(links) == sorted(
            f"{where}{(page.parent / twin.NAME).relative_to(built / code).as_posix()}"
            for page in pages
        )
        for page in pages:
            assert 'type="text/markdown" href="index.md"' in page.read_text("utf-8")
            head = yaml.safe_load((page.parent / twin.NAME).read_bytes().split(b"---\n")[1])
            place = page.parent.relative_to(built).as_posix()
            assert head["address"] == (f"{url}{place}/" if url else "./")
        top = (built / twins.LIST).read_text("utf-8")
        assert f"[{language.words.name}]({url}{code}/llms.txt)" in top
    text = (built / "en/modes/bridge/index.md").read_bytes()
    assert NASTY.encode("utf-8", "surrogateescape") in text
