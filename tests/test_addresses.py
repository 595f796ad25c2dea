"""Published addresses: all are in the file, none is lost, and aliases lead somewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from macros.commands import check
from macros.errors import Exit
from macros.pages import addresses, checks
from macros.pages.checks import Checked
from macros.scenes.scene import Scene
from macros.site import site

from .conftest import Project
from .pages_project import LANGUAGES, REPORTS, make

BRIDGE = "docs/{}/modes/bridge.md"


def scene(name: str, *ids: str, **more: Any) -> Scene:
    """A scene whose steps have these ids; `old=…` gives a step the ids that it had before."""
    capture = {"capture": {"gateway": {"regex": "(.)"}, "nasty": {"regex": "(.)"}}}
    aliases = more.pop("of_steps", {})
    steps = [
        {"id": id, "run": "true", "expect": [{"contains": "x"}], "aliases": aliases.get(id, ())}
        | (capture if id == ids[-1] and name == "bridge" else {})
        for id in ids
    ]
    return Scene.model_validate({"steps": steps, **more}, context=name)


STEPS = ("docker0", "run", "brief", "long")
SCENES = {"bridge": scene("bridge", *STEPS), "nasty": scene("nasty", "print")}


def checked(root: Path, scenes: dict[str, Scene] = SCENES) -> Checked:
    return checks.check_all(root, scenes)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A project whose addresses are written down."""
    root = make(tmp_path)
    now = checked(root)
    assert now.mistakes == []
    assert addresses.extend(root, now.addresses)
    return root


def edit(root: Path, name: str, change: Callable[[str], str]) -> None:
    for language in LANGUAGES:
        path = root / name.format(language)
        path.write_text(change(path.read_text("utf-8")), "utf-8")


def wrong(root: Path, scenes: dict[str, Scene] = SCENES) -> list[str]:
    return [str(one) for one in checked(root, scenes).mistakes]


def add_line(root: Path, said: list[str]) -> None:
    """Do what each mistake says: write its line into the front matter that it names."""
    for line in said:
        name = line.partition(":")[0]
        alias = line.partition("front matter: ")[2].partition("; what never")[0]
        path = root / name
        path.write_text(path.read_text("utf-8").replace("---\n", f"---\n{alias}\n", 1), "utf-8")


def of_site(site: Path) -> set[str]:
    """The addresses that a built site really has, below its languages and among short links."""
    found = {one.relative_to(site).as_posix() for one in site.rglob("badge.svg")}
    for top in ("s", "embed", "??"):
        pages = list(site.glob(f"{top}/**/index.html"))
        assert pages
        found |= {one.relative_to(site).as_posix().removesuffix("index.html") for one in pages}
        for page in pages if top == "??" else ():
            address = page.relative_to(site).as_posix().removesuffix("index.html")
            ids = LexborHTMLParser(page.read_text("utf-8")).css("article [id]")
            found |= {f"{address}#{one.attributes['id']}" for one in ids}
    found |= {
        one.relative_to(site).as_posix()
        for one in [*site.glob("schemas/*"), *site.glob("printed/*")]
    }
    found |= {one.relative_to(site).as_posix() for one in site.glob("??/feed.xml")}
    return found | {one.relative_to(site).as_posix() for one in site.glob("transcripts/*")}


def listed(every: set[str] | frozenset[str]) -> set[str]:
    """Of addresses, those that `of_site` reads."""
    return {one for one in every if "/" in one}


def test_what_is_computed_is_what_a_built_site_has(published: Path) -> None:
    edit(published, BRIDGE, lambda text: text.replace(
        "---\n", '---\naliases: [old.md, "#before": "#again", "#gone": "../index.md#home"]\n', 1
    ))  # fmt: skip
    now = checked(published)
    assert now.mistakes == []
    site.build(published, REPORTS, print)
    assert of_site(published / "site") == listed(now.addresses)
    assert {"zh/old/", "en/modes/bridge/#before", "s/nasty/print/"} <= now.addresses


def take_apart(root: Path) -> None:
    """Make the second half of a page, with all that it shows, a page of its own."""
    for language in LANGUAGES:
        path = root / BRIDGE.format(language)
        first, _, second = path.read_text("utf-8").partition("## ")
        path.write_text(first, "utf-8")
        front = "---\ntitle: Taken\ndescription: Apart.\n---\n\n# "
        path.with_name("taken.md").write_text(front + second, "utf-8")
        config = root / LANGUAGES[language].config
        nav = config.read_text("utf-8").replace("bridge.md]", "bridge.md, modes/taken.md]", 1)
        config.write_text(nav, "utf-8")


