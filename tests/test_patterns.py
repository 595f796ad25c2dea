"""Authors' patterns are looked for within their time and memory; what is not is a sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from macros import patterns, phrases
from macros.errors import Mistakes
from macros.languages import terminal
from macros.model import Ended, Held, Result
from macros.patterns import Unfit, find, value
from macros.scenes.scene import load
from macros.scenes.step import Step
from macros.verdicts.expect import judge_step

ENDLESS = "a" * 40 + "!"
"""What `(a+)+$` is looked for in for longer than the sun shines."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.3)
    monkeypatch.setattr(patterns, "endless", {})


def test_a_regex_is_found_with_its_group_where_it_has_one() -> None:
    assert find("b(.)", ["abc", "b", "xby"]) == [((1, 3), (2, 3)), None, ((1, 3), (2, 3))]
    assert find("^b$", ["a\nb\nc"]) == [((2, 3), (2, 3))]
    assert find("(x)?b", ["b"]) == [((0, 1), (-1, -1))]
    assert find("\\udcff", ["\udcff"]) == [((0, 1), (0, 1))]


def test_a_path_is_found_in_json() -> None:
    assert value("a[1].b", '{"a": [1, {"b": [true, null]}]}') == [True, None]
    assert value("a", "{}") is None


UNFIT = {
    "without end": (lambda: find("(a+)+$", [ENDLESS]), r"longer than 0\.3 s"),
    "no JSON": (lambda: value("a", "{"), "no JSON"),
    "JSON nested without end": (lambda: value("a", "[" * 100_000), "nested too deeply"),
    "of another type": (lambda: value("length(@)", "1"), r"length\(\)"),
    "a value that doubles": (
        lambda: value("|".join(["[@,@][]"] * 60), "1"), "longer than|memory"),
    "a value that doubles without being copied": (
        lambda: value("|".join(["[@,@]"] * 60), "1"), "longer than|memory"),
    "too deep to look for": (lambda: find("(" * 600 + ")" * 600, [""]), "nested too deeply"),
}  # fmt: skip


@pytest.mark.parametrize(("look", "why"), UNFIT.values(), ids=UNFIT)
def test_what_cannot_be_looked_for_says_why_and_the_next_is(look: object, why: str) -> None:
    assert callable(look)
    with pytest.raises(Unfit, match=why):
        look()
    assert find("b", ["abc"]) == [((1, 2), (1, 2))]


def test_what_took_too_long_is_not_asked_twice_and_the_next_gets_less() -> None:
    for _ in range(3):
        with pytest.raises(Unfit, match=r"longer than 0\.3 s"):
            find("(a+)+$", [ENDLESS])
    with pytest.raises(Unfit, match=r"longer than 0\.15 s"):
        find("(a|a)+$", [ENDLESS])


def test_threads_look_side_by_side() -> None:
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(find("x", ["." * n + "x"])))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == [str([((n, n + 1),) * 2]) for n in range(8)]


def test_a_worker_ends_with_who_asked_it_also_where_that_is_killed() -> None:
    ask = (
        "import os, signal; from macros import patterns as p; p.find('a', ['a']);"
        "print(p.idle[0].process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    stat = Path(f"/proc/{int(done.stdout)}/stat")
    for _ in range(500):
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        threading.Event().wait(0.01)
    pytest.fail("it lives on")


def said(held: Held) -> str:
    return phrases.came(held.came, terminal())


def judged(expect: object, output: str, **more: object) -> tuple[Held, ...]:
    step = Step.model_validate({"id": "s", "run": "true", "expect": expect, **more})
    return judge_step(step, Result("s", "true", output, 0, Ended.EXIT), {})


def test_an_expectation_that_takes_for_ever_fails_alone() -> None:
    expect = [{"matches": "(a+)+$"}, {"contains": "a!"}, {"json": "x", "equals": 1}]
    capture = {"x": {"regex": "(b|(a+)+)$"}, "y": {"regex": "(!)"}}
    held = judged(expect, ENDLESS, capture=capture)
    assert [one.holds for one in held] == [True, False, True, False, False]
    assert re.fullmatch(rf"it takes longer than 0\.\d+ s\n{ENDLESS}", said(held[1]))
    assert said(held[3]).startswith("no JSON, Expecting value")
    assert said(held[4]).startswith("it takes longer than")


WRONG = {
    "5000 groups": (("matches", "(" * 5000 + ")" * 5000), "nested too deeply"),
    "5000 groups, open": (("matches", "(" * 5000), "does not compile"),
    "a number too large": (("matches", "a{99999999999999999999}"), "a number in it is too large"),
    "slow on an id": (("matches", "([0-9a-f]+)+-"), "on a text of 64 characters, it takes longer"),
    "a path of brackets": (("json", "[" * 10_000), "nested too deeply|does not compile"),
    "a path of groups": (("json", "(" * 10_000), "nested too deeply|does not compile"),
}


@pytest.mark.parametrize(("written", "told"), WRONG.values(), ids=WRONG)
def test_a_pattern_that_is_no_good_is_a_mistake_with_its_line(
    tmp_path: Path, written: tuple[str, str], told: str
) -> None:
    kind, pattern = written
    more = ", equals: 1" if kind == "json" else ""
    path = tmp_path / "docs/scenes/a.yml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "steps:\n  - id: one\n    run: 'true'\n    expect:\n      - exit: 1\n"
        f"      - {{{kind}: {json.dumps(pattern)}{more}}}\n"
    )
    with pytest.raises(Mistakes, match=rf"docs/scenes/a\.yml:6: .*({told})"):
        load(path, tmp_path)
