"""The site as a whole: what is published, and that it is replaced whole or not at all."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from macros import reports
from macros.errors import Exit, Mistakes, Problem
from macros.model import Mode, Verdict
from macros.pages.proof import Standing
from macros.site import places, site, toplevel

from . import pages_project
from .pages_project import BRIDGE, LANGUAGES, REPORTS, report, step


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pages_project.make(tmp_path)


WORDS = ("nope.md", "nor.md", "'#here'", "left.md", 'scene "bridge" has no step "nope"')


def quiet(_: str) -> None:
    pass


def hidden(root: Path) -> list[str]:
    return [path.name for path in root.glob(f"{places.PREFIX}*")]


def old_site(root: Path) -> Callable[[], bool]:
    """A site of an earlier build, and whether it is still there, whole."""
    (root / "site").mkdir()
    (root / "site/index.html").write_text("old")
    return lambda: (root / "site/index.html").read_text("utf-8") == "old"


def test_every_language_and_what_stands_beside_them(root: Path) -> None:
    is_old = old_site(root)
    published = site.build(root, REPORTS, quiet)
    assert not is_old()
    assert published.pages == dict.fromkeys(LANGUAGES, 3)
    for name in (*LANGUAGES, *(f"{one}/modes/bridge" for one in LANGUAGES), "."):
        assert (root / "site" / name / "index.html").exists()
    assert hidden(root) == []
    verdicts = json.loads((root / "site/verdicts.json").read_text())
    assert verdicts["counts"] == {
        "passed": 5, "failed": 0, "drifted": 0, "unsteady": 0, "skipped": 0,
    }  # fmt: skip
    bridge = verdicts["scenes"]["bridge"]
    assert bridge["provenance"]["engine"] == "28.5.2"
    assert bridge["steps"][0]["verdict"] == "passed"
    landing = (root / "site/index.html").read_text("utf-8")
    assert 'lang="zh"' in landing
    assert 'data-scripts="zh/assets/results.js zh/assets/finder.js zh/search/index.js"' in landing
    assert f"<b>5</b> {LANGUAGES['zh'].words.landing.verified}" in landing
    assert "28.5.2" in landing
    section = landing[landing.index('<nav aria-label="Modes">') :]
    assert section.index('href="zh/modes/"') < section.index('href="zh/modes/bridge/"')


def test_a_page_that_search_does_not_know_and_a_link_out_of_the_navigation_do_no_harm(
    root: Path,
) -> None:
    for code, language in LANGUAGES.items():
        page = root / f"docs/{code}/modes/bridge.md"
        page.write_text(
            page.read_text("utf-8").replace("---\n\n", "search: {exclude: true}\n---\n\n", 1)
        )
        text = (root / language.config).read_text("utf-8")
        nav = "nav:\n  - Docker: https://docs.docker.com/\n"
        (root / language.config).write_text(text.replace("nav:\n", nav), "utf-8")
    published = site.build(root, REPORTS, quiet)
    assert published.pages == dict.fromkeys(LANGUAGES, 3)
    landing = (root / "site/index.html").read_text("utf-8")
    assert 'href="en/modes/bridge/">Bridge<' in landing


@pytest.mark.parametrize(
    ("built", "addresses"),
    [
        ("modes/bridge/index.html", ["", "modes/", "modes/bridge/"]),
        ("modes/bridge.html", ["index.html", "modes/index.html", "modes/bridge.html"]),
    ],
)
def test_addresses_have_the_form_of_the_built_site(
    root: Path, built: str, addresses: list[str]
) -> None:
    reports.save(root / "run.json", REPORTS)
    found = site.render(
        root,
        LANGUAGES,
        root / "new",
        root / "run.json",
        directory_urls=built.endswith("/index.html"),
    )["en"]
    assert (root / "new/en" / built).is_file()
    assert [link.address for section in found for link in section.links] == addresses
    assert [section.title for section in found] == ["Home", "Modes"]


def test_no_page_asks_a_third_party_for_anything(root: Path) -> None:
    site.build(root, REPORTS, quiet)
    for page in (root / "site").rglob("*.html"):
        text = page.read_text("utf-8")
        # a link asks when a reader follows it: that of the licence
        asked = re.findall(r'<(?!a )[^>]*\b(?:src|href)="(?:https?:)?//[^"]*"', text)
        assert not asked, page


def test_each_page_links_to_itself_in_the_other_language(root: Path) -> None:
    site.build(root, REPORTS, quiet)
    for page in (root / "site").glob("??/**/index.html"):
        text = page.read_text("utf-8")
        found = re.search(r'data-other-language\s+href="([^"]*)"', text)
        assert found
        other = (page.parent / found[1]).resolve()
        assert (other / "index.html").exists()
        assert (
            other.relative_to(root / "site").parts[1:]
            == page.parent.relative_to(root / "site").parts[1:]
        )
        for language, href in re.findall(r'rel="alternate " hreflang="(..)" href="([^"]*)"', text):
            target = (page.parent / href / "index.html").resolve()
            assert target.exists()
            assert target.relative_to(root / "site").parts[0] == language


def test_every_block_leads_to_the_transcript_of_its_scene(root: Path) -> None:
    """Also that of a home page, whose address is no folder below its language's."""
    for language in LANGUAGES:
        with (root / f"docs/{language}/index.md").open("a", encoding="utf-8") as home:
            home.write('\n{{{ steps("bridge", "docker0") }}}\n')
    site.build(root, REPORTS, quiet)
    for page in ("en/index.html", "en/modes/bridge/index.html"):
        built = root / "site" / page
        found = re.findall(r'href="([^"]*transcripts/[^"]*)"', built.read_text("utf-8"))
        assert found
        assert all((built.parent / one).resolve().is_file() for one in found), found