def test_a_page_that_is_taken_apart_keeps_its_ids_by_one_line(published: Path) -> None:
    take_apart(published)
    assert '"#bridge-long": "taken.md#bridge-long"' in wrong(published)[0]
    edit(published, BRIDGE, lambda text: text.replace(
        "---\n", '---\naliases: ["#*": "taken.md"]\n', 1
    ))  # fmt: skip
    now = checked(published)
    assert now.mistakes == []
    kept = {one for one in addresses.read(published) if "modes/bridge/#" in one}
    assert {"en/modes/bridge/#again", "zh/modes/bridge/#bridge-long"} <= kept <= now.addresses
    assert "en/modes/bridge/#taken" not in now.addresses
    site.build(published, REPORTS, print)
    assert of_site(published / "site") == listed(now.addresses)


def test_a_page_without_a_step_has_the_badge_of_what_was_a_part_of_it(published: Path) -> None:
    take_apart(published)
    edit(published, BRIDGE, lambda text: text.replace(
        "---\n", '---\naliases: ["#*": "taken.md"]\n', 1
    ).replace('{{{ steps("bridge", "docker0", "run") }}}', ""))  # fmt: skip
    site.build(published, REPORTS, print)
    badge = (published / "site/en/modes/bridge/badge.svg").read_text("utf-8")
    assert "verified" in badge


def test_new_addresses_are_written_by_who_may(project: Project) -> None:
    path = project.root / addresses.FILE
    path.write_text("en/\n")
    [said] = check.content(project.root).mistakes
    assert said.endswith("more are not in it: scripts/check --fix writes it")
    assert check.content(project.root, fix=True).mistakes == ()
    assert "en/#tiny-hello\n" in path.read_text()


def test_a_file_that_is_not_in_order_is_put_in_order(published: Path) -> None:
    path = published / addresses.FILE
    text = path.read_text()
    path.write_text("".join(sorted(text.splitlines(keepends=True), reverse=True)))
    assert addresses.unlisted(published, checked(published).addresses)
    assert addresses.extend(published, checked(published).addresses)
    assert path.read_text() == text


def test_a_heading_that_is_renamed_keeps_its_id(published: Path) -> None:
    edit(published, BRIDGE, lambda text: text.replace("{#again}", "{#once-more}"))
    said = wrong(published)
    assert said == [
        f"docs/{language}/modes/bridge.md:1: {language}/modes/bridge/#again was published, and "
        'would lead nowhere: write in the front matter: aliases: ["#again": "#once-more"]; what '
        "never was published: take it out of docs/addresses.txt"
        for language in sorted(LANGUAGES)
    ]
    add_line(published, said)
    assert wrong(published) == []


def test_a_page_that_is_renamed_keeps_its_address_and_its_ids(published: Path) -> None:
    for language in LANGUAGES:
        path = published / BRIDGE.format(language)
        path.rename(path.with_name("switch.md"))
        config = published / LANGUAGES[language].config
        config.write_text(config.read_text().replace("modes/bridge.md", "modes/switch.md"))
    said = wrong(published)
    assert [one.partition("; ")[0] for one in said] == [
        f"docs/{language}/modes/switch.md:1: {language}/modes/bridge/ was published, and would "
        "lead nowhere: write in the front matter: aliases: [modes/bridge.md]"
        for language in sorted(LANGUAGES)
    ]
    add_line(published, said)
    assert wrong(published) == []


def test_a_page_that_becomes_a_section_of_another_keeps_its_ids_too(published: Path) -> None:
    """Its ids are asked for on the page that its address leads to."""
    for language in LANGUAGES:
        path = published / BRIDGE.format(language)
        text = path.read_text("utf-8").partition("# ")[2].partition("\n")[2]
        path.unlink()
        other = path.with_name("index.md")
        other.write_text(
            other.read_text("utf-8") + text.replace("{#again}", "{#again-here}"), "utf-8"
        )
        config = published / LANGUAGES[language].config
        config.write_text(config.read_text().replace(", modes/bridge.md", ""))
    said = wrong(published)
    assert "aliases: [modes/bridge.md, " in said[0]
    assert '"#again": "#again-here"' in said[0]
    add_line(published, said)
    assert wrong(published) == []


def test_a_step_that_is_renamed_keeps_what_leads_to_it(published: Path) -> None:
    edit(published, BRIDGE, lambda text: text.replace('"brief"', '"short"'))
    ids = ("docker0", "run", "short", "long")
    said = wrong(published, {**SCENES, "bridge": scene("bridge", *ids)})
    assert [one.partition("; ")[0] for one in said] == [
        "docs/scenes/bridge.yml: s/bridge/brief/ was published, and would lead nowhere: write as "
        'a key of "short": aliases: [brief]'
    ]
    kept = scene("bridge", *ids, of_steps={"short": ["brief"]})
    assert wrong(published, {**SCENES, "bridge": kept}) == []


