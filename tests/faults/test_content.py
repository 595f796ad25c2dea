"""Scenes, pages, outputs and transcripts that are made to take for ever, or to break a build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from macros.verdicts import form, transcript

from ..conftest import PAGE, Project
from .conftest import Tape

pytestmark = pytest.mark.usefixtures("tape", "nothing_left")


def scene_with(expect: str, more: str = "") -> str:
    run = "echo hello from $(hostname)"
    return f"steps:\n  - id: hello\n    run: {run}\n    expect: [{expect}]\n{more}"


def replayed(project: Project, status: int, *told: str) -> None:
    """That a replay ends so, says this, and leaves the site and the recordings as they were."""
    before = project.snapshot()
    came, said = project.run("build", "--replay")
    assert (came, "Traceback" in said) == (status, False), said
    for each in told:
        assert each in said
    assert project.snapshot() == before


# --- patterns ---

SLOW = "a" * 40 + "!\n"
PATTERNS = {
    "(a+)+$": ("{matches: '(a+)+$'}", "", "longer than 2 s"),
    "of a capture": ("{contains: a}", "    capture: {x: '(a+)+$'}\n", "longer than 2 s"),
    "a path that doubles": (
        f"{{json: '{'|'.join(['[@,@][]'] * 60)}', equals: 1}}", "", "no JSON"),
    "quadratic on all that is printed": ("{matches: '[a!]+[b!]+c'}", "", "expected matches"),
}  # fmt: skip


@pytest.mark.parametrize(("expect", "more", "told"), PATTERNS.values(), ids=PATTERNS)
def test_a_pattern_that_takes_for_ever_fails_its_step(
    built: Project, tape: Tape, expect: str, more: str, told: str
) -> None:
    built.scene("tiny", scene_with(expect, more))
    tape(SLOW)
    replayed(built, 1, "docs/scenes/tiny.yml:2: step hello failed", told)


WRONG = {
    "groups without end": ("{matches: '" + "(" * 5000 + ")" * 5000 + "'}", "nested too deeply"),
    "a number too large": ("{matches: 'a{99999999999999999999}'}", "too large"),
    "a path of brackets": ("{json: '" + "[" * 10_000 + "', equals: 1}", "jmespath"),
    "a path of groups": ("{json: '" + "(" * 10_000 + "', equals: 1}", "jmespath"),
    "slow on an id": ("{matches: '([0-9a-f]+)+-'}", "longer than 2 s"),
}


@pytest.mark.parametrize(("expect", "told"), WRONG.values(), ids=WRONG)
def test_a_pattern_that_is_no_good_is_a_mistake(built: Project, expect: str, told: str) -> None:
    built.scene("tiny", scene_with(expect))
    replayed(built, 2, "docs/scenes/tiny.yml:4: ", told)


# --- outputs ---

OUTPUTS = {
    "digits": "1" * (256 << 10),
    "blanks": " " * (256 << 10),
    "dots between": "1.1.1." * (40 << 10),
    "brackets": "[" * (256 << 10),
    "closing brackets": "] " * (128 << 10),
    "equal lines": "x\n" * (100 << 10),
    "empty lines": "\n" * (256 << 10),
    "words of packets": "IP (" * (60 << 10),
    "counters": "1 " * (128 << 10),
    "escapes": "\x1b[31m" * (50 << 10),
    "no UTF-8": "\udcff" * (256 << 10),
}


@pytest.mark.long
@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS)
def test_all_that_a_step_may_print_is_built_in_its_time(
    built: Project, tape: Tape, output: str
) -> None:
    built.scene("tiny", scene_with("{contains: never printed}"))
    tape(output)
    replayed(built, 1, "docs/scenes/tiny.yml:4: expected contains")  # 300 s end it


# --- pages ---

PAGES = {
    "brackets": "[" * 200_000,
    "footnotes": "[^a]" * 40_000 + "\n\n[^a]: x\n",
    "braces in a heading": "# " + "{ " * 200_000,
    "ticks": " ".join("`" * count for count in range(1, 1200)),
}


@pytest.mark.long
@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_a_page_that_takes_for_ever_is_named(built: Project, text: str) -> None:
    page = built.root / "docs/en/index.md"
    page.write_text(f"{PAGE}\n{text}\n")
    replayed(built, 2, "docs/en/index.md", "takes longer than 10 s")


def test_a_page_that_only_its_building_finds_slow_is_named_too(built: Project) -> None:
    """As a macro may make it: the check before sees the call, not what comes of it."""
    hook = "def on_page_markdown(markdown, **more):\n    while True:\n        pass\n"
    (built.root / "slow.py").write_text(hook)
    config = built.root / "mkdocs.yml"
    config.write_text(config.read_text().replace("hooks:\n", "hooks:\n  - slow.py\n"))
    replayed(built, 2, "docs/en/index.md:1: ", "takes longer than 10 s")


@pytest.mark.long
def test_the_longest_survey_that_a_transcript_may_hold_is_drawn(built: Project, tape: Tape) -> None:
    recorded = Path(__file__).parents[2] / "docs/transcripts/bridge.json"
    drawn = next(one.topology for one in transcript.read(recorded).results if one.topology)
    row = next(line for line in drawn if "docker0" in line)
    wide = (*drawn, *[row] * (form.DRAWN - len(drawn)))
    built.scene("tiny", scene_with("{contains: hello}", "    topology: true\n"))
    built.page(PAGE + '\n{{{ diagram("tiny", "hello") }}}\n')
    tape("hello from h1\n")
    path = built.root / "docs/transcripts/tiny.json"
    known = transcript.read(path)
    transcript.write(path, replace(known, results=(replace(known.results[0], topology=wide),)))
    status, said = built.run("build", "--replay")
    assert (status, "Traceback" in said) == (0, False), said


# --- transcripts ---

Harm = Callable[[bytes], bytes]
TRANSCRIPTS: dict[str, Harm] = {
    "cut": lambda text: text[:99],
    "empty": lambda text: b"",
    "binary": lambda text: bytes(range(256)) * 9,
    "another seal": lambda text: text.replace(b'"exit": 0', b'"exit": 1'),
    "brackets": lambda text: b"[" * 100_000,
    "a number without end": lambda text: text.replace(b'"exit": 0', b'"exit": 1e999'),
    "an integer without end": lambda text: text.replace(b'"exit": 0', b'"exit": ' + b"9" * 5000),
    "null": lambda text: b"null",
    "another shape": lambda text: b'{"scene": ["tiny"]}',
    "another's name": lambda text: text.replace(b'"scene": "tiny"', b'"scene": "tony"'),
    "an output by hand": lambda text: text.replace(b"from h1", b"from h2"),
    "twice the same key": lambda text: text.replace(b'"exit": 0', b'"exit": 0, "exit": 0'),
    "a survey of 20,000 lines": lambda text: text.replace(
        b'"exit": 0', b'"topology": [' + b'"host h1",' * 20_000 + b'"h"], "exit": 0'),
    "50 MB": lambda text: text.replace(b"hello from", b"h" * 50_000_000),
}  # fmt: skip


@pytest.mark.parametrize("harm", TRANSCRIPTS.values(), ids=TRANSCRIPTS)
def test_a_transcript_that_is_none_is_told_with_its_cure(built: Project, harm: Harm) -> None:
    path = built.root / "docs/transcripts/tiny.json"
    path.write_bytes(harm(path.read_bytes()))
    replayed(built, 4, "docs/transcripts/tiny.json: ", "scripts/build --record tiny")