def test_with_an_address_there_are_canonical_links_and_sitemaps(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://docs.example/net")
    site.build(root, REPORTS, quiet)
    page = (root / "site/zh/modes/bridge/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://docs.example/net/zh/modes/bridge/">' in page
    assert 'hreflang="en" href="https://docs.example/net/en/modes/bridge/"' in page
    assert "https://docs.example/net/en/sitemap.xml" in (root / "site/sitemap.xml").read_text()
    languages = (root / "site/en/sitemap.xml").read_text()
    assert 'hreflang="zh" href="https://docs.example/net/zh/modes/bridge/"' in languages
    assert 'href="/net/zh/"' in (root / "site/404.html").read_text("utf-8")


def test_mistakes_of_both_languages_are_told_at_once_and_the_old_site_stays(root: Path) -> None:
    is_old = old_site(root)
    front = "---\ntitle: X\ndescription: Y\n---\n"
    (root / "docs/zh/index.md").write_text(
        f"{front}# X {{#x}}\n\n{{{{{{ steps('bridge', 'nope') }}}}}}\n"
    )
    (root / "docs/en/index.md").write_text(
        f"{front}# X {{#x}}\n\n[x](nope.md)\n\n[y](nor.md#this) [z](#here)\n"
    )
    (root / "docs/en/left.md").write_text(f"{front}# Z {{#z}}\n")
    with pytest.raises(Mistakes) as failed:
        site.build(root, REPORTS, quiet)
    assert failed.value.status == Exit.WRONG
    lines = str(failed.value).splitlines()
    told = [(line.split(": ")[0], word) for line in lines for word in WORDS if word in line]
    assert told == [
        ("docs/en/index.md:7", "nope.md"),
        ("docs/en/index.md:9", "'#here'"),
        ("docs/en/index.md:9", "nor.md"),
        ("docs/zh/index.md:7", 'scene "bridge" has no step "nope"'),
        ("mkdocs.en.yml", "left.md"),
    ]
    assert is_old()
    assert hidden(root) == []


HOOKS = {
    "a warning that names no page": (
        "def on_pre_build(**_):\n    logging.getLogger('mkdocs.hook').warning('odd: %s', 'x')",
        "mkdocs.en.yml: odd: x",
    ),
    "a warning of the page that is made": (
        "def on_page_markdown(markdown, page, **_):\n"
        "    if page.file.src_uri == 'modes/bridge.md':\n"
        "        logging.getLogger('mkdocs.hook').warning(\"odd '{#again}'\")",
        "docs/en/modes/bridge.md:12: odd '{#again}'",
    ),
    "an error while a page is made": (
        "def on_page_markdown(markdown, page, **_):\n"
        "    if page.file.src_uri == 'modes/bridge.md':\n        raise LookupError('not so')",
        "docs/en/modes/bridge.md: LookupError: not so",
    ),
    "an end of all": (
        "def on_post_build(**_):\n    raise SystemExit(3)",
        "mkdocs.en.yml: SystemExit: 3",
    ),
}


@pytest.mark.parametrize(("code", "told"), HOOKS.values(), ids=HOOKS)
def test_whatever_mkdocs_warns_of_or_raises_is_a_mistake_at_its_page(
    root: Path, code: str, told: str
) -> None:
    is_old = old_site(root)
    hooked(root, code)
    with pytest.raises(Mistakes) as failed:
        site.build(root, REPORTS, quiet)
    assert str(failed.value) == told
    assert is_old()


def hooked(root: Path, code: str) -> None:
    """Have MkDocs run this, for English alone."""
    (root / "hook.py").write_text(f"import errno, logging, os\n\n\n{code}\n")
    with (root / "mkdocs.en.yml").open("a") as config:
        config.write("\nhooks:\n  - hook.py\n")


ENDS = {
    "killed": ("os.kill(os.getpid(), 9)", "the process that renders en has ended: it was killed"),
    "ended": ("os._exit(0)", "the process that renders en has ended"),
    "a full disk": ("raise OSError(errno.ENOSPC, 'No space left', 'x')", "No space left"),
}


@pytest.mark.parametrize(("code", "told"), ENDS.values(), ids=ENDS)
def test_a_process_that_does_not_come_to_its_end_is_no_mistake_of_a_page(
    root: Path, code: str, told: str
) -> None:
    is_old = old_site(root)
    hooked(root, f"def on_env(env, **_):\n    {code}")
    with pytest.raises(Problem, match=told) as failed:
        site.build(root, REPORTS, quiet)
    assert failed.value.status == Exit.BROKEN
    assert is_old()
    assert hidden(root) == []


def test_a_full_disk_is_a_clear_message_and_the_old_site_stays(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "site/index.html")

    is_old = old_site(root)
    monkeypatch.setattr(toplevel, "write", full)
    with pytest.raises(Problem, match="No space left on device; site/ is as it was"):
        site.build(root, REPORTS, quiet)
    assert is_old()
    assert hidden(root) == []


@pytest.mark.parametrize("where", ["render", "publish"])
def test_ctrl_c_leaves_the_old_site_and_nothing_else(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    is_old = old_site(root)
    monkeypatch.setattr(site, where, interrupted)
    with pytest.raises(KeyboardInterrupt):
        site.build(root, REPORTS, quiet)
    assert is_old()
    assert hidden(root) == []


def test_what_a_killed_build_left_is_cleared_and_its_site_given_back(root: Path) -> None:
    left = root / f"{places.PREFIX}dead"
    (left / "before").mkdir(parents=True)
    left.chmod(0o700)
    (left / "before/index.html").write_text("old")
    with site.workplace(root) as place, site.workplace(root) as other:
        assert (root / "site/index.html").read_text() == "old"
        assert sorted(hidden(root)) == sorted([place.name, other.name])
    assert hidden(root) == []


def test_the_landing_page_shows_only_a_step_that_passed() -> None:
    failed = replace(BRIDGE.steps[1], verdict=Verdict.FAILED)
    assert toplevel.best({"s": report("s", failed, step("one", "true", "x\n"))}) is None
    found = toplevel.best({"bridge": BRIDGE})
    assert found
    assert found[1].id == "brief"


def test_a_replay_is_counted_as_recorded() -> None:
    stood = toplevel.stood({"bridge": replace(BRIDGE, mode=Mode.REPLAY)})
    assert stood == {Standing.RECORDED: len(BRIDGE.steps)}