def test_a_scene_that_is_renamed_keeps_what_leads_to_its_steps(published: Path) -> None:
    edit(published, BRIDGE, lambda text: text.replace('("nasty"', '("odd"'))
    said = wrong(published, {"bridge": SCENES["bridge"], "odd": scene("odd", "print")})
    assert [one.partition("; ")[0] for one in said] == [
        "docs/scenes/odd.yml: s/nasty/ was published, and would lead nowhere: write at the top of "
        "the scene: aliases: [nasty]"
    ]
    kept = scene("odd", "print", aliases=["nasty"])
    assert wrong(published, {"bridge": SCENES["bridge"], "odd": kept}) == []


def test_a_step_that_is_shown_on_another_page_leads_there(published: Path) -> None:
    call = '{{{ steps("bridge", "long") }}}\n'
    edit(published, BRIDGE, lambda text: text.replace(call, ""))
    edit(published, "docs/{}/index.md", lambda text: text + call)
    said = wrong(published)
    assert len(said) == len(LANGUAGES)
    assert 'aliases: ["#bridge-long": "../index.md#bridge-long"]' in said[0]
    add_line(published, said)
    assert wrong(published) == []


@pytest.mark.parametrize(
    ("aliases", "message"),
    [
        ("[modes/index.md]", '3: aliases: "modes/index.md" is the address of docs/en/modes/'),
        ("[old.md, old.md]", '3: aliases: "old.md" is an alias in docs/en/modes/bridge.md:3'),
        ('["#again": "#bridge"]', '3: aliases: the page has "#again" itself'),
        ('["#a": "#agin"]', '"#agin" is no heading or step, but an alias or nothing, did you mean'),
        ('["#a": "#b", "#b": "#a"]', '"#b" is no heading or step, but an alias or nothing'),
        ('["#a": "nope.md#b"]', 'no page "nope.md" is there for "#a"; write another'),
        ('["#*": "nope.md"]', 'no page "nope.md" is there for "#*"; write another'),
        ('["#*": "index.md#modes"]', 'front matter: "aliases" holds what is no address'),
        ('["#*": "bridge.md"]', "leads to the page that it is on"),
        ("[../old.md]", 'front matter: "aliases" holds what is no address: write an old path'),
        ("old.md", 'front matter: "aliases" is a list: write an old path of the page'),
        ('["#a": "javascript:alert(1)"]', 'front matter: "aliases" holds what is no address'),
    ],
)
def test_an_alias_that_leads_nowhere_is_told(tmp_path: Path, aliases: str, message: str) -> None:
    root = make(tmp_path)
    edit(root, BRIDGE, lambda text: text.replace(
        "description", f"aliases: {aliases}\ndescription", 1))  # fmt: skip
    said = [one for one in wrong(root) if one.startswith("docs/en/")]
    assert any(message in one for one in said), said
    assert all(one.startswith("docs/en/modes/bridge.md:3:") for one in said)


def test_two_pages_cannot_have_been_at_one_address(tmp_path: Path) -> None:
    root = make(tmp_path)
    for name in (BRIDGE, "docs/{}/index.md"):
        edit(root, name, lambda text: text.replace("---\n", "---\naliases: [old.md]\n", 1))
    assert len([one for one in wrong(root) if "is an alias in docs/en/index.md:2 already" in one])


def test_an_old_name_of_a_scene_or_a_step_is_of_one(tmp_path: Path) -> None:
    root = make(tmp_path)
    scenes = {
        "bridge": scene("bridge", *STEPS, aliases=["nasty"], of_steps={"run": ["brief"]}),
        "nasty": SCENES["nasty"],
    }
    assert [one.partition(": ")[2] for one in wrong(root, scenes)] == [
        'the alias "brief" is the id of another step: take it away',
        'the alias "nasty" is the name of another scene: take it away',
    ]


def test_a_build_refuses_what_check_refuses(project: Project) -> None:
    """With the same words and the same status; and it writes new addresses itself."""
    assert project.run("build", "--replay")[0] == Exit.UNRECORDED
    assert "en/#home\n" in (project.root / addresses.FILE).read_text()
    for language in LANGUAGES:
        page = project.root / f"docs/{language}/index.md"
        page.write_text(page.read_text("utf-8").replace("{#home}", "{#start}"), "utf-8")
    [first, *_] = check.content(project.root).mistakes
    assert "en/#home was published, and would lead nowhere" in first
    status, said = project.run("build", "--replay")
    assert status == Exit.WRONG
    assert first in said


def test_the_file_of_the_site_is_that_of_its_pages() -> None:
    """Of the real pages; that a built site has these is seen in the browser tests."""
    root = Path(__file__).parents[1]
    from macros.commands import build

    _, given = build.read_checked(root)
    assert addresses.unlisted(root, given) == []
